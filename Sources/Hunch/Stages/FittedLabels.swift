import HunchModels

/// The probabilistic labels of a project's documents: how far the label model trusts each function,
/// and what texts say beside the votes where the model takes these into account.
public struct FittedLabels: InSession, Sendable {
  let votes: CountedDocuments
  let fit: LabelFit
  /// How documents get their labels.
  let labeling: DocumentLabeling
  /// The features of documents that were hashed for them, for whoever trains next; nil where nobody does.
  private let kept: KeptFeatures?

  /// Learns them.
  ///
  /// - Parameter training: Whether a classifier is trained next: then features of texts are kept until
  ///   it is, instead of those of a sample.
  /// - Throws: ``HunchError`` or another ``ReportableError``.
  public init(_ votes: CountedDocuments, training: Bool = false) throws {
    self.votes = votes
    kept = training ? KeptFeatures(votes) : nil
    let session = votes.session
    let models = ModelStore(workspace: session.workspace)
    fit = try LabelFit(
      votes.table, session.project, functions: session.catalog.functions.map(\.name),
      evidence: VoteEvidence(session.catalog, labels: session.project.labels, models: models))
    var evidence: TextEvidence?
    if fit.readsTexts, fit.covered > 0 {
      evidence = try EvidenceTraining(documents: TrainingDocuments(votes, fit, kept)).run(models)
    }
    labeling = DocumentLabeling(model: fit.model, evidence: evidence)
  }

  /// Learns them from a session's votes, without asking language models.
  public init(_ session: Session, training: Bool = false) throws {
    try self.init(AppliedVotes(session).counted(), training: training)
  }

  /// Where it was made.
  public var session: Session { votes.session }
  var table: VoteTable { votes.table }
  var pass: VotePass { trainingDocuments.pass }
  var trainingDocuments: TrainingDocuments { TrainingDocuments(votes, fit, kept) }

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

extension KeptFeatures {
  /// Those of the documents that a classifier learns from and is scored on.
  fileprivate convenience init(_ votes: CountedDocuments) {
    let scored = [votes.evaluatedSplit, votes.developmentSplit].compactMap(\.self)
    let learnsFromAll = votes.table.size(of: .train).documents == 0
    self.init(
      scored: Set(scored.filter { learnsFromAll || $0 == .train }),
      limit: votes.options.trainingMemory)
  }
}
