import HunchModels

/// The probabilistic labels of a project's documents: how far the label model trusts each function,
/// and what texts say beside the votes where the model takes these into account.
public struct FittedLabels: InSession, Sendable {
  let votes: CountedDocuments
  let fit: LabelFit
  /// How documents get their labels.
  let labeling: DocumentLabeling

  /// Learns them.
  ///
  /// - Throws: ``HunchError`` or another ``ReportableError``.
  public init(_ votes: CountedDocuments) throws {
    self.votes = votes
    let session = votes.session
    let models = ModelStore(workspace: session.workspace)
    fit = try LabelFit(
      votes.table, session.project, functions: session.catalog.functions.map(\.name),
      evidence: VoteEvidence(session.catalog, labels: session.project.labels, models: models))
    var evidence: TextEvidence?
    if fit.readsTexts, fit.covered > 0 {
      evidence = try EvidenceTraining(documents: TrainingDocuments(votes, fit)).run(models)
    }
    labeling = DocumentLabeling(
      model: fit.model, evidence: evidence, threads: session.options.threads)
  }

  /// Learns them from a session's votes, without asking language models.
  public init(_ session: Session) throws { try self.init(AppliedVotes(session).counted()) }

  /// Where it was made.
  public var session: Session { votes.session }
  var table: VoteTable { votes.table }
  var pass: VotePass { votes.pass }
  var trainingDocuments: TrainingDocuments { TrainingDocuments(votes, fit) }

  /// What was learned, with how the functions depend on each other and what the fit says of itself.
  ///
  /// - Complexity: As ``LabelFit/report(_:_:_:)``: a pass over the vote patterns for each function.
  public func report() throws -> FitReport {
    var report = try fit.report(catalog, project.labels, table)
    report.text = labeling.evidence.map {
      FitReport.Text(documents: $0.documents, explained: $0.explained, strength: $0.strength)
    }
    return report
  }
}
