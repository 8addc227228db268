/// Accuracies in closed form from how functions go together in threes.
///
/// For a class c, a function's vote is x = 1 for c, −1 for another class and 0 for silence, and
/// u = 1 for c and 0 otherwise. If functions are independent given whether the class is c, then
/// covariances factor: Cov(x_a, x_b) = π_c (1 − π_c) Δ_a Δ_b with Δ_a = E[x_a | c] − E[x_a | not c].
/// So every pair (a, b) of other functions gives the difference of the rates at which function j
/// votes for c,
///
///     δ_jc = P(j votes c | c) − P(j votes c | not c),
///     |δ_jc| = √(|Cov(u_j, x_a) Cov(u_j, x_b) / Cov(x_a, x_b)| / (π_c (1 − π_c)))
///
/// and the median over the pairs is taken. This is the triplet method of FlyingSquid (Fu et al.
/// 2020), with two changes. Means are subtracted, as Jaffe, Nadler and Kluger (2015) do, which is
/// what makes it right where classes are not equally common and where functions vote for one class
/// only. And each vote of a function is estimated by itself, so that silence need not be
/// independent of the class. With f_jc the share of covered documents where j votes c, the
/// precision of the vote and the rates are
///
///     p_jc = π_c (f_jc + (1 − π_c) δ_jc) / f_jc
///     P(j votes c | c) = f_jc p_jc / π_c,   P(j votes c | y) = f_jc (1 − p_jc) / (1 − π_c), y ≠ c
///
/// and as in ``FireOnlyMAPEM`` only the functions that fire enter the posterior. Classes are taken
/// one against the rest.
///
/// Safeguards: pairs whose correlation is below `leastCorrelation` in absolute value, or that never
/// fire together, are left out. Of each function and class, at most the `partners` (32) functions
/// that fire together with it most often make pairs, at most 496; ties go to the function listed
/// first. δ is taken as positive (better than chance) for a function that votes for one class; for
/// one that votes for several classes, its sign is that of Σ_a Cov(u_j, x_a): the others are better
/// than chance on average. p lies between chance and `highestPrecision`, and is averaged with the
/// prior, which counts as `priorVotes` of the votes that have company. A vote without any pair gets
/// the prior; how many is a warning.
///
/// Strengths: no rounds, no starting point, so a cross-check of the others; finds functions that are
/// worse than chance; well calibrated where functions overlap. Weak spots: noisy with little overlap
/// and few documents, and sensitive to functions that copy each other; with more than two classes
/// "not c" is a mixture, so independence given it is an approximation. The prior's weight does not
/// grow with the documents, so the same corpus several times over gives slightly other labels.
///
/// Source: D. Fu, M. Chen, F. Sala, S. Hooper, K. Fatahalian and C. Ré, "Fast and three-rious:
/// speeding up weak supervision with triplet methods", ICML 2020; A. Jaffe, B. Nadler and
/// Y. Kluger, "Estimating the accuracies of multiple classifiers without labeled data", AISTATS
/// 2015.
///
/// - Complexity: O(Σ entries² over the patterns + outcomes × partners² + entries × classes) time and
///   O(outcomes × (functions + classes)) memory at most: only pairs that occur are kept.
package struct Triplet: LabelModelAlgorithm {
  /// What the model assumes, and how much it trusts what it sees.
  package struct HyperParameters: Sendable, Equatable {
    /// The assumed precision of a vote, in 0..<1 and above 0. For classes with more than half of
    /// the documents it is raised towards 1, so that a vote never speaks against its class.
    package var priorAccuracy: Double

    /// The weight of the prior, as a number of votes on documents where others vote too, 0 or more.
    package var priorVotes: Double

    /// The highest precision that triplets may give, raised likewise.
    package var highestPrecision: Double

    /// The correlation of two functions below which they are not divided by, above 0.
    package var leastCorrelation: Double

    /// How many functions make pairs for a function and class, 2 or more.
    package var partners: Int

    /// Creates hyper-parameters; the defaults were chosen on package sets.
    package init(
      priorAccuracy: Double = 0.75, priorVotes: Double = 30, highestPrecision: Double = 0.97,
      leastCorrelation: Double = 0.02, partners: Int = 32
    ) {
      self.priorAccuracy = priorAccuracy
      self.priorVotes = priorVotes
      self.highestPrecision = highestPrecision
      self.leastCorrelation = leastCorrelation
      self.partners = partners
    }
  }

  package let name = "triplet"

  package let hyperParameters: HyperParameters

  /// Closed forms have no place for groups.
  package var takesGroups: Bool { false }

  package init(_ hyperParameters: HyperParameters = HyperParameters()) {
    self.hyperParameters = hyperParameters
  }

  /// Estimates how often each function votes for a class given the true class.
  ///
  /// Gold labels join the precisions, as votes of known outcome beside a hundred of the precision
  /// found.
  ///
  /// - Throws: ``FitError`` for a bad class balance or bad hyper-parameters.
  package func fit(_ votes: CountedVotes, given evidence: Evidence) throws -> FittedLabelModel {
    try hyperParameters.check()
    let balance = try checkedClassBalance(evidence.classBalance, classCount: votes.classCount)
    let firings = try VoteFirings(votes)
    let outcomes = VoteOutcomes(firings, classCount: votes.classCount)
    let moments = try PairMoments(votes, outcomes)
    let solver = TripletSolver(
      moments, firings, balance: balance, hyperParameters, gold: evidence.gold)
    var rule = FireTables(outcomes, balance: balance)
    var withoutTriplets = 0
    for outcome in 0..<outcomes.count {
      let precision = solver.precision(of: outcome)
      if precision == nil && solver.documents(of: outcome) > 0 { withoutTriplets += 1 }
      solver.write(
        solver.accuracy(precision, of: outcome), of: outcome, to: &rule.logTables)
    }
    let (functions, _) = try votes.agreement(with: rule)
    var warnings = try FitWarning.ofVotes(votes)
    if withoutTriplets > 0 {
      let voted = (0..<outcomes.count).count { solver.documents(of: $0) > 0 }
      warnings.append(.votesWithoutTriplets(withoutTriplets, of: voted))
    }
    warnings += FunctionEstimate.warnings(functions, classCount: votes.classCount)
    return FittedLabelModel(
      name: name, method: .triplets, classBalance: balance, rule: rule, functions: functions,
      warnings: warnings)
  }
}

