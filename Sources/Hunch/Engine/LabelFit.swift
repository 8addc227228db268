import HunchModels

/// The label model of a project, fitted on the votes of its training documents.
struct LabelFit: Sendable {
  /// The names that `label_model:` and `--label-model` accept.
  static let names = ["auto", "majority", "map-em"]

  let model: FittedLabelModel
  let isAutomatic: Bool
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
    var counts = table.counts(of: .train)
    func coveredCount(_ counts: [Int]) -> Int {
      counts.indices.reduce(0) { $0 + (table.patterns.isCovered($1) ? counts[$1] : 0) }
    }
    if coveredCount(counts) == 0 { counts = table.counts(of: nil) }
    documents = counts.reduce(0, +)
    covered = coveredCount(counts)
    self.model = try Self.fit(model, table, counts, project)
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
    _ model: any LabelModel, _ table: VoteTable, _ counts: [Int], _ project: Project
  ) throws -> FittedLabelModel {
    func fit(_ balance: [Double]?) throws(HunchError) -> FittedLabelModel {
      do {
        return try model.fit(table.patterns, counts: counts, classBalance: balance)
      } catch {
        throw .classBalance(problem: "\(error)")
      }
    }
    switch project.configuration.classBalance {
    case .uniform:
      return try fit(nil)
    case .given(let shares):
      return try fit(try balance(shares, project.labels))
    case .valid:
      let gold = table.goldCounts(of: .valid)
      if gold.allSatisfy({ $0 == 0 }) { throw HunchError.noGold(split: "valid") }
      var totals = [Int](repeating: 0, count: project.labels.count)
      for (index, count) in gold.enumerated() { totals[index % totals.count] += count }
      return try fit(classBalance(fromGold: totals))
    case .estimate:
      let posteriors = try fit(nil).posteriors
      let classes = project.labels.count
      var totals = [Double](repeating: 0, count: classes)
      for pattern in counts.indices where table.patterns.isCovered(pattern) {
        for label in 0..<classes {
          totals[label] += Double(counts[pattern]) * posteriors[pattern * classes + label]
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

  /// The posterior of a pattern.
  func posterior(_ pattern: Int) -> ArraySlice<Double> {
    let classes = model.classBalance.count
    return model.posteriors[pattern * classes..<(pattern + 1) * classes]
  }

  func report(_ catalog: FunctionCatalog, _ labels: [String]) -> FitReport {
    let names = catalog.functions.map(\.name)
    return FitReport(
      labelModel: model.name, isAutomatic: isAutomatic, labels: labels,
      classBalance: model.classBalance, logLikelihood: model.logLikelihood,
      iterations: model.iterations, documents: documents, covered: covered,
      patterns: model.posteriors.count / labels.count,
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
