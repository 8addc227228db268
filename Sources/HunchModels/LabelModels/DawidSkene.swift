/// Full confusion matrices for functions that vote for several classes, such as crowd workers and
/// models, beside fire-only tables for those that vote for one class.
///
/// Dawid and Skene (1979) learn for worker j a confusion matrix: row y holds the probabilities
/// θ_jyc that j votes c where the class is y, given that j votes; silence is missing. A function
/// that only ever votes for one class has θ = 1 in every row, says nothing, and lets the fit
/// collapse to one class. So:
///
/// - A function *votes for several classes* if at least the share `leastSecondaryShare` of its
///   votes goes to classes other than its main one. With F_jyc = Σ_i q_iy [λ_ij = c], n_j the
///   number of its votes and d the prior's diagonal,
///
///       θ_jyc = (F_jyc + w_jy m_yc) / (Σ_c F_jyc + w_jy),   w_jy = v + κ n_j π_y,
///       m_yc  = d if y = c, else (1 − d) / (K − 1)      (d by function where there is gold)
///
///   that is, a Dirichlet prior for each row, heavier on the diagonal: v pseudo-votes against
///   sampling error, and a part that grows with the votes against voters not being independent.
/// - For the others θ_jyc are the rates of ``FireOnlyMAPEM``.
///
/// The posterior is q_iy ∝ π_y ∏_{j fired} θ_{j,y,λ_ij}^{w_j}. The class balance π stays as given.
/// If none is given it starts out equal, and is learned only where votes identify it: where at
/// least half of the covered documents have three votes or more of functions that vote for several
/// classes (three views are what a mixture of classes takes; Kruskal 1977), as
/// π_y = (Σ_i q_iy + κ_π n / K) / (n + κ_π n). Otherwise it stays equal, since it runs off to one
/// class.
///
/// Strengths: finds spammers, workers who confuse two classes and how common classes are. Weak
/// spots: K numbers for each function and class it votes for take many votes; with few,
/// ``WeightedMajority`` is the better choice. Because of the pseudo-votes, the same corpus several
/// times over gives other labels where there are functions that vote for several classes. Without
/// such functions it is ``FireOnlyMAPEM``.
///
/// Source: A. P. Dawid and A. M. Skene, "Maximum likelihood estimation of observer error-rates
/// using the EM algorithm", Applied Statistics 28 (1979); the prior as in H.-C. Kim and
/// Z. Ghahramani, "Bayesian classifier combination" (2012).
///
/// - Complexity: A fit takes O(rounds × (entries + outcomes + patterns + functions) × classes) time
///   and O((outcomes + functions) × classes) memory, where outcomes are the (function, vote) pairs
///   that occur.
package struct DawidSkene: LabelModelAlgorithm {
  /// What the model assumes before it sees votes, and when it stops.
  package struct HyperParameters: Sendable, Equatable {
    /// What is assumed of functions that vote for one class; also when the rounds stop and how
    /// much each function's votes count.
    package var fireOnly: EMPrior

    /// The share of a function's votes outside its main class from which on it counts as voting
    /// for several classes, in 0..<1 and above 0.
    package var leastSecondaryShare: Double

    /// d: the prior's probability of a right vote, in 0..<1 and above 0.
    package var priorDiagonal: Double

    /// v: the pseudo-votes of each row of a confusion matrix, 0 or more.
    package var priorVotes: Double

    /// κ: the weight of the prior against a function's votes, beside `priorVotes`, 0 or more.
    package var priorStrength: Double

    /// κ_π: the weight of equal shares against the documents where the class balance is learned,
    /// above 0.
    package var balancePriorStrength: Double

    /// d for each function, replacing `priorDiagonal`; nil means the same for all.
    package var functionPriorDiagonals: [Double]?

    /// Creates hyper-parameters; the defaults were chosen on simulated crowds of two and four
    /// classes and 10 to 330 votes for each worker.
    package init(
      fireOnly: EMPrior = .init(), leastSecondaryShare: Double = 0.02,
      priorDiagonal: Double = 0.75, priorVotes: Double = 8, priorStrength: Double = 0.05,
      balancePriorStrength: Double = 0.1, functionPriorDiagonals: [Double]? = nil
    ) {
      self.fireOnly = fireOnly
      self.leastSecondaryShare = leastSecondaryShare
      self.priorDiagonal = priorDiagonal
      self.priorVotes = priorVotes
      self.priorStrength = priorStrength
      self.balancePriorStrength = balancePriorStrength
      self.functionPriorDiagonals = functionPriorDiagonals
    }
  }

  package let name = "dawid-skene"

  package let hyperParameters: HyperParameters

  package init(_ hyperParameters: HyperParameters = HyperParameters()) {
    self.hyperParameters = hyperParameters
  }

  /// Learns how each function confuses the classes.
  ///
  /// The rule of the result is a ``ConfusionTables``, which tells the matrices.
  ///
  /// - Throws: ``FitError`` for a bad class balance or bad hyper-parameters.
  /// - Complexity: O(rounds × (entries + outcomes + patterns + functions) × classes).
  package func fit(_ votes: CountedVotes, given evidence: Evidence) throws -> FittedLabelModel {
    var hyperParameters = self.hyperParameters
    hyperParameters.fireOnly = try hyperParameters.fireOnly.informed(
      by: evidence, functionCount: votes.functionCount)
    hyperParameters.functionPriorDiagonals =
      evidence.gold?.accuracies(
        prior: hyperParameters.functionPriorDiagonals, or: hyperParameters.priorDiagonal)
      ?? hyperParameters.functionPriorDiagonals
    try hyperParameters.check(
      functionCount: votes.functionCount, classCount: votes.classCount)
    let balance = try checkedClassBalance(evidence.classBalance, classCount: votes.classCount)
    let firings = try VoteFirings(votes)
    let isConfused = firings.secondaryShares(classCount: votes.classCount).map {
      $0 >= hyperParameters.leastSecondaryShare
    }
    let isBalanceLearned =
      try evidence.classBalance == nil && votes.areMostlyVotedOn(by: isConfused)
    let state = DawidSkeneState(
      firings, balance: balance, isConfused: isConfused, isBalanceLearned: isBalanceLearned,
      hyperParameters)
    return try state.fit(votes, firings, name: name, hyperParameters.fireOnly.rounds)
      .with(\.groups, evidence.groups)
  }
}

