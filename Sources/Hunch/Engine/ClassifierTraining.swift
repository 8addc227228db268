import HunchModels

/// Trains the end model, or takes it from the workspace when nothing that it depends on changed.
struct ClassifierTraining: Sendable {
  let documents: TrainingDocuments
  let labeling: DocumentLabeling

  func run(
    _ models: ModelStore
  ) throws -> (classifier: TextClassifier, report: TrainReport) {
    let start = ContinuousClock.now
    var key = try documents.key("classifier-6")
    key.add("\(ClassifierConfiguration())")
    key.add(documents.options.trainingMemory)
    if documents.options.trainsOnAll { key.add("all documents") }
    let name = key.finish()
    if let bytes = try models.load(name), let classifier = try? TextClassifier(decoding: bytes) {
      return (classifier, report(classifier, since: start))
    }
    let (classifier, course) = try train(models)
    try models.save(classifier.encoded(), key: name)
    return (classifier, report(classifier, course, since: start))
  }

  /// How a classifier was trained, which its file does not say.
  private struct Course {
    var method: TrainingMethod
    var isStreaming: Bool
  }

  private func report(
    _ classifier: TextClassifier, _ course: Course? = nil, since start: ContinuousClock.Instant
  ) -> TrainReport {
    let summary = classifier.summary
    let covered = documents.fit.covered
    return TrainReport(
      features: summary.features, documents: summary.documents,
      omittedDocuments: covered > summary.documents ? covered - summary.documents : nil,
      epochs: summary.iterations, method: course?.method.rawValue,
      streamed: course.map(\.isStreaming),
      classShift: classShift.map { Dictionary(uniqueKeysWithValues: zip(documents.labels, $0)) },
      reused: course == nil, seconds: start.duration(to: .now).inSeconds)
  }

  private func train(
    _ models: ModelStore
  ) throws -> (classifier: TextClassifier, course: Course) {
    let options = documents.options
    let classifier: TextClassifier
    let course: Course
    if options.trainsOnAll {
      var trainer = StreamingClassifierTrainer(
        labels: documents.labels, memoryLimit: options.trainingMemory,
        storage: SpillDirectory(workspace: models.workspace.path))
      try documents.read(labeling) { try trainer.add($0, posteriors: $1) }
      course = Course(method: trainer.method, isStreaming: trainer.isStreaming)
      classifier = try documents.train("train") { parallel, progress in
        try trainer.train(parallel: parallel, progress: progress)
      }
    } else {
      var trainer = TextClassifierTrainer(
        labels: documents.labels, memoryLimit: options.trainingMemory)
      try documents.read(labeling) { trainer.add($0, posteriors: $1) }
      course = Course(method: trainer.method, isStreaming: false)
      classifier = try documents.train("train") { parallel, progress in
        try trainer.train(parallel: parallel, progress: progress)
      }
    }
    return (classShift.map { classifier.shifted(by: $0) } ?? classifier, course)
  }

  /// What makes its decisions as frequent as those of the label model; nil where texts tell too
  /// little to say.
  private var classShift: [Double]? { labeling.readsTexts ? labeling.evidence?.classShift : nil }
}

/// Learns what the texts say beside the votes, or takes it from the workspace.
struct EvidenceTraining: Sendable {
  let documents: TrainingDocuments

  func run(_ models: ModelStore) throws -> TextEvidence {
    let name = try documents.key("evidence-3").finish()
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
