import Foundation
import HunchModels
import HunchText

extension Pipeline {
  /// The policy that evaluation follows, in words.
  static let policy =
    "ties go to the class listed first; 'label model' is scored on documents with at least one "
    + "vote, 'label model, all' on every document (one without votes gets the class balance)"

  // MARK: - Analysis

  /// How the functions behave.
  ///
  /// - Parameter split: The documents to look at; `nil` for all.
  public func analyze(split: Split?) throws -> AnalyzeReport {
    let table = try voteTable()
    let (documents, goldDocuments) = table.size(of: split)
    let analysis = LabelingAnalysis(
      patterns: table.patterns, counts: table.counts(of: split),
      goldCounts: goldDocuments > 0 ? table.goldCounts(of: split) : nil)
    return AnalyzeReport(
      split: split?.name ?? "all", documents: documents, goldDocuments: goldDocuments,
      coverage: analysis.coverage, overlaps: analysis.overlaps, conflicts: analysis.conflicts,
      functions: zip(catalog.functions, analysis.functions).map { function, figures in
        AnalyzeReport.Function(
          name: function.name, kind: function.kind, summary: function.summary,
          polarity: figures.polarity.map { project.labels[$0] },
          votes: figures.votesByClass.reduce(0, +),
          coverage: figures.coverage, overlaps: figures.overlaps, conflicts: figures.conflicts,
          gold: goldDocuments == 0
            ? nil
            : AnalyzeReport.GoldFigures(
              correct: figures.correct ?? 0, incorrect: figures.incorrect ?? 0,
              empiricalAccuracy: figures.empiricalAccuracy,
              empiricalAccuracyInterval: figures.empiricalAccuracyInterval))
      })
  }

  /// The pairs of functions that disagree, most documents first, with example documents.
  ///
  /// - Parameters:
  ///   - split: The documents to look at; `nil` for all. Examples come from all documents.
  ///   - limit: The most example ids per pair.
  public func conflicts(split: Split?, examples limit: Int = 5) throws -> ConflictsReport {
    let table = try voteTable()
    let counts = table.counts(of: split)
    let conflicts = LabelingAnalysis.conflicts(patterns: table.patterns, counts: counts)
    return ConflictsReport(
      split: split?.name ?? "all", documents: table.size(of: split).documents,
      pairs: conflicts.map { conflict in
        let ids = conflict.patterns.lazy.flatMap { table.examples[$0] }.prefix(limit)
        return ConflictsReport.Pair(
          functions: [
            catalog.functions[conflict.first].name, catalog.functions[conflict.second].name,
          ],
          documents: conflict.disagreements, agreements: conflict.agreements,
          exampleIds: ids.map(\.description))
      })
  }

  // MARK: - Evaluation

  /// The split that is evaluated when none is named: test, valid or train, the first with gold.
  public func defaultEvaluationSplit() throws -> Split? {
    let table = try voteTable()
    return [Split.test, .valid, .train].first { table.size(of: $0).gold > 0 }
  }

  /// Scores the label model and the classifier against the gold labels of a split.
  ///
  /// - Throws: ``HunchError/noGold(split:)`` when the split has none.
  public func evaluate(split: Split?) throws -> EvaluateReport {
    let table = try voteTable()
    guard let split = try split ?? defaultEvaluationSplit(), table.size(of: split).gold > 0 else {
      throw HunchError.noGold(split: split?.name ?? "train, valid or test")
    }
    let fit = try labelFit()
    let classes = project.labels.count
    let gold = table.goldCounts(of: split)
    var covered = MetricsAccumulator(classCount: classes)
    var all = MetricsAccumulator(classCount: classes)
    var coveredDocuments = 0
    for pattern in 0..<table.patterns.count {
      let isCovered = table.patterns.isCovered(pattern)
      let probabilities = isCovered ? Array(fit.posterior(pattern)) : fit.model.classBalance
      for label in 0..<classes where gold[pattern * classes + label] > 0 {
        let count = gold[pattern * classes + label]
        all.add(probabilities, gold: label, count: count)
        if isCovered {
          covered.add(probabilities, gold: label, count: count)
          coveredDocuments += count
        }
      }
    }
    let documents = gold.reduce(0, +)
    func scored(_ metrics: ClassificationMetrics?, _ count: Int) -> EvaluateReport.Scored? {
      metrics.map { .init(metrics: $0, coverage: Double(count) / Double(documents)) }
    }
    return EvaluateReport(
      split: split.name, documents: documents, labels: project.labels,
      labelModel: scored(covered.metrics(), coveredDocuments),
      labelModelAll: scored(all.metrics(), documents),
      classifier: scored(try classifierMetrics(split), documents), policy: Self.policy)
  }

  private func classifierMetrics(_ split: Split) throws -> ClassificationMetrics? {
    let classifier = try classifier().classifier
    let classes = project.labels.count
    var accumulator = MetricsAccumulator(classCount: classes)
    try votePass().run(wantsTexts: true, cancellation: options.cancellation) { chunk, _ in
      var batch = TextBatch()
      var gold: [Int] = []
      for document in 0..<chunk.count
      where chunk.splits[document] == split && chunk.gold[document] >= 0 {
        batch.append(repairing: chunk.texts.bytes[chunk.texts.range(at: document)])
        gold.append(Int(chunk.gold[document]))
      }
      let probabilities = classifier.probabilities(batch)
      for (document, label) in gold.enumerated() {
        let row = probabilities[document * classes..<(document + 1) * classes]
        accumulator.add(row.map(Double.init), gold: label)
      }
    }
    return accumulator.metrics()
  }

