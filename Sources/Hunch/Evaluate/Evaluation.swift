import HunchModels

/// What an evaluation lists beside its figures.
public struct EvaluationRequest: Sendable, Equatable {
  /// The documents that deserve a look.
  public var worst: WorstRequest?
  /// Whether to sort documents with gold into buckets.
  public var buckets: Bool
  /// Whether to compare with a classifier of gold labels alone.
  package var comparesGoldOnly = true

  /// Asks for nothing but figures by default.
  public init(worst: WorstRequest? = nil, buckets: Bool = false) {
    self.worst = worst
    self.buckets = buckets
  }

  /// The split that is evaluated where one is asked for, or none.
  ///
  /// - Throws: ``HunchError/noGold(split:)`` or ``HunchError/onlyRepairGold(split:)`` where there is
  ///   nothing to score and nothing to list.
  public func split(_ asked: Split?, of votes: CountedDocuments) throws(HunchError) -> Split {
    let table = votes.table
    guard let split = asked ?? votes.evaluatedSplit,
      table.size(of: split).gold > 0 || worst != nil && table.size(of: split).documents > 0
    else {
      let name = asked?.name ?? "train, valid or test"
      throw table.gold(of: asked, isRepair: true).contains { $0 > 0 }
        ? .onlyRepairGold(split: name) : .noGold(split: name)
    }
    return split
  }
}

extension EvaluateReport {
  /// The policy that evaluation follows, in words.
  static let policy =
    "ties go to the class listed first; 'label model, all' is scored on every document (one without "
    + "votes gets the class balance), 'label model, covered' on those with at least one vote"

  /// What is added where labels are chosen for another class balance.
  static let decisionPolicy =
    "; the label model's labels, and so its accuracy and F1, are those of the decision balance, its "
    + "probabilities those of the class balance"

  /// Scores the label model and the classifier against the gold labels of a split, and of each
  /// slice of it.
  ///
  /// - Parameters:
  ///   - split: The split; `nil` for ``CountedDocuments/evaluatedSplit``.
  ///   - request: What to list beside the figures. With documents to list the split needs no gold
  ///     labels; without them there are no figures.
  /// - Throws: ``HunchError/noGold(split:)`` when the split has none.
  public init(
    _ classifier: TrainedClassifier, split: Split?,
    _ request: EvaluationRequest = EvaluationRequest()
  ) throws {
    try self.init(classifier, split: split, request) { _ in }
  }

  /// - Parameter observe: Gets all rows that are scored, in corpus order.
  init(
    _ trained: TrainedClassifier, split: Split?, _ request: EvaluationRequest,
    _ observe: (ModelRows) -> Void
  ) throws {
    let (project, catalog, options) = (trained.project, trained.catalog, trained.options)
    let (fit, labeling) = (trained.labels.fit, trained.labels.labeling)
    let (classifier, values, table) = (trained.classifier, trained.values, trained.votes.table)
    let lists = request.worst != nil
    let split = try request.split(split, of: trained.votes)
    let documents = table.size(of: split).gold
    let functions = catalog.functions.map(\.name)
    var scores = SplitScores(classCount: project.labels.count)
    var slices = catalog.slices.map { _ in SplitScores(classCount: project.labels.count) }
    var worst = request.worst.map {
      WorstDocuments($0, labels: project.labels, functions: functions, decision: fit.decision)
    }
    var buckets =
      request.buckets && documents > 0
      ? ErrorBuckets(labels: project.labels, functions: functions) : nil
    let baseline =
      documents > 0 && request.comparesGoldOnly
      ? try GoldOnlyTraining.classifier(trained, scoring: split) : nil
    let pass = trained.pass
    let (roles, oneThread) = (table.roles, labeling.onOneThread)
    try pass.run(
      wantsTexts: true, of: [split], wantsFeatures: !values.isEmpty,
      threads: values.isEmpty ? options.threads : 1, cancellation: options.cancellation
    ) { chunk, block in
      let asked = (0..<chunk.count).filter {
        chunk.splits[$0] == split && (lists || roles.isAudit($0, in: chunk))
      }
      let posteriors = oneThread.posteriors(chunk, block, of: asked)
      let rows = try ModelRows(
        chunk, asked.filter { posteriors.isCovered($0) || roles.isAudit($0, in: chunk) }, roles,
        posteriors, classifier, values, goldOnly: baseline?.classifier)
      return (rows: rows, slices: try pass.slices(of: chunk))
    } take: { rows, columns in
      scores.add(rows, gold: rows.gold, fit.decision)
      for (slice, column) in columns.enumerated() where !column.isEmpty {
        let gold = zip(rows.documents, rows.gold).map { column[$0] >= 0 ? $1 : -1 }
        slices[slice].add(rows, gold: gold, fit.decision)
      }
      worst?.add(rows)
      buckets?.add(rows)
      observe(rows)
    }
    self.init(
      split: split.name, documents: documents, labels: project.labels,
      labelModel: scores.labelModel, labelModelAll: scores.labelModelAll,
      classifier: scores.endModel,
      goldOnly: baseline.flatMap { baseline in
        scores.baseline.map { .init(goldDocuments: baseline.goldDocuments, scored: $0) }
      },
      slices: documents == 0
        ? []
        : zip(catalog.slices, slices).map { slice, scores in
          .init(
            name: slice.name, summary: slice.summary, documents: scores.documents,
            labelModel: scores.labelModel, labelModelAll: scores.labelModelAll,
            classifier: scores.endModel)
        },
      policy: fit.decision == .mostProbable ? Self.policy : Self.policy + Self.decisionPolicy,
      worst: worst?.report(hasGold: documents > 0), buckets: buckets?.report(split: split.name),
      workspaceLabels: table.workspaceLabels(of: split))
  }
}
