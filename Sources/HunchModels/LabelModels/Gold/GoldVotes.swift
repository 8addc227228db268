/// How often votes were right where gold labels are known, for the priors of label models.
///
/// Take labels that do not measure the result: what enters the model cannot also judge it.
package struct GoldVotes: Sendable, Equatable {
  /// The documents with gold on which each function votes for each class, flat, functions ×
  /// classes.
  package private(set) var votes: [Int]

  /// Those of them whose gold class is the one voted for.
  package private(set) var correct: [Int]

  /// The documents with gold and at least one vote.
  package private(set) var documents = 0

  let functionCount: Int
  private let classCount: Int

  /// Counts the gold labels of some votes.
  ///
  /// - Throws: What going through the votes throws.
  package init(_ counted: CountedVotes) throws {
    var gold = GoldVotes(functionCount: counted.functionCount, classCount: counted.classCount)
    try counted.forEachBlock { block in
      for cell in block.gold {
        gold.add(
          block.patterns, Int(cell.pattern), label: Int(cell.label), documents: cell.documents)
      }
    }
    self = gold
  }

  /// Counts of no gold labels.
  init(functionCount: Int, classCount: Int) {
    (self.functionCount, self.classCount) = (functionCount, classCount)
    votes = [Int](repeating: 0, count: functionCount * classCount)
    correct = votes
  }

  /// Counts documents of a pattern; those without votes say nothing.
  mutating func add(_ patterns: VotePatterns, _ pattern: Int, label: Int, documents: Int) {
    guard patterns.isCovered(pattern) else { return }
    self.documents += documents
    for entry in patterns.entries(of: pattern) {
      let vote = Int(patterns.votes[entry])
      let place = Int(patterns.functions[entry]) * patterns.classCount + vote
      votes[place] += documents
      if vote == label { correct[place] += documents }
    }
  }

  /// The votes that a prior counts as. With less, a function that happens to be wrong on a handful
  /// of documents is turned around: see `docs/label-models.md`.
  private static let priorVotes = 100.0

  /// The mean of a Beta distribution after these votes.
  ///
  /// - Parameters:
  ///   - place: function × classes + class.
  ///   - prior: The accuracy expected before.
  func accuracy(_ place: Int, prior: Double) -> Double {
    accuracy(places: place..<place + 1, prior: prior)
  }

  /// The same for all votes of each function, whatever the class.
  ///
  /// - Parameters:
  ///   - priors: The accuracy expected before, by function; nil for one for all.
  ///   - prior: That one.
  func accuracies(prior priors: [Double]?, or prior: Double) -> [Double] {
    (0..<functionCount).map {
      accuracy(places: $0 * classCount..<($0 + 1) * classCount, prior: priors?[$0] ?? prior)
    }
  }

  /// The place of each function in an order by its votes and right votes; the same for functions
  /// that are equal in these.
  func functionRanks() -> [Int64] {
    let rows = (0..<functionCount).map { function in
      let places = function * classCount..<(function + 1) * classCount
      return Array(votes[places] + correct[places])
    }
    let order = rows.indices.sorted { rows[$0].lexicographicallyPrecedes(rows[$1]) }
    var ranks = [Int64](repeating: 0, count: functionCount)
    for (place, function) in order.enumerated() where place > 0 {
      let before = order[place - 1]
      ranks[function] = rows[before] == rows[function] ? ranks[before] : Int64(place)
    }
    return ranks
  }

  private func accuracy(places: Range<Int>, prior: Double) -> Double {
    let (votes, correct) = (votes[places].reduce(0, +), correct[places].reduce(0, +))
    return (Self.priorVotes * prior + Double(correct)) / (Self.priorVotes + Double(votes))
  }
}
