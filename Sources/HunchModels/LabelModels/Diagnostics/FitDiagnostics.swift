/// What a fit says of itself beside what it learned.
package struct FitDiagnostics: Sendable, Equatable {
  /// What labels owe to each function, in the functions' order.
  package let leftOut: [LeftOutFunction]

  /// How well the model explains how often functions vote together.
  package let goodness: GoodnessOfFit

  /// The documents with a vote.
  package let covered: Int

  /// The covered documents on which one class has most votes, and another label is taken.
  package let differingFromMajority: Int

  /// What follows of it for the user.
  package let warnings: [FitWarning]

  /// The share of covered documents on which labels may differ from the majority vote without a
  /// warning.
  static let mostDiffering = 0.2
}

extension FittedLabelModel {
  /// Looks at the fit: what labels owe to each function, how well pairs of functions are explained,
  /// and how far labels are from a majority vote.
  ///
  /// - Parameters:
  ///   - votes: The votes that the model was fitted on.
  ///   - decision: How labels are chosen.
  /// - Throws: What going through the votes throws.
  package func diagnostics(
    in votes: CountedVotes, decision: DecisionRule = .mostProbable
  ) throws -> FitDiagnostics {
    let goodness = try goodnessOfFit(in: votes)
    let (covered, differing) = try differingFromMajority(votes, decision)
    var warnings: [FitWarning] = []
    let share = Double(differing) / Double(max(1, covered))
    if share > FitDiagnostics.mostDiffering { warnings.append(.differsFromMajority(share)) }
    if goodness.isPoor, let figure = goodness.rootMeanSquare { warnings.append(.poorFit(figure)) }
    return FitDiagnostics(
      leftOut: try leavingOutFunctions(in: votes, decision: decision), goodness: goodness,
      covered: covered, differingFromMajority: differing, warnings: warnings)
  }

  /// The covered documents, and those of them whose label is not the one class with most votes.
  private func differingFromMajority(
    _ votes: CountedVotes, _ decision: DecisionRule
  ) throws -> (covered: Int, differing: Int) {
    let majority = VoteShares(classCount: classCount)
    var (covered, differing) = (0, 0)
    var shares = classBalance
    var row = classBalance
    try votes.forEachCovered { block, pattern in
      covered += block.counts[pattern]
      _ = majority.posterior(of: pattern, in: block.patterns, into: &shares)
      let most = DecisionRule.mostProbable.label(shares)
      if shares.indices.contains(where: { $0 != most && shares[$0] == shares[most] }) { return }
      posterior(of: pattern, in: block.patterns, into: &row)
      if decision.label(row) != most { differing += block.counts[pattern] }
    }
    return (covered, differing)
  }
}
