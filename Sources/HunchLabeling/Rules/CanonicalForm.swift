/// A text that says everything a rule's votes depend on, apart from what closures do and what
/// knowledge bases contain.
///
/// Two rules with the same canonical form, closures and knowledge vote alike on every document, so
/// stored votes are used again. Neither the name nor the description of a rule takes part.
package struct CanonicalForm: Sendable {
  /// The declarative part.
  package private(set) var text = ""

  private let library: String

  /// Whether a closure takes part, whose source must be added.
  package private(set) var hasClosure = false

  /// Whether votes depend on the order of the classes beyond the indices in `text`: a closure
  /// gives a case, a column of a knowledge base a name.
  private var namesClasses = false

  /// The knowledge bases whose content must be added, in order of appearance.
  package private(set) var bases: [String] = []

  /// How texts are searched. It is raised whenever rules find something else in the same text, so
  /// that votes stored before are evaluated again.
  private static let matchingVersion = 2

  /// Describes a function of a pack.
  ///
  /// - Parameter library: The version of PCRE2 that patterns are matched by: each knows its own syntax
  ///   and its own Unicode tables.
  package init(
    _ function: RuleDefinition, labels: [String], library: String = PatternMatcher.libraryVersion
  ) {
    self.library = library
    add(function.node)
    text += ";matching=\(Self.matchingVersion)"
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
      text += " pcre2=\(Self.quoted(library))"
      if rule.body != nil { addClosure() }
    case .heuristic(let rule):
      text += " fields=" + rule.fields.map(Self.quoted).joined(separator: ",")
      addClosure()
    case .gazetteer(let rule):
      text += " options=\(rule.options.rawValue)"
      addBase(rule.base, rule.choice)
      if let filter = rule.filter {
        text += " where=\(Self.quoted(filter.column))"
        for value in filter.values { text += " \(Self.quoted(value))" }
      }
      if rule.body != nil { addClosure() }
    case .keyLookup(let rule):
      // Numbers are found however they are written.
      text += " numbers field=\(Self.quoted(rule.field))"
      text += " separator=\(rule.separator.map { Self.quoted(String($0)) } ?? "none")"
      addBase(rule.base, rule.choice)
    case .prompt(let rule):
      text += " ask=\(Self.quoted(rule.question))"
      text += " instructions=\(rule.instructions.map(Self.quoted) ?? "none")"
      text += " model=\(rule.model.map(Self.quoted) ?? "none")"
      for answer in rule.answers { text += " \(Self.quoted(answer.text))=\(answer.vote)" }
    case .all(_, let vote), .any(_, let vote), .otherwise(let vote):
      text += " vote=\(vote)"
    case .firstOf:
      break
    case .unless:
      text += " unless"
    case .within(let region, _):
      text += " within=\(region.extent)"
      add(region.pair)
    case .related(let rule):
      text += " from=\(Self.quoted(rule.from)) to=\(Self.quoted(rule.to))"
      text += " either=\(rule.inEitherOrder)"
      add(rule.pair)
      addBase(rule.base, .fixed(rule.vote))
      if rule.body != nil { addClosure() }
    case .pairHeuristic(let rule):
      add(rule.pair)
      addClosure()
    }
    for part in node.parts { add(part) }
    text += ")"
  }

  private mutating func add(_ pair: MentionPair) {
    switch pair.source {
    case .columns(let first, let second):
      text += " first=\(Self.quoted(first)) second=\(Self.quoted(second))"
    case .text: text += " found"
    }
    text += " entities=\(pair.base.map(Self.quoted) ?? "none")"
    if let base = pair.base { bases.append(base) }
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
