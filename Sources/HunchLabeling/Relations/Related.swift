/// Votes where a knowledge base relates the two entities of a pair: distant supervision.
///
/// Whatever the sentence says, it votes as if it said what the base knows. That is often wrong,
/// which is what the label model and the other rules are for.
///
/// For example, with `knowledge: { deals: { path: deals.csv, key: buyer } }` in `hunch.yaml`:
///
///     Related("known_deal", pair, in: "deals", from: "buyer", to: "target", votes: .acquisition)
///     Related("rivals", pair, in: "competitors", from: "company", to: "competitor",
///       inEitherOrder: true, votes: .other)
///     Related("recent_deal", pair, in: "deals", from: "buyer", to: "target") { deal in
///       Int(deal["year"] ?? "").map { $0 >= 2020 } == true ? .acquisition : nil
///     }
///
/// Where the pair has a base of entities, the cells of both columns may hold keys or any names of
/// them. A name that several entities share stands for each.
public struct Related<Label: LabelSet>: Rule {
  /// What the rule is, without its type.
  public let definition: RuleDefinition

  /// Makes a labeling function that votes for one class where the base has the pair.
  ///
  /// - Parameters:
  ///   - pair: The pair of mentions; they need not be found in the text.
  ///   - base: The name of the knowledge base in the configuration.
  ///   - from: The column that holds the pair's first entity.
  ///   - to: The column that holds its second one.
  ///   - inEitherOrder: Whether a row with the entities exchanged counts too.
  public init(
    _ name: String, _ pair: MentionPair, in base: String, from: String, to: String,
    inEitherOrder: Bool = false, votes label: Label,
    fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) {
    let rule = RelatedRule(
      pair: pair, base: base, from: from, to: to, inEitherOrder: inEitherOrder,
      vote: LabelIndex<Label>()(label), body: nil)
    definition = RuleDefinition(name, RulePlace(fileID, line, column), .related(rule))
  }

  /// Makes a labeling function that looks at the rows that relate the pair and decides.
  ///
  /// - Parameter body: Gets one row after the other, in the base's order, until it gives a class.
  public init(
    _ name: String, _ pair: MentionPair, in base: String, from: String, to: String,
    inEitherOrder: Bool = false, fileID: String = #fileID, line: Int = #line, column: Int = #column,
    body: @escaping @Sendable (RelationRow) -> Label?
  ) {
    let index = LabelIndex<Label>()
    let rule = RelatedRule(
      pair: pair, base: base, from: from, to: to, inEitherOrder: inEitherOrder, vote: Vote.fires,
      body: { index(body($0)) })
    definition = RuleDefinition(name, RulePlace(fileID, line, column), .related(rule))
  }

  /// Makes a part of a combined rule that says whether the base has the pair.
  public init(
    _ pair: MentionPair, in base: String, from: String, to: String, inEitherOrder: Bool = false,
    fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) {
    let rule = RelatedRule(
      pair: pair, base: base, from: from, to: to, inEitherOrder: inEitherOrder, vote: Vote.fires,
      body: nil)
    definition = RuleDefinition(nil, RulePlace(fileID, line, column), .related(rule))
  }
}

/// A row of a knowledge base that relates two entities; see ``Related``.
public struct RelationRow: Sendable {
  let base: KnowledgeBase
  let row: Int

  /// Whether the row has the entities in the other order than the pair.
  public let isReversed: Bool

  /// The text of a cell; `nil` if there is no such column.
  public subscript(column: String) -> String? { base.value(row: row, column: column) }
}

/// The data of ``Related``.
package struct RelatedRule: Sendable {
  package var pair: MentionPair
  package var base: String
  package var from: String
  package var to: String
  package var inEitherOrder: Bool
  package var vote: Int16
  package var body: (@Sendable (RelationRow) -> Int16)?
}
