/// Counts the vote patterns of a corpus in bounded memory.
///
/// Patterns are counted by hashing. When those in memory reach the limit, they are sorted and
/// written to the storage as a run, and counting begins anew; at the end the runs are merged.
/// Memory is that of the limit, of one block of documents and of the merge (64 × 256 KB), whatever
/// the number of documents and patterns.
package struct PatternTableBuilder: Sendable {
  /// The bytes of patterns that are kept in memory, where nothing else is asked for: about 300,000
  /// patterns of 20 votes, or 700,000 of 5.
  package static let memoryLimit = 64 << 20

  private let groups: Int
  private let limit: Int
  private let storage: any SpillStorage
  private let checkpoint: @Sendable () throws -> Void
  private var totals: [PatternTable.Totals]

  private var counter: VotePatternCounter
  private var documents: [Int] = []
  private var gold = GoldTally()

  private var runs: [PatternRun] = []
  private var writer: PatternRunWriter?

  /// Creates a builder that has seen no documents.
  ///
  /// - Parameters:
  ///   - groups: The number of groups that documents belong to, 1...256.
  ///   - limit: The bytes of patterns to keep in memory.
  ///   - storage: Where patterns go beyond that.
  ///   - checkpoint: Called every so often during merging and before each block when the table is
  ///     gone through; throws to stop the work.
  package init(
    functionCount: Int, classCount: Int, groups: Int, limit: Int = memoryLimit,
    storage: any SpillStorage, checkpoint: @escaping @Sendable () throws -> Void = {}
  ) {
    precondition(1...256 ~= groups, "groups are numbers of 8 bits")
    self.groups = groups
    self.limit = limit
    self.storage = storage
    self.checkpoint = checkpoint
    counter = VotePatternCounter(functionCount: functionCount, classCount: classCount)
    totals = [PatternTable.Totals](
      repeating: .init(gold: [Int](repeating: 0, count: classCount)), count: groups)
  }

  /// Adds a block of documents.
  ///
  /// - Parameters:
  ///   - groups: The group of each document.
  ///   - gold: The gold class of each document; -1 where it is unknown.
  /// - Throws: What the storage throws.
  /// - Complexity: As ``VotePatternCounter/add(_:)``, and O(n log n) for each run of n patterns.
  package mutating func add(_ block: VoteBlock, groups: [UInt8], gold: [Int16]) throws {
    precondition(groups.count == block.documentCount && gold.count == block.documentCount)
    let ids = counter.add(block)
    let more = counter.count * self.groups - documents.count
    documents.append(contentsOf: repeatElement(0, count: more))
    for (document, id) in ids.enumerated() {
      let pattern = Int(id)
      let group = Int(groups[document])
      documents[pattern * self.groups + group] += 1
      totals[group].documents += 1
      if counter.starts[pattern] < counter.starts[pattern + 1] { totals[group].covered += 1 }
      let label = Int(gold[document])
      if label >= 0 {
        totals[group].gold[label] += 1
        self.gold.add(pattern: pattern, group: groups[document], label: label)
      }
    }
    if counter.bytes + 8 * documents.count + self.gold.bytes > limit { try spill() }
  }

  /// The table of all documents added.
  ///
  /// - Throws: What the storage or the checkpoint throws.
  package consuming func finish() throws -> PatternTable {
    if runs.isEmpty { return table(.memory(blocks())) }
    if counter.count > 0 { try spill() }
    writer = nil
    let run = try PatternMerge(groups: groups, storage: storage, checkpoint: checkpoint)
      .merge(runs)
    return table(.spilled(run))
  }

  private func table(_ patterns: PatternTable.Patterns) -> PatternTable {
    PatternTable(
      functionCount: counter.functionCount, classCount: counter.classCount, totals: totals,
      patterns: patterns, checkpoint: checkpoint)
  }

  // MARK: - In memory

  /// The patterns in the order of a run, so that it does not matter in which order documents came.
  private func blocks() -> [PatternBlock] {
    let order = counter.order
    let cells = goldByPattern()
    var blocks: [PatternBlock] = []
    var begin = 0
    while begin < order.count {
      var (end, entries) = (begin, 0)
      while end < order.count, end - begin < PatternBlock.mostPatterns,
        entries < PatternBlock.mostEntries
      {
        entries += counter.entries(of: order[end]).count
        end += 1
      }
      let members = order[begin..<end]
      blocks.append(
        PatternBlock(
          patterns: counter.patterns(members), groupCount: groups,
          documents: members.flatMap { documents[$0 * groups..<($0 + 1) * groups] },
          gold: members.enumerated().flatMap { place, pattern in
            cells[pattern].map {
              GoldCell(
                documents: $0.documents, pattern: Int32(place), label: $0.label, group: $0.group)
            }
          }))
      begin = end
    }
    return blocks
  }

  /// The gold labels of each pattern in memory.
  private func goldByPattern() -> [ArraySlice<GoldCell>] {
    let cells = gold.sorted()
    var next = 0
    return (0..<counter.count).map { pattern in
      let begin = next
      while next < cells.count, cells[next].pattern == pattern { next += 1 }
      return cells[begin..<next]
    }
  }

  // MARK: - Spilling

  /// Writes the patterns in memory as a run and forgets them.
  private mutating func spill() throws {
    var writer = try self.writer ?? PatternRunWriter(storage.makeFile())
    let cells = goldByPattern()
    var entries: [UInt8] = []
    var tallies: [UInt8] = []
    for pattern in counter.order {
      entries.removeAll(keepingCapacity: true)
      tallies.removeAll(keepingCapacity: true)
      PatternRecord.appendEntries(counter.entries(of: pattern), to: &entries)
      PatternRecord.appendTallies(
        documents[pattern * groups..<(pattern + 1) * groups],
        cells[pattern], to: &tallies)
      try writer.append(hash: counter.hashes[pattern], entries: entries, tallies: tallies)
    }
    runs.append(try writer.finishRun())
    self.writer = writer
    counter = VotePatternCounter(
      functionCount: counter.functionCount, classCount: counter.classCount)
    documents = []
    gold = GoldTally()
  }
}
