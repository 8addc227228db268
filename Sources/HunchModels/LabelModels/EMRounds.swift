// What the models that are fitted by EM share: the rounds, when they stop, and the result. A model
// brings its M-step and the sums that it needs for it.

/// What an M-step is computed from.
protocol EMSums {
  mutating func clear()

  /// Adds the documents of a pattern with their posterior.
  mutating func add(_ patterns: VotePatterns, _ pattern: Int, count: Int, posterior: [Double])
}

/// A label model between the rounds of EM.
protocol EMModel {
  associatedtype Rule: PosteriorRule
  associatedtype Sums: EMSums

  /// The class balance of the rule.
  var balance: [Double] { get }

  /// The E-step: how votes are labeled with what was learned last.
  var rule: Rule { get }

  func emptySums() -> Sums

  /// The M-step: learns from the sums over all covered documents.
  mutating func maximize(_ sums: Sums)
}

extension EMModel {
  /// Starts from the vote shares and alternates until no posterior changes by the tolerance.
  ///
  /// - Parameters:
  ///   - firings: Those of the votes.
  /// - Complexity: O(rounds × (entries + patterns) × classes) beside the M-steps.
  consuming func fit(
    _ votes: CountedVotes, _ firings: VoteFirings, name: String, _ options: EMOptions
  ) throws -> FittedLabelModel {
    var rounds = try EMRounds(self, votes, firings, posteriorMemory: options.posteriorMemory)
    var history: [Double] = []
    var converged = firings.covered == 0
    while !converged, history.count < options.maximumRounds {
      history.append(try rounds.next())
      converged = (history.last ?? 0) < options.tolerance
    }
    let (balance, rule) = (rounds.model.balance, rounds.model.rule)
    let (functions, logLikelihood) = try votes.agreement(with: rule)
    var warnings = try FitWarning.ofVotes(votes)
    warnings += FunctionEstimate.warnings(functions, classCount: votes.classCount)
    if !converged {
      warnings.append(.notConverged(rounds: history.count, change: history.last ?? 0))
    }
    return FittedLabelModel(
      name: name, classBalance: balance, rule: rule, functions: functions,
      logLikelihood: logLikelihood, history: history,
      converged: converged, warnings: warnings)
  }
}

extension CountedVotes {
  /// How far each function agrees with the posteriors of a rule, and the sum of the logarithms of
  /// the patterns' probabilities, nil without covered documents.
  package func agreement(
    with rule: some PosteriorRule
  ) throws -> (functions: [FunctionEstimate], logLikelihood: Double?) {
    var agreement = FunctionAgreement(functionCount: functionCount)
    var logLikelihood: Double?
    var row = [Double](repeating: 0, count: classCount)
    try forEachCovered { block, pattern in
      let count = block.counts[pattern]
      let logProbability = rule.posterior(of: pattern, in: block.patterns, into: &row)
      logLikelihood = (logLikelihood ?? 0) + logProbability * Double(count)
      agreement.add(block.patterns, pattern, count: count, posterior: row)
    }
    return (agreement.estimates, logLikelihood)
  }
}

/// The rounds of an ``EMModel``, each one pass over the votes.
private struct EMRounds<Model: EMModel> {
  private(set) var model: Model
  private let votes: CountedVotes
  /// nil only while a pass changes them in place.
  private var sums: Model.Sums?
  /// The posteriors of the round before, for the covered patterns with documents in their order;
  /// nil where they would be too many.
  private var posteriors: [Double]?
  private var isFirst = true

  init(
    _ model: Model, _ votes: CountedVotes, _ firings: VoteFirings, posteriorMemory: Int
  ) throws {
    self.model = model
    self.votes = votes
    posteriors = 8 * votes.classCount * firings.patterns <= posteriorMemory ? [] : nil
    try pass(labeling: VoteShares(classCount: votes.classCount), before: nil)
    // Without documents there are no rounds: what is learned is the prior.
    if firings.covered == 0 { self.model.maximize(model.emptySums()) }
  }

  /// The M-step from the last posteriors, then the E-step; returns the largest change.
  ///
  /// The sums for the next M-step are taken on the way, so that a round is one pass.
  mutating func next() throws -> Double {
    let before: any PosteriorRule =
      isFirst ? VoteShares(classCount: votes.classCount) : model.rule
    isFirst = false
    if let sums { model.maximize(sums) }
    return try pass(labeling: model.rule, before: before)
  }

  /// Labels the covered patterns, sums up for the next M-step, and compares with the rule of the
  /// round before.
  @discardableResult
  private mutating func pass(
    labeling rule: some PosteriorRule, before: (any PosteriorRule)?
  ) throws -> Double {
    // Sums and posteriors move, so that the pass holds them alone and changes them in place.
    var pass = EMPass(
      rule: rule, before: before, sums: sums.take() ?? model.emptySums(),
      posteriors: posteriors.take(), classCount: votes.classCount)
    try votes.forEachBlock { pass.add($0) }
    (sums, posteriors) = (pass.sums, pass.posteriors)
    return pass.change
  }
}

/// One pass of ``EMRounds`` over the votes.
private struct EMPass<Rule: PosteriorRule, Sums: EMSums> {
  let rule: Rule
  /// The rule of the round before; nil in the first pass, which has nothing to compare with.
  let before: (any PosteriorRule)?
  var sums: Sums
  /// The posteriors of the round before, replaced by those of this one; empty in the first pass.
  var posteriors: [Double]?
  var change = 0.0
  private var place = 0
  private var row: [Double]
  private var rowBefore: [Double]

  init(
    rule: Rule, before: (any PosteriorRule)?, sums: consuming Sums,
    posteriors: consuming [Double]?, classCount: Int
  ) {
    self.rule = rule
    self.before = before
    self.sums = sums
    self.sums.clear()
    self.posteriors = posteriors
    row = [Double](repeating: 0, count: classCount)
    rowBefore = row
  }

  mutating func add(_ block: CountedVotes.Block) {
    let isKept = posteriors != nil
    var kept = posteriors ?? []
    posteriors = nil
    for (pattern, count) in block.counts.enumerated()
    where count > 0 && block.patterns.isCovered(pattern) {
      _ = rule.posterior(of: pattern, in: block.patterns, into: &row)
      if let before {
        if isKept {
          change = max(change, row.replace(in: &kept, at: place))
          place += row.count
        } else {
          _ = before.posterior(of: pattern, in: block.patterns, into: &rowBefore)
          change = max(change, row.replace(in: &rowBefore, at: 0))
        }
      } else if isKept {
        kept.append(contentsOf: row)
      }
      sums.add(block.patterns, pattern, count: count, posterior: row)
    }
    if isKept { posteriors = kept }
  }
}
