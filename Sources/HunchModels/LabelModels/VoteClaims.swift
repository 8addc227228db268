/// How right votes are by what is known of them before any functions are compared: the answers of a
/// crowd by how far they agree with each other, the scores of a model by what they claim.
package struct VoteClaims: Sendable, Equatable {
  /// The probability that a vote is right, functions × classes; nil where nothing is known.
  package var accuracies: [Double?]

  /// The votes that each claim counts as, beside 100 for what pairs of functions tell; functions ×
  /// classes.
  package var weights: [Double]

  /// Claims nothing.
  package init(functionCount: Int, classCount: Int) {
    accuracies = [Double?](repeating: nil, count: functionCount * classCount)
    weights = [Double](repeating: 0, count: functionCount * classCount)
  }

  /// Whether nothing is known of any vote.
  package var isEmpty: Bool { accuracies.allSatisfy { $0 == nil } }

  private static let learnedVotes = 100.0

  /// Puts claims into accuracies.
  ///
  /// - Parameter isLearned: Whether those were learned; where they are assumed, claims replace them.
  func inform(_ accuracies: inout [Double], isLearned: Bool) {
    let learned = isLearned ? Self.learnedVotes : 0
    for (place, claim) in self.accuracies.enumerated() {
      guard let claim, learned + weights[place] > 0 else { continue }
      accuracies[place] =
        (learned * accuracies[place] + weights[place] * claim) / (learned + weights[place])
    }
  }
}
