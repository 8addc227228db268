import HunchModels

extension LabelFit {
  /// What the fit says, with the functions that depend on each other, which are looked for here
  /// unless the model did, and what the fit says of itself.
  func report(
    _ catalog: FunctionCatalog, _ labels: [String], _ table: VoteTable
  ) throws -> FitReport {
    let names = catalog.functions.map(\.name)
    let votes = table.votes(of: split)
    let found =
      model.dependencies.isEmpty
      ? try model.detectDependencies(in: votes, declared: declared) : model.dependencies
    let diagnostics = try model.diagnostics(in: votes, decision: decision)
    let hasGold = table.size(of: nil).gold > 0
    let analysis = hasGold ? try LabelingAnalysis(table.votes(of: nil), hasGold: true) : nil
    func share(_ documents: Int) -> Double { Double(documents) / Double(max(1, covered)) }
    return FitReport(
      labelModel: model.name, isAutomatic: isAutomatic, method: model.method,
      chosenModel: model.chosenModel,
      calibration: calibration, modelChoice: choice,
      labels: labels, classBalance: model.classBalance, decisionBalance: decisionBalance,
      crowds: crowdReports,
      learnedPrior: model.learnedPrior, logLikelihood: model.logLikelihood,
      iterations: model.iterations, documents: documents, covered: covered,
      patterns: patterns,
      functions: names.indices.map { index in
        let (estimate, leftOut) = (model.functions[index], diagnostics.leftOut[index])
        return FitReport.Function(
          name: names[index], votes: estimate.votes, accuracy: estimate.accuracy,
          accuracyInterval: estimate.interval, changedLabels: share(leftOut.changedLabels),
          largestChange: leftOut.largestChange, coverageLost: share(leftOut.coverageLost),
          gold: analysis.map { AnalyzeReport.GoldFigures($0.functions[index]) })
      },
      dependencies: found.map { Self.dependency($0, names) },
      goodnessOfFit: FitReport.Goodness(diagnostics.goodness, names, labels),
      majorityDifference: share(diagnostics.differingFromMajority),
      warnings: FitWarning.sentences(
        model.warnings + diagnostics.warnings, functions: names, labels: labels)
        + groupWarnings + copyWarnings(found, names))
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

  /// How the votes of crowds joined the fit.
  private var crowdReports: [FitReport.Crowd] {
    let reason =
      !taken.algorithm.weighsVotes
      ? "workers were compared with each other, and what they come to counts as one vote"
      : evidence.isCrowdOnly
        ? "all votes are a crowd's, so the labels are those of the workers' confusion matrices"
        : "workers were compared with each other first, and what they come to is added to what the "
          + "other functions say: one model of both was worse where it was measured"
    return evidence.crowds.map {
      FitReport.Crowd(
        name: $0.name, workers: $0.workers, model: KnownVotes.modelName, reason: reason)
    }
  }

  private var groupWarnings: [String] {
    if declared.isEmpty || taken.algorithm.takesGroups { return [] }
    return [
      "\(model.name) counts the functions of 'function_groups' one by one: choose the label model "
        + "adaptive or correlated"
    ]
  }

  /// The copies that count as often as there are of them, and those that count as one.
  private func copyWarnings(_ found: [FunctionDependency], _ names: [String]) -> [String] {
    var (each, one): ([String], [String]) = ([], [])
    for group in found.copyGroups(functionCount: names.count) {
      let isOne =
        model.modelsDependencies || model.groups.contains { Set($0).isSuperset(of: group) }
      let copies = FitWarning.list(group.map { names[$0] })
      if isOne { one.append(copies) } else { each.append(copies) }
    }
    func sentence(_ groups: [String], _ count: String) -> [String] {
      if groups.isEmpty { return [] }
      let listed = 3
      let more =
        groups.count > listed
        ? "; and \(Figures.count(groups.count - listed, "further group"))" : ""
      return [
        "\(groups.prefix(listed).joined(separator: "; "))\(more) are copies of each other, and "
          + "\(model.name) counts \(count)"
      ]
    }
    return sentence(each, "each: keep one, or choose the label model adaptive or correlated")
      + sentence(one, "them as one: keep one")
  }
}

extension FitReport.Goodness {
  init(_ found: GoodnessOfFit, _ names: [String], _ labels: [String]) {
    rms = found.rootMeanSquare
    pairs = found.pairs
    worst = found.worst.map { pair in
      Pair(
        functions: [names[pair.first], names[pair.second]],
        labels: [labels[pair.firstVote], labels[pair.secondVote]], observed: pair.observed,
        expected: pair.expected, z: pair.residual)
    }
  }
}
