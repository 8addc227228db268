import HunchModels

/// The votes of a corpus, counted: how often each vote pattern occurs in each split and with each
/// gold class. Everything but training and export is computed from this, in memory that does not
/// grow with the corpus.
struct VoteTable: Sendable {
  /// The patterns; their groups are the splits.
  let patterns: PatternTable
  /// The hash of the splits and gold labels of all documents.
  let metadata: String

  /// Counts all documents of a pass.
  ///
  /// - Parameters:
  ///   - memory: The bytes of patterns to keep in memory.
  ///   - storage: Where patterns go beyond that.
  init(
    _ pass: VotePass, functionCount: Int, classCount: Int, memory: Int,
    storage: any SpillStorage, cancellation: Cancellation
  ) throws {
    var builder = PatternTableBuilder(
      functionCount: functionCount, classCount: classCount, groups: Split.allCases.count,
      limit: memory, storage: storage, checkpoint: { try cancellation.check() })
    var hash = ContentHash("metadata-1")
    try pass.run(wantsTexts: false, cancellation: cancellation) { chunk, block in
      try builder.add(block, groups: chunk.splits.map(\.rawValue), gold: chunk.gold)
      hash.add(Self.metadata(chunk))
    }
    patterns = try builder.finish()
    metadata = hash.finish()
  }

  private static func metadata(_ chunk: CorpusChunk) -> [UInt8] {
    var bytes: [UInt8] = []
    for document in 0..<chunk.count {
      bytes.append(chunk.splits[document].rawValue)
      bytes.append(UInt8(truncatingIfNeeded: chunk.gold[document]))
      bytes.append(UInt8(truncatingIfNeeded: chunk.gold[document] >> 8))
    }
    return bytes
  }

  /// The patterns with the documents of one split or (`nil`) of all.
  func votes(of split: Split?) -> CountedVotes { patterns.votes(of: split.map(Self.group)) }

  /// The number of documents of a split or (`nil`) of all, of those with a vote, and of those with
  /// each gold class.
  func totals(of split: Split?) -> (documents: Int, covered: Int, gold: [Int]) {
    var documents = 0
    var covered = 0
    var gold = [Int](repeating: 0, count: patterns.classCount)
    for part in Split.allCases where split == nil || part == split {
      let totals = patterns.totals[Self.group(part)]
      documents += totals.documents
      covered += totals.covered
      for label in gold.indices { gold[label] += totals.gold[label] }
    }
    return (documents, covered, gold)
  }

  /// The number of documents of a split, and of those with gold.
  func size(of split: Split?) -> (documents: Int, gold: Int) {
    let totals = totals(of: split)
    return (totals.documents, totals.gold.reduce(0, +))
  }

  private static func group(_ split: Split) -> Int { Int(split.rawValue) }
}

/// The distinct vote patterns of one chunk with what a label model makes of them.
struct ChunkPosteriors {
  /// The patterns of the chunk.
  let patterns: VotePatterns
  /// The pattern of each document of the chunk.
  let ids: [Int32]
  /// Patterns × classes.
  private let posteriors: [Double]
  private let classCount: Int

  /// - Complexity: O(documents × functions) plus the model's work for each distinct pattern.
  init(_ block: VoteBlock, _ model: FittedLabelModel) {
    var counter = VotePatternCounter(
      functionCount: block.functionCount, classCount: model.classCount)
    ids = counter.add(block)
    patterns = counter.patterns()
    posteriors = model.posteriors(of: patterns)
    classCount = model.classCount
  }

  /// Whether any function votes on a document of the chunk.
  func isCovered(_ document: Int) -> Bool { patterns.isCovered(Int(ids[document])) }

  /// The posterior of a document of the chunk; the class balance where no function votes.
  func posterior(_ document: Int) -> ArraySlice<Double> {
    let start = Int(ids[document]) * classCount
    return posteriors[start..<start + classCount]
  }
}
