/// A label model that can take into account that functions look for the same thing.
protocol GroupInformed {
  func with(groups: [[Int]], functionCount: Int) -> any LabelModel
}

/// A model whose functions have weights so that each declared group counts as one.
private struct WeightedGroups: LabelModel {
  let model: any LabelModel
  let groups: [[Int]]

  var name: String { model.name }

  func fit(_ votes: CountedVotes, classBalance: [Double]?) throws -> FittedLabelModel {
    try model.fit(votes, classBalance: classBalance).with(groups: groups)
  }
}

extension WeightedGroups: GoldInformed {
  func with(_ gold: GoldVotes) -> any LabelModel {
    WeightedGroups(model: model.informed(by: gold), groups: groups)
  }
}

/// Weights of functions times 1 over the size of each function's group.
private func grouped(
  _ weights: [Double]?, _ groups: [[Int]], _ functionCount: Int
) -> [Double] {
  let shares = [FunctionDependency]().functionWeights(
    functionCount: functionCount, declared: groups)
  return weights.map { zip($0, shares).map { $0 * $1 } } ?? shares
}

extension FireOnlyMAPEM: GroupInformed {
  func with(groups: [[Int]], functionCount: Int) -> any LabelModel {
    var informed = hyperParameters
    informed.functionWeights = grouped(informed.functionWeights, groups, functionCount)
    return WeightedGroups(
      model: FireOnlyMAPEM(informed, posteriorMemory: posteriorMemory), groups: groups)
  }
}

extension WeightedMajority: GroupInformed {
  func with(groups: [[Int]], functionCount: Int) -> any LabelModel {
    var informed = hyperParameters
    informed.functionWeights = grouped(informed.functionWeights, groups, functionCount)
    return WeightedGroups(
      model: WeightedMajority(informed, posteriorMemory: posteriorMemory), groups: groups)
  }
}

extension DawidSkene: GroupInformed {
  func with(groups: [[Int]], functionCount: Int) -> any LabelModel {
    var informed = hyperParameters
    informed.fireOnly.functionWeights = grouped(
      informed.fireOnly.functionWeights, groups, functionCount)
    return WeightedGroups(
      model: DawidSkene(informed, posteriorMemory: posteriorMemory), groups: groups)
  }
}

extension CorrelatedMAPEM: GroupInformed {
  func with(groups: [[Int]], functionCount: Int) -> any LabelModel {
    var informed = hyperParameters
    informed.declared += groups
    return CorrelatedMAPEM(informed)
  }
}

extension DataProgramming: GroupInformed {
  func with(groups: [[Int]], functionCount: Int) -> any LabelModel {
    var informed = hyperParameters
    informed.declared += groups
    return DataProgramming(informed)
  }
}
