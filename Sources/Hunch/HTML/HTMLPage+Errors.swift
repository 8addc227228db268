import HunchModels

extension HTMLPage {
  // MARK: - Errors

  /// The most buckets, and vote patterns of a bucket, that are listed.
  private static let listedBuckets = 20
  private static let listedPatterns = 5

  func errorSection() -> HTMLView.Errors? {
    guard let errors = facts.errors, let lists = errors.worst else { return nil }
    let wrong = errors.buckets?.errors ?? []
    let worst = lists.worst ?? []
    return HTMLView.Errors(
      errorsExplanation:
        "Documents of the \(errors.split) split"
        + (BucketReport.caution(split: errors.split).map { ": \($0)." } ?? "."),
      bucketsCaption: errors.buckets.map { "\($0.errorWords); \(BucketReport.bracketWords)" } ?? "",
      buckets: errors.buckets.map { buckets in
        wrong.prefix(Self.listedBuckets).map { bucket($0, buckets) }
      } ?? [],
      worst: worst.map { document($0.document, "loss \(Figures.fixed($0.loss, 2))") },
      disagreements: lists.disagreements.map {
        document($0.document, "divergence \(Figures.fixed($0.divergence, 2))")
      })
  }

  private func bucket(
    _ bucket: BucketReport.Bucket, _ report: BucketReport
  ) -> HTMLView.Errors.Bucket {
    HTMLView.Errors.Bucket(
      gold: bucket.gold, predicted: bucket.predicted, documents: Figures.count(bucket.documents),
      share: Figures.percent(report.share(bucket)), voters: bucket.voters,
      patterns: bucket.patterns.prefix(Self.listedPatterns).map { pattern in
        .init(
          votes: pattern.votes.words, count: Figures.count(pattern.documents),
          ids: pattern.exampleIds)
      })
  }

  private func document(
    _ document: WorstReport.Document, _ measure: String
  ) -> HTMLView.Errors.Document {
    func words(_ label: WorstReport.Label) -> String {
      "\(label.label) \(Figures.fixed(label.probability, 2))"
    }
    return HTMLView.Errors.Document(
      excerptText: document.text.map { $0.isEmpty ? "(no text)" : $0 }, id: document.id,
      goldLabel: document.gold, modelLabel: document.labelModel.map(words) ?? "no label",
      classifierLabel: words(document.classifier), measure: measure,
      votes: document.votes.words)
  }

  // MARK: - Words

  func strongest() -> [HTMLView.Strongest] {
    facts.strongest.enumerated().map { label, features in
      HTMLView.Strongest(
        label: facts.classes[label].name,
        words: features.map {
          .init(
            word: $0.text, contribution: "+\(Figures.fixed(Double($0.contribution), 2))",
            documents: Figures.count($0.documents))
        })
    }
  }

  // MARK: - Thresholds and slices

  func threshold(_ name: String, _ metrics: ClassificationMetrics) -> HTMLView.Diagram {
    let curve = HTMLThresholds(metrics, model: name)
    return HTMLView.Diagram(
      figureCaption: name, diagram: curve.draw(),
      table: HTMLTable(
        label: "\(name), thresholds",
        caption: "\(name): documents and accuracy by least top probability",
        isCaptionHidden: true, curve.points,
        [
          .text("from") { Figures.fixed($0.least, 1) }, .percent("share", \.share),
          .count("documents", \.documents), .percent("accuracy", \.accuracy),
          .number("95 % interval") { Figures.interval($0.interval) },
        ]))
  }

  func slices(_ report: EvaluateReport) -> HTMLTable {
    HTMLTable(
      id: "slices",
      caption: "The models on the parts of the documents that the rule pack names; a red accuracy "
        + "is lower than that of all documents by more than chance explains",
      report.slices,
      [
        .text("slice", \.name).small(\.summary), .count("documents", \.documents),
        .percent("label model, all: accuracy", \.labelModelAll?.metrics.accuracy),
        .percent("classifier: accuracy", \.classifier?.metrics.accuracy)
          .bad { $0.isWorse(than: report) },
        .number("95 % interval") { Figures.interval($0.classifier?.metrics.accuracyInterval) },
        .fixed("macro-F1", \.classifier?.metrics.macroF1),
        .fixed("log-loss", \.classifier?.metrics.logLoss),
        .fixed("ECE", \.classifier?.metrics.ece),
      ])
  }

  // MARK: - Pairs and uncovered documents

  /// The pairs of some functions that vote on the same documents.
  func meetings(_ functions: [Int]) -> [(first: Int, second: Int)] {
    functions.enumerated().flatMap { place, first in
      functions.dropFirst(place + 1).filter { facts.pairs.pair(first, $0).common > 0 }
        .map { (first, $0) }
    }
  }

  func meetingTable(_ pairs: [(first: Int, second: Int)]) -> HTMLTable {
    HTMLTable(
      id: "meetings",
      caption: "On how many documents two functions both vote, with the first documents, outside "
        + "the test split, on which they agree and differ",
      pairs, anchor: { HTMLHeatMap.anchor($0.first, $0.second) },
      [
        function("first", \.first), function("second", \.second),
        .count("both") { facts.pairs.pair($0.first, $0.second).common },
        .count("differ") { facts.pairs.pair($0.first, $0.second).differing },
        .ids("agree, for instance") {
          facts.pairExamples.pair($0.first, $0.second).agreeing.map(\.description)
        },
        .ids("differ, for instance") {
          facts.pairExamples.pair($0.first, $0.second).differing.map(\.description)
        },
      ])
  }

  func uncovered() -> [HTMLView.Classes.Uncovered] {
    facts.uncovered.map { document in
      HTMLView.Classes.Uncovered(
        excerpt: document.source.map { excerpt(Passage($0, matches: [])) } ?? [],
        id: document.id.description, split: document.split.name)
    }
  }
}
