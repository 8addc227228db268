/// Finds the distinct vote patterns of documents that arrive block by block, in memory.
///
/// For example:
///
///     var counter = VotePatternCounter(functionCount: 2, classCount: 2)
///     let ids = counter.add(VoteBlock(documentCount: 3, columns: [[0, -1, 0], [1, -1, 1]]))
///     // ids == [0, 1, 0]
///     let patterns = counter.patterns()
///
/// Patterns are numbered by first occurrence; ``order`` is one that does not depend on it. Equal
/// hashes are compared entry by entry: two patterns are never confused. For a whole corpus, whose
/// patterns may be too many for memory, see ``PatternTableBuilder``.
package struct VotePatternCounter: Sendable {
  package let functionCount: Int

  package let classCount: Int

  /// Where each pattern's entries begin, and at last their number.
  private(set) var starts: [Int] = [0]
  /// An entry is packed as function << 16 | vote.
  private(set) var entries: [UInt64] = []
  /// The hash of each pattern's entries.
  private(set) var hashes: [UInt64] = []
  private var table: [Int32]
  private var capacityMask: Int

  /// Creates a counter that has seen no documents.
  ///
  /// - Precondition: There are 1 to 32,767 classes.
  package init(functionCount: Int, classCount: Int) {
    precondition(functionCount >= 0, "there is no negative number of functions")
    precondition(1...VotePatterns.mostClasses ~= classCount, "votes are class indices of 16 bits")
    self.functionCount = functionCount
    self.classCount = classCount
    table = [Int32](repeating: -1, count: 64)
    capacityMask = 63
  }

  /// The number of patterns seen so far.
  package var count: Int { hashes.count }

  /// The bytes that the patterns seen so far take.
  var bytes: Int { 8 * (starts.count + entries.count + hashes.count) + 4 * table.count }

  /// Adds a block of documents.
  ///
  /// - Returns: The index of each document's pattern.
  /// - Precondition: The block has this counter's number of functions, and every vote is below the
  ///   number of classes. A negative vote is an abstention.
  /// - Complexity: O(documents × functions with a column), plus O(votes).
  package mutating func add(_ block: VoteBlock) -> [Int32] {
    precondition(block.functionCount == functionCount, "a block has a column for each function")
    let rows = VoteRows(block, classCount: classCount)
    var ids = [Int32](repeating: 0, count: block.documentCount)
    for document in 0..<block.documentCount {
      let range = rows.starts[document]..<rows.starts[document + 1]
      ids[document] = Int32(intern(rows.entries, range))
    }
    return ids
  }

  /// The patterns seen so far, in the order of their indices.
  ///
  /// - Complexity: O(entries).
  package func patterns() -> VotePatterns { patterns(0..<count) }

  /// Some of the patterns seen so far.
  func patterns(_ chosen: some Sequence<Int>) -> VotePatterns {
    var patterns = VotePatterns(functionCount: functionCount, classCount: classCount)
    for pattern in chosen {
      for entry in entries(of: pattern) {
        patterns.append(
          Int32(truncatingIfNeeded: entry >> 16), Int32(truncatingIfNeeded: entry & 0xFFFF))
      }
      patterns.endPattern()
    }
    return patterns
  }

  /// The entries of a pattern.
  func entries(of pattern: Int) -> ArraySlice<UInt64> {
    entries[starts[pattern]..<starts[pattern + 1]]
  }

  /// The patterns by their hashes, and equal ones by their bytes in a run: an order that does not depend on
  /// the documents'.
  ///
  /// - Complexity: O(n log n) for n patterns.
  var order: [Int] {
    func bytes(_ pattern: Int) -> [UInt8] {
      var bytes: [UInt8] = []
      PatternRecord.appendEntries(entries(of: pattern), to: &bytes)
      return bytes
    }
    return hashes.indices.sorted {
      hashes[$0] == hashes[$1]
        ? bytes($0).lexicographicallyPrecedes(bytes($1)) : hashes[$0] < hashes[$1]
    }
  }

  /// The index of the pattern with these entries, which is added if it is new.
  private mutating func intern(_ row: [UInt64], _ range: Range<Int>) -> Int {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for index in range {
      hash = (hash ^ row[index]) &* 0xBF58_476D_1CE4_E5B9
      hash ^= hash >> 29
    }
    hash ^= hash >> 32
    var slot = Int(truncatingIfNeeded: hash) & capacityMask
    while table[slot] >= 0 {
      let pattern = Int(table[slot])
      if hashes[pattern] == hash, isEqual(pattern, row, range) { return pattern }
      slot = (slot + 1) & capacityMask
    }
    let pattern = hashes.count
    table[slot] = Int32(pattern)
    hashes.append(hash)
    entries.append(contentsOf: row[range])
    starts.append(entries.count)
    if 2 * hashes.count > capacityMask { grow() }
    return pattern
  }

  private func isEqual(_ pattern: Int, _ row: [UInt64], _ range: Range<Int>) -> Bool {
    let start = starts[pattern]
    guard starts[pattern + 1] - start == range.count else { return false }
    for offset in 0..<range.count where entries[start + offset] != row[range.lowerBound + offset] {
      return false
    }
    return true
  }

  private mutating func grow() {
    capacityMask = 2 * capacityMask + 1
    table = [Int32](repeating: -1, count: capacityMask + 1)
    for (pattern, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & capacityMask
      while table[slot] >= 0 { slot = (slot + 1) & capacityMask }
      table[slot] = Int32(pattern)
    }
  }
}

/// A block's votes by document instead of by function: a counting sort of its columns.
private struct VoteRows {
  var starts: [Int]
  var entries: [UInt64]

  init(_ block: VoteBlock, classCount: Int) {
    var lengths = [Int32](repeating: 0, count: block.documentCount)
    for column in block.columns where !column.isEmpty {
      for document in 0..<column.count {
        lengths[document] &+= column[document] >= 0 ? 1 : 0
      }
    }
    starts = [Int](repeating: 0, count: block.documentCount + 1)
    for document in 0..<block.documentCount {
      starts[document + 1] = starts[document] + Int(lengths[document])
    }
    entries = [UInt64](repeating: 0, count: starts[block.documentCount])
    var next = starts
    for (function, column) in block.columns.enumerated() where !column.isEmpty {
      for document in 0..<column.count where column[document] >= 0 {
        let vote = Int(column[document])
        precondition(vote < classCount, "a vote is a class index")
        entries[next[document]] = UInt64(function) << 16 | UInt64(vote)
        next[document] += 1
      }
    }
  }
}
