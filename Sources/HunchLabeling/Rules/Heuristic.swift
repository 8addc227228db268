/// Votes by a closure over the document: anything that Swift can say.
///
/// The closure runs on several threads at once and must depend on the document alone. It may read
/// other columns of the corpus, as typed fields that it names; a rule that names none never pays
/// for them.
///
/// For example:
///
///     Heuristic("short_comment") { $0.words.count < 5 ? .ham : nil }
///     Heuristic("many_dependencies", reading: Field<String>("depends")) { _, depends in
///       (depends ?? "").split(separator: ",").count > 20 ? .program : nil
///     }
public struct Heuristic<Label: LabelSet>: Rule {
  /// What the rule is, without its type.
  public let definition: RuleDefinition

  /// Makes a labeling function from a closure over the document.
  public init(
    _ name: String, fileID: String = #fileID, line: Int = #line, column: Int = #column,
    body: @escaping @Sendable (Document) -> Label?
  ) {
    let index = LabelIndex<Label>()
    self.init(
      name, [], RulePlace(fileID, line, column), isCondition: false
    ) { index(body($0)) }
  }

  /// Makes a labeling function from a closure over the document and some of its fields.
  ///
  /// - Parameters:
  ///   - fields: Columns of the corpus. A value is `nil` where the column is NULL or cannot be
  ///     read as the field's type.
  ///   - body: Gets the document and the fields in the order named.
  public init<each Value: FieldValue>(
    _ name: String, reading fields: repeat Field<each Value>,
    fileID: String = #fileID, line: Int = #line, column: Int = #column,
    body: @escaping @Sendable (Document, repeat (each Value)?) -> Label?
  ) {
    let index = LabelIndex<Label>()
    var columns: [String] = []
    for field in repeat each fields { columns.append(field.column) }
    self.init(
      name, columns, RulePlace(fileID, line, column), isCondition: false
    ) { document in index(body(document, repeat document.value(of: each fields))) }
  }

  /// Makes a part of a combined rule from a condition.
  public init(
    fileID: String = #fileID, line: Int = #line, column: Int = #column,
    where condition: @escaping @Sendable (Document) -> Bool
  ) {
    self.init(nil, [], RulePlace(fileID, line, column), isCondition: true) {
      condition($0) ? Vote.fires : Vote.abstain
    }
  }

  /// Makes a part of a combined rule from a condition on the document and some of its fields.
  public init<each Value: FieldValue>(
    reading fields: repeat Field<each Value>,
    fileID: String = #fileID, line: Int = #line, column: Int = #column,
    where condition: @escaping @Sendable (Document, repeat (each Value)?) -> Bool
  ) {
    var columns: [String] = []
    for field in repeat each fields { columns.append(field.column) }
    self.init(nil, columns, RulePlace(fileID, line, column), isCondition: true) {
      condition($0, repeat $0.value(of: each fields)) ? Vote.fires : Vote.abstain
    }
  }

  private init(
    _ name: String?, _ columns: [String], _ place: RulePlace, isCondition: Bool,
    body: @escaping @Sendable (Document) -> Int16
  ) {
    let rule = HeuristicRule(fields: columns, isCondition: isCondition, body: body)
    definition = RuleDefinition(name, place, .heuristic(rule))
  }
}

/// The data of ``Heuristic``.
package struct HeuristicRule: Sendable {
  package var fields: [String]
  package var isCondition: Bool
  package var body: @Sendable (Document) -> Int16
}
