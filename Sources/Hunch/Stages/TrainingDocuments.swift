import HunchModels
import HunchText

/// The documents that classifiers learn from: those of the train split with a vote, or all with a
/// vote where that split has no documents.
struct TrainingDocuments: Sendable {
  let labels: [String]
  let table: VoteTable
  let fit: LabelFit
  let pass: VotePass
  /// The names of the labeling functions, and their fingerprints.
  let functions: [String]
  let fingerprints: [String]
  let options: SessionOptions
  /// Whether the train split has no documents, so that all are learned from.
  let readsAll: Bool

  /// - Parameter kept: Where features of documents are kept that were hashed; nil where nobody asks
  ///   again.
  init(_ votes: CountedDocuments, _ fit: LabelFit, _ kept: KeptFeatures?) {
    labels = votes.project.labels
    table = votes.table
    self.fit = fit
    var pass = votes.pass
    pass.kept = kept
    self.pass = pass
    functions = votes.catalog.functions.map(\.name)
    fingerprints = votes.catalog.functions.map(\.fingerprint)
    options = votes.options
    readsAll = table.size(of: .train).documents == 0
  }

  /// Everything that what is learned depends on: documents, splits, votes and label model.
  ///
  /// By content, not by the numbers of the workspace: those are given anew once a chunk is forgotten.
  ///
  /// - Parameter kind: What is learned, with a version of how.
  func key(_ kind: String) throws -> ContentHash {
    var hash = ContentHash(kind)
    for label in labels { hash.add(label) }
    for chunk in pass.layout { hash.add(chunk.content(.texts)) }
    for fingerprint in fingerprints { hash.add(fingerprint) }
    hash.add(table.learned)
    hash.add(fit.model.name)
    for value in fit.model.classBalance + fit.model.rule.parameters {
      hash.add(Int(bitPattern: UInt(truncatingIfNeeded: value.bitPattern)))
    }
    return hash
  }

  /// Whether a document is learned from if it has a vote.
  func isCandidate(_ document: Int, in chunk: CorpusChunk) -> Bool {
    readsAll || chunk.splits[document] == .train
  }

  /// Whether a document is one whose features are kept for later.
  private func isKept(
    _ document: Int, in chunk: CorpusChunk, _ posteriors: ChunkPosteriors, _ kept: KeptFeatures
  ) -> Bool {
    isCandidate(document, in: chunk) && posteriors.isCovered(document)
      || table.roles.isRepair(document, in: chunk)
      || kept.scored.contains(chunk.splits[document]) && table.roles.isAudit(document, in: chunk)
  }

  /// Hashes the documents of a chunk whose features are kept for later, while they are wanted.
  private func keep(
    _ chunk: inout CorpusChunk, _ posteriors: ChunkPosteriors, _ hasher: FeatureHasher
  ) {
    guard let kept = pass.kept, kept.isFilling else { return }
    let documents = (0..<chunk.count).filter { isKept($0, in: chunk, posteriors, kept) }
    chunk.features = ChunkFeatures(hasher, documents, chunk.rows(of: documents, by: hasher))
  }

  /// The splits of documents that may be learned from.
  var splits: Set<Split> { readsAll ? Set(Split.allCases) : [.train] }

  /// The splits that are learned from with the repair gold of others.
  private var splitsWithRepairGold: Set<Split> {
    splits.union(Split.allCases.filter { table.gold(of: $0, isRepair: true).contains { $0 > 0 } })
  }

  /// What a chunk comes to.
  private struct Part: Sendable {
    var chunk: CorpusChunk
    var posteriors: ChunkPosteriors
    /// The documents whose posteriors are known.
    var observed: [Int]
    var covered: Int
    var examples: LabeledTexts
  }

