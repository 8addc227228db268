import HunchModels

/// The label model of a project, fitted on the votes of its training documents.
struct LabelFit: Sendable {
  /// The names that `label_model:` and `--label-model` accept.
  static let names = ["auto"] + LabelModel.all.map(\.name)

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
  /// The groups that the configuration declares.
  let declared: [[Int]]
  /// The label model that was fitted.
  let taken: LabelModel
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
    readsTexts = model.readsTexts
    split = table.totals(of: .train).covered > 0 ? .train : nil
    (documents, covered, _) = table.totals(of: split)
    patterns = table.patterns.count
    self.evidence = evidence
    let given = try Self.given(table, project, declared, evidence)
    let fit: GoldFit
    do {
      fit = try GoldFit(
        model, table.votes(of: split), gold: table.modelGold(configuration), given: given,
        areTextsToJoin: readsTexts)
    } catch let error as FitError {
      throw HunchError.classBalance(problem: "\(error)")
    }
    (calibration, choice, taken) = (fit.calibration, fit.choice, fit.taken)
    self.model = fit.model.named(fit.taken.name)
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

  private static func model(named name: String) throws(HunchError) -> LabelModel {
    guard let model = LabelModel.named(name) else {
      throw .unknownLabelModel(name, known: names)
    }
    return model
  }

  /// What is known beside the votes.
  private static func given(
    _ table: VoteTable, _ project: Project, _ declared: [[Int]], _ known: VoteEvidence
  ) throws(HunchError) -> Evidence {
    var evidence = Evidence(groups: declared)
    (evidence.claims, evidence.known) = (known.claims, known.known)
    (evidence.annotators, evidence.otherwise) = (known.annotators, known.otherwise)
    switch project.configuration.classBalance {
    case nil: break
    case .uniform: evidence.classBalance = equalShares(project)
    case .given(let shares):
      evidence.classBalance = try Self.shares(shares, project) { .classBalance(problem: $0) }
    case .valid:
      let gold = table.gold(of: .valid, isRepair: nil)
      if gold.allSatisfy({ $0 == 0 }) { throw .noGold(split: "valid") }
      evidence.classBalance = classBalance(fromGold: gold)
    case .estimate: evidence.estimatesClassBalance = true
    }
    return evidence
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
package enum LabelModelChoice {
  /// Their names, with `auto`.
  package static var names: [String] { LabelFit.names }

  /// What each does, in a few words.
  package static var help: String {
    LabelModel.all.map { "\($0.name): \($0.summary). " }.joined()
      + "auto: takes \(LabelModel.auto.name), or what \(Calibration.leastDocuments) gold labels "
      + "choose."
  }
}
