/// The votes of a corpus, counted: its distinct vote patterns with the documents of each group
/// that have them and their gold labels.
///
/// The patterns are in memory, in the order of their first documents, where they are few; else in
/// a file, in the order of their hashes. Either way the numbers are the same, and one block is
/// enough to work on.
package struct PatternTable: Sendable {
  /// What is known of a group of documents.
  package struct Totals: Sendable, Equatable {
    /// The number of documents.
    package internal(set) var documents = 0

    /// The number of documents with a vote.
    package internal(set) var covered = 0

    /// The number of documents with each gold class.
    package internal(set) var gold: [Int]
  }

  enum Patterns: Sendable {
    case memory([PatternBlock])
    case spilled(PatternRun)
  }

  package let functionCount: Int

  package let classCount: Int

  /// What is known of each group.
  package let totals: [Totals]

  let patterns: Patterns
  let checkpoint: @Sendable () throws -> Void

  /// The number of patterns.
  package var count: Int {
    switch patterns {
    case .memory(let blocks): blocks.reduce(0) { $0 + $1.patterns.count }
    case .spilled(let run): run.count
    }
  }

  /// Whether the patterns were too many for memory.
  package var isSpilled: Bool {
    if case .spilled = patterns { true } else { false }
  }

  /// Calls a function with each block, always in the same order.
  ///
  /// - Throws: What `body` throws, what the storage throws, and what the builder's checkpoint
  ///   throws, which is called before each block.
  package func forEachBlock(_ body: (PatternBlock) throws -> Void) throws {
    switch patterns {
    case .memory(let blocks):
      for block in blocks {
        try checkpoint()
        try body(block)
      }
    case .spilled(let run):
      for extent in run.extents {
        try checkpoint()
        let bytes = try run.file.read(at: extent.offset, count: extent.length)
        try body(
          PatternBlock(
            decoding: bytes, patterns: extent.patterns, functionCount: functionCount,
            classCount: classCount, groups: totals.count))
      }
    }
  }

  /// The patterns with the documents of one group, or (`nil`) of all. Patterns without documents
  /// of the group are among them.
  package func votes(of group: Int?) -> CountedVotes {
    let groups = group.map { [$0] } ?? Array(totals.indices)
    return votes(of: groups, goldOf: groups)
  }

  /// The patterns with the documents of some groups, and the gold labels of others or the same.
  package func votes(of counted: [Int], goldOf labeled: [Int]) -> CountedVotes {
    CountedVotes(functionCount: functionCount, classCount: classCount) { body in
      try forEachBlock { block in
        let groups = block.groupCount
        var counts = [Int](repeating: 0, count: block.patterns.count)
        for pattern in counts.indices {
          for group in counted { counts[pattern] += block.documents[pattern * groups + group] }
        }
        let gold = block.gold.filter { labeled.contains(Int($0.group)) }
        try body(CountedVotes.Block(patterns: block.patterns, counts: counts, gold: gold))
      }
    }
  }
}
