/// A majority vote whose weights are learned: one accuracy for each function, whatever the class.
///
/// The one-coin form of Dawid and Skene's model (1979): function j is right with probability p_j
/// on the documents where it votes, and errs evenly over the other K − 1 classes. Only functions
/// that fire enter the posterior, each with the log odds of being right. With q_iy the posterior
/// of covered document i, n_j the number of votes of j and π the class balance:
///
///     M   p_j = (Σ_{i: j fired} q_{i,λ_ij} + κ n_j p₀) / (n_j + κ n_j)
///     E   q_iy ∝ π_y ∏_{j fired: λ_ij = y} e^{w_j a_j},  a_j = log (p_j (K − 1) / (1 − p_j))
///
/// that is, a Beta prior of mean p₀ whose weight is κ times the function's number of votes. The
/// prior's weight grows with the votes on purpose, as that of ``FireOnlyMAPEM``, so the same
/// corpus ten times over gives the same labels. It starts from the vote shares and stops when no
/// posterior changes by the tolerance. The class balance is fixed, since learned freely it runs
/// off to one class.
///
/// Strengths: few parameters, so it works with few votes and many classes; good where functions
/// differ in accuracy alone. Weak spots: it cannot know that a function is right on one class and
/// wrong on another, nor how often a function fires for each class; where functions vote for one
/// class each and classes get votes unequally often, ``FireOnlyMAPEM`` is better.
///
/// Source: the one-coin model of A. P. Dawid and A. M. Skene, Applied Statistics 28 (1979), as in
/// Y. Zhang, X. Chen, D. Zhou and M. I. Jordan, "Spectral methods meet EM", JMLR 17 (2016).
///
/// - Complexity: A fit takes O(rounds × (entries + patterns × classes)) time and O(functions ×
///   classes) memory, beside the posteriors that it keeps where they are few.
package struct WeightedMajority: LabelModelAlgorithm {
  package let name = "weighted-majority"

  package let hyperParameters: EMPrior

  package init(_ hyperParameters: EMPrior = EMPrior(priorAccuracy: 0.8)) {
    self.hyperParameters = hyperParameters
  }

  /// Learns each function's accuracy.
  ///
  /// - Throws: ``FitError`` for a bad class balance or bad hyper-parameters.
  /// - Complexity: O(rounds × (entries + patterns × classes)) time and O(functions × classes)
  ///   memory.
  package func fit(_ votes: CountedVotes, given evidence: Evidence) throws -> FittedLabelModel {
    var hyperParameters = self.hyperParameters
    hyperParameters.functionWeights = try evidence.functionWeights(
      hyperParameters.functionWeights, functionCount: votes.functionCount)
    hyperParameters.functionPriorAccuracies =
      evidence.gold?.accuracies(
        prior: hyperParameters.functionPriorAccuracies, or: hyperParameters.priorAccuracy)
      ?? hyperParameters.functionPriorAccuracies
    try hyperParameters.check(
      functionCount: votes.functionCount, accuracies: votes.functionCount)
    let balance = try checkedClassBalance(evidence.classBalance, classCount: votes.classCount)
    let firings = try VoteFirings(votes)
    return try WeightedMajorityState(firings, balance: balance, hyperParameters)
      .fit(votes, firings, name: name, hyperParameters.rounds).with(\.groups, evidence.groups)
  }
}

/// ``WeightedMajority`` between rounds.
private struct WeightedMajorityState: EMModel {
  let balance: [Double]
  private(set) var rule: AccuracyWeights

  private let hyperParameters: EMPrior

  init(
    _ firings: VoteFirings, balance: [Double], _ hyperParameters: EMPrior
  ) {
    self.balance = balance
    self.hyperParameters = hyperParameters
    rule = AccuracyWeights(firings, balance: balance)
  }

  func emptySums() -> FunctionAgreement { FunctionAgreement(functionCount: rule.isKnown.count) }

  mutating func maximize(_ agreement: FunctionAgreement) {
    guard balance.count > 1 else { return }
    let otherClasses = Double(balance.count - 1)
    for function in rule.isKnown.indices {
      let votes = Double(agreement.votes[function])
      let prior = hyperParameters.priorStrength * votes
      let expected =
        hyperParameters.functionPriorAccuracies?[function] ?? hyperParameters.priorAccuracy
      let mean =
        votes > 0
        ? (agreement.agreeing[function] + prior * expected) / (votes + prior) : expected
      // Without a prior a function may seem never, or always, to err; the logarithms stay finite.
      let accuracy = min(max(mean, 1e-12), 1 - 1e-12)
      let weight = hyperParameters.functionWeights?[function] ?? 1
      let logError = naturalLog((1 - accuracy) / otherClasses)
      rule.logErrors[function] = weight * logError
      rule.logOdds[function] = weight * (naturalLog(accuracy) - logError)
    }
  }
}

/// A weight for each function, added to the class that it votes for.
struct AccuracyWeights: PosteriorRule {
  /// Whether the function votes in some pattern that was learned from.
  let isKnown: [Bool]
  /// w_j log (p_j (K − 1) / (1 − p_j)), by function.
  var logOdds: [Double]
  /// w_j log ((1 − p_j) / (K − 1)): what a vote adds to every class, by function.
  var logErrors: [Double]
  private let logBalance: [Double]

  init(_ firings: VoteFirings, balance: [Double]) {
    let classCount = balance.count
    let functions = firings.documents.count / classCount
    isKnown = (0..<functions).map { function in
      firings.documents[function * classCount..<(function + 1) * classCount].contains { $0 >= 0 }
    }
    logOdds = [Double](repeating: 0, count: functions)
    logErrors = logOdds
    logBalance = balance.map { naturalLog($0) }
  }

  var parameters: [Double] { logOdds + logErrors }

  /// Votes of functions that never voted where the weights were learned say nothing.
  func posterior(of pattern: Int, in patterns: VotePatterns, into row: inout [Double]) -> Double {
    for label in row.indices { row[label] = logBalance[label] }
    var logErrors = 0.0
    for entry in patterns.entries(of: pattern) {
      let function = Int(patterns.functions[entry])
      guard isKnown[function] else { continue }
      row[Int(patterns.votes[entry])] += logOdds[function]
      logErrors += self.logErrors[function]
    }
    return normalizeLogWeights(&row) + logErrors
  }

  /// What a vote adds; known for every vote of a function that votes at all, since its accuracy does
  /// not depend on the class.
  func logEvidence(function: Int, vote: Int) -> [Double]? {
    guard isKnown[function] else { return nil }
    let mean = logOdds[function] / Double(logBalance.count)
    return logBalance.indices.map { ($0 == vote ? logOdds[function] : 0) - mean }
  }
}
