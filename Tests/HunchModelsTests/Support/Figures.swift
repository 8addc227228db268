import HunchModels
import TestSupport
import Testing

extension CompressedVotes {
  /// The figures of a model's labels on the covered documents.
  func metrics(of fit: FittedLabelModel, gold: [Int]) throws -> ClassificationMetrics {
    var accumulator = MetricsAccumulator(classCount: patterns.classCount)
    for (id, label) in zip(ids, gold) where patterns.isCovered(id) {
      accumulator.add(fit.posterior(of: id, in: patterns), gold: label)
    }
    return try #require(accumulator.metrics())
  }
}
