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

  init(_ votes: CountedDocuments, _ fit: LabelFit) {
    labels = votes.project.labels
    table = votes.table
    self.fit = fit
    pass = votes.pass
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

  /// What a chunk comes to.
  private struct Part: Sendable {
    var chunk: CorpusChunk
    /// Those of the documents that may be learned from, and of the others where somebody looks on.
    var posteriors: ChunkPosteriors
    var others: ChunkPosteriors?
    var covered: Int
    var examples: LabeledTexts
  }

  /// Reads texts with what is known of their classes, in corpus order; several chunks at a time.
  ///
  /// - Parameters:
  ///   - choice: What is learned from, with what documents bring beside their texts; nil for
  ///   documents with a vote and their posteriors, and texts alone.
  ///   - hasher: What hashes texts, as long as `body` answers that it needs the features of all.
  ///   - observe: Gets the posteriors of all documents, be they learned from or not.
  ///   - body: Gets what is learned from.
  /// - Throws: ``HunchError/nothingToLearn(reason:)`` when no document has a vote, or what
  ///   `body` throws.
  func read(
    _ labeling: DocumentLabeling, _ choice: EndModelDocuments? = nil, hasher: FeatureHasher,
    observe: LabelObserver? = nil, _ body: (LabeledTexts) throws -> Bool
  ) throws {
    var covered = 0
    let values = choice?.values
    let wantsValues = values?.isEmpty == false
    var content = values.flatMap { $0.columns.stored.isEmpty ? nil : $0.emptyContent() }
    options.progress.begin(
      "read", unit: "documents", total: pass.layout.reduce(0) { $0 + $1.documents })
    defer { options.progress.end() }
    let hashing = Guarded<FeatureHasher?>(hasher)
    let (labeling, isObserved) = (labeling.onOneThread, observe != nil)
    try pass.run(
      // Whoever asks a service for embeddings asks for one chunk after the other.
      wantsTexts: true, wantsFeatures: wantsValues, threads: wantsValues ? 1 : options.threads,
      cancellation: options.cancellation
    ) { chunk, block in
      let candidates = (0..<chunk.count).filter { isCandidate($0, in: chunk) }
      let posteriors = labeling.posteriors(chunk, block, of: candidates)
      let learned = candidates.filter { posteriors.isCovered($0) }
      var part = Part(
        chunk: chunk, posteriors: posteriors, covered: learned.count, examples: LabeledTexts())
      if isObserved {
        // What is learned from must not depend on whether somebody looks on.
        let others = (0..<chunk.count).filter { !isCandidate($0, in: chunk) }
        if !others.isEmpty { part.others = labeling.posteriors(chunk, block, of: others) }
      }
      let hasher = hashing.withLock { $0 }
      if let choice {
        part.examples = try choice.examples(chunk, posteriors, hasher) {
          isCandidate($0, in: chunk)
        }
      } else {
        part.examples = LabeledTexts(
          chunk.texts.batch(of: learned),
          posteriors: learned.flatMap { posteriors.posterior($0).map(Float.init) })
        part.examples.rows = hasher.map { posteriors.rows(of: learned, in: chunk, by: $0) }
      }
      return part
    } take: { part in
      let chunk = part.chunk
      observe?(chunk) {
        isCandidate($0, in: chunk) ? part.posteriors : part.others ?? part.posteriors
      }
      covered += part.covered
      content?.add(chunk.values.encoded)
      if try !body(part.examples) { hashing.withLock { $0 = nil } }
      options.progress.advance(chunk.count)
    }
    if let content, let values,
      content.finish() != (try values.content(pass, options.cancellation))
    {
      throw try pass.corpus.withChunks(wantsTexts: false) { $0.mismatch }
    }
    if covered == 0 {
      throw HunchError.nothingToLearn(
        reason: "no labeling function votes on any training document")
    }
  }

  /// Trains with progress until done or interrupted.
  func train<Result>(
    _ step: String, _ body: (Parallelism, (TrainingProgress) -> Bool) throws -> Result
  ) throws -> Result {
    options.progress.begin(step, unit: "evaluations")
    defer { options.progress.end() }
    do {
      return try body(Threads.parallelism(options.threads)) { _ in
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
