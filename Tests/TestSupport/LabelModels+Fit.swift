import ComparedModels
public import HunchModels

extension LabelModel {
  /// The label models of Hunch, and published ones to compare with.
  public static let compared =
    all + [
      LabelModel(
        DataProgramming(),
        "learns a factor graph of accuracies, propensities and pairs that depend on each other")
    ]

  /// What learns from votes in the model with a name; nil for an unknown one.
  package static func algorithm(_ name: String) -> (any LabelModelAlgorithm)? {
    named(name)?.algorithm ?? compared.first { $0.name == name }?.algorithm
  }
}

extension LabelModelAlgorithm {
  /// Fits the model with a class balance and nothing else.
  package func fit(_ votes: CountedVotes, classBalance: [Double]?) throws -> FittedLabelModel {
    try fit(votes, given: Evidence(classBalance: classBalance))
  }

  /// Fits patterns that are in memory.
  package func fit(
    _ patterns: VotePatterns, counts: [Int], classBalance: [Double]? = nil
  ) throws -> FittedLabelModel {
    try fit(CountedVotes(patterns, counts: counts), classBalance: classBalance)
  }

  /// Fits with groups that are declared and nothing else.
  package func fit(_ votes: CountedVotes, groups: [[Int]]) throws -> FittedLabelModel {
    try fit(votes, given: Evidence(groups: groups))
  }
}

extension Evidence {
  /// Knows gold labels alone.
  package init(gold: GoldVotes) {
    self.init()
    self.gold = gold
  }
}
