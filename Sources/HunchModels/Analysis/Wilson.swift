/// A range of plausible values of an estimated share.
public struct Interval: Sendable, Equatable {
  /// The lower end.
  public let lower: Double

  /// The upper end.
  public let upper: Double

  /// Creates an interval.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}

/// The score interval of Wilson for a share ("Probable inference, the law of succession, and
/// statistical inference", 1927).
///
/// With z = 1.959964 (95 %), s successes in n trials and p = s / n it is
///
///     (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
///
/// It stays within 0...1 and is usable for small n and for shares near 0 or 1, where the normal
/// approximation is not. It assumes independent trials.
public enum Wilson {
  /// The fewest trials, all of them successes, of which the lower end of the interval reaches a share:
  /// n / (n + z²) ≥ share.
  ///
  /// - Returns: Nil for a share of 1, which no number reaches.
  package static func fewestTrials(toReach share: Double) -> Int? {
    share < 1 ? Int((z * z * share / (1 - share)).rounded(.up)) : nil
  }

  /// The standard errors between the middle of a normal distribution and its 2.5 % tails.
  private static let z = 1.959963984540054

  /// The 95 % interval of a share.
  ///
  /// - Parameters:
  ///   - successes: The number of successes in `0...trials`, not necessarily whole: expected
  ///     counts are accepted.
  ///   - trials: The number of trials.
  /// - Returns: The interval, or nil without trials.
  public static func interval(successes: Double, trials: Double) -> Interval? {
    guard trials > 0, successes >= 0, successes.isFinite, trials.isFinite else { return nil }
    let share = min(1, successes / trials)
    let scale = 1 + z * z / trials
    let center = share + z * z / (2 * trials)
    let spread = z * (share * (1 - share) / trials + z * z / (4 * trials * trials)).squareRoot()
    return Interval(
      lower: max(0, (center - spread) / scale), upper: min(1, (center + spread) / scale))
  }
}
