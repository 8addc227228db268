/// Finds the prior of ``AdaptiveModel``.
struct PriorSearch {
  /// What ``FireOnlyMAPEM`` is to be fitted with.
  struct Prior {
    var hyperParameters: EMPrior
    var balance: [Double]
    var learned: LearnedPrior
  }

  private let votes: CountedVotes
  private let counts: PairCounts
  private let evidence: Evidence
  private let classCount: Int
  /// The least κ: a prior worth 200 documents, so that a small corpus is not believed blindly.
  private let leastStrength: Double
  private let given: [Double]?
  /// Whether there is no given class balance and every class has two functions that vote for it.
  /// With one, nothing tells a rare class from an inaccurate function.
  private let learnsBalance: Bool

  init(
    _ votes: CountedVotes, _ counts: PairCounts, _ evidence: Evidence, patterns: Int
  ) throws {
    self.evidence = evidence
    given = try evidence.classBalance.map {
      try checkedClassBalance($0, classCount: votes.classCount)
    }
    self.counts = counts
    learnsBalance =
      given == nil
      && (0..<votes.classCount).allSatisfy { label in counts.votes.count { $0 == label } >= 2 }
    self.votes = try votes.sample(patterns: patterns)
    classCount = votes.classCount
    leastStrength = min(2, max(0.2, 200 / max(counts.covered, 1)))
  }

  /// A prior on the way, with what led to it.
  private struct Candidate {
    var balance: [Double]
    /// The shares of the classes among the labels of the last fit; nil before the first.
    var labeled: [Double]?
    var moments: AgreementMoments?

    /// s: how far functions may be taken for independent; 0 without moments.
    var trust: Double {
      guard let moments else { return 0 }
      let dispersion = max(1, moments.overdispersion)
      return 1 / (dispersion * dispersion)
    }
  }

  /// Learns the prior.
  func run() throws -> Prior {
    let equal = [Double](repeating: 1 / Double(classCount), count: classCount)
    var best = try refine(Candidate(balance: given ?? equal))
    if learnsBalance, let balance = BalanceSearch.run(counts, classCount: classCount) {
      // Its labels may know the balance better than the pairs do, if the pairs agree.
      var next: [Double]? = balance
      for _ in 0..<4 {
        guard let balance = next else { break }
        let learned = try refine(Candidate(balance: balance))
        guard let dispersion = learned.moments?.overdispersion,
          dispersion
            < min(best.moments?.overdispersion ?? 0, AdaptiveModel.greatestDispersion),
          try namesEveryClass(learned)
        else { break }
        best = learned
        next = learned.labeled
      }
    }
    return prior(best)
  }

  /// Rounds of moments, prior and fit.
  private func refine(_ start: Candidate) throws -> Candidate {
    var candidate = start
    for _ in 0..<3 {
      candidate.moments = AgreementMoments(
        counts, balance: candidate.balance, start: candidate.moments?.accuracies)
      if candidate.moments == nil { return candidate }
      candidate.labeled = try votes.classShares(fit(candidate).rule)
    }
    return candidate
  }

  private func prior(_ candidate: Candidate) -> Prior {
    let (assumed, trust) = (0.75, candidate.trust)
    var accuracies = [Double](repeating: assumed, count: votes.functionCount * classCount)
    if let moments = candidate.moments {
      // Outcomes that were left out of the counts have the common accuracy.
      for cell in accuracies.indices {
        let share = candidate.balance[cell % classCount]
        accuracies[cell] = share + (1 - share) * moments.common
      }
      for outcome in 0..<counts.count {
        let vote = Int(counts.votes[outcome])
        let share = candidate.balance[vote]
        let own = trust * moments.accuracies[outcome] + (1 - trust) * moments.common
        var accuracy = share + (1 - share) * own
        if let labeled = candidate.labeled {
          accuracy = min(accuracy, labeled[vote] * counts.covered / counts.documents[outcome])
        }
        accuracies[Int(counts.functions[outcome]) * classCount + vote] = accuracy
      }
    }
    if let claims = evidence.claims {
      claims.inform(&accuracies, isLearned: candidate.moments != nil)
    }
    if let gold = evidence.gold {
      for place in accuracies.indices {
        accuracies[place] = gold.accuracy(place, prior: accuracies[place])
      }
    }
    return Prior(
      hyperParameters: EMPrior(
        priorAccuracy: assumed, priorStrength: max(leastStrength, 2 * (1 - trust)),
        functionPriorAccuracies: accuracies.map { min(max($0, 1e-3), 0.98) }),
      balance: candidate.balance,
      learned: LearnedPrior(
        accuracy: candidate.moments.map { _ in meanAccuracy(accuracies) },
        overdispersion: candidate.moments?.overdispersion,
        balance: candidate.balance, isGiven: given != nil,
        goldDocuments: evidence.gold?.documents ?? 0))
  }

