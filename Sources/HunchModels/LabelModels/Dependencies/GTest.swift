/// What is observed and what independence expects in a table of 2 × 2, such as of two functions
/// that fire or not.
struct GTest {
  /// 2 Σ observed ln(observed / expected), summed over tables.
  private(set) var statistic = 0.0
  /// The number of tables, each with one degree of freedom.
  private(set) var degrees = 0

  /// Adds a table by its total, its margins and one cell.
  mutating func addTable(total: Double, first: Double, second: Double, both: Double) {
    let (otherFirst, otherSecond) = (total - first, total - second)
    guard first > 0, second > 0, otherFirst > 0, otherSecond > 0 else { return }
    let neither = total - first - second + both
    add(both, first * second / total)
    add(first - both, first * otherSecond / total)
    add(second - both, otherFirst * second / total)
    add(neither, otherFirst * otherSecond / total)
    degrees += 1
  }

  /// Adds a number of successes with an expected share.
  mutating func addShare(total: Double, successes: Double, expected: Double) {
    guard total > 0, expected > 0, expected < 1 else { return }
    add(successes, total * expected)
    add(total - successes, total * (1 - expected))
    degrees += 1
  }

  private mutating func add(_ observed: Double, _ expected: Double) {
    if observed > 0, expected > 0 { statistic += 2 * observed * naturalLog(observed / expected) }
  }

  /// The probability of so large a statistic under independence.
  var pValue: Double { chiSquareTail(statistic, degrees: degrees) }
}

/// The probability that a χ² variable exceeds a value; 1 without degrees of freedom.
///
/// The sums that are exact for whole degrees of freedom (Abramowitz and Stegun 26.4.4 and 26.4.5).
package func chiSquareTail(_ value: Double, degrees: Int) -> Double {
  guard degrees > 0, value > 0 else { return 1 }
  let half = value / 2
  var sum = degrees % 2 == 0 ? 0 : complementaryErrorFunction(half.squareRoot())
  // Terms half^a e^(-half) / Γ(a + 1) for a = 0, 1, … or ½, 1½, …, up to degrees / 2 − 1.
  var order = degrees % 2 == 0 ? 0.0 : 0.5
  let logGammaOfThreeHalves = -0.120_782_237_635_245_22
  var logTerm =
    degrees % 2 == 0 ? -half : 0.5 * naturalLog(half) - half - logGammaOfThreeHalves
  while order <= Double(degrees) / 2 - 1 {
    sum += exponential(logTerm)
    order += 1
    logTerm += naturalLog(half / order)
  }
  return min(1, sum)
}

/// The largest p-value that passes Benjamini and Hochberg's procedure (1995); nil if none does.
///
/// - Parameters:
///   - pValues: The p-values, in any order; those of tests that are left out count as 1.
///   - tests: The number of all tests.
package func falseDiscoveryThreshold(_ pValues: [Double], tests: Int, rate: Double) -> Double? {
  var threshold: Double?
  for (rank, value) in pValues.sorted().enumerated()
  where value <= rate * Double(rank + 1) / Double(max(tests, 1)) {
    threshold = value
  }
  return threshold
}
