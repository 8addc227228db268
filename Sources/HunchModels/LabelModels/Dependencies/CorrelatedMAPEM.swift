/// Fire-only MAP-EM with trees over functions that depend on each other.
///
/// Functions that ``FittedLabelModel/detectDependencies(in:declared:memory:)`` finds, and groups
/// that the user declares, are joined in trees, and the votes of a tree enter the posterior with
/// their joint probability given the class (tree-augmented naive Bayes, Friedman et al. 1997):
///
///     P(λ_C | y) = P(λ_root | y) ∏_j P(λ_j | λ_parent(j), y)
///
/// where functions of the tree without a vote are summed over: silence says nothing, as in
/// ``FireOnlyMAPEM``. How often each function votes given the class is estimated as there, with the
/// same prior; the trees add the association of pairs. Where two copies fire, or two nested
/// functions, the second adds nothing; where one fires alone it counts fully.
///
/// Trees and associations are found once, with the posteriors of fire-only MAP-EM that counts groups
/// of copies once, and kept during EM. Learned along with the rest they run off: what the class
/// explained today an edge explains tomorrow (on eight independent functions in one tree that cost
/// 0.02 of accuracy, against 0.005 so). Without dependencies it is ``FireOnlyMAPEM``, bit for bit.
package struct CorrelatedMAPEM: LabelModelAlgorithm {
  package let name = "correlated"

  /// What it assumes of each function, and when it stops. Function weights apply to the votes of
  /// functions outside trees, and to finding trees.
  package let hyperParameters: EMPrior

  package init(_ hyperParameters: EMPrior = EMPrior()) {
    self.hyperParameters = hyperParameters
  }

  /// Finds dependencies, and learns how often each function fires for each class and how often
  /// dependent ones fire together.
  ///
  /// - Throws: ``FitError`` for a bad class balance or bad hyper-parameters.
  /// - Complexity: Per round O(entries × classes) plus, for each pattern and tree with several
  ///   votes, O(functions between them × votes² × classes).
  package func fit(_ votes: CountedVotes, given evidence: Evidence) throws -> FittedLabelModel {
    let parameters = hyperParameters.informed(by: evidence.gold)
    let start = try FireOnlyMAPEM(parameters).fitGroupingCopies(
      votes, classBalance: evidence.classBalance, declared: evidence.groups)
    if start.dependencies.isEmpty { return start.named(name) }
    let firings = try VoteFirings(votes)
    return try CorrelatedState(votes, firings, start, parameters)
      .fit(votes, firings, name: name, parameters.rounds)
      .withDependencies(in: votes, like: start.dependencies)
  }
}

extension FittedLabelModel {
  /// The same fit under another name.
  package func named(_ name: String) -> FittedLabelModel { with(\.name, name) }

  /// The same fit with the dependencies that it was given, measured with its own posteriors.
  package func withDependencies(
    in votes: CountedVotes, like found: [FunctionDependency]
  ) throws -> FittedLabelModel {
    let detection = try DependencyDetection(votes, rule, remeasuring: found)
    return with(\.dependencies, try detection.measured(votes, rule, isKnown: true))
      .with(\.modelsDependencies, true)
  }
}

/// ``CorrelatedMAPEM`` between rounds.
struct CorrelatedState: EMModel {
  let balance: [Double]
  private(set) var rule: CorrelatedRule

  private let weights: [Double]
  private let prior: MAPEMPrior
  /// The votes of functions alone and of pairs, with the posteriors of the start.
  private let alone: ExpectedFirings
  private let together: JointCounts

