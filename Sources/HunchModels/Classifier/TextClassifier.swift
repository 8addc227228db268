public import HunchText

/// A trained text classifier: multinomial logistic regression on hashed n-grams.
///
/// It is complete by itself: ``encoded()`` gives one self-describing block of bytes, and
/// ``init(decoding:)`` needs nothing else. Trained by ``TextClassifierTrainer``.
public struct TextClassifier: Sendable {
  /// The names of the classes.
  public let labels: [String]

  /// The settings it was trained with.
  public let configuration: ClassifierConfiguration

  /// How the training went.
  public let summary: TrainingSummary

  package let featurizer: Featurizer
  /// Features × classes.
  package let weights: [Float]
  let intercepts: [Float]

  init(
    labels: [String], configuration: ClassifierConfiguration, featurizer: Featurizer,
    weights: [Float], intercepts: [Float], summary: TrainingSummary
  ) {
    self.labels = labels
    self.configuration = configuration
    self.featurizer = featurizer
    self.weights = weights
    self.intercepts = intercepts
    self.summary = summary
  }

  /// The probabilities of the classes for each text, flat, texts × classes.
  ///
  /// A text without known features gets the probabilities of the intercepts. The function may be
  /// called on several threads at a time.
  ///
  /// - Complexity: O(bytes × lengths of n-grams + features × classes).
  public func probabilities(_ batch: TextBatch) -> [Float] {
    var rows = HashedRows()
    rows.append(batch, featurizer.hasher)
    let matrix = featurizer.matrix(rows)
    let classCount = labels.count
    var output = [Float](repeating: 0, count: batch.count * classCount)
    var row = [Double](repeating: 0, count: classCount)
    for document in 0..<batch.count {
      writeScores(of: document, in: matrix, to: &row)
      normalizeLogWeights(&row)
      for label in 0..<classCount { output[document * classCount + label] = Float(row[label]) }
    }
    return output
  }

  /// The natural logarithms of the probabilities of the classes for a text.
  ///
  /// - Parameters:
  ///   - matrix: As from the classifier's featurizer.
  ///   - row: Overwritten; a place for each class.
  func logProbabilities(_ matrix: SparseRows, _ document: Int, into row: inout [Double]) {
    writeScores(of: document, in: matrix, to: &row)
    var probabilities = row
    let sum = normalizeLogWeights(&probabilities)
    for label in row.indices { row[label] -= sum }
  }

  /// Writes the log weights of the classes for a text.
  private func writeScores(of document: Int, in matrix: SparseRows, to row: inout [Double]) {
    let classCount = labels.count
    var sums = intercepts
    for entry in matrix.starts[document]..<matrix.starts[document + 1] {
      let begin = Int(matrix.columns[entry]) * classCount
      let value = matrix.values[entry]
      for label in 0..<classCount { sums[label] += value * weights[begin + label] }
    }
    for label in 0..<classCount { row[label] = Double(sums[label]) }
  }
}

/// How a training went.
public struct TrainingSummary: Sendable, Equatable {
  /// The number of training documents.
  public let documents: Int
  /// The number of features.
  public let features: Int
  /// The number of iterations, or of passes over the documents.
  public let iterations: Int
  /// The regularised mean cross-entropy at the end, natural logarithm.
  public let objective: Double
  /// The norm of the gradient at the end divided by its norm at the start; of dual ascent, the
  /// duality gap that the last pass met divided by that of the first.
  public let relativeGradient: Double
  /// Whether the gradient or gap became small enough before the evaluations were used up.
  public let converged: Bool
}
