/// One labeling function, or a part of one: something that looks at a document and votes for a
/// class or abstains.
///
/// Kinds are the types that conform, from ``Keywords`` to the combinations ``All``, ``AnyOf`` and
/// ``FirstOf``. Rules are made in a ``RulePack``'s list; they are data that the engine compiles, so
/// that all of them are matched together.
public protocol Rule<Label>: Sendable {
  /// The classes that the rule votes for.
  associatedtype Label: LabelSet

  /// What the rule is, without its type.
  var definition: RuleDefinition { get }
}

/// A rule without its label type: name, description, place in the source and the way it votes.
///
/// One reference to what it holds: a list of rules is code that makes, copies and destroys such
/// values, and compiles faster if each is a single word.
public struct RuleDefinition: Sendable {
  struct Fields: Sendable {
    var name: String?
    var summary: String?
    var place: RulePlace
    var node: RuleNode
    var examples: [RuleExample] = []
    /// Whether a part of the rule has examples, which nothing would run.
    var hasExamplesInside = false
  }

  private final class Box: Sendable {
    let fields: Fields

    init(_ fields: Fields) { self.fields = fields }
  }

  private var box: Box

  var fields: Fields {
    get { box.fields }
    set { box = Box(newValue) }
  }

  /// The name in reports; `nil` for a part of a combined rule.
  public package(set) var name: String? {
    get { fields.name }
    set { fields.name = newValue }
  }

  /// One line for reports; `nil` when the author wrote none.
  public var summary: String? { fields.summary }

  /// What the rule should say of some texts, for `hunch test`.
  package var examples: [RuleExample] { fields.examples }

  package var place: RulePlace { fields.place }

  package var node: RuleNode { fields.node }

  init(_ name: String?, _ place: RulePlace, _ node: RuleNode) {
    box = Box(Fields(name: name, place: place, node: node))
  }

  init(
    _ name: String?, _ place: RulePlace, _ parts: [RuleDefinition],
    _ combined: ([RuleNode]) -> RuleNode
  ) {
    self.init(name, place, combined(parts.map(\.node)))
    fields.hasExamplesInside = parts.contains(where: \.hasExamples)
  }

  /// Changes the places in the source that the rule knows.
  mutating func forEachPlace(_ change: (inout RulePlace) -> Void) {
    change(&fields.place)
    for index in examples.indices { change(&fields.examples[index].place) }
  }

  fileprivate var hasExamples: Bool { !examples.isEmpty || fields.hasExamplesInside }
}

/// The place in the source at which a rule is written; prints as `Module/File.swift:12`.
public struct RulePlace: Sendable, Hashable {
  /// The module and the file, or, of rules that were compiled from files, the path in the project.
  package var fileID: String
  package var line: Int
  package var column: Int

  package init(_ fileID: String, _ line: Int, _ column: Int) {
    (self.fileID, self.line, self.column) = (fileID, line, column)
  }

  /// The name of the file without its folders; no two files of a module share it.
  package var fileName: Substring { fileID.split(separator: "/").last ?? "" }
}

