/// Groups of copies, each of which votes once, by its first function.
struct MergedCopies {
  /// The function that stands for each function; itself outside groups.
  let representatives: [Int]
  /// 1 over the size of each function's group.
  private let weights: [Double]

  init(_ groups: [[Int]], functionCount: Int) {
    var representatives = Array(0..<functionCount)
    var weights = [Double](repeating: 1, count: functionCount)
    for group in groups {
      for function in group {
        representatives[function] = group[0]
        weights[function] = 1 / Double(group.count)
      }
    }
    self.representatives = representatives
    self.weights = weights
  }

  /// The votes with one vote of each group: that of its first function that votes.
  func merge(_ votes: CountedVotes) -> CountedVotes {
    votes.replacingPatterns { merge($0) }
  }

  private func merge(_ patterns: VotePatterns) -> VotePatterns {
    var merged = VotePatterns(
      functionCount: patterns.functionCount, classCount: patterns.classCount)
    for pattern in 0..<patterns.count {
      var row: [(function: Int32, vote: Int32)] = []
      for entry in patterns.entries(of: pattern) {
        let function = Int32(representatives[Int(patterns.functions[entry])])
        if !row.contains(where: { $0.function == function }) {
          row.append((function, patterns.votes[entry]))
        }
      }
      row.sort { $0.function < $1.function }
      for (function, vote) in row { merged.append(function, vote) }
      merged.endPattern()
    }
    return merged
  }

  /// What was learned of merged votes, for the votes of all functions: each has its part of what its
  /// group says, so that where all vote the group counts once.
  func spread(_ rule: FireTables, over outcomes: VoteOutcomes) -> FireTables {
    let classCount = rule.logBalance.count
    var spread = rule
    spread.outcomes = outcomes
    spread.logTables = [Double](repeating: 0, count: outcomes.count * classCount)
    for (outcome, function) in outcomes.functions.enumerated() {
      let source = rule.outcomes.outcome(
        function: representatives[Int(function)], vote: Int(outcomes.votes[outcome]))
      guard source >= 0 else { continue }
      for label in 0..<classCount {
        spread.logTables[outcome * classCount + label] =
          weights[Int(function)] * rule.logTables[source * classCount + label]
      }
    }
    return spread
  }
}

extension PairCounts {
  /// Whether some outcomes of different functions are nearly always together: without any, no
  /// function is a copy.
  var mayHaveCopies: Bool {
    for one in 0..<count {
      for other in 0..<one
      where functions[one] != functions[other] && votes[one] == votes[other] {
        let both = together[one * count + other]
        if both >= 0.7 * (documents[one] + documents[other] - both) { return true }
      }
    }
    return false
  }
}
