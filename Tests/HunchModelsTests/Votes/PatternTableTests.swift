import HunchModels
import Synchronization
import TestSupport
import Testing

/// Keeps spilled bytes in memory and counts its files.
final class MemoryStorage: SpillStorage {
  struct Full: Error {}

  final class File: SpillFile {
    private let bytes = Mutex<[UInt8]>([])
    private let room: Int

    init(room: Int) { self.room = room }

    func append(_ more: [UInt8]) throws {
      try bytes.withLock {
        if $0.count + more.count > room { throw Full() }
        $0 += more
      }
    }

    func read(at offset: Int, count: Int) throws -> [UInt8] {
      bytes.withLock { Array($0[offset..<offset + count]) }
    }
  }

  private let made = Atomic<Int>(0)
  private let room: Int

  init(room: Int = .max) { self.room = room }

  var files: Int { made.load(ordering: .relaxed) }

  func makeFile() throws -> any SpillFile {
    made.add(1, ordering: .relaxed)
    return File(room: room)
  }
}

/// Counting in bounded memory gives the numbers of counting in memory.
struct PatternTableTests {
  /// Random votes with groups and gold labels.
  private struct Sample {
    var votes: DenseVotes
    var groups: [UInt8]
    var gold: [Int16]

    init(seed: UInt64, documents: Int? = nil, functions: Int? = nil, coverage: Double? = nil) {
      var random = SplitMix64(seed: 900 + seed)
      let count = documents ?? 1 + random.below(900)
      let (votes, truth) = DenseVotes.random(
        documents: count, functions: functions ?? 1 + random.below(40),
        classes: 1 + random.below(5), seed: seed, coverage: coverage ?? random.uniform())
      self.votes = votes
      groups = truth.map { _ in UInt8(random.below(3)) }
      gold = truth.map { random.below(3) == 0 ? -1 : Int16($0) }
    }

    func table(
      limit: Int, storage: MemoryStorage = MemoryStorage(), blockSize: Int = 50,
      checkpoint: @escaping @Sendable () throws -> Void = {}
    ) throws -> PatternTable {
      var builder = PatternTableBuilder(
        functionCount: votes.functionCount, classCount: votes.classCount, groups: 3, limit: limit,
        storage: storage, checkpoint: checkpoint)
      var begin = 0
      for block in votes.blocks(of: blockSize) {
        let range = begin..<begin + block.documentCount
        try builder.add(block, groups: Array(groups[range]), gold: Array(gold[range]))
        begin = range.upperBound
      }
      return try builder.finish()
    }
  }

  /// What a table holds, by pattern: documents of each group and gold cells as group, class, count.
  private struct Row: Equatable {
    var documents: [Int]
    var gold: [[Int]]
  }

  private func rows(_ table: PatternTable) throws -> [[Int]: Row] {
    var rows: [[Int]: Row] = [:]
    var patterns = 0
    try table.forEachBlock { block in
      for pattern in 0..<block.patterns.count {
        var votes = [Int](repeating: -1, count: table.functionCount)
        for entry in block.patterns.entries(of: pattern) {
          votes[Int(block.patterns.functions[entry])] = Int(block.patterns.votes[entry])
        }
        let cells = block.gold.filter { Int($0.pattern) == pattern }
        #expect(rows[votes] == nil, "a pattern comes once")
        rows[votes] = Row(
          documents: Array(block.documents[pattern * 3..<pattern * 3 + 3]),
          gold: cells.map { [Int($0.group), Int($0.label), $0.documents] })
      }
      patterns += block.patterns.count
    }
    #expect(patterns == table.count)
    return rows
  }

