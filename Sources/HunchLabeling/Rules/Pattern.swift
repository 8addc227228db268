/// Votes for a class where a regular expression matches somewhere in the text.
///
/// The syntax is PCRE2's (Perl's, with named groups, look-around and Unicode classes). `\w`, `\d`,
/// `\b` and caseless comparison mean Unicode. Patterns are caseless unless
/// ``PatternOptions/caseSensitive`` is given.
///
/// For example:
///
///     Pattern("check_out", #"check\W+(it\W+)?out"#, votes: .spam)
///     Pattern("large_amount", #"(?<amount>\d+) (eur|usd)"#) { match in
///       Int(match["amount"] ?? "") ?? 0 > 5_000 ? .fraud : nil
///     }
public struct Pattern<Label: LabelSet>: Rule {
  /// What the rule is, without its type.
  public let definition: RuleDefinition

  /// Makes a labeling function that votes for one class where the pattern matches.
  public init(
    _ name: String, _ pattern: String, options: PatternOptions = [], votes label: Label,
    fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) {
    let rule = PatternRule(
      source: pattern, options: options, vote: LabelIndex<Label>()(label))
    definition = RuleDefinition(name, RulePlace(fileID, line, column), .pattern(rule))
  }

  /// Makes a labeling function that looks at the first match and decides.
  ///
  /// - Parameter body: Gets the match with its groups; `nil` abstains.
  public init(
    _ name: String, _ pattern: String, options: PatternOptions = [],
    fileID: String = #fileID, line: Int = #line, column: Int = #column,
    body: @escaping @Sendable (PatternMatch) -> Label?
  ) {
    let index = LabelIndex<Label>()
    let rule = PatternRule(
      source: pattern, options: options, vote: Vote.fires, body: { index(body($0)) })
    definition = RuleDefinition(name, RulePlace(fileID, line, column), .pattern(rule))
  }

  /// Makes a part of a combined rule; without `votes` it only says whether the pattern matches.
  public init(
    _ pattern: String, options: PatternOptions = [], votes label: Label? = nil,
    fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) {
    let rule = PatternRule(
      source: pattern, options: options,
      vote: label.map { LabelIndex<Label>()($0) } ?? Vote.fires, body: nil)
    definition = RuleDefinition(nil, RulePlace(fileID, line, column), .pattern(rule))
  }
}

/// The data of ``Pattern``.
package struct PatternRule: Sendable {
  package var source: String
  package var options: PatternOptions
  package var vote: Int16
  package var body: (@Sendable (PatternMatch) -> Int16)?
}
