package import HunchModels

/// A dense vote matrix: documents × functions, -1 for abstain.
package struct DenseVotes: Sendable {
  package var rows: [[Int]]
  package let functionCount: Int
  package let classCount: Int

  package init(rows: [[Int]], functionCount: Int, classCount: Int) {
    self.rows = rows
    self.functionCount = functionCount
    self.classCount = classCount
  }

  /// Random votes of functions that know the truth to some degree; some never vote.
  ///
  /// For input of any shape. Where the truth must be known, see ``SyntheticSetting``.
  package static func random(
    documents: Int, functions: Int, classes: Int, seed: UInt64, coverage: Double = 0.4
  ) -> (votes: DenseVotes, gold: [Int]) {
    var random = SplitMix64(seed: seed)
    let accuracies = (0..<functions).map { _ in 0.4 + 0.6 * random.uniform() }
    let silent = (0..<functions).map { _ in random.uniform() < 0.1 }
    let gold = (0..<documents).map { _ in random.below(classes) }
    let rows = gold.map { label in
      (0..<functions).map { function in
        guard !silent[function], random.uniform() < coverage else { return -1 }
        return random.uniform() < accuracies[function] ? label : random.below(classes)
      }
    }
    return (DenseVotes(rows: rows, functionCount: functions, classCount: classes), gold)
  }

  /// Blocks of at most `size` documents; a column without votes is sometimes left empty.
  package func blocks(of size: Int) -> [VoteBlock] {
    stride(from: 0, to: rows.count, by: size).map { begin in
      let part = rows[begin..<min(rows.count, begin + size)]
      let columns = (0..<functionCount).map { function in
        let column = part.map { Int16($0[function]) }
        return function % 2 == 0 && column.allSatisfy { $0 < 0 } ? [] : column
      }
      return VoteBlock(documentCount: part.count, columns: columns)
    }
  }

  /// The share of each class among a document's votes; nil where it has none.
  package func voteShares() -> [[Double]?] {
    rows.map { row in
      let votes = row.filter { $0 >= 0 }
      if votes.isEmpty { return nil }
      return (0..<classCount).map { label in
        Double(votes.count { $0 == label }) / Double(votes.count)
      }
    }
  }

  /// The patterns with their counts and each document's pattern.
  package func compressed(blockSize: Int = 97) -> CompressedVotes {
    var counter = VotePatternCounter(functionCount: functionCount, classCount: classCount)
    var ids: [Int32] = []
    for block in blocks(of: blockSize) { ids += counter.add(block) }
    let patterns = counter.patterns()
    var counts = [Int](repeating: 0, count: patterns.count)
    for id in ids { counts[Int(id)] += 1 }
    return CompressedVotes(patterns: patterns, counts: counts, ids: ids.map { Int($0) })
  }
}

/// The distinct rows of a vote matrix.
package struct CompressedVotes: Sendable {
  package var patterns: VotePatterns
  /// The number of documents of each pattern.
  package var counts: [Int]
  /// The pattern of each document.
  package var ids: [Int]

  /// The patterns with their documents and, where it is given, the gold class of each document.
  package func counted(gold: [Int]? = nil) -> CountedVotes {
    CountedVotes(patterns, counts: counts, goldCounts: gold.map(goldCounts))
  }

  /// The number of documents of each pattern and gold class, flat, patterns × classes.
  package func goldCounts(_ gold: [Int]) -> [Int] {
    var result = [Int](repeating: 0, count: patterns.count * patterns.classCount)
    for (id, label) in zip(ids, gold) where label >= 0 {
      result[id * patterns.classCount + label] += 1
    }
    return result
  }
}

extension FittedLabelModel {
  /// The probabilities of the classes for one pattern.
  package func posterior(of pattern: Int, in patterns: VotePatterns) -> [Double] {
    var row: [Double] = []
    posterior(of: pattern, in: patterns, into: &row)
    return row
  }
}
