import Foundation
package import HunchModels

/// Labels votes by Bayes' rule with a setting's true parameters: what learning them could give at
/// best.
///
/// Silence counts as evidence, since how often a function is silent on each class is known too.
public struct SyntheticOracle: Sendable {
  /// What it knows of the functions.
  public enum Knowledge: String, Sendable, CaseIterable {
    /// How each votes on each class; that they are independent given the class is assumed.
    case functions
    /// Who imitates whom too: no posterior has a smaller expected log-loss.
    case dependencies
  }

  private let setting: SyntheticSetting
  private let knowledge: Knowledge

  /// Creates an oracle for the votes of a setting.
  public init(_ setting: SyntheticSetting, knowing knowledge: Knowledge) {
    self.setting = setting
    self.knowledge = knowledge
  }

  /// Writes the probabilities of the classes for a pattern of the setting's votes.
  package func posterior(of pattern: Int, in patterns: VotePatterns, into row: inout [Double]) {
    var votes = [Int](repeating: -1, count: setting.functions.count)
    for entry in patterns.entries(of: pattern) {
      votes[Int(patterns.functions[entry])] = Int(patterns.votes[entry])
    }
    row = setting.balance.indices.map { label in
      votes.indices.reduce(log(setting.balance[label])) {
        $0 + log(probability(of: $1, voting: votes, on: label))
      }
    }
    // A vote that cannot occur on a class rules it out; the true class is never ruled out.
    let top = row.max() ?? 0
    let sum = row.reduce(0) { $0 + exp($1 - top) }
    for label in row.indices { row[label] = exp(row[label] - top) / sum }
  }

  /// The probability of what a function does, given the class and what earlier functions did.
  private func probability(of function: Int, voting votes: [Int], on label: Int) -> Double {
    guard knowledge == .dependencies, let model = setting.functions[function].model else {
      return Self.probability(of: votes[function], setting.tables[function][label])
    }
    let own = Self.probability(of: votes[function], setting.functions[function].table[label])
    let isSame = votes[function] == votes[model.function]
    return (isSame ? model.share : 0) + (1 - model.share) * own
  }

  private static func probability(of vote: Int, _ row: [Double]) -> Double {
    vote >= 0 ? row[vote] : max(0, 1 - row.reduce(0, +))
  }
}
