package import HunchModels

/// A crowd of which everything is known.
package struct SyntheticCrowd: Sendable {
  /// How a worker answers.
  package enum Worker: Sendable {
    /// Right with this probability, else any other class.
    case knowing(Double)
    /// Always the same class.
    case always(Int)
    /// Any class.
    case guessing
    /// Takes class 1 for class 0 in seven cases of ten, and is nearly always right elsewhere.
    case confusing
  }

  package var name: String
  /// The share of each class.
  package var balance: [Double]
  package var workers: [Worker]
  package var documents: Int
  package var answersPerDocument: Int

  package init(
    _ name: String, balance: [Double], workers: [Worker], documents: Int = 500,
    answersPerDocument: Int = 5
  ) {
    self.name = name
    self.balance = balance
    self.workers = workers
    self.documents = documents
    self.answersPerDocument = answersPerDocument
  }

  /// Workers whose accuracies lie evenly in a range.
  package static func knowing(_ count: Int, _ range: ClosedRange<Double>) -> [Worker] {
    (0..<count).map {
      .knowing(
        range.lowerBound
          + (range.upperBound - range.lowerBound) * Double($0) / Double(max(1, count - 1)))
    }
  }

  /// The answers of a draw and the true classes, the same for the same seed.
  package func draw(seed: UInt64) -> (answers: CrowdAnswers, gold: [Int]) {
    var random = SplitMix64(seed: seed)
    var gold: [Int] = []
    var answers: [CrowdAnswers.Answer] = []
    for document in 0..<documents {
      var (label, rest) = (0, random.uniform())
      while label < balance.count - 1, rest >= balance[label] {
        rest -= balance[label]
        label += 1
      }
      gold.append(label)
      var asked: Set<Int> = []
      while asked.count < min(answersPerDocument, workers.count) {
        let worker = random.below(workers.count)
        if !asked.insert(worker).inserted { continue }
        answers.append(
          CrowdAnswers.Answer(
            document: Int32(document), worker: Int32(worker),
            label: Int16(answer(workers[worker], label, &random))))
      }
    }
    return (
      CrowdAnswers(
        answers, documentCount: documents, workerCount: workers.count,
        classCount: balance.count), gold
    )
  }

  private func answer(_ worker: Worker, _ label: Int, _ random: inout SplitMix64) -> Int {
    func other() -> Int {
      let other = random.below(balance.count - 1)
      return other < label ? other : other + 1
    }
    switch worker {
    case .knowing(let accuracy): return random.uniform() < accuracy ? label : other()
    case .always(let same): return same
    case .guessing: return random.below(balance.count)
    case .confusing:
      if label == 1, random.uniform() < 0.7 { return 0 }
      return random.uniform() < 0.9 ? label : other()
    }
  }

  /// The share of documents whose most probable class is the true one; ties count their part.
  package static func accuracy(_ posteriors: [Double], _ gold: [Int]) -> Double {
    let classes = posteriors.count / gold.count
    var right = 0.0
    for (document, label) in gold.enumerated() {
      let row = posteriors[document * classes..<(document + 1) * classes]
      let top = row.max() ?? 0
      if posteriors[document * classes + label] == top {
        right += 1 / Double(row.count { $0 == top })
      }
    }
    return right / Double(gold.count)
  }

  /// The vote shares of each document.
  package static func majority(_ answers: CrowdAnswers) -> [Double] {
    answers.tallies().map(Double.init)
  }
}
