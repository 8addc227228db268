/// Two labeling functions that vote for different classes on some documents.
public struct FunctionConflict: Sendable, Equatable {
  /// The function with the lower index.
  public let first: Int

  /// The function with the higher index.
  public let second: Int

  /// The number of documents on which they vote for different classes.
  public let disagreements: Int

  /// The number of documents on which they vote for the same class.
  public let agreements: Int

  /// The patterns with documents on which they disagree, ascending.
  public let patterns: [Int]
}

extension LabelingAnalysis {
  /// The pairs of functions that disagree somewhere, by the number of disagreements, largest
  /// first, and then by index.
  ///
  /// - Parameters:
  ///   - patterns: The distinct vote patterns.
  ///   - counts: The number of documents of each pattern; may be 0.
  /// - Precondition: There is a count for each pattern.
  /// - Complexity: O(Σ e²) over patterns of e entries, plus O(p log p) for p pairs.
  public static func conflicts(patterns: VotePatterns, counts: [Int]) -> [FunctionConflict] {
    precondition(counts.count == patterns.count, "there is a count for each pattern")
    var pairs = PairTally(functionCount: patterns.functionCount)
    for pattern in 0..<patterns.count where counts[pattern] > 0 {
      let entries = patterns.entries(of: pattern)
      for entry in entries {
        for other in entry + 1..<max(entry + 1, entries.upperBound) {
          pairs.add(patterns, entry, other, pattern: pattern, count: counts[pattern])
        }
      }
    }
    return pairs.conflicts.filter { $0.disagreements > 0 }.sorted {
      ($1.disagreements, $0.first, $0.second) < ($0.disagreements, $1.first, $1.second)
    }
  }
}

/// Sums over pairs of functions; the dictionary only finds a pair's place, its order is not used.
private struct PairTally {
  let functionCount: Int
  var places: [Int: Int] = [:]
  var firsts: [Int] = []
  var seconds: [Int] = []
  var disagreements: [Int] = []
  var agreements: [Int] = []
  var patternLists: [[Int]] = []

  init(functionCount: Int) { self.functionCount = functionCount }

  mutating func add(
    _ patterns: VotePatterns, _ entry: Int, _ other: Int, pattern: Int, count: Int
  ) {
    let pair = place(Int(patterns.functions[entry]), Int(patterns.functions[other]))
    if patterns.votes[entry] == patterns.votes[other] {
      agreements[pair] += count
    } else {
      disagreements[pair] += count
      patternLists[pair].append(pattern)
    }
  }

  private mutating func place(_ first: Int, _ second: Int) -> Int {
    let key = first * functionCount + second
    if let known = places[key] { return known }
    places[key] = firsts.count
    firsts.append(first)
    seconds.append(second)
    disagreements.append(0)
    agreements.append(0)
    patternLists.append([])
    return firsts.count - 1
  }

  var conflicts: [FunctionConflict] {
    firsts.indices.map {
      FunctionConflict(
        first: firsts[$0], second: seconds[$0], disagreements: disagreements[$0],
        agreements: agreements[$0], patterns: patternLists[$0])
    }
  }
}
