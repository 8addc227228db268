public import HunchModels
package import HunchText

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
  /// - Parameters:
  ///   - evidence: What is added to them, see ``TextEvidence``; nil for nothing.
  ///   - posterior: Writes the probabilities of the classes for a pattern.
  /// - Throws: ``ScoringError``.
  package func score(
    adding evidence: TextEvidence? = nil,
    _ posterior: (_ pattern: Int, _ row: inout [Double]) -> Void
  ) throws(ScoringError) -> QualityFigures {
    let classes = patterns.classCount
    var accumulator = MetricsAccumulator(classCount: classes)
    var row = [Double](repeating: 0, count: classes)
    let logs = evidence?.logEvidence(TextBatch(scored.map { texts[$0.document] })) ?? []
    for (place, document) in scored.enumerated() {
      posterior(document.pattern, &row)
      guard row.count == classes, row.allSatisfy({ 0...1 ~= $0 }),
        abs(row.reduce(0, +) - 1) < 1e-6
      else { throw .notProbabilities(pattern: document.pattern) }
      if !logs.isEmpty { TextEvidence.add(logs[place * classes..<(place + 1) * classes], to: &row) }
      accumulator.add(row, gold: document.label)
    }
    guard let metrics = accumulator.metrics() else { throw .nothingToScore }
    return QualityFigures(metrics)
  }

  /// Scores a fit, with what texts add if they are to be read and there are any.
  ///
  /// - Throws: ``ScoringError``, and what training throws.
  public func score(_ fit: FittedLabelModel, readsTexts: Bool) throws -> QualityFigures {
    try score(adding: readsTexts ? evidence(beside: fit) : nil) {
      fit.posterior(of: $0, in: patterns, into: &$1)
    }
  }

  /// What the texts of the documents to learn from say beside a fit; nil without texts.
  func evidence(beside fit: FittedLabelModel) throws -> TextEvidence? {
    if texts.isEmpty { return nil }
    var trainer = TextEvidenceTrainer(
      labels: (0..<patterns.classCount).map { "\($0)" },
      semantics: LatentSemantics(Array(texts.prefix(learned.count))))
    let posteriors = fit.posteriors(of: patterns).map(Float.init)
    let classes = patterns.classCount
    let marks = try FunctionFolds(
      CountedVotes(patterns, counts: counts), without: fit.solitary
    ).marks(of: patterns)
    for (document, pattern) in learned.enumerated() where marks[pattern] != 0 {
      var labeled = LabeledTexts(
        TextBatch([texts[document]]),
        posteriors: Array(posteriors[pattern * classes..<(pattern + 1) * classes]))
      labeled.functionFolds = [marks[pattern]]
      trainer.add(labeled)
    }
    return try trainer.train()
  }

  /// Fits a model to the votes without gold labels and with equal shares of the classes, and scores
  /// it.
  ///
  /// - Throws: ``ScoringError``, and what the model throws.
  public func score(
    _ model: LabelModel
  ) throws -> (figures: QualityFigures, fit: FittedLabelModel) {
    try score(model.algorithm, readsTexts: model.readsTexts)
  }

  /// The same for what learns from votes in a model.
  package func score(
    _ model: any LabelModelAlgorithm, readsTexts: Bool = false
  ) throws -> (figures: QualityFigures, fit: FittedLabelModel) {
    let fit = try model.fit(patterns, counts: counts)
    return (try score(fit, readsTexts: readsTexts), fit)
  }
}

extension TextEvidence {
  /// The evidence of texts that nobody has hashed.
  package func logEvidence(_ batch: TextBatch) -> [Double] {
    logEvidence(HashedRows(batch, hasher))
  }
}

extension LatentSemantics {
  /// What some texts tell.
  package init(_ texts: [String]) {
    var trainer = LatentSemanticsTrainer()
    trainer.add(
      HashedRows(TextBatch(texts), trainer.hasher), ranks: texts.indices.map(VisitingOrder.hash))
    self = trainer.finish()
  }
}