  /// Reads texts with what is known of their classes, in corpus order; several chunks at a time.
  ///
  /// Features are those that are kept, or are kept from here on, where ``VotePass/kept`` wants them.
  ///
  /// - Parameters:
  ///   - choice: What is learned from, with what documents bring beside their texts; nil for
  ///   documents with a vote and their posteriors, and texts alone.
  ///   - folds: How functions are dealt; then documents count on which one of them votes. Nil where
  ///   nobody asks.
  ///   - hasher: What hashes texts, as long as `body` answers that it needs the features of all.
  ///   - observer: Gets the posteriors of the documents that may be learned from, and of all where
  ///   these need no texts.
  ///   - body: Gets what is learned from.
  /// - Throws: ``HunchError/nothingToLearn(reason:)`` when no document has a vote, or what
  ///   `body` throws.
  func read(
    _ labeling: DocumentLabeling, _ choice: EndModelDocuments? = nil,
    folds: FunctionFolds? = nil, hasher: FeatureHasher,
    observer: (any LabelObserver)? = nil, _ body: (LabeledTexts) throws -> Bool
  ) throws {
    var covered = 0
    let values = choice?.values
    var content = values.flatMap { $0.columns.stored.isEmpty ? nil : $0.emptyContent() }
    options.progress.begin(
      "read", unit: "documents", total: pass.layout.reduce(0) { $0 + $1.documents })
    defer { options.progress.end() }
    let wantsAll = Guarded(true)
    let kept = pass.kept
    let isKeeping = kept?.isFilling == true && (choice == nil || kept?.scored.isEmpty == false)
    let read = choice == nil && !isKeeping ? splits : splitsWithRepairGold
    var needs = PassNeeds(features: read).union(values?.needs(of: read) ?? .votes)
    if choice?.takesUncovered == true { needs.texts.formUnion(read) }
    try pass.run(needs) { chunk, block in
      var chunk = chunk
      let candidates = (0..<chunk.count).filter { isCandidate($0, in: chunk) }
      let posteriors = labeling.posteriors(chunk, block, of: candidates)
      chunk.features = chunk.features ?? posteriors.features
      if isKeeping { keep(&chunk, posteriors, hasher) }
      // Once there are too many documents, only those that are taken are hashed.
      let hasher = chunk.features != nil || wantsAll.withLock { $0 } ? hasher : nil
      let marks = folds?.marks(of: posteriors.patterns)
      let learned = candidates.filter {
        posteriors.isCovered($0) && marks?[Int(posteriors.ids[$0])] != 0
      }
      var examples =
        try choice?.examples(chunk, posteriors, hasher) { isCandidate($0, in: chunk) }
        ?? LabeledTexts(
          chunk, learned, hasher,
          posteriors: learned.flatMap { posteriors.posterior($0).map(Float.init) })
      if let marks { examples.functionFolds = learned.map { marks[Int(posteriors.ids[$0])] } }
      return Part(
        chunk: chunk, posteriors: posteriors,
        observed: labeling.readsTexts ? candidates : Array(0..<chunk.count),
        covered: learned.count, examples: examples)
    } take: { part in
      observer?.add(part.chunk, part.observed, part.posteriors)
      if isKeeping, let features = part.chunk.features { kept?.add(features) }
      covered += part.covered
      content?.add(part.chunk.values.encoded)
      if try !body(part.examples) { wantsAll.withLock { $0 = false } }
      options.progress.advance(part.chunk.count)
    }
    if isKeeping { kept?.finish() }
    observer?.missing.subtract(labeling.readsTexts ? splits : Set(Split.allCases))
    if let content, let values,
      content.finish() != (try values.content(pass))
    {
      throw try pass.corpus.withChunks(wantsTexts: false) { $0.mismatch }
    }
    if covered == 0 {
      throw HunchError.nothingToLearn(
        reason: "no labeling function votes on any training document")
    }
  }

  /// Reads the texts of documents that may be learned from, with or without a vote.
  ///
  /// Features are kept from here on, where ``VotePass/kept`` wants them.
  func read(_ trainer: inout LatentSemanticsTrainer) throws {
    options.progress.begin(
      "read", unit: "documents", total: pass.layout.reduce(0) { $0 + $1.documents })
    defer { options.progress.end() }
    let isKeeping = pass.kept?.isFilling == true
    let hasher = trainer.hasher
    let greatest = Guarded(trainer.greatestRank)
    try pass.run(PassNeeds(features: isKeeping ? splitsWithRepairGold : splits)) { chunk, block in
      var chunk = chunk
      if isKeeping { keep(&chunk, ChunkPosteriors(block, fit.model), hasher) }
      let most = greatest.withLock { $0 }
      let taken = (0..<chunk.count).filter {
        isCandidate($0, in: chunk) && chunk.ids[$0].rank <= most
      }
      let (count, ranks) = (chunk.count, taken.map { chunk.ids[$0].rank })
      return (count, chunk.rows(of: taken, by: hasher), ranks, chunk.features)
    } take: { count, rows, ranks, features in
      trainer.add(rows, ranks: ranks)
      greatest.withLock { $0 = trainer.greatestRank }
      if isKeeping, let features { pass.kept?.add(features) }
      options.progress.advance(count)
    }
    if isKeeping { pass.kept?.finish() }
  }

  /// Trains with progress until done or interrupted.
  func train<Result>(
    _ step: String, _ body: (Parallelism, @Sendable (TrainingProgress) -> Bool) throws -> Result
  ) throws -> Result {
    // Reading took other blocks than training does.
    ProcessMemory.giveBack()
    options.progress.begin(step, unit: "evaluations")
    defer { options.progress.end() }
    do {
      return try body(Threads.parallelism(options.threads)) { [options] _ in
        options.progress.advance(1)
        return !options.cancellation.isCancelled
      }
    } catch let error as HunchError {
      throw error
    } catch {
      if options.cancellation.isCancelled { throw HunchError.interrupted }
      throw HunchError.nothingToLearn(reason: "\(error)")
    }
  }
}

extension LabeledTexts {
  /// Some documents of a chunk: their features, or without a hasher their texts.
  init(_ chunk: CorpusChunk, _ documents: [Int], _ hasher: FeatureHasher?, posteriors: [Float]) {
    self.init(
      hasher == nil ? chunk.texts.batch(of: documents) : TextBatch(), posteriors: posteriors)
    rows = hasher.map { chunk.rows(of: documents, by: $0) }
    ranks = documents.map { chunk.ids[$0].rank }
  }
}