/// How a rule votes, as data.
package indirect enum RuleNode: Sendable {
  case keywords(KeywordRule)
  case pattern(PatternRule)
  case heuristic(HeuristicRule)
  case gazetteer(GazetteerRule)
  case keyLookup(KeyLookupRule)
  case prompt(PromptRule)
  /// Where no other function votes.
  case otherwise(vote: Int16)
  case all([RuleNode], vote: Int16)
  case any([RuleNode], vote: Int16)
  case firstOf([RuleNode])
  case unless(RuleNode, exceptions: [RuleNode])
  case within(PairRegion, RuleNode)
  case related(RelatedRule)
  case pairHeuristic(PairHeuristicRule)

  /// The word for the kind in reports.
  package var kind: String {
    switch self {
    case .keywords: "keywords"
    case .pattern: "pattern"
    case .heuristic: "heuristic"
    case .gazetteer: "gazetteer"
    case .keyLookup: "key-lookup"
    case .prompt: "prompt"
    case .otherwise: "otherwise"
    case .all: "all"
    case .any: "any"
    case .firstOf: "first-of"
    case .unless(let node, _), .within(_, let node): node.kind
    case .related: "related"
    case .pairHeuristic: "heuristic"
    }
  }

  /// The parts that the rule is made of, directly.
  package var parts: [RuleNode] {
    switch self {
    case .keywords, .pattern, .heuristic, .gazetteer, .keyLookup, .related, .pairHeuristic, .prompt,
      .otherwise:
      []
    case .all(let parts, _), .any(let parts, _), .firstOf(let parts): parts
    case .unless(let node, let exceptions): [node] + exceptions
    case .within(_, let node): [node]
    }
  }

  /// Whether the rule stands by itself and is never a part of another.
  var standsAlone: Bool {
    switch self {
    case .prompt, .otherwise: true
    default: false
    }
  }

  /// Whether the rule always has a class where it applies.
  package var hasClass: Bool {
    switch self {
    case .keywords(let rule): rule.vote >= 0
    case .pattern(let rule): rule.vote >= 0 || rule.body != nil
    case .heuristic(let rule): !rule.isCondition
    case .gazetteer(let rule): rule.hasClass
    case .keyLookup(let rule): rule.choice.hasClass
    // Answers without a class are a problem of their own.
    case .prompt, .otherwise: true
    case .all(let parts, let vote): vote >= 0 || parts.contains { $0.hasClass }
    case .any(let parts, let vote): vote >= 0 || parts.allSatisfy { $0.hasClass }
    case .firstOf(let parts): parts.allSatisfy { $0.hasClass }
    case .unless(let node, _), .within(_, let node): node.hasClass
    case .related(let rule): rule.vote >= 0 || rule.body != nil
    case .pairHeuristic(let rule): !rule.isCondition
    }
  }

  /// The node and everything below it.
  var subtree: [RuleNode] { [self] + parts.flatMap(\.subtree) }
}

/// A rule after a modifier such as ``Rule/unless(_:)`` or ``Rule/described(_:)``.
public struct ModifiedRule<Label: LabelSet>: Rule {
  /// What the rule is, without its type.
  public let definition: RuleDefinition
}

extension Rule {
  /// Adds the line that reports print beside the rule's name.
  public func described(_ summary: String) -> ModifiedRule<Label> {
    modified { $0.summary = summary }
  }

  /// Says what the rule should vote for some texts; `nil` is to abstain. `hunch test` runs them.
  ///
  /// For example:
  ///
  ///     Keywords("mentions_card", ["card"], votes: .card).unless { Keywords(["sim card"]) }
  ///       .expects(["I lost my card": .card, "my sim card": nil])
  ///     KeyLookup("help_page", key: Field("page"), in: "pages", classColumn: "class")
  ///       .expects([Example("hello", fields: ["page": "/cards/lost"]): .card])
  ///
  /// Examples of a rule that asks a language model are not run, since that may cost money, and a
  /// part of another rule has none.
  public func expects(
    _ examples: KeyValuePairs<Example, Label?>,
    fileID: String = #fileID, line: Int = #line, column: Int = #column
  ) -> ModifiedRule<Label> {
    let index = LabelIndex<Label>()
    let place = RulePlace(fileID, line, column)
    return modified { fields in
      for (example, label) in examples {
        let number = fields.examples.count + 1
        fields.examples.append(
          RuleExample(number: number, example: example, vote: index(label), place: place))
      }
    }
  }

  /// Lets the rule abstain where any of the given rules applies, whatever it votes for.
  ///
  /// For example:
  ///
  ///     Keywords("mentions_card", ["card"], votes: .card).unless { Keywords(["sim card"]) }
  public func unless(@RuleBuilder<Label> _ exceptions: () -> [RuleDefinition])
    -> ModifiedRule<Label>
  {
    let parts = exceptions()
    return modified { fields in
      fields.node = .unless(fields.node, exceptions: parts.map(\.node))
      if parts.contains(where: \.hasExamples) { fields.hasExamplesInside = true }
    }
  }

  func modified(_ change: (inout RuleDefinition.Fields) -> Void) -> ModifiedRule<Label> {
    var definition = self.definition
    change(&definition.fields)
    return ModifiedRule(definition: definition)
  }
}
