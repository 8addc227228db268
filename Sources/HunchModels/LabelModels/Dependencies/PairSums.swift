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
    try votes.forEachCovered { block, pattern in
      _ = rule.posterior(of: pattern, in: block.patterns, into: &row)
      expected.add(
        block.patterns, pattern, count: block.counts[pattern], posterior: row)
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

/// What two functions have in common.
struct PairSums {
  let first: Int
  let second: Int
  /// Documents on which both vote, and alike.
  fileprivate(set) var overlap = 0
  fileprivate(set) var agreements = 0
  /// The same by posterior: classes × 2.
  fileprivate(set) var expected: [Double] = []

  fileprivate mutating func add(_ count: Int, _ posterior: [Double], alike: Bool) {
    let weight = Double(count)
    overlap += count
    for label in posterior.indices { expected[2 * label] += weight * posterior[label] }
    guard alike else { return }
    agreements += count
    for label in posterior.indices { expected[2 * label + 1] += weight * posterior[label] }
  }
}

/// The pairs of some functions with all functions behind them that are worth counting.
///
/// Pairs that hardly meet are most of all pairs, and sums by class are large where classes are many,
/// so pairs are chosen by the documents on which both vote before more is counted of them.
struct MeetingPairs {
  private let firsts: Range<Int>
  private let width: Int
  private let classCount: Int
  /// The place of each pair among the chosen, or -1: firsts × functions from the first of them on.
  private var places: [Int32]
  private let chosen: [FunctionPair]

  /// Chooses pairs by their functions and the documents on which both vote.
  init(
    _ votes: CountedVotes, _ firsts: Range<Int>,
    where isWanted: (_ pair: FunctionPair, _ overlap: Int) -> Bool
  ) throws {
    self.firsts = firsts
    width = votes.functionCount - firsts.lowerBound
    classCount = votes.classCount
    var overlaps = [Int](repeating: 0, count: firsts.count * width)
    try votes.forEachCovered { block, pattern in
      block.patterns.forEachPair(of: pattern, firsts) { _, _, place in
        overlaps[place] += block.counts[pattern]
      }
    }
    places = [Int32](repeating: -1, count: overlaps.count)
    var chosen: [FunctionPair] = []
    for first in firsts {
      for second in first + 1..<max(first + 1, votes.functionCount) {
        let place = (first - firsts.lowerBound) * width + second - firsts.lowerBound
        let pair = FunctionPair(first, second)
        guard isWanted(pair, overlaps[place]) else { continue }
        places[place] = Int32(chosen.count)
        chosen.append(pair)
      }
    }
    self.chosen = chosen
  }

  /// Calls a function with each chosen pair, by index; each pass over the votes counts as many as
  /// fit the memory.
  func forEachPair(
    _ votes: CountedVotes, _ rule: any PosteriorRule, memory: Int, _ body: (PairSums) -> Void
  ) throws {
    let most = max(1, memory / (16 * (classCount + 4)))
    for begin in stride(from: 0, to: chosen.count, by: most) {
      let range = begin..<min(chosen.count, begin + most)
      for pair in try counted(range, votes, rule) { body(pair) }
    }
  }

  private func counted(
    _ range: Range<Int>, _ votes: CountedVotes, _ rule: any PosteriorRule
  ) throws -> [PairSums] {
    var sums = chosen[range].map { pair in
      PairSums(
        first: pair.first, second: pair.second,
        expected: [Double](repeating: 0, count: 2 * classCount))
    }
    var row = [Double](repeating: 0, count: classCount)
    try votes.forEachCovered { block, pattern in
      var isLabeled = false
      block.patterns.forEachPair(of: pattern, firsts) { one, other, place in
        let index = Int(places[place]) - range.lowerBound
        guard index >= 0, index < range.count else { return }
        // Only patterns in which some pair meets need a posterior.
        if !isLabeled { _ = rule.posterior(of: pattern, in: block.patterns, into: &row) }
        isLabeled = true
        let alike = block.patterns.votes[one] == block.patterns.votes[other]
        sums[index].add(block.counts[pattern], row, alike: alike)
      }
    }
    return sums
  }
}

extension VoteOutcomes {
  /// The outcomes of each function.
  package func ranges(functionCount: Int) -> [Range<Int>] {
    var begin = 0
    return (0..<functionCount).map { function in
      let first = begin
      while begin < count, functions[begin] == function { begin += 1 }
      return first..<begin
    }
  }
}