  /// The mean over all votes of the counted outcomes.
  private func meanAccuracy(_ accuracies: [Double]) -> Double {
    var (sum, votes) = (0.0, 0.0)
    for outcome in 0..<counts.count {
      let place = Int(counts.functions[outcome]) * classCount + Int(counts.votes[outcome])
      sum += counts.documents[outcome] * accuracies[place]
      votes += counts.documents[outcome]
    }
    return sum / max(votes, 1)
  }

  /// A short fit.
  private func fit(_ candidate: Candidate) throws -> FittedLabelModel {
    let prior = prior(candidate)
    var hyperParameters = prior.hyperParameters
    hyperParameters.rounds = EMOptions(
      tolerance: 1e-3, maximumRounds: 60, posteriorMemory: .max)
    return try FireOnlyMAPEM(hyperParameters).fit(
      votes, given: Evidence(classBalance: prior.balance))
  }

  /// Whether each class is the most probable one of at least 0.4 times as many documents as its
  /// share of the balance says. Where functions are weak, the balance of very unequal classes outweighs
  /// them: the probabilities are better for it, and the labels worth less.
  private func namesEveryClass(_ candidate: Candidate) throws -> Bool {
    let fit = try fit(candidate)
    var documents = [Int](repeating: 0, count: classCount)
    var row = [Double](repeating: 0, count: classCount)
    try votes.forEachCovered { block, pattern in
      _ = fit.rule.posterior(of: pattern, in: block.patterns, into: &row)
      documents[DecisionRule.mostProbable.label(row)] += block.counts[pattern]
    }
    let covered = Double(documents.reduce(0, +))
    return zip(documents, candidate.balance).allSatisfy { Double($0) >= 0.4 * $1 * covered }
  }
}

extension CountedVotes {
  /// The mean posterior of the covered documents; nil if there are none.
  func classShares(_ rule: any PosteriorRule) throws -> [Double]? {
    var totals = [Double](repeating: 0, count: classCount)
    var row = totals
    try forEachCovered { block, pattern in
      _ = rule.posterior(of: pattern, in: block.patterns, into: &row)
      for label in 0..<classCount { totals[label] += Double(block.counts[pattern]) * row[label] }
    }
    let sum = totals.reduce(0, +)
    return sum > 0 ? totals.map { $0 / sum } : nil
  }

  /// All covered patterns if there are at most so many, or about so many of them, chosen by a hash
  /// of their votes, with their documents.
  func sample(patterns limit: Int) throws -> CountedVotes {
    var covered = 0
    try forEachCovered { _, _ in covered += 1 }
    guard covered > limit else { return self }
    let threshold = UInt64(Double(UInt64.max) * Double(limit) / Double(covered))
    var sample = VotePatterns(functionCount: functionCount, classCount: classCount)
    var counts: [Int] = []
    try forEachCovered { block, pattern in
      guard block.patterns.hash(of: pattern) <= threshold else { return }
      for entry in block.patterns.entries(of: pattern) {
        sample.append(block.patterns.functions[entry], block.patterns.votes[entry])
      }
      sample.endPattern()
      counts.append(block.counts[pattern])
    }
    return CountedVotes(sample, counts: counts)
  }
}
