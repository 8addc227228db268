/// Something about a fit that its user should know.
///
/// Warnings carry indices; ``description(functions:labels:)`` words them.
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

  /// The warning in words.
  ///
  /// - Parameters:
  ///   - functions: The names of the functions; a missing one is called by its index.
  ///   - labels: The names of the classes; likewise.
  public func description(functions: [String], labels: [String]) -> String {
    func name(_ index: Int) -> String {
      functions.indices.contains(index) ? functions[index] : "function \(index)"
    }
    func label(_ index: Int) -> String {
      labels.indices.contains(index) ? labels[index] : "class \(index)"
    }
    switch self {
    case .functionNeverVotes(let function):
      return "\(name(function)) never votes"
    case .classWithoutVotes(let index):
      return "no labeling function votes for \(label(index))"
    case .noVotes:
      return "no labeling function votes on any document; every label is the class balance"
    case .tooFewFunctions(let count):
      return "only \(count) of the labeling functions vote; with fewer than 3, accuracies are "
        + "assumed, not learned"
    case .littleOverlap(let share):
      return "only \(Self.percent(share)) of the covered documents have two votes; accuracies are "
        + "mostly assumed, not learned"
    case .votesWithoutTriplets(let count, let total):
      return "\(count) of the \(total) pairs of a function and a class it votes for overlap with "
        + "too few other functions; their accuracies are assumed, not learned"
    case .worseThanChance(let function, let accuracy):
      return "\(name(function)) agrees with the other functions no better than chance "
        + "(agreement-implied accuracy \(Self.percent(accuracy)))"
    case .notConverged(let rounds, let change):
      return "stopped after \(rounds) rounds while labels still changed by up to "
        + Self.percent(change)
    }
  }

  /// A share as a percentage with one decimal, rounded half up, without Foundation.
  private static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(abs(tenths % 10)) %"
  }
}

extension FitWarning {
  /// What can be said of the votes before any fit.
  static func ofVotes(_ votes: CountedVotes) throws -> [FitWarning] {
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
