/// Krippendorff's alpha for classes: how far answers agree beyond what chance would bring, 1 for
/// perfect agreement, 0 for none, below 0 for disagreement on purpose.
///
/// With n_uc answers c about document u, m_u of all classes, over the documents with m_u ≥ 2,
/// N = Σ m_u and N_c = Σ_u n_uc:
///
///     D_u = Σ_{c≠k} n_uc n_uk / (m_u − 1)        E = Σ_{c≠k} N_c N_k
///     α = 1 − (N − 1) Σ_u D_u / E
///
/// Answers may be missing, and documents may have different numbers of them. Source:
/// K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), whose worked example the
/// tests repeat.
package struct KrippendorffAlpha: Sendable, Equatable {
  /// α.
  package let value: Double

  /// The 95 % interval: the infinitesimal jackknife over documents (Efron 1982) for log(1 − α), so
  /// that it ends at 1 at the latest. Nil with fewer than two documents that count.
  package let interval: Interval?

  /// The documents with two answers or more.
  package let documents: Int

  /// What documents of one kind of tally add up to.
  private struct Kind {
    var answers: Double
    var disagreement: Double
    /// Σ_c N_c n_uc, filled in once N_c is known.
    var shared = 0.0
    var documents: Double
  }

  /// Computes α from the number of answers of each class about each document.
  ///
  /// - Parameters:
  ///   - tallies: Flat, rows × classes.
  ///   - counts: The documents of each row; nil for one each.
  /// - Returns: nil where no document has two answers, or all answers are the same: α is not
  ///   defined then.
  /// - Complexity: O(rows × classes).
  package init?(tallies: [Int32], classCount: Int, counts: [Int]? = nil) {
    var totals = [Double](repeating: 0, count: classCount)
    var kinds: [Kind] = []
    var rows: [Int] = []
    for row in 0..<tallies.count / classCount {
      let documents = counts?[row] ?? 1
      let tally = tallies[row * classCount..<(row + 1) * classCount]
      let answers = tally.reduce(0.0) { $0 + Double($1) }
      if documents == 0 || answers < 2 { continue }
      let squares = tally.reduce(0.0) { $0 + Double($1) * Double($1) }
      for (label, number) in tally.enumerated() {
        totals[label] += Double(number) * Double(documents)
      }
      kinds.append(
        Kind(
          answers: answers, disagreement: (answers * answers - squares) / (answers - 1),
          documents: Double(documents)))
      rows.append(row)
    }
    let answers = totals.reduce(0, +)
    let expected = answers * answers - totals.reduce(0) { $0 + $1 * $1 }
    guard !kinds.isEmpty, expected > 0 else { return nil }
    for (place, row) in rows.enumerated() {
      for label in 0..<classCount {
        kinds[place].shared += totals[label] * Double(tallies[row * classCount + label])
      }
    }
    let observed = kinds.reduce(0) { $0 + $1.documents * $1.disagreement }
    let ratio = (answers - 1) * observed / expected
    value = 1 - ratio
    let count = kinds.reduce(0) { $0 + $1.documents }
    documents = Int(count)
    guard count >= 2, ratio > 0 else {
      interval = count >= 2 ? Interval(lower: 1, upper: 1) : nil
      return
    }
    // The derivative of (N − 1) D / E by a document's weight.
    let influences = kinds.map { kind in
      (kind.answers * observed + (answers - 1) * kind.disagreement) / expected
        - ratio * 2 * (answers * kind.answers - kind.shared) / expected
    }
    let mean = zip(influences, kinds).reduce(0) { $0 + $1.0 * $1.1.documents } / count
    let squares = zip(influences, kinds).reduce(0) {
      $0 + $1.1.documents * ($1.0 - mean) * ($1.0 - mean)
    }
    let error = (squares * count / (count - 1)).squareRoot() / ratio
    let width = exponential(1.959963984540054 * error)
    interval = Interval(lower: max(-1, 1 - ratio * width), upper: 1 - ratio / width)
  }

  /// α of the votes of labeling functions; who abstains has not answered.
  ///
  /// - Throws: What going through the votes throws.
  /// - Complexity: O(entries + patterns × classes).
  package static func of(_ votes: CountedVotes) throws -> KrippendorffAlpha? {
    var kinds: [[Int32]: Int] = [:]
    try votes.forEachCovered { block, pattern in
      let entries = block.patterns.entries(of: pattern)
      if entries.count < 2 { return }
      var tally = [Int32](repeating: 0, count: votes.classCount)
      for entry in entries { tally[Int(block.patterns.votes[entry])] += 1 }
      kinds[tally, default: 0] += block.counts[pattern]
    }
    let sorted = kinds.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    return KrippendorffAlpha(
      tallies: sorted.flatMap(\.key), classCount: votes.classCount, counts: sorted.map(\.value))
  }
}
