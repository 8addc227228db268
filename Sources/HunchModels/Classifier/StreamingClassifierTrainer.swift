/// Trains a classifier like ``TextClassifierTrainer``, on all documents however many there are.
///
/// While documents fit into the memory limit, it is that trainer. Of more documents the features
/// go to a file, and training reads it again in each pass. Memory is the weights, 4 bytes for each
/// distinct feature and class, a table of 8 MB, and a run of documents of up to 32 MB, or later a
/// buffer of about 8 MB and 256 KB of each run. Where there are gold classes, it is also up to
/// 1,000 documents with one and what adapting to them takes. On disk a document takes 4 bytes for
/// each distinct n-gram while documents are added and 8 during training.
///
/// The same documents give the same classifier, however they are cut into batches.
package struct StreamingClassifierTrainer {
  private var trainer: TextClassifierTrainer
  private let memoryLimit: Int
  private let storage: any SpillStorage
  private var spilled: SpilledDocuments?

  /// Creates a trainer without documents.
  ///
  /// - Parameters:
  ///   - memoryLimit: The bytes that documents may take during training.
  ///   - storage: Where documents go that do not fit.
  ///   - isParameterFree: As for ``TextClassifierTrainer``.
  package init(
    labels: [String], configuration: ClassifierConfiguration = ClassifierConfiguration(),
    memoryLimit: Int = TextClassifierTrainer.memoryLimit, storage: any SpillStorage,
    isParameterFree: Bool = false
  ) {
    trainer = TextClassifierTrainer(
      labels: labels, configuration: configuration, memoryLimit: .max,
      isParameterFree: isParameterFree)
    self.memoryLimit = memoryLimit
    self.storage = storage
  }

  /// The number of documents added.
  package var documentCount: Int { trainer.documentCount }

  /// Whether documents are in a file, since they do not fit into memory.
  package var isStreaming: Bool { spilled != nil }

  /// The bytes of documents in memory, as the limit counts them.
  package var keptBytes: Int { trainer.trainingBytes + (spilled?.keptBytes ?? 0) }

  /// How ``train(adjustment:parallel:progress:)`` will find the weights.
  package var method: TrainingMethod {
    if !isStreaming { return trainer.method }
    return trainer.isParameterFree ? .streamedParameterFree : .streamedDualAscent
  }

  /// Adds texts with what is known of their classes, as ``TextClassifierTrainer/add(_:)`` does. Once
  /// documents are in a file, up to 1,000 with a gold class, spread evenly, adapt the classifier;
  /// gold classes of further ones are labels like others.
  ///
  /// - Precondition: There are no weights.
  /// - Throws: What the storage throws.
  package mutating func add(_ labeled: LabeledTexts) throws {
    precondition(labeled.weights.isEmpty, "documents in a file count the same")
    trainer.add(labeled)
    if spilled == nil, trainer.trainingBytes > memoryLimit {
      spilled = try SpilledDocuments(
        storage: storage, classCount: trainer.labels.count, memoryLimit: memoryLimit)
    }
    if spilled != nil {
      let taken = trainer.takeDocuments(leavingGold: GoldAdaptation.mostValidated)
      var (targets, ranks) = (taken.targets[...], taken.ranks[...])
      for piece in taken.rows.pieces {
        let count = piece.count * trainer.labels.count
        try spilled?.append(
          piece, targets: targets.prefix(count), ranks: ranks.prefix(piece.count))
        (targets, ranks) = (targets.dropFirst(count), ranks.dropFirst(piece.count))
      }
    }
  }

  /// What hashes texts.
  package var hasher: FeatureHasher { trainer.hasher }

  /// Trains a classifier.
  ///
  /// - Parameters:
  ///   - adjustment: As for ``TextClassifierTrainer/train(adjustment:parallel:progress:)``.
  ///   - parallel: How to use threads; documents in a file are read by one.
  ///   - progress: Called after every iteration on the calling thread; false stops the training.
  /// - Throws: ``TrainingError``, or what the storage throws.
  /// - Complexity: O(passes × features of all documents × classes).
  package func train(
    adjustment: ScoreAdjustment? = nil, parallel: Parallelism = .serial,
    progress: (TrainingProgress) -> Bool = { _ in true }
  ) throws -> TextClassifier {
    guard var documents = spilled, documents.documentCount > 0 else {
      return try trainer.train(adjustment: adjustment, parallel: parallel, progress: progress)
    }
    let featurizer = try trainer.checkedFeaturizer(
      documents: documents.documentCount + trainer.rows.count)
    var matrix = try documents.weighted(featurizer)
    let classifier = try trainer.trainByPasses(
      &matrix, featurizer, method: method, omitted: 0, progress: progress)
    let adjusted = adjustment.map { classifier.adjusted(by: $0) } ?? classifier
    // Only documents with a gold class are left in memory.
    if trainer.rows.count == 0 { return adjusted }
    var gold = trainer
    gold.sortByRank()
    let hashes = gold.goldHashes
    return try gold.adapted(
      adjusted, gold.takeFeatures(for: adjusted).matrix, hashes, parallel: parallel,
      progress: progress)
  }
}
