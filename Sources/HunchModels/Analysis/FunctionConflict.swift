/// Two labeling functions that vote for different classes on some documents.
package struct FunctionConflict: Sendable, Equatable {
  /// The function with the lower index.
  package let first: Int

  /// The function with the higher index.
  package let second: Int

  /// The number of documents on which they vote for different classes.
  package let disagreements: Int

  /// The number of documents on which they vote for the same class.
  package let agreements: Int
}

/// The pairs of functions that disagree most.
package struct FunctionConflicts: Sendable, Equatable {
  /// The pairs, by the number of disagreements, largest first, and then by index.
  package let pairs: [FunctionConflict]

  /// The number of pairs that disagree somewhere, listed or not.
  package let total: Int
}

extension LabelingAnalysis {
  /// The most pairs that are listed, where nothing else is asked for. Nobody reads as many; all
  /// pairs of 5,000 functions are twelve million.
  package static let listedConflicts = 100_000

  /// The pairs of functions that disagree somewhere.
  ///
  /// Pairs are counted in a table for as many first functions at a time as fit the memory: all of
  /// them in one pass over the votes for up to 2,048 functions, three passes for 5,000.
  ///
  /// - Parameters:
  ///   - limit: The most pairs to list; of those with equally many documents, the first.
  ///   - memory: The bytes of the table.
  /// - Throws: What going through the votes throws.
  /// - Complexity: O(Σ e² + functions²) over patterns of e entries, plus a pass over the entries
  ///   for each table.
  package static func conflicts(
    _ votes: CountedVotes, limit: Int = listedConflicts, memory: Int = 64 << 20
  ) throws -> FunctionConflicts {
    let functions = votes.functionCount
    var kept: [FunctionConflict] = []
    var total = 0
    var begin = 0
    while begin < functions {
      let rows = max(1, memory / (16 * (functions - begin)))
      let firsts = begin..<min(functions, begin + rows)
      let counts = try pairCounts(votes, firsts)
      for first in firsts {
        for second in first + 1..<max(first + 1, functions) {
          let cell = 2 * ((first - begin) * (functions - begin) + second - begin)
          guard counts[cell] > 0 else { continue }
          total += 1
          kept.append(
            FunctionConflict(
              first: first, second: second, disagreements: counts[cell],
              agreements: counts[cell + 1]))
          if kept.count > 2 * limit { cut(&kept, to: limit) }
        }
      }
      begin += rows
    }
    cut(&kept, to: limit)
    return FunctionConflicts(pairs: kept, total: total)
  }

  private static func cut(_ conflicts: inout [FunctionConflict], to limit: Int) {
    conflicts.sort {
      ($1.disagreements, $0.first, $0.second) < ($0.disagreements, $1.first, $1.second)
    }
    conflicts.removeLast(max(0, conflicts.count - limit))
  }

  /// The documents with different and with equal votes of each pair of some functions with all
  /// functions behind them: firsts × functions from the first of them on × 2.
  private static func pairCounts(
    _ votes: CountedVotes, _ firsts: Range<Int>
  ) throws -> [Int] {
    let width = votes.functionCount - firsts.lowerBound
    var counts = [Int](repeating: 0, count: firsts.count * width * 2)
    try votes.forEachCovered { block, pattern in
      block.patterns.forEachPair(of: pattern, firsts) { one, other, place in
        let isSame = block.patterns.votes[one] == block.patterns.votes[other]
        counts[2 * place + (isSame ? 1 : 0)] += block.counts[pattern]
      }
    }
    return counts
  }
}
