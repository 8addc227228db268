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
    // What counts for no more than its weight says need not be known as well as a classifier.
    trainer = TextClassifierTrainer(
      labels: labels, configuration: ClassifierConfiguration(tolerance: 1e-2),
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
  /// - Complexity: That of ``TextClassifierTrainer/train(adjustment:parallel:progress:)`` four times.
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
        classifiers: [], logShares: [], adjustment: nil, documents: folds.count, explained: 0,
        strength: 0)
    }
    let features = try trainer.takeFeatures()
    // First by documents, then by functions.
    let marks = trainer.functionFolds
    let functionFolds = marks.isEmpty ? 0 : FunctionFolds.count
    let results = parallel.map(TextEvidence.foldCount + functionFolds) { [trainer] fold in
      Result { () throws(TrainingError) -> HeldOut? in
        let bit = fold - TextEvidence.foldCount
        let others =
          bit < 0 ? folds.map { $0 != fold } : marks.map { $0 & (1 << UInt8(bit)) == 0 }
        let learned = others.count { $0 }
        if bit >= 0, learned < TextEvidence.fewestDocuments || learned == others.count {
          return nil
        }
        return try HeldOut(others, trainer, features, progress)
      }
    }
    var (held, carried): ([HeldOut], [HeldOut]) = ([], [])
    for (fold, result) in results.enumerated() {
      guard let one = try result.get() else { continue }
      if fold < TextEvidence.foldCount { held.append(one) } else { carried.append(one) }
    }
    // Functions that all vote on nearly all documents cannot be left out, but documents can.
    // What counts has to carry over from each part to what it lacks.
    let strengths = (carried.isEmpty ? held : carried).map {
      Judged($0, targets: trainer.targets).strength
    }
    return Self.evaluate(
      held, folds, targets: trainer.targets, strength: strengths.min() ?? 0)
  }

  /// A classifier of some documents, and what it says of the others.
  private struct HeldOut: Sendable {
    let classifier: TextClassifier
    /// The documents that it has not seen, and what it says of them, flat, documents × classes.
    private(set) var unseen: [Int] = []
    private(set) var logProbabilities: [Double] = []
    /// The mean probabilities of the documents that it has seen.
    private(set) var shares: [Double]

    init(
      _ isSeen: [Bool], _ trainer: TextClassifierTrainer,
      _ features: TextClassifierTrainer.Features, _ progress: (TrainingProgress) -> Bool
    ) throws(TrainingError) {
      classifier = try trainer.train(
        on: isSeen, features.keeping(isSeen), parallel: .serial, progress: progress)
      var row = [Double](repeating: 0, count: trainer.labels.count)
      shares = row
      var matrix = SparseRows.none
      for document in isSeen.indices {
        features.rows.write(document, to: &matrix)
        classifier.logProbabilities(matrix, 0, into: &row)
        if isSeen[document] {
          for label in row.indices { shares[label] += exponential(row[label]) }
        } else {
          unseen.append(document)
          logProbabilities += row
        }
      }
      let seen = Double(isSeen.count - unseen.count)
      for label in row.indices { shares[label] = max(shares[label] / seen, 1e-9) }
    }
  }

  /// What a classifier says of documents that it has not seen, beside their labels.
  private struct Judged {
    /// ln (q / q̄) and labels, flat, documents × classes.
    private var evidence: [Double]
    private var labels: [Double] = []
    /// The logarithms of the labels' shares.
    private var logShares: [Double]

    init(_ held: HeldOut, targets: [Float]) {
      let classes = held.shares.count
      let logMeans = held.shares.map { naturalLog($0) }
      evidence = held.logProbabilities.enumerated().map { $1 - logMeans[$0 % classes] }
      var sums = [Double](repeating: 0, count: classes)
      for document in held.unseen {
        for label in 0..<classes {
          let target = Double(targets[document * classes + label])
          labels.append(target)
          sums[label] += target
        }
      }
      let count = Double(held.unseen.count)
      logShares = sums.map { naturalLog(max($0 / count, 1e-6)) }
    }

    /// How much more likely the labels become with a little more of the evidence: the derivative by t
    /// of Σᵢ Σᵧ labelsᵢᵧ · ln softmaxᵧ(ln shares + t · evidenceᵢ), which falls as t grows.
    private func gain(at t: Double) -> Double {
      let classes = logShares.count
      var gain = 0.0
      var row = logShares
      for begin in stride(from: 0, to: labels.count, by: classes) {
        for label in 0..<classes { row[label] = logShares[label] + t * evidence[begin + label] }
        normalizeLogWeights(&row)
        for label in 0..<classes {
          gain += (labels[begin + label] - row[label]) * evidence[begin + label]
        }
      }
      return gain
    }

    /// The t from 0 to 1 that makes the labels most likely, to a thousandth.
    var strength: Double {
      if gain(at: 0) <= 0 { return 0 }
      if gain(at: 1) >= 0 { return 1 }
      var (low, high) = (0.0, 1.0)
      while high - low > 1e-3 {
        let middle = (low + high) / 2
        if gain(at: middle) > 0 { low = middle } else { high = middle }
      }
      return low
    }
  }

  /// How well the classifiers predict the labels of documents that they have not seen.
  private static func evaluate(
    _ held: [HeldOut], _ folds: [Int], targets: [Float], strength: Double
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
          labels: informedLabels(targets, logProbabilities, logShares, strength))),
      documents: folds.count, explained: explained, strength: strength)
  }

  /// The labels with what the texts add to them, as a classifier learns from them; flat,
  /// documents × classes.
  private static func informedLabels(
    _ targets: [Float], _ logProbabilities: [Float], _ logShares: [Double], _ strength: Double
  ) -> [Float] {
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
