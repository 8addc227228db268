/// Adapts a classifier to gold labels of documents that it was not trained on.
///
/// Weights D are added to those of the classifier, so that they minimise
///
///     − Σ log p(gold) + s/2 ‖D‖²
///
/// over the gold documents: maximum a posteriori adaptation (Chelba & Acero, "Adaptation of Maximum
/// Entropy Capitalizer: Little Data Can Help a Lot", 2004). It moves the probabilities of texts like
/// the gold ones, where a temperature or a shift of the classes would move all. There are no
/// intercepts: what documents have in common is in their n-grams.
///
/// How strong the prior s has to be is not known, so nothing is chosen: D is the mean of those of
/// several strengths and of none at all, weighted by the probability that each gives to the gold
/// labels of each fifth when it knows the other four (Geisser & Eddy 1979). With few labels many
/// strengths have a say, with many one has. See docs/end-model-calibration.md for what it does.
package struct GoldAdaptation {
  /// s, in half decades from one that lets a hundred labels hardly move anything to one that lets
  /// them be learned by heart.
  package static let strengths: [Double] = [3, 1, 0.3, 0.1, 0.03, 0.01, 0.003]
  package static let folds = 5
  /// Fewer documents without gold labels are not enough to learn from by themselves.
  package static let fewestUngraded = 60
  /// The most documents that are dealt out to folds; more tell no more of the strengths.
  package static let mostValidated = 1000
  /// Strengths whose log weight is lower than the greatest by more than this count for nothing.
  private static let negligible = 10.0
  /// Where the fits of the validation end.
  private static let validationTolerance = 1e-2

  /// D and what to tell of it.
  package struct Result {
    /// In the layout of ``SoftmaxObjective``.
    package let weights: [Float]
    package let learning: GoldLearning
  }

  private let rows: SparseRows
  private let logProbabilities: [Double]
  private let classCount: Int
  private let parallel: Parallelism
  private let configuration: ClassifierConfiguration
  private let labels: [Int]
  /// The fold of each document, -1 for those that are only learned from.
  private let folds: [Int]

  /// Prepares an adaptation.
  ///
  /// - Parameters:
  ///   - rows: The features of the gold documents.
  ///   - logProbabilities: The natural logarithms of what the classifier gives to each class; flat,
  ///     documents × classes.
  ///   - labels: The gold class of each document.
  ///   - hashes: A hash of each document's text. Documents of one hash are in one fold.
  ///   - configuration: How to minimise; its penalty plays no part.
  package init(
    rows: SparseRows, logProbabilities: [Double], labels: [Int], hashes: [UInt64],
    configuration: ClassifierConfiguration, parallel: Parallelism
  ) {
    self.rows = rows
    self.logProbabilities = logProbabilities
    classCount = logProbabilities.count / max(1, labels.count)
    self.parallel = parallel
    self.configuration = configuration
    self.labels = labels
    // Of too many documents, those with the smallest hashes.
    let greatest =
      hashes.count > Self.mostValidated ? hashes.sorted()[Self.mostValidated - 1] : UInt64.max
    folds = hashes.map { $0 <= greatest ? Int($0 % UInt64(Self.folds)) : -1 }
  }

  /// Finds D.
  ///
  /// - Parameter progress: Called after every iteration; false stops it.
  /// - Throws: ``TrainingError/stopped(iterations:)`` when `progress` returned false.
  /// - Complexity: That of at most seven trainings on the gold documents, and of 35 on four fifths of
  ///   at most 1,000 of them.
  package func run(
    progress: (TrainingProgress) -> Bool = { _ in true }
  ) throws(TrainingError) -> Result {
    let candidates = try validatedScores(progress)
    let losses = candidates.map(validatedLoss)
    let least = losses.min() ?? 0
    let shares = normalized(
      losses.map { $0 > least + Self.negligible ? 0 : exponential(least - $0) })

    let objective = objective(of: labels.map { _ in true })
    var weights = [Float](repeating: 0, count: objective.parameterCount)
    var mean = candidates[0].map { $0 * shares[0] }
    var start: [Float]?
    for (index, share) in shares.enumerated().dropFirst() where share > 0 {
      let found = try fit(
        objective, strength: Self.strengths[index - 1], from: start,
        tolerance: configuration.tolerance, progress)
      for place in weights.indices { weights[place] += Float(share) * found[place] }
      for place in mean.indices { mean[place] += share * candidates[index][place] }
      start = found
    }
    let count = Double(validated.count)
    let isTold = parts.count > 1
    return Result(
      weights: weights,
      learning: GoldLearning(
        documents: labels.count, logLossBefore: isTold ? losses[0] / count : nil,
        logLossAfter: isTold ? validatedLoss(mean) / count : nil))
  }

  /// The documents that are dealt out to folds.
  private var validated: [Int] { folds.indices.filter { folds[$0] >= 0 } }

  /// The folds with documents. Few texts, or equal ones, may leave all in one fold; then nothing is
  /// held back, and all strengths count the same.
  private var parts: [Int] { (0..<Self.folds).filter { folds.contains($0) } }

  /// For no adaptation and each strength the scores of the validated documents, by weights that do
  /// not know them; flat, documents × stride. Strengths after one that is much worse than the best
  /// are left out.
  private func validatedScores(
    _ progress: (TrainingProgress) -> Bool
  ) throws(TrainingError) -> [[Double]] {
    let objective = objective(of: folds.map { $0 >= 0 })
    let stride = objective.stride
    let before = objective.offsetScores([Float](repeating: 0, count: objective.parameterCount))
    let held = validated.map { folds[$0] }
    let parts = parts.count > 1 ? parts : []
    let learned = parts.map { part in self.objective(of: folds.map { $0 >= 0 && $0 != part }) }
    var starts = [[Float]?](repeating: nil, count: parts.count)
    var candidates = [before]
    var least = validatedLoss(before)
    for strength in Self.strengths {
      var scores = before
      for (index, part) in parts.enumerated() {
        let found = try fit(
          learned[index], strength: strength, from: starts[index],
          tolerance: Self.validationTolerance, progress)
        let all = objective.offsetScores(found)
        for (row, fold) in held.enumerated() where fold == part {
          let places = row * stride..<(row + 1) * stride
          scores.replaceSubrange(places, with: all[places])
        }
        starts[index] = found
      }
      candidates.append(scores)
      let loss = validatedLoss(scores)
      if loss > least + Self.negligible { break }
      least = min(least, loss)
    }
    return candidates
  }

  /// The objective over some of the documents, without a penalty.
  private func objective(of isUsed: [Bool]) -> SoftmaxObjective {
    var targets: [Float] = []
    var offsets: [Double] = []
    for (document, isUsed) in isUsed.enumerated() where isUsed {
      targets += (0..<classCount).map { $0 == labels[document] ? 1 : 0 }
      offsets += logProbabilities[document * classCount..<(document + 1) * classCount]
    }
    return SoftmaxObjective(
      rows: rows.keeping(isUsed), targets: targets, offsets: offsets, classCount: classCount,
      penalty: 0, parallel: parallel)
  }

  private func fit(
    _ objective: SoftmaxObjective, strength: Double, from start: [Float]?, tolerance: Double,
    _ progress: (TrainingProgress) -> Bool
  ) throws(TrainingError) -> [Float] {
    var objective = objective
    objective.penalty = strength / Double(max(1, objective.rows.rowCount))
    var minimizer = SoftmaxMinimizer(
      objective: objective, historySize: configuration.historySize,
      maximumEvaluations: configuration.maximumEvaluations, tolerance: tolerance, from: start)
    let result = minimizer.run(progress: progress)
    if result.stopped { throw .stopped(iterations: result.iterations) }
    return result.weights
  }

  /// − Σ log p(gold) of the validated documents.
  private func validatedLoss(_ scores: [Double]) -> Double {
    let stride = SoftmaxObjective.stride(classCount: classCount)
    var sum = 0.0
    for (index, document) in validated.enumerated() {
      let begin = index * stride
      var row = Array(scores[begin..<begin + classCount])
      sum += normalizeLogWeights(&row) - scores[begin + labels[document]]
    }
    return sum
  }
}
