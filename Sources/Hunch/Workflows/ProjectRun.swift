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
    let labels = try FittedLabels(votes, training: true)
    let fitted = try labels.report()
    try stage(.fit(fitted))
    let recorder = try RunRecorder(labels)
    let trained = try TrainedClassifier(labels, observer: recorder.collector)
    try stage(.train(trained.report))
    // What findings say of right and wrong is measured on development labels.
    let splits = [votes.evaluatedSplit, votes.developmentSplit].compactMap(\.self)
    let evaluations = try EvaluateReport.scored(
      trained,
      (splits.first == splits.last ? Array(splits.prefix(1)) : splits).map {
        try SplitEvaluation(trained, $0, EvaluationRequest(), isRecorded: $0 == splits[0])
      }, observer: recorder.collector)
    let evaluated = evaluations.first?.report
    if let evaluated { try stage(.evaluate(evaluated)) }
    let development = votes.developmentSplit == nil ? nil : evaluations.last?.report
    let findings = analysis.findings(fitted, development)
    try stage(.findings(findings))
    let recorded = try recorder.record(
      analyzed, fitted, evaluated, evaluations.first?.scored?.documents ?? [])
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
