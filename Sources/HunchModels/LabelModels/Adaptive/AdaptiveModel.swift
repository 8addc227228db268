/// The default label model: lets the agreements and conflicts of pairs of functions choose between
/// ``FireOnlyMAPEM`` and ``Triplet``, and the prior and the class balance they start from.
///
/// What the plain models fix is learned from how often pairs of functions agree and conflict (see
/// ``AgreementMoments``), where φ is the overdispersion of the pairs: about 1 if functions behave as
/// independent ones given the class, far above it if they copy each other, share words, or are
/// right on different kinds of documents.
///
/// 1. A prior for MAP-EM. p₀ is the accuracy that all votes have in common: .97 on messages whose
///    rules are nearly always right, .77 on comments where they often are not. With s = 1/φ², each
///    function's own estimated accuracy enters with weight s, the common one with 1 − s, and
///    κ = 2 (1 − s): independent functions are learned freely, others are held. A function that
///    votes c on a share f of the covered documents cannot be right more often than π_c / f, with
///    the share π_c of the class among the labels of the fit before.
/// 2. The class balance, if none is given and two functions or more vote for each class: the most
///    equal one that the pairs do not speak against (see ``BalanceSearch``), if the functions look
///    independent with it (φ ≤ 2) and every class keeps its share of the labels. Then that of the
///    labels, as long as it explains the pairs better still. Otherwise equal shares. A balance that
///    ran off to one class does not explain how pairs agree and is not taken.
/// 3. The rule. With φ ≤ 2, MAP-EM is right and its posteriors are taken. Beyond, its products of
///    rates count what depends on each other again and again, and the triplets are taken, whose
///    medians over pairs of partners a few dependent pairs do not move; their prior accuracy is the
///    common one and their balance the square root of the shares of MAP-EM's labels, scaled to sum
///    to 1 (learned shares repeat the errors of the labels, equal ones know nothing).
///
/// Functions that copy each other (see ``FunctionDependency``), or that their user declares one, are
/// one function to all of this, by the vote of the first of them that votes, if that halves φ;
/// otherwise they are left in. Either way each carries its part of what they say, so that together
/// they count once.
///
/// Gold labels, where there are some, join the accuracies: a hundred votes' worth of the accuracy
/// found so far and the votes whose gold label is known.
///
/// With too few pairs to learn from (see ``AgreementMoments``), MAP-EM with p₀ = .75, κ = 2, equal
/// shares and no cap is taken: accuracies are assumed then.
public struct AdaptiveModel: LabelModel {
  /// "adaptive".
  public let name = "adaptive"

  /// w_j of ``FireOnlyMAPEM``; nil means 1 for all.
  public let functionWeights: [Double]?

  /// Gold labels for the prior; nil for none.
  public let gold: GoldVotes?

  /// Groups of functions that their user says are one, by index.
  public let declared: [[Int]]

  /// What is known of votes before any are compared; nil for nothing.
  public let claims: VoteClaims?

  /// The most patterns that the search for a prior goes through; of more, a sample is taken by
  /// hash. The final fit uses all.
  package let searchedPatterns: Int

  /// φ beyond which functions are not taken for independent.
  static let greatestDispersion = 2.0

  /// Creates the model.
  public init(
    functionWeights: [Double]? = nil, gold: GoldVotes? = nil, declared: [[Int]] = [],
    claims: VoteClaims? = nil
  ) {
    self.init(
      functionWeights: functionWeights, gold: gold, declared: declared, claims: claims,
      searchedPatterns: 20_000)
  }

  /// Creates the model with another bound of its search.
  package init(
    functionWeights: [Double]? = nil, gold: GoldVotes? = nil, declared: [[Int]] = [],
    claims: VoteClaims? = nil, searchedPatterns: Int
  ) {
    self.functionWeights = functionWeights
    self.gold = gold
    self.declared = declared
    self.claims = claims
    self.searchedPatterns = searchedPatterns
  }

