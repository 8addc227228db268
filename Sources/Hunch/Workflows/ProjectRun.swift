import HunchModels

/// The whole job: functions are run, analysed and fitted, the classifier is trained and evaluated, and
/// all of it is recorded in the workspace.
public struct ProjectRun: InSession {
  let session: Session

  /// Prepares the job of a session.
  public init(_ session: Session) { self.session = session }

  /// Does it.
  ///
  /// Language models are asked as ``Asking/withinBudget()`` does.
  ///
  /// - Parameter stage: Gets each report as soon as it is ready.
  public func run(_ stage: (RunStage) throws -> Void = { _ in }) throws -> RunReport {
    let applied = try Asking(AppliedVotes(session)).withinBudget()
    try stage(.apply(applied.report))
    let votes = try applied.counted()
    let analysis = try Analysis(votes, split: nil)
    let analyzed = analysis.report
    try stage(.analyze(analyzed))
    let labels = try FittedLabels(votes)
    let fitted = try labels.report()
    try stage(.fit(fitted))
    let recorder = try RunRecorder(labels)
    let trained = try TrainedClassifier(labels, observe: recorder.collector.map { $0.add })
    try stage(.train(trained.report))
    var scored = ScoredDocuments(labels.fit.decision)
    let evaluated = try votes.evaluatedSplit.map {
      try EvaluateReport(trained, split: $0, EvaluationRequest()) { scored.add($0) }
    }
    if let evaluated { try stage(.evaluate(evaluated)) }
    let findings = analysis.findings(fitted, try development(evaluated, trained))
    try stage(.findings(findings))
    let recorded = try recorder.record(analyzed, fitted, evaluated, scored)
    try stage(.record(recorded))
    return RunReport(
      apply: applied.report, analyze: analyzed, fit: fitted, train: trained.report,
      evaluate: evaluated, findings: findings, record: recorded)
  }

  /// The functions with what they do, as a run that is done now would record them but for the label
  /// model.
  public func functions(_ analysis: AnalyzeReport) -> [RunRecord.Function] {
    RunRecord.Function.all(catalog.functions, analysis, nil)
  }

  /// The evaluation on development labels: the one there is, unless it is of the test split.
  private func development(
    _ evaluated: EvaluateReport?, _ trained: TrainedClassifier
  ) throws -> EvaluateReport? {
    guard let split = trained.votes.developmentSplit else { return nil }
    return evaluated?.split == split.name ? evaluated : try EvaluateReport(trained, split: split)
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
