import HunchModels

/// Reads documents for all that is asked once a classifier is trained: scores splits, gathers what a
/// classifier of gold labels alone learns from, and labels documents for whoever looks on. Each text is
/// hashed once for all of them.
struct ScoringPass {
  private let labeling: DocumentLabeling
  private let hasher: FeatureHasher
  private(set) var evaluations: [SplitEvaluation]
  private let observer: (any LabelObserver)?

  /// - Parameter observer: Who gets the labels of documents.
  init(
    _ trained: TrainedClassifier, _ evaluations: [SplitEvaluation],
    _ observer: (any LabelObserver)?
  ) {
    (labeling, hasher) = (trained.labels.labeling, trained.classifier.hasher)
    (self.evaluations, self.observer) = (evaluations, observer)
  }

  /// What a chunk comes to.
  private struct Part: Sendable {
    var chunk: CorpusChunk
    var observed: [Int]
    var posteriors: ChunkPosteriors
    var scored: [SplitEvaluation.Rows]
    var learned: LabeledTexts?
  }

  /// Reads the corpus.
  ///
  /// - Parameters:
  ///   - learning: What learns from gold labels alone; nil where nothing does.
  ///   - splits: Those whose labels the observer gets; nil for those whose texts are read anyway and
  ///     that it misses.
  ///   - learn: Gets what is learned from.
  mutating func run(
    _ pass: VotePass, _ learning: GoldOnlyTraining? = nil, observing splits: Set<Split>? = nil,
    learn: (LabeledTexts) -> Void = { _ in }
  ) throws {
    var needs = evaluations.reduce(learning?.needs ?? .votes) { $0.union($1.needs) }
    let observed = splits ?? needs.texts.intersection(observer?.missing ?? [])
    if labeling.readsTexts { needs.texts.formUnion(observed) }
    let (labeling, hasher, evaluations) = (labeling, hasher, evaluations)
    try pass.run(needs) { chunk, block in
      var chunk = chunk
      let asked = evaluations.map { $0.documents(chunk) }
      let seen = chunk.documents { observed.contains(chunk.splits[$0]) }
      let posteriors = labeling.posteriors(
        chunk, block, of: chunk.union(asked + (labeling.readsTexts ? [seen] : [])))
      let scored = zip(evaluations, asked).map { $0.scored($1, chunk, posteriors) }
      let learned = learning.map { learning in
        chunk.documents { learning.isLearned($0, in: chunk) }
      }
      let hashed = chunk.union(scored + [learned ?? [], posteriors.features?.documents ?? []])
      chunk.features = chunk.features ?? posteriors.features
      chunk.features = ChunkFeatures(hasher, hashed, chunk.rows(of: hashed, by: hasher))
      return Part(
        chunk: chunk, observed: seen, posteriors: posteriors,
        scored: try zip(evaluations, scored).map { try $0.rows($1, chunk, posteriors) },
        learned: try learned.flatMap { try learning?.examples(chunk, $0, hasher) })
    } take: { part in
      for (index, rows) in part.scored.enumerated() { self.evaluations[index].take(rows) }
      if let learned = part.learned { learn(learned) }
      observer?.add(part.chunk, part.observed, part.posteriors)
    }
    observer?.missing.subtract(observed)
  }
}

/// Scores the models on the gold labels of a split and of each slice of it, and lists documents.
struct SplitEvaluation: Sendable {
  let split: Split
  private let trained: TrainedClassifier
  /// Whether documents without gold labels are listed, too.
  private let lists: Bool
  /// The documents with gold labels that measure.
  private let documents: Int
  private var scores: SplitScores
  private var slices: [SplitScores]
  private var worst: WorstDocuments?
  private var buckets: ErrorBuckets?
  /// What the classifier says of documents with gold labels; nil where nobody asks how sure it has to be.
  private(set) var ranked: RankedPredictions?
  /// Gets what a recorded run says of documents; nil where none is recorded.
  private(set) var scored: ScoredDocuments?
  /// What learns the classifier of gold labels alone; nil where that is not compared with.
  let baseline: GoldOnlyTraining?
  /// That classifier.
  var goldOnly: TextClassifier?

  /// What a chunk comes to, and for each slice which documents belong to it.
  typealias Rows = (rows: ModelRows, slices: [[Int16]])