extension Triplet.HyperParameters {
  func check() throws(FitError) {
    try HyperParameterCheck.isShare(priorAccuracy, name: "priorAccuracy")
    try HyperParameterCheck.isWeight(priorVotes, name: "priorVotes")
    try HyperParameterCheck.isShare(highestPrecision, name: "highestPrecision")
    try HyperParameterCheck.isPositive(leastCorrelation, name: "leastCorrelation")
    guard partners >= 2 else {
      throw .hyperParameter(name: "partners", value: Double(partners), range: "2 or more")
    }
  }
}

/// Solves triplets of one set of moments.
struct TripletSolver {
  private let moments: PairMoments
  private let firings: VoteFirings
  private let outcomes: VoteOutcomes
  private let balance: [Double]
  private let hyperParameters: Triplet.HyperParameters
  private let gold: GoldVotes?
  /// Documents on which each function votes.
  private let votes: [Int]
  private let votesForSeveralClasses: [Bool]
  private let covered: Double

  init(
    _ moments: PairMoments, _ firings: VoteFirings, balance: [Double],
    _ hyperParameters: Triplet.HyperParameters, gold: GoldVotes? = nil
  ) {
    self.gold = gold
    self.moments = moments
    self.firings = firings
    self.balance = balance
    self.hyperParameters = hyperParameters
    outcomes = moments.outcomes
    covered = Double(max(1, firings.covered))
    let classCount = balance.count
    votes = stride(from: 0, to: firings.documents.count, by: classCount).map { row in
      firings.documents[row..<row + classCount].reduce(0) { $0 + max(0, $1) }
    }
    let leastShare = DawidSkene.HyperParameters().leastSecondaryShare
    votesForSeveralClasses = firings.secondaryShares(classCount: classCount).map {
      $0 >= leastShare
    }
  }

  func documents(of outcome: Int) -> Int {
    documents(Int(outcomes.functions[outcome]), Int(outcomes.votes[outcome]))
  }

  private func documents(_ function: Int, _ label: Int) -> Int {
    max(0, firings.documents[function * balance.count + label])
  }

