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

  private var indexOfLiteral: [LiteralKey: Int32] = [:]
  private var leafOfWords: [Set<LiteralKey>: Int] = [:]
  private var leafOfGazetteer: [GazetteerRule: Int] = [:]
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
    var failure: RuleError?
    function.node.forEach { node in
      if failure == nil { failure = problem(node, function) }
    }
    if let failure { throw failure }
  }

  private func problem(_ node: RuleNode, _ function: RuleDefinition) -> RuleError? {
    let looked: (base: String, choice: KnowledgeChoice)
    switch node {
    case .gazetteer(let rule): looked = (rule.base, rule.choice)
    case .keyLookup(let rule): looked = (rule.base, rule.choice)
    default: return nil
    }
    do {
      let base = try base(named: looked.base, function)
      if case .fixed = looked.choice { return nil }
      _ = try votes(base, looked.choice, function)
      return nil
    } catch {
      return error
    }
  }

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
      var votes: [String: [Int16]] = [:]
      let rowVotes = try self.votes(base, rule.choice, function)
      for row in 0..<base.count {
        votes[CaseFolding.folded(base.key(ofRow: row)), default: []].append(rowVotes[row])
      }
      return .keyLookup(field: rule.field, separator: rule.separator, votes: votes)
    case .all(let parts, let vote):
      return .all(try compileAll(parts, function), vote: vote)
    case .any(let parts, let vote):
      return .any(try compileAll(parts, function), vote: vote)
    case .firstOf(let parts):
      return .firstOf(try compileAll(parts, function))
    case .unless(let inner, let exceptions):
      return .unless(
        try compile(inner, in: function), exceptions: try compileAll(exceptions, function))
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
    let key = PatternKey(
      source: Array(rule.source.utf8), options: rule.options, captures: rule.body != nil)
    let index: Int
    if let known = indexOfPattern[key] {
      index = known
    } else {
      do {
        index = patterns.count
        let pattern = try CompiledPattern(
          rule.source, options: rule.options, captures: key.captures)
        patterns.append(PlannedPattern(pattern: pattern, chainCount: 0))
      } catch {
        throw .badPattern(function.name ?? "", error, place: function.place)
      }
      indexOfPattern[key] = index
      if usesRequiredLiterals {
        plan(index, RequiredLiterals(of: rule.source, options: rule.options))
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
    let words = rule.words.map {
      Literal(text: $0, wholeWords: rule.wholeWords, caseSensitive: rule.caseSensitive)
    }
    let key = Set(words.map(LiteralKey.init))
    if let known = leafOfWords[key] { return .keywords(leaf: known, vote: rule.vote) }
    let leaf = leaves.count
    for word in words { uses.append((intern(word), .keyword(leaf: Int32(leaf)))) }
    leaves.append(.keywords)
    leafOfWords[key] = leaf
    return .keywords(leaf: leaf, vote: rule.vote)
  }

  private mutating func addGazetteer(
    _ rule: GazetteerRule, _ function: RuleDefinition
  ) throws(RuleError) -> CompiledNode {
    let base = try base(named: rule.base, function)
    let rowVotes = try votes(base, rule.choice, function)
    if let known = leafOfGazetteer[rule] { return .entities(leaf: known) }
    let leaf = leaves.count
    var entityOfName: [String: Int] = [:]
    var entities: [[Int16]] = []
    for row in 0..<base.count {
      let name = CaseFolding.folded(base.key(ofRow: row))
      if let entity = entityOfName[name] {
        entities[entity].append(rowVotes[row])
        continue
      }
      entityOfName[name] = entities.count
      let literal = intern(Literal(text: name, wholeWords: true, caseSensitive: false))
      uses.append((literal, .entity(leaf: Int32(leaf), entity: Int32(entities.count))))
      entities.append([rowVotes[row]])
    }
    leaves.append(.entities(entities))
    leafOfGazetteer[rule] = leaf
    return .entities(leaf: leaf)
  }

  // MARK: - Knowledge

  private func base(
    named name: String, _ function: RuleDefinition
  ) throws(RuleError) -> KnowledgeBase {
    if let base = knowledge[name] { return base }
    throw .missingKnowledge(
      function.name ?? "", base: name, known: knowledge.keys.sorted(), place: function.place)
  }

  /// The vote of each row of a base.
  private func votes(
    _ base: KnowledgeBase, _ choice: KnowledgeChoice, _ function: RuleDefinition
  ) throws(RuleError) -> [Int16] {
    let column: String
    switch choice {
    case .fixed(let vote): return [Int16](repeating: vote, count: base.count)
    case .column(let name), .mapped(let name, _): column = name
    }
    guard base.columns.contains(column) else {
      throw .missingKnowledgeColumn(
        function.name ?? "", base: base.name, source: base.source, column: column,
        known: base.columns, place: function.place)
    }
    var votes: [Int16] = []
    votes.reserveCapacity(base.count)
    for row in 0..<base.count {
      let value = base.value(row: row, column: column) ?? ""
      if case .mapped(_, let classes) = choice {
        votes.append(classes[value] ?? Vote.abstain)
      } else if let index = labels.firstIndex(of: value) {
        votes.append(Int16(index))
      } else if value.isEmpty {
        votes.append(Vote.abstain)
      } else {
        throw .unknownClass(
          function.name ?? "", base: base.name, source: base.source, row: row + 1, column: column,
          labels: labels, place: function.place)
      }
    }
    return votes
  }
}
