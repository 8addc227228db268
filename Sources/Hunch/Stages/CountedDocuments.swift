import HunchModels

/// The votes of a corpus, counted: how often functions vote together, and against gold labels.
public struct CountedDocuments: InSession, Sendable {
  /// The votes that were counted.
  public let applied: AppliedVotes
  let table: VoteTable

  /// Counts them.
  ///
  /// - Complexity: One pass over votes, splits and gold labels; memory as ``VoteTable``.
  init(_ applied: AppliedVotes) throws {
    self.applied = applied
    let session = applied.session
    table = try VoteTable(
      applied.pass, GoldRoles(session.project.configuration, session.handLabels),
      functionCount: session.catalog.functions.count, classCount: session.project.labels.count,
      memory: session.options.patternMemory,
      storage: SpillDirectory(workspace: session.workspace.path))
  }

  /// Where it was made.
  public var session: Session { applied.session }
  var pass: VotePass { applied.pass }

  /// The split that is evaluated when none is named: test, valid or train, the first with gold.
  public var evaluatedSplit: Split? {
    [Split.test, .valid, .train].first { table.size(of: $0).gold > 0 }
  }

  /// The split of the development labels: valid or train, the first with gold; nil where neither has.
  public var developmentSplit: Split? {
    Split.development.first { table.size(of: $0).gold > 0 }
  }
}
