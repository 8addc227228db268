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
}

extension Pipeline {
  /// The policy that evaluation follows, in words.
  static let policy =
    "ties go to the class listed first; 'label model, all' is scored on every document (one without "
    + "votes gets the class balance), 'label model, covered' on those with at least one vote"

  /// What is added where labels are chosen for another class balance.
  static let decisionPolicy =
    "; the label model's labels, and so its accuracy and F1, are those of the decision balance, its "
    + "probabilities those of the class balance"

  /// The split that is evaluated when none is named: test, valid or train, the first with gold.
  public func defaultEvaluationSplit() throws -> Split? {
    let table = try voteTable()
    return [Split.test, .valid, .train].first { table.size(of: $0).gold > 0 }
  }

  /// The split of the development labels: valid or train, the first with gold; nil where neither has.
  public func developmentSplit() throws -> Split? {
    let table = try voteTable()
    return Split.development.first { table.size(of: $0).gold > 0 }
  }

  /// Scores the label model and the classifier against the gold labels of a split, and of each
  /// slice of it.
  ///
  /// - Parameters:
  ///   - split: The split; `nil` for ``defaultEvaluationSplit()``.
  ///   - request: What to list beside the figures. With documents to list the split needs no gold
  ///     labels; without them there are no figures.
  /// - Throws: ``HunchError/noGold(split:)`` when the split has none.
  public func evaluate(
    split: Split?, _ request: EvaluationRequest = EvaluationRequest()
  ) throws -> EvaluateReport {
    try evaluate(split: split, request) { _ in }
  }

  /// Shows all rows that are scored to an observer, in corpus order.
  func evaluate(
    split: Split?, _ request: EvaluationRequest, _ observe: (ModelRows) -> Void
  ) throws -> EvaluateReport {
    let table = try voteTable()
    let lists = request.worst != nil
    guard let split = try split ?? defaultEvaluationSplit(),
      table.size(of: split).gold > 0 || lists && table.size(of: split).documents > 0
    else {
      let name = split?.name ?? "train, valid or test"
      throw table.gold(of: split, isRepair: true).contains { $0 > 0 }
        ? HunchError.onlyRepairGold(split: name) : .noGold(split: name)
    }
    let documents = table.size(of: split).gold
    let fit = try labelFit()
    let functions = catalog.functions.map(\.name)
    var scores = SplitScores(classCount: project.labels.count)
    var slices = catalog.slices.map { _ in SplitScores(classCount: project.labels.count) }
    var worst = request.worst.map {
      WorstDocuments($0, labels: project.labels, functions: functions, decision: fit.decision)
    }
    var buckets =
      request.buckets && documents > 0
      ? ErrorBuckets(labels: project.labels, functions: functions) : nil
    let labeling = try labeling()
    let classifier = try classifier().classifier
    let baseline = documents > 0 && request.comparesGoldOnly ? try goldOnly(scoring: split) : nil
    let values = try documentValues()
    let pass = try votePass()
    try pass.run(
      wantsTexts: true, wantsFeatures: !values.isEmpty, cancellation: options.cancellation
    ) { chunk, block in
      let asked = (0..<chunk.count).filter {
        chunk.splits[$0] == split && (lists || table.roles.isAudit($0, in: chunk))
      }
      let posteriors = labeling.posteriors(chunk, block, of: asked)
      let rows = try ModelRows(
        chunk,
        asked.filter { posteriors.isCovered($0) || table.roles.isAudit($0, in: chunk) },
        table.roles, posteriors, classifier, values)
      scores.add(rows, gold: rows.gold, fit.decision, baseline?.classifier)
      for (slice, column) in try pass.slices(of: chunk).enumerated() where !column.isEmpty {
        let gold = zip(rows.documents, rows.gold).map { column[$0] >= 0 ? $1 : -1 }
        slices[slice].add(rows, gold: gold, fit.decision)
      }
      worst?.add(rows)
      buckets?.add(rows)
      observe(rows)
    }
    return EvaluateReport(
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
