public import HunchModels

/// Votes to learn from, with the gold labels of documents that what was learned is scored on.
public struct LabeledVotes: Sendable {
  /// The distinct vote patterns of all documents.
  public let patterns: VotePatterns

  /// The number of documents of each pattern to learn from.
  public let counts: [Int]

  /// The number of documents of each pattern and gold class to score on, flat, patterns × classes.
  public let goldCounts: [Int]

  /// Takes a vote matrix.
  ///
  /// - Parameters:
  ///   - gold: The class of each document; -1 where it is unknown or the document is not to be
  ///     scored.
  ///   - learning: How many of the documents are learned from, counted from the first; nil means
  ///     all.
  package init(_ votes: DenseVotes, gold: [Int], learning: Int? = nil) {
    let compressed = votes.compressed(blockSize: 4096)
    patterns = compressed.patterns
    goldCounts = compressed.goldCounts(gold)
    var counts = [Int](repeating: 0, count: compressed.patterns.count)
    for id in compressed.ids.prefix(learning ?? compressed.ids.count) { counts[id] += 1 }
    self.counts = counts
  }

  /// The number of documents to learn from.
  public var documents: Int { counts.reduce(0, +) }

  /// The share of the documents to learn from that have a vote; 0 without documents.
  public var coverage: Double {
    let covered = counts.indices.reduce(0) { $0 + (patterns.isCovered($1) ? counts[$1] : 0) }
    return documents > 0 ? Double(covered) / Double(documents) : 0
  }
}
