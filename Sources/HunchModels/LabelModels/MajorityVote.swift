/// The baseline: every vote counts the same, and the posterior is the share of votes.
///
/// Usually close to the best in accuracy and badly calibrated, since a single vote is certainty.
/// The class balance is used for documents without votes only.
package struct MajorityVote: LabelModelAlgorithm {
  package let name = "majority"

  /// Nothing is counted once that is said twice.
  package var takesGroups: Bool { false }

  /// Every vote counts the same, whatever is known of it.
  package var weighsVotes: Bool { false }

  package init() {}

  /// Computes vote shares.
  ///
  /// - Throws: ``FitError`` for a bad class balance.
  /// - Complexity: O(entries + patterns × classes + functions × classes).
  package func fit(_ votes: CountedVotes, given evidence: Evidence) throws -> FittedLabelModel {
    let balance = try checkedClassBalance(evidence.classBalance, classCount: votes.classCount)
    let rule = VoteShares(classCount: votes.classCount)
    let (functions, _) = try votes.agreement(with: rule)
    return FittedLabelModel(
      name: name, method: .voteCounts, classBalance: balance, rule: rule, functions: functions,
      warnings: try FitWarning.ofVotes(votes)
        + FunctionEstimate.warnings(functions, classCount: votes.classCount))
  }
}

/// The share of each class among a pattern's votes. Nothing is learned.
struct VoteShares: PosteriorRule {
  let classCount: Int

  var parameters: [Double] { [] }

  func posterior(of pattern: Int, in patterns: VotePatterns, into row: inout [Double]) -> Double {
    let entries = patterns.entries(of: pattern)
    for label in row.indices { row[label] = 0 }
    for entry in entries { row[Int(patterns.votes[entry])] += 1 }
    for label in row.indices { row[label] /= Double(entries.count) }
    return 0
  }

  func logEvidence(function: Int, vote: Int) -> [Double]? {
    (0..<classCount).map { $0 == vote ? 1 : 0 }
  }
}
