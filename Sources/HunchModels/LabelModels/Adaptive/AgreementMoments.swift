/// What the agreements and conflicts of pairs of functions say of the functions' accuracies, and
/// how far the pairs behave as independent functions would.
///
/// Let d be the chance-corrected accuracy of an outcome (function j votes c): its votes are right
/// with probability π_c + (1 − π_c) d. If functions are independent given the true class, two
/// outcomes of different functions occur together on
///
///     E b (1 + d d′ g)    documents, with g = (1 − π_c) / π_c for the same class, −1 for others,
///
/// where E is the number expected by their frequencies alone and b makes up for documents without
/// any vote, which are not counted. The common d and b are those that reproduce the sums over all
/// pairs that agree and over all pairs that conflict; each outcome's own d is a weighted
/// least-squares fit of this rank-one form, held near the common one.
///
/// The mean squared standardised residual is the overdispersion φ: about 1 where functions are
/// independent given the class, far above it where they copy each other, share words, or are right
/// on other kinds of documents. Method of moments as in Fu et al., "Fast and three-rious" (2020),
/// with the overdispersion of quasi-likelihood (Wedderburn 1974).
struct AgreementMoments {
  /// d of each outcome.
  private(set) var accuracies: [Double]

  /// The d that all outcomes have in common.
  let common: Double

  /// φ.
  private(set) var overdispersion = 0.0

  /// The degrees of freedom of φ: the pairs that it is computed from less the outcomes in them.
  private(set) var freedom = 1.0

  /// The pull towards the common accuracy, in units of the information of a pair with that many
  /// expected documents.
  private static let ridge = 60.0

  private let counts: PairCounts

  /// b: the share of the documents that get a vote from independent functions.
  let background: Double

  private let gains: [Double]

  /// Estimates from pairs.
  ///
  /// Nil where there is nothing to learn from: fewer than ten documents are expected to have two
  /// votes for one class, or two votes for different ones.
  ///
  /// - Parameters:
  ///   - start: Where to start with the outcomes' own accuracies.
  ///   - tolerance: When to stop with the outcomes' own accuracies. By default close enough that
  ///     the order of the functions leaves no trace.
  /// - Complexity: O(rounds × outcomes²).
  init?(
    _ counts: PairCounts, balance: [Double], start: [Double]? = nil, tolerance: Double = 1e-11
  ) {
    self.counts = counts
    gains = balance.map { (1 - $0) / max($0, 1e-9) }
    var (agreeing, agreeingExpected, agreeingGain) = (0.0, 0.0, 0.0)
    var (conflicting, conflictingExpected) = (0.0, 0.0)
    for one in 0..<counts.count {
      for other in 0..<counts.count where counts.functions[one] != counts.functions[other] {
        let expected = counts.documents[one] * counts.documents[other] / counts.covered
        let found = counts.together[one * counts.count + other]
        if counts.votes[one] == counts.votes[other] {
          agreeing += found
          agreeingExpected += expected
          agreeingGain += expected * gains[Int(counts.votes[one])]
        } else {
          conflicting += found
          conflictingExpected += expected
        }
      }
    }
    guard agreeingExpected >= 20, conflictingExpected >= 20 else { return nil }
    // agreeing = b (Σ E + d² Σ E g) and conflicting = b (Σ E − d² Σ E).
    let ratio = agreeing / max(conflicting, 1e-9)
    let squared = min(
      max(
        (ratio * conflictingExpected - agreeingExpected)
          / (agreeingGain + ratio * conflictingExpected), 0), 0.98)
    background =
      (agreeing + conflicting)
      / (agreeingExpected + squared * agreeingGain + (1 - squared) * conflictingExpected)
    common = squared.squareRoot()
    accuracies = start ?? [Double](repeating: common, count: counts.count)
    guard background > 0 else { return nil }
    fit(tolerance: tolerance)
    overdispersion = residuals()
  }

  /// The documents expected with two outcomes if accuracies told nothing, and their g.
  private func expectation(_ one: Int, _ other: Int) -> (documents: Double, gain: Double) {
    let documents =
      counts.documents[one] * counts.documents[other] / counts.covered * background
    let vote = counts.votes[one]
    return (documents, vote == counts.votes[other] ? gains[Int(vote)] : -1)
  }

  /// Alternating least squares: the form is linear in one accuracy given the others.
  private mutating func fit(tolerance: Double) {
    let count = counts.count
    // Of each pair the weight of (d d′ − its estimate)², and the weight times the estimate.
    var weights = [Double](repeating: 0, count: count * count)
    var targets = weights
    for one in 0..<count {
      for other in 0..<count where counts.functions[one] != counts.functions[other] {
        let (expected, gain) = expectation(one, other)
        let variance = expected * max(1 + common * common * gain, 0.02)
        guard variance > 0 else { continue }
        let slope = gain * expected
        weights[one * count + other] = slope * slope / variance
        targets[one * count + other] =
          slope * (counts.together[one * count + other] - expected) / variance
      }
    }
    for _ in 0..<300 {
      var change = 0.0
      for one in 0..<count {
        var (sum, weight) = (Self.ridge * common, Self.ridge)
        for other in 0..<count {
          let accuracy = accuracies[other]
          sum += targets[one * count + other] * accuracy
          weight += weights[one * count + other] * accuracy * accuracy
        }
        let worst = -0.9 / max(gains[Int(counts.votes[one])], 0.9)
        let updated = min(max(sum / weight, worst), 0.99)
        change = max(change, abs(updated - accuracies[one]))
        accuracies[one] = updated
      }
      if change < tolerance { return }
    }
  }

  /// The mean squared standardised residual over pairs that are expected on more than one document,
  /// with a degree of freedom less for each outcome in them.
  private mutating func residuals() -> Double {
    var (sum, pairs) = (0.0, 0)
    var isUsed = [Bool](repeating: false, count: counts.count)
    for one in 0..<counts.count {
      for other in 0..<one where counts.functions[one] != counts.functions[other] {
        let (expected, gain) = expectation(one, other)
        guard expected > background else { continue }
        let mean = expected * max(1 + accuracies[one] * accuracies[other] * gain, 0.05)
        let difference = counts.together[one * counts.count + other] - mean
        sum += difference * difference / mean
        pairs += 1
        (isUsed[one], isUsed[other]) = (true, true)
      }
    }
    let outcomes = isUsed.count { $0 }
    freedom = Double(max(1, pairs - min(outcomes, pairs - 1)))
    return sum / freedom
  }
}
