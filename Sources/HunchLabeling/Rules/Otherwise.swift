/// Votes for a class on every document on which no other labeling function votes.
///
/// It looks at the votes of all other functions of the project, those of vote files and language
/// models included, so it never meets one of them. What it is worth cannot be seen from agreements;
/// the label model infers it from how many documents the others must have missed. Where another
/// function cannot be evaluated, that one abstains, as everywhere.
///
/// For example:
///
///     Otherwise("other", votes: .other)
public struct Otherwise<Label: LabelSet>: Rule {
  /// What the rule is, without its type.
  public let definition: RuleDefinition

  /// Makes a labeling function.
  ///
  /// - Parameters:
  ///   - name: The name in reports, unique in the pack.
  ///   - label: The class of documents without any other vote.
  public init(
    _ name: String, votes label: Label,
    fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) {
    let vote = LabelIndex<Label>()(label)
    definition = RuleDefinition(name, RulePlace(fileID, line, column), .otherwise(vote: vote))
  }
}

extension RuleDefinition {
  /// The class that the function votes for where no other function votes, if it is an ``Otherwise``.
  package var otherwise: Int16? {
    if case .otherwise(let vote) = node { vote } else { nil }
  }
}

/// The votes of functions of one chunk, with those that depend on all others.
package enum OtherwiseVotes {
  /// Fills the columns of functions that vote where no other does.
  ///
  /// - Parameters:
  ///   - columns: For each function its votes, a column without any abstaining everywhere; those of
  ///     functions that vote otherwise are replaced.
  ///   - classes: For each function the class that it votes for otherwise; nil for any other kind.
  ///   - count: The number of documents.
  /// - Complexity: O(documents × functions); nothing where no function votes otherwise.
  package static func fill(_ columns: inout [[Int16]], classes: [Int16?], count: Int) {
    if classes.allSatisfy({ $0 == nil }) { return }
    var isOpen = [Bool](repeating: true, count: count)
    for (column, vote) in zip(columns, classes) where vote == nil {
      for (document, vote) in column.enumerated() where vote >= 0 { isOpen[document] = false }
    }
    for (function, vote) in classes.enumerated() {
      guard let vote else { continue }
      columns[function] = isOpen.map { $0 ? vote : Vote.abstain }
    }
  }
}
