import Foundation

/// A figure that a project holds its rules to, from `checks:` of `hunch.yaml`.
package struct Check: Sendable, Equatable {
  /// The keys of the figure in the JSON of `analyze` and `evaluate`, such as `label_model`,
  /// `macro_f1`; in a list, the name or label of an entry.
  package var keys: [String]
  /// The bound: the least, or, where less is better, the most.
  package var required: Double
  /// The line of `hunch.yaml`.
  package var line: Int

  package var name: String { keys.joined(separator: ".") }

  /// Figures of which less is better.
  static let smallIsGood: Set<String> = [
    "rules_that_never_vote", "log_loss", "brier", "ece", "conflicts", "incorrect",
  ]

  func holds(_ actual: Double) -> Bool {
    Self.smallIsGood.contains(keys[keys.count - 1]) ? actual <= required : actual >= required
  }

  /// Whether models have to be trained to know the figure.
  var needsEvaluation: Bool {
    ["label_model", "label_model_all", "classifier", "gold_only", "slices"].contains(keys[0])
  }
}

package struct Checks: Sendable, Equatable {
  /// The split that is measured; nil for development labels, those of the valid split or, where it has
  /// none, the train split.
  package var split: Split?
  package var all: [Check] = []
}
