import HunchModels

/// Trains the end model, or takes it from the workspace when nothing that it depends on changed.
struct ClassifierTraining: Sendable {
  let documents: TrainingDocuments
  let labeling: DocumentLabeling

  func run(
    _ models: ModelStore
  ) throws -> (classifier: TextClassifier, report: TrainReport) {
    let start = ContinuousClock.now
    var key = try documents.key("classifier-5")
    key.add("\(ClassifierConfiguration())")
    key.add(documents.options.trainingMemory)
    let name = key.finish()
    if let bytes = try models.load(name), let classifier = try? TextClassifier(decoding: bytes) {
      return (classifier, report(classifier, reused: true, since: start))
    }
    let classifier = try train()
    try models.save(classifier.encoded(), key: name)
    return (classifier, report(classifier, reused: false, since: start))
  }

  private func report(
    _ classifier: TextClassifier, reused: Bool, since start: ContinuousClock.Instant
  ) -> TrainReport {
    let summary = classifier.summary
    let covered = documents.fit.covered
    return TrainReport(
      features: summary.features, documents: summary.documents,
      omittedDocuments: covered > summary.documents ? covered - summary.documents : nil,
      epochs: summary.iterations,
      classShift: classShift.map { Dictionary(uniqueKeysWithValues: zip(documents.labels, $0)) },
      reused: reused, seconds: start.duration(to: .now).inSeconds)
  }

  private func train() throws -> TextClassifier {
    var trainer = TextClassifierTrainer(
      labels: documents.labels, memoryLimit: documents.options.trainingMemory)
    try documents.read(labeling) { trainer.add($0, posteriors: $1) }
    let classifier = try documents.train("train") { parallel, progress in
      try trainer.train(parallel: parallel, progress: progress)
    }
    return classShift.map { classifier.shifted(by: $0) } ?? classifier
  }

  /// What makes its decisions as frequent as those of the label model; nil where texts tell too
  /// little to say.
  private var classShift: [Double]? { labeling.readsTexts ? labeling.evidence?.classShift : nil }
}

/// Learns what the texts say beside the votes, or takes it from the workspace.
struct EvidenceTraining: Sendable {
  let documents: TrainingDocuments

  func run(_ models: ModelStore) throws -> TextEvidence {
    let name = try documents.key("evidence-2").finish()
    if let bytes = try models.load(name), let evidence = try? TextEvidence(decoding: bytes) {
      return evidence
    }
    var trainer = TextEvidenceTrainer(labels: documents.labels)
    let votesAlone = DocumentLabeling(
      model: documents.fit.model, evidence: nil, threads: documents.options.threads)
    try documents.read(votesAlone) { trainer.add($0, posteriors: $1) }
    let evidence = try documents.train("learn from texts") { parallel, progress in
      try trainer.train(parallel: parallel, progress: progress)
    }
    try models.save(evidence.encoded(), key: name)
    return evidence
  }
}
