import HunchModels
import HunchText

/// Trains the end model, or takes it from the workspace when nothing that it depends on changed.
struct ClassifierTraining: Sendable {
  let documents: TrainingDocuments
  let labeling: DocumentLabeling

  func run(
    _ models: ModelStore
  ) throws -> (classifier: TextClassifier, report: TrainReport) {
    let start = ContinuousClock.now
    var key = try documents.key("classifier-6")
    key.add("\(ClassifierConfiguration()) \(documents.table.roles)")
    key.add(documents.options.trainingMemory)
    for name in documents.functions { key.add(name) }
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
      classShift: classifier.adjustment.map {
        Dictionary(uniqueKeysWithValues: zip(documents.labels, $0.classShift))
      },
      temperature: classifier.adjustment?.temperature,
      calibrationGold: classifier.adjustment?.goldDocuments,
      reused: reused, seconds: start.duration(to: .now).inSeconds)
  }

  private func train() throws -> TextClassifier {
    var trainer = TextClassifierTrainer(
      labels: documents.labels, memoryLimit: documents.options.trainingMemory)
    try documents.read(labeling) { trainer.add($0, posteriors: $1) }
    var classifier = try documents.train("train") { parallel, progress in
      try trainer.train(parallel: parallel, progress: progress)
    }
    // Where texts tell too little to inform the label model, they tell too little for this, too.
    if labeling.readsTexts, let adjustment = labeling.evidence?.adjustment {
      classifier = classifier.adjusted(by: adjustment)
    }
    if let adjustment = try goldAdjustment(of: classifier) {
      classifier = classifier.adjusted(by: adjustment)
    }
    return classifier.withProvenance(provenance)
  }

  /// What repair gold says of the classifier, as far as it is of documents that were not trained
  /// on; nil without any.
  private func goldAdjustment(of classifier: TextClassifier) throws -> ScoreAdjustment? {
    let gold = documents.table.gold(of: nil, isRepair: true).reduce(0, +)
    if gold == 0 { return nil }
    // Of very many labels an even part is enough.
    let step = max(1, gold / GoldSample.mostDocuments)
    let classes = documents.labels.count
    var adjustment = GoldAdjustment(classCount: classes)
    var seen = 0
    try documents.pass.run(
      wantsTexts: true, cancellation: documents.options.cancellation
    ) { chunk, block in
      let posteriors = ChunkPosteriors(block, documents.fit.model)
      var batch = TextBatch()
      var labels: [Int] = []
      for document in 0..<chunk.count
      where documents.table.roles.isRepair(document, in: chunk)
        && !(documents.isCandidate(document, in: chunk) && posteriors.isCovered(document))
      {
        defer { seen += 1 }
        if seen % step > 0 { continue }
        batch.append(repairing: chunk.texts.bytes[chunk.texts.range(at: document)])
        labels.append(Int(chunk.gold[document]))
      }
      let probabilities = classifier.probabilities(batch)
      for (index, label) in labels.enumerated() {
        adjustment.add(probabilities[index * classes..<(index + 1) * classes], gold: label)
      }
    }
    return adjustment.find()
  }

  private var provenance: ModelProvenance {
    var texts = ContentHash("texts-1")
    for chunk in documents.pass.layout { texts.add(chunk.content(.texts)) }
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
