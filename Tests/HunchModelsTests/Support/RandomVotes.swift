import HunchModels
import TestSupport

/// A dense vote matrix: documents × functions, -1 for abstain.
struct DenseVotes {
  var rows: [[Int]]
  let functionCount: Int
  let classCount: Int

  /// Random votes of functions that know the truth to some degree; some never vote.
  static func random(
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
  func blocks(of size: Int) -> [VoteBlock] {
    stride(from: 0, to: rows.count, by: size).map { begin in
      let part = rows[begin..<min(rows.count, begin + size)]
      let columns = (0..<functionCount).map { function in
        let column = part.map { Int16($0[function]) }
        return function % 2 == 0 && column.allSatisfy { $0 < 0 } ? [] : column
      }
      return VoteBlock(documentCount: part.count, columns: columns)
    }
  }

  /// The patterns with their counts and each document's pattern.
  func compressed(blockSize: Int = 97) -> CompressedVotes {
    var counter = VotePatternCounter(functionCount: functionCount, classCount: classCount)
    var ids: [Int32] = []
    for block in blocks(of: blockSize) { ids += counter.add(block) }
    let patterns = counter.patterns()
    var counts = [Int](repeating: 0, count: patterns.count)
    for id in ids { counts[Int(id)] += 1 }
    return CompressedVotes(patterns: patterns, counts: counts, ids: ids.map { Int($0) })
  }
}

struct CompressedVotes {
  var patterns: VotePatterns
  var counts: [Int]
  var ids: [Int]

  /// The patterns with their documents and, where it is given, the gold class of each document.
  func counted(gold: [Int]? = nil) -> CountedVotes {
    CountedVotes(patterns, counts: counts, goldCounts: gold.map(goldCounts))
  }

  func goldCounts(_ gold: [Int]) -> [Int] {
    var result = [Int](repeating: 0, count: patterns.count * patterns.classCount)
    for (id, label) in zip(ids, gold) where label >= 0 {
      result[id * patterns.classCount + label] += 1
    }
    return result
  }
}

extension FittedLabelModel {
  /// The probabilities of the classes for one pattern.
  func posterior(of pattern: Int, in patterns: VotePatterns) -> [Double] {
    var row: [Double] = []
    posterior(of: pattern, in: patterns, into: &row)
    return row
  }
}
