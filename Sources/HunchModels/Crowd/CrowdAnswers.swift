/// Who answered what about which document: the answers of a crowd, document by document.
///
/// Memory and work grow with the answers, never with workers × documents.
package struct CrowdAnswers: Sendable, Equatable {
  /// One answer as it was read.
  package struct Answer: Sendable, Equatable {
    /// The document, in `0..<documentCount`.
    package var document: Int32
    /// The worker, in `0..<workerCount`.
    package var worker: Int32
    /// The class, in `0..<classCount`.
    package var label: Int16

    package init(document: Int32, worker: Int32, label: Int16) {
      self.document = document
      self.worker = worker
      self.label = label
    }
  }

  package let documentCount: Int
  package let workerCount: Int
  package let classCount: Int
  /// Where each document's answers begin, and at last their number: `documentCount + 1` indices.
  package private(set) var starts = [0]
  /// The worker of each answer, ascending within a document.
  package private(set) var workers: [Int32] = []
  /// The class of each answer.
  package private(set) var labels: [Int16] = []
  /// The answers that a worker replaced by a later one about the same document, or repeated.
  package private(set) var repeated = 0

  /// Sorts answers by document and worker. Of several answers of a worker about a document the last
  /// counts, once.
  ///
  /// - Precondition: Every index lies below its number.
  /// - Complexity: O(answers × log(answers of a document)).
  package init(_ answers: [Answer], documentCount: Int, workerCount: Int, classCount: Int) {
    self.documentCount = documentCount
    self.workerCount = workerCount
    self.classCount = classCount
    var ends = [Int](repeating: 0, count: documentCount + 1)
    for answer in answers {
      precondition(answer.worker >= 0 && answer.worker < workerCount)
      precondition(answer.label >= 0 && answer.label < classCount)
      ends[Int(answer.document) + 1] += 1
    }
    for document in 0..<documentCount { ends[document + 1] += ends[document] }
    var order = [Int](repeating: 0, count: answers.count)
    var next = ends
    for (index, answer) in answers.enumerated() {
      order[next[Int(answer.document)]] = index
      next[Int(answer.document)] += 1
    }
    starts.reserveCapacity(documentCount + 1)
    workers.reserveCapacity(answers.count)
    labels.reserveCapacity(answers.count)
    for document in 0..<documentCount {
      let places = order[ends[document]..<ends[document + 1]].sorted {
        (answers[$0].worker, $0) < (answers[$1].worker, $1)
      }
      for index in places {
        let answer = answers[index]
        if workers.count > starts[document], workers[workers.count - 1] == answer.worker {
          labels[labels.count - 1] = answer.label
        } else {
          workers.append(answer.worker)
          labels.append(answer.label)
        }
      }
      starts.append(workers.count)
    }
    repeated = answers.count - workers.count
  }

  /// The number of answers that count.
  package var count: Int { labels.count }

  /// The indices of a document's answers in ``workers`` and ``labels``.
  package func answers(of document: Int) -> Range<Int> { starts[document]..<starts[document + 1] }

  /// The place of an answer's row in tables of workers × answers × classes.
  func table(_ answer: Int) -> Int {
    (Int(workers[answer]) * classCount + Int(labels[answer])) * classCount
  }

  /// The documents × classes numbers of answers.
  package func tallies() -> [Int32] {
    var tallies = [Int32](repeating: 0, count: documentCount * classCount)
    for document in 0..<documentCount {
      for answer in answers(of: document) {
        tallies[document * classCount + Int(labels[answer])] += 1
      }
    }
    return tallies
  }
}
