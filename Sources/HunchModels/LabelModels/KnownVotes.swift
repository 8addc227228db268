/// What votes of some functions say of the class, known before any label model is fitted: those that
/// stand for a crowd, whose workers were compared with each other.
public struct KnownVotes: Sendable, Equatable {
  /// The functions, ascending.
  public let functions: [Int]

  /// What a vote adds to the log weight of each class, functions × votes × classes by place in
  /// ``functions``; zeros for votes that do not occur.
  public let logWeights: [Double]

  /// The class balance that was found with them.
  public let classBalance: [Double]

  private let places: [Int: Int]

  /// Creates what is known.
  ///
  /// - Precondition: There are functions × classes² log weights.
  public init(functions: [Int], logWeights: [Double], classBalance: [Double]) {
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

/// A label model for functions beside some whose votes are known.
///
/// It is fitted on the others alone; what the known ones say is added to the log weights afterwards,
///
///     q_i ∝ q_i(others) ∏_{known votes} P(class | vote) / π(class).
///
/// Where there are no others, the posterior is that of the known votes. Letting the label model
/// learn these functions like others was worse on rules with a simulated crowd: see
/// `docs/votes.md`.
public struct KnownVotesModel: LabelModel {
  private let base: any LabelModel
  private let known: KnownVotes

  /// Puts what is known beside a label model.
  public init(_ base: any LabelModel, _ known: KnownVotes) {
    self.base = base
    self.known = known
  }

  /// The name of the model of the other functions.
  public var name: String { base.name }

  /// The name of the model that found what is known, which is that of the fit where no other function
  /// votes.
  public static let knownName = "dawid-skene"

  /// Fits the model of the other functions and adds what is known.
  ///
  /// - Throws: ``FitError``, as the base model does.
  public func fit(_ votes: CountedVotes, classBalance: [Double]?) throws -> FittedLabelModel {
    let known = self.known
    let others = votes.leavingOut(known.covers)
    let analysis = try LabelingAnalysis(others)
    if analysis.covered == 0 {
      let balance = try checkedClassBalance(
        classBalance ?? known.classBalance, classCount: votes.classCount)
      let rule = KnownVotesRule(base: nil, known: known, balance: balance)
      let (functions, logLikelihood) = try votes.agreement(with: rule)
      return FittedLabelModel(
        name: base.name, classBalance: balance, rule: rule, functions: functions,
        logLikelihood: logLikelihood, history: [], iterations: 0, converged: true, warnings: [],
        chosenModel: Self.knownName)
    }
    let fit = try base.fit(others, classBalance: classBalance)
    let rule = KnownVotesRule(base: fit.rule, known: known, balance: fit.classBalance)
    let (functions, _) = try votes.agreement(with: rule)
    let reached = try LabelingAnalysis(votes).functions
    return FittedLabelModel(
      name: fit.name, classBalance: fit.classBalance, rule: rule, functions: functions,
      logLikelihood: fit.logLikelihood, history: fit.history, iterations: fit.iterations,
      converged: fit.converged,
      warnings: fit.warnings.filter { warning in
        switch warning {
        case .functionNeverVotes(let function): !known.covers(function)
        case .classWithoutVotes(let label): reached.allSatisfy { $0.votesByClass[label] == 0 }
        default: true
        }
      },
      learnedPrior: fit.learnedPrior, dependencies: fit.dependencies,
      modelsDependencies: fit.modelsDependencies, groups: fit.groups,
      chosenModel: fit.chosenModel)
  }
}

extension KnownVotesModel: GoldInformed {
  func with(_ gold: GoldVotes) -> any LabelModel { KnownVotesModel(base.informed(by: gold), known) }
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
