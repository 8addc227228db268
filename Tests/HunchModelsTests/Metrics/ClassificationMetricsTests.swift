import HunchModels
import TestSupport
import Testing

struct ClassificationMetricsTests {
  @Test func divergenceOfRows() {
    #expect(RowComparison.divergence([0.3, 0.7], [0.3, 0.7]) == 0)
    #expect(abs(RowComparison.divergence([1, 0], [0, 1]) - logarithm(2)) < 1e-12)
    let one = [0.2, 0.5, 0.3]
    let other = [0.6, 0.0, 0.4]
    let byHand =
      (0.2 * logarithm(0.2 / 0.4) + 0.5 * logarithm(2) + 0.3 * logarithm(0.3 / 0.35)
        + 0.6 * logarithm(0.6 / 0.4) + 0.4 * logarithm(0.4 / 0.35)) / 2
    #expect(abs(RowComparison.divergence(one, other) - byHand) < 1e-12)
    #expect(RowComparison.divergence(one, other) == RowComparison.divergence(other, one))
    #expect(RowComparison.loss(0) == -logarithm(1e-6))
  }

  @Test func byHand() throws {
    var accumulator = MetricsAccumulator(classCount: 2)
    accumulator.add([0.9, 0.1], gold: 0, count: 2)
    accumulator.add([0.4, 0.6], gold: 0)
    accumulator.add([0.5, 0.5], gold: 1)  // a tie goes to class 0
    accumulator.add([0.5, 0.5], gold: -1)  // unknown
    accumulator.add([0.0, 1.0], gold: 1)
    let metrics = try #require(accumulator.metrics())
    #expect(metrics.documents == 5)
    #expect(metrics.confusion == [[2, 1], [1, 1]])
    #expect(metrics.accuracy == 0.6)
    #expect(metrics.classes[0].precision == 2.0 / 3)
    #expect(metrics.classes[0].recall == 2.0 / 3)
    #expect(metrics.classes[0].support == 3)
    #expect(metrics.classes[1].f1 == 0.5)
    #expect(abs(metrics.macroF1 - (2.0 / 3 + 0.5) / 2) < 1e-12)
    let loss = -(2 * logarithm(0.9) + logarithm(0.4) + logarithm(0.5)) / 5
    #expect(abs(metrics.logLoss - loss) < 1e-12)
    #expect(abs(metrics.brier - (2 * 0.02 + 0.72 + 0.5 + 0) / 5) < 1e-12)
    // Bins: 0.5 (wrong), 0.6 (wrong), 0.9 twice and 1 in the last (right).
    #expect(abs(metrics.ece - (0.5 + 0.6 + (3 - 2.8)) / 5) < 1e-12)
    #expect(metrics.reliability.count == 10)
    #expect(metrics.reliability[9].count == 3)
    #expect(metrics.reliability[9].accuracy == 1)
    #expect(metrics.reliability[0].meanConfidence == nil)
    // Second-class scores 0.5 and 1 against 0.1, 0.1 and 0.6.
    #expect(abs((metrics.auc ?? 0) - 5.0 / 6) < 1e-12)
  }

  @Test func nothingAdded() {
    var accumulator = MetricsAccumulator(classCount: 3)
    accumulator.add([0.2, 0.3, 0.5], gold: -1)
    accumulator.add([0.2, 0.3, 0.5], gold: 1, count: 0)
    #expect(accumulator.metrics() == nil)
  }

  @Test func macroF1LeavesOutClassesThatDoNotOccur() throws {
    var accumulator = MetricsAccumulator(classCount: 4)
    accumulator.add([1, 0, 0, 0], gold: 0)
    accumulator.add([0, 1, 0, 0], gold: 0)
    let metrics = try #require(accumulator.metrics())
    #expect(abs(metrics.macroF1 - (2.0 / 3 + 0) / 2) < 1e-12)
    #expect(metrics.classes[3].f1 == 0)
    #expect(metrics.auc == nil)
  }

