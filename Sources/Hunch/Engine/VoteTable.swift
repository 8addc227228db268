import HunchModels

/// The votes of a corpus, counted: how often each vote pattern occurs in each split and with each
/// gold class. Everything but training and export is computed from this.
struct VoteTable: Sendable {
  /// How many documents of each pattern to remember as examples.
  static let examplesPerPattern = 3

  private(set) var counter: VotePatternCounter
  /// The patterns; set by ``finish()``.
  private(set) var patterns: VotePatterns
  /// Documents of each split with each pattern.
  private(set) var counts: [Split: [Int]] = [:]
  /// Documents of each split with each pattern and gold class, flat patterns × classes.
  private(set) var goldCounts: [Split: [Int]] = [:]
  /// The first documents of each pattern.
  private(set) var examples: [[DocumentID]] = []
  /// The hash of the splits and gold labels of all documents.
  private(set) var metadata = ""

  private let classCount: Int
  private var hash = ContentHash("metadata-1")

  /// Counts all documents of a pass.
  init(
    _ pass: VotePass, functionCount: Int, classCount: Int, cancellation: Cancellation
  ) throws {
    counter = VotePatternCounter(functionCount: functionCount, classCount: classCount)
    patterns = counter.patterns()
    self.classCount = classCount
    for split in Split.allCases { (counts[split], goldCounts[split]) = ([], []) }
    try pass.run(wantsTexts: false, cancellation: cancellation) { chunk, block in
      add(chunk, counter.add(block))
    }
    patterns = counter.patterns()
    pad()
    metadata = hash.finish()
  }

  private mutating func add(_ chunk: CorpusChunk, _ ids: [Int32]) {
    for split in Split.allCases {
      var splitCounts = counts.removeValue(forKey: split) ?? []
      var splitGold = goldCounts.removeValue(forKey: split) ?? []
      for (document, pattern) in ids.enumerated() where chunk.splits[document] == split {
        let pattern = Int(pattern)
        if pattern >= splitCounts.count {
          let more = pattern + 1 - splitCounts.count
          splitCounts.append(contentsOf: repeatElement(0, count: more))
          splitGold.append(contentsOf: repeatElement(0, count: more * classCount))
        }
        splitCounts[pattern] += 1
        let gold = Int(chunk.gold[document])
        if gold >= 0 { splitGold[pattern * classCount + gold] += 1 }
      }
      (counts[split], goldCounts[split]) = (splitCounts, splitGold)
    }
    for (document, pattern) in ids.enumerated() {
      let pattern = Int(pattern)
      while examples.count <= pattern { examples.append([]) }
      if examples[pattern].count < Self.examplesPerPattern {
        examples[pattern].append(chunk.ids[document])
      }
    }
    var bytes: [UInt8] = []
    for document in 0..<chunk.count {
      bytes.append(chunk.splits[document].rawValue)
      bytes.append(UInt8(truncatingIfNeeded: chunk.gold[document]))
      bytes.append(UInt8(truncatingIfNeeded: chunk.gold[document] >> 8))
    }
    hash.add(bytes)
  }

  private mutating func pad() {
    for split in Split.allCases {
      let missing = patterns.count - (counts[split]?.count ?? 0)
      counts[split]?.append(contentsOf: repeatElement(0, count: missing))
      goldCounts[split]?.append(contentsOf: repeatElement(0, count: missing * classCount))
    }
  }

  /// Documents with each pattern, in one split or (`nil`) in all.
  func counts(of split: Split?) -> [Int] { sum(counts, split, patterns.count) }

  /// Documents with each pattern and gold class, in one split or (`nil`) in all.
  func goldCounts(of split: Split?) -> [Int] {
    sum(goldCounts, split, patterns.count * classCount)
  }

  private func sum(_ tables: [Split: [Int]], _ split: Split?, _ count: Int) -> [Int] {
    var total = [Int](repeating: 0, count: count)
    for part in Split.allCases where split == nil || part == split {
      for (index, value) in (tables[part] ?? []).enumerated() { total[index] += value }
    }
    return total
  }

  /// The number of documents of a split, and of those with gold.
  func size(of split: Split?) -> (documents: Int, gold: Int) {
    (counts(of: split).reduce(0, +), goldCounts(of: split).reduce(0, +))
  }

  /// The pattern of each document of a block that the table has counted.
  mutating func patternIDs(of block: VoteBlock) -> [Int32] { counter.add(block) }
}
