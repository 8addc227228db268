/// A bounded number of distinct vote patterns with the documents that have them.
///
/// Documents belong to groups, such as the splits of a corpus.
package struct PatternBlock: Sendable, Equatable {
  package let patterns: VotePatterns

  /// The number of groups.
  package let groupCount: Int

  /// The number of documents of each pattern and group, flat, patterns × groups.
  package let documents: [Int]

  /// The documents with a gold label, ascending by pattern, group and class.
  package let gold: [GoldCell]

  /// The most patterns of a block.
  static let mostPatterns = 16_384
  /// A block ends with the pattern that brings it to so many entries.
  static let mostEntries = 1 << 18
}

/// How many documents with one vote pattern and of one group have a gold class.
package struct GoldCell: Sendable, Equatable {
  /// The number of documents, 1 or more.
  package let documents: Int

  /// The pattern, by its index in the block.
  package let pattern: Int32

  package let label: Int16

  package let group: UInt8
}

/// Distinct vote patterns with numbers of documents, in blocks: what analysis and label models
/// learn from.
///
/// The blocks can be gone through any number of times and always come in the same order. Only one
/// is in memory at a time where the patterns are too many, so whatever works on votes keeps sums,
/// not patterns.
package struct CountedVotes: Sendable {
  /// Some of the patterns.
  package struct Block: Sendable {
    package let patterns: VotePatterns

    /// The number of documents of each pattern; may be 0.
    package let counts: [Int]

    /// The documents with a gold label, ascending by pattern; a pattern and class may come once for
    /// each group.
    package let gold: [GoldCell]
  }

  package let functionCount: Int

  package let classCount: Int

  let pass: @Sendable ((Block) throws -> Void) throws -> Void
}

extension CountedVotes {
  /// Takes patterns that are in memory.
  ///
  /// - Parameters:
  ///   - counts: The number of documents of each pattern; may be 0.
  ///   - goldCounts: The number of documents of each pattern whose gold label is a given class,
  ///     flat, patterns × classes; nil without gold labels.
  /// - Precondition: The arrays have these lengths.
  package init(_ patterns: VotePatterns, counts: [Int], goldCounts: [Int]? = nil) {
    precondition(counts.count == patterns.count, "there is a count for each pattern")
    let classes = patterns.classCount
    precondition(goldCounts.map { $0.count == patterns.count * classes } ?? true)
    let cells = (goldCounts ?? []).enumerated().filter { $0.element > 0 }.map { index, documents in
      GoldCell(
        documents: documents, pattern: Int32(index / classes), label: Int16(index % classes),
        group: 0)
    }
    let block = Block(patterns: patterns, counts: counts, gold: cells)
    self.init(functionCount: patterns.functionCount, classCount: classes) { try $0(block) }
  }

  /// Calls a function with each block.
  ///
  /// - Throws: What `body` throws, and what reading spilled patterns or a request to stop throws.
  package func forEachBlock(_ body: (Block) throws -> Void) throws { try pass(body) }

  /// Calls a function with each pattern that has votes and documents, and its block.
  @inline(__always)
  func forEachCovered(_ body: (_ block: Block, _ pattern: Int) -> Void) throws {
    try pass { block in
      for pattern in block.coveredPatterns { body(block, pattern) }
    }
  }
}

extension CountedVotes.Block {
  /// The patterns with votes and documents.
  package var coveredPatterns: some Sequence<Int> {
    counts.indices.lazy.filter { counts[$0] > 0 && patterns.isCovered($0) }
  }
}
