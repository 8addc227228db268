/// What votes of some functions say of the class, known before any label model is fitted: those that
/// stand for a crowd, whose workers were compared with each other.
package struct KnownVotes: Sendable, Equatable {
  /// The functions, ascending.
  package let functions: [Int]

  /// What a vote adds to the log weight of each class, functions × votes × classes by place in
  /// ``functions``; zeros for votes that do not occur.
  package let logWeights: [Double]

  /// The class balance that was found with them.
  package let classBalance: [Double]

  private let places: [Int: Int]

  /// The name of the model that found what is known, which is that of the fit where no other
  /// function votes.
  package static let modelName = "dawid-skene"

  /// Creates what is known.
  ///
  /// - Precondition: There are functions × classes² log weights.
  package init(functions: [Int], logWeights: [Double], classBalance: [Double]) {
    let classes = classBalance.count
    precondition(logWeights.count == functions.count * classes * classes)
    self.functions = functions
    self.logWeights = logWeights
    self.classBalance = classBalance
    places = Dictionary(uniqueKeysWithValues: functions.enumerated().map { ($1, $0) })
  }

  /// Whether votes of a function are known.
  func covers(_ function: Int) -> Bool { places[function] != nil }

  /// The log weights of a function's vote; nil for other functions.
  func row(function: Int, vote: Int) -> ArraySlice<Double>? {
    guard let place = places[function] else { return nil }
    let classes = classBalance.count
    let start = (place * classes + vote) * classes
    return logWeights[start..<start + classes]
  }
}

extension LabelModelAlgorithm {
  /// Fits the functions beside those whose votes are known, and adds what is known to the log weights,
  ///
  ///     q_i ∝ q_i(others) ∏_{known votes} P(class | vote) / π(class).
  ///
  /// Where no other function votes, the posterior is that of the known votes. Letting the label model
  /// learn these functions like others was worse on rules with a simulated crowd: see
  /// `docs/votes.md`. Without any, and for a model to which all votes are the same, it is a plain fit.
  ///
  /// - Throws: ``FitError``, as the model does.
  func fitBesideKnownVotes(
    _ votes: CountedVotes, given evidence: Evidence
  ) throws -> FittedLabelModel {
    guard weighsVotes, let known = evidence.known else {
      return try fitBesideAnnotators(votes, given: evidence)
    }
    let others = votes.leavingOut(known.covers)
    if try LabelingAnalysis(others).covered == 0 {
      let balance = try checkedClassBalance(
        evidence.classBalance ?? known.classBalance, classCount: votes.classCount)
      let rule = KnownVotesRule(base: nil, known: known, balance: balance)
      let (functions, logLikelihood) = try votes.agreement(with: rule)
      return FittedLabelModel(
        name: name, method: .knownVotes, classBalance: balance, rule: rule, functions: functions,
        logLikelihood: logLikelihood, warnings: [], chosenModel: KnownVotes.modelName)
    }
    var fit = try fitBesideAnnotators(others, given: evidence)
    let rule = KnownVotesRule(base: fit.rule, known: known, balance: fit.classBalance)
    fit.rule = rule
    fit.functions = try votes.agreement(with: rule).functions
    let reached = try LabelingAnalysis(votes).functions
    fit.warnings = fit.warnings.filter { warning in
      switch warning {
      case .functionNeverVotes(let function): !known.covers(function)
      case .classWithoutVotes(let label): reached.allSatisfy { $0.votesByClass[label] == 0 }
      default: true
      }
    }
    return fit
  }

  /// Fits all functions, with a class balance that was learned without some of them where the others
  /// tell it.
  ///
  /// For language models and others that name one of several classes for every document they are asked
  /// about. One that is right three times of four names a class of 13 % of the documents on 31 % of
  /// them, mostly wrongly; its errors depend on the class more than those of rules that look for
  /// something, and the class balance that makes pairs of functions look independent follows them. On
  /// the sms set with such an annotator for a third of the documents it went from 31 to 37 % of the
  /// covered documents, and the label model's macro-F1 from .746 to .67; with the balance of the others
  /// it rises to .79 (`docs/language-models.md`).
  ///
  /// - Throws: ``FitError``, as the model does.
  /// - Complexity: Two fits where there are such functions and no class balance is given.
  private func fitBesideAnnotators(
    _ votes: CountedVotes, given evidence: Evidence
  ) throws -> FittedLabelModel {
    let annotators = Set(evidence.annotators)
    let others = votes.leavingOut { annotators.contains($0) }
    guard learnsClassBalance, evidence.classBalance == nil, !annotators.isEmpty,
      try LabelingAnalysis(others).covered > 0,
      case let balance = try fit(others, given: evidence),
      balance.learnedPrior?.isBalanceLearned == true
    else { return try fit(votes, given: evidence) }
    var known = evidence
    known.classBalance = balance.classBalance
    var result = try fit(votes, given: known)
    result.learnedPrior = result.learnedPrior?.with(balance: balance.classBalance, isGiven: false)
    return result
  }
}

/// Adds the log weights of known votes to what a rule says of the others.
struct KnownVotesRule: PosteriorRule {
  /// nil where no other function votes.
  let base: (any PosteriorRule)?
  let known: KnownVotes
  let balance: [Double]

  var parameters: [Double] { (base?.parameters ?? []) + known.logWeights + balance }

  func posterior(of pattern: Int, in patterns: VotePatterns, into row: inout [Double]) -> Double {
    let others = patterns.leavingOut(known.covers, of: CollectionOfOne(pattern))
    var logProbability = 0.0
    if let base, others.isCovered(0) {
      logProbability = base.posterior(of: 0, in: others, into: &row)
    } else {
      for label in row.indices { row[label] = balance[label] }
    }
    if others.functions.count == patterns.entries(of: pattern).count { return logProbability }
    for label in row.indices { row[label] = naturalLog(max(row[label], 1e-300)) }
    for entry in patterns.entries(of: pattern) {
      let weights = known.row(
        function: Int(patterns.functions[entry]), vote: Int(patterns.votes[entry]))
      if let weights { for (label, weight) in weights.enumerated() { row[label] += weight } }
    }
    return logProbability + normalizeLogWeights(&row)
  }

  func logEvidence(function: Int, vote: Int) -> [Double]? {
    guard let weights = known.row(function: function, vote: vote) else {
      return base?.logEvidence(function: function, vote: vote)
    }
    let mean = weights.reduce(0, +) / Double(weights.count)
    return weights.map { $0 - mean }
  }
}
