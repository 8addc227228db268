package import HunchModels

/// The classifier that learned from the probabilistic labels of the covered training documents.
public struct TrainedClassifier: InSession, Sendable {
  let labels: FittedLabels
  package let classifier: TextClassifier
  /// How training went.
  public let report: TrainReport
  /// What documents bring to the classifier beside their texts.
  let values: DocumentValues

  /// Trains it, or takes it from the workspace.
  ///
  /// - Throws: ``HunchError/nothingToLearn(reason:)`` where no training document has a vote;
  ///   ``EmbeddingError/noClient(endpoint:)`` where embeddings have to be fetched and nothing can.
  public init(_ labels: FittedLabels) throws { try self.init(labels, observer: nil) }

  /// - Parameter observer: Gets the posteriors of documents that have to be read.
  init(_ labels: FittedLabels, observer: (any LabelObserver)?) throws {
    self.labels = labels
    values = try DocumentValues(labels.session)
    (classifier, report) = try ClassifierTraining(
      documents: labels.trainingDocuments, labeling: labels.labeling,
      configuration: labels.project.configuration.endModel, values: values
    ).run(ModelStore(workspace: labels.workspace), observer: observer)
  }

  /// Trains it on a session's votes, without asking language models.
  public init(_ session: Session) throws {
    try self.init(FittedLabels(session, training: true))
  }

  /// Where it was made.
  public var session: Session { labels.session }
  var votes: CountedDocuments { labels.votes }
  var pass: VotePass { labels.pass }
}

extension DocumentValues {
  /// Those that a project names.
  fileprivate init(_ session: Session) throws {
    let columns = session.project.configuration.features
    var source: EmbeddingSource?
    if case .endpoint(let url, let model) = columns.embedding {
      source = try EmbeddingSource(
        url: url, model: model, embedder: session.options.embedder,
        store: EmbeddingStore(session.workspace), progress: session.options.progress,
        cancellation: session.options.cancellation)
    }
    self.init(
      columns: columns, embeddings: source,
      contents: columns.stored.isEmpty ? nil : try ColumnContents(session.workspace))
  }
}