  // MARK: - One document

  /// Why a document got its label.
  ///
  /// - Parameters:
  ///   - id: The document's id as text.
  ///   - top: How many of the classifier's features to name.
  /// - Throws: ``HunchError/unknownDocument(id:)``.
  public func explain(id: String, top: Int = 10) throws -> ExplainReport {
    var table = try voteTable()
    let fit = try labelFit()
    let classifier = try classifier().classifier
    var report: ExplainReport?
    try votePass().run(wantsTexts: true, cancellation: options.cancellation) { chunk, block in
      guard report == nil, let document = chunk.ids.firstIndex(where: { $0.description == id })
      else { return }
      let pattern = Int(table.patternIDs(of: block)[document])
      report = explanation(chunk, document, pattern, table, fit, classifier, top)
    }
    guard let report else { throw HunchError.unknownDocument(id: id) }
    return report
  }

  private func explanation(
    _ chunk: CorpusChunk, _ document: Int, _ pattern: Int, _ table: VoteTable, _ fit: LabelFit,
    _ classifier: TextClassifier, _ top: Int
  ) -> ExplainReport {
    let labels = project.labels
    let classes = labels.count
    func named(_ values: some Sequence<Double>) -> [String: Double] {
      Dictionary(uniqueKeysWithValues: zip(labels, values))
    }
    let votes = table.patterns.entries(of: pattern).map { entry in
      let function = Int(table.patterns.functions[entry])
      let vote = Int(table.patterns.votes[entry])
      let evidence = fit.model.functions[function].logEvidence
      return ExplainReport.FunctionVote(
        function: catalog.functions[function].name, vote: labels[vote],
        weights: named(
          evidence.isEmpty ? ArraySlice() : evidence[vote * classes..<(vote + 1) * classes]))
    }
    let isCovered = table.patterns.isCovered(pattern)
    let posterior = isCovered ? Array(fit.posterior(pattern)) : fit.model.classBalance
    let text = chunk.texts.text(at: document)
    let probabilities = classifier.probabilities(TextBatch([text])).map(Double.init)
    let predicted = Self.winner(probabilities)
    return ExplainReport(
      id: chunk.ids[document].description, split: chunk.splits[document].name,
      gold: chunk.gold[document] < 0 ? nil : labels[Int(chunk.gold[document])], votes: votes,
      posterior: named(posterior), label: isCovered ? labels[Self.winner(posterior)] : nil,
      covered: isCovered, classifier: named(probabilities), predicted: labels[predicted],
      features: strongest(classifier.explain(text, top: .max), for: predicted, top))
  }

  /// The features that speak most for a class, strongest first.
  private func strongest(
    _ features: [FeatureContribution], for label: Int, _ top: Int
  ) -> [ExplainReport.Feature] {
    let ranked = features.enumerated().sorted { first, second in
      let (one, other) = (first.element.contributions[label], second.element.contributions[label])
      return one == other ? first.offset < second.offset : one > other
    }
    return ranked.prefix(top).filter { $0.element.contributions[label] > 0 }.map { _, feature in
      ExplainReport.Feature(
        feature: feature.text, kind: "\(feature.kind)",
        contribution: Double(feature.contributions[label]))
    }
  }

  /// The index of the largest value; of several, the first.
  static func winner(_ values: some Collection<Double>) -> Int {
    var best = 0
    var highest = -Double.infinity
    for (index, value) in values.enumerated() where value > highest {
      (best, highest) = (index, value)
    }
    return best
  }

  // MARK: - Run

  /// Does the whole job and records it in the workspace.
  ///
  /// - Parameter stage: Gets each report as soon as it is ready.
  public func run(_ stage: (RunStage) throws -> Void = { _ in }) throws -> RunReport {
    let applied = try apply()
    try stage(.apply(applied))
    let analyzed = try analyze(split: nil)
    try stage(.analyze(analyzed))
    let fitted = try fit()
    try stage(.fit(fitted))
    let trained = try train()
    try stage(.train(trained))
    let evaluated = try defaultEvaluationSplit().map { try evaluate(split: $0) }
    if let evaluated { try stage(.evaluate(evaluated)) }
    let report = RunReport(
      apply: applied, analyze: analyzed, fit: fitted, train: trained, evaluate: evaluated)
    let functions = catalog.functions.map { "\($0.name) \($0.fingerprint)" }
    try RunStore(workspace: workspace).add(
      command: "run", configuration: "\(project.configuration)", functions: functions,
      figures: String(decoding: try ReportJSON.encode(report), as: UTF8.self))
    return report
  }
}

/// A finished step of a run.
public enum RunStage: Sendable {
  case apply(ApplyReport)
  case analyze(AnalyzeReport)
  case fit(FitReport)
  case train(TrainReport)
  case evaluate(EvaluateReport)
}