  @Test func clipsTheLogarithm() throws {
    var accumulator = MetricsAccumulator(classCount: 2)
    accumulator.add([1, 0], gold: 1)
    let metrics = try #require(accumulator.metrics())
    #expect(abs(metrics.logLoss + logarithm(1e-6)) < 1e-12)
    #expect(metrics.auc == nil)
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func equalsTheDefinitions(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let classes = 2 + random.below(4)
    let documents = 1 + random.below(120)
    var rows: [[Double]] = []
    var gold: [Int] = []
    for _ in 0..<documents {
      // Coarse values make ties.
      let raw = (0..<classes).map { _ in Double(1 + random.below(4)) }
      rows.append(raw.map { $0 / raw.reduce(0, +) })
      gold.append(random.below(classes))
    }
    var accumulator = MetricsAccumulator(classCount: classes)
    for (row, label) in zip(rows, gold) { accumulator.add(row, gold: label) }
    let metrics = try #require(accumulator.metrics())
    let oracle = DirectMetrics(rows: rows, gold: gold)
    #expect(metrics.documents == documents)
    #expect(abs(metrics.accuracy - oracle.accuracy) < 1e-9)
    #expect(abs(metrics.macroF1 - oracle.macroF1) < 1e-9)
    #expect(abs(metrics.logLoss - oracle.logLoss) < 1e-9)
    #expect(abs(metrics.brier - oracle.brier) < 1e-9)
    #expect(abs(metrics.ece - oracle.ece) < 1e-9)
    switch (metrics.auc, oracle.auc) {
    case (let found?, let expected?): #expect(abs(found - expected) < 1e-9)
    case (nil, nil): break
    default: Issue.record("AUC is known on one side only")
    }
    var batch = MetricsAccumulator(classCount: classes)
    batch.add(rows.flatMap { $0.map { Float($0) } }, gold: gold)
    let other = try #require(batch.metrics())
    #expect(other.confusion == metrics.confusion)
    #expect(abs(other.logLoss - metrics.logLoss) < 1e-5)
  }

  @Test func countsAreRepetitions() throws {
    var random = SplitMix64(seed: 12)
    var counted = MetricsAccumulator(classCount: 2)
    var repeated = MetricsAccumulator(classCount: 2)
    for _ in 0..<50 {
      let value = Double(random.below(8)) / 8
      let label = random.below(2)
      let count = 1 + random.below(5)
      counted.add([1 - value, value], gold: label, count: count)
      for _ in 0..<count { repeated.add([1 - value, value], gold: label) }
    }
    let one = try #require(counted.metrics())
    let other = try #require(repeated.metrics())
    #expect(one.auc == other.auc)
    #expect(one.confusion == other.confusion)
    #expect(abs(one.logLoss - other.logLoss) < 1e-12)
    #expect(abs(one.ece - other.ece) < 1e-12)
  }
}

/// The definitions written down.
private struct DirectMetrics {
  var rows: [[Double]]
  var gold: [Int]

  var classes: Range<Int> { rows[0].indices }
  var total: Double { Double(rows.count) }
  var guesses: [Int] {
    rows.map { row in
      let top = row.max() ?? 0
      return row.firstIndex(of: top) ?? 0
    }
  }
  var accuracy: Double { Double(zip(guesses, gold).count { $0 == $1 }) / total }
  var macroF1: Double {
    let scores = classes.compactMap { label -> Double? in
      let right = Double(zip(guesses, gold).count { $0 == label && $1 == label })
      let guessed = Double(guesses.count { $0 == label })
      let support = Double(gold.count { $0 == label })
      if guessed + support == 0 { return nil }
      if right == 0 { return 0 }
      let (precision, recall) = (right / guessed, right / support)
      return 2 * precision * recall / (precision + recall)
    }
    return scores.reduce(0, +) / Double(scores.count)
  }
  var logLoss: Double { -zip(rows, gold).reduce(0) { $0 + logarithm($1.0[$1.1]) } / total }
  var brier: Double {
    zip(rows, gold).reduce(0) { sum, pair in
      sum
        + classes.reduce(0.0) {
          let difference = pair.0[$1] - (pair.1 == $1 ? 1 : 0)
          return $0 + difference * difference
        }
    } / total
  }
  var ece: Double {
    let tops = rows.map { $0.max() ?? 0 }
    return (0..<10).reduce(0) { sum, bin in
      let members = rows.indices.filter { min(9, Int(tops[$0] * 10)) == bin }
      if members.isEmpty { return sum }
      let count = Double(members.count)
      let confidence = members.reduce(0) { $0 + tops[$1] } / count
      let right = Double(members.count { guesses[$0] == gold[$0] }) / count
      return sum + count / total * abs(confidence - right)
    }
  }
  var auc: Double? {
    guard classes.count == 2 else { return nil }
    var pairs = 0.0
    var won = 0.0
    for (high, second) in zip(rows, gold) where second == 1 {
      for (low, first) in zip(rows, gold) where first == 0 {
        pairs += 1
        won += high[1] > low[1] ? 1 : (high[1] == low[1] ? 0.5 : 0)
      }
    }
    return pairs > 0 ? won / pairs : nil
  }
}
