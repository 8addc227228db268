public import HunchText

/// A trained text classifier: multinomial logistic regression on hashed n-grams, and on what else
/// documents bring if it was trained with that.
///
/// It is complete by itself: ``encoded()`` gives one self-describing block of bytes, and
/// ``init(decoding:)`` needs nothing else. Trained by ``TextClassifierTrainer``.
public struct TextClassifier: Sendable {
  /// The names of the classes.
  public let labels: [String]

  /// The settings it was trained with.
  public let configuration: ClassifierConfiguration

  package let featurizer: Featurizer
  /// What it looks at beside the text; nil for texts alone.
  package let dense: DenseFeatures?
  /// Features × classes: n-grams first, then those of ``dense``.
  package internal(set) var weights: [Float]
  package internal(set) var intercepts: [Float]

  /// How the training went.
  public let summary: TrainingSummary

  /// What was done to its log weights after the training; nil for nothing.
  public internal(set) var adjustment: ScoreAdjustment?

  /// What gold labels taught it after that; nil where it was not adapted to any.
  public internal(set) var goldLearning: GoldLearning?

  /// Where it comes from; nil where nobody said.
  public internal(set) var provenance: ModelProvenance?

  /// What it looks at beside the text; nil for texts alone.
  public var columns: DenseColumns? { dense?.columns }

  /// The numbers of an embedding that it looks at; nil where it looks at none.
  public var embeddingLength: Int? { dense.flatMap { $0.center.isEmpty ? nil : $0.center.count } }

  /// The probabilities of the classes for each text, flat, texts × classes.
  ///
  /// A text without known features gets the probabilities of the intercepts. The function may be
  /// called on several threads at a time. For one text after the other, ``Session`` does without
  /// new memory.
  ///
  /// - Parameter values: What the texts bring beside, of ``columns``; nil where nothing is known.
  ///   Embeddings of another length than ``embeddingLength`` count as missing.
  /// - Precondition: There are values for each text.
  /// - Complexity: O(bytes × lengths of n-grams + features × classes).
  public func probabilities(_ batch: TextBatch, values: DenseValues? = nil) -> [Float] {
    probabilities(HashedRows(batch, hasher), values: values)
  }

  /// The same of texts that ``hasher`` has hashed.
  package func probabilities(_ rows: HashedRows, values: DenseValues? = nil) -> [Float] {
    var session = Session(self)
    return session.probabilities(rows, values)
  }

  /// What hashes texts for the classifier.
  package var hasher: FeatureHasher { featurizer.hasher }

  /// The natural logarithms of the probabilities of the classes for a text.
  ///
  /// - Parameters:
  ///   - matrix: As from the classifier's featurizer.
  ///   - row: Overwritten; a place for each class.
  func logProbabilities(_ matrix: SparseRows, _ document: Int, into row: inout [Double]) {
    var sums: [Float] = []
    writeScores(of: document, in: matrix, to: &row, &sums)
    var probabilities = row
    let sum = normalizeLogWeights(&probabilities)
    for label in row.indices { row[label] -= sum }
  }

  /// Writes the log weights of the classes for a text.
  ///
  /// - Parameter sums: Overwritten; its memory is used.
  func writeScores(
    of document: Int, in matrix: SparseRows, to row: inout [Double], _ sums: inout [Float]
  ) {
    let classCount = labels.count
    sums.removeAll(keepingCapacity: true)
    sums.append(contentsOf: intercepts)
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
  /// The number of training documents, without those with gold labels that it was adapted to.
  public let documents: Int
  /// The documents left out, because memory is bounded.
  public let omitted: Int
  /// How the weights were found.
  public let method: TrainingMethod
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
  /// How the step size was found; nil for a method without one.
  public let stepSearch: StepSearch?
}