  /// Builds trees from a fit with dependencies.
  init(
    _ votes: CountedVotes, _ firings: VoteFirings, _ start: FittedLabelModel,
    _ hyperParameters: EMPrior
  ) throws {
    balance = start.classBalance
    let outcomes = VoteOutcomes(firings, classCount: votes.classCount)
    weights = outcomes.functions.map { hyperParameters.functionWeights?[Int($0)] ?? 1 }
    prior = MAPEMPrior(firings, outcomes, balance: balance, hyperParameters)
    let ranges = outcomes.ranges(functionCount: votes.functionCount)
    let pairs = start.dependencies.map { FunctionPair($0.first, $0.second) }
    let (alone, counts) = try JointCounts(pairs, ranges: ranges, classCount: votes.classCount)
      .counting(votes, start.rule, outcomes)
    self.alone = alone
    let shares = Self.shares(alone, prior, classCount: votes.classCount)
    let information = pairs.indices.map {
      counts.table($0, alone, shares: shares).mutualInformation(start.classBalance)
    }
    let forest = FunctionForest(pairs, weights: information, functionCount: votes.functionCount)
    together = counts
    rule = CorrelatedRule(
      functions: FireTables(outcomes, balance: balance),
      forest: ForestTables(forest, ranges: ranges, classCount: votes.classCount))
  }

  func emptySums() -> ExpectedFirings {
    ExpectedFirings(alone.outcomes, classCount: balance.count)
  }

  mutating func maximize(_ expected: ExpectedFirings) {
    let classCount = balance.count
    let shares = Self.shares(expected, prior, classCount: classCount)
    rule.functions.learn(weights) { shares[$0 * classCount + $1] }
    rule.forest.update(together, alone, shares: shares)
  }

  /// θ_jyc, as in ``FireOnlyMAPEM``: outcomes × classes.
  private static func shares(
    _ expected: ExpectedFirings, _ prior: MAPEMPrior, classCount: Int
  ) -> [Double] {
    expected.firings.indices.map {
      prior.rate($0 / classCount, $0 % classCount, expected)
    }
  }
}

extension JointCounts {
  /// These counts, and those of functions alone, of votes with the posteriors of a rule.
  consuming func counting(
    _ votes: CountedVotes, _ rule: any PosteriorRule, _ outcomes: VoteOutcomes
  ) throws -> (alone: ExpectedFirings, together: JointCounts) {
    var alone = ExpectedFirings(outcomes, classCount: votes.classCount)
    var together = self
    var row = [Double](repeating: 0, count: votes.classCount)
    try votes.forEachCovered { block, pattern in
      _ = rule.posterior(of: pattern, in: block.patterns, into: &row)
      let count = block.counts[pattern]
      alone.add(block.patterns, pattern, count: count, posterior: row)
      together.add(block.patterns, pattern, count: count, row, outcomes)
    }
    return (alone, together)
  }
}

/// What ``CorrelatedMAPEM`` learned.
struct CorrelatedRule: PosteriorRule {
  /// What single functions' votes say.
  var functions: FireTables
  var forest: ForestTables

  var parameters: [Double] { functions.logTables + forest.tables.joined() }

  func posterior(of pattern: Int, in patterns: VotePatterns, into row: inout [Double]) -> Double {
    let classCount = row.count
    for label in row.indices { row[label] = functions.logBalance[label] }
    var joint: [(place: Int, state: Int)] = []
    for entry in patterns.entries(of: pattern) {
      let outcome = functions.outcomes.outcome(of: entry, in: patterns)
      if outcome < 0 { continue }
      let function = Int(patterns.functions[entry])
      let place = Int(forest.forest.places[function])
      if place >= 0 {
        joint.append((place, outcome - forest.ranges[function].lowerBound + 1))
      } else {
        for label in row.indices {
          row[label] += functions.logTables[outcome * classCount + label]
        }
      }
    }
    if !joint.isEmpty { forest.addLogProbability(joint, to: &row) }
    return normalizeLogWeights(&row)
  }

  /// What the vote says by itself; with votes of other functions of the tree it says less.
  func logEvidence(function: Int, vote: Int) -> [Double]? {
    functions.logEvidence(function: function, vote: vote)
  }
}
