import HunchModels

/// The label model's labels of all documents, chunk by chunk, packed.
///
/// Training and evaluation compute posteriors of nearly all documents anyway: what they see is
/// collected here, and the corpus is read for the labels alone only where they had nothing to do.
final class LabelCollector: LabelObserver {
  private let decision: DecisionRule
  private let classCount: Int
  private let missingIDs: Set<String>
  private let contents: RunContents
  var missing = Set(Split.allCases)
  /// The labels of each chunk so far.
  private(set) var labels: [[UInt8]] = []
  /// The pieces with ids that no run has stored yet.
  private(set) var ids: [String: [UInt8]] = [:]

  init(
    _ contents: RunContents, _ decision: DecisionRule, classCount: Int, missingIDs: Set<String>
  ) {
    (self.contents, self.decision) = (contents, decision)
    (self.classCount, self.missingIDs) = (classCount, missingIDs)
  }

  func add(_ chunk: CorpusChunk, _ documents: [Int], _ posteriors: ChunkPosteriors) {
    var found = [Int16](repeating: -1, count: chunk.count)
    for document in documents where posteriors.isCovered(document) {
      found[document] = Int16(decision.label(posteriors.posterior(document)))
    }
    let packed = PackedLabels.encode(found, classCount: classCount)
    if chunk.index == labels.count {
      labels.append(packed)
    } else {
      // No label is 0 there.
      labels[chunk.index] = zip(labels[chunk.index], packed).map { $0 | $1 }
    }
    let piece = RunContents.idsPiece(contents.chunks[chunk.index])
    if missingIDs.contains(piece) { ids[piece] = PackedIDs.encode(chunk.ids) }
  }
}

/// Records a run in the workspace.
struct RunRecorder: InSession {
  private let labels: FittedLabels
  private let contents: RunContents
  /// Stands for the label model's labels of all documents.
  private let key: String
  /// Gets the labels while training reads the documents; nil where an earlier run has stored them.
  let collector: LabelCollector?

  init(_ labels: FittedLabels) throws {
    self.labels = labels
    contents = RunContents(labels.pass.layout)
    key = try Self.key(labels, contents)
    let store = RunStore(labels.session)
    collector = try store.labels(key: key) == nil ? Self.collector(labels, contents, store) : nil
  }

  var session: Session { labels.session }

  /// Records the run.
  ///
  /// - Returns: The run as it is stored, and how it differs from the last recorded one where that
  ///   had another content.
  func record(
    _ analysis: AnalyzeReport, _ fit: FitReport, _ evaluation: EvaluateReport?,
    _ scored: [ScoredDocument]
  ) throws -> RunOutcome {
    let store = RunStore(session)
    let previous = try RunStore.unlessDamaged { try store.runs(limit: 1).first }
    var pieces: [String: [UInt8]] = [:]
    func name(_ kind: String, _ bytes: [UInt8]) -> String {
      var hash = ContentHash(kind)
      hash.add(bytes)
      let name = "\(kind) \(hash.finish())"
      pieces[name] = bytes
      return name
    }
    var labels = try store.labels(key: key)
    if labels == nil {
      let collector = try collectedLabels(store)
      pieces = collector.ids
      labels = name(
        "list", Array(collector.labels.map { name("labels", $0) + "\n" }.joined().utf8))
    }
    var run = RunRecord(
      number: 0, started: "", last: "", times: 1, configuration: RunSettings.of(project),
      functions: RunRecord.Function.all(catalog.functions, analysis, fit),
      totals: RunRecord.Totals(analysis, fit, evaluation, labels: project.labels), labelsKey: key,
      pieces: RunRecord.Pieces(
        contents: name("contents", contents.encoded), labels: labels ?? "",
        scores: name("scores", ScoredDocument.encode(scored))))
    run.configuration["labels_by_hand"] = try handLabelWords()
    run.identity = try identity(run)
    let stored = try store.add(run, pieces: pieces)
    guard let previous, previous.identity != stored.identity else {
      return RunOutcome(run: stored, comparison: nil)
    }
    let comparison = try RunStore.unlessDamaged {
      try RunComparer(
        store: store, votes: nil, parallel: Threads.parallelism(options.threads)
      ).compare(previous, stored, RunComparisonRequest(count: 0))
    }
    return RunOutcome(run: stored, comparison: comparison)
  }

  /// The labels of the workspace in words, with what tells them from others; nil without.
  private func handLabelWords() throws -> String? {
    let labels = try LabelStore(workspace: workspace).all().labels
    if labels.isEmpty { return nil }
    var hash = ContentHash("labels-by-hand-1")
    for label in labels.sorted(by: { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }) {
      for part in [label.id, label.label, label.use.name] { hash.add(part) }
    }
    let audit = labels.count { $0.use == .audit }
    return "\(audit) audit, \(labels.count - audit) repair (\(hash.finish().prefix(8)))"
  }

  /// Everything that the label model's labels depend on: documents, votes and fit.
  private static func key(_ labels: FittedLabels, _ contents: RunContents) throws -> String {
    var hash = try labels.trainingDocuments.key("run-labels-2")
    hash.add(labels.labeling.evidence == nil ? "" : EvidenceTraining.version)
    hash.add(contents.encoded)
    for value in labels.fit.decisionBalance {
      hash.add(Int(bitPattern: UInt(truncatingIfNeeded: value.bitPattern)))
    }
    return hash.finish()
  }

  private static func collector(
    _ labels: FittedLabels, _ contents: RunContents, _ store: RunStore
  ) throws -> LabelCollector {
    LabelCollector(
      contents, labels.fit.decision, classCount: labels.project.labels.count,
      missingIDs: Set(try store.missing(contents.chunks.map(RunContents.idsPiece))))
  }

  /// The labels of all documents; reads the corpus where nobody did.
  private func collectedLabels(_ store: RunStore) throws -> LabelCollector {
    let collector = try collector ?? Self.collector(labels, contents, store)
    if collector.missing.isEmpty { return collector }
    let (labeling, splits) = (labels.labeling, collector.missing)
    let needs = labeling.readsTexts ? PassNeeds(texts: splits) : .votes
    try labels.pass.run(needs) { chunk, block in
      let documents = chunk.documents { splits.contains(chunk.splits[$0]) }
      return (chunk, documents, labeling.posteriors(chunk, block, of: documents))
    } take: {
      collector.add($0, $1, $2)
    }
    return collector
  }

  /// Stands for all that a run is but time and number.
  private func identity(_ run: RunRecord) throws -> String {
    var hash = ContentHash("run-1")
    for (key, value) in run.configuration.sorted(by: { $0.key < $1.key }) {
      hash.add(key)
      hash.add(value)
    }
    hash.add(Array(try ReportJSON.encode(run.functions)))
    hash.add(Array(try ReportJSON.encode(run.totals)))
    for piece in [run.pieces?.contents, run.pieces?.labels, run.pieces?.scores] {
      hash.add(piece ?? "")
    }
    return hash.finish()
  }
}

/// What became of a run in the workspace's list of runs.
public struct RunOutcome: Sendable {
  /// The run as it is stored; one that is the same as the last is not stored again, and `times`
  /// says how often it was done.
  public var run: RunRecord
  /// How it differs from the last run before it, without single documents; nil where there is none or
  /// it is the same.
  public var comparison: RunComparison?
}

extension RunStore {
  init(_ session: Session) {
    self.init(workspace: session.workspace, keptBytes: session.options.runBytes)
  }
}

extension Session {
  /// The recorded runs.
  package var history: RunHistory { RunHistory(project, workspace) }
}
