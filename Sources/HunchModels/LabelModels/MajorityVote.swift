/// The baseline: every vote counts the same, and the posterior is the share of votes.
///
/// Usually close to the best in accuracy and badly calibrated, since a single vote is certainty.
/// The class balance is used for documents without votes only.
public struct MajorityVote: LabelModel {
  /// "majority".
  public let name = "majority"

  /// Creates the model.
  public init() {}

  /// Computes vote shares.
  ///
  /// - Throws: ``FitError`` for a bad class balance or bad counts.
  /// - Complexity: O(entries + patterns × classes + functions × classes²).
  public func fit(
    _ patterns: VotePatterns, counts: [Int], classBalance: [Double]? = nil
  ) throws(FitError) -> FittedLabelModel {
    try checkCounts(counts, of: patterns)
    let balance = try checkedClassBalance(classBalance, classCount: patterns.classCount)
    let posteriors = Self.voteShares(patterns, uncovered: balance)
    let evidence = Self.evidence(patterns)
    let functions = FunctionEstimate.all(
      patterns, counts: counts, posteriors: posteriors, evidence: evidence)
    return FittedLabelModel(
      name: name, classBalance: balance, posteriors: posteriors, functions: functions,
      logLikelihood: nil, history: [], iterations: 0, converged: true,
      warnings: FitWarning.ofVotes(patterns, counts: counts)
        + FunctionEstimate.warnings(functions, classCount: patterns.classCount))
  }

  /// The share of each class among a pattern's votes, or `uncovered` where there are none.
  static func voteShares(_ patterns: VotePatterns, uncovered: [Double]) -> [Double] {
    let classCount = patterns.classCount
    var shares = [Double](repeating: 0, count: patterns.count * classCount)
    for pattern in 0..<patterns.count {
      let entries = patterns.entries(of: pattern)
      for entry in entries { shares[pattern * classCount + Int(patterns.votes[entry])] += 1 }
      for label in 0..<classCount {
        let index = pattern * classCount + label
        shares[index] = entries.isEmpty ? uncovered[label] : shares[index] / Double(entries.count)
      }
    }
    return shares
  }

  private static func evidence(_ patterns: VotePatterns) -> [[Double]] {
    let classCount = patterns.classCount
    var tables = [[Double]](
      repeating: [Double](repeating: 0, count: classCount * classCount),
      count: patterns.functionCount)
    for entry in patterns.votes.indices {
      let vote = Int(patterns.votes[entry])
      tables[Int(patterns.functions[entry])][vote * classCount + vote] = 1
    }
    return tables
  }
}
