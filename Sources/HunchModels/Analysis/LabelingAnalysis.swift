/// How much the labeling functions cover, overlap and contradict each other, and how accurate
/// they are where gold labels are known.
///
/// The definitions are those of data programming (Ratner et al. 2017, "Snorkel"): a document is
/// covered when a function votes on it, overlapping when at least two do, and conflicting when two
/// vote for different classes. All fractions are of all documents, 0 when there are none.
package struct LabelingAnalysis: Sendable, Equatable {
  /// The number of documents.
  package let documents: Int

  /// The number of documents with a vote.
  package let covered: Int

  /// The number of documents with at least two votes.
  package let overlapping: Int

  /// The number of documents with votes for at least two classes.
  package let conflicting: Int

  /// What each labeling function does, in the functions' order.
  package let functions: [FunctionAnalysis]

  /// The share of documents with a vote.
  package var coverage: Double { share(covered, of: documents) }

  /// The share of documents with at least two votes.
  package var overlaps: Double { share(overlapping, of: documents) }

  /// The share of documents with votes for at least two classes.
  package var conflicts: Double { share(conflicting, of: documents) }

  /// Analyses the votes of a corpus.
  ///
  /// - Parameters:
  ///   - votes: The distinct vote patterns with their documents.
  ///   - hasGold: Whether to count right and wrong votes on the documents with gold labels.
  /// - Throws: What going through the votes throws.
  /// - Complexity: O(entries + functions × classes) time, O(functions × classes) memory.
  package init(_ votes: CountedVotes, hasGold: Bool = false) throws {
    var tally = Tally(functionCount: votes.functionCount, classCount: votes.classCount)
    try votes.forEachBlock { block in
      for pattern in 0..<block.patterns.count where block.counts[pattern] > 0 {
        tally.add(block.patterns, pattern, count: block.counts[pattern])
      }
      if hasGold {
        for cell in block.gold { tally.addGold(block.patterns, cell) }
      }
    }
    documents = tally.documents
    covered = tally.covered
    overlapping = tally.overlapping
    conflicting = tally.conflicting
    functions = tally.functions()
  }
}

/// What one labeling function does.
package struct FunctionAnalysis: Sendable, Equatable {
  /// The number of documents of the whole corpus.
  package let documents: Int

  /// The number of votes for each class.
  package let votesByClass: [Int]

  /// The number of documents on which it votes and another function votes too.
  package let overlapping: Int

  /// The number of documents on which it votes and another function votes for another class.
  package let conflicting: Int

  /// Its votes that equal the gold label, or nil where it never votes on a document with gold.
  package let correct: Int?

  /// Its votes that differ from the gold label, or nil where it never votes on a document with
  /// gold.
  package let incorrect: Int?

  /// The number of documents on which it votes.
  package var covered: Int { votesByClass.reduce(0, +) }

  /// The classes it votes for, ascending.
  package var polarity: [Int] { votesByClass.indices.filter { votesByClass[$0] > 0 } }

  /// The share of all documents on which it votes.
  package var coverage: Double { share(covered, of: documents) }

  /// The share of all documents on which it votes and another function does too.
  package var overlaps: Double { share(overlapping, of: documents) }

  /// The share of all documents on which it votes and another function votes for another class.
  package var conflicts: Double { share(conflicting, of: documents) }

  /// The share of its votes on documents with gold that are correct; nil without such votes.
  package var empiricalAccuracy: Double? {
    guard let correct, let incorrect else { return nil }
    return share(correct, of: correct + incorrect)
  }

  /// The 95 % ``Wilson`` interval of ``empiricalAccuracy``.
  package var empiricalAccuracyInterval: Interval? {
    guard let correct, let incorrect else { return nil }
    return Wilson.interval(successes: Double(correct), trials: Double(correct + incorrect))
  }
}

private func share(_ part: Int, of whole: Int) -> Double {
  whole > 0 ? Double(part) / Double(whole) : 0
}

/// Sums over patterns.
private struct Tally {
  let classCount: Int
  var documents = 0
  var covered = 0
  var overlapping = 0
  var conflicting = 0
  var votes: [Int]
  var overlaps: [Int]
  var conflicts: [Int]
  var correct: [Int]
  var onGold: [Int]

  init(functionCount: Int, classCount: Int) {
    self.classCount = classCount
    votes = [Int](repeating: 0, count: functionCount * classCount)
    overlaps = [Int](repeating: 0, count: functionCount)
    conflicts = overlaps
    correct = overlaps
    onGold = overlaps
  }

  mutating func add(_ patterns: VotePatterns, _ pattern: Int, count: Int) {
    documents += count
    let entries = patterns.entries(of: pattern)
    guard let first = entries.first else { return }
    let isOverlap = entries.count > 1
    // If the votes of a pattern are not all equal, each of its votes is contradicted by another.
    let isConflict = entries.contains { patterns.votes[$0] != patterns.votes[first] }
    covered += count
    overlapping += isOverlap ? count : 0
    conflicting += isConflict ? count : 0
    for entry in entries {
      let function = Int(patterns.functions[entry])
      votes[function * classCount + Int(patterns.votes[entry])] += count
      overlaps[function] += isOverlap ? count : 0
      conflicts[function] += isConflict ? count : 0
    }
  }

  mutating func addGold(_ patterns: VotePatterns, _ cell: GoldCell) {
    for entry in patterns.entries(of: Int(cell.pattern)) {
      let function = Int(patterns.functions[entry])
      if patterns.votes[entry] == Int32(cell.label) { correct[function] += cell.documents }
      onGold[function] += cell.documents
    }
  }

  func functions() -> [FunctionAnalysis] {
    overlaps.indices.map { function in
      let hasGold = onGold[function] > 0
      return FunctionAnalysis(
        documents: documents,
        votesByClass: Array(votes[function * classCount..<(function + 1) * classCount]),
        overlapping: overlaps[function], conflicting: conflicts[function],
        correct: hasGold ? correct[function] : nil,
        incorrect: hasGold ? onGold[function] - correct[function] : nil)
    }
  }
}
