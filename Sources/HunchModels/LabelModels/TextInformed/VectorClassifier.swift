/// Multinomial logistic regression on vectors.
package struct VectorClassifier: Sendable, Equatable {
  package let classCount: Int
  /// (Dimensions + 1) × classes; the last row holds the intercepts.
  package let weights: [Float]

  init(classCount: Int, weights: [Float]) {
    precondition(classCount > 0 && weights.count % classCount == 0 && !weights.isEmpty)
    (self.classCount, self.weights) = (classCount, weights)
  }

  /// Learns from labels.
  ///
  /// - Parameters:
  ///   - vectors: Documents × dimensions.
  ///   - targets: The probabilities of the classes, documents × classes.
  /// - Throws: ``TrainingError/stopped(iterations:)`` when `progress` returned false, and
  ///   ``TrainingError/notFinite``.
  init(
    _ vectors: [Float], targets: [Float], classCount: Int,
    progress: (TrainingProgress) -> Bool
  ) throws(TrainingError) {
    // What counts for no more than its weight says need not be known as well as the end model.
    let configuration = ClassifierConfiguration(tolerance: 1e-2)
    let documents = targets.count / classCount
    let dimensions = vectors.count / documents
    let matrix = SparseRows(
      starts: (0...documents).map { $0 * dimensions },
      columns: (0..<vectors.count).map { Int32(truncatingIfNeeded: $0 % dimensions) },
      values: vectors, columnCount: dimensions)
    let objective = SoftmaxObjective(
      rows: matrix, targets: targets, classCount: classCount,
      penalty: configuration.penalty(documents: documents), parallel: .serial)
    var minimizer = SoftmaxMinimizer(
      objective: objective, historySize: configuration.historySize,
      maximumEvaluations: configuration.maximumEvaluations, tolerance: configuration.tolerance)
    let result = minimizer.run(progress: progress)
    if result.stopped { throw .stopped(iterations: result.iterations) }
    let stride = result.stride
    let weights = (0...dimensions).flatMap {
      result.weights[$0 * stride..<$0 * stride + classCount]
    }
    guard weights.allSatisfy(\.isFinite) else { throw .notFinite }
    self.init(classCount: classCount, weights: weights)
  }

  /// The logarithms of the classes' probabilities, documents × classes.
  ///
  /// - Parameter vectors: Documents × dimensions.
  func logProbabilities(_ vectors: [Float]) -> [Double] {
    let documents = vectors.count / (weights.count / classCount - 1)
    return Self.logProbabilities(vectors, by: [self], [Int](repeating: 0, count: documents))
  }

  /// The same by one of several classifiers for each document.
  static func logProbabilities(
    _ vectors: [Float], by classifiers: [VectorClassifier], _ choice: [Int]
  ) -> [Double] {
    let classes = classifiers[0].classCount
    let dimensions = classifiers[0].weights.count / classes - 1
    // The classifiers side by side: one product of many columns is faster than several of few.
    let beside = (0..<dimensions).flatMap { row in
      classifiers.flatMap { $0.weights[row * classes..<(row + 1) * classes] }
    }
    let width = classes * classifiers.count
    let scores = DenseRows.product(
      vectors, beside, inner: dimensions, width: width, parallel: .serial)
    var values: [Double] = []
    values.reserveCapacity(choice.count * classes)
    var row = [Double](repeating: 0, count: classes)
    for (document, chosen) in choice.enumerated() {
      let begin = values.count
      for label in 0..<classes {
        row[label] =
          Double(scores[document * width + chosen * classes + label])
          + Double(classifiers[chosen].weights[dimensions * classes + label])
        values.append(row[label])
      }
      let sum = normalizeLogWeights(&row)
      for place in begin..<begin + classes { values[place] -= sum }
    }
    return values
  }
}
