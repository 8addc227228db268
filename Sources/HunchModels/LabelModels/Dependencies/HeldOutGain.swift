/// By how much a dependence between two functions makes documents more likely that are held out, one
/// at a time: each is predicted from the counts of all others.
///
/// A cell of a table with n of N documents has the leave-one-out probability
/// (n − 1 + e) / N with the dependence, where e is the share that independence expects and counts
/// as one document, and the product of (m − ½) / N of its margins without. Counts are sums of
/// posteriors, taken as if documents were whole.
package struct HeldOutGain {
  /// Σ n (ln p with the dependence − ln p without), in nats.
  package private(set) var value = 0.0

  package init() {}

  /// Adds a table of 2 × 2 by its total, its margins and one cell.
  package mutating func addTable(total: Double, first: Double, second: Double, both: Double) {
    let cells = [
      (both, first, second), (first - both, first, total - second),
      (second - both, total - first, second),
      (total - first - second + both, total - first, total - second),
    ]
    for (count, one, other) in cells where count > 0 && one > 0 && other > 0 {
      let alone = max(one - 0.5, 0.5) / total * (max(other - 0.5, 0.5) / total)
      let together = (max(count - 1, 0) + one * other / (total * total)) / total
      value += count * (naturalLog(together) - naturalLog(alone))
    }
  }

  /// Adds a number of successes with the share that is expected without the dependence.
  package mutating func addShare(total: Double, successes: Double, expected: Double) {
    guard total > 0, expected > 0, expected < 1 else { return }
    for (count, share) in [(successes, expected), (total - successes, 1 - expected)]
    where count > 0 {
      let together = (max(count - 1, 0) + share) / total
      value += count * (naturalLog(together) - naturalLog(share))
    }
  }
}
