import HunchModels
import HunchText

/// The figures of a split, or of a slice of it, summed up chunk by chunk.
struct SplitScores {
  /// The label model on documents with a vote, and on all.
  private var covered: MetricsAccumulator
  private var all: MetricsAccumulator
  private var coveredDocuments = 0
  /// The classifier, and that of gold labels alone, on all documents.
  private var classifier: MetricsAccumulator
  private var goldOnly: MetricsAccumulator
  /// The documents with gold.
  private(set) var documents = 0

  init(classCount: Int) {
    covered = MetricsAccumulator(classCount: classCount)
    (all, classifier, goldOnly) = (covered, covered, covered)
  }

  /// Adds documents.
  ///
  /// - Parameters:
  ///   - gold: For each row its gold label, -1 where it does not count.
  mutating func add(_ rows: ModelRows, gold: [Int], _ decision: DecisionRule) {
    for (document, gold) in zip(rows.documents, gold) where gold >= 0 {
      let posterior = rows.posteriors.posterior(document)
      let label = decision.label(posterior)
      documents += 1
      all.add(posterior, label: label, gold: gold)
      if rows.posteriors.isCovered(document) {
        covered.add(posterior, label: label, gold: gold)
        coveredDocuments += 1
      }
    }
    classifier.add(rows.probabilities, gold: gold)
    if let baseline = rows.goldOnly { goldOnly.add(baseline, gold: rows.gold.filter { $0 >= 0 }) }
  }

  private func scored(_ sums: MetricsAccumulator, _ count: Int) -> EvaluateReport.Scored? {
    sums.metrics().map { .init(metrics: $0, coverage: Double(count) / Double(documents)) }
  }

  var labelModel: EvaluateReport.Scored? { scored(covered, coveredDocuments) }
  var labelModelAll: EvaluateReport.Scored? { scored(all, documents) }
  var endModel: EvaluateReport.Scored? { scored(classifier, documents) }
  var baseline: EvaluateReport.Scored? { scored(goldOnly, documents) }
}

/// Collects what a run says of documents, as the run reads them.
struct ScoredDocuments {
  private let decision: DecisionRule
  private(set) var documents: [ScoredDocument] = []

  init(_ decision: DecisionRule) { self.decision = decision }

  /// Looks at the next documents of the corpus.
  mutating func add(_ rows: ModelRows) {
    let classCount = rows.posteriors.classCount
    for (place, document) in rows.documents.enumerated() where rows.gold[place] >= 0 {
      let posterior = rows.posteriors.posterior(document)
      let gold = rows.gold[place]
      let row = rows.probabilities[place * classCount..<(place + 1) * classCount].map(Double.init)
      documents.append(
        ScoredDocument(
          row: rows.chunk.firstRow + document, gold: Int16(gold),
          label: Int16(decision.label(posterior)),
          predicted: Int16(DecisionRule.mostProbable.label(row)),
          labelLoss: Float(RowComparison.loss(posterior[posterior.startIndex + gold])),
          predictedLoss: Float(RowComparison.loss(row[gold]))))
    }
  }
}
