import HunchModels
import HunchText

/// Trains the classifier on gold labels alone, or takes it from the workspace: what the labeling
/// functions have to beat.
///
/// It learns from repair gold. Where there is none, it learns from the gold labels of the valid
/// split, unless that is the one to be scored.
struct GoldOnlyTraining: Sendable {
  let labels: [String]
  let table: VoteTable
  let pass: VotePass
  let values: DocumentValues
  let options: SessionOptions
  /// Whether the repair gold is learned from; else the gold of the valid split.
  private let learnsRepairGold: Bool
  /// The number of gold labels to learn from.
  let goldDocuments: Int

  /// Finds the labels; nil where there are none, or all are of one class.
  ///
  /// - Parameter split: The split to be scored.
  private init?(_ trained: TrainedClassifier, scoring split: Split) {
    let table = trained.votes.table
    let repair = table.gold(of: nil, isRepair: true)
    learnsRepairGold = repair.contains { $0 > 0 }
    let counts = learnsRepairGold ? repair : table.gold(of: .valid, isRepair: false)
    guard learnsRepairGold || split != .valid, counts.count(where: { $0 > 0 }) > 1 else {
      return nil
    }
    goldDocuments = counts.reduce(0, +)
    labels = trained.project.labels
    self.table = table
    pass = trained.pass
    values = trained.values
    options = trained.options
  }

  /// The classifier that learns from gold labels alone, to be scored on a split; nil without labels
  /// to learn from.
  static func classifier(
    _ trained: TrainedClassifier, scoring split: Split
  ) throws -> (classifier: TextClassifier, goldDocuments: Int)? {
    guard let training = GoldOnlyTraining(trained, scoring: split) else { return nil }
    return (try training.run(ModelStore(workspace: trained.workspace)), training.goldDocuments)
  }

  private func run(_ models: ModelStore) throws -> TextClassifier {
    let key = try key()
    if let stored = try models.classifier(key, labels: labels, columns: values.columns) {
      return stored
    }
    let classifier = try train()
    try models.save(classifier.encoded(), key: key)
    return classifier
  }

  /// Everything that the classifier depends on, by content as in ``ClassifierTraining``.
  private func key() throws -> String {
    var hash = ContentHash("gold-only-2")
    for label in labels { hash.add(label) }
    for chunk in pass.layout { hash.add(chunk.content(.texts)) }
    hash.add(table.metadata)
    hash.add("\(table.roles) \(learnsRepairGold) \(ClassifierConfiguration())")
    hash.add(options.trainingMemory)
    if !values.isEmpty { hash.add(try values.content(pass, options.cancellation)) }
    return hash.finish()
  }

  private func train() throws -> TextClassifier {
    var trainer = TextClassifierTrainer(
      labels: labels, columns: values.columns, memoryLimit: options.trainingMemory)
    let hasher = trainer.hasher
    try pass.run(
      wantsTexts: true, of: learnsRepairGold ? nil : [.valid], wantsFeatures: !values.isEmpty,
      threads: values.isEmpty ? options.threads : 1, cancellation: options.cancellation
    ) { chunk, _ in
      let learned = (0..<chunk.count).filter { isLearned($0, in: chunk) }
      var examples = LabeledTexts(
        chunk.texts.batch(of: learned),
        posteriors: learned.flatMap { document in
          labels.indices.map { $0 == Int(chunk.gold[document]) ? 1 : 0 }
        })
      examples.values = try values.values(chunk, of: learned)
      examples.rows = HashedRows(examples.texts, hasher)
      return examples
    } take: {
      trainer.add($0)
    }
    options.progress.begin("train on gold labels", unit: "evaluations")
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

  private func isLearned(_ document: Int, in chunk: CorpusChunk) -> Bool {
    learnsRepairGold
      ? table.roles.isRepair(document, in: chunk)
      : chunk.splits[document] == .valid && table.roles.isAudit(document, in: chunk)
  }
}
