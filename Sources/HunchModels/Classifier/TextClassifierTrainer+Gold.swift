extension TextClassifierTrainer {
  /// Trains a classifier.
  ///
  /// Where some documents have a gold class, a first classifier learns from the others alone. It has
  /// not seen the gold ones, so they tell how its probabilities have to be adjusted
  /// (``GoldAdjustment``); then another learns from all, beginning where the first ended if ``method``
  /// is ``TrainingMethod/quasiNewton``, and is adjusted likewise.
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
  ///   feature and class.
  public func train(
    adjustment: ScoreAdjustment? = nil, parallel: Parallelism = .serial,
    progress: (TrainingProgress) -> Bool = { _ in true }
  ) throws(TrainingError) -> TextClassifier {
    func adjusted(_ classifier: TextClassifier) -> TextClassifier {
      adjustment.map { classifier.adjusted(by: $0) } ?? classifier
    }
    let hasGold = gold.map { $0 >= 0 }
    guard hasGold.contains(true), hasGold.contains(false) else {
      return adjusted(try train(on: nil, parallel: parallel, progress: progress))
    }
    let first = try train(on: hasGold.map { !$0 }, parallel: parallel, progress: progress)
    let change = goldAdjustment(of: adjusted(first), hasGold)
    let last = try train(on: nil, from: first, parallel: parallel, progress: progress)
    return change.map { adjusted(last).adjusted(by: $0) } ?? adjusted(last)
  }

  /// What the gold labels say of a classifier that has not learned from them.
  private func goldAdjustment(
    of classifier: TextClassifier, _ hasGold: [Bool]
  ) -> ScoreAdjustment? {
    let matrix = matrix(for: classifier).keeping(hasGold)
    var adjustment = GoldAdjustment(classCount: labels.count)
    var row = [Double](repeating: 0, count: labels.count)
    for (index, label) in gold.filter({ $0 >= 0 }).enumerated() {
      classifier.logProbabilities(matrix, index, into: &row)
      adjustment.add(row, gold: Int(label))
    }
    return adjustment.find()
  }
}
