/// Labeling functions dealt into folds, so that what a classifier says can be held against functions
/// that it has not learned from.
package struct FunctionFolds: Sendable {
  /// The number of folds; with three or five the weight of texts is the same within .15 on all sets.
  static let count = 2

  /// For each function the bit of its fold; 0 for one that takes no part.
  private let bits: [UInt8]

  /// Deals the functions that vote most for a class to different folds, by how often they vote;
  /// those that vote equally often go to one fold, so that their order makes no difference.
  ///
  /// - Parameter isLeft: For each function whether it takes no part; empty where all do.
  /// - Throws: What reading spilled patterns throws.
  /// - Complexity: O(patterns × fired votes).
  package init(_ votes: CountedVotes, without isLeft: [Bool] = []) throws {
    let classes = votes.classCount
    let documents = try VoteFirings(votes).documents.map { max(0, $0) }
    let functions = (0..<votes.functionCount).map { function in
      let own = documents[function * classes..<(function + 1) * classes]
      let most = own.max() ?? 0
      return (votes: own.reduce(0, +), label: (own.firstIndex(of: most) ?? 0) - own.startIndex)
    }
    func takesPart(_ index: Int) -> Bool {
      functions[index].votes > 0 && (isLeft.isEmpty || !isLeft[index])
    }
    bits = functions.indices.map { index in
      let function = functions[index]
      if !takesPart(index) { return 0 }
      let others = functions.indices.filter {
        takesPart($0) && functions[$0].label == function.label
          && functions[$0].votes > function.votes
      }
      let rank = Set(others.map { functions[$0].votes }).count
      return 1 << UInt8((rank + function.label) % Self.count)
    }
  }

  /// For each pattern the bits of the folds whose functions vote in it; 0 where only functions that
  /// take no part do.
  package func marks(of patterns: VotePatterns) -> [UInt8] {
    (0..<patterns.count).map { pattern in
      patterns.entries(of: pattern).reduce(0) { $0 | bits[Int(patterns.functions[$1])] }
    }
  }
}
