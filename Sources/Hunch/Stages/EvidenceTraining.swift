import HunchModels

/// Learns what the texts say beside the votes, or takes it from the workspace.
struct EvidenceTraining: Sendable {
  /// Changes whenever the same votes and texts come to other evidence; what depends on that adds it to
  /// its key.
  static let version = "evidence-9"

  let documents: TrainingDocuments

  func run(_ models: ModelStore) throws -> TextEvidence {
    let semantics = try SemanticsTraining(documents: documents).run(models)
    let name = try documents.key(Self.version).finish()
    if let bytes = try models.load(name),
      let evidence = try? TextEvidence(
        decoding: bytes, semantics: semantics, classCount: documents.labels.count)
    {
      return evidence
    }
    var trainer = TextEvidenceTrainer(labels: documents.labels, semantics: semantics)
    let votesAlone = DocumentLabeling(model: documents.fit.model, evidence: nil)
    let votes = documents.table.votes(of: documents.fit.split)
    let folds = try FunctionFolds(votes, without: documents.fit.model.solitary)
    try documents.read(votesAlone, folds: folds, hasher: trainer.hasher) {
      trainer.add($0)
      return !trainer.isThinnedOut
    }
    let evidence = try documents.train("learn from texts") { parallel, progress in
      try trainer.train(parallel: parallel, progress: progress)
    }
    try models.save(evidence.encoded(), key: name)
    return evidence
  }
}

/// Learns which texts are about the same, with or without a vote, or takes it from the workspace.
struct SemanticsTraining: Sendable {
  let documents: TrainingDocuments

  func run(_ models: ModelStore) throws -> LatentSemantics {
    var key = ContentHash("semantics-1")
    for chunk in documents.pass.layout { key.add(chunk.content(.texts)) }
    key.add(documents.table.splits)
    let name = key.finish()
    if let bytes = try models.load(name), let semantics = try? LatentSemantics(decoding: bytes) {
      return semantics
    }
    var trainer = LatentSemanticsTrainer()
    try documents.read(&trainer)
    let semantics = try documents.train("compare texts") { parallel, _ in
      trainer.finish(parallel: parallel)
    }
    try models.save(semantics.encoded(), key: name)
    return semantics
  }
}
