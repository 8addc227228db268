/// The labeling functions of one task.
///
/// For example:
///
///     public enum Verdict: String, LabelSet { case ham, spam }
///
///     public let spamComments = RulePack("spam-comments", for: Verdict.self) {
///       Keywords("subscribe", ["subscribe", "sub to my"], votes: .spam)
///       Heuristic("short_comment") { $0.words.count < 5 ? .ham : nil }
///       for word in ["please", "plz"] { Keywords("asks_\(word)", [word], votes: .spam) }
///     }
public struct RulePack: Sendable {
  /// The name by which a project's configuration asks for the pack.
  public let name: String

  /// One line on the task, for listings.
  public let summary: String?

  /// The names of the classes, in order.
  public let labels: [String]

  /// The functions, in the order written.
  public package(set) var functions: [RuleDefinition]

  /// The names of the enum's cases, in order, as Swift source has them: those of ``labels`` where
  /// raw values are not given.
  package let caseNames: [String]

  /// The name of the enum without that of its module; `nil` for a pack made while the program runs.
  package let labelTypeName: String?

  /// The parts of the documents on which models are scored by themselves, in the order written.
  public package(set) var slices: [RuleDefinition]

  /// The source text that the rules were compiled from; `nil` for rules that are part of a program.
  package var sources: RuleSources?

  /// Functions and slices: whatever is run over the documents.
  package var definitions: [RuleDefinition] { functions + slices }

  /// Collects the rules of a task. What is wrong with them is reported by ``validate()``.
  ///
  /// - Parameters:
  ///   - name: The name by which a project's configuration asks for the pack.
  ///   - labels: The classes.
  ///   - summary: One line on the task.
  ///   - rules: The labeling functions.
  ///   - slices: Parts of the documents on which models are scored by themselves.
  public init<Label: LabelSet>(
    _ name: String, for labels: Label.Type, summary: String? = nil,
    @RuleBuilder<Label> rules: () -> [RuleDefinition],
    @SliceBuilder<Label> slices: () -> [Slice<Label>] = { [] }
  ) {
    self.name = name
    self.summary = summary
    self.labels = Label.names
    caseNames = Label.allCases.map { label in
      Mirror(reflecting: label).displayStyle == .enum
        ? String(String(reflecting: label).split(separator: ".").last ?? "") : label.rawValue
    }
    let typeName = String(reflecting: labels)
    labelTypeName =
      typeName.contains("(")
      ? String(describing: labels)
      : typeName.split(separator: ".").dropFirst().joined(separator: ".")
    functions = rules()
    self.slices = slices().map(\.definition)
  }

  /// A pack of functions that were made while the program runs.
  package init(name: String, labels: [String], functions: [RuleDefinition]) {
    self.name = name
    summary = nil
    self.labels = labels
    caseNames = labels
    labelTypeName = nil
    self.functions = functions
    slices = []
  }

  /// Checks everything that can be known before a document is read: names, empty rules, rules
  /// that never name a class, and the syntax of every pattern.
  ///
  /// - Throws: ``RuleError`` for the first rule that is wrong.
  public func validate() throws(RuleError) {
    if labels.count < 2 { throw .tooFewLabels(pack: name) }
    if labels.count > Vote.mostClasses { throw .tooManyLabels(pack: name, labels.count) }
    if labels.contains(where: { $0.allSatisfy(\.isWhitespace) }) { throw .blankLabel(pack: name) }
    if functions.isEmpty { throw .emptyPack(name) }
    try validate(functions)
    try validate(slices)
  }

  private func validate(_ definitions: [RuleDefinition]) throws(RuleError) {
    var seen: [String: RulePlace] = [:]
    for (position, function) in definitions.enumerated() {
      guard let functionName = function.name else {
        throw .unnamed(pack: name, position: position + 1, place: function.place)
      }
      let isUsable = !functionName.isEmpty && functionName != "id"
      if !isUsable || functionName.contains(where: { $0.isNewline }) {
        throw .badName(functionName, place: function.place)
      }
      if let first = seen.updateValue(function.place, forKey: functionName) {
        throw .duplicateName(functionName, first: first, second: function.place)
      }
      try validate(function, functionName)
    }
  }

  private func validate(_ function: RuleDefinition, _ name: String) throws(RuleError) {
    if !function.node.hasClass { throw .neverVotes(name, place: function.place) }
    if function.fields.hasExamplesInside { throw .examplesInside(name, place: function.place) }
    let (node, place) = (function.node, function.place)
    if let part = node.subtree.first(where: \.standsAlone), !node.standsAlone {
      throw .partStandsAlone(name, kind: node.kind, part: part.kind, place: place)
    }
    for part in node.subtree { try validate(part, name, place) }
  }

  private func validate(
    _ node: RuleNode, _ name: String, _ place: RulePlace
  ) throws(RuleError) {
    switch node {
    case .keywords(let rule):
      if rule.words.isEmpty || rule.words.contains(where: { $0.allSatisfy(\.isWhitespace) }) {
        throw .emptyKeywords(name, place: place)
      }
    case .pattern(let rule):
      do {
        try CompiledPattern.check(rule.source, options: rule.options)
      } catch {
        throw .badPattern(name, error, place: place)
      }
    case .all(let parts, _), .any(let parts, _), .firstOf(let parts),
      .unless(_, let parts):
      if parts.isEmpty { throw .emptyCombination(name, kind: node.kind, place: place) }
    case .within(_, let inner):
      if inner.subtree.contains(where: { $0.pair != nil }) { throw .nestedPair(name, place: place) }
    case .prompt(let rule):
      if let problem = rule.problem { throw .badPrompt(name, problem: problem, place: place) }
    case .heuristic, .gazetteer, .keyLookup, .related, .pairHeuristic, .otherwise: break
    }
  }

  /// The columns of the corpus that the given functions read, sorted; slices count on behind the
  /// functions.
  public func fields(of functions: some Sequence<Int>) -> [String] {
    let definitions = self.definitions
    var names: Set<String> = []
    for node in functions.flatMap({ definitions[$0].node.subtree }) {
      switch node {
      case .heuristic(let rule): names.formUnion(rule.fields)
      case .keyLookup(let rule): names.insert(rule.field)
      default: names.formUnion(node.pair?.fields ?? [])
      }
    }
    return names.sorted()
  }

  /// The ways in which gazetteers compare the names of a knowledge base, each once.
  package func nameOptions(of base: String) -> [GazetteerOptions] {
    var options: Set<GazetteerOptions> = []
    for node in definitions.flatMap(\.node.subtree) {
      if case .gazetteer(let rule) = node, rule.base == base {
        options.insert(rule.options.spelling)
      }
      if node.pair?.base == base { options.insert([]) }
    }
    return options.sorted { $0.rawValue < $1.rawValue }
  }

  /// The knowledge bases that a function looks into, sorted; slices count on behind the functions.
  public func knowledgeBases(of function: Int) -> [String] {
    var names: Set<String> = []
    for node in definitions[function].node.subtree {
      switch node {
      case .gazetteer(let rule): names.insert(rule.base)
      case .keyLookup(let rule): names.insert(rule.base)
      case .related(let rule): names.insert(rule.base)
      default: break
      }
      if let base = node.pair?.base { names.insert(base) }
    }
    return names.sorted()
  }
}

extension RuleDefinition {
  /// The word for the kind of rule: keywords, pattern, heuristic, gazetteer, key-lookup, related,
  /// prompt, all, any or first-of.
  public var kind: String { node.kind }
}
