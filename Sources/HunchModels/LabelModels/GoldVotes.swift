/// How often votes were right where gold labels are known, for the priors of label models.
///
/// Take labels that do not measure the result: what enters the model cannot also judge it.
public struct GoldVotes: Sendable, Equatable {
  /// The documents with gold on which each function votes for each class, flat, functions ×
  /// classes.
  public private(set) var votes: [Int]

  /// Those of them whose gold class is the one voted for.
  public private(set) var correct: [Int]

  /// The documents with gold and at least one vote.
  public private(set) var documents = 0

  /// Counts the gold labels of some votes.
  ///
  /// - Throws: What going through the votes throws.
  public init(_ counted: CountedVotes) throws {
    let classCount = counted.classCount
    var votes = [Int](repeating: 0, count: counted.functionCount * classCount)
    var correct = votes
    var documents = 0
    try counted.forEachBlock { block in
      for cell in block.gold where block.patterns.isCovered(Int(cell.pattern)) {
        documents += cell.documents
        for entry in block.patterns.entries(of: Int(cell.pattern)) {
          let vote = block.patterns.votes[entry]
          let place = Int(block.patterns.functions[entry]) * classCount + Int(vote)
          votes[place] += cell.documents
          if vote == Int32(cell.label) { correct[place] += cell.documents }
        }
      }
    }
    (self.votes, self.correct, self.documents) = (votes, correct, documents)
  }

  /// The mean of a Beta distribution after these votes: the prior counts as forty. With less, a
  /// function that happens to be wrong on a handful of documents is turned around.
  ///
  /// - Parameters:
  ///   - place: function × classes + class.
  ///   - prior: The accuracy expected before.
  func accuracy(_ place: Int, prior: Double) -> Double {
    (40 * prior + Double(correct[place])) / Double(40 + votes[place])
  }
}
