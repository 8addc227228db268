/// Posteriors of documents with gold labels.
package struct GoldPosteriors: Sendable {
  /// The number of folds.
  package static let folds = 5

  /// Documents × classes.
  package let rows: [Double]
  /// The gold class of each document; that at i is of fold i modulo ``folds``.
  package let labels: [Int]
  package let classCount: Int

  /// log p for each of the rows, never below that of ``Temperature/leastProbability``.
  private let logs: [Double]

  package init(rows: [Double], labels: [Int], classCount: Int) {
    self.rows = rows
    self.labels = labels
    self.classCount = classCount
    logs = rows.map { naturalLog(max($0, Temperature.leastProbability)) }
  }

  /// −log p(gold) of a document with posteriors to the power of 1/T, with the bound of
  /// ``ClassificationMetrics/logLoss``.
  package func loss(_ document: Int, temperature: Double) -> Double {
    let logProbability = logProbabilities(document, temperature: temperature)[labels[document]]
    return -max(logProbability, naturalLog(MetricsAccumulator.leastProbability))
  }

  private func logProbabilities(_ document: Int, temperature: Double) -> [Double] {
    let logs = logs[document * classCount..<(document + 1) * classCount].map { $0 / temperature }
    var row = logs
    let logSum = normalizeLogWeights(&row)
    return logs.map { $0 - logSum }
  }

  /// The temperature that makes the gold labels of all documents (`nil`) or of those outside a fold
  /// most likely, under a prior.
  ///
  /// Labels are smoothed as by Platt (1999): each of n counts as 1 − 1/(n + 2) of its class, the
  /// rest as all classes evenly. Where all labels agree with the posteriors, certainty would
  /// otherwise grow without an end.
  package func temperature(outside fold: Int? = nil) -> Double {
    let members = labels.indices.filter { $0 % Self.folds != fold }
    let smoothing = 1 / Double(members.count + 2)
    return Temperature.minimize { temperature in
      members.reduce(0) {
        $0 + smoothedLoss($1, temperature: temperature, smoothing: smoothing)
      }
    }
  }

  private func smoothedLoss(
    _ document: Int, temperature: Double, smoothing: Double
  ) -> Double {
    let logs = logProbabilities(document, temperature: temperature)
    let mean = logs.reduce(0, +) / Double(classCount)
    return -(1 - smoothing) * logs[labels[document]] - smoothing * mean
  }

  /// The loss of each document as the posteriors are.
  package func losses() -> [Double] { labels.indices.map { loss($0, temperature: 1) } }

  /// The loss of each document, with the temperature that the other folds give.
  package func calibratedLosses() -> [Double] {
    let temperatures = (0..<Self.folds).map { temperature(outside: $0) }
    return labels.indices.map { loss($0, temperature: temperatures[$0 % Self.folds]) }
  }
}

/// The temperature T of posteriors p^(1/T), scaled to sum to 1: above 1 they are made less certain.
package enum Temperature {
  /// Posteriors below it are raised to it before they are taken to the power of 1/T.
  static let leastProbability = 1e-12

  /// The bounds of log T.
  static let range = -2.0...2.0

  /// How far log T scatters around 0, before anything is known: T lies between .6 and 1.6 with a
  /// probability of 95 %.
  static let priorDeviation = 0.25

  /// The T of the smallest loss, by golden section of log T.
  ///
  /// - Parameter loss: The sum of −log p(gold), convex in 1/T.
  package static func minimize(_ loss: (_ temperature: Double) -> Double) -> Double {
    let ratio = (5.0.squareRoot() - 1) / 2
    func value(_ log: Double) -> Double {
      let deviations = log / priorDeviation
      return loss(exponential(log)) + deviations * deviations / 2
    }
    var (low, high) = (range.lowerBound, range.upperBound)
    var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
    var (leftValue, rightValue) = (value(left), value(right))
    while high - low > 1e-4 {
      if leftValue <= rightValue {
        (high, right, rightValue) = (right, left, leftValue)
        left = high - ratio * (high - low)
        leftValue = value(left)
      } else {
        (low, left, leftValue) = (left, right, rightValue)
        right = low + ratio * (high - low)
        rightValue = value(right)
      }
    }
    return exponential((low + high) / 2)
  }
}