extension DawidSkene.HyperParameters {
  func check(functionCount: Int, classCount: Int) throws(FitError) {
    try fireOnly.check(functionCount: functionCount, accuracies: functionCount * classCount)
    try HyperParameterCheck.isShare(leastSecondaryShare, name: "leastSecondaryShare")
    try HyperParameterCheck.isShare(priorDiagonal, name: "priorDiagonal")
    try HyperParameterCheck.areShares(
      functionPriorDiagonals, name: "functionPriorDiagonals", count: functionCount)
    try HyperParameterCheck.isWeight(priorVotes, name: "priorVotes")
    try HyperParameterCheck.isWeight(priorStrength, name: "priorStrength")
    try HyperParameterCheck.isPositive(balancePriorStrength, name: "balancePriorStrength")
    try HyperParameterCheck.isWeight(balancePriorStrength, name: "balancePriorStrength")
  }
}

extension VoteFirings {
  /// The share of each function's votes that go to classes other than its main one; 0 where it
  /// never votes.
  func secondaryShares(classCount: Int) -> [Double] {
    stride(from: 0, to: documents.count, by: classCount).map { row in
      let counts = documents[row..<row + classCount].map { max(0, $0) }
      let total = counts.reduce(0, +)
      return total > 0 ? Double(total - (counts.max() ?? 0)) / Double(total) : 0
    }
  }
}

extension CountedVotes {
  /// Whether at least half of the covered documents have votes of three of some functions.
  fileprivate func areMostlyVotedOn(by isOfInterest: [Bool]) throws -> Bool {
    var covered = 0
    var seenThrice = 0
    try forEachCovered { block, pattern in
      covered += block.counts[pattern]
      let votes = block.patterns.entries(of: pattern).count {
        isOfInterest[Int(block.patterns.functions[$0])]
      }
      if votes >= 3 { seenThrice += block.counts[pattern] }
    }
    return covered > 0 && 2 * seenThrice >= covered
  }
}

/// ``DawidSkene`` between rounds.
private struct DawidSkeneState: EMModel {
  private(set) var balance: [Double]
  private(set) var rule: ConfusionTables

  private let fireOnly: MAPEMPrior
  private let weights: [Double]
  private let isBalanceLearned: Bool
  private let balancePriorStrength: Double
  private let covered: Double

  init(
    _ firings: VoteFirings, balance: [Double], isConfused: [Bool], isBalanceLearned: Bool,
    _ hyperParameters: DawidSkene.HyperParameters
  ) {
    self.balance = balance
    self.isBalanceLearned = isBalanceLearned
    balancePriorStrength = hyperParameters.balancePriorStrength
    covered = Double(firings.covered)
    let outcomes = VoteOutcomes(firings, classCount: balance.count)
    let functionWeights = hyperParameters.fireOnly.functionWeights
    weights = outcomes.functions.map { functionWeights?[Int($0)] ?? 1 }
    fireOnly = MAPEMPrior(firings, outcomes, balance: balance, hyperParameters.fireOnly)
    rule = ConfusionTables(
      firings, outcomes, balance: balance, isConfused: isConfused, hyperParameters)
  }

  func emptySums() -> ExpectedFirings {
    ExpectedFirings(rule.fires.outcomes, classCount: balance.count)
  }

