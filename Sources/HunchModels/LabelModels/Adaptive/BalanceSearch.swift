/// Looks for the class balance under which pairs of functions behave most like independent ones.
///
/// EM learns a balance that suits its own labels, and where classes are far from equally frequent it
/// stops halfway: with classes of 88 and 12 % and functions for one class each, from equal shares
/// it finds 60 and 40 %. The overdispersion of the pairs (``AgreementMoments``) has its least value
/// near the truth there: 7.0 with equal shares, 6.1 with those of EM, 0.5 with the true ones.
struct BalanceSearch {
  private let counts: PairCounts
  /// The work that is left, in pairs of outcomes.
  private var budget = 100_000_000
  private var best: [Double]
  private var moments: AgreementMoments

  /// The work of trying every move once.
  private var roundCost: Int { 8 * best.count * counts.count * counts.count }

  /// The search's first step in the logarithm of a share, and its last.
  private static let steps = (first: 0.64, last: 0.04)

  /// The balance of the least overdispersion that a steepest descent from equal shares finds, or
  /// rather the most equal one, on the way there, that the pairs do not speak against: whose sum of
  /// squared residuals is larger by no more than φ for each share that was learned. Nil without
  /// pairs to learn from, and with so many classes and functions that the search would take long
  /// (60 classes with two functions each).
  ///
  /// - Complexity: O(moves × classes × outcomes²), some tenths of a second at most.
  static func run(_ counts: PairCounts, classCount: Int) -> [Double]? {
    guard var search = BalanceSearch(counts, classCount: classCount),
      10 * search.roundCost <= search.budget
    else { return nil }
    var step = steps.first
    while step >= steps.last, search.budget > 0 {
      if !search.move(step) { step /= 2 }
    }
    return search.mostEqual()
  }

  private init?(_ counts: PairCounts, classCount: Int) {
    self.counts = counts
    best = [Double](repeating: 1 / Double(classCount), count: classCount)
    guard let moments = AgreementMoments(counts, balance: best, tolerance: 1e-3) else { return nil }
    self.moments = moments
  }

  /// Makes the best of the moves that multiply or divide one share; false if none is any good.
  private mutating func move(_ step: Double) -> Bool {
    budget -= roundCost
    var found: (balance: [Double], moments: AgreementMoments)?
    var smallest = 0.999 * moments.overdispersion
    for label in best.indices {
      for factor in [exponential(step), exponential(-step)] {
        var balance = best
        balance[label] *= factor
        let least = 1e-3 / Double(balance.count)
        balance = normalized(normalized(balance).map { max($0, least) })
        guard
          let moved = AgreementMoments(
            counts, balance: balance, start: moments.accuracies, tolerance: 1e-3),
          moved.overdispersion < smallest
        else { continue }
        smallest = moved.overdispersion
        found = (balance, moved)
      }
    }
    guard let found else { return false }
    (best, moments) = found
    return true
  }

  private func mostEqual() -> [Double]? {
    guard let sharp = AgreementMoments(counts, balance: best) else { return nil }
    let limit =
      sharp.overdispersion
      + Double(best.count - 1) * max(1, sharp.overdispersion) / sharp.freedom
    for tenth in 0..<10 {
      let balance = normalized(best.map { exponential(Double(tenth) / 10 * naturalLog($0)) })
      if let moments = AgreementMoments(counts, balance: balance), moments.overdispersion <= limit {
        return balance
      }
    }
    return best
  }
}
