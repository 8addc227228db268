/// A document with a gold label, labeled twice.
package struct PairedLabels: Sendable, Equatable {
  /// The class that it has.
  package var gold: Int
  /// The class that it was given before.
  package var before: Int
  /// The class that it was given after.
  package var after: Int
  /// −log p(gold) before, natural logarithm.
  package var lossBefore: Double
  /// The same after.
  package var lossAfter: Double

  package init(gold: Int, before: Int, after: Int, lossBefore: Double, lossAfter: Double) {
    (self.gold, self.before, self.after) = (gold, before, after)
    (self.lossBefore, self.lossAfter) = (lossBefore, lossAfter)
  }
}

/// What two labelings of the same documents say of a figure.
package struct FigureDifference: Sendable, Equatable {
  /// The figure before.
  package let before: Double
  /// The figure after.
  package let after: Double
  /// After minus before.
  package let difference: Double
  /// The 95 % interval of the difference.
  package let interval: Interval
  /// How likely chance alone makes at least so much of a difference; nil for figures without an
  /// exact test.
  package let pValue: Double?
  /// Whether the difference is more than noise.
  package let verdict: Verdict

  /// What a difference amounts to.
  package enum Verdict: String, Sendable, Codable {
    case better
    case worse
    /// A difference that chance alone makes, too.
    case noise
    /// No document is the other way.
    case unchanged
  }
}

