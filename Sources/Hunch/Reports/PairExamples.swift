import HunchModels

/// A document without votes.
struct UncoveredDocument: Sendable {
  var id: DocumentID
  var split: Split
  /// The beginning of the text as it stands; `nil` where texts are not shown.
  var source: String?
}

/// The first documents on which two functions agree, and on which they differ, for each pair of
/// some functions.
struct PairExamples: Sendable {
  /// The most documents of each sort for a pair.
  private static let limit = 3

  struct Pair: Sendable {
    var agreeing: [DocumentID] = []
    var differing: [DocumentID] = []
  }

  private let functions: [Int]
  private var pairs: [Pair]

  init(_ functions: [Int], functionCount: Int) {
    self.functions = functions
    pairs = [Pair](repeating: Pair(), count: functions.count * functions.count)
  }

  /// Looks at a chunk; test documents are passed over.
  ///
  /// - Complexity: O(votes × functions).
  mutating func add(_ chunk: CorpusChunk, _ block: VoteBlock) {
    let columns = functions.map { block.columns[$0] }
    for (first, column) in columns.enumerated() {
      let documents = column.indices.filter { column[$0] >= 0 && chunk.splits[$0] != .test }
      for (second, other) in columns.enumerated().dropFirst(first + 1) where !other.isEmpty {
        let place = first * functions.count + second
        if isFull(pairs[place]) { continue }
        for document in documents where other[document] >= 0 {
          take(chunk.ids[document], agree: column[document] == other[document], place)
          if isFull(pairs[place]) { break }
        }
      }
    }
  }

  private func isFull(_ pair: Pair) -> Bool {
    pair.agreeing.count == Self.limit && pair.differing.count == Self.limit
  }

  private mutating func take(_ id: DocumentID, agree: Bool, _ place: Int) {
    if agree {
      if pairs[place].agreeing.count < Self.limit { pairs[place].agreeing.append(id) }
    } else if pairs[place].differing.count < Self.limit {
      pairs[place].differing.append(id)
    }
  }

  /// The examples of two functions, the first of which stands before the second.
  func pair(_ first: Int, _ second: Int) -> Pair {
    guard let one = functions.firstIndex(of: first), let other = functions.firstIndex(of: second)
    else { return Pair() }
    return pairs[one * functions.count + other]
  }
}