  /// p_jc of an outcome (j, c) before the prior; nil where there is no pair.
  func precision(of outcome: Int) -> Double? {
    let function = Int(outcomes.functions[outcome])
    let label = Int(outcomes.votes[outcome])
    let share = Double(documents(of: outcome)) / covered
    let balance = balance[label]
    guard balance < 1, share > 0 else { return nil }
    let partners = moments.partners(of: outcome).sorted {
      ($1.together, $0.function) < ($0.together, $1.function)
    }.prefix(hyperParameters.partners).map {
      Partner($0, mean: mean($0.function, label), share: share, covered: covered)
    }
    var ratios: [Double] = []
    for (index, one) in partners.enumerated() {
      for other in partners[(index + 1)...] {
        guard let covariance = covariance(one, other, label) else { continue }
        ratios.append(abs(one.covariance * other.covariance / covariance))
      }
    }
    guard !ratios.isEmpty else { return nil }
    var difference = (Self.median(&ratios) / (balance * (1 - balance))).squareRoot()
    let isMixed = votesForSeveralClasses[function]
    if isMixed, partners.reduce(0, { $0 + $1.covariance }) < 0 { difference = -difference }
    let precision = balance * (share + (1 - balance) * difference) / share
    let highest = raised(hyperParameters.highestPrecision, label)
    return min(max(precision, isMixed ? balance * (1 - highest) : balance), highest)
  }

  /// p_jc of an outcome after the prior, and after gold labels where there are some.
  func accuracy(_ precision: Double?, of outcome: Int) -> Double {
    let label = Int(outcomes.votes[outcome])
    let company = Double(moments.company[outcome])
    let prior = raised(hyperParameters.priorAccuracy, label)
    var mean = prior
    if let precision {
      mean =
        (company * precision + hyperParameters.priorVotes * prior)
        / (company + hyperParameters.priorVotes)
    }
    if let gold {
      let place = Int(outcomes.functions[outcome]) * balance.count + label
      // Never 1, which would leave no room for a mistake.
      mean = min(gold.accuracy(place, prior: mean), 0.99)
    }
    return mean
  }

  /// Writes the rates of an outcome as logarithms.
  func write(_ mean: Double, of outcome: Int, to logTables: inout [Double]) {
    let label = Int(outcomes.votes[outcome])
    // A vote that occurs only where there are no documents gets a vanishing share: only ratios
    // between classes matter. The floor is for class balances next to 0 or 1.
    let share = max(1e-9, Double(documents(of: outcome)) / covered)
    let floor = 1e-300
    let other = naturalLog(max(floor, share * (1 - mean)) / max(floor, 1 - balance[label]))
    for index in balance.indices { logTables[outcome * balance.count + index] = other }
    logTables[outcome * balance.count + label] = naturalLog(share * mean / balance[label])
  }

  /// A precision raised for a class with more than half of the documents, as far from 1 as the
  /// share of the other classes is below one half.
  private func raised(_ precision: Double, _ label: Int) -> Double {
    max(precision, 1 - 2 * (1 - precision) * (1 - balance[label]))
  }

  /// E[x_a] for a class.
  private func mean(_ function: Int, _ label: Int) -> Double {
    Double(2 * documents(function, label) - votes[function]) / covered
  }

  /// Cov(x_a, x_b) for a class; nil if it is too small to divide by.
  private func covariance(_ one: Partner, _ other: Partner, _ label: Int) -> Double? {
    let together = moments.together(one.function, other.function)
    guard together > 0 else { return nil }
    let against =
      moments.disagreeing(one.function, label, with: other.function)
      + moments.disagreeing(other.function, label, with: one.function)
    let covariance = Double(together - 2 * against) / covered - one.mean * other.mean
    let variances = variance(one) * variance(other)
    let least = hyperParameters.leastCorrelation
    guard covariance * covariance > least * least * variances else { return nil }
    return covariance
  }

  private func variance(_ partner: Partner) -> Double {
    Double(votes[partner.function]) / covered - partner.mean * partner.mean
  }

  private static func median(_ values: inout [Double]) -> Double {
    values.sort()
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
  }

  /// A function that fires together with an outcome.
  private struct Partner {
    let function: Int
    /// E[x_a].
    let mean: Double
    /// Cov(u_j, x_a).
    let covariance: Double

    init(_ pair: PairMoments.Pair, mean: Double, share: Double, covered: Double) {
      function = pair.function
      self.mean = mean
      covariance = Double(2 * pair.agreeing - pair.together) / covered - share * mean
    }
  }
}