  /// - Parameter isRecorded: Whether ``scored`` is wanted.
  /// - Throws: ``HunchError/noGold(split:)`` where there is nothing to score and nothing to list.
  init(
    _ trained: TrainedClassifier, _ split: Split?, _ request: EvaluationRequest,
    isRecorded: Bool = false
  ) throws {
    let split = try request.split(split, of: trained.votes)
    let (labels, functions) = (trained.project.labels, trained.catalog.functions.map(\.name))
    let decision = trained.labels.fit.decision
    (self.trained, self.split, lists) = (trained, split, request.worst != nil)
    documents = trained.votes.table.size(of: split).gold
    scores = SplitScores(classCount: labels.count)
    slices = trained.catalog.slices.map { _ in SplitScores(classCount: labels.count) }
    worst = request.worst.map {
      WorstDocuments($0, labels: labels, functions: functions, decision: decision)
    }
    buckets =
      request.buckets && documents > 0
      ? ErrorBuckets(labels: labels, functions: functions) : nil
    ranked = request.precision.map { _ in RankedPredictions(classCount: labels.count) }
    scored = isRecorded ? ScoredDocuments(decision) : nil
    baseline =
      documents > 0 && request.comparesGoldOnly ? GoldOnlyTraining(trained, scoring: split) : nil
  }

  private var roles: GoldRoles { trained.votes.table.roles }

  /// What a pass reads for it.
  var needs: PassNeeds {
    let isKept = trained.pass.kept?.scored.contains(split) == true && !lists
    return PassNeeds(texts: isKept ? [] : [split], features: isKept ? [split] : [])
      .union(trained.values.needs(of: [split]))
  }

  /// The documents whose posteriors are asked for.
  func documents(_ chunk: CorpusChunk) -> [Int] {
    chunk.documents {
      chunk.splits[$0] == split && (lists || roles.isAudit($0, in: chunk))
    }
  }

  /// Those of them that are scored or listed.
  func scored(
    _ documents: [Int], _ chunk: CorpusChunk, _ posteriors: ChunkPosteriors
  ) -> [Int] {
    documents.filter { posteriors.isCovered($0) || roles.isAudit($0, in: chunk) }
  }

  /// What the models say of documents.
  func rows(
    _ documents: [Int], _ chunk: CorpusChunk, _ posteriors: ChunkPosteriors
  ) throws -> Rows {
    let rows = try ModelRows(
      chunk, documents, roles, posteriors, trained.classifier, trained.values, goldOnly: goldOnly)
    return (rows, try trained.pass.slices(of: chunk))
  }

  /// Takes what the next chunk comes to.
  mutating func take(_ part: Rows) {
    let (rows, decision) = (part.rows, trained.labels.fit.decision)
    scores.add(rows, gold: rows.gold, decision)
    for (slice, column) in part.slices.enumerated() where !column.isEmpty {
      let gold = zip(rows.documents, rows.gold).map { column[$0] >= 0 ? $1 : -1 }
      slices[slice].add(rows, gold: gold, decision)
    }
    worst?.add(rows)
    buckets?.add(rows)
    ranked?.add(rows.probabilities, gold: rows.gold)
    scored?.add(rows)
  }

  /// The figures and lists, once all chunks are taken.
  var report: EvaluateReport {
    let policy = EvaluateReport.policy
    return EvaluateReport(
      split: split.name, documents: documents, labels: trained.project.labels,
      labelModel: scores.labelModel, labelModelAll: scores.labelModelAll,
      classifier: scores.endModel,
      goldOnly: baseline.flatMap { baseline in
        scores.baseline.map { .init(goldDocuments: baseline.goldDocuments, scored: $0) }
      },
      slices: documents == 0
        ? []
        : zip(trained.catalog.slices, slices).map { slice, scores in
          .init(
            name: slice.name, summary: slice.summary, documents: scores.documents,
            labelModel: scores.labelModel, labelModelAll: scores.labelModelAll,
            classifier: scores.endModel)
        },
      policy: trained.labels.fit.decision == .mostProbable
        ? policy : policy + EvaluateReport.decisionPolicy,
      worst: worst?.report(hasGold: documents > 0), buckets: buckets?.report(split: split.name),
      workspaceLabels: trained.votes.table.workspaceLabels(of: split))
  }
}
