/// The part of the default label model that learns from votes: lets the agreements and conflicts of
/// pairs of functions choose between ``FireOnlyMAPEM`` and ``Triplet``, and the prior and the class
/// balance they start from.
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
package struct AdaptiveModel: LabelModelAlgorithm {
  package let name = "adaptive"

  /// It learns the class balance where pairs of functions tell it.
  package var learnsClassBalance: Bool { true }

  /// The most patterns that the search for a prior goes through; of more, a sample is taken by
  /// hash. The final fit uses all.
  package let searchedPatterns: Int

  /// φ beyond which functions are not taken for independent.
  static let greatestDispersion = 2.0

  package init(searchedPatterns: Int = 20_000) { self.searchedPatterns = searchedPatterns }

  /// Learns the prior, then how often each function fires for each class.
  ///
  /// - Throws: ``FitError`` for a bad class balance, or a declared function that there is
  ///   not.
  /// - Complexity: At most sixteen short fits of ``FireOnlyMAPEM`` on at most 20,000 patterns, one on
  ///   all, and one of ``Triplet``; O(outcomes²) memory for at most 1,500 outcomes.
  package func fit(_ votes: CountedVotes, given evidence: Evidence) throws -> FittedLabelModel {
    let declared = evidence.groups
    let counts = try PairCounts(votes)
    let plain = try fit(votes, counts, evidence)
    guard counts.mayHaveCopies || !declared.isEmpty else { return plain }
    let found = try plain.detectDependencies(in: votes, declared: declared)
    let groups = found.copyGroups(functionCount: votes.functionCount, declared: declared)
    if groups.isEmpty { return plain.with(\.dependencies, found) }
    let copies = MergedCopies(groups, functionCount: votes.functionCount)
    let merged = copies.merge(votes)
    let apart = try fit(merged, PairCounts(merged), evidence)
    let outcomes = VoteOutcomes(try VoteFirings(votes), classCount: votes.classCount)
    // Copies are left in where they are not what keeps pairs from being independent: what others
    // have in common with all of them tells more than what they have in common with one.
    let isExplained =
      2 * (apart.learnedPrior?.overdispersion ?? 0) <= (plain.learnedPrior?.overdispersion ?? 0)
    var fit = (isExplained ? apart : plain).with(\.dependencies, found)
    guard let rule = copies.spread(fit.rule, over: outcomes, ofMerged: isExplained) else {
      return fit
    }
    let (functions, logLikelihood) = try votes.agreement(with: rule)
    (fit.rule, fit.functions, fit.groups) = (rule, functions, groups)
    if fit.logLikelihood != nil { fit.logLikelihood = logLikelihood }
    fit.warnings =
      try FitWarning.ofVotes(votes)
      + FunctionEstimate.warnings(functions, classCount: votes.classCount)
      + fit.warnings.filter(\.isOfTheFit)
    return fit
  }

  /// Fits with all functions taken for different ones.
  private func fit(
    _ votes: CountedVotes, _ counts: PairCounts, _ evidence: Evidence
  ) throws -> FittedLabelModel {
    let search = try PriorSearch(votes, counts, evidence, patterns: searchedPatterns)
    let prior = try search.run()
    let fit = try FireOnlyMAPEM(prior.hyperParameters).fit(
      votes, given: Evidence(classBalance: prior.balance))
    guard let accuracy = prior.learned.accuracy,
      let dispersion = prior.learned.overdispersion, dispersion > Self.greatestDispersion
    else { return fit.renamed(name, prior.learned, counts) }
    var balance = prior.balance
    if evidence.classBalance == nil, let shares = try votes.classShares(fit.rule) {
      balance = normalized(shares.map { max($0, 1e-6).squareRoot() })
    }
    var known = Evidence(classBalance: balance)
    known.gold = evidence.gold
    return try Triplet(.init(priorAccuracy: min(accuracy, 0.98))).fit(votes, given: known)
      .renamed(
        name, prior.learned.with(balance: balance, isGiven: evidence.classBalance != nil), counts)
  }
}

extension FittedLabelModel {
  /// The fit under another name, with what was learned before it.
  fileprivate func renamed(
    _ name: String, _ prior: LearnedPrior, _ counts: PairCounts
  ) -> FittedLabelModel {
    var fit = named(name)
    fit.chosenModel = self.name
    fit.learnedPrior = prior
    fit.warnings += prior.balanceWarnings(counts, classCount)
    return fit
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
