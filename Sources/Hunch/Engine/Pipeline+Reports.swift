import Foundation
import HunchModels
import HunchText

extension Pipeline {
  // MARK: - Analysis

  /// How the functions behave.
  ///
  /// - Parameter split: The documents to look at; `nil` for all.
  public func analyze(split: Split?) throws -> AnalyzeReport {
    let table = try voteTable()
    let (documents, goldDocuments) = table.size(of: split)
    let facts = try facts(split: split)
    let (analysis, crowds) = (facts.analysis, facts.crowds)
    return AnalyzeReport(
      split: split?.name ?? "all", documents: documents, goldDocuments: goldDocuments,
      coverage: analysis.coverage, overlaps: analysis.overlaps, conflicts: analysis.conflicts,
      functions: zip(catalog.functions, analysis.functions).map { function, figures in
        AnalyzeReport.Function(
          name: function.name, kind: function.kind, summary: function.summary,
          polarity: figures.polarity.map { project.labels[$0] },
          votes: figures.votesByClass.reduce(0, +),
          coverage: figures.coverage, overlaps: figures.overlaps, conflicts: figures.conflicts,
          gold: goldDocuments == 0 ? nil : AnalyzeReport.GoldFigures(figures))
      }, findings: try findings(split: split), workspaceLabels: table.workspaceLabels(of: split),
      alpha: facts.alpha?.value, alphaInterval: facts.alpha?.interval?.bounds,
      crowds: crowds.isEmpty ? nil : crowds)
  }

  /// The pairs of functions that disagree, most documents first, with example documents.
  ///
  /// - Parameters:
  ///   - split: The documents to look at; `nil` for all. Examples come from all documents.
  ///   - limit: The most example ids per pair.
  public func conflicts(split: Split?, examples limit: Int = 5) throws -> ConflictsReport {
    let table = try voteTable()
    let conflicts = try LabelingAnalysis.conflicts(table.votes(of: split))
    let examples = try conflictExamples(of: conflicts.pairs, limit: limit)
    return ConflictsReport(
      split: split?.name ?? "all", documents: table.size(of: split).documents,
      pairs: zip(conflicts.pairs, examples).map { conflict, ids in
        ConflictsReport.Pair(
          functions: [
            catalog.functions[conflict.first].name, catalog.functions[conflict.second].name,
          ],
          documents: conflict.disagreements, agreements: conflict.agreements,
          exampleIds: ids.map(\.description))
      },
      omittedPairs: conflicts.total > conflicts.pairs.count
        ? conflicts.total - conflicts.pairs.count : nil)
  }

  /// The first documents of the corpus on which each of some pairs disagrees.
  func conflictExamples(
    of pairs: [FunctionConflict], limit: Int
  ) throws -> [[DocumentID]] {
    var examples = ConflictExamples(
      pairs, functionCount: catalog.functions.count, classCount: project.labels.count, limit: limit)
    try votePass().run(
      wantsTexts: false, cancellation: options.cancellation, until: { examples.isComplete }
    ) { chunk, block in
      examples.add(chunk, block)
    }
    return examples.ids
  }

  // MARK: - One document

  /// Why a document got its label.
  ///
  /// - Parameters:
  ///   - id: The document's id as text.
  ///   - top: How many of the classifier's features to name for and against its class, each.
  ///   - texts: Whether to give the text.
  /// - Throws: ``HunchError/unknownDocument(id:)``.
  public func explain(id: String, top: Int = 10, texts: Bool = false) throws -> ExplainReport {
    let fit = try labelFit()
    let labeling = try labeling()
    let classifier = try classifier().classifier
    var report: ExplainReport?
    let values = try documentValues()
    try votePass().run(
      wantsTexts: true, wantsFeatures: !values.isEmpty, cancellation: options.cancellation,
      until: { report != nil }
    ) { chunk, block in
      guard let document = chunk.ids.firstIndex(where: { $0.description == id }) else { return }
      report = explanation(
        chunk, document, labeling.posteriors(chunk, block, of: [document]), fit, classifier,
        try values.values(chunk, of: [document]), top)
      if texts { report?.text = chunk.texts.text(at: document) }
    }
    guard let report else { throw HunchError.unknownDocument(id: id) }
    return report
  }

