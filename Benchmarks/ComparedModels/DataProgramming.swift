package import HunchModels

/// Data programming: a factor graph with a propensity and an accuracy for each function and
/// agreement factors for pairs that depend on each other (Ratner et al. 2016), see ``FactorGraph``.
///
/// The weights maximise the marginal likelihood of the votes and a prior by L-BFGS, from a fixed
/// start, with exact sums over the states of small groups of dependent functions; no sampling. It
/// differs from the published model so that it holds for functions that know one class only:
///
/// - Silence does not tell classes apart. The likelihood of the votes that are there is taken given
///   the class; that of the silence beside them on average over the classes, so that it still says
///   how often functions vote. Counted as evidence, the silence of many rare functions decides (in
///   accuracy .86 against .97 on messages with 73 rules).
/// - Accuracies are anchored better than chance: the prior counts as much as the documents and says
///   that each function by itself is right as often as p₀, as in ``FireOnlyMAPEM``. Functions that
///   depend on others bring their prior once together, as they bring their votes.
/// - The class balance is fixed.
///
/// Errors of a function fall on other classes alike, so it has fewer weights than ``FireOnlyMAPEM``
/// where there are many classes. Pairs come from
/// ``FittedLabelModel/detectDependencies(in:declared:memory:)``; a tree of the strongest is
/// taken. Where a group would have more than 4,096 states, as thirteen functions that know one class
/// have, weaker pairs are left out and count as independent.
package struct DataProgramming: LabelModelAlgorithm {
  /// What the model assumes before it sees votes, and when it stops.
  package struct HyperParameters: Sendable, Equatable {
    /// p₀: the assumed accuracy of a vote, in 0..<1 and above 0.
    package var priorAccuracy: Double

    /// κ: the weight of the prior against the documents, above 0.
    package var priorStrength: Double

    /// p₀ for each function and class it votes for, flat, functions × classes, replacing
    /// `priorAccuracy`; nil means the same for all.
    package var functionPriorAccuracies: [Double]?

    /// The step of a weight below which the search stops, or the change of a posterior below which
    /// it stops after ten rounds, above 0.
    package var tolerance: Double

    /// The most rounds, 1 or more.
    package var maximumRounds: Int

    /// Creates hyper-parameters; the defaults were chosen on package sets and rarely need change.
    package init(
      priorAccuracy: Double = 0.85, priorStrength: Double = 1,
      functionPriorAccuracies: [Double]? = nil, tolerance: Double = 1e-10,
      maximumRounds: Int = 1000
    ) {
      self.priorAccuracy = priorAccuracy
      self.priorStrength = priorStrength
      self.functionPriorAccuracies = functionPriorAccuracies
      self.tolerance = tolerance
      self.maximumRounds = maximumRounds
    }

    /// The same assumptions for fire-only MAP-EM, which finds dependencies.
    var fireOnly: EMPrior {
      EMPrior(
        priorAccuracy: priorAccuracy, priorStrength: priorStrength,
        functionPriorAccuracies: functionPriorAccuracies)
    }
  }

  /// "data-programming".
  package let name = "data-programming"

  /// The model's hyper-parameters.
  package let hyperParameters: HyperParameters

  /// Creates the model.
  package init(_ hyperParameters: HyperParameters = HyperParameters()) {
    self.hyperParameters = hyperParameters
  }

  /// Finds dependencies, and learns the weights of the factors.
  ///
  /// - Throws: ``FitError`` for a bad class balance, bad counts or bad hyper-parameters.
  /// - Complexity: Per evaluation O((entries + states) × classes), with the states of each group of
  ///   dependent functions the product of their numbers of outcomes.
  package func fit(_ votes: CountedVotes, given evidence: Evidence) throws -> FittedLabelModel {
    let fireOnly = hyperParameters.fireOnly.informed(by: evidence.gold)
    try HyperParameterCheck.isPositive(hyperParameters.tolerance, name: "tolerance")
    try HyperParameterCheck.isPositive(hyperParameters.maximumRounds, name: "maximumRounds")
    try HyperParameterCheck.isPositive(hyperParameters.priorStrength, name: "priorStrength")
    let start = try FireOnlyMAPEM(fireOnly).fitGroupingCopies(
      votes, classBalance: evidence.classBalance, declared: evidence.groups)
    let firings = try VoteFirings(votes)
    if firings.covered == 0 { return start.named(name) }
    let outcomes = VoteOutcomes(firings, classCount: votes.classCount)
    let graph = FactorGraph(
      outcomes, functionCount: votes.functionCount, start.dependencies)
    let balance = start.classBalance
    let prior = MAPEMPrior(firings, outcomes, balance: balance, fireOnly)
    let nothing = ExpectedFirings(outcomes, classCount: votes.classCount)
    let means = nothing.firings.indices.map {
      prior.rate($0 / balance.count, $0 % balance.count, nothing)
    }
    var objective = FactorObjective(
      votes, graph, balance: balance, documents: firings.covered, means: means,
      strength: hyperParameters.priorStrength)
    let begin = FactorStart(graph, firings, hyperParameters)
    _ = try objective.evaluate(begin.weights)
    _ = try objective.accept(begin.weights)
    let search = QuasiNewton(
      curvature: begin.curvature, tolerance: hyperParameters.tolerance,
      maximumRounds: hyperParameters.maximumRounds)
    let result = try search.minimize(&objective, from: begin.weights)
    _ = try objective.evaluate(result.point)
    return try FittedLabelModel(
      name: name, balance: balance, rule: objective.rule, votes: votes, history: result.history,
      converged: result.converged
    ).withDependencies(in: votes, like: start.dependencies)
  }
}

