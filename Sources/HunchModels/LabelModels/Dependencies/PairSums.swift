/// How often a function votes given each class, and each pair of functions together.
struct ClassSums {
  let outcomes: VoteOutcomes
  /// The outcomes of each function.
  let ranges: [Range<Int>]
  /// Documents of each outcome and class by posterior, and of each class.
  let expected: ExpectedFirings
  /// Documents on which each function votes.
  let documents: [Int]
  /// Documents with a vote.
  let covered: Int

  init(_ votes: CountedVotes, _ rule: any PosteriorRule) throws {
    let firings = try VoteFirings(votes)
    let classCount = votes.classCount
    let outcomes = VoteOutcomes(firings, classCount: classCount)
    var expected = ExpectedFirings(outcomes, classCount: classCount)
    var row = [Double](repeating: 0, count: classCount)
    try votes.forEachBlock { block in
      for pattern in block.coveredPatterns {
        _ = rule.posterior(of: pattern, in: block.patterns, into: &row)
        expected.add(
          block.patterns, pattern, count: block.counts[pattern], posterior: row)
      }
    }
    self.outcomes = outcomes
    self.expected = expected
    ranges = outcomes.ranges(functionCount: votes.functionCount)
    covered = firings.covered
    documents = (0..<votes.functionCount).map { function in
      (0..<classCount).reduce(0) { $0 + max(0, firings.documents[function * classCount + $1]) }
    }
  }

  /// The documents on which a function votes, by class: classes.
  func firing(_ function: Int) -> [Double] {
    let classCount = expected.mass.count
    var sums = [Double](repeating: 0, count: classCount)
    for outcome in ranges[function] {
      for label in 0..<classCount { sums[label] += expected.firings[outcome * classCount + label] }
    }
    return sums
  }
}

/// Counts over the pairs of some functions with all functions behind them.
struct PairSums {
  private let firsts: Range<Int>
  private let width: Int
  private let classCount: Int
  /// Documents on which both vote, and alike: firsts × functions from the first of them on × 2.
  private var documents: [Int]
  /// The same by posterior: firsts × functions × classes × 2.
  private var expected: [Double]

  /// The number of first functions whose pairs fit the memory.
  static func rows(functions: Int, classes: Int, memory: Int) -> Int {
    max(1, memory / (16 * (classes + 1) * max(1, functions)))
  }

  init(_ votes: CountedVotes, _ firsts: Range<Int>, _ rule: any PosteriorRule) throws {
    self.firsts = firsts
    width = votes.functionCount - firsts.lowerBound
    classCount = votes.classCount
    documents = [Int](repeating: 0, count: firsts.count * width * 2)
    expected = [Double](repeating: 0, count: firsts.count * width * 2 * classCount)
    var row = [Double](repeating: 0, count: classCount)
    try votes.forEachBlock { block in
      for pattern in block.coveredPatterns where block.patterns.entries(of: pattern).count > 1 {
        _ = rule.posterior(of: pattern, in: block.patterns, into: &row)
        add(block.patterns, pattern, block.counts[pattern], row)
      }
    }
  }

  private mutating func add(
    _ patterns: VotePatterns, _ pattern: Int, _ count: Int, _ posterior: [Double]
  ) {
    let entries = patterns.entries(of: pattern)
    let mass = posterior.map { $0 * Double(count) }
    for entry in entries {
      let first = Int(patterns.functions[entry])
      if first < firsts.lowerBound { continue }
      if first >= firsts.upperBound { break }
      let row = (first - firsts.lowerBound) * width - firsts.lowerBound
      for other in entry + 1..<max(entry + 1, entries.upperBound) {
        let pair = row + Int(patterns.functions[other])
        documents[2 * pair] += count
        for label in 0..<classCount {
          expected[2 * (pair * classCount + label)] += mass[label]
        }
        guard patterns.votes[entry] == patterns.votes[other] else { continue }
        documents[2 * pair + 1] += count
        for label in 0..<classCount {
          expected[2 * (pair * classCount + label) + 1] += mass[label]
        }
      }
    }
  }

  /// Calls a function with each pair, by index, that is asked for by its functions and the
  /// documents on which both vote.
  func forEachPair(where isWanted: (FunctionPair, Int) -> Bool, _ body: (Pair) -> Void) {
    for first in firsts {
      for second in first + 1..<max(first + 1, firsts.lowerBound + width) {
        let pair = (first - firsts.lowerBound) * width + second - firsts.lowerBound
        guard isWanted(FunctionPair(first, second), documents[2 * pair]) else { continue }
        let cells = 2 * pair * classCount..<2 * (pair + 1) * classCount
        body(
          Pair(
            first: first, second: second, overlap: documents[2 * pair],
            agreements: documents[2 * pair + 1], expected: Array(expected[cells])))
      }
    }
  }

  /// What two functions have in common.
  struct Pair {
    let first: Int
    let second: Int
    let overlap: Int
    let agreements: Int
    /// Documents on which both vote, and alike, by class: classes × 2.
    let expected: [Double]
  }
}

extension VoteOutcomes {
  /// The outcomes of each function.
  func ranges(functionCount: Int) -> [Range<Int>] {
    var begin = 0
    return (0..<functionCount).map { function in
      let first = begin
      while begin < count, functions[begin] == function { begin += 1 }
      return first..<begin
    }
  }
}
