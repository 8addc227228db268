/// A text that says everything a rule's votes depend on, apart from what closures do and what
/// knowledge bases contain.
///
/// Two rules with the same canonical form, closures and knowledge vote alike on every document, so
/// stored votes are used again. Neither the name nor the description of a rule takes part.
package struct CanonicalForm: Sendable {
  /// The declarative part.
  package private(set) var text = ""

  /// Whether a closure takes part, whose source must be added.
  package private(set) var hasClosure = false

  /// Whether votes depend on the order of the classes beyond the indices in `text`: a closure
  /// gives a case, a column of a knowledge base a name.
  private var namesClasses = false

  /// The knowledge bases whose content must be added, in order of appearance.
  package private(set) var bases: [String] = []

  /// Describes a function of a pack.
  package init(_ function: RuleDefinition, labels: [String]) {
    add(function.node)
    text += ";version=\(function.version)"
    for version in function.partVersions { text += ",\(version)" }
    text += ";labels=\(labels.count)"
    if namesClasses { text += labels.map { ";\(Self.quoted($0))" }.joined() }
  }

  private mutating func add(_ node: RuleNode) {
    text += "(\(node.kind)"
    switch node {
    case .keywords(let rule):
      text += " whole=\(rule.wholeWords) cased=\(rule.caseSensitive) vote=\(rule.vote)"
      for word in rule.words { text += " \(Self.quoted(word))" }
    case .pattern(let rule):
      text += " options=\(rule.options.rawValue) vote=\(rule.vote) \(Self.quoted(rule.source))"
      if rule.body != nil { addClosure() }
    case .heuristic(let rule):
      text += " fields=" + rule.fields.map(Self.quoted).joined(separator: ",")
      addClosure()
    case .gazetteer(let rule):
      addBase(rule.base, rule.choice)
    case .keyLookup(let rule):
      text += " field=\(Self.quoted(rule.field))"
      text += " separator=\(rule.separator.map { Self.quoted(String($0)) } ?? "none")"
      addBase(rule.base, rule.choice)
    case .all(_, let vote), .any(_, let vote):
      text += " vote=\(vote)"
    case .firstOf:
      break
    case .unless:
      text += " unless"
    }
    for part in node.parts { add(part) }
    text += ")"
  }

  private mutating func addClosure() {
    hasClosure = true
    namesClasses = true
    text += " closure"
  }

  private mutating func addBase(_ base: String, _ choice: KnowledgeChoice) {
    bases.append(base)
    switch choice {
    case .fixed(let vote): text += " vote=\(vote)"
    case .column(let column):
      namesClasses = true
      text += " column=\(Self.quoted(column))"
    case .mapped(let column, let classes):
      text += " column=\(Self.quoted(column))"
      for (value, vote) in classes.sorted(by: { $0.key < $1.key }) {
        text += " \(Self.quoted(value))=\(vote)"
      }
    }
  }

  private static func quoted(_ text: String) -> String { "\(text.utf8.count):\(text)" }
}
