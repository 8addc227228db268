/// Something about a fit that its user should know.
///
/// Warnings carry indices; ``sentences(_:functions:labels:)`` words them.
public enum FitWarning: Sendable, Equatable {
  /// The function abstains on every document.
  case functionNeverVotes(Int)
  /// No function votes for the class.
  case classWithoutVotes(Int)
  /// No function votes on any document: every posterior is the class balance.
  case noVotes
  /// Fewer than three functions vote, so their accuracies cannot be told from agreement and are
  /// the prior's; the number of functions that vote is given.
  case tooFewFunctions(Int)
  /// Hardly any document has two votes, so accuracies are mostly the prior's; the share of covered
  /// documents with two votes or more is given.
  case littleOverlap(Double)
  /// So many of the (function, class) votes that occur have no triplet, that is, no two other
  /// functions that fire together with them and with each other, so their accuracies are the
  /// prior's.
  case votesWithoutTriplets(Int, of: Int)
  /// The other functions contradict this one so much that its agreement-implied accuracy is no
  /// better than guessing.
  case worseThanChance(function: Int, accuracy: Double)
  /// The rounds ran out while posteriors still changed by this much.
  case notConverged(rounds: Int, change: Double)
  /// The labels of this share of the covered documents are not those of a majority vote.
  case differsFromMajority(Double)
  /// Pairs of functions vote together much more, or less, often than the model expects; the root of
  /// the mean squared residual is given, see ``GoodnessOfFit``.
  case poorFit(Double)
  /// The shares of the classes are half assumed since fewer than two functions vote for these.
  case classBalanceAssumed([Int])
}

extension FitWarning {
  /// What can be said of the votes before any fit.
  package static func ofVotes(_ votes: CountedVotes) throws -> [FitWarning] {
    let analysis = try LabelingAnalysis(votes)
    guard analysis.covered > 0 else { return [.noVotes] }
    var warnings: [FitWarning] = []
    for (index, function) in analysis.functions.enumerated() where function.covered == 0 {
      warnings.append(.functionNeverVotes(index))
    }
    for label in 0..<votes.classCount
    where analysis.functions.allSatisfy({ $0.votesByClass[label] == 0 }) {
      warnings.append(.classWithoutVotes(label))
    }
    let voting = analysis.functions.count { $0.covered > 0 }
    let overlap = Double(analysis.overlapping) / Double(analysis.covered)
    if voting < 3 {
      warnings.append(.tooFewFunctions(voting))
    } else if overlap < 0.05 {
      warnings.append(.littleOverlap(overlap))
    }
    return warnings
  }
}
