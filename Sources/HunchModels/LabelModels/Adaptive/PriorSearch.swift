/// Finds the shares of the classes and the prior of ``AdaptiveModel``, and fits with them: its steps 3
/// to 5.
struct PriorSearch {
  /// The votes without those of functions that stand alone, and their pairs.
  let votes: CountedVotes
  let counts: PairCounts
  let classCount: Int

  /// κ of fits whose prior has triplets, or nothing to learn from.
  static let strength = 4.0

  /// The accuracy of votes where there are no pairs to learn it from.
  private static let assumed = 0.75

  /// Gauss and Legendre's nodes and weights for means over 0...1.
  private static let nodes = [
    (exponent: 0.5 - 0.15.squareRoot(), weight: 5.0 / 18), (exponent: 0.5, weight: 8.0 / 18),
    (exponent: 0.5 + 0.15.squareRoot(), weight: 5.0 / 18),
  ]

  private let sample: CountedVotes
  private let evidence: Evidence
  private let given: [Double]?

  init(_ votes: CountedVotes, _ evidence: Evidence, patterns: Int) throws {
    given = try evidence.classBalance.map {
      try checkedClassBalance($0, classCount: votes.classCount)
    }
    (self.votes, self.evidence, classCount) = (votes, evidence, votes.classCount)
    counts = try PairCounts(votes)
    sample = try votes.sample(patterns: patterns)
  }

  /// Shares of the classes, with what led to a prior for them.
  private struct Candidate {
    var balance: [Double]
    /// The shares of the classes among the labels of the last fit; nil before the first.
    var labeled: [Double]?
    var moments: AgreementMoments?
    /// The accuracies of votes by triplets, functions × classes; nil for the common one.
    var triplets: [Double]?

    /// s: how far functions may be taken for independent; 0 without moments.
    var trust: Double { moments.map { LearnedPrior.trust($0.overdispersion) } ?? 0 }
  }

  /// Learns shares, priors and tables.
  ///
  /// - Returns: The fit with the middle shares, or with the first that did not converge; what was
  ///   learned before; and the averaged tables.
  func run() throws -> (fit: FittedLabelModel, learned: LearnedPrior, rule: FireTables) {
    let known = try given ?? learnedBalance()
    let nodes = known == nil ? Self.nodes : [(exponent: 1, weight: 1)]
    let shares = known ?? impliedShares()
    let firings = try VoteFirings(votes)
    let outcomes = VoteOutcomes(firings, classCount: classCount)
    let pairs = try PairMoments(votes, outcomes)
    var (candidates, fits): ([Candidate], [FittedLabelModel]) = ([], [])
    var tables = [Double](repeating: 0, count: outcomes.count * classCount)
    for node in nodes {
      var candidate = Candidate(balance: shares)
      if known == nil {
        candidate.balance = normalized(shares.map { exponential(node.exponent * naturalLog($0)) })
      }
      candidate.moments = AgreementMoments(counts, balance: candidate.balance)
      if candidate.moments != nil {
        let accuracy = min(meanAccuracy(accuracies(candidate)), 0.98)
        let solver = TripletSolver(
          pairs, firings, balance: candidate.balance, .init(priorAccuracy: accuracy))
        var triplets = [Double](repeating: accuracy, count: firings.documents.count)
        for (outcome, function) in outcomes.functions.enumerated() {
          triplets[Int(function) * classCount + Int(outcomes.votes[outcome])] = solver.accuracy(
            solver.precision(of: outcome), of: outcome)
        }
        candidate.triplets = triplets
      }
      for _ in 0..<2 { candidate.labeled = try sample.classShares(fit(candidate).rule) }
      let fit = try FireOnlyMAPEM(prior(candidate)).fit(
        votes, given: Evidence(classBalance: candidate.balance))
      for (place, value) in fit.rule.parameters.enumerated() {
        tables[place] += node.weight * value
      }
      candidates.append(candidate)
      fits.append(fit)
    }
    // The mean of the logarithms of the three shares is that of the middle one.
    let middle = candidates[nodes.count / 2]
    var rule = FireTables(outcomes, balance: middle.balance)
    rule.logTables = tables
    if zip(nodes, candidates).reduce(0, { $0 + $1.0.weight * $1.1.trust }) < 0.5 { rule.project() }
    let learned = LearnedPrior(
      accuracy: middle.moments.map { _ in meanAccuracy(informed(middle)) },
      overdispersion: middle.moments?.overdispersion, balance: middle.balance,
      isGiven: given != nil, goldDocuments: evidence.gold?.documents ?? 0)
    return (fits.first { !$0.converged } ?? fits[nodes.count / 2], learned, rule)
  }