  private func explanation(
    _ chunk: CorpusChunk, _ document: Int, _ posteriors: ChunkPosteriors,
    _ fit: LabelFit, _ classifier: TextClassifier, _ values: DenseValues?, _ top: Int
  ) -> ExplainReport {
    let labels = project.labels
    func named(_ values: some Sequence<Double>) -> [String: Double] {
      Dictionary(uniqueKeysWithValues: zip(labels, values))
    }
    let patterns = posteriors.patterns
    let votes = patterns.entries(of: Int(posteriors.ids[document])).map { entry in
      let function = Int(patterns.functions[entry])
      let vote = Int(patterns.votes[entry])
      return ExplainReport.FunctionVote(
        function: catalog.functions[function].name, vote: labels[vote],
        weights: named(fit.model.logEvidence(function: function, vote: vote) ?? []))
    }
    let isCovered = posteriors.isCovered(document)
    let posterior = posteriors.posterior(document)
    let text = chunk.texts.text(at: document)
    let probabilities = classifier.probabilities(TextBatch([text]), values: values)
      .map(Double.init)
    let predicted = Self.winner(probabilities)
    let grams = classifier.explain(text, values: values, top: .max)
    return ExplainReport(
      id: chunk.ids[document].description, split: chunk.splits[document].name,
      gold: chunk.gold[document] < 0 ? nil : labels[Int(chunk.gold[document])], votes: votes,
      textWeights: named(posteriors.textWeights(document)),
      posterior: named(posterior), label: isCovered ? labels[fit.decision.label(posterior)] : nil,
      covered: isCovered, classifier: named(probabilities), predicted: labels[predicted],
      features: strongest(grams, for: predicted, sign: 1, top),
      against: strongest(grams, for: predicted, sign: -1, top))
  }

  /// The features that speak most for a class (`sign` 1) or against it (-1), strongest first.
  private func strongest(
    _ features: [FeatureContribution], for label: Int, sign: Float, _ top: Int
  ) -> [ExplainReport.Feature] {
    let speaking = features.filter { sign * $0.contributions[label] > 0 }
    let ranked = speaking.enumerated().sorted { first, second in
      let one = sign * first.element.contributions[label]
      let other = sign * second.element.contributions[label]
      return one == other ? first.offset < second.offset : one > other
    }
    return ranked.prefix(top).map { _, feature in
      ExplainReport.Feature(
        feature: feature.text, kind: "\(feature.kind)",
        contribution: Double(feature.contributions[label]),
        collides: !feature.sharesWith.isEmpty, sharesWith: feature.sharesWith)
    }
  }

  /// The index of the largest value; of several, the first.
  static func winner(_ values: some Collection<Double>) -> Int {
    DecisionRule.mostProbable.label(values)
  }

  // MARK: - Run

  /// The evaluation on development labels: the one there is, unless it is of the test split.
  private func developmentEvaluation(_ evaluated: EvaluateReport?) throws -> EvaluateReport? {
    guard let split = try developmentSplit() else { return nil }
    return evaluated?.split == split.name ? evaluated : try evaluate(split: split)
  }

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
    try collectLabels()
    let trained = try train()
    try stage(.train(trained))
    var scored = ScoredDocuments(try labelFit().decision)
    let evaluated = try defaultEvaluationSplit().map {
      try evaluate(split: $0, EvaluationRequest()) { scored.add($0) }
    }
    if let evaluated { try stage(.evaluate(evaluated)) }
    let findings = try findings(split: nil, fitted, developmentEvaluation(evaluated))
    try stage(.findings(findings))
    let recorded = try record(analyzed, fitted, evaluated, scored)
    try stage(.record(recorded))
    return RunReport(
      apply: applied, analyze: analyzed, fit: fitted, train: trained, evaluate: evaluated,
      findings: findings, record: recorded)
  }
}

/// A finished step of a run.
public enum RunStage: Sendable {
  case apply(ApplyReport)
  case analyze(AnalyzeReport)
  case fit(FitReport)
  case train(TrainReport)
  case evaluate(EvaluateReport)
  case findings([Finding])
  case record(RunOutcome)
}

extension AnalyzeReport.GoldFigures {
  init(_ figures: FunctionAnalysis) {
    self.init(
      correct: figures.correct ?? 0, incorrect: figures.incorrect ?? 0,
      empiricalAccuracy: figures.empiricalAccuracy,
      empiricalAccuracyInterval: figures.empiricalAccuracyInterval)
  }
}
