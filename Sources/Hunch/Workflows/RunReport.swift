/// The figures of a whole run.
public struct RunReport: Sendable {
  /// What applying did.
  public var apply: ApplyReport
  /// How the functions behave.
  public var analyze: AnalyzeReport
  /// What the label model learned.
  public var fit: FitReport
  /// What training did.
  public var train: TrainReport
  /// `nil` when the corpus has no gold label.
  public var evaluate: EvaluateReport?
  /// What to fix first, by all of these.
  public var findings: [Finding]
  /// What became of the run in the workspace's list of runs.
  public var record: RunOutcome
}

extension RunReport: Encodable {
  private enum CodingKeys: CodingKey {
    case apply, analyze, fit, train, evaluate, findings, record, comparison
  }

  /// Writes the report with the keys of `docs/interface.md`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(apply, forKey: .apply)
    try container.encode(analyze, forKey: .analyze)
    try container.encode(fit, forKey: .fit)
    try container.encode(train, forKey: .train)
    try container.encode(evaluate, forKey: .evaluate)
    try container.encode(findings, forKey: .findings)
    try container.encode(RunListing.Run(record.run), forKey: .record)
    try container.encodeIfPresent(record.comparison, forKey: .comparison)
  }
}
