import HunchText

/// Some functions of a pack, compiled so that one pass over the documents answers all of them.
public struct RuleProgram: Sendable {
  /// The pack's functions and slices that the program runs, in order.
  public let functions: [Int]

  /// The columns of the corpus that a batch must carry.
  public let fields: [String]

  let labelCount: Int
  let roots: [CompiledNode]
  let leaves: [LiteralLeaf]
  let patterns: [PlannedPattern]
  let chains: [PlannedChain]
  /// For each pattern, the most characters from the start of a match to the first literal of the
  /// chain that says so.
  let leads: [Int]
  let matcher: LiteralMatcher
  let uses: LiteralUses
  let keywords: PlainKeywords
  let pairs: PairProgram

  /// Compiles functions of a pack.
  ///
  /// - Parameters:
  ///   - pack: The pack; ``RulePack/validate()`` has passed.
  ///   - functions: Which of its functions to run; slices count on behind them.
  ///   - knowledge: The knowledge bases by the name that rules use.
  /// - Throws: ``RuleError`` when a rule's pattern, knowledge base or class column is wrong.
  public init(
    _ pack: RulePack, functions: [Int], knowledge: [String: KnowledgeBase]
  ) throws(RuleError) {
    try self.init(pack, functions: functions, knowledge: knowledge, usesRequiredLiterals: true)
  }

  /// Compiles functions, if wanted so that every pattern is tried on every document.
  package init(
    _ pack: RulePack, functions: [Int], knowledge: [String: KnowledgeBase],
    usesRequiredLiterals: Bool
  ) throws(RuleError) {
    var compiler = RuleCompiler(
      labels: pack.labels, knowledge: knowledge, usesRequiredLiterals: usesRequiredLiterals)
    let definitions = pack.definitions
    var roots: [CompiledNode] = []
    for function in functions {
      roots.append(try compiler.compile(definitions[function]))
    }
    self.init(
      compiler, functions: functions, fields: pack.fields(of: functions), roots: roots,
      labelCount: pack.labels.count)
  }

  /// Takes over what was compiled.
  init(
    _ compiler: RuleCompiler, functions: [Int], fields: [String], roots: [CompiledNode],
    labelCount: Int
  ) {
    self.functions = functions
    self.fields = fields
    self.roots = roots
    self.labelCount = labelCount
    leaves = compiler.leaves
    patterns = compiler.patterns
    chains = compiler.chains
    leads = patterns.indices.map { pattern in
      compiler.chains.first { Int($0.pattern) == pattern && $0.lead >= 0 }.map { Int($0.lead) } ?? 0
    }
    matcher = LiteralMatcher(compiler.literals)
    uses = LiteralUses(compiler.uses, literalCount: compiler.literals.count)
    keywords = PlainKeywords(compiler.literals, compiler.uses)
    pairs = compiler.pairs.program(labelCount: labelCount)
  }

  /// Makes what one thread needs to run the program.
  public func makeWorker() -> RuleWorker { RuleWorker(self) }

  /// Checks that the knowledge bases that a pack's rules look into are there and have the columns
  /// and classes that the rules need, without building anything.
  ///
  /// - Throws: ``RuleError`` for the first rule that cannot be run.
  /// - Complexity: O(rows of the bases with a class column).
  public static func check(
    _ pack: RulePack, knowledge: [String: KnowledgeBase]
  ) throws(RuleError) {
    let compiler = RuleCompiler(
      labels: pack.labels, knowledge: knowledge, usesRequiredLiterals: false)
    for definition in pack.definitions { try compiler.check(definition) }
  }
}

/// A rule ready to run. Equal keyword rules, gazetteers and patterns share a leaf or a pattern.
indirect enum CompiledNode: Sendable {
  /// Keywords: the class for a document with any of a leaf's literals.
  case keywords(leaf: Int, vote: Int16)
  /// A gazetteer: the entities that are named vote.
  case entities(leaf: Int, votes: EntityVotes)
  case pattern(Int, vote: Int16)
  case match(Int, @Sendable (PatternMatch) -> Int16)
  case heuristic(@Sendable (Document) -> Int16)
  case keyLookup(
    field: String, separator: Character?, base: KnowledgeBase, votes: EntityVotes)
  case all([CompiledNode], vote: Int16)
  case any([CompiledNode], vote: Int16)
  case firstOf([CompiledNode])
  case unless(CompiledNode, exceptions: [CompiledNode])
  /// A rule of a region's own program.
  case within(region: Int, root: Int)
  case related(
    finder: Int, KnownRelations, vote: Int16, (@Sendable (RelationRow) -> Int16)?)
  case pairHeuristic(finder: Int, @Sendable (MentionedPair) -> Int16)
}

