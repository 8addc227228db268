import HunchModels
import Testing
import TestSupport

/// Krippendorff's alpha against his worked examples and against the definition, written out.
@Suite struct KrippendorffAlphaTests {
  /// The tallies of observers × units, 0 for missing.
  private func tallies(_ rows: [[Int]], classes: Int) -> [Int32] {
    rows[0].indices.flatMap { unit in
      (1...classes).map { label in Int32(rows.count { $0[unit] == label }) }
    }
  }

  /// K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C.
  @Test func fourObserversWithMissingData() throws {
    let rows = [
      [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
      [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
      [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
      [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
    let alpha = try #require(
      KrippendorffAlpha(tallies: tallies(rows, classes: 5), classCount: 5))
    #expect(abs(alpha.value - 0.743) < 0.0005)
    #expect(alpha.documents == 11)
  }

  /// Section A of the same: two observers, ten units, two values.
  @Test func twoObserversOfTwoValues() throws {
    let rows = [
      [1, 2, 1, 1, 1, 1, 1, 1, 2, 1], [2, 2, 2, 1, 1, 2, 1, 1, 1, 1],
    ]
    let alpha = try #require(
      KrippendorffAlpha(tallies: tallies(rows, classes: 2), classCount: 2))
    #expect(abs(alpha.value - 0.095) < 0.0005)
  }

  /// Section B: two observers, twelve units, five values.
  @Test func twoObserversOfFiveValues() throws {
    let rows = [
      [1, 1, 2, 2, 4, 3, 3, 3, 5, 4, 4, 1], [2, 1, 2, 2, 2, 3, 3, 3, 5, 4, 4, 4],
    ]
    let alpha = try #require(
      KrippendorffAlpha(tallies: tallies(rows, classes: 5), classCount: 5))
    #expect(abs(alpha.value - 0.692) < 0.0005)
  }

  /// 1 − observed / expected disagreement over all ordered pairs of answers, by hand.
  private func oracle(_ units: [[Int]]) -> Double {
    let units = units.filter { $0.count > 1 }
    let all = units.flatMap { $0 }
    var observed = 0.0
    for unit in units {
      for (place, one) in unit.enumerated() {
        for (other, value) in unit.enumerated() where other != place && value != one {
          observed += 1 / Double(unit.count - 1)
        }
      }
    }
    observed /= Double(all.count)
    var expected = 0.0
    for (place, one) in all.enumerated() {
      for (other, value) in all.enumerated() where other != place && value != one { expected += 1 }
    }
    expected /= Double(all.count * (all.count - 1))
    return 1 - observed / expected
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func agreesWithTheDefinition(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let classes = 2 + random.below(4)
    let units = (0..<40).map { _ in
      let label = random.below(classes)
      return (0..<random.below(6)).map { _ in
        random.uniform() < 0.6 ? label : random.below(classes)
      }
    }
    let tallies = units.flatMap { unit in
      (0..<classes).map { label in Int32(unit.count { $0 == label }) }
    }
    let alpha = try #require(KrippendorffAlpha(tallies: tallies, classCount: classes))
    #expect(abs(alpha.value - oracle(units)) < 1e-12)
    // Rows that stand for several documents are the same as those rows several times.
    let doubled = try #require(
      KrippendorffAlpha(
        tallies: tallies, classCount: classes, counts: units.map { _ in 2 }))
    let written = try #require(
      KrippendorffAlpha(tallies: tallies + tallies, classCount: classes))
    #expect(abs(doubled.value - written.value) < 1e-12)
    let (one, other) = (try #require(doubled.interval), try #require(written.interval))
    #expect(abs(one.lower - other.lower) < 1e-12 && abs(one.upper - other.upper) < 1e-12)
  }

  @Test func theIntervalIsThatOfABootstrap() throws {
    let crowd = SyntheticCrowd(
      "alpha", balance: [0.6, 0.4], workers: SyntheticCrowd.knowing(12, 0.7...0.9),
      documents: 300, answersPerDocument: 4)
    let tallies = crowd.draw(seed: 3).answers.tallies()
    let alpha = try #require(KrippendorffAlpha(tallies: tallies, classCount: 2))
    let interval = try #require(alpha.interval)
    var random = SplitMix64(seed: 11)
    var values: [Double] = []
    for _ in 0..<1000 {
      var counts = [Int](repeating: 0, count: 300)
      for _ in 0..<300 { counts[random.below(300)] += 1 }
      values.append(
        try #require(KrippendorffAlpha(tallies: tallies, classCount: 2, counts: counts)).value)
    }
    values.sort()
    #expect(abs(values[25] - interval.lower) < 0.015)
    #expect(abs(values[974] - interval.upper) < 0.015)
  }

  @Test func whereItIsNotDefined() {
    #expect(KrippendorffAlpha(tallies: [1, 0, 0, 1], classCount: 2) == nil)
    #expect(KrippendorffAlpha(tallies: [3, 0, 2, 0], classCount: 2) == nil)
    #expect(KrippendorffAlpha(tallies: [], classCount: 2) == nil)
    #expect(KrippendorffAlpha(tallies: [2, 0, 0, 2], classCount: 2)?.value == 1)
  }

  @Test func ofVotes() throws {
    let votes = DenseVotes(
      rows: [[0, 0, -1], [1, 1, 1], [0, 1, -1], [-1, -1, 1], [0, 1, -1]], functionCount: 3,
      classCount: 2)
    let compressed = votes.compressed()
    let alpha = try #require(
      try KrippendorffAlpha.of(compressed.counted()))
    #expect(abs(alpha.value - oracle([[0, 0], [1, 1, 1], [0, 1], [1], [0, 1]])) < 1e-12)
    #expect(alpha.documents == 4)
  }
}
