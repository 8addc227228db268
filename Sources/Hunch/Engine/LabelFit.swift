import HunchModels

/// The label model of a project, fitted on the votes of its training documents.
struct LabelFit: Sendable {
  /// The names that `label_model:` and `--label-model` accept.
  static let names = ["auto"] + LabelModels.all.map(\.name)

  let model: FittedLabelModel
  let isAutomatic: Bool
  /// The distinct patterns of all documents.
  let patterns: Int
  /// Documents that the model was fitted on, and those of them with a vote.
  let documents: Int
  let covered: Int
  private let split: Split?

  /// Fits the model that the configuration names.
  ///
  /// The documents of the train split are used; all of them where that split has no vote.
  init(_ table: VoteTable, _ project: Project) throws {
    let configuration = project.configuration
    let model = try Self.model(named: configuration.labelModel)
    isAutomatic = configuration.labelModel == "auto"
    split = table.totals(of: .train).covered > 0 ? .train : nil
    (documents, covered, _) = table.totals(of: split)
    patterns = table.patterns.count
    self.model = try Self.fit(model, table, table.votes(of: split), project)
  }

  /// Checks the model's name and a stated class balance before any work is done.
  static func validate(_ project: Project) throws(HunchError) {
    _ = try model(named: project.configuration.labelModel)
    guard case .given(let shares) = project.configuration.classBalance else { return }
    let balance = try balance(shares, project.labels)
    let total = balance.reduce(0, +)
    if balance.contains(where: { !($0 > 0) }) || abs(total - 1) > 1e-6 {
      throw .classBalance(problem: "the shares must be positive and sum to 1, not \(total)")
    }
  }

  private static func model(named name: String) throws(HunchError) -> any LabelModel {
    guard let model = LabelModels.named(name) else {
      throw .unknownLabelModel(name, known: names)
    }
    return model
  }

  private static func fit(
    _ model: any LabelModel, _ table: VoteTable, _ votes: CountedVotes, _ project: Project
  ) throws -> FittedLabelModel {
    var model = model
    if let split = project.configuration.labelModelGold {
      if table.size(of: split).gold == 0 { throw HunchError.noGold(split: split.name) }
      model = model.informed(by: try GoldVotes(table.votes(of: split)))
    }
    do {
      return try model.fit(votes, classBalance: try balance(model, table, votes, project))
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
    case .uniform:
      let count = project.labels.count
      return [Double](repeating: 1 / Double(count), count: count)
    case .given(let shares):
      return try balance(shares, project.labels)
    case .valid:
      let gold = table.totals(of: .valid).gold
      if gold.allSatisfy({ $0 == 0 }) { throw HunchError.noGold(split: "valid") }
      return classBalance(fromGold: gold)
    case .estimate:
      return model is AdaptiveModel
        ? nil : try AdaptiveModel().fit(votes, classBalance: nil).classBalance
    }
  }

  private static func balance(
    _ shares: [String: Double], _ labels: [String]
  ) throws(HunchError) -> [Double] {
    for name in shares.keys.sorted() where !labels.contains(name) {
      throw .classBalance(
        problem: "'\(name)' is no class; the classes are \(labels.joined(separator: ", "))")
    }
    var balance: [Double] = []
    for label in labels {
      guard let share = shares[label] else {
        throw .classBalance(problem: "no share is given for class '\(label)'")
      }
      balance.append(share)
    }
    return balance
  }

  /// What the fit says, with the functions that depend on each other, which are looked for here
  /// unless the model did.
  func report(
    _ catalog: FunctionCatalog, _ labels: [String], _ table: VoteTable
  ) throws -> FitReport {
    let names = catalog.functions.map(\.name)
    let found =
      model.dependencies.isEmpty
      ? try model.detectDependencies(in: table.votes(of: split)) : model.dependencies
    return FitReport(
      labelModel: model.name, isAutomatic: isAutomatic, labels: labels,
      classBalance: model.classBalance, learnedPrior: model.learnedPrior,
      logLikelihood: model.logLikelihood,
      iterations: model.iterations, documents: documents, covered: covered,
      patterns: patterns,
      functions: zip(names, model.functions).map { name, estimate in
        FitReport.Function(
          name: name, votes: estimate.votes, accuracy: estimate.accuracy,
          accuracyInterval: estimate.interval)
      },
      dependencies: found.map { Self.dependency($0, names) },
      warnings: model.warnings.map { $0.description(functions: names, labels: labels) }
        + copyWarnings(found, names))
  }

  private static func dependency(
    _ found: FunctionDependency, _ names: [String]
  ) -> FitReport.Dependency {
    FitReport.Dependency(
      functions: [names[found.first], names[found.second]], kind: found.kind.rawValue,
      strength: found.strength, overlap: found.overlap, agreements: found.agreements,
      documents: found.documents, changedLabels: found.changedLabels,
      largestChange: found.largestChange)
  }

  private func copyWarnings(_ found: [FunctionDependency], _ names: [String]) -> [String] {
    found.copyGroups(functionCount: names.count).map { group in
      let copies = group.map { names[$0] }.joined(separator: ", ")
      return model.dependencies.isEmpty
        ? "\(copies) are copies of each other, and \(model.name) counts each: keep one, or choose "
          + "the label model correlated"
        : "\(copies) are copies of each other, and \(model.name) counts them as one: keep one"
    }
  }
}
extension Pipeline {
  /// The names of the label models.
  public static var labelModels: [String] { LabelFit.names }

  /// What each label model does, in a few words.
  public static var labelModelHelp: String {
    LabelModels.all.map { "\($0.name): \($0.summary). " }.joined()
      + "auto: takes \(LabelModels.automatic)."
  }
}