  mutating func maximize(_ expected: ExpectedFirings) {
    if isBalanceLearned {
      let prior = balancePriorStrength * covered / Double(balance.count)
      let total = covered + balancePriorStrength * covered
      balance = expected.mass.map { ($0 + prior) / total }
      rule.fires.logBalance = balance.map { naturalLog($0) }
    }
    rule.learnRows(expected)
    let (confusion, fireOnly) = (rule, fireOnly)
    rule.fires.learn(weights) { outcome, label in
      confusion.rate(outcome, label) ?? fireOnly.rate(outcome, label, expected)
    }
  }
}

/// How ``DawidSkene`` labels votes: confusion matrices for functions that vote for several classes,
/// fire-only tables for the others.
package struct ConfusionTables: PosteriorRule {
  /// The tables of all functions as logarithms, times the function's weight.
  var fires: FireTables
  /// Whether a function votes for several classes and so has a confusion matrix.
  private let isConfused: [Bool]
  /// w_jy, functions × classes.
  private let priorWeights: [Double]
  /// d_j.
  private let diagonals: [Double]
  /// Σ_c F_jyc, functions × classes.
  private var rows: [Double]
  /// F_jyc, outcomes × classes.
  private var firings: [Double]

  init(
    _ firings: VoteFirings, _ outcomes: VoteOutcomes, balance: [Double], isConfused: [Bool],
    _ hyperParameters: DawidSkene.HyperParameters
  ) {
    fires = FireTables(outcomes, balance: balance)
    self.isConfused = isConfused
    diagonals =
      hyperParameters.functionPriorDiagonals
      ?? [Double](repeating: hyperParameters.priorDiagonal, count: isConfused.count)
    let classCount = balance.count
    priorWeights = stride(from: 0, to: firings.documents.count, by: classCount).flatMap { row in
      let votes = firings.documents[row..<row + classCount].reduce(0) { $0 + max(0, $1) }
      return balance.map {
        hyperParameters.priorVotes + hyperParameters.priorStrength * Double(votes) * $0
      }
    }
    rows = [Double](repeating: 0, count: isConfused.count * balance.count)
    self.firings = [Double](repeating: 0, count: outcomes.count * balance.count)
  }

  /// All numbers that posteriors depend on beside the class balance.
  package var parameters: [Double] { fires.parameters }

  /// Writes the probabilities of the classes for a pattern with at least one vote.
  package func posterior(
    of pattern: Int, in patterns: VotePatterns, into row: inout [Double]
  ) -> Double {
    fires.posterior(of: pattern, in: patterns, into: &row)
  }

  /// What a function's vote adds to the log weight of each class.
  package func logEvidence(function: Int, vote: Int) -> [Double]? {
    fires.logEvidence(function: function, vote: vote)
  }

  /// The learned confusion matrix of a function, flat, true classes × votes, each row summing to 1.
  ///
  /// - Returns: nil for a function that does not vote for several classes.
  /// - Complexity: O(classes²).
  package func confusion(of function: Int) -> [Double]? {
    guard isConfused.indices.contains(function), isConfused[function] else { return nil }
    let classCount = fires.logBalance.count
    return (0..<classCount * classCount).map { cell in
      let (label, vote) = (cell / classCount, cell % classCount)
      return rate(
        function, label, vote, fires.outcomes.outcome(function: function, vote: vote))
    }
  }

  /// Takes the sums over all covered documents.
  mutating func learnRows(_ expected: ExpectedFirings) {
    firings = expected.firings
    for index in rows.indices { rows[index] = 0 }
    let classCount = fires.logBalance.count
    for (outcome, function) in fires.outcomes.functions.enumerated() {
      for label in 0..<classCount {
        rows[Int(function) * classCount + label] += firings[outcome * classCount + label]
      }
    }
  }

  /// θ_jyc for an outcome (j, c); nil where j has no confusion matrix.
  func rate(_ outcome: Int, _ label: Int) -> Double? {
    let function = Int(fires.outcomes.functions[outcome])
    guard isConfused[function] else { return nil }
    return rate(function, label, Int(fires.outcomes.votes[outcome]), outcome)
  }

  /// - Parameter outcome: -1 for a vote that did not occur.
  private func rate(_ function: Int, _ label: Int, _ vote: Int, _ outcome: Int) -> Double {
    // The floor keeps logarithms finite where a row has no votes and the prior no weight.
    let floor = 1e-300
    let classCount = fires.logBalance.count
    let votes = outcome < 0 ? 0 : firings[outcome * classCount + label]
    let row = function * classCount + label
    let weight = max(floor, priorWeights[row])
    let diagonal = diagonals[function]
    let mean = label == vote ? diagonal : (1 - diagonal) / Double(max(classCount - 1, 1))
    return max(floor, (votes + weight * mean) / (rows[row] + weight))
  }
}
