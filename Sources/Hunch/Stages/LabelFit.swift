import HunchModels

/// The label model of a project, fitted on the votes of its training documents.
struct LabelFit: Sendable {
  /// The names that `label_model:` and `--label-model` accept.
  static let names = ["auto"] + LabelModels.all.map(\.name)

  let model: FittedLabelModel
  /// What gold labels did beside that.
  let calibration: Calibration
  let choice: [ModelScore]
  let isAutomatic: Bool
  /// The distinct patterns of all documents.
  let patterns: Int
  /// Documents that the model was fitted on, and those of them with a vote.
  let documents: Int
  let covered: Int
  /// How labels are chosen, and the class balance for which they are.
  let decision: DecisionRule
  let decisionBalance: [Double]
  let split: Split?
  /// The groups that the configuration declares, and whether the model takes them into account.
  let declared: [[Int]]
  let takesGroups: Bool
  /// Whether texts inform the posteriors beside the votes.
  let readsTexts: Bool
  /// What was known of votes from files; nothing where the model takes every vote the same.
  let evidence: VoteEvidence

  /// Fits the model that the configuration names.
  ///
  /// The documents of the train split are used; all of them where that split has no vote.
  ///
  /// - Parameters:
  ///   - functions: The names of the project's functions.
  ///   - evidence: What is known of votes from files.
  init(
    _ table: VoteTable, _ project: Project, functions: [String], evidence: VoteEvidence
  ) throws {
    let configuration = project.configuration
    let model = try Self.model(named: configuration.labelModel)
    declared = try project.functionGroups(among: functions)
    isAutomatic = configuration.labelModel == "auto"
    readsTexts = model is TextInformed
    split = table.totals(of: .train).covered > 0 ? .train : nil
    (documents, covered, _) = table.totals(of: split)
    patterns = table.patterns.count
    self.evidence = evidence
    let fit = try Self.fit(model, table, table.votes(of: split), project, declared, evidence)
    (calibration, choice, takesGroups) = (fit.calibration, fit.choice, fit.takesGroups)
    self.model =
      readsTexts && fit.model.name == AdaptiveModel().name
      ? TextInformed.named(fit.model) : fit.model
    decisionBalance =
      switch configuration.decisionBalance {
      case .same: self.model.classBalance
      case .uniform: Self.equalShares(project)
      case .given(let shares): try Self.shares(shares, project) { .decisionBalance(problem: $0) }
      }
    decision = DecisionRule(decision: decisionBalance, training: self.model.classBalance)
  }

  /// Checks the model's name, stated class balances and declared groups before any work is done.
  static func validate(_ project: Project, functions: [String]) throws(HunchError) {
    _ = try model(named: project.configuration.labelModel)
    _ = try project.functionGroups(among: functions)
    if case .given(let shares) = project.configuration.classBalance {
      _ = try Self.shares(shares, project) { .classBalance(problem: $0) }
    }
    if case .given(let shares) = project.configuration.decisionBalance {
      _ = try Self.shares(shares, project) { .decisionBalance(problem: $0) }
    }
  }

  private static func model(named name: String) throws(HunchError) -> any LabelModel {
    guard let model = LabelModels.named(name) else {
      throw .unknownLabelModel(name, known: names)
    }
    return model
  }

  private static func fit(
    _ model: any LabelModel, _ table: VoteTable, _ votes: CountedVotes, _ project: Project,
    _ declared: [[Int]], _ evidence: VoteEvidence
  ) throws -> GoldFit {
    let gold = try table.modelGold(project.configuration)
    let isAutomatic = project.configuration.labelModel == "auto"
    do {
      return try GoldFit(
        isAutomatic ? nil : model, votes, gold: gold, declared: declared,
        claims: evidence.claims, known: model is MajorityVote ? nil : evidence.known,
        annotators: evidence.annotators
      ) { model in
        try balance(model, table, votes, project)
      }
    } catch let error as FitError {
      throw HunchError.classBalance(problem: "\(error)")
    }
  }

  /// The class balance to fit with; nil leaves it to the model.
  private static func balance(
    _ model: any LabelModel, _ table: VoteTable, _ votes: CountedVotes, _ project: Project
  ) throws -> [Double]? {
    switch project.configuration.classBalance {
    case nil: return nil
    case .uniform: return equalShares(project)
    case .given(let shares): return try Self.shares(shares, project) { .classBalance(problem: $0) }
    case .valid:
      let gold = table.gold(of: .valid, isRepair: nil)
      if gold.allSatisfy({ $0 == 0 }) { throw HunchError.noGold(split: "valid") }
      return classBalance(fromGold: gold)
    case .estimate:
      return model is AdaptiveModel || model is TextInformed
        ? nil : try AdaptiveModel().fit(votes, classBalance: nil).classBalance
    }
  }

  private static func equalShares(_ project: Project) -> [Double] {
    let count = project.labels.count
    return [Double](repeating: 1 / Double(count), count: count)
  }

  /// Shares by class name in the order of the classes.
  ///
  /// - Parameter error: What is thrown for a problem.
  private static func shares(
    _ shares: [String: Double], _ project: Project, _ error: (String) -> HunchError
  ) throws(HunchError) -> [Double] {
    let labels = project.labels
    for name in shares.keys.sorted() where !labels.contains(name) {
      throw error("'\(name)' is no class; the classes are \(labels.joined(separator: ", "))")
    }
    var balance: [Double] = []
    for label in labels {
      guard let share = shares[label] else {
        throw error("no share is given for class '\(label)'")
      }
      balance.append(share)
    }
    let total = balance.reduce(0, +)
    if balance.contains(where: { !($0 > 0) }) || abs(total - 1) > 1e-6 {
      throw error("the shares must be positive and sum to 1, not \(total)")
    }
    return balance
  }
}

/// The label models that users choose from.
public enum LabelModelChoice {
  /// Their names, with `auto`.
  public static var names: [String] { LabelFit.names }

  /// What each does, in a few words.
  public static var help: String {
    LabelModels.all.map { "\($0.name): \($0.summary). " }.joined()
      + "auto: takes \(LabelModels.automatic), or what \(Calibration.leastDocuments) gold labels "
      + "choose."
  }
}
