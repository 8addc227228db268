import HunchModels
import HunchText

/// Trains the classifier, or takes it from the workspace when nothing that it depends on changed.
struct ClassifierTraining: Sendable {
  let documents: TrainingDocuments
  let labeling: DocumentLabeling
  let configuration: EndModelConfiguration
  let values: DocumentValues

  /// - Parameter observer: Gets the posteriors of documents that have to be read.
  func run(
    _ models: ModelStore, observer: (any LabelObserver)? = nil
  ) throws -> (classifier: TextClassifier, report: TrainReport) {
    let start = ContinuousClock.now
    var key = try documents.key("classifier-13")
    key.add(labeling.evidence == nil ? "" : EvidenceTraining.version)
    key.add("\(ClassifierConfiguration()) \(configuration) \(documents.table.roles)")
    key.add(documents.options.trainingMemory)
    for name in documents.functions { key.add(name) }
    if !values.isEmpty {
      key.add(try values.content(documents.pass))
    }
    let name = key.finish()
    let stored = try models.classifier(name, labels: documents.labels, columns: values.columns)
    if let classifier = stored {
      return (classifier, report(classifier, reused: true, since: start))
    }
    let classifier = try train(models, observer)
    try models.save(classifier.encoded(), key: name)
    return (classifier, report(classifier, reused: false, since: start))
  }

  private func report(
    _ classifier: TextClassifier, reused: Bool, since start: ContinuousClock.Instant
  ) -> TrainReport {
    let summary = classifier.summary
    return TrainReport(
      features: summary.features, documents: summary.documents,
      omittedDocuments: summary.omitted > 0 ? summary.omitted : nil,
      epochs: summary.iterations, method: summary.method.rawValue,
      stepSearch: summary.stepSearch.map(TrainReport.StepSize.init),
      classShift: classifier.adjustment.map {
        Dictionary(uniqueKeysWithValues: zip(documents.labels, $0.classShift))
      },
      temperature: classifier.adjustment?.temperature,
      goldLearning: classifier.goldLearning.map(GoldLearningReport.init),
      reused: reused, seconds: start.duration(to: .now).inSeconds)
  }

  private func train(
    _ models: ModelStore, _ observer: (any LabelObserver)?
  ) throws -> TextClassifier {
    let asked =
      EndModelDocuments.needsEvidence(configuration)
      ? try labeling.evidence ?? EvidenceTraining(documents: documents).run(models) : nil
    let choice = try EndModelDocuments(
      configuration, documents, labeling, values, evidence: asked)
    // Where texts tell too little to inform the label model, they tell too little for this, too.
    var sample = labeling.readsTexts ? CalibrationSample(documents.labels, values.columns) : nil
    let memory = documents.options.trainingMemory
    let classifier: TextClassifier
    if configuration.streams {
      var trainer = StreamingClassifierTrainer(
        labels: documents.labels, memoryLimit: memory,
        storage: SpillDirectory(workspace: models.workspace.path),
        isParameterFree: configuration.isParameterFree)
      try documents.read(labeling, choice, hasher: trainer.hasher, observer: observer) {
        sample?.add($0)
        try trainer.add($0)
        return true
      }
      documents.pass.kept?.endLearning()
      let adjustment = try sample?.takeAdjustment(documents)
      sample = nil
      classifier = try documents.train("train") { parallel, progress in
        try trainer.train(adjustment: adjustment, parallel: parallel, progress: progress)
      }
    } else {
      var trainer = TextClassifierTrainer(
        labels: documents.labels, columns: values.columns, memoryLimit: memory,
        isParameterFree: configuration.isParameterFree)
      try documents.read(labeling, choice, hasher: trainer.hasher, observer: observer) {
        sample?.add($0)
        trainer.add($0)
        return !trainer.isThinnedOut
      }
      documents.pass.kept?.endLearning()
      let adjustment = try sample?.takeAdjustment(documents)
      sample = nil
      classifier = try documents.train("train") { parallel, progress in
        try trainer.finish(adjustment: adjustment, parallel: parallel, progress: progress)
      }
    }
    return classifier.withProvenance(provenance)
  }

  private var provenance: ModelProvenance {
    // A sum, so that the order of the documents does not matter.
    var texts = ContentHash("texts-2")
    let sum = documents.pass.layout.reduce(0 as UInt128) {
      $0 &+ CorpusChunk.sumOfTexts($1.content(.texts))
    }
    texts.add(String(sum, radix: 16))
    let totals = documents.table.totals(of: nil)
    return ModelProvenance(
      corpus: texts.finish(),
      functions: zip(documents.functions, documents.fingerprints).map {
        ModelProvenance.Function(name: $0, fingerprint: $1)
      },
      labelModel: documents.fit.model.name,
      figures: [
        .init(name: "documents", value: Double(totals.documents)),
        .init(name: "covered", value: Double(totals.covered)),
      ])
  }
}

/// Some of the documents that a classifier learns from, to find out what it says of documents that it
/// has not seen.
private struct CalibrationSample {
  /// The bytes that they may take during training: about 20,000 sentences.
  private static let memoryLimit = 64 << 20

  private var trainer: TextClassifierTrainer

  init(_ labels: [String], _ columns: DenseColumns) {
    // What is found out needs no exact classifiers.
    trainer = TextClassifierTrainer(
      labels: labels, configuration: ClassifierConfiguration(tolerance: 1e-2), columns: columns,
      memoryLimit: Self.memoryLimit)
  }

  mutating func add(_ labeled: LabeledTexts) { trainer.add(labeled) }

  /// See ``TextClassifierTrainer/findAdjustment(parallel:progress:)``.
  mutating func takeAdjustment(_ documents: TrainingDocuments) throws -> ScoreAdjustment? {
    try documents.train("calibrate") { parallel, progress in
      try trainer.findAdjustment(parallel: parallel, progress: progress)
    }
  }
}