/// Compares two labelings of the same documents with gold labels.
///
/// The documents are taken for a sample: the intervals say how the difference might have come out on
/// other documents of the same kind. Both labelings are of the same documents, so what counts is
/// where they differ, and intervals are far narrower than those of two separate accuracies.
///
/// - *Accuracy*: the interval of Newcombe for a difference of paired shares ("Improved confidence
///   intervals for the difference between binomial proportions based on paired data", Statistics in
///   Medicine 17, 1998, method 10), and McNemar's test in its exact form: of the documents that
///   are right in one labeling only, each is as likely to be so in either.
/// - *Macro-F1* and *log-loss*: percentiles of a paired bootstrap over documents (Efron 1979) with a
///   fixed seed.
///
/// A difference counts as more than noise where its interval leaves out 0, for accuracy also
/// McNemar's test is below 5 %, and, for figures of labels, at least ``leastChanges`` documents
/// became right or wrong: with fewer, the exact test cannot fall below 5 % whatever the labels are.
/// For log-loss all of the interval has to lie beyond ``leastLoss``: a change of a label model moves
/// the probabilities of all documents a little, and by the same little, so chance alone does not make
/// such a difference, and yet it means nothing.
package struct PairedComparison: Sendable, Equatable {
  /// So many documents have to become right or wrong for a difference to count.
  package static let leastChanges = 6

  /// A log-loss has to change by so much to count, in nats.
  package static let leastLoss = 0.001

  /// The number of documents.
  package let documents: Int
  /// The documents that were right and are wrong.
  package let becameWrong: Int
  /// The documents that were wrong and are right.
  package let becameRight: Int
  /// The share of documents whose label is the gold label.
  package let accuracy: FigureDifference
  /// As in ``ClassificationMetrics/macroF1``.
  package let macroF1: FigureDifference
  /// The mean loss; less is better.
  package let logLoss: FigureDifference

  /// Compares two labelings; nil without documents.
  ///
  /// The result is the same, bit for bit, for any number of threads.
  ///
  /// - Parameters:
  ///   - classCount: The number of classes.
  ///   - parallel: How to use threads.
  /// - Complexity: O(documents × resamples), of which there are 2,000, fewer from 20,000 documents
  ///   on, but at least 400.
  package init?(
    _ documents: [PairedLabels], classCount: Int, parallel: Parallelism = .serial
  ) {
    if documents.isEmpty { return nil }
    self.documents = documents.count
    var counts = (bothRight: 0, before: 0, after: 0, bothWrong: 0)
    for document in documents {
      switch (document.before == document.gold, document.after == document.gold) {
      case (true, true): counts.bothRight += 1
      case (true, false): counts.before += 1
      case (false, true): counts.after += 1
      case (false, false): counts.bothWrong += 1
      }
    }
    (becameWrong, becameRight) = (counts.before, counts.after)
    let isEnough = counts.before + counts.after >= Self.leastChanges
    let total = Double(documents.count)
    let p = Self.exactTest(counts.before, counts.after)
    accuracy = FigureDifference(
      before: Double(counts.bothRight + counts.before) / total,
      after: Double(counts.bothRight + counts.after) / total,
      interval: Self.newcombe(
        bothRight: counts.bothRight, before: counts.before, after: counts.after,
        bothWrong: counts.bothWrong),
      pValue: p, isLargerBetter: true, isUnchanged: counts.before + counts.after == 0,
      isEnough: isEnough && p < 0.05)
    let bootstrap = PairedBootstrap(documents, classCount: classCount)
    let samples = bootstrap.run(parallel)
    let isSame = documents.allSatisfy { $0.before == $0.after }
    let figures = bootstrap.figures
    macroF1 = FigureDifference(
      before: figures.before, after: figures.after,
      interval: samples.macroF1, pValue: nil, isLargerBetter: true, isUnchanged: isSame,
      isEnough: isEnough)
    logLoss = FigureDifference(
      before: documents.reduce(0) { $0 + $1.lossBefore } / total,
      after: documents.reduce(0) { $0 + $1.lossAfter } / total,
      interval: samples.logLoss, pValue: nil, isLargerBetter: false,
      isUnchanged: documents.allSatisfy { $0.lossBefore == $0.lossAfter },
      isEnough: documents.count >= 30, least: Self.leastLoss)
  }

  /// McNemar's exact test: the probability, two-sided, that of some documents which are right in
  /// one of two labelings alone, so many or fewer are so in the rarer one by chance.
  static func exactTest(_ first: Int, _ second: Int) -> Double {
    let (fewer, count) = (min(first, second), first + second)
    if count == 0 { return 1 }
    // Σ C(count, k) / 2^count by logarithms, since neither fits a number for itself.
    var logTerm = -Double(count) * naturalLog(2)
    var sum = exponential(logTerm)
    for k in 0..<fewer {
      logTerm += naturalLog(Double(count - k)) - naturalLog(Double(k + 1))
      sum += exponential(logTerm)
    }
    // With equal counts the middle term stands in both halves.
    return first == second ? 1 : min(1, 2 * sum)
  }

  /// Newcombe's method 10 for the share after minus the share before.
  static func newcombe(bothRight: Int, before: Int, after: Int, bothWrong: Int) -> Interval {
    let (e, f, g, h) = (Double(bothRight), Double(after), Double(before), Double(bothWrong))
    let n = e + f + g + h
    let (first, second) = ((e + f) / n, (e + g) / n)  // after, before
    guard let one = Wilson.interval(successes: e + f, trials: n),
      let two = Wilson.interval(successes: e + g, trials: n)
    else { return Interval(lower: -1, upper: 1) }
    let product = (e + f) * (g + h) * (e + g) * (f + h)
    var covariance = e * h - f * g
    if covariance > 0 { covariance = max(0, covariance - n / 2) }
    let correlation = product > 0 ? covariance / product.squareRoot() : 0
    func reach(_ one: Double, _ other: Double) -> Double {
      max(0, one * one - 2 * correlation * one * other + other * other).squareRoot()
    }
    let difference = first - second
    return Interval(
      lower: max(-1, difference - reach(first - one.lower, two.upper - second)),
      upper: min(1, difference + reach(one.upper - first, second - two.lower)))
  }
}