  /// The shares under which pairs of functions look independent; nil where there are none, or some
  /// class has a single function: nothing tells a rare class from an inaccurate function then.
  private func learnedBalance() throws -> [Double]? {
    guard singleClasses.isEmpty, let balance = BalanceSearch.run(counts, classCount: classCount)
    else { return nil }
    let equal = [Double](repeating: 1 / Double(classCount), count: classCount)
    var best = try refine(Candidate(balance: equal))
    var learned: [Double]?
    // Its labels may know the balance better than the pairs do, if the pairs agree.
    var next: [Double]? = balance
    for _ in 0..<4 {
      guard let balance = next else { break }
      let candidate = try refine(Candidate(balance: balance))
      guard let moments = candidate.moments,
        moments.overdispersion
          < min(best.moments?.overdispersion ?? 0, 1 + 2 * (2 / moments.freedom).squareRoot()),
        try namesEveryClass(candidate)
      else { break }
      best = candidate
      (learned, next) = (candidate.balance, candidate.labeled)
    }
    return learned
  }

  /// The shares that accuracies from pairs imply, found by iteration from equal ones; those of the
  /// votes where there are no pairs.
  private func impliedShares() -> [Double] {
    var shares = [Double](repeating: 1 / Double(classCount), count: classCount)
    if counts.count == 0 { return shares }
    let functions = shares.indices.map { label in counts.votes.count { $0 == label } }
    var moments: AgreementMoments?
    for _ in 0..<8 {
      moments = AgreementMoments(counts, balance: shares, start: moments?.accuracies)
      var implied = [Double](repeating: 0, count: classCount)
      for outcome in 0..<counts.count {
        implied[Int(counts.votes[outcome])] +=
          counts.documents[outcome] * max(moments?.accuracies[outcome] ?? 1, 1e-3)
      }
      for (label, count) in functions.enumerated() where count > 0 {
        implied[label] /= Double(count)
      }
      let least = 1e-3 / Double(classCount)
      implied = normalized(normalized(implied).map { max($0, least) })
      let change = zip(implied, shares).reduce(0) { max($0, abs($1.0 - $1.1)) }
      shares = implied
      if change < 1e-4 { break }
    }
    return shares
  }

  /// The classes that fewer than two functions vote for.
  private var singleClasses: [Int] {
    (0..<classCount).filter { label in counts.votes.count { $0 == label } < 2 }
  }

  /// The warning that the votes hardly tell how frequent some classes are.
  var balanceWarnings: [FitWarning] {
    let isTold = given != nil || counts.covered == 0 || singleClasses.isEmpty
    return isTold ? [] : [.classBalanceAssumed(singleClasses)]
  }

  /// Rounds of moments, prior and fit.
  private func refine(_ start: Candidate) throws -> Candidate {
    var candidate = start
    for _ in 0..<3 {
      candidate.moments = AgreementMoments(
        counts, balance: candidate.balance, start: candidate.moments?.accuracies)
      if candidate.moments == nil { return candidate }
      candidate.labeled = try sample.classShares(fit(candidate).rule)
    }
    return candidate
  }

  /// The accuracies that pairs give, functions × classes: s times a vote's own and 1 − s times that
  /// of triplets or, before there are any, the common one.
  private func accuracies(_ candidate: Candidate) -> [Double] {
    var accuracies = [Double](repeating: Self.assumed, count: votes.functionCount * classCount)
    guard let moments = candidate.moments else { return accuracies }
    let trust = candidate.trust
    func accuracy(_ cell: Int, _ own: Double) -> Double {
      let share = candidate.balance[cell % classCount]
      let held = candidate.triplets?[cell] ?? share + (1 - share) * moments.common
      return trust * (share + (1 - share) * own) + (1 - trust) * held
    }
    // Outcomes that were left out of the counts have the common accuracy for their own.
    for cell in accuracies.indices { accuracies[cell] = accuracy(cell, moments.common) }
    for outcome in 0..<counts.count {
      accuracies[cell(outcome)] = accuracy(cell(outcome), moments.accuracies[outcome])
    }
    return accuracies
  }

