/// Votes for a class where the text contains one of some words or phrases.
///
/// Caseless and whole words unless told otherwise, in any script; a phrase matches as it is
/// written, its spaces included. All keywords of all rules are found in one pass over the text.
///
/// For example:
///
///     Keywords("asks_to_subscribe", ["subscribe", "sub to my"], votes: .spam)
///     Keywords("link", ["http", "www."], matching: .substrings, votes: .spam)
public struct Keywords<Label: LabelSet>: Rule {
  /// What counts as an occurrence.
  public enum Matching: Sendable {
    /// The keyword stands by itself, between characters that are no letters, marks, digits or
    /// underscores.
    case words
    /// The keyword may be a part of a longer word.
    case substrings
  }

  /// What the rule is, without its type.
  public let definition: RuleDefinition

  /// Makes a labeling function.
  ///
  /// - Parameters:
  ///   - name: The name in reports, unique in the pack.
  ///   - words: The words or phrases; one is enough.
  ///   - matching: Whole words or parts of words.
  ///   - caseSensitive: Whether case must match too.
  ///   - label: The class voted for.
  public init(
    _ name: String, _ words: [String], matching: Matching = .words, caseSensitive: Bool = false,
    votes label: Label, fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) {
    let rule = KeywordRule(
      words: words, wholeWords: matching == .words, caseSensitive: caseSensitive,
      vote: LabelIndex<Label>()(label))
    definition = RuleDefinition(name, RulePlace(fileID, line, column), .keywords(rule))
  }

  /// Makes a part of a combined rule; without `votes` it only says whether a word occurs.
  public init(
    _ words: [String], matching: Matching = .words, caseSensitive: Bool = false,
    votes label: Label? = nil, fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) {
    let rule = KeywordRule(
      words: words, wholeWords: matching == .words, caseSensitive: caseSensitive,
      vote: label.map { LabelIndex<Label>()($0) } ?? Vote.fires)
    definition = RuleDefinition(nil, RulePlace(fileID, line, column), .keywords(rule))
  }
}

/// The data of ``Keywords``.
package struct KeywordRule: Sendable {
  package var words: [String]
  package var wholeWords: Bool
  package var caseSensitive: Bool
  package var vote: Int16
}
