public import HunchText

/// Collects texts with probabilistic labels and trains a classifier on them.
///
/// For example:
///
///     var trainer = TextClassifierTrainer(labels: ["ham", "spam"])
///     trainer.add(TextBatch(["win a prize", "see you at six"]), posteriors: [0.1, 0.9, 0.8, 0.2])
///     let classifier = try trainer.train()
///
/// Texts are not kept. A document costs 4 bytes for each distinct n-gram (about 100 to 200 in a
/// sentence) and 4 for each class, plus 8; beside that there is a table of 8 MB.
public struct TextClassifierTrainer: Sendable {
  /// The names of the classes.
  public let labels: [String]

  /// The settings.
  public let configuration: ClassifierConfiguration

  private let hasher: FeatureHasher
  private var rows = HashedRows()
  private var targets: [Float] = []
  private var documentFrequencies: [Int32]
  private var invalidDocument: Int?

  /// Creates a trainer without documents.
  public init(
    labels: [String], configuration: ClassifierConfiguration = ClassifierConfiguration()
  ) {
    self.labels = labels
    self.configuration = configuration
    // A configuration outside its range is reported by `train`.
    let isValid = configuration.violation == nil
    hasher = FeatureHasher(isValid ? configuration.features : FeatureConfiguration())
    documentFrequencies = [Int32](repeating: 0, count: hasher.bucketCount)
  }

  /// The number of documents added.
  public var documentCount: Int { rows.count }

  /// Adds texts with the probabilities of their classes.
  ///
  /// Documents without votes should be left out: their labels say nothing.
  ///
  /// - Parameters:
  ///   - batch: The texts.
  ///   - posteriors: Flat, texts × classes. Rows are scaled to sum to 1; a row that is not a
  ///     distribution is reported by ``train(parallel:progress:)``.
  /// - Precondition: There is a probability for each text and class.
  /// - Complexity: O(bytes × lengths of n-grams).
  public mutating func add(_ batch: TextBatch, posteriors: [Float]) {
    precondition(
      posteriors.count == batch.count * labels.count, "there is a probability for each class")
    for document in 0..<batch.count {
      addTarget(posteriors[document * labels.count..<(document + 1) * labels.count])
    }
    let begin = rows.packed.count
    rows.append(batch, hasher)
    for feature in rows.packed[begin...] {
      documentFrequencies[Int(feature >> FeatureHasher.countBits)] += 1
    }
  }

  /// Trains a classifier.
  ///
  /// The result is the same, bit for bit, for any number of threads.
  ///
  /// - Parameters:
  ///   - parallel: How to use threads.
  ///   - progress: Called after every iteration on the calling thread; false stops the training.
  /// - Throws: ``TrainingError``; ``TrainingError/stopped(iterations:)`` when `progress` returned
  ///   false.
  /// - Complexity: O(iterations × features of all documents × classes), and memory for 16 bytes
  ///   for each feature of each document and about 4 × (2 × history + 6) bytes for each distinct
  ///   feature and class.
  public func train(
    parallel: Parallelism = .serial, progress: (TrainingProgress) -> Bool = { _ in true }
  ) throws(TrainingError) -> TextClassifier {
    if let name = configuration.violation { throw .invalidConfiguration(name: name) }
    guard labels.count > 1 else { throw .tooFewClasses(labels.count) }
    guard rows.count > 0 else { throw .noDocuments }
    if let invalidDocument { throw .invalidPosterior(document: invalidDocument) }
    guard
      let featurizer = Featurizer(
        hasher: hasher, documentFrequencies: documentFrequencies,
        documents: rows.count)
    else { throw .invalidConfiguration(name: "features") }
    let objective = SoftmaxObjective(
      rows: featurizer.matrix(rows), targets: targets, classCount: labels.count,
      penalty: configuration.penalty, parallel: parallel)
    var minimizer = SoftmaxMinimizer(
      objective: objective, historySize: configuration.historySize,
      maximumEvaluations: configuration.maximumEvaluations, tolerance: configuration.tolerance)
    let result = minimizer.run(progress: progress)
    if result.stopped { throw .stopped(iterations: result.iterations) }
    return classifier(featurizer, objective, result)
  }

  private func classifier(
    _ featurizer: Featurizer, _ objective: SoftmaxObjective, _ result: SoftmaxMinimizer.Result
  ) -> TextClassifier {
    var weights: [Float] = []
    weights.reserveCapacity((featurizer.buckets.count + 1) * labels.count)
    for column in 0...featurizer.buckets.count {
      for label in 0..<labels.count {
        weights.append(result.parameters[column * objective.stride + label])
      }
    }
    let intercepts = Array(weights.suffix(labels.count))
    weights.removeLast(labels.count)
    return TextClassifier(
      labels: labels, configuration: configuration, featurizer: featurizer, weights: weights,
      intercepts: intercepts,
      summary: TrainingSummary(
        documents: rows.count, features: featurizer.buckets.count, iterations: result.iterations,
        objective: result.objective, relativeGradient: result.relativeGradient,
        converged: result.converged))
  }

  private mutating func addTarget(_ posterior: ArraySlice<Float>) {
    var sum: Float = 0
    for value in posterior {
      guard value >= 0, value.isFinite else {
        sum = 0
        break
      }
      sum += value
    }
    if !(sum > 0 && sum.isFinite), invalidDocument == nil {
      invalidDocument = targets.count / max(1, labels.count)
    }
    for value in posterior { targets.append(sum > 0 ? value / sum : 0) }
  }
}
