/// What learns from votes how to label them.
///
/// Hyper-parameters belong to the algorithm; what it learns is a different, immutable type, so there
/// is no unfitted state to misuse. Fitting uses no randomness and no clock: the same votes give
/// the same result.
///
/// It goes through the votes block by block as often as it needs and keeps sums: over patterns (EM),
/// or over pairs and triplets of functions (moments). The posteriors of all patterns are nowhere
/// kept; what was learned can compute any of them.
package protocol LabelModelAlgorithm: Sendable {
  /// The name under which it is chosen and reported.
  var name: String { get }

  /// Whether it takes ``Evidence/groups`` into account; all but majority vote and triplets do.
  var takesGroups: Bool { get }

  /// Whether ``Evidence/known`` says more of a vote than the algorithm does.
  var weighsVotes: Bool { get }

  /// Whether it finds the class balance by itself where none is given.
  var learnsClassBalance: Bool { get }

  /// Learns from votes how to label patterns.
  ///
  /// - Parameters:
  ///   - votes: The distinct vote patterns with their numbers of documents. Patterns with 0
  ///     documents do not take part in learning, but what was learned knows their votes.
  ///   - evidence: Of which it looks at the class balance, gold, claims and groups as far as it has a
  ///     place for them.
  /// - Throws: ``FitError`` when the arguments do not fit together or a hyper-parameter is outside
  ///   its range; besides what going through the votes throws.
  func fit(_ votes: CountedVotes, given evidence: Evidence) throws -> FittedLabelModel
}

extension LabelModelAlgorithm {
  package var takesGroups: Bool { true }
  package var weighsVotes: Bool { true }
  package var learnsClassBalance: Bool { false }
}

/// What a label model learned, as far as it takes to label votes.
package protocol PosteriorRule: Sendable {
  /// All numbers that posteriors depend on beside the class balance, in a fixed order: the same
  /// numbers give the same posteriors.
  var parameters: [Double] { get }

  /// Writes the probabilities of the classes for a pattern with at least one vote.
  ///
  /// - Parameter row: One place for each class.
  /// - Returns: The logarithm of the pattern's (composite) probability; 0 for a model without one.
  func posterior(of pattern: Int, in patterns: VotePatterns, into row: inout [Double]) -> Double

  /// What a function's vote adds to the log weight of each class; nil for a vote that did not occur
  /// where the rule was learned.
  func logEvidence(function: Int, vote: Int) -> [Double]?
}
