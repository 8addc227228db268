// Functions that never meet another: what they vote is known, what it is worth is not seen from pairs.

extension CountedVotes {
  /// Which functions stand alone: never vote where another does, though independent functions that
  /// vote as often would meet. The votes of the others on n_j documents of j would be n_j times as
  /// many as there are on another document, less the one that each of those has for certain; where
  /// there are none of ln(m / .05) that were expected, chance has a hand in it for less than 5 % of
  /// all sets of m functions (Poisson's law, with Bonferroni's correction).
  ///
  /// None do where that would leave no document.
  ///
  /// - Parameter otherwise: Functions that are known to vote only where no other does.
  package func solitaryFunctions(otherwise: [Int]) throws -> [Bool] {
    let isKnown = Set(otherwise)
    var documents = [Int](repeating: 0, count: functionCount)
    var meets = [Bool](repeating: false, count: functionCount)
    var covered = 0
    try forEachCovered { block, pattern in
      let functions = block.patterns.functions[block.patterns.entries(of: pattern)]
      let isMet = functions.count > 1 && functions.contains { !isKnown.contains(Int($0)) }
      covered += block.counts[pattern]
      for function in functions {
        documents[Int(function)] += block.counts[pattern]
        if isMet { meets[Int(function)] = true }
      }
    }
    let votes = documents.reduce(0, +)
    let isSolitary = documents.indices.map { function in
      let (own, rest) = (documents[function], Double(covered - documents[function]))
      if meets[function] || rest == 0 { return false }
      let excess = Double(votes - own) / rest - 1
      return isKnown.contains(function)
        || Double(own) * excess > naturalLog(Double(functionCount) / 0.05)
    }
    let isAnyLeft = documents.indices.contains { documents[$0] > 0 && !isSolitary[$0] }
    return isAnyLeft ? isSolitary : isSolitary.map { _ in false }
  }

  /// The votes with no document on the patterns in which some functions vote.
  func withoutDocuments(of isLeftOut: [Bool]) -> CountedVotes {
    guard isLeftOut.contains(true) else { return self }
    return CountedVotes(functionCount: functionCount, classCount: classCount) { body in
      try forEachBlock { block in
        let (patterns, counts) = (block.patterns, block.counts)
        let kept = counts.indices.map { pattern in
          patterns.functions[patterns.entries(of: pattern)].contains { isLeftOut[Int($0)] }
            ? 0 : counts[pattern]
        }
        try body(Block(patterns: patterns, counts: kept, gold: block.gold))
      }
    }
  }
}

extension PriorSearch {
  /// Writes the tables of votes of functions that stand alone.
  ///
  /// A vote for c is right with the smaller of two probabilities. One is the accuracy that the votes
  /// of the other functions have in common. The other is from capture and recapture: b of
  /// ``AgreementMoments`` is the share of the documents that independent functions reach, so of n
  /// that they did reach they missed n (1/b − 1); those of other classes among these are what the
  /// n_jc votes are wrong about, in the proportions π of the labels of the others:
  ///
  ///     p = 1 − min(n (1/b − 1), n_jc) (1 − π_c) / n_jc
  ///
  /// Where functions attract each other, b is too large and the second one says little. Either alone
  /// is worse (mean log-loss .846 and .836 against .830). The rest goes to the other classes in the
  /// proportions π, and p is at least so large that c stays the most probable class.
  ///
  /// - Parameters:
  ///   - isSolitary: Which functions stand alone.
  ///   - firings: Of all functions, where those of the search are without these.
  func label(
    _ isSolitary: [Bool], by firings: VoteFirings, _ rule: inout FireTables
  ) throws {
    guard isSolitary.contains(true), let labeled = try votes.classShares(rule) else { return }
    let estimates = try votes.agreement(with: rule).functions
    let agreeing = estimates.reduce(0) { $0 + ($1.accuracy ?? 0) * Double($1.votes) }
    let common = agreeing / Double(estimates.reduce(0) { $0 + $1.votes })
    let shares = normalized(labeled.map { max($0, 1e-3) })
    let moments = AgreementMoments(counts, balance: shares)
    let missed = moments.map { counts.covered * max(0, 1 / $0.background - 1) }
    var accuracies = firings.documents.enumerated().map { cell, documents in
      guard let missed, documents > 0 else { return common }
      let wrong = min(missed / Double(documents), 1) * (1 - shares[cell % classCount])
      return min(common, 1 - wrong)
    }
    inform(&accuracies, isLearned: moments != nil)
    for (outcome, function) in rule.outcomes.functions.enumerated() where isSolitary[Int(function)]
    {
      let vote = Int(rule.outcomes.votes[outcome])
      let cell = Int(function) * classCount + vote
      let others = shares.indices.map { $0 == vote ? 0 : shares[$0] / (1 - shares[vote]) }
      let most = others.max() ?? 0
      let accuracy = min(max(accuracies[cell], most / (1 + most) + 1e-3), 0.98)
      let share = max(1e-9, Double(max(0, firings.documents[cell])) / Double(firings.covered))
      for label in 0..<classCount {
        let probability = label == vote ? accuracy : (1 - accuracy) * others[label]
        rule.logTables[outcome * classCount + label] =
          naturalLog(share * probability) - rule.logBalance[label]
      }
    }
  }
}