/// Where the search for weights begins, and how curved it takes the objective for.
private struct FactorStart {
  private(set) var weights: [Double]
  private(set) var curvature: [Double]

  init(
    _ graph: FactorGraph, _ firings: VoteFirings, _ hyperParameters: DataProgramming.HyperParameters
  ) {
    weights = [Double](repeating: 0, count: graph.weightCount)
    curvature = [Double](repeating: 1, count: graph.weightCount)
    let classCount = firings.documents.count / max(1, graph.ranges.count)
    let covered = Double(firings.covered)
    let chance = 1 / Double(classCount)
    let (right, scale) = (hyperParameters.priorAccuracy, 1 + hyperParameters.priorStrength)
    // The odds of a vote in its class against other ones, if it is right as often as assumed.
    let accuracy =
      classCount > 1 ? naturalLog(right * (1 - chance) / ((1 - right) * chance)) : 0
    var shares = [Double](repeating: 0, count: graph.ranges.count)
    for (outcome, function) in graph.outcomes.functions.enumerated() {
      let cell = Int(function) * classCount + Int(graph.outcomes.votes[outcome])
      let share = max(Double(firings.documents[cell]) / covered, 1e-9)
      weights[outcome] =
        naturalLog(share / max(1 - share, 0.1))
        - naturalLog(1 + chance * (exponential(accuracy) - 1))
      curvature[outcome] = scale * share * max(1 - share, 0.1)
      shares[Int(function)] += share
    }
    for (function, share) in shares.enumerated() {
      weights[graph.outcomes.count + function] = accuracy
      curvature[graph.outcomes.count + function] = max(0.2 * scale * share, 1e-9)
    }
    for pair in graph.pairs {
      for weight in [pair.weight, pair.weight + 1] {
        curvature[weight] = (1 + Double(pair.dependency.overlap)) / covered
      }
    }
  }
}

extension FittedLabelModel {
  /// Sums up what a rule that was learned says of the votes.
  init(
    name: String, balance: [Double], rule: some PosteriorRule, votes: CountedVotes,
    history: [Double], converged: Bool
  ) throws {
    let (functions, logLikelihood) = try votes.agreement(with: rule)
    var warnings = try FitWarning.ofVotes(votes)
    warnings += FunctionEstimate.warnings(functions, classCount: votes.classCount)
    if !converged {
      warnings.append(.notConverged(rounds: history.count, change: history.last ?? 0))
    }
    self.init(
      name: name, classBalance: balance, rule: rule, functions: functions,
      logLikelihood: logLikelihood, history: history,
      converged: converged, warnings: warnings)
  }
}
