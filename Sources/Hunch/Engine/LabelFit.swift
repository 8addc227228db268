import HunchModels

/// The label model of a project, fitted on the votes of its training documents.
struct LabelFit: Sendable {
  /// The names that `label_model:` and `--label-model` accept.
  static let names = ["auto", "majority", "map-em"]

  let model: FittedLabelModel
  let isAutomatic: Bool
  /// The distinct patterns of all documents.
  let patterns: Int
  /// Documents that the model was fitted on, and those of them with a vote.
  let documents: Int
  let covered: Int

  /// Fits the model that the configuration names.
  ///
  /// The documents of the train split are used; all of them where that split has no vote.
  init(_ table: VoteTable, _ project: Project) throws {
    let configuration = project.configuration
    let model = try Self.model(named: configuration.labelModel)
    isAutomatic = configuration.labelModel == "auto"
    let split: Split? = table.totals(of: .train).covered > 0 ? .train : nil
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
    switch name {
    case "auto", "map-em": FireOnlyMAPEM()
    case "majority": MajorityVote()
    default: throw .unknownLabelModel(name, known: names)
    }
  }

  private static func fit(
    _ model: any LabelModel, _ table: VoteTable, _ votes: CountedVotes, _ project: Project
  ) throws -> FittedLabelModel {
    func fit(_ balance: [Double]?) throws -> FittedLabelModel {
      do {
        return try model.fit(votes, classBalance: balance)
      } catch let error as FitError {
        throw HunchError.classBalance(problem: "\(error)")
      }
    }
    switch project.configuration.classBalance {
    case .uniform:
      return try fit(nil)
    case .given(let shares):
      return try fit(try balance(shares, project.labels))
    case .valid:
      let gold = table.totals(of: .valid).gold
      if gold.allSatisfy({ $0 == 0 }) { throw HunchError.noGold(split: "valid") }
      return try fit(classBalance(fromGold: gold))
    case .estimate:
      let first = try fit(nil)
      var totals = [Double](repeating: 0, count: project.labels.count)
      var posterior = totals
      try votes.forEachBlock { block in
        for (pattern, count) in block.counts.enumerated() where block.patterns.isCovered(pattern) {
          first.posterior(of: pattern, in: block.patterns, into: &posterior)
          for label in totals.indices { totals[label] += Double(count) * posterior[label] }
        }
      }
      let sum = totals.reduce(0, +)
      return try fit(sum > 0 ? totals.map { $0 / sum } : nil)
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

  func report(_ catalog: FunctionCatalog, _ labels: [String]) -> FitReport {
    let names = catalog.functions.map(\.name)
    return FitReport(
      labelModel: model.name, isAutomatic: isAutomatic, labels: labels,
      classBalance: model.classBalance, logLikelihood: model.logLikelihood,
      iterations: model.iterations, documents: documents, covered: covered,
      patterns: patterns,
      functions: zip(names, model.functions).map { name, estimate in
        FitReport.Function(
          name: name, votes: estimate.votes, accuracy: estimate.accuracy,
          accuracyInterval: estimate.interval)
      },
      dependencies: [],
      warnings: model.warnings.map { $0.description(functions: names, labels: labels) })
  }
}
extension Pipeline {
  /// The names of the label models.
  public static var labelModels: [String] { LabelFit.names }
}
