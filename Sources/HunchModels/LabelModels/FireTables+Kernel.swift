// The loops of EM, whose time is that of the fit. With many classes they are long rows of additions,
// which compile to vector instructions only without bounds checks.

extension FireTables {
  /// Writes a pattern's posterior and returns the logarithm of its (composite) probability.
  ///
  /// Votes that did not occur where the tables were learned say nothing.
  // SAFETY: tables hold outcomes × classes values and outcomes lie below their number, by
  // construction of `VoteOutcomes` (checked here once for the size), so `table + label` lies within
  // for every label below the number of classes; `row` has that many places, which is checked.
  func posterior(of pattern: Int, in patterns: VotePatterns, into row: inout [Double]) -> Double {
    let classCount = logBalance.count
    precondition(row.count == classCount && logTables.count == outcomes.count * classCount)
    logTables.withUnsafeBufferPointer { (tables: UnsafeBufferPointer<Double>) in
      row.withUnsafeMutableBufferPointer { (row: inout UnsafeMutableBufferPointer<Double>) in
        for label in 0..<classCount { row[label] = logBalance[label] }
        for entry in patterns.entries(of: pattern) {
          let outcome = outcomes.outcome(of: entry, in: patterns)
          if outcome < 0 { continue }
          let table = outcome * classCount
          for label in 0..<classCount { row[label] += tables[table + label] }
        }
      }
    }
    return normalizeLogWeights(&row)
  }
}

extension ExpectedFirings {
  /// Adds the documents of a pattern of known outcomes with their posterior.
  // SAFETY: `firings` holds outcomes × classes values (checked) and the outcomes of votes that were
  // learned from lie in 0..<outcomes (checked), so `table + label` lies within.
  @inline(__always)
  mutating func add(
    _ patterns: VotePatterns, _ pattern: Int, count: Int, posterior: [Double]
  ) {
    let weight = Double(count)
    let classCount = mass.count
    precondition(posterior.count == classCount && firings.count == outcomes.count * classCount)
    for label in 0..<classCount { mass[label] += weight * posterior[label] }
    firings.withUnsafeMutableBufferPointer { (sums: inout UnsafeMutableBufferPointer<Double>) in
      posterior.withUnsafeBufferPointer { (posterior: UnsafeBufferPointer<Double>) in
        for entry in patterns.entries(of: pattern) {
          let outcome = outcomes.outcome(of: entry, in: patterns)
          precondition(outcome >= 0, "only votes that were counted are learned from")
          let table = outcome * classCount
          for label in 0..<classCount { sums[table + label] += weight * posterior[label] }
        }
      }
    }
  }
}

extension [Double] {
  /// Writes these values over others and returns the largest difference.
  // SAFETY: `place..<place + count` lies in `old`, which is checked.
  @inline(__always)
  func replace(in old: inout [Double], at place: Int) -> Double {
    precondition(place >= 0 && place + count <= old.count)
    var change = 0.0
    old.withUnsafeMutableBufferPointer { (old: inout UnsafeMutableBufferPointer<Double>) in
      for index in indices {
        change = Swift.max(change, abs(self[index] - old[place + index]))
        old[place + index] = self[index]
      }
    }
    return change
  }
}
