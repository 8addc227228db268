import HunchModels
import HunchText

/// Trains the classifier on gold labels alone, or takes it from the workspace: what the labeling
/// functions have to beat.
///
/// It learns from repair gold. Where there is none, it learns from the gold labels of the valid
/// split, unless that is the one to be scored.
struct GoldOnlyTraining: Sendable {
  /// With less of a penalty than few labels otherwise have: those by hand are right, and what has to be
  /// beaten should be as good as it can.
  private static let configuration = ClassifierConfiguration(penalty: 1e-4)

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
  init?(_ trained: TrainedClassifier, scoring split: Split) {
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

  /// Gets what is learned from.
  var trainer: TextClassifierTrainer {
    TextClassifierTrainer(
      labels: labels, configuration: Self.configuration, columns: values.columns,
      memoryLimit: options.trainingMemory)
  }

  /// The classifier of an earlier time; nil where it is still to be trained.
  func stored(_ models: ModelStore) throws -> TextClassifier? {
    try models.classifier(key(), labels: labels, columns: values.columns)
  }

  /// Everything that the classifier depends on, by content as in ``ClassifierTraining``.
  private func key() throws -> String {
    var hash = ContentHash("gold-only-3")
    for label in labels { hash.add(label) }
    for chunk in pass.layout { hash.add(chunk.content(.texts)) }
    hash.add(table.metadata)
    hash.add("\(table.roles) \(learnsRepairGold) \(Self.configuration)")
    hash.add(options.trainingMemory)
    if !values.isEmpty { hash.add(try values.content(pass)) }
    return hash.finish()
  }

  /// What a pass reads for it.
  var needs: PassNeeds {
    let splits = learnsRepairGold ? Set(Split.allCases) : [.valid]
    return PassNeeds(texts: splits).union(values.needs(of: splits))
  }

  /// What is learned from documents of a chunk.
  func examples(
    _ chunk: CorpusChunk, _ documents: [Int], _ hasher: FeatureHasher
  ) throws -> LabeledTexts {
    var examples = LabeledTexts(
      chunk, documents, hasher,
      posteriors: documents.flatMap { document in
        labels.indices.map { $0 == Int(chunk.gold[document]) ? 1 : 0 }
      })
    examples.values = try values.values(chunk, of: documents)
    return examples
  }

  /// Trains it on what its trainer got, and stores it.
  func train(_ trainer: inout TextClassifierTrainer, _ models: ModelStore) throws -> TextClassifier
  {
    let classifier = try trained(&trainer)
    try models.save(classifier.encoded(), key: key())
    return classifier
  }

  private func trained(_ trainer: inout TextClassifierTrainer) throws -> TextClassifier {
    options.progress.begin("train on gold labels", unit: "evaluations")
    defer { options.progress.end() }
    do {
      let parallel = Threads.parallelism(options.threads)
      return try trainer.finish(adjustment: nil, parallel: parallel) { _ in
        options.progress.advance(1)
        return !options.cancellation.isCancelled
      }
    } catch {
      if options.cancellation.isCancelled { throw HunchError.interrupted }
      throw HunchError.nothingToLearn(reason: "\(error)")
    }
  }

  /// Whether a document is learned from.
  func isLearned(_ document: Int, in chunk: CorpusChunk) -> Bool {
    learnsRepairGold
      ? table.roles.isRepair(document, in: chunk)
      : chunk.splits[document] == .valid && table.roles.isAudit(document, in: chunk)
  }
}
