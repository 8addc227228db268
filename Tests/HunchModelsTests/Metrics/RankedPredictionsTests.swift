import HunchModels
import TestSupport
import Testing

@Suite struct RankedPredictionsTests {
  /// Documents with few distinct probabilities, so that many are equal.
  private static func documents(_ count: Int, classes: Int, seed: UInt64) -> (
    rows: [[Float]], gold: [Int]
  ) {
    var random = SplitMix64(seed: seed)
    var rows: [[Float]] = []
    var gold: [Int] = []
    for _ in 0..<count {
      let weights = (0..<classes).map { _ in Float(Int.random(in: 1...6, using: &random)) }
      let sum = weights.reduce(0, +)
      rows.append(weights.map { $0 / sum })
      gold.append(Int.random(in: -1..<classes, using: &random))
    }
    return (rows, gold)
  }

  /// Every probability that a document of the class has is tried as a threshold.
  @Test(arguments: 0..<40 as Range<UInt64>, [false, true])
  func noLesserProbabilityIsRightOftenEnough(seed: UInt64, isCertain: Bool) {
    let classes = 2 + Int(seed % 3)
    let (rows, gold) = Self.documents(60 + Int(seed), classes: classes, seed: seed)
    var ranked = RankedPredictions(classCount: classes)
    let half = rows.count / 2
    ranked.add(Array(rows[..<half].joined()), gold: Array(gold[..<half]))
    ranked.add(Array(rows[half...].joined()), gold: Array(gold[half...]))
    #expect(ranked.documents == gold.count { $0 >= 0 })
    let target = [0.3, 0.5, 0.6][Int(seed % 3)]
    let thresholds = ranked.thresholds(precision: target, isCertain: isCertain)
    let answers = ranked.answers(from: thresholds)
    for label in 0..<classes {
      let taken = zip(rows, gold).filter { row, gold in
        gold >= 0 && row.firstIndex(of: row.max() ?? 0) == label
      }
      func answered(_ least: Float) -> (documents: Int, right: Int) {
        let those = taken.filter { $0.0[label] >= least }
        return (those.count, those.count { $0.1 == label })
      }
      let good = Set(taken.map { $0.0[label] }).filter { least in
        let (documents, right) = answered(least)
        let reached =
          isCertain
          ? Wilson.interval(successes: Double(right), trials: Double(documents))?.lower
          : Double(right) / Double(documents)
        return (reached ?? 0) >= target
      }
      #expect(thresholds[label] == good.min())
      let expected: (documents: Int, right: Int) = good.min().map(answered) ?? (0, 0)
      #expect(answers[label].documents == expected.documents)
      #expect(answers[label].right == expected.right)
    }
  }

  @Test(arguments: [0.01, 0.5, 0.8, 0.9, 0.95, 0.99])
  func soManyRightAnswersAreEnough(share: Double) throws {
    let fewest = try #require(Wilson.fewestTrials(toReach: share))
    func lower(_ count: Int) -> Double {
      Wilson.interval(successes: Double(count), trials: Double(count))?.lower ?? 0
    }
    #expect(lower(fewest) >= share - 1e-12 && lower(fewest - 1) < share)
    #expect(Wilson.fewestTrials(toReach: 1) == nil)
  }

  @Test func whatIsAlwaysWrongIsNeverAnswered() {
    var ranked = RankedPredictions(classCount: 2)
    ranked.add([0.9, 0.1, 0.8, 0.2, 0.3, 0.7], gold: [1, 1, 1])
    #expect(ranked.thresholds(precision: 0.5, isCertain: false) == [nil, 0.7])
    #expect(ranked.answers(from: [nil, 0.7]).map(\.documents) == [0, 1])
    #expect(ranked.answers(from: [nil, 0.7])[0].precision == nil)
    // One document is not enough to be sure of a half.
    #expect(ranked.thresholds(precision: 0.5, isCertain: true) == [nil, nil])
    #expect(
      RankedPredictions(classCount: 2).thresholds(precision: 1, isCertain: false) == [nil, nil])
  }
}
