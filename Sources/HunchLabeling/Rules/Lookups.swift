/// Votes where the text names an entity of an external knowledge base.
///
/// All names of the base are looked for at once: as whole words, caseless, in either Unicode normal
/// form, with any white space where a name has some; where names overlap, the leftmost longest one
/// counts. ``GazetteerOptions`` changes that.
///
/// For example, with `knowledge: { artists: { path: artists.csv, key: name } }` in `hunch.yaml`:
///
///     Gazetteer("known_artist", in: "artists", votes: .ham)
///     Gazetteer("french_artist", in: "artists", where: "country", is: ["FR", "BE"], votes: .ham)
///     Gazetteer("product_named", in: "products", classColumn: "class", options: [.plurals])
///     Gazetteer("old_artist", in: "artists") { ($0.int("born") ?? 2000) < 1950 ? .ham : nil }
public struct Gazetteer<Label: LabelSet>: Rule {
  /// What the rule is, without its type.
  public let definition: RuleDefinition

  /// Makes a labeling function that votes for one class where any entity is named, or any of those
  /// that have a certain value in a column.
  ///
  /// Of overlapping names the longest counts even where its entity has another value: what is named
  /// does not depend on who asks.
  ///
  /// - Parameters:
  ///   - base: The name of the knowledge base in the configuration.
  ///   - column: A column of the base, or of a table joined to it.
  ///   - values: The values to look for, as they stand in the column but for white space around
  ///     them; of several joined rows one is enough.
  public init(
    _ name: String, in base: String, where column: String? = nil, is values: [String] = [],
    votes label: Label, options: GazetteerOptions = [],
    fileID: String = #fileID, line: Int = #line, column sourceColumn: Int = #column
  ) {
    self.init(
      name, GazetteerRule(base, .fixed(LabelIndex<Label>()(label)), options, column, values),
      RulePlace(fileID, line, sourceColumn))
  }

  /// Makes a labeling function that votes for one class where an entity is named that has a value
  /// in a column.
  public init(
    _ name: String, in base: String, where column: String, is value: String, votes label: Label,
    options: GazetteerOptions = [],
    fileID: String = #fileID, line: Int = #line, column sourceColumn: Int = #column
  ) {
    self.init(
      name, GazetteerRule(base, .fixed(LabelIndex<Label>()(label)), options, column, [value]),
      RulePlace(fileID, line, sourceColumn))
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
    options: GazetteerOptions = [],
    fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) {
    let choice = KnowledgeChoice(column: classColumn, classes: classes)
    self.init(
      name, GazetteerRule(base, choice, options, nil, []),
      RulePlace(fileID, line, column))
  }

  /// Makes a labeling function from a closure over each entity that is named.
  ///
  /// Where several are named, the class with the most of them wins; a tie abstains. The closure runs
  /// on several threads at once and must depend on the entity alone: it is asked once for thousands of
  /// documents that name the same.
  public init(
    _ name: String, in base: String, options: GazetteerOptions = [],
    fileID: String = #fileID, line: Int = #line, column: Int = #column,
    body: @escaping @Sendable (Entity) -> Label?
  ) {
    let index = LabelIndex<Label>()
    var rule = GazetteerRule(base, .fixed(Vote.abstain), options, nil, [])
    rule.body = { index(body($0)) }
    self.init(name, rule, RulePlace(fileID, line, column))
  }

  /// Makes a part of a combined rule that says whether an entity is named, or one of those that have
  /// a certain value in a column.
  public init(
    in base: String, where column: String? = nil, is values: [String] = [],
    options: GazetteerOptions = [],
    fileID: String = #fileID, line: Int = #line, column sourceColumn: Int = #column
  ) {
    self.init(
      nil, GazetteerRule(base, .fixed(Vote.fires), options, column, values),
      RulePlace(fileID, line, sourceColumn))
  }

  /// Makes a part of a combined rule that says whether an entity is named that has a value in a
  /// column.
  public init(
    in base: String, where column: String, is value: String, options: GazetteerOptions = [],
    fileID: String = #fileID, line: Int = #line, column sourceColumn: Int = #column
  ) {
    self.init(
      nil, GazetteerRule(base, .fixed(Vote.fires), options, column, [value]),
      RulePlace(fileID, line, sourceColumn))
  }

  private init(_ name: String?, _ rule: GazetteerRule, _ place: RulePlace) {
    definition = RuleDefinition(name, place, .gazetteer(rule))
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
    votes label: Label, fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) {
    let rule = KeyLookupRule(
      field: key.column, separator: separator, base: base,
      choice: .fixed(LabelIndex<Label>()(label)))
    definition = RuleDefinition(name, RulePlace(fileID, line, column), .keyLookup(rule))
  }

  /// Makes a labeling function that votes for the class that a column of the base gives the key.
  ///
  /// Where several keys are found, the class with the most of them wins; a tie abstains.
  public init(
    _ name: String, key: Field<String>, separatedBy separator: Character? = nil, in base: String,
    classColumn: String, classes: [String: Label]? = nil,
    fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) {
    let rule = KeyLookupRule(
      field: key.column, separator: separator, base: base,
      choice: KnowledgeChoice(column: classColumn, classes: classes))
    definition = RuleDefinition(name, RulePlace(fileID, line, column), .keyLookup(rule))
  }
}

/// The data of ``Gazetteer``.
package struct GazetteerRule: Sendable {
  package var base: String
  package var choice: KnowledgeChoice
  package var options: GazetteerOptions
  /// Which entities vote at all; the others are named all the same.
  package var filter: EntityFilter?
  /// Says how an entity votes, in place of the choice.
  package var body: (@Sendable (Entity) -> Int16)?

  init(
    _ base: String, _ choice: KnowledgeChoice, _ options: GazetteerOptions, _ column: String?,
    _ values: [String]
  ) {
    (self.base, self.choice, self.options) = (base, choice, options)
    filter = column.map { EntityFilter(column: $0, values: values) }
  }

  var hasClass: Bool { body != nil || choice.hasClass }
}

/// Entities that have one of several values in a column.
package struct EntityFilter: Sendable, Hashable {
  package var column: String
  package var values: [String]
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
