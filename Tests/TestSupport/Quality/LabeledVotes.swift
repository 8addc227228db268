package import HunchModels

/// Votes to learn from, with the gold labels of documents that what was learned is scored on.
public struct LabeledVotes: Sendable {
  /// The distinct vote patterns of all documents.
  package let patterns: VotePatterns

  /// The number of documents of each pattern to learn from.
  public let counts: [Int]

  /// The number of documents of each pattern and gold class to score on, flat, patterns × classes.
  public let goldCounts: [Int]

  /// A document to score on that has a vote.
  package struct Scored: Sendable {
    package let document: Int
    package let pattern: Int
    package let label: Int
  }

  /// The documents to score on that have a vote, in their order.
  package let scored: [Scored]

  /// The texts of all documents, those to learn from first; empty without texts.
  let texts: [String]

  /// The pattern of each document to learn from.
  let learned: [Int]

  /// Takes a vote matrix.
  ///
  /// - Parameters:
  ///   - gold: The class of each document; -1 where it is unknown or the document is not to be
  ///     scored.
  ///   - learning: How many of the documents are learned from, counted from the first; nil means
  ///     all.
  ///   - texts: Those of the documents, for models that read them.
  package init(_ votes: DenseVotes, gold: [Int], learning: Int? = nil, texts: [String] = []) {
    let compressed = votes.compressed(blockSize: 4096)
    patterns = compressed.patterns
    goldCounts = compressed.goldCounts(gold)
    scored = gold.indices.filter {
      gold[$0] >= 0 && compressed.patterns.isCovered(compressed.ids[$0])
    }.map { Scored(document: $0, pattern: compressed.ids[$0], label: gold[$0]) }
    self.texts = texts
    learned = Array(compressed.ids.prefix(learning ?? compressed.ids.count))
    var counts = [Int](repeating: 0, count: compressed.patterns.count)
    for id in learned { counts[id] += 1 }
    self.counts = counts
  }

  /// The same votes to learn from, with other documents to score on.
  init(_ votes: LabeledVotes, scoring scored: [Scored]) {
    patterns = votes.patterns
    counts = votes.counts
    texts = votes.texts
    learned = votes.learned
    self.scored = scored
    var goldCounts = [Int](repeating: 0, count: votes.goldCounts.count)
    for document in scored {
      goldCounts[document.pattern * votes.patterns.classCount + document.label] += 1
    }
    self.goldCounts = goldCounts
  }

  /// The patterns with the documents to learn from and the gold labels of those to score on.
  var counted: CountedVotes { CountedVotes(patterns, counts: counts, goldCounts: goldCounts) }

  /// The number of documents to learn from.
  public var documents: Int { counts.reduce(0, +) }

  /// The share of the documents to learn from that have a vote; 0 without documents.
  public var coverage: Double {
    let covered = counts.indices.reduce(0) { $0 + (patterns.isCovered($1) ? counts[$1] : 0) }
    return documents > 0 ? Double(covered) / Double(documents) : 0
  }
}
