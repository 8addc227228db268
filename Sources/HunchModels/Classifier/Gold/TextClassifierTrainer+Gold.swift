extension TextClassifierTrainer {
  /// Trains a classifier.
  ///
  /// Where some documents have a gold class, it learns from the others first. So it has not seen the
  /// gold ones, and they then adapt it: log-loss on gold labels that are held back decides how much
  /// (maximum a posteriori adaptation, Chelba & Acero 2004). Where fewer than 60 have none, that is
  /// too few to learn from: then gold classes take the place of their documents' probabilities, and
  /// the adjustment, which was found for probabilistic labels, is left out.
  /// The result is the same, bit for bit, for any number of threads.
  ///
  /// - Parameters:
  ///   - adjustment: What is done to the classifier before gold has a say; nil for nothing.
  ///   - parallel: How to use threads.
  ///   - progress: Called after every iteration on the calling thread; false stops the training.
  /// - Throws: ``TrainingError``; ``TrainingError/stopped(iterations:)`` when `progress` returned
  ///   false.
  /// - Complexity: O(iterations × features of all documents × classes), and memory for 16 bytes
  ///   for each feature of each document and about 4 × (2 × history + 6) bytes for each distinct
  ///   feature and class; that also for the features of the documents with a gold class, and six
  ///   times for those of at most 1,000 of them.
  public func train(
    adjustment: ScoreAdjustment? = nil, parallel: Parallelism = .serial,
    progress: (TrainingProgress) -> Bool = { _ in true }
  ) throws(TrainingError) -> TextClassifier {
    var trainer = self
    return try trainer.finish(adjustment: adjustment, parallel: parallel, progress: progress)
  }

  /// The same for a trainer that is used once: it forgets the texts once they are weighed.
  package mutating func finish(
    adjustment: ScoreAdjustment?, parallel: Parallelism, progress: (TrainingProgress) -> Bool
  ) throws(TrainingError) -> TextClassifier {
    sortByRank()
    guard let others = documentsBeforeGold else {
      let hasGold = gold.contains { $0 >= 0 }
      let features = try takeFeatures()
      let classifier = try train(on: nil, features, parallel: parallel, progress: progress)
      return hasGold ? classifier : adjustment.map { classifier.adjusted(by: $0) } ?? classifier
    }
    let hashes = goldHashes
    let features = try takeFeatures()
    let known = features.keeping(others.map { !$0 }).matrix
    let classifier = try train(
      on: others, features.keeping(others), parallel: parallel, progress: progress)
    return try adapted(
      adjustment.map { classifier.adjusted(by: $0) } ?? classifier, known, hashes,
      parallel: parallel, progress: progress)
  }

  /// Which documents are learned from before gold adapts what they taught: those without a gold class;
  /// nil where all are learned from at once.
  package var documentsBeforeGold: [Bool]? {
    let others = gold.count { $0 < 0 }
    return others < gold.count && others >= GoldAdaptation.fewestUngraded
      ? gold.map { $0 < 0 } : nil
  }

  /// A hash of the text of each document with a gold class.
  var goldHashes: [UInt64] { gold.indices.filter { gold[$0] >= 0 }.map { rows.hash(of: $0) } }

  /// Adapts a classifier to the documents with a gold class, which it has not seen.
  ///
  /// - Parameters:
  ///   - classifier: Of the features of all documents.
  ///   - matrix: The features of those with a gold class, and ``goldHashes``.
  func adapted(
    _ classifier: TextClassifier, _ matrix: SparseRows, _ hashes: [UInt64], parallel: Parallelism,
    progress: (TrainingProgress) -> Bool
  ) throws(TrainingError) -> TextClassifier {
    let known = gold.indices.filter { gold[$0] >= 0 }
    var logProbabilities: [Double] = []
    var row = [Double](repeating: 0, count: labels.count)
    for index in known.indices {
      classifier.logProbabilities(matrix, index, into: &row)
      logProbabilities += row
    }
    let (compact, columns) = matrix.withoutEmptyColumns()
    let adaptation = GoldAdaptation(
      rows: compact, logProbabilities: logProbabilities, labels: known.map { Int(gold[$0]) },
      hashes: hashes, configuration: configuration, parallel: parallel)
    let result = try adaptation.run(progress: progress)
    let stride = SoftmaxObjective.stride(classCount: labels.count)
    var weights = classifier.weights
    for (place, column) in columns.enumerated() {
      for label in labels.indices {
        weights[Int(column) * labels.count + label] += result.weights[place * stride + label]
      }
    }
    return classifier.taught(by: result.learning, weights: weights)
  }
}
