/// How often functions vote together and agree, by the vote of the first: what triplets need of
/// the votes.
///
/// Only pairs that occur take memory.
struct PairMoments {
  /// Another function that fires on documents of an outcome.
  struct Pair {
    let function: Int
    /// The documents on which it fires.
    let together: Int
    /// Those of them on which it votes likewise.
    let agreeing: Int
  }

  let outcomes: VoteOutcomes
  /// For each outcome, its documents on which another function fires.
  let company: [Int]
  // The rows of outcomes, then those of functions: a pair of functions is kept once, in the row of
  // the lower one, whatever they vote.
  private let pairs: PairTable
  /// The pairs of each outcome.
  private let starts: [Int]
  private let sorted: [Int32]

  /// Counts pairs.
  ///
  /// - Complexity: O(Σ entries²) over the patterns with documents.
  init(_ votes: CountedVotes, _ outcomes: VoteOutcomes) throws {
    var pairs = PairTable(rows: outcomes.count + votes.functionCount, columns: votes.functionCount)
    var company = [Int](repeating: 0, count: outcomes.count)
    try votes.forEachCovered { block, pattern in
      Self.add(block, pattern, outcomes, &pairs, &company)
    }
    var starts = [Int](repeating: 0, count: outcomes.count + 1)
    for key in pairs.keys where key.row < outcomes.count { starts[key.row + 1] += 1 }
    for outcome in 0..<outcomes.count { starts[outcome + 1] += starts[outcome] }
    var sorted = [Int32](repeating: 0, count: starts[outcomes.count])
    var next = starts
    for (index, key) in pairs.keys.enumerated() where key.row < outcomes.count {
      sorted[next[key.row]] = Int32(index)
      next[key.row] += 1
    }
    self.outcomes = outcomes
    self.company = company
    self.pairs = pairs
    self.starts = starts
    self.sorted = sorted
  }

  private static func add(
    _ block: CountedVotes.Block, _ pattern: Int, _ outcomes: VoteOutcomes,
    _ pairs: inout PairTable, _ company: inout [Int]
  ) {
    let entries = block.patterns.entries(of: pattern)
    guard entries.count > 1 else { return }
    let count = block.counts[pattern]
    for entry in entries {
      let outcome = outcomes.outcome(of: entry, in: block.patterns)
      let function = Int(block.patterns.functions[entry])
      company[outcome] += count
      for next in entry + 1..<entries.upperBound {
        let partner = Int(block.patterns.functions[next])
        let agreeing = block.patterns.votes[entry] == block.patterns.votes[next] ? count : 0
        let other = outcomes.outcome(of: next, in: block.patterns)
        pairs.add(outcome, partner, together: count, agreeing: agreeing)
        pairs.add(other, function, together: count, agreeing: agreeing)
        pairs.add(outcomes.count + function, partner, together: count, agreeing: agreeing)
      }
    }
  }

  /// The functions that fire together with an outcome, in no order that may matter.
  func partners(of outcome: Int) -> [Pair] {
    sorted[starts[outcome]..<starts[outcome + 1]].map { index in
      let place = Int(index)
      return Pair(
        function: pairs.keys[place].column, together: pairs.together[place],
        agreeing: pairs.agreeing[place])
    }
  }

  /// The documents on which two functions fire.
  func together(_ one: Int, _ other: Int) -> Int {
    pairs.find(outcomes.count + min(one, other), max(one, other)).map { pairs.together[$0] } ?? 0
  }

  /// The documents on which a function votes for a class and another fires with another vote.
  func disagreeing(_ function: Int, _ label: Int, with other: Int) -> Int {
    let outcome = outcomes.outcome(function: function, vote: label)
    guard outcome >= 0, let place = pairs.find(outcome, other) else { return 0 }
    return pairs.together[place] - pairs.agreeing[place]
  }
}

/// Counts for (row, column) pairs, in order of first occurrence.
///
/// Pairs are found by their place in the whole matrix where that is small, and by an open-addressing
/// hash table where not.
private struct PairTable {
  /// The most cells of a matrix that is laid out, 16 MB.
  private static let mostCells = 1 << 22

  private(set) var keys: [(row: Int, column: Int)] = []
  private(set) var together: [Int] = []
  private(set) var agreeing: [Int] = []
  private let columns: Int
  private let isLaidOut: Bool
  /// The index of a pair, -1 where there is none.
  private var slots: [Int32]
  private var mask: Int

  init(rows: Int, columns: Int) {
    self.columns = columns
    isLaidOut = rows * columns <= Self.mostCells
    slots = [Int32](repeating: -1, count: isLaidOut ? rows * columns : 1024)
    mask = slots.count - 1
  }

  mutating func add(_ row: Int, _ column: Int, together count: Int, agreeing agreeingCount: Int) {
    let slot = slot(row, column)
    if slots[slot] >= 0 {
      let place = Int(slots[slot])
      together[place] += count
      agreeing[place] += agreeingCount
      return
    }
    slots[slot] = Int32(keys.count)
    keys.append((row, column))
    together.append(count)
    agreeing.append(agreeingCount)
    if !isLaidOut, 2 * keys.count > mask { grow() }
  }

  func find(_ row: Int, _ column: Int) -> Int? {
    let place = slots[slot(row, column)]
    return place < 0 ? nil : Int(place)
  }

  /// The slot of a pair, or the free slot where it belongs.
  private func slot(_ row: Int, _ column: Int) -> Int {
    if isLaidOut { return row * columns + column }
    let key = UInt64(truncatingIfNeeded: row) << 32 | UInt64(truncatingIfNeeded: column)
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while slots[slot] >= 0 {
      let found = keys[Int(slots[slot])]
      if found.row == row && found.column == column { break }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private mutating func grow() {
    mask = 2 * mask + 1
    slots = [Int32](repeating: -1, count: mask + 1)
    for (place, key) in keys.enumerated() { slots[slot(key.row, key.column)] = Int32(place) }
  }
}
