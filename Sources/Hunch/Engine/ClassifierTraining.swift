import HunchModels
import HunchText

/// Trains the end model, or takes it from the workspace when nothing that it depends on changed.
struct ClassifierTraining: Sendable {
  let labels: [String]
  let table: VoteTable
  let fit: LabelFit
  let pass: VotePass
  /// The fingerprints of the labeling functions.
  let fingerprints: [String]
  let options: PipelineOptions

  func run(
    _ models: ModelStore
  ) throws -> (classifier: TextClassifier, report: TrainReport) {
    let start = ContinuousClock.now
    let key = try self.key()
    if let bytes = try models.load(key), let classifier = try? TextClassifier(decoding: bytes) {
      return (classifier, report(classifier, reused: true, since: start))
    }
    let classifier = try train()
    try models.save(classifier.encoded(), key: key)
    return (classifier, report(classifier, reused: false, since: start))
  }

  private func report(
    _ classifier: TextClassifier, reused: Bool, since start: ContinuousClock.Instant
  ) -> TrainReport {
    let summary = classifier.summary
    return TrainReport(
      features: summary.features, documents: summary.documents,
      omittedDocuments: fit.covered > summary.documents ? fit.covered - summary.documents : nil,
      epochs: summary.iterations, reused: reused, seconds: start.duration(to: .now).inSeconds)
  }

  /// Everything that the classifier depends on: documents, splits, votes and label model.
  ///
  /// By content, not by the numbers of the workspace: those are given anew once a chunk is forgotten.
  private func key() throws -> String {
    var hash = ContentHash("classifier-3")
    for label in labels { hash.add(label) }
    for chunk in pass.layout { hash.add(chunk.content(.texts)) }
    for fingerprint in fingerprints { hash.add(fingerprint) }
    hash.add(table.metadata)
    hash.add(fit.model.name)
    for value in fit.model.classBalance + fit.model.rule.parameters {
      hash.add(Int(bitPattern: UInt(truncatingIfNeeded: value.bitPattern)))
    }
    hash.add("\(ClassifierConfiguration())")
    hash.add(options.trainingMemory)
    return hash.finish()
  }

  private func train() throws -> TextClassifier {
    let trainsOnAll = table.size(of: .train).documents == 0
    var trainer = TextClassifierTrainer(labels: labels, memoryLimit: options.trainingMemory)
    var used = 0
    options.progress.begin(
      "read", unit: "documents", total: pass.layout.reduce(0) { $0 + $1.documents })
    try pass.run(wantsTexts: true, cancellation: options.cancellation) { chunk, block in
      let chunkPosteriors = ChunkPosteriors(block, fit.model)
      var batch = TextBatch()
      var posteriors: [Float] = []
      for document in 0..<chunk.count {
        guard trainsOnAll || chunk.splits[document] == .train, chunkPosteriors.isCovered(document)
        else { continue }
        batch.append(repairing: chunk.texts.bytes[chunk.texts.range(at: document)])
        posteriors.append(contentsOf: chunkPosteriors.posterior(document).map(Float.init))
      }
      used += batch.count
      trainer.add(batch, posteriors: posteriors)
      options.progress.advance(chunk.count)
    }
    options.progress.end()
    if used == 0 {
      throw HunchError.nothingToLearn(
        reason: "no labeling function votes on any training document")
    }
    options.progress.begin("train", unit: "evaluations")
    defer { options.progress.end() }
    do {
      return try trainer.train(parallel: Threads.parallelism(options.threads)) { _ in
        options.progress.advance(1)
        return !options.cancellation.isCancelled
      }
    } catch {
      if options.cancellation.isCancelled { throw HunchError.interrupted }
      throw HunchError.nothingToLearn(reason: "\(error)")
    }
  }
}
