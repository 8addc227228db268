/// How well probabilities agree with gold labels.
///
/// Obtained from a ``MetricsAccumulator``. The predicted class is the most probable one; a tie
/// goes to the class that is listed first. Every figure is over the documents with gold that were
/// added, ``documents``.
public struct ClassificationMetrics: Sendable, Equatable {
  /// The number of documents.
  public let documents: Int

  /// The share of documents whose predicted class is the gold class.
  public let accuracy: Double

  /// The mean F1 over the classes that occur in the gold labels or the predictions.
  public let macroF1: Double

  /// The mean of −log p(gold), natural logarithm, with probabilities below 1e-6 counted as 1e-6.
  public let logLoss: Double

  /// The mean over documents of Σ (p − [class is gold])² over classes: 0 is best, 2 is worst
  /// (Brier 1950, the form for several classes).
  public let brier: Double

  /// The expected calibration error: the mean over documents of the difference, in absolute
  /// value, of mean top probability and accuracy of the document's reliability bin (Guo et al.
  /// 2017, with ten equal-width bins).
  public let ece: Double

  /// The ten equal-width bins of the top probability; bin `b` begins at `b / 10`, and 1 is in the
  /// last.
  public let reliability: [ReliabilityBin]

  /// The figures of each class, in class order.
  public let classes: [ClassMetrics]

  /// The number of documents of each gold class (row) and predicted class (column).
  public let confusion: [[Int]]

  /// The probability that a document of the second class has a larger probability of the second
  /// class than a document of the first, ties counting one half; nil unless there are two classes
  /// that both occur in the gold labels. Exact.
  public let auc: Double?

  init?(_ sums: MetricsAccumulator) {
    guard sums.documents > 0 else { return nil }
    let total = Double(sums.documents)
    let classes = sums.confusion.indices.map { label in
      ClassMetrics(
        support: sums.confusion[label].reduce(0, +),
        predictions: sums.confusion.reduce(0) { $0 + $1[label] },
        correct: sums.confusion[label][label])
    }
    let occurring = classes.filter { $0.support > 0 || $0.predictions > 0 }
    documents = sums.documents
    confusion = sums.confusion
    self.classes = classes
    accuracy = Double(classes.reduce(0) { $0 + $1.correct }) / total
    macroF1 = occurring.reduce(0) { $0 + $1.f1 } / Double(occurring.count)
    logLoss = sums.logLoss.value / total
    brier = sums.brier.value / total
    reliability = sums.binCounts.indices.map { bin in
      let count = Double(sums.binCounts[bin])
      return ReliabilityBin(
        count: sums.binCounts[bin],
        meanConfidence: count > 0 ? sums.binConfidences[bin].value / count : nil,
        accuracy: count > 0 ? Double(sums.binCorrect[bin]) / count : nil)
    }
    ece = sums.binCounts.indices.reduce(0) {
      $0 + abs(sums.binConfidences[$1].value - Double(sums.binCorrect[$1])) / total
    }
    auc = sums.classCount == 2 ? Self.auc(sums.scores) : nil
  }

  /// The area under the ROC curve as a Mann–Whitney statistic: documents of the second class are
  /// compared with those of the first class that come before them in the order of scores.
  private static func auc(_ scores: [MetricsAccumulator.ScoredDocuments]) -> Double? {
    let ordered = scores.sorted { $0.score < $1.score }
    var firstBelow = 0
    var secondTotal = 0
    var halves = 0  // twice the number of pairs in the right order
    var index = 0
    while index < ordered.count {
      var firstHere = 0
      var secondHere = 0
      let score = ordered[index].score
      while index < ordered.count, ordered[index].score == score {
        if ordered[index].isSecond {
          secondHere += ordered[index].count
        } else {
          firstHere += ordered[index].count
        }
        index += 1
      }
      halves += secondHere * (2 * firstBelow + firstHere)
      firstBelow += firstHere
      secondTotal += secondHere
    }
    guard firstBelow > 0, secondTotal > 0 else { return nil }
    return Double(halves) / 2 / Double(firstBelow) / Double(secondTotal)
  }
}

/// The documents whose top probability lies in a range of width 0.1.
public struct ReliabilityBin: Sendable, Equatable {
  /// The number of documents.
  public let count: Int

  /// The mean of their top probabilities; nil without documents.
  public let meanConfidence: Double?

  /// The share of them that is predicted correctly; nil without documents.
  public let accuracy: Double?
}

/// The figures of one class.
public struct ClassMetrics: Sendable, Equatable {
  /// The number of documents whose gold label is the class.
  public let support: Int

  /// The number of documents for which the class is predicted.
  public let predictions: Int

  /// The number of documents for which the class is rightly predicted.
  public let correct: Int

  /// The share of predictions that are correct; 0 where it is never predicted.
  public var precision: Double { predictions > 0 ? Double(correct) / Double(predictions) : 0 }

  /// The share of the class that is found; 0 where it never occurs.
  public var recall: Double { support > 0 ? Double(correct) / Double(support) : 0 }

  /// The harmonic mean of precision and recall; 0 where the class neither occurs nor is predicted.
  public var f1: Double {
    support + predictions > 0 ? 2 * Double(correct) / Double(support + predictions) : 0
  }
}
