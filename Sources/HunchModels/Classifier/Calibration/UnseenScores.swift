/// What classifiers say of documents that they have not seen, beside the labels of these documents.
struct UnseenScores: Sendable {
  /// Flat, documents × classes.
  private(set) var logProbabilities: [Float] = []
  private(set) var targets: [Float] = []
  /// The logarithms of the mean probabilities, and of the mean labels.
  let logShares: [Double]
  private let logLabeled: [Double]

  /// - Parameters:
  ///   - logProbabilities: Flat, documents × classes.
  ///   - targets: The probabilistic labels, likewise.
  init(_ logProbabilities: [Float], targets: [Float], classCount: Int) {
    (self.logProbabilities, self.targets) = (logProbabilities, targets)
    func logMeans(_ values: some Sequence<Double>) -> [Double] {
      var sums = [Double](repeating: 0, count: classCount)
      for (index, value) in values.enumerated() { sums[index % classCount] += value }
      let documents = Double(targets.count / classCount)
      return sums.map { naturalLog(max($0 / documents, 1e-9)) }
    }
    logShares = logMeans(logProbabilities.lazy.map { exponential(Double($0)) })
    logLabeled = logMeans(targets.lazy.map(Double.init))
  }

  /// The share of what the labels say beyond the class balance that the classifiers predict:
  /// (H(q̄ₗ) − C) / (H(q̄ₗ) − H(l)) with the entropy H(q̄ₗ) of the labels' mean, the mean entropy H(l) of
  /// the labels and the mean cross-entropy C of the classifiers' probabilities, with the labels' shares
  /// instead of the predicted ones. It may be negative.
  var explained: Double {
    let classes = logShares.count
    let entropy = logLabeled.reduce(0) { $0 - exponential($1) * $1 }
    var (own, cross) = (0.0, 0.0)
    for begin in stride(from: 0, to: targets.count, by: classes) {
      let row = (0..<classes).map {
        Double(logProbabilities[begin + $0]) + logLabeled[$0] - logShares[$0]
      }
      var probabilities = row
      let sum = normalizeLogWeights(&probabilities)
      for label in 0..<classes {
        let target = Double(targets[begin + label])
        cross -= target * (row[label] - sum)
        if target > 0 { own -= target * naturalLog(target) }
      }
    }
    let documents = Double(targets.count / classes)
    let told = entropy - own / documents
    return told > 1e-9 ? (entropy - cross / documents) / told : 0
  }

  /// What gives each class as often as the labels do, and makes probabilities as certain as the labels
  /// are. Without it a classifier of weak labels leans to the frequent classes and is unsure.
  ///
  /// - Parameter labels: Flat, documents × classes, how certain probabilities should be; nil for the
  ///   labels that are there.
  func adjustment(asCertainAs labels: [Float]? = nil) -> ScoreAdjustment {
    let shift = ClassShift.find(logProbabilities, labels: targets, classCount: logShares.count)
    return ScoreAdjustment(
      classShift: shift,
      temperature: UnseenTemperature.find(
        logProbabilities, shift: shift, labels: labels ?? targets))
  }
}

extension TextClassifierTrainer {
  /// What to do to a classifier of documents such as these, held against those that it has not seen:
  /// classifiers are trained for ``UnseenFolds`` folds, each on the others, and forgotten.
  /// The documents are forgotten, too.
  ///
  /// - Returns: Nil where there are too few documents to tell.
  /// - Throws: ``TrainingError``; ``TrainingError/stopped(iterations:)`` when `progress` returned
  ///   false.
  /// - Complexity: That of training, three times.
  package mutating func findAdjustment(
    parallel: Parallelism = .serial, progress: @Sendable (TrainingProgress) -> Bool = { _ in true }
  ) throws(TrainingError) -> ScoreAdjustment? {
    // Gold adapts what the others taught, with this done to it.
    if let others = documentsBeforeGold { keep(others) }
    sortByRank()
    let folds = (0..<rows.count).map { UnseenFolds.fold(hash: rows.hash(of: $0)) }
    guard UnseenFolds.areEnough(folds), labels.count > 1 else { return nil }
    let features = try takeFeatures()
    let results = parallel.map(UnseenFolds.count) { [self] fold in
      Result { () throws(TrainingError) -> [Float] in
        let isSeen = folds.map { $0 != fold }
        let classifier = try train(
          on: isSeen, features.keeping(isSeen), parallel: .serial, progress: progress)
        var matrix = SparseRows(
          starts: [0], columns: [], values: [], columnCount: features.columnCount)
        var row = [Double](repeating: 0, count: labels.count)
        var values: [Float] = []
        for document in isSeen.indices where !isSeen[document] {
          matrix.removeAll()
          features.append(document, to: &matrix)
          classifier.logProbabilities(matrix, 0, into: &row)
          values += row.lazy.map(Float.init)
        }
        return values
      }
    }
    var held: [[Float]] = []
    for result in results { held.append(try result.get()) }
    return UnseenScores(
      UnseenFolds.interleaved(held, folds, classCount: labels.count), targets: targets,
      classCount: labels.count
    ).adjustment()
  }
}
