import HunchModels

/// On how many documents two functions both vote, and on how many of those they differ, for every
/// pair of the functions with the most votes.
///
/// A table of all pairs grows with the square of the functions, hence the limit.
struct FunctionPairs: Sendable {
  /// The functions of the table, ascending.
  let functions: [Int]
  /// For each function its place in ``functions``, or -1.
  private let places: [Int]
  private let common: [Int]
  private let differing: [Int]

  /// Counts pairs.
  ///
  /// - Parameters:
  ///   - counted: The vote patterns with their documents.
  ///   - votes: The number of votes of each function.
  ///   - limit: The most functions to take: those with the most votes.
  /// - Complexity: O(Σ e²) over patterns of e entries, plus O(limit²).
  init(_ counted: CountedVotes, votes: [Int], limit: Int) throws {
    functions = Self.busiest(votes, limit)
    var places = [Int](repeating: -1, count: votes.count)
    for (place, function) in functions.enumerated() { places[function] = place }
    self.places = places
    let size = functions.count
    var common = [Int](repeating: 0, count: size * size)
    var differing = common
    try counted.forEachBlock { block in
      let patterns = block.patterns
      for pattern in 0..<patterns.count where block.counts[pattern] > 0 {
        let entries = patterns.entries(of: pattern)
        for entry in entries {
          let first = places[Int(patterns.functions[entry])]
          if first < 0 { continue }
          for other in entry + 1..<max(entry + 1, entries.upperBound) {
            let second = places[Int(patterns.functions[other])]
            if second < 0 { continue }
            common[first * size + second] += block.counts[pattern]
            if patterns.votes[entry] != patterns.votes[other] {
              differing[first * size + second] += block.counts[pattern]
            }
          }
        }
      }
    }
    self.common = common
    self.differing = differing
  }

  /// The functions with the most votes, by index; of equals the first; those without votes last.
  static func busiest(_ votes: [Int], _ limit: Int) -> [Int] {
    votes.indices.sorted { (votes[$1], $0) < (votes[$0], $1) }.prefix(limit).sorted()
  }

  /// Documents on which both vote, and those of them on which they vote for different classes;
  /// 0 for functions that are not in the table.
  func pair(_ one: Int, _ other: Int) -> (common: Int, differing: Int) {
    let first = places[min(one, other)]
    let second = places[max(one, other)]
    if first < 0 || second < 0 || first == second { return (0, 0) }
    let place = first * functions.count + second
    return (common[place], differing[place])
  }
}