extension FigureDifference {
  fileprivate init(
    before: Double, after: Double, interval: Interval, pValue: Double?, isLargerBetter: Bool,
    isUnchanged: Bool, isEnough: Bool, least: Double = 0
  ) {
    (self.before, self.after, self.pValue) = (before, after, pValue)
    difference = after - before
    self.interval = isUnchanged ? Interval(lower: 0, upper: 0) : interval
    if isUnchanged {
      verdict = .unchanged
    } else if isEnough, interval.lower > least {
      verdict = isLargerBetter ? .better : .worse
    } else if isEnough, interval.upper < -least {
      verdict = isLargerBetter ? .worse : .better
    } else {
      verdict = .noise
    }
  }
}

/// Draws documents with replacement and computes the differences of their figures.
private struct PairedBootstrap: Sendable {
  private let classCount: Int
  /// The distinct combinations of gold, label before and label after.
  private var cells: [(gold: Int, before: Int, after: Int)] = []
  /// The combination of each document, and what its loss changed by.
  private var cellOf: [Int32] = []
  private var lossChanges: [Double] = []

  init(_ documents: [PairedLabels], classCount: Int) {
    self.classCount = classCount
    var known: [Int: Int32] = [:]
    for document in documents {
      let key = (document.gold * classCount + document.before) * classCount + document.after
      let cell = known[key] ?? Int32(cells.count)
      if known.updateValue(cell, forKey: key) == nil {
        cells.append((document.gold, document.before, document.after))
      }
      cellOf.append(cell)
      lossChanges.append(document.lossAfter - document.lossBefore)
    }
  }

  /// The figures of the documents themselves.
  var figures: (before: Double, after: Double) {
    var counts = [Int](repeating: 0, count: cells.count)
    for cell in cellOf { counts[Int(cell)] += 1 }
    return (macroF1(counts, \.before), macroF1(counts, \.after))
  }

  /// The intervals of the differences of macro-F1 and of the mean loss.
  func run(_ parallel: Parallelism) -> (macroF1: Interval, logLoss: Interval) {
    let resamples = max(400, min(2000, 40_000_000 / cellOf.count))
    let differences = parallel.map(resamples) { self.differences(ofSample: $0) }
    return (
      Self.percentiles(differences.map(\.macroF1)), Self.percentiles(differences.map(\.logLoss))
    )
  }

  /// The differences of the figures of a sample as large as the documents are many.
  private func differences(ofSample sample: Int) -> (macroF1: Double, logLoss: Double) {
    let documents = cellOf.count
    var counts = [Int](repeating: 0, count: cells.count)
    var loss = 0.0
    var state = 0x68_756E_6368 &+ sample &* documents
    for _ in 0..<documents {
      state &+= 1
      let drawn = Int(
        VisitingOrder.hash(state).multipliedFullWidth(by: UInt64(documents)).high)
      counts[Int(cellOf[drawn])] += 1
      loss += lossChanges[drawn]
    }
    return (macroF1(counts, \.after) - macroF1(counts, \.before), loss / Double(documents))
  }

  private func macroF1(
    _ counts: [Int], _ label: KeyPath<(gold: Int, before: Int, after: Int), Int>
  ) -> Double {
    var correct = [Int](repeating: 0, count: classCount)
    var (support, predicted) = (correct, correct)
    for (cell, count) in zip(cells, counts) where count > 0 {
      support[cell.gold] += count
      predicted[cell[keyPath: label]] += count
      if cell.gold == cell[keyPath: label] { correct[cell.gold] += count }
    }
    var (sum, occurring) = (0.0, 0)
    for label in 0..<classCount where support[label] + predicted[label] > 0 {
      sum += 2 * Double(correct[label]) / Double(support[label] + predicted[label])
      occurring += 1
    }
    return sum / Double(max(1, occurring))
  }

  private static func percentiles(_ values: [Double]) -> Interval {
    let values = values.sorted()
    let left = Int(0.025 * Double(values.count))
    return Interval(lower: values[left], upper: values[values.count - 1 - left])
  }
}
