import HunchText

/// Some functions of a pack, compiled so that one pass over the documents answers all of them.
public struct RuleProgram: Sendable {
  /// The pack's functions that the program runs, in order.
  public let functions: [Int]

  /// The columns of the corpus that a batch must carry.
  public let fields: [String]

  let labelCount: Int
  let matcher: LiteralMatcher
  /// For each literal, the leaf that it belongs to.
  let leafOfLiteral: [Int32]
  let leaves: [LiteralLeaf]
  let roots: [CompiledNode]

  /// Compiles functions of a pack.
  ///
  /// - Parameters:
  ///   - pack: The pack; ``RulePack/validate()`` has passed.
  ///   - functions: Which of its functions to run.
  ///   - knowledge: The knowledge bases by the name that rules use.
  /// - Throws: ``RuleError`` when a rule's pattern, knowledge base or class column is wrong.
  public init(
    _ pack: RulePack, functions: [Int], knowledge: [String: KnowledgeBase]
  ) throws(RuleError) {
    var compiler = RuleCompiler(labels: pack.labels, knowledge: knowledge)
    var roots: [CompiledNode] = []
    for function in functions {
      roots.append(try compiler.compile(pack.functions[function]))
    }
    self.functions = functions
    self.roots = roots
    fields = pack.fields(of: functions)
    labelCount = pack.labels.count
    leaves = compiler.leaves
    leafOfLiteral = compiler.leafOfLiteral
    matcher = LiteralMatcher(compiler.literals)
  }

  /// Makes what one thread needs to run the program.
  public func makeWorker() -> RuleWorker { RuleWorker(self) }
}

/// A rule ready to run.
indirect enum CompiledNode: Sendable {
  /// Keywords or a gazetteer: the votes of a leaf, filled by the scan.
  case leaf(Int)
  case pattern(CompiledPattern, vote: Int16)
  case match(CompiledPattern, @Sendable (PatternMatch) -> Int16)
  case heuristic(@Sendable (Document) -> Int16)
  case keyLookup(field: String, separator: Character?, votes: [String: [Int16]])
  case all([CompiledNode], vote: Int16)
  case any([CompiledNode], vote: Int16)
  case firstOf([CompiledNode])
  case unless(CompiledNode, exceptions: [CompiledNode])
}

/// The literals of one keyword rule or gazetteer, and what they vote.
enum LiteralLeaf: Sendable {
  /// Any occurrence votes this way.
  case anyOf(vote: Int16)
  /// The longest entities vote: for each literal from `first` on, the votes of its entries.
  case entities(first: Int32, votes: [[Int16]])
}

/// Turns rules into a program: collects literals, compiles patterns, resolves knowledge.
struct RuleCompiler {
  let labels: [String]
  let knowledge: [String: KnowledgeBase]
  private(set) var literals: [Literal] = []
  private(set) var leafOfLiteral: [Int32] = []
  private(set) var leaves: [LiteralLeaf] = []

  init(labels: [String], knowledge: [String: KnowledgeBase]) {
    self.labels = labels
    self.knowledge = knowledge
  }

  mutating func compile(_ function: RuleDefinition) throws(RuleError) -> CompiledNode {
    try compile(function.node, in: function)
  }

  private mutating func compile(
    _ node: RuleNode, in function: RuleDefinition
  ) throws(RuleError) -> CompiledNode {
    switch node {
    case .keywords(let rule):
      return addKeywords(rule)
    case .pattern(let rule):
      return try compilePattern(rule, function)
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

  private func compilePattern(
    _ rule: PatternRule, _ function: RuleDefinition
  ) throws(RuleError) -> CompiledNode {
    do {
      if let body = rule.body {
        return .match(
          try CompiledPattern(rule.source, options: rule.options, captures: true), body)
      }
      return .pattern(try CompiledPattern(rule.source, options: rule.options), vote: rule.vote)
    } catch {
      throw .badPattern(function.name ?? "", error, place: function.place)
    }
  }

  private mutating func addKeywords(_ rule: KeywordRule) -> CompiledNode {
    for word in rule.words {
      literals.append(
        Literal(text: word, wholeWords: rule.wholeWords, caseSensitive: rule.caseSensitive))
      leafOfLiteral.append(Int32(leaves.count))
    }
    leaves.append(.anyOf(vote: rule.vote))
    return .leaf(leaves.count - 1)
  }

  private mutating func addGazetteer(
    _ rule: GazetteerRule, _ function: RuleDefinition
  ) throws(RuleError) -> CompiledNode {
    let base = try base(named: rule.base, function)
    let rowVotes = try votes(base, rule.choice, function)
    let first = Int32(literals.count)
    var indexOfName: [String: Int] = [:]
    var entityVotes: [[Int16]] = []
    for row in 0..<base.count {
      let name = CaseFolding.folded(base.key(ofRow: row))
      if let index = indexOfName[name] {
        entityVotes[index].append(rowVotes[row])
        continue
      }
      indexOfName[name] = entityVotes.count
      entityVotes.append([rowVotes[row]])
      literals.append(Literal(text: name, wholeWords: true, caseSensitive: false))
      leafOfLiteral.append(Int32(leaves.count))
    }
    leaves.append(.entities(first: first, votes: entityVotes))
    return .leaf(leaves.count - 1)
  }

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
