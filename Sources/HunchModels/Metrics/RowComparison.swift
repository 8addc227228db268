/// How far the probabilities of a document are from its gold label or from other probabilities.
package enum RowComparison {
  /// −log p, natural logarithm, of the probability of the gold class; probabilities below 1e-6
  /// count as 1e-6, so the mean over documents is ``ClassificationMetrics/logLoss``.
  package static func loss(_ probability: Double) -> Double {
    -naturalLog(max(probability, MetricsAccumulator.leastProbability))
  }

  /// The Jensen-Shannon divergence of two rows of probabilities, natural logarithm: the mean of
  /// the Kullback-Leibler divergences of both from their mean (Lin 1991). It is 0 for equal rows
  /// and ln 2 for rows without a common class, and does not depend on which comes first.
  ///
  /// - Precondition: The rows have a probability for each class.
  /// - Complexity: O(classes).
  package static func divergence(
    _ first: some Collection<Double>, _ second: some Collection<Double>
  ) -> Double {
    precondition(first.count == second.count, "there is a probability for each class")
    var sum = 0.0
    for (one, other) in zip(first, second) {
      let mean = (one + other) / 2
      // A class that a row excludes adds nothing to that row's side: p log p tends to 0.
      let left = one > 0 ? one * naturalLog(one / mean) : 0
      let right = other > 0 ? other * naturalLog(other / mean) : 0
      sum += (left + right) / 2
    }
    return max(0, sum)
  }
}
