import HunchText

/// Turns rules into a program: collects literals, compiles patterns, resolves knowledge. What two
/// rules have in common is compiled once.
struct RuleCompiler {
  private let labels: [String]
  private let knowledge: [String: KnowledgeBase]
  private let usesRequiredLiterals: Bool

  private(set) var literals: [Literal] = []
  private(set) var uses: [(literal: Int32, use: LiteralUse)] = []
  private(set) var leaves: [LiteralLeaf] = []
  private(set) var patterns: [PlannedPattern] = []
  private(set) var chains: [PlannedChain] = []
  private(set) var pairs = PairCompiler()

  private var indexOfLiteral: [LiteralKey: Int32] = [:]
  private var leafOfWords: [Set<LiteralKey>: Int] = [:]
  private var leafOfNames: [NamesKey: Int] = [:]
  private var indexOfPattern: [PatternKey: Int] = [:]

  // Keys hold bytes: as strings, composed and decomposed spellings are equal.

  private struct LiteralKey: Hashable {
    var text: [UInt8]
    var kind: Literal.Kind
    var caseSensitive: Bool

    init(_ literal: Literal) {
      text = Array(literal.text.utf8)
      (kind, caseSensitive) = (literal.kind, literal.caseSensitive)
    }
  }

  private struct PatternKey: Hashable {
    var source: [UInt8]
    var options: PatternOptions
    var captures: Bool
  }

  private struct NamesKey: Hashable {
    var base: String
    var options: GazetteerOptions
  }

  init(labels: [String], knowledge: [String: KnowledgeBase], usesRequiredLiterals: Bool) {
    self.labels = labels
    self.knowledge = knowledge
    self.usesRequiredLiterals = usesRequiredLiterals
  }

  mutating func compile(_ function: RuleDefinition) throws(RuleError) -> CompiledNode {
    try compile(function.node, in: function)
  }

  /// Checks what a function needs of the knowledge bases.
  func check(_ function: RuleDefinition) throws(RuleError) {
    for node in function.node.subtree {
      switch node {
      case .gazetteer(let rule):
        try votes.check(rule, try base(named: rule.base, function), function)
      case .keyLookup(let rule):
        try votes.check(rule.choice, try base(named: rule.base, function), function)
      case .related(let rule):
        _ = try base(relating: rule, function)
      default: break
      }
      if let name = node.pair?.base { _ = try base(named: name, function) }
    }
  }

  private var votes: EntityVoteCompiler { EntityVoteCompiler(labels: labels) }

  private mutating func compile(
    _ node: RuleNode, in function: RuleDefinition
  ) throws(RuleError) -> CompiledNode {
    switch node {
    case .keywords(let rule):
      return addKeywords(rule)
    case .pattern(let rule):
      return try addPattern(rule, function)
    case .heuristic(let rule):
      return .heuristic(rule.body)
    case .gazetteer(let rule):
      return try addGazetteer(rule, function)
    case .keyLookup(let rule):
      let base = try base(named: rule.base, function)
      return .keyLookup(
        field: rule.field, separator: rule.separator, base: base,
        votes: try votes.votes(rule.choice, base, function))
    case .prompt, .otherwise:
      // Answers stand in the workspace, and the votes of others are not known yet.
      return .heuristic { _ in Vote.abstain }
    case .all(let parts, let vote):
      return .all(try compileAll(parts, function), vote: vote)
    case .any(let parts, let vote):
      return .any(try compileAll(parts, function), vote: vote)
    case .firstOf(let parts):
      return .firstOf(try compileAll(parts, function))
    case .unless(let inner, let exceptions):
      return .unless(
        try compile(inner, in: function), exceptions: try compileAll(exceptions, function))
    case .within(let region, let inner):
      let finder = try addPair(region.pair, function)
      let empty = RuleCompiler(
        labels: labels, knowledge: knowledge, usesRequiredLiterals: usesRequiredLiterals)
      return try pairs.add(region, finder: finder, empty: empty) {
        (compiler) throws(RuleError) in try compiler.compile(inner, in: function)
      }
    case .pairHeuristic(let rule):
      return .pairHeuristic(finder: try addPair(rule.pair, function), rule.body)
    case .related(let rule):
      let finder = try addPair(rule.pair, function)
      let relations = KnownRelations(
        try base(relating: rule, function), rule, names: pairs.finders[finder].names)
      return .related(finder: finder, relations, vote: rule.vote, rule.body)
    }
  }

  private mutating func compileAll(
    _ nodes: [RuleNode], _ function: RuleDefinition
  ) throws(RuleError) -> [CompiledNode] {
    var compiled: [CompiledNode] = []
    for node in nodes { compiled.append(try compile(node, in: function)) }
    return compiled
  }

  // MARK: - Patterns

