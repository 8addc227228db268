public import HunchModels

/// How well a model labels the covered documents with gold labels.
public struct QualityFigures: Sendable, Equatable, Codable {
  /// The number of documents; a mean over draws may be broken.
  public var documents: Double
  /// The share of right labels. A tie goes to the class that is listed first.
  public var accuracy: Double
  /// The mean F1 over the classes that occur in gold labels or predictions.
  public var macroF1: Double
  /// The mean of −log p(gold), natural.
  public var logLoss: Double
  /// The mean of Σ (p − [class is gold])².
  public var brier: Double
  /// The expected calibration error with ten equal-width bins of the top probability.
  public var ece: Double

  /// Takes the figures that are reported from all metrics.
  public init(_ metrics: ClassificationMetrics) {
    documents = Double(metrics.documents)
    accuracy = metrics.accuracy
    macroF1 = metrics.macroF1
    logLoss = metrics.logLoss
    brier = metrics.brier
    ece = metrics.ece
  }

  private init(mean figures: [QualityFigures]) {
    func mean(_ figure: (QualityFigures) -> Double) -> Double {
      figures.reduce(0) { $0 + figure($1) } / Double(figures.count)
    }
    documents = mean(\.documents)
    accuracy = mean(\.accuracy)
    macroF1 = mean(\.macroF1)
    logLoss = mean(\.logLoss)
    brier = mean(\.brier)
    ece = mean(\.ece)
  }

  /// The mean of each figure; nil without figures.
  public static func mean(_ figures: [QualityFigures]) -> QualityFigures? {
    figures.isEmpty ? nil : QualityFigures(mean: figures)
  }
}

/// Why posteriors cannot be scored.
public enum ScoringError: Error, Equatable, CustomStringConvertible {
  /// A row has another number of classes, a value outside 0...1 (NaN included), or another sum
  /// than 1.
  case notProbabilities(pattern: Int)
  /// No covered document has a gold label.
  case nothingToScore

  /// What is wrong.
  public var description: String {
    switch self {
    case .notProbabilities(let pattern):
      "the posterior of vote pattern \(pattern) is not a probability of each class"
    case .nothingToScore: "no document with a vote has a gold label"
    }
  }
}

extension LabeledVotes {
  /// Scores posteriors on the documents that have a vote and a gold label.
  ///
  /// - Parameter posterior: Writes the probabilities of the classes for a pattern.
  /// - Throws: ``ScoringError``.
  public func score(
    _ posterior: (_ pattern: Int, _ row: inout [Double]) -> Void
  ) throws(ScoringError) -> QualityFigures {
    let classes = patterns.classCount
    var accumulator = MetricsAccumulator(classCount: classes)
    var row = [Double](repeating: 0, count: classes)
    for pattern in 0..<patterns.count where patterns.isCovered(pattern) {
      let gold = goldCounts[pattern * classes..<(pattern + 1) * classes]
      guard gold.contains(where: { $0 > 0 }) else { continue }
      posterior(pattern, &row)
      guard row.count == classes, row.allSatisfy({ 0...1 ~= $0 }),
        abs(row.reduce(0, +) - 1) < 1e-6
      else { throw .notProbabilities(pattern: pattern) }
      for (label, count) in gold.enumerated() {
        accumulator.add(row, gold: label, count: count)
      }
    }
    guard let metrics = accumulator.metrics() else { throw .nothingToScore }
    return QualityFigures(metrics)
  }

  /// Fits a model to the votes without gold labels and with equal shares of the classes, and scores
  /// it.
  ///
  /// - Throws: ``ScoringError``, and what the model throws.
  public func score(
    _ model: any LabelModel
  ) throws -> (figures: QualityFigures, fit: FittedLabelModel) {
    let fit = try model.fit(patterns, counts: counts)
    let figures = try score { fit.posterior(of: $0, in: patterns, into: &$1) }
    return (figures, fit)
  }
}
