/// Sums up how well probabilities agree with gold labels, one document after the other.
///
/// For example:
///
///     var accumulator = MetricsAccumulator(classCount: 2)
///     accumulator.add([0.9, 0.1], gold: 0)
///     accumulator.add([0.4, 0.6], gold: 0, count: 3)
///     accumulator.metrics()?.accuracy  // 0.25
///
/// The predicted class is the most probable one; a tie goes to the class that is listed first.
/// With two classes it keeps 24 bytes for each row, to compute an exact AUC; with more, its size
/// does not grow.
public struct MetricsAccumulator: Sendable {
  /// Probabilities are clipped from below here before their logarithm is taken.
  static let leastProbability = 1e-6

  /// The number of equal-width bins of the top probability.
  static let binCount = 10

  /// The number of classes.
  public let classCount: Int

  private(set) var documents = 0
  private(set) var confusion: [[Int]]
  private(set) var logLoss = ExactSum()
  private(set) var brier = ExactSum()
  private(set) var binCounts = [Int](repeating: 0, count: binCount)
  private(set) var binConfidences = [ExactSum](repeating: ExactSum(), count: binCount)
  private(set) var binCorrect = [Int](repeating: 0, count: binCount)
  private(set) var scores: [ScoredDocuments] = []
  private var row: [Double] = []

  /// A sum that does not depend on the order of its terms: in whole units of 2⁻⁶⁰.
  struct ExactSum: Sendable {
    private var units: Int128 = 0

    /// - Parameter value: Of a magnitude below a million.
    mutating func add(_ value: Double, times count: Int) {
      units += Int128((value * 0x1p60).rounded()) * Int128(count)
    }

    var value: Double { Double(units) * 0x1p-60 }
  }

  /// Documents with the same probability of the second class and the same gold label.
  struct ScoredDocuments: Sendable {
    var score: Double
    var isSecond: Bool
    var count: Int
  }

  /// Creates an accumulator without documents.
  public init(classCount: Int) {
    precondition(classCount > 0, "there is at least one class")
    self.classCount = classCount
    confusion = [[Int]](
      repeating: [Int](repeating: 0, count: classCount), count: classCount)
  }

  /// Adds documents that share their probabilities and their gold label.
  ///
  /// - Parameters:
  ///   - probabilities: One probability for each class.
  ///   - label: The predicted class, where it is not the most probable one; it is what confusion
  ///     and so accuracy and F1 count, while calibration stays that of the probabilities.
  ///   - gold: The gold class; -1 means unknown, and the documents are then not counted.
  ///   - count: The number of documents.
  /// - Precondition: There are `classCount` probabilities, and `gold` is below `classCount`.
  /// - Complexity: O(classes).
  public mutating func add(
    _ probabilities: some RandomAccessCollection<Double>, label: Int? = nil, gold: Int,
    count: Int = 1
  ) {
    guard gold >= 0, count > 0 else { return }
    row.removeAll(keepingCapacity: true)
    row.append(contentsOf: probabilities)
    precondition(row.count == classCount && gold < classCount, "rows have one value per class")
    var best = 0
    var squares = 0.0
    for label in 0..<classCount {
      precondition(-0.001...1.001 ~= row[label], "a probability lies between 0 and 1")
      if row[label] > row[best] { best = label }
      let difference = row[label] - (label == gold ? 1 : 0)
      squares += difference * difference
    }
    documents += count
    confusion[gold][label ?? best] += count
    brier.add(squares, times: count)
    logLoss.add(RowComparison.loss(row[gold]), times: count)
    let bin = max(0, min(Self.binCount - 1, Int(row[best] * Double(Self.binCount))))
    binCounts[bin] += count
    binConfidences[bin].add(row[best], times: count)
    binCorrect[bin] += best == gold ? count : 0
    if classCount == 2 {
      scores.append(ScoredDocuments(score: row[1], isSecond: gold == 1, count: count))
    }
  }

  /// Adds a run of documents.
  ///
  /// - Parameters:
  ///   - probabilities: Flat, documents × classes, as ``TextClassifier/probabilities(_:)`` returns.
  ///   - gold: The gold class of each document; -1 means unknown.
  /// - Complexity: O(documents × classes).
  public mutating func add(_ probabilities: [Float], gold: [Int]) {
    precondition(
      probabilities.count == gold.count * classCount, "there is a probability for each class")
    for (document, label) in gold.enumerated() {
      let row = probabilities[document * classCount..<(document + 1) * classCount]
      add(row.lazy.map(Double.init), gold: label)
    }
  }

  /// The metrics of the documents added so far, or nil when there are none.
  ///
  /// - Complexity: O(classes²), and O(n log n) for n calls of `add` with two classes.
  public func metrics() -> ClassificationMetrics? { ClassificationMetrics(self) }
}