  /// The place of an outcome among functions × classes.
  private func cell(_ outcome: Int) -> Int {
    Int(counts.functions[outcome]) * classCount + Int(counts.votes[outcome])
  }

  /// The same with the cap on broad functions and what is known beside votes.
  private func informed(_ candidate: Candidate) -> [Double] {
    var accuracies = accuracies(candidate)
    if let labeled = candidate.labeled {
      for outcome in 0..<counts.count {
        let most = labeled[Int(counts.votes[outcome])] * counts.covered / counts.documents[outcome]
        accuracies[cell(outcome)] = min(accuracies[cell(outcome)], most)
      }
    }
    inform(&accuracies, isLearned: candidate.moments != nil)
    return accuracies
  }

  /// Puts what is known of single votes into accuracies, functions × classes.
  func inform(_ accuracies: inout [Double], isLearned: Bool) {
    evidence.claims?.inform(&accuracies, isLearned: isLearned)
    if let gold = evidence.gold {
      for cell in accuracies.indices {
        accuracies[cell] = gold.accuracy(cell, prior: accuracies[cell])
      }
    }
  }

  /// The more functions look independent, and the more documents there are, the more freely they are
  /// learned. In the search for a balance, whose prior has no triplets, more freely than at last.
  private func prior(_ candidate: Candidate) -> EMPrior {
    let isSearched = candidate.moments != nil && candidate.triplets == nil
    let (most, documents) = isSearched ? (2.0, 200.0) : (Self.strength, 1000.0)
    let least = max(0.2, documents / max(counts.covered, 1))
    return EMPrior(
      priorAccuracy: Self.assumed,
      priorStrength: min(most, max(least, most * (1 - candidate.trust))),
      functionPriorAccuracies: informed(candidate).map { min(max($0, 1e-3), 0.98) })
  }

  /// The mean over all votes of the counted outcomes.
  private func meanAccuracy(_ accuracies: [Double]) -> Double {
    var (sum, votes) = (0.0, 0.0)
    for outcome in 0..<counts.count {
      sum += counts.documents[outcome] * accuracies[cell(outcome)]
      votes += counts.documents[outcome]
    }
    return sum / max(votes, 1)
  }

  /// A short fit.
  private func fit(_ candidate: Candidate) throws -> FittedLabelModel {
    var prior = prior(candidate)
    prior.rounds = EMOptions(tolerance: 1e-3, maximumRounds: 60, posteriorMemory: .max)
    return try FireOnlyMAPEM(prior).fit(
      sample, given: Evidence(classBalance: candidate.balance))
  }

  /// Whether each class is the most probable one of at least 0.4 times as many documents as its
  /// share of the balance says. Where functions are weak, the balance of very unequal classes outweighs
  /// them: the probabilities are better for it, and the labels worth less.
  private func namesEveryClass(_ candidate: Candidate) throws -> Bool {
    let fit = try fit(candidate)
    var documents = [Int](repeating: 0, count: classCount)
    var row = [Double](repeating: 0, count: classCount)
    try sample.forEachCovered { block, pattern in
      _ = fit.rule.posterior(of: pattern, in: block.patterns, into: &row)
      documents[DecisionRule.mostProbable.label(row)] += block.counts[pattern]
    }
    let covered = Double(documents.reduce(0, +))
    return zip(documents, candidate.balance).allSatisfy { Double($0) >= 0.4 * $1 * covered }
  }
}

extension FireTables {
  /// Raises the weight of votes for their classes where another would be the most probable one after
  /// such a vote alone.
  fileprivate mutating func project() {
    let classCount = logBalance.count
    for (outcome, vote) in outcomes.votes.enumerated() {
      let row = outcome * classCount
      var highest = -Double.infinity
      for label in 0..<classCount where label != Int(vote) {
        highest = max(highest, logTables[row + label] + logBalance[label])
      }
      let least = highest + 1e-6 - logBalance[Int(vote)]
      logTables[row + Int(vote)] = max(logTables[row + Int(vote)], least)
    }
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
