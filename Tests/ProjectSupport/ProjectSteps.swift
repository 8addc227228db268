package import Hunch
package import HunchModels

/// A project whose steps are asked for by name, each making the stages that it needs, which are kept:
/// so a test says what it looks at, and can change files between two steps.
package final class ProjectSteps {
  package let project: Project
  private let options: SessionOptions
  private var session: Session
  private var applied: AppliedVotes?
  private var counted: CountedDocuments?
  private var fitted: FittedLabels?
  private var trained: TrainedClassifier?

  package init(_ project: Project, options: SessionOptions = SessionOptions()) throws {
    (self.project, self.options) = (project, options)
    session = try Session(project, options: options)
  }

  // MARK: - Stages

  private func votes() throws -> AppliedVotes {
    if let applied { return applied }
    let votes = try AppliedVotes(session)
    applied = votes
    return votes
  }

  private func documents() throws -> CountedDocuments {
    if let counted { return counted }
    let documents = try votes().counted()
    counted = documents
    return documents
  }

  package func fittedLabels() throws -> FittedLabels {
    if let fitted { return fitted }
    let labels = try FittedLabels(documents())
    fitted = labels
    return labels
  }

  package func classifier() throws -> TrainedClassifier {
    if let trained { return trained }
    let classifier = try TrainedClassifier(fittedLabels())
    trained = classifier
    return classifier
  }

  /// Begins anew with what the workspace holds now.
  private func refresh() throws {
    (applied, counted, fitted, trained) = (nil, nil, nil, nil)
    session = try session.refreshed()
  }

  // MARK: - Steps

  package func apply() throws -> ApplyReport {
    if let applied { return applied.report }
    let votes = try Asking(votes()).withinBudget()
    applied = votes
    return votes.report
  }

  package func explainApply() throws -> ApplyPlan { try session.applyPlan() }

  package func ask(dryRun: Bool) throws -> AskReport {
    let asking = try Asking(votes())
    return try dryRun ? asking.estimate() : asking.ask()
  }

  package func analyze(split: Split?) throws -> AnalyzeReport {
    try Analysis(documents(), split: split).report
  }

  package func conflicts(split: Split?, examples: Int = 5) throws -> ConflictsReport {
    try ConflictsReport(documents(), split: split, examples: examples)
  }

  package func workers() throws -> WorkersReport { try WorkersReport(documents()) }

  package func fit() throws -> FitReport { try fittedLabels().report() }

  package func train() throws -> TrainReport { try classifier().report }

  package func evaluate(
    split: Split?, _ request: EvaluationRequest = EvaluationRequest()
  ) throws -> EvaluateReport {
    let asked = try request.split(split, of: documents())
    return try EvaluateReport(classifier(), split: asked, request)
  }

  package func function(
    named name: String, split: Split?, count: Int = 5, texts: Bool = false
  ) throws -> FunctionReport {
    try FunctionReport(fittedLabels(), named: name, split: split, count: count, texts: texts)
  }

  package func explain(id: String, top: Int = 10, texts: Bool = false) throws -> ExplainReport {
    try ExplainReport(classifier(), id: id, top: top, texts: texts)
  }

  package func run(_ stage: (RunStage) throws -> Void = { _ in }) throws -> RunReport {
    try ProjectRun(session).run(stage)
  }

  package func runs() throws -> [RunRecord] { try session.history.runs() }

  package func htmlReport(texts: Bool = true) throws -> String {
    try HTMLReport(fittedLabels(), texts: texts).render()
  }

  package func writeHTMLReport(
    to path: String, isNamed: Bool = true, texts: Bool = true
  ) throws -> Int {
    try HTMLReport(fittedLabels(), texts: texts).write(to: path, isNamed: isNamed)
  }

  package func export(
    _ kind: ExportKind, to path: String, format: TableFormat? = nil, date: String = "",
    isSafe: Bool = false
  ) throws -> Int {
    let file = Export(to: path, format: format, isSafe: isSafe)
    switch kind {
    case .votes: return try file.votes(votes())
    case .posteriors: return try file.posteriors(fittedLabels())
    case .predictions: return try file.predictions(classifier())
    case .labels: return try file.labels(session)
    case .model:
      try file.model(classifier(), date: date)
      return 0
    }
  }

  // MARK: - Labels by hand

  package func labelTasks(_ request: LabelRequest) throws -> [LabelTask] {
    try HandLabeling(session).tasks(request)
  }

  package func give(_ label: String, to id: String, for use: GoldUse) throws -> HandLabel? {
    let former = try HandLabeling(session).give(label, to: id, for: use)
    try refresh()
    return former
  }

  package func put(_ label: HandLabel) throws -> HandLabel? {
    let former = try HandLabeling(session).put(label)
    try refresh()
    return former
  }

  package func removeLabels(of ids: [String]) throws {
    try HandLabeling(session).remove(ids)
    try refresh()
  }

  package func labels() throws -> LabelsReport { try HandLabeling(session).labels() }

  package func importLabels(
    _ path: String, format: TableFormat? = nil, use: GoldUse? = nil
  ) throws -> LabelImportReport {
    let report = try HandLabeling(session).importFile(path, format: format, use: use)
    try refresh()
    return report
  }

  // MARK: - Suggestions and drafts

  package func suggestDocuments(
    _ choice: DocumentChoice = .value, count: Int = 10, split: Split? = nil, texts: Bool = false
  ) throws -> DocumentSuggestions {
    try DocumentSuggestions(fittedLabels(), choice, count: count, split: split, texts: texts)
  }

  package func suggestFunctions(
    count: Int = 10, for label: String? = nil,
    tuning: FunctionFinder.Tuning = FunctionFinder.Tuning()
  ) throws -> FunctionSuggestions {
    try FunctionSuggestions(fittedLabels(), count: count, for: label, tuning: tuning)
  }

  package func draftRequest(_ request: DraftRequest) throws -> String {
    try Drafting(session).text(request)
  }

  package func draft(
    _ request: DraftRequest, asking model: any ChatModel, named name: String,
    to destination: DraftDestination
  ) throws -> DraftReport {
    try Drafting(session).draft(request, asking: model, named: name, to: destination)
  }

  package func draft(
    _ request: DraftRequest, model: String?, to destination: DraftDestination
  ) throws -> DraftReport {
    try Drafting(session).draft(request, model: model, to: destination)
  }

  package func draft(
    answer path: String, to destination: DraftDestination
  ) throws -> DraftReport {
    try Drafting(session).draft(answer: path, to: destination)
  }
}

/// What a test has written to a file.
package enum ExportKind: CaseIterable {
  case votes, posteriors, predictions, model, labels
}
