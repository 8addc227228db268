/// Votes where the text names an entity of an external knowledge base.
///
/// The names in the base's key column are looked for as whole words, caseless, all at once; where
/// names overlap, the leftmost longest one counts.
///
/// For example, with `knowledge: { artists: { path: artists.csv, key: name } }` in `hunch.yaml`:
///
///     Gazetteer("known_artist", in: "artists", votes: .ham)
///     Gazetteer("product_named", in: "products", classColumn: "class")
public struct Gazetteer<Label: LabelSet>: Rule {
  /// What the rule is, without its type.
  public let definition: RuleDefinition

  /// Makes a labeling function that votes for one class where any entity is named.
  ///
  /// - Parameter base: The name of the knowledge base in the configuration.
  public init(
    _ name: String, in base: String, votes label: Label,
    filePath: String = #filePath, fileID: String = #fileID, line: Int = #line,
    column: Int = #column
  ) {
    let rule = GazetteerRule(base: base, choice: .fixed(LabelIndex<Label>()(label)))
    definition = RuleDefinition(
      name: name, place: RulePlace(filePath, fileID, line, column), node: .gazetteer(rule))
  }

  /// Makes a labeling function that votes for the class that a column gives the entity.
  ///
  /// Where several entities are named, the class with the most of them wins; a tie abstains.
  ///
  /// - Parameters:
  ///   - classColumn: A column of the base with class names.
  ///   - classes: What the values of the column mean, where they are not class names themselves;
  ///     an entity whose value is not listed does not vote.
  public init(
    _ name: String, in base: String, classColumn: String, classes: [String: Label]? = nil,
    filePath: String = #filePath, fileID: String = #fileID, line: Int = #line,
    column: Int = #column
  ) {
    let rule = GazetteerRule(
      base: base, choice: KnowledgeChoice(column: classColumn, classes: classes))
    definition = RuleDefinition(
      name: name, place: RulePlace(filePath, fileID, line, column), node: .gazetteer(rule))
  }

  /// Makes a part of a combined rule that says whether an entity is named.
  public init(
    in base: String, filePath: String = #filePath, fileID: String = #fileID, line: Int = #line,
    column: Int = #column
  ) {
    let rule = GazetteerRule(base: base, choice: .fixed(Vote.fires))
    definition = RuleDefinition(
      name: nil, place: RulePlace(filePath, fileID, line, column), node: .gazetteer(rule))
  }
}

/// Votes by looking up another column of the document in an external knowledge base.
///
/// For example:
///
///     KeyLookup("help_page", key: Field("page"), in: "pages", classColumn: "class")
///     KeyLookup("debtags", key: Field("tag"), separatedBy: ",", in: "tags", classColumn: "class")
public struct KeyLookup<Label: LabelSet>: Rule {
  /// What the rule is, without its type.
  public let definition: RuleDefinition

  /// Makes a labeling function that votes for one class where the key is in the base.
  ///
  /// - Parameters:
  ///   - key: The column of the corpus that holds the key; compared caselessly, without the white
  ///     space around it.
  ///   - separator: Set when the column holds several keys, with this between them.
  ///   - base: The name of the knowledge base in the configuration.
  public init(
    _ name: String, key: Field<String>, separatedBy separator: Character? = nil, in base: String,
    votes label: Label,
    filePath: String = #filePath, fileID: String = #fileID, line: Int = #line,
    column: Int = #column
  ) {
    let rule = KeyLookupRule(
      field: key.column, separator: separator, base: base,
      choice: .fixed(LabelIndex<Label>()(label)))
    definition = RuleDefinition(
      name: name, place: RulePlace(filePath, fileID, line, column), node: .keyLookup(rule))
  }

  /// Makes a labeling function that votes for the class that a column of the base gives the key.
  ///
  /// Where several keys are found, the class with the most of them wins; a tie abstains.
  public init(
    _ name: String, key: Field<String>, separatedBy separator: Character? = nil, in base: String,
    classColumn: String, classes: [String: Label]? = nil,
    filePath: String = #filePath, fileID: String = #fileID, line: Int = #line,
    column: Int = #column
  ) {
    let rule = KeyLookupRule(
      field: key.column, separator: separator, base: base,
      choice: KnowledgeChoice(column: classColumn, classes: classes))
    definition = RuleDefinition(
      name: name, place: RulePlace(filePath, fileID, line, column), node: .keyLookup(rule))
  }
}

/// The data of ``Gazetteer``.
package struct GazetteerRule: Sendable, Hashable {
  package var base: String
  package var choice: KnowledgeChoice
}

/// The data of ``KeyLookup``.
package struct KeyLookupRule: Sendable {
  package var field: String
  package var separator: Character?
  package var base: String
  package var choice: KnowledgeChoice
}

/// How an entry of a knowledge base becomes a vote.
package enum KnowledgeChoice: Sendable, Hashable {
  /// Any entry votes this way.
  case fixed(Int16)
  /// The entry's value in a column names the class.
  case column(String)
  /// The entry's value in a column is translated; values that are not listed abstain.
  case mapped(String, [String: Int16])

  package var hasClass: Bool {
    if case .fixed(let vote) = self { return vote >= 0 }
    return true
  }

  init<Label: LabelSet>(column: String, classes: [String: Label]?) {
    guard let classes else {
      self = .column(column)
      return
    }
    let index = LabelIndex<Label>()
    self = .mapped(column, classes.mapValues { index($0) })
  }
}
