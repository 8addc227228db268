/// A named part of the documents on which models are scored by themselves, such as short messages
/// or those with an amount of money.
///
/// A slice is written like a rule and votes for nothing: a document belongs to it where any of its
/// parts applies. Slices never reach the label model; `hunch evaluate` shows every figure for each.
///
/// For example:
///
///     public let supportMessages = RulePack("support-messages", for: Topic.self) {
///       Keywords("card_words", ["card"], votes: .card)
///     } slices: {
///       Slice("short") { Heuristic { $0.words.count < 8 } }
///       Slice("names an amount") { Pattern(#"[€$£]\s*\d"#) }
///       Slice("asks politely") {
///         All {
///           Pattern(#"\?\s*$"#)
///           Keywords(["please"])
///         }
///       }
///     }
public struct Slice<Label: LabelSet>: Sendable {
  /// The slice as a rule that votes where it applies.
  package private(set) var definition: RuleDefinition

  /// Makes a slice of the documents on which any of some parts applies, whatever they vote.
  ///
  /// - Parameter name: The name in reports, unique among the slices of the pack.
  public init(
    _ name: String, fileID: String = #fileID, line: Int = #line, column: Int = #column,
    @RuleBuilder<Label> parts: () -> [RuleDefinition]
  ) {
    definition = RuleDefinition(name, RulePlace(fileID, line, column), parts()) {
      .any($0, vote: 0)
    }
  }

  /// Adds the line that reports print beside the slice's name.
  public func described(_ summary: String) -> Slice<Label> {
    var slice = self
    slice.definition.fields.summary = summary
    return slice
  }
}

/// Collects the slices of a pack; `for` and `if` work as in any Swift code.
@resultBuilder
public enum SliceBuilder<Label: LabelSet> {
  /// Takes one slice.
  public static func buildExpression(_ slice: Slice<Label>) -> [Slice<Label>] { [slice] }

  /// Joins the lines of a block.
  public static func buildBlock(_ parts: [Slice<Label>]...) -> [Slice<Label>] {
    parts.flatMap { $0 }
  }

  /// Joins the rounds of a loop.
  public static func buildArray(_ parts: [[Slice<Label>]]) -> [Slice<Label>] {
    parts.flatMap { $0 }
  }

  /// Takes the slices of an `if` without `else`.
  public static func buildOptional(_ part: [Slice<Label>]?) -> [Slice<Label>] { part ?? [] }

  /// Takes the slices of the first branch.
  public static func buildEither(first part: [Slice<Label>]) -> [Slice<Label>] { part }

  /// Takes the slices of the other branch.
  public static func buildEither(second part: [Slice<Label>]) -> [Slice<Label>] { part }
}
