/// Learns ``TextEvidence`` from texts and the label model's posteriors.
///
/// Of many documents an even sample is taken, so that the cost does not grow with the corpus.
package struct TextEvidenceTrainer: Sendable {
  /// The bytes that documents may take during training where nothing else is asked for: about
  /// 20,000 sentences.
  package static let memoryLimit = 64 << 20

  private var trainer: TextClassifierTrainer

  /// Creates a trainer without documents.
  ///
  /// - Parameter memoryLimit: The bytes that documents may take during training.
  package init(labels: [String], memoryLimit: Int = TextEvidenceTrainer.memoryLimit) {
    // What counts for less than a vote need not be known as well as a classifier.
    trainer = TextClassifierTrainer(
      labels: labels, configuration: ClassifierConfiguration(penalty: 1e-4, tolerance: 1e-2),
      memoryLimit: memoryLimit)
  }

  /// Adds texts with the label model's posteriors, as ``TextClassifierTrainer/add(_:)`` does.
  /// Documents without votes should be left out.
  package mutating func add(_ labeled: LabeledTexts) { trainer.add(labeled) }

  /// What hashes texts.
  package var hasher: FeatureHasher { trainer.hasher }

  /// Whether documents are left out already, so that not all that are added are hashed.
  package var isThinnedOut: Bool { trainer.isThinnedOut }

  /// Trains a classifier for each fold on the other folds.
  ///
  /// The result is the same, bit for bit, for any number of threads. With too few documents, or
  /// texts without features, the evidence has the strength 0.
  ///
  /// - Throws: ``TrainingError``; ``TrainingError/stopped(iterations:)`` when `progress` returned
  ///   false.
  /// - Complexity: That of ``TextClassifierTrainer/train(adjustment:parallel:progress:)`` twice.
  package func train(
    parallel: Parallelism = .serial,
    progress: @Sendable (TrainingProgress) -> Bool = { _ in true }
  ) throws(TrainingError) -> TextEvidence {
    var trainer = trainer
    trainer.sortByRank()
    let rows = trainer.rows
    let folds = (0..<rows.count).map { Int(rows.hash(of: $0) % UInt64(TextEvidence.foldCount)) }
    let isEnough =
      trainer.labels.count > 1 && folds.count >= TextEvidence.fewestDocuments
      && (0..<TextEvidence.foldCount).allSatisfy { fold in folds.contains { $0 != fold } }
    guard isEnough else {
      return TextEvidence(
        classifiers: [], logShares: [], adjustment: nil, documents: folds.count, explained: 0)
    }
    let features = try trainer.takeFeatures()
    let results = parallel.map(TextEvidence.foldCount) { [trainer] fold in
      Result { () throws(TrainingError) in
        try HeldOut(fold, of: folds, trainer, features, progress)
      }
    }
    var held: [HeldOut] = []
    for result in results { held.append(try result.get()) }
    return Self.evaluate(held, folds, targets: trainer.targets)
  }

  /// A classifier of the documents of other folds, and what it says of those of one.
  private struct HeldOut: Sendable {
    let classifier: TextClassifier
    /// Flat, documents of the fold × classes.
    private(set) var logProbabilities: [Double] = []

    init(
      _ fold: Int, of folds: [Int], _ trainer: TextClassifierTrainer,
      _ features: TextClassifierTrainer.Features, _ progress: (TrainingProgress) -> Bool
    ) throws(TrainingError) {
      let others = folds.map { $0 != fold }
      classifier = try trainer.train(
        on: others, features.keeping(others), parallel: .serial, progress: progress)
      var row = [Double](repeating: 0, count: trainer.labels.count)
      var matrix = SparseRows.none
      for document in folds.indices where !others[document] {
        features.rows.write(document, to: &matrix)
        classifier.logProbabilities(matrix, 0, into: &row)
        logProbabilities += row
      }
    }
  }

  /// How well the classifiers predict the labels of documents that they have not seen.
  private static func evaluate(
    _ held: [HeldOut], _ folds: [Int], targets: [Float]
  ) -> TextEvidence {
    let classes = targets.count / folds.count
    var predicted = [Double](repeating: 0, count: classes)
    var labeled = predicted
    var next = [Int](repeating: 0, count: held.count)
    var logProbabilities: [Float] = []
    logProbabilities.reserveCapacity(folds.count * classes)
    for (document, fold) in folds.enumerated() {
      let row = held[fold].logProbabilities[next[fold]..<next[fold] + classes]
      next[fold] += classes
      for (label, value) in row.enumerated() {
        logProbabilities.append(Float(value))
        predicted[label] += exponential(value)
        labeled[label] += Double(targets[document * classes + label])
      }
    }
    let count = Double(folds.count)
    for label in 0..<classes {
      predicted[label] = max(predicted[label] / count, 1e-9)
      labeled[label] = max(labeled[label] / count, 1e-9)
    }
    let logShares = predicted.map { naturalLog($0) }
    let logLabeled = labeled.map { naturalLog($0) }
    let entropy = -zip(labeled, logLabeled).reduce(0) { $0 + $1.0 * $1.1 }
    var (own, cross) = (0.0, 0.0)
    var row = predicted
    for document in folds.indices {
      // With the labels' shares instead of the predicted ones.
      for label in 0..<classes {
        row[label] =
          Double(logProbabilities[document * classes + label]) + logLabeled[label]
          - logShares[label]
      }
      var probabilities = row
      let sum = normalizeLogWeights(&probabilities)
      for label in 0..<classes {
        let target = Double(targets[document * classes + label])
        cross -= target * (row[label] - sum)
        if target > 0 { own -= target * naturalLog(target) }
      }
    }
    let told = entropy - own / count
    let explained = told > 1e-9 ? (entropy - cross / count) / told : 0
    let shift = ClassShift.find(logProbabilities, labels: targets, classCount: classes)
    return TextEvidence(
      classifiers: held.map(\.classifier), logShares: logShares,
      adjustment: ScoreAdjustment(
        classShift: shift,
        temperature: UnseenTemperature.find(
          logProbabilities, shift: shift,
          labels: informedLabels(targets, logProbabilities, logShares, explained))),
      documents: folds.count, explained: explained)
  }

  /// The labels with what the texts add to them, as a classifier learns from them; flat,
  /// documents × classes.
  private static func informedLabels(
    _ targets: [Float], _ logProbabilities: [Float], _ logShares: [Double], _ explained: Double
  ) -> [Float] {
    let strength = TextEvidence.strength(explained: explained)
    let classes = logShares.count
    var labels = targets
    for begin in stride(from: 0, to: labels.count, by: classes) {
      var row = labels[begin..<begin + classes].map(Double.init)
      let evidence = logShares.indices.map {
        strength * (Double(logProbabilities[begin + $0]) - logShares[$0])
      }
      TextEvidence.add(evidence[...], to: &row)
      for label in 0..<classes { labels[begin + label] = Float(row[label]) }
    }
    return labels
  }
}
