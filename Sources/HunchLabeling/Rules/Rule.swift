/// One labeling function, or a part of one: something that looks at a document and votes for a
/// class or abstains.
///
/// The kinds are ``Keywords``, ``Pattern``, ``Heuristic``, ``Gazetteer``, ``KeyLookup``,
/// ``Related``, ``Prompt`` and the combinations ``All``, ``AnyOf`` and ``FirstOf``. Rules are made in
/// a ``RulePack``'s list; they are data that the engine compiles, so that all of them are matched
/// together.
public protocol Rule<Label>: Sendable {
  /// The classes that the rule votes for.
  associatedtype Label: LabelSet

  /// What the rule is, without its type.
  var definition: RuleDefinition { get }
}

/// A rule without its label type: name, description, place in the source and the way it votes.
public struct RuleDefinition: Sendable {
  /// The name in reports; `nil` for a part of a combined rule.
  public package(set) var name: String?

  /// One line for reports; `nil` when the author wrote none.
  public package(set) var summary: String?

  /// A number that the author raises when a closure changes its behaviour through code elsewhere.
  package var version = 0

  /// The versions of the parts that the rule is combined from.
  package var partVersions: [Int] = []

  /// Where the rule is written.
  package var place: RulePlace

  /// How the rule votes.
  package var node: RuleNode
}

/// The place in the source at which a rule is written; prints as `Module/File.swift:12`.
public struct RulePlace: Sendable, Hashable {
  package var filePath: String
  package var fileID: String
  package var line: Int
  package var column: Int

  package init(_ filePath: String, _ fileID: String, _ line: Int, _ column: Int) {
    (self.filePath, self.fileID, self.line, self.column) = (filePath, fileID, line, column)
  }
}

/// How a rule votes, as data.
package indirect enum RuleNode: Sendable {
  case keywords(KeywordRule)
  case pattern(PatternRule)
  case heuristic(HeuristicRule)
  case gazetteer(GazetteerRule)
  case keyLookup(KeyLookupRule)
  case prompt(PromptRule)
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
    case .keywords, .pattern, .heuristic, .gazetteer, .keyLookup, .related, .pairHeuristic, .prompt:
      []
    case .all(let parts, _), .any(let parts, _), .firstOf(let parts): parts
    case .unless(let node, let exceptions): [node] + exceptions
    case .within(_, let node): [node]
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
    case .prompt: true
    case .all(let parts, let vote): vote >= 0 || parts.contains { $0.hasClass }
    case .any(let parts, let vote): vote >= 0 || parts.allSatisfy { $0.hasClass }
    case .firstOf(let parts): parts.allSatisfy { $0.hasClass }
    case .unless(let node, _), .within(_, let node): node.hasClass
    case .related(let rule): rule.vote >= 0 || rule.body != nil
    case .pairHeuristic(let rule): !rule.isCondition
    }
  }

  /// The node and everything below it.
  package func forEach(_ body: (RuleNode) -> Void) {
    body(self)
    for part in parts { part.forEach(body) }
  }
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

  /// Marks a change of behaviour that the rule's own source does not show, such as an edited
  /// helper function in another file: votes of another version are not used again.
  public func version(_ version: Int) -> ModifiedRule<Label> {
    modified { $0.version = version }
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
    return modified {
      $0.node = .unless($0.node, exceptions: parts.map(\.node))
      $0.partVersions += parts.versions
    }
  }

  func modified(_ change: (inout RuleDefinition) -> Void) -> ModifiedRule<Label> {
    var definition = self.definition
    change(&definition)
    return ModifiedRule(definition: definition)
  }
}

extension [RuleDefinition] {
  /// The versions of the rules and of everything below them.
  var versions: [Int] { flatMap { [$0.version] + $0.partVersions } }
}
