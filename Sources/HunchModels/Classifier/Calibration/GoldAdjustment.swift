/// Adjusts a classifier by gold labels of documents that it was not trained on: vector scaling
/// (Guo et al., "On Calibration of Modern Neural Networks", 2017, with one factor for all classes),
/// under a prior that few labels hardly move.
///
/// The factor a and the shifts b_k of log p'_k ∝ a log p_k + b_k minimise
///
///     − Σ log p'(gold) + 25 (a − 1)² + 50 Σ b_k²,
///
/// which is convex. The priors weigh as much as 50 and 100 labels might: with thirty labels little
/// changes, with thousands they decide alone. See docs/end-model-calibration.md for other strengths.
package struct GoldAdjustment {
  static let factorPrior = 50.0
  static let shiftPrior = 100.0
  /// The least factor, so that the temperature stays finite.
  static let leastFactor = 0.05

  private let classCount: Int
  /// log p, flat, documents × classes, and the gold classes.
  private var logs: [Double] = []
  private var labels: [Int] = []

  /// Creates an adjustment without documents.
  package init(classCount: Int) { self.classCount = classCount }

  /// The number of documents added.
  package var documents: Int { labels.count }

  /// Adds a document.
  ///
  /// - Parameters:
  ///   - logProbabilities: The natural logarithms of what the classifier gives to each class.
  ///   - gold: Its class.
  package mutating func add(_ logProbabilities: [Double], gold: Int) {
    logs += logProbabilities
    labels.append(gold)
  }

  /// What makes the gold labels most likely under the prior; nil without documents.
  ///
  /// - Complexity: O(documents × classes) for each of at most 200 rounds.
  package func find() -> ScoreAdjustment? {
    if labels.isEmpty { return nil }
    var objective = Objective(classCount: classCount, logs: logs, labels: labels)
    let curvature =
      [Self.factorPrior + Double(labels.count)]
      + [Double](repeating: Self.shiftPrior + Double(labels.count) / 4, count: classCount)
    let start = [1.0] + [Double](repeating: 0, count: classCount)
    let minimizer = QuasiNewton(curvature: curvature, tolerance: 1e-6, maximumRounds: 200)
    // The objective throws nothing.
    guard let point = try? minimizer.minimize(&objective, from: start).point else { return nil }
    let factor = max(point[0], Self.leastFactor)
    return ScoreAdjustment(
      classShift: point[1...].map { $0 / factor }, temperature: 1 / factor,
      goldDocuments: labels.count)
  }
}

private struct Objective: DifferentiableObjective {
  let classCount: Int
  let logs: [Double]
  let labels: [Int]
  private var last: [Double] = []

  init(classCount: Int, logs: [Double], labels: [Int]) {
    self.classCount = classCount
    self.logs = logs
    self.labels = labels
  }

  mutating func evaluate(_ point: [Double]) -> (value: Double, gradient: [Double]) {
    let deviation = point[0] - 1
    var value = GoldAdjustment.factorPrior * deviation * deviation / 2
    var gradient = point.map { $0 * GoldAdjustment.shiftPrior }
    gradient[0] = GoldAdjustment.factorPrior * deviation
    for shift in point[1...] { value += GoldAdjustment.shiftPrior * shift * shift / 2 }
    var row = [Double](repeating: 0, count: classCount)
    for (document, gold) in labels.enumerated() {
      let begin = document * classCount
      for label in 0..<classCount { row[label] = point[0] * logs[begin + label] + point[label + 1] }
      let score = row[gold]
      value -= score - normalizeLogWeights(&row)
      row[gold] -= 1
      for label in 0..<classCount {
        gradient[0] += row[label] * logs[begin + label]
        gradient[label + 1] += row[label]
      }
    }
    return (value, gradient)
  }

  mutating func accept(_ point: [Double]) -> Double {
    defer { last = point }
    return zip(point, last).reduce(last.isEmpty ? 1 : 0) { max($0, abs($1.0 - $1.1)) }
  }
}
