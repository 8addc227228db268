import HunchModels
import TestSupport
import Testing

@Suite struct PairedComparisonTests {
  /// Documents whose labels are right with given probabilities, before and after; both are drawn
  /// from one number, so that they mostly agree, or from two.
  private func documents(
    _ count: Int, classes: Int, before: Double, after: Double, together: Double,
    _ random: inout SplitMix64
  ) -> [PairedLabels] {
    (0..<count).map { _ in
      let gold = random.below(classes)
      let first = random.uniform()
      let second = random.uniform() < together ? first : random.uniform()
      let wrong = (gold + 1 + random.below(classes - 1)) % classes
      return PairedLabels(
        gold: gold, before: first < before ? gold : wrong, after: second < after ? gold : wrong,
        lossBefore: first, lossAfter: second)
    }
  }

  @Test func figuresAreThoseOfTheMetrics() throws {
    var random = SplitMix64(seed: 1)
    for classes in [2, 3, 7] {
      let documents = documents(
        211, classes: classes, before: 0.6, after: 0.7, together: 0.5, &random)
      let comparison = try #require(PairedComparison(documents, classCount: classes))
      var sums = [MetricsAccumulator(classCount: classes), MetricsAccumulator(classCount: classes)]
      for document in documents {
        for (place, label) in [document.before, document.after].enumerated() {
          var row = [Double](repeating: 0, count: classes)
          row[label] = 1
          sums[place].add(row, gold: document.gold)
        }
      }
      let (before, after) = (try #require(sums[0].metrics()), try #require(sums[1].metrics()))
      #expect(comparison.accuracy.before == before.accuracy)
      #expect(comparison.accuracy.after == after.accuracy)
      #expect(abs(comparison.macroF1.before - before.macroF1) < 1e-12)
      #expect(abs(comparison.macroF1.after - after.macroF1) < 1e-12)
      #expect(
        comparison.becameRight
          == documents.filter { $0.before != $0.gold && $0.after == $0.gold }.count)
      #expect(
        comparison.becameWrong
          == documents.filter { $0.before == $0.gold && $0.after != $0.gold }.count)
      let loss = documents.reduce(0) { $0 + $1.lossAfter - $1.lossBefore } / 211
      #expect(abs(comparison.logLoss.difference - loss) < 1e-12)
    }
  }

  /// Some documents right before alone, after alone, and in both.
  private func table(_ before: Int, _ after: Int, both: Int, none: Int) throws -> PairedComparison {
    func rows(_ count: Int, _ first: Int, _ second: Int) -> [PairedLabels] {
      [PairedLabels](
        repeating: PairedLabels(gold: 0, before: first, after: second, lossBefore: 0, lossAfter: 0),
        count: count)
    }
    return try #require(
      PairedComparison(
        rows(before, 0, 1) + rows(after, 1, 0) + rows(both, 0, 0) + rows(none, 1, 1),
        classCount: 2))
  }

  @Test func theExactTestCountsCoinTosses() throws {
    // All sequences of tosses, so that every probability is a share of them.
    for count in 1...12 {
      for first in 0...count {
        let fewer = min(first, count - first)
        let asFew = (0..<1 << count).filter { tosses in
          let heads = tosses.nonzeroBitCount
          return min(heads, count - heads) <= fewer
        }.count
        let expected = min(1, Double(asFew) / Double(1 << count))
        let p = try table(first, count - first, both: 40, none: 20).accuracy.pValue
        #expect(abs((p ?? -1) - expected) < 1e-9, "\(first) of \(count)")
      }
    }
    let p = try #require(try table(400, 600, both: 4000, none: 1000).accuracy.pValue)
    #expect(p > 1e-10 && p < 1e-9)  // 2 P(X ≤ 400), X of 1,000 fair tosses: 2.73e-10
  }

  @Test func fewerThanSixChangesAreNoise() throws {
    for changes in 1...9 {
      let comparison = try table(0, changes, both: 100, none: 100)
      #expect(comparison.accuracy.verdict == (changes < 6 ? .noise : .better))
      #expect(comparison.macroF1.verdict == (changes < 6 ? .noise : .better))
      #expect(
        try table(changes, 0, both: 100, none: 100).accuracy.verdict
          == (changes < 6 ? .noise : .worse))
    }
    #expect(try table(0, 0, both: 5, none: 5).accuracy.verdict == .unchanged)
    #expect(try table(30, 30, both: 5, none: 5).accuracy.verdict == .noise)
    #expect(PairedComparison([], classCount: 2) == nil)
  }

  @Test func theIntervalIsThatOfIndependentSharesWithoutCorrelation() throws {
    // With as many right by chance in both as independence expects, the interval is that of two
    // independent shares (Newcombe's method 10 for those), by Wilson's intervals alone.
    let comparison = try table(30, 20, both: 30, none: 20)  // 60 % and 50 %, independent
    let one = try #require(Wilson.interval(successes: 50, trials: 100))
    let two = try #require(Wilson.interval(successes: 60, trials: 100))
    func reach(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
    let interval = comparison.accuracy.interval
    #expect(abs(interval.lower - (-0.1 - reach(0.5 - one.lower, two.upper - 0.6))) < 1e-12)
    #expect(abs(interval.upper - (-0.1 + reach(one.upper - 0.5, 0.6 - two.lower))) < 1e-12)
  }

  @Test func intervalsContainTheTruth() throws {
    var random = SplitMix64(seed: 7)
    let rounds = 200
    var (accuracy, macroF1, wronglyCalled) = (0, 0, 0)
    for _ in 0..<rounds {
      // Right 60 % and 66 % of the time; in three classes that are alike, macro-F1 is nearly the
      // same.
      let sample = documents(
        240, classes: 3, before: 0.6, after: 0.66, together: 0.8, &random)
      let comparison = try #require(PairedComparison(sample, classCount: 3))
      if comparison.accuracy.interval.contains(0.06) { accuracy += 1 }
      if comparison.macroF1.interval.contains(0.06) { macroF1 += 1 }
      let same = documents(240, classes: 3, before: 0.6, after: 0.6, together: 0.8, &random)
      let null = try #require(PairedComparison(same, classCount: 3))
      for figure in [null.accuracy, null.macroF1] {
        wronglyCalled += figure.verdict == .noise || figure.verdict == .unchanged ? 0 : 1
      }
    }
    // 95 % of 200 with three standard deviations.
    #expect(accuracy >= 181, "\(accuracy)")
    #expect(macroF1 >= 181, "\(macroF1)")
    #expect(wronglyCalled <= 2 * 19, "\(wronglyCalled)")
  }

  @Test func aSmallCommonShiftOfLossesIsNoise() throws {
    var random = SplitMix64(seed: 3)
    for (shift, verdict) in [
      (0.0005, FigureDifference.Verdict.noise), (-0.05, .better), (0.05, .worse),
    ] {
      let documents = (0..<300).map { _ in
        let loss = random.uniform()
        return PairedLabels(
          gold: 0, before: 0, after: 0, lossBefore: loss,
          lossAfter: loss + shift * (0.5 + random.uniform()))
      }
      #expect(PairedComparison(documents, classCount: 2)?.logLoss.verdict == verdict)
    }
  }

  @Test func itIsTheSameEveryTime() throws {
    var random = SplitMix64(seed: 11)
    let documents = documents(
      100, classes: 4, before: 0.5, after: 0.6, together: 0.5, &random)
    #expect(
      PairedComparison(documents, classCount: 4) == PairedComparison(documents, classCount: 4))
  }
}

extension Interval {
  fileprivate func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}