  private mutating func addPattern(
    _ rule: PatternRule, _ function: RuleDefinition
  ) throws(RuleError) -> CompiledNode {
    // Texts are searched composed, so a pattern is read so, too.
    let source = ComposedText.composed(rule.source)
    let key = PatternKey(
      source: Array(source.utf8), options: rule.options, captures: rule.body != nil)
    let index: Int
    if let known = indexOfPattern[key] {
      index = known
    } else {
      do {
        index = patterns.count
        let pattern = try CompiledPattern(
          source, options: rule.options, captures: key.captures)
        patterns.append(PlannedPattern(pattern: pattern, chainCount: 0))
      } catch {
        throw .badPattern(function.name ?? "", error, place: function.place)
      }
      indexOfPattern[key] = index
      if usesRequiredLiterals {
        plan(index, RequiredLiterals(of: source, options: rule.options))
      }
    }
    return rule.body.map { .match(index, $0) } ?? .pattern(index, vote: rule.vote)
  }

  private mutating func plan(_ pattern: Int, _ required: RequiredLiterals) {
    for clauses in required.chains {
      let literals = clauses.map { clause in clause.literals.map { intern(Literal($0)) } }
      let opening = literals.count > 1 && literals[0].count == 1 ? literals[0][0] : -1
      for literal in literals[literals.count - 1] {
        uses.append((literal, .lastClause(chain: Int32(chains.count), opening: opening)))
      }
      let lead = clauses[0].lead.flatMap { Int32(exactly: $0) } ?? -1
      chains.append(
        PlannedChain(
          pattern: Int32(pattern), earlierClauses: Array(literals.dropLast()), lead: lead))
    }
    patterns[pattern].chainCount = Int32(required.chains.count)
  }

  // MARK: - Keywords and gazetteers

  private mutating func intern(_ literal: Literal) -> Int32 {
    let key = LiteralKey(literal)
    if let known = indexOfLiteral[key] { return known }
    let index = Int32(literals.count)
    indexOfLiteral[key] = index
    literals.append(literal)
    return index
  }

  private mutating func addKeywords(_ rule: KeywordRule) -> CompiledNode {
    let words = rule.words.map(PlainText.keyword)
    let literals = words.map {
      Literal(text: $0.text, wholeWords: rule.wholeWords, caseSensitive: rule.caseSensitive)
    }
    let key = Set(literals.map(LiteralKey.init))
    if let known = leafOfWords[key] { return .keywords(leaf: known, vote: rule.vote) }
    let leaf = leaves.count
    for (word, literal) in zip(words, literals) {
      uses.append((intern(literal), .keyword(leaf: Int32(leaf), isPlain: word.isPlain)))
    }
    leaves.append(.keywords)
    leafOfWords[key] = leaf
    return .keywords(leaf: leaf, vote: rule.vote)
  }

  private mutating func addGazetteer(
    _ rule: GazetteerRule, _ function: RuleDefinition
  ) throws(RuleError) -> CompiledNode {
    let base = try base(named: rule.base, function)
    let votes = try votes.votes(rule, base, function)
    let key = NamesKey(base: rule.base, options: rule.options)
    if let known = leafOfNames[key] { return .entities(leaf: known, votes: votes) }
    let leaf = leaves.count
    let names = base.names(for: rule.options)
    let search = NamesLeaf.search(names, rule.options)
    if search != .everywhere {
      for spelling in 0..<names.spellingCount {
        let text = names.spelling(spelling)
        let words = text.utf8.split(separator: 0x20)
        let isCased = rule.options.contains(.caseSensitive)
        if search == .asLiterals {
          let literal = intern(Literal(text: text, wholeWords: true, caseSensitive: isCased))
          uses.append(
            (literal, .entity(leaf: Int32(leaf), entity: Int32(names.entity(of: spelling)))))
        } else if let word = words.max(by: { $0.count < $1.count }) {
          let literal = intern(
            Literal(
              text: String(decoding: word, as: UTF8.self), wholeWords: true,
              caseSensitive: isCased))
          uses.append((literal, .hint(leaf: Int32(leaf))))
        }
      }
    }
    leaves.append(.names(NamesLeaf(names: names, options: rule.options, search: search)))
    leafOfNames[key] = leaf
    return .entities(leaf: leaf, votes: votes)
  }

  private mutating func addPair(
    _ pair: MentionPair, _ function: RuleDefinition
  ) throws(RuleError) -> Int {
    var names: KnowledgeBase?
    if let name = pair.base { names = try base(named: name, function) }
    return pairs.add(pair, base: names)
  }

  // MARK: - Knowledge

  /// The base of a rule about known relations, with the columns that it needs.
  private func base(
    relating rule: RelatedRule, _ function: RuleDefinition
  ) throws(RuleError) -> KnowledgeBase {
    let base = try base(named: rule.base, function)
    for column in [rule.from, rule.to] { _ = try votes.place(of: column, base, function) }
    return base
  }

  private func base(
    named name: String, _ function: RuleDefinition
  ) throws(RuleError) -> KnowledgeBase {
    if let base = knowledge[name] { return base }
    throw .missingKnowledge(
      function.name ?? "", base: name, known: knowledge.keys.sorted(), place: function.place)
  }
}