  /// Learns the prior, then how often each function fires for each class.
  ///
  /// - Throws: ``FitError`` for a bad class balance, bad counts, bad weights, or a declared function
  ///   that there is not.
  /// - Complexity: At most sixteen short fits of ``FireOnlyMAPEM`` on at most 20,000 patterns, one on
  ///   all, and one of ``Triplet``; O(outcomes²) memory for at most 1,500 outcomes.
  public func fit(_ votes: CountedVotes, classBalance: [Double]?) throws -> FittedLabelModel {
    let given = try classBalance.map { try checkedClassBalance($0, classCount: votes.classCount) }
    let counts = try PairCounts(votes)
    let plain = try fit(votes, counts, given)
    guard counts.mayHaveCopies || !declared.isEmpty else { return plain }
    let found = try plain.detectDependencies(in: votes, declared: declared)
    let groups = found.copyGroups(functionCount: votes.functionCount, declared: declared)
    if groups.isEmpty { return plain.with(dependencies: found) }
    let copies = MergedCopies(groups, functionCount: votes.functionCount)
    let merged = copies.merge(votes)
    let apart = try fit(merged, PairCounts(merged), given)
    let outcomes = VoteOutcomes(try VoteFirings(votes), classCount: votes.classCount)
    // Copies are left in where they are not what keeps pairs from being independent: what others
    // have in common with all of them tells more than what they have in common with one.
    let isExplained =
      2 * (apart.learnedPrior?.overdispersion ?? 0) <= (plain.learnedPrior?.overdispersion ?? 0)
    let fit = isExplained ? apart : plain
    guard let tables = fit.rule as? FireTables else { return fit.with(dependencies: found) }
    let rule = copies.spread(tables, over: outcomes, ofMerged: isExplained)
    let (functions, logLikelihood) = try votes.agreement(with: rule)
    return FittedLabelModel(
      name: name, classBalance: fit.classBalance, rule: rule, functions: functions,
      logLikelihood: fit.logLikelihood == nil ? nil : logLikelihood, history: fit.history,
      iterations: fit.iterations, converged: fit.converged,
      warnings: try FitWarning.ofVotes(votes)
        + FunctionEstimate.warnings(functions, classCount: votes.classCount)
        + fit.warnings.filter(\.isOfTheFit),
      learnedPrior: fit.learnedPrior, dependencies: found, groups: groups,
      chosenModel: fit.chosenModel)
  }

  /// Fits with all functions taken for different ones.
  private func fit(
    _ votes: CountedVotes, _ counts: PairCounts, _ given: [Double]?
  ) throws -> FittedLabelModel {
    let search = try PriorSearch(
      votes, counts, balance: given, functionWeights: functionWeights, gold: gold,
      claims: claims, patterns: searchedPatterns)
    let prior = try search.run()
    let fit = try FireOnlyMAPEM(prior.hyperParameters).fit(votes, classBalance: prior.balance)
    guard let accuracy = prior.learned.accuracy,
      let dispersion = prior.learned.overdispersion, dispersion > Self.greatestDispersion
    else { return fit.renamed(name, prior.learned, counts) }
    var balance = prior.balance
    if given == nil, let shares = try votes.classShares(fit.rule) {
      let roots = shares.map { max($0, 1e-6).squareRoot() }
      let sum = roots.reduce(0, +)
      balance = roots.map { $0 / sum }
    }
    let triplet = Triplet(.init(priorAccuracy: min(accuracy, 0.98)), gold: gold)
    return try triplet.fit(votes, classBalance: balance)
      .renamed(name, prior.learned.with(balance: balance, isGiven: given != nil), counts)
  }
}

extension AdaptiveModel: GoldInformed {
  func with(_ gold: GoldVotes) -> any LabelModel {
    AdaptiveModel(
      functionWeights: functionWeights, gold: gold, declared: declared, claims: claims,
      searchedPatterns: searchedPatterns)
  }
}

extension AdaptiveModel: ClaimInformed {
  func with(_ claims: VoteClaims) -> any LabelModel {
    AdaptiveModel(
      functionWeights: functionWeights, gold: gold, declared: declared, claims: claims,
      searchedPatterns: searchedPatterns)
  }
}

extension AdaptiveModel: GroupInformed {
  func with(groups: [[Int]], functionCount: Int) -> any LabelModel {
    AdaptiveModel(
      functionWeights: functionWeights, gold: gold, declared: groups, claims: claims,
      searchedPatterns: searchedPatterns)
  }
}

extension FittedLabelModel {
  /// The fit under another name, with what was learned before it.
  fileprivate func renamed(
    _ name: String, _ prior: LearnedPrior, _ counts: PairCounts
  ) -> FittedLabelModel {
    FittedLabelModel(
      name: name, classBalance: classBalance, rule: rule, functions: functions,
      logLikelihood: logLikelihood, history: history, iterations: iterations,
      converged: converged, warnings: warnings + prior.balanceWarnings(counts, classCount),
      learnedPrior: prior, chosenModel: self.name)
  }
}

extension LearnedPrior {
  /// The warning that equal shares are assumed since some class has fewer than two functions.
  fileprivate func balanceWarnings(_ counts: PairCounts, _ classCount: Int) -> [FitWarning] {
    if isBalanceGiven || isBalanceLearned || counts.covered == 0 { return [] }
    let thin = (0..<classCount).filter { label in counts.votes.count { $0 == label } < 2 }
    return thin.isEmpty ? [] : [.classBalanceAssumed(thin)]
  }
}

extension FitWarning {
  /// Whether it is about the fit, not about the votes or single functions.
  fileprivate var isOfTheFit: Bool {
    switch self {
    case .notConverged, .votesWithoutTriplets, .classBalanceAssumed: true
    default: false
    }
  }
}
