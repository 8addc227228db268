/// A way to turn votes into probabilistic labels.
///
/// Hyper-parameters belong to the model; what it learns is a different, immutable type, so there
/// is no unfitted state to misuse. Fitting uses no randomness and no clock: the same votes give
/// the same result.
///
/// A model goes through the votes block by block as often as it needs and keeps sums: over
/// patterns (EM), over pairs and triplets of functions (moments), or over factors. The posteriors
/// of all patterns are nowhere kept; what was learned can compute any of them.
public protocol LabelModel: Sendable {
  /// The name under which the model is chosen and reported.
  var name: String { get }

  /// Learns from votes how to label patterns.
  ///
  /// - Parameters:
  ///   - votes: The distinct vote patterns with their numbers of documents. Patterns with 0
  ///     documents do not take part in learning, but what was learned knows their votes.
  ///   - classBalance: The share of each class among the documents with votes, positive and summing
  ///     to 1; nil means equal shares.
  /// - Throws: ``FitError`` when the arguments do not fit together or a hyper-parameter is outside
  ///   its range; besides what going through the votes throws.
  func fit(_ votes: CountedVotes, classBalance: [Double]?) throws -> FittedLabelModel
}

extension LabelModel {
  /// The model with what gold labels say of single functions in its prior; the model itself if it
  /// has no such prior.
  public func informed(by gold: GoldVotes) -> any LabelModel {
    (self as? any GoldInformed)?.with(gold) ?? self
  }

  /// The model with functions that their user says look for the same thing; nil if it cannot take
  /// that into account.
  ///
  /// - Parameters:
  ///   - groups: The functions of each group by index, no function twice.
  ///   - functionCount: The number of labeling functions.
  /// - Precondition: Indices are below `functionCount`.
  public func grouping(_ groups: [[Int]], functionCount: Int) -> (any LabelModel)? {
    precondition(groups.joined().allSatisfy { (0..<functionCount).contains($0) })
    return (self as? any GroupInformed)?.with(groups: groups, functionCount: functionCount)
  }

  /// Learns from patterns that are in memory.
  ///
  /// - Parameter counts: The number of documents of each pattern.
  /// - Throws: ``FitError``.
  public func fit(
    _ patterns: VotePatterns, counts: [Int], classBalance: [Double]? = nil
  ) throws -> FittedLabelModel {
    try checkCounts(counts, of: patterns)
    return try fit(CountedVotes(patterns, counts: counts), classBalance: classBalance)
  }
}

/// A label model with a prior accuracy for each function and class, into which gold labels can go.
protocol GoldInformed {
  func with(_ gold: GoldVotes) -> any LabelModel
}

/// What a label model learned, as far as it takes to label votes.
public protocol PosteriorRule: Sendable {
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