  private func blocks(_ table: PatternTable) throws -> [PatternBlock] {
    var blocks: [PatternBlock] = []
    try table.forEachBlock { blocks.append($0) }
    return blocks
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func equalsADictionaryWithAndWithoutSpilling(seed: UInt64) throws {
    let sample = Sample(seed: seed)
    var expected: [[Int]: Row] = [:]
    var totals = (0..<3).map { _ in
      (documents: 0, covered: 0, gold: [Int](repeating: 0, count: sample.votes.classCount))
    }
    var cells: [[Int]: [[Int]: Int]] = [:]
    for (document, row) in sample.votes.rows.enumerated() {
      let group = Int(sample.groups[document])
      expected[row, default: Row(documents: [0, 0, 0], gold: [])].documents[group] += 1
      totals[group].documents += 1
      totals[group].covered += row.contains { $0 >= 0 } ? 1 : 0
      let label = Int(sample.gold[document])
      if label >= 0 {
        cells[row, default: [:]][[group, label], default: 0] += 1
        totals[group].gold[label] += 1
      }
    }
    for (row, counts) in cells {
      expected[row]?.gold = counts.map { $0.key + [$0.value] }.sorted {
        ($0[0], $0[1]) < ($1[0], $1[1])
      }
    }
    for limit in [0, 3_000, 40_000, .max] {
      let storage = MemoryStorage()
      let table = try sample.table(limit: limit, storage: storage)
      #expect(try rows(table) == expected)
      #expect(table.isSpilled == (storage.files > 0))
      #expect(table.isSpilled || limit > 0)
      #expect(try blocks(table) == blocks(table), "every pass gives the same blocks")
      for (group, total) in totals.enumerated() {
        #expect(table.totals[group].documents == total.documents)
        #expect(table.totals[group].covered == total.covered)
        #expect(table.totals[group].gold == total.gold)
      }
    }
  }

  @Test func spilledPatternsDoNotDependOnWhenTheyWereSpilled() throws {
    let sample = Sample(seed: 3, documents: 4_000, functions: 12, coverage: 0.3)
    let first = try blocks(sample.table(limit: 0))
    for (limit, size) in [(0, 7), (20_000, 50), (100_000, 333)] {
      let table = try sample.table(limit: limit, blockSize: size)
      #expect(table.isSpilled)
      #expect(try blocks(table) == first)
    }
  }

  /// More runs than are merged at once, and more patterns than a block has.
  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"))
  func mergesInSeveralRounds() throws {
    let sample = Sample(seed: 5, documents: 40_000, functions: 24, coverage: 0.5)
    let storage = MemoryStorage()
    let table = try sample.table(limit: 0, storage: storage, blockSize: 200)
    // 200 runs become 4, and these one: a file for the runs and one for each round.
    #expect(storage.files == 3)
    let spilled = try blocks(table)
    let kept = try sample.table(limit: .max)
    #expect(!kept.isSpilled)
    #expect(try blocks(kept).count > 1)
    #expect(spilled.count > 1)
    #expect(try rows(table) == rows(kept))
  }

  @Test(arguments: Repository.draws(10))
  func modelsAndAnalysisAreTheSame(seed: Int) throws {
    let sample = Sample(seed: UInt64(seed), documents: 700)
    let kept = try sample.table(limit: .max)
    let spilled = try sample.table(limit: 0)
    #expect(spilled.isSpilled && !kept.isSpilled)
    for group in [nil, 0, 1, 2] {
      let (here, there) = (kept.votes(of: group), spilled.votes(of: group))
      #expect(
        try LabelingAnalysis(here, hasGold: true) == LabelingAnalysis(there, hasGold: true))
      #expect(try LabelingAnalysis.conflicts(here) == LabelingAnalysis.conflicts(there))
      for model in LabelModelConformanceTests.models {
        let one = try model.fit(here, classBalance: nil)
        let other = try model.fit(there, classBalance: nil)
        #expect(one.warnings.count == other.warnings.count)
        #expect(one.iterations == other.iterations)
        #expect(abs((one.logLikelihood ?? 0) - (other.logLikelihood ?? 0)) < 1e-6)
        for (mine, theirs) in zip(one.functions, other.functions) {
          #expect(mine.votes == theirs.votes)
          #expect(abs((mine.accuracy ?? -1) - (theirs.accuracy ?? -1)) < 1e-9)
        }
        try kept.forEachBlock { block in
          let posteriors = zip(
            one.posteriors(of: block.patterns), other.posteriors(of: block.patterns))
          #expect(posteriors.allSatisfy { abs($0 - $1) < 1e-9 })
        }
      }
    }
  }

  @Test func holdsNothingWithoutDocuments() throws {
    let sample = Sample(seed: 1, documents: 0)
    let table = try sample.table(limit: 0)
    #expect(table.count == 0)
    #expect(!table.isSpilled)
    #expect(try LabelingAnalysis(table.votes(of: nil)).documents == 0)
  }

  @Test func manyFunctionsAndClassesInOneRecord() throws {
    var builder = PatternTableBuilder(
      functionCount: 5_000, classCount: 1_000, groups: 1, limit: 0, storage: MemoryStorage())
    let columns = (0..<5_000).map { (function: Int) -> [Int16] in
      let vote = function * 7
      return [Int16(vote % 1_000), Int16((vote + 1) % 1_000), -1]
    }
    for _ in 0..<2 {
      try builder.add(
        VoteBlock(documentCount: 3, columns: columns), groups: [0, 0, 0], gold: [999, -1, 3])
    }
    let table = try builder.finish()
    #expect(table.isSpilled)
    #expect(table.count == 3)
    var seen: [Int: [Int]] = [:]
    try table.forEachBlock { block in
      for pattern in 0..<block.patterns.count {
        let entries = block.patterns.entries(of: pattern)
        seen[entries.first.map { Int(block.patterns.votes[$0]) } ?? -1] = [
          entries.count, block.documents[pattern],
        ]
        for (offset, entry) in entries.enumerated() {
          let first = Int(block.patterns.votes[entries.lowerBound])
          #expect(block.patterns.functions[entry] == Int32(offset))
          #expect(block.patterns.votes[entry] == Int32((offset * 7 + first) % 1_000))
        }
      }
      #expect(block.gold.map(\.documents) == [2, 2])
      #expect(Set(block.gold.map(\.label)) == [999, 3])
    }
    #expect(seen == [0: [5_000, 2], 1: [5_000, 2], -1: [0, 2]])
  }

  private struct Stop: Error {}

  @Test func failuresOfTheStorageAndRequestsToStopComeThrough() throws {
    let sample = Sample(seed: 5, documents: 20_000, functions: 24, coverage: 0.5)
    #expect(throws: MemoryStorage.Full.self) {
      try sample.table(limit: 0, storage: MemoryStorage(room: 100_000), blockSize: 1_000)
    }
    #expect(throws: Stop.self) {
      try sample.table(limit: 0, blockSize: 1_000, checkpoint: { throw Stop() })
    }
    for limit in [0, .max] {
      let asked = Atomic<Int>(0)
      let stops = Atomic<Bool>(false)
      let checkpoint: @Sendable () throws -> Void = {
        asked.add(1, ordering: .relaxed)
        if stops.load(ordering: .relaxed) { throw Stop() }
      }
      let table = try sample.table(limit: limit, blockSize: 1_000, checkpoint: checkpoint)
      _ = try FireOnlyMAPEM().fit(table.votes(of: nil), classBalance: nil)
      #expect(asked.load(ordering: .relaxed) > 2)
      stops.store(true, ordering: .relaxed)
      #expect(throws: Stop.self) {
        try FireOnlyMAPEM().fit(table.votes(of: nil), classBalance: nil)
      }
    }
  }
}
