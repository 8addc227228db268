/// The part of the default label model that learns from votes: MAP-EM (``FireOnlyMAPEM``) whose
/// shares of the classes and whose prior are learned from how functions go together.
///
/// How far pairs of functions behave as functions that are independent given the class says φ, their
/// overdispersion (see ``AgreementMoments``): about 1 if so, far above it if they copy each other,
/// share words, or are right on different kinds of documents. Pairs are trusted by s = 1/φ².
///
/// 1. **Functions that stand alone** never meet another, though chance would have made them
///    (``CountedVotes/solitaryFunctions(otherwise:)``): rules for whatever the others leave. Pairs
///    say nothing of them, and they would only spoil what pairs say of the others (φ on a news set
///    182 instead of 7). They and their documents are left out of all that follows.
/// 2. **Copies** (``FunctionDependency``), found with the posteriors of plain MAP-EM, and functions
///    that their user declares one, are one function, with the vote of the first of them that votes.
///    What is learned of it is dealt out among them, so that together they count once.
/// 3. **Shares of the classes**, if none are given and two functions or more vote for each class: the
///    most equal ones that the pairs do not speak against (``BalanceSearch``), if functions then look
///    independent: φ < 1 + 2 √(2/f), two standard deviations above what a mean of f squares is for
///    such functions. Otherwise what accuracies imply: f_jc of the votes for c by j, right beyond
///    chance by d_jc, which is found given the shares, so the two are iterated; m_c functions vote
///    for c:
///
///        π_c ∝ Σ_j f_jc d_jc / m_c
///
///    f_jc d_jc is π_c times how much more often j votes for c where that is the class than where it
///    is not, which functions are taken to do alike. A sum in place of the mean believes in the
///    class with the most functions: with eight against one, macro-F1 falls from .70 to .59. This
///    sees through a broad function that others contradict, and not through one that nobody does.
///    How far to believe it is unknown, so MAP-EM is fitted with π^a for three a: the nodes of
///    Gauss and Legendre for the mean over all a from 0 (equal shares) to 1. *Logarithms* of tables
///    are averaged, which leaves one table of votes (mean log-loss on 48 sets: equal shares .919,
///    implied ones .816, averaged .803).
/// 4. **The prior** of a vote, for shares π: the accuracy that pairs give it counts s, and that which
///    ``Triplet`` gives it 1 − s, since medians over triplets are not moved by a few dependent pairs.
///    Triplets start from the mean accuracy of all votes, in which the one common to all votes has
///    the weight 1 − s. A function that votes c on a share f of the documents cannot be right more
///    often than π_c/f, with the share of c among the labels of the fit before. κ = 4 (1 − s), but
///    not below .2 and the worth of 1,000 documents: functions that look independent on many documents
///    are learned freely (held by κ = 4 they cost .015 of macro-F1 with classes of 90 and 10 %), of
///    others the rounds may move a rate by a fifth.
/// 5. **A projection**, where on average s < ½, so that pairs say less than is assumed anyway: a vote
///    alone leaves its class the most probable one. Where pairs know better, functions that are worse
///    than chance are turned round.
/// 6. **Votes of functions that stand alone** are labeled last, see
///    ``PriorSearch/label(_:by:_:)``.
///
/// Gold labels, where there are some, join the accuracies of 4 and 6: a hundred votes' worth of the
/// accuracy found so far and the votes whose gold label is known.
///
/// With too few pairs to learn from (see ``AgreementMoments``), accuracies are assumed, p₀ = .75, and
/// the implied shares are those of the votes.
package struct AdaptiveModel: LabelModelAlgorithm {
  package let name = "adaptive"

  /// It learns the class balance where none is given.
  package var learnsClassBalance: Bool { true }

  /// The most patterns that the search for shares and priors goes through; of more, a sample is taken
  /// by hash. The final fits use all.
  package let searchedPatterns: Int

  package init(searchedPatterns: Int = 20_000) { self.searchedPatterns = searchedPatterns }

  /// Learns shares and priors, then how often each function fires for each class.
  ///
  /// - Throws: ``FitError`` for a bad class balance, or a declared function that there is
  ///   not.
  /// - Complexity: At most 21 short fits of ``FireOnlyMAPEM`` on at most 20,000 patterns, and one to
  ///   three on all; O(outcomes²) memory for at most 1,500 outcomes.
  package func fit(_ votes: CountedVotes, given evidence: Evidence) throws -> FittedLabelModel {
    var isSolitary = try votes.solitaryFunctions(otherwise: evidence.otherwise)
    var search = try PriorSearch(
      votes.withoutDocuments(of: isSolitary), evidence, patterns: searchedPatterns)
    var found: [FunctionDependency] = []
    if search.counts.mayHaveCopies || !evidence.groups.isEmpty {
      found = try FireOnlyMAPEM(EMPrior(priorStrength: PriorSearch.strength))
        .fit(search.votes, given: Evidence(classBalance: evidence.classBalance))
        .detectDependencies(in: search.votes, declared: evidence.groups)
    }
    let groups = found.copyGroups(
      functionCount: votes.functionCount, declared: evidence.groups)
    let copies = MergedCopies(groups, functionCount: votes.functionCount)
    var merged = votes
    if !groups.isEmpty {
      merged = copies.merge(votes)
      isSolitary = try merged.solitaryFunctions(otherwise: evidence.otherwise)
      search = try PriorSearch(
        merged.withoutDocuments(of: isSolitary), evidence, patterns: searchedPatterns)
    }
    var (base, learned, rule) = try search.run()
    try search.label(isSolitary, by: VoteFirings(merged), &rule)
    rule = copies.spread(
      rule, over: VoteOutcomes(try VoteFirings(votes), classCount: votes.classCount))
    let (functions, logLikelihood) = try votes.agreement(with: rule)
    base.warnings =
      try FitWarning.ofVotes(votes)
      + FunctionEstimate.warnings(functions, classCount: votes.classCount)
      + base.warnings.filter { if case .notConverged = $0 { true } else { false } }
      + search.balanceWarnings
    (base.name, base.rule, base.functions, base.logLikelihood) =
      (name, rule, functions, logLikelihood)
    (base.learnedPrior, base.dependencies, base.groups) = (learned, found, groups)
    base.solitary = copies.representatives.map { isSolitary[$0] }
    return base
  }
}
