/// A way to turn votes into probabilistic labels.
///
/// Hyper-parameters belong to the model; what it learns is a different, immutable type, so there
/// is no unfitted state to misuse. Fitting uses no randomness and no clock: the same votes give
/// the same result.
public protocol LabelModel: Sendable {
  /// The name under which the model is chosen and reported.
  var name: String { get }

  /// Learns from the votes how to label each pattern.
  ///
  /// - Parameters:
  ///   - patterns: The distinct vote patterns.
  ///   - counts: The number of documents of each pattern. Patterns with 0 documents do not take
  ///     part in learning but get posteriors.
  ///   - classBalance: The share of each class among the documents with votes, positive and summing
  ///     to 1; nil means equal shares.
  /// - Throws: ``FitError`` when the arguments do not fit together or a hyper-parameter is outside
  ///   its range.
  func fit(
    _ patterns: VotePatterns, counts: [Int], classBalance: [Double]?
  ) throws(FitError) -> FittedLabelModel
}
