/// How often a labeling function that does not exist yet would be right, as far as one can tell.
///
/// Three things are added up as if all were labels, the less certain ones counting less:
///
/// - labels of documents that it would vote on, each as 1;
/// - what models say of the others: n documents, of which the share s has the class by the mean of
///   the models' probabilities, count as m = M n / (n + M) labels, so never as more than M, since the
///   models err in the same way on documents with the same word;
/// - the share of the class among all documents, as A labels.
///
/// With them the share is Beta distributed. Its mean is the estimate, and Wilson's interval of as
/// many labels is its interval.
package struct PrecisionEstimate: Sendable, Equatable {
  /// What counts how much.
  package struct Weights: Sendable, Equatable {
    /// A.
    package var prior = 0.5
    /// M.
    package var soft = 6.0
    package init() {}
  }

  /// Documents with a label that may be learned from, and those of them with the class.
  package var goldDocuments: Int
  package var goldRight: Int
  /// The other documents.
  package var softDocuments: Int
  /// The mean probability of the class on them; 0 without any.
  package var softShare: Double
  /// The labels that all of it counts as.
  package var trials: Double
  /// How many of them have the class.
  package var successes: Double

  package var mean: Double { successes / trials }

  /// The standard deviation of the Beta distribution with these counts.
  package var deviation: Double { (mean * (1 - mean) / (trials + 1)).squareRoot() }

  /// The 95 % interval.
  package var interval: Interval {
    Wilson.interval(successes: successes, trials: trials) ?? Interval(lower: 0, upper: 1)
  }

  /// - Parameters:
  ///   - softSum: The sum of the probabilities of the class on the documents without a label.
  ///   - share: The share of the class among all documents.
  package init(
    goldDocuments: Int, goldRight: Int, softDocuments: Int, softSum: Double, share: Double,
    weights: Weights
  ) {
    self.goldDocuments = goldDocuments
    self.goldRight = goldRight
    self.softDocuments = softDocuments
    softShare = softDocuments > 0 ? softSum / Double(softDocuments) : 0
    let count = Double(softDocuments)
    let soft = count > 0 ? weights.soft * count / (count + weights.soft) : 0
    trials = weights.prior + soft + Double(goldDocuments)
    successes = weights.prior * share + soft * softShare + Double(goldRight)
  }
}