/// The literals of keyword rules, or the names of a gazetteer.
enum LiteralLeaf: Sendable {
  case keywords
  case names(NamesLeaf)
}

/// The names of a base, compared in one way, and how they are looked for.
struct NamesLeaf: Sendable {
  enum Search {
    /// With all other literals.
    case asLiterals
    /// By their index, in documents that have the longest word of a name.
    case whereHinted
    /// By their index, in every document.
    case everywhere
  }

  var names: NameIndex
  var options: GazetteerOptions
  var search: Search

  /// The bytes of names that may stand among the literals.
  private static let mostLiteralBytes = 1 << 16

  /// Few names cost next to nothing among the literals, but these know nothing of runs of white
  /// space, of diacritics that do not matter, and of names inside others.
  static func search(_ names: NameIndex, _ options: GazetteerOptions) -> Search {
    if names.spellingBytes > mostLiteralBytes || options.contains(.ignoringDiacritics) {
      return .everywhere
    }
    return names.hasSpaces || options.contains(.overlapping) ? .whereHinted : .asLiterals
  }
}

/// A pattern and what a document must contain for it to match.
struct PlannedPattern: Sendable {
  var pattern: CompiledPattern
  /// How many chains must be complete; with none the pattern is tried on every document.
  var chainCount: Int32
}

/// A ``RequiredLiterals`` chain at work.
struct PlannedChain: Sendable {
  var pattern: Int32
  /// The literals of each clause but the last.
  var earlierClauses: [[Int32]]
  /// The most characters from the start of a match to the first clause's literal, or -1.
  var lead: Int32
}

/// What an occurrence of a literal leads to.
enum LiteralUse: Sendable {
  /// A leaf's keyword is in the document. One that is plain counts where the document is; the others
  /// are searched in their plain form.
  case keyword(leaf: Int32, isPlain: Bool)
  case entity(leaf: Int32, entity: Int32)
  /// A name may be in the document.
  case hint(leaf: Int32)
  /// A chain may be complete; not where the one literal of its first clause,
  /// `opening`, was not found (-1: there is none, or there are several).
  case lastClause(chain: Int32, opening: Int32)
}

/// The uses of each literal, in one array.
struct LiteralUses: Sendable {
  private var starts: [Int32]
  private var uses: [LiteralUse] = []

  init(_ pairs: [(literal: Int32, use: LiteralUse)], literalCount: Int) {
    var next = [Int32](repeating: 0, count: literalCount + 1)
    for (literal, _) in pairs { next[Int(literal) + 1] += 1 }
    for literal in 0..<literalCount { next[literal + 1] += next[literal] }
    starts = next
    var placed = [LiteralUse?](repeating: nil, count: pairs.count)
    for (literal, use) in pairs {
      placed[Int(next[Int(literal)])] = use
      next[Int(literal)] += 1
    }
    uses = placed.compactMap { $0 }
  }

  var literalCount: Int { starts.count - 1 }

  /// The indices of a literal's uses.
  @inline(__always)
  func indices(of literal: Int32) -> Range<Int> {
    Int(starts[Int(literal)])..<Int(starts[Int(literal) + 1])
  }

  @inline(__always)
  subscript(index: Int) -> LiteralUse { uses[index] }
}

/// The keywords that are looked for in the plain forms of texts; see ``PlainText``.
struct PlainKeywords: Sendable {
  let needs: PlainText.Needs
  let matcher: LiteralMatcher
  /// For each literal of the matcher its number in the program.
  let literals: [Int32]

  init(_ all: [Literal], _ uses: [(literal: Int32, use: LiteralUse)]) {
    var (needs, used) = (PlainText.Needs(), Set<Int32>())
    for case (let literal, .keyword(_, isPlain: true)) in uses where used.insert(literal).inserted {
      needs.formUnion(PlainText.Needs(all[Int(literal)].text))
    }
    self.needs = needs
    literals = used.sorted()
    matcher = LiteralMatcher(literals.map { all[Int($0)] })
  }
}
