import HunchModels
import HunchText

/// The documents that classifiers learn from: those of the train split with a vote, or all with a
/// vote where that split has no documents.
struct TrainingDocuments: Sendable {
  let labels: [String]
  let table: VoteTable
  let fit: LabelFit
  let pass: VotePass
  /// The fingerprints of the labeling functions.
  let fingerprints: [String]
  let options: PipelineOptions

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
    hash.add(table.metadata)
    hash.add(fit.model.name)
    for value in fit.model.classBalance + fit.model.rule.parameters {
      hash.add(Int(bitPattern: UInt(truncatingIfNeeded: value.bitPattern)))
    }
    return hash
  }

  /// Reads texts and posteriors, chunk by chunk.
  ///
  /// - Throws: ``HunchError/nothingToLearn(reason:)`` when no document has a vote, or what `body`
  ///   throws.
  func read(
    _ labeling: DocumentLabeling, _ body: (TextBatch, _ posteriors: [Float]) throws -> Void
  ) throws {
    let readsAll = table.size(of: .train).documents == 0
    var used = 0
    options.progress.begin(
      "read", unit: "documents", total: pass.layout.reduce(0) { $0 + $1.documents })
    defer { options.progress.end() }
    try pass.run(wantsTexts: true, cancellation: options.cancellation) { chunk, block in
      let candidates = (0..<chunk.count).filter { readsAll || chunk.splits[$0] == .train }
      let chunkPosteriors = labeling.posteriors(chunk, block, of: candidates)
      var batch = TextBatch()
      var posteriors: [Float] = []
      for document in candidates where chunkPosteriors.isCovered(document) {
        batch.append(repairing: chunk.texts.bytes[chunk.texts.range(at: document)])
        posteriors.append(contentsOf: chunkPosteriors.posterior(document).map(Float.init))
      }
      used += batch.count
      try body(batch, posteriors)
      options.progress.advance(chunk.count)
    }
    if used == 0 {
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
