internal import HunchText

/// A text that stands in every match of a pattern, unless another of its clause does.
package struct RequiredLiteral: Hashable, Sendable {
  /// The folded text; never empty.
  package var text: [UInt8]
  /// Whether no ASCII word character can stand before it in a match's document.
  package var startsWord: Bool
  /// Whether no ASCII word character can stand behind it.
  package var endsWord: Bool

  package init(text: [UInt8], startsWord: Bool, endsWord: Bool) {
    (self.text, self.startsWord, self.endsWord) = (text, startsWord, endsWord)
  }
}

/// Literals of which every match contains at least one.
package struct RequiredClause: Equatable, Sendable {
  package var literals: [RequiredLiteral]
  /// The most characters between the start of a match and the start of the literal; `nil` if there
  /// is no such bound.
  package var lead: Int?
}

/// What every document that a pattern matches must contain (compare Cox, "Regular expression
/// matching with a trigram index", 2012, and RE2's `Prefilter`).
///
/// A chain is a list of clauses; every match contains a literal of each, in the chain's order and
/// without overlap. All chains are needed, and they say nothing of each other: those beyond the
/// first come from look-around.
///
/// For example, `\b(call|ring)\s+me.*\bfree` gives the chain {call, ring}, {me}, {free}, where the
/// literals of the first and last clause must begin a word.
package struct RequiredLiterals: Equatable, Sendable {
  /// The clauses of each chain; neither a chain nor a clause is empty.
  package var chains: [[RequiredClause]]

  /// Derives what a pattern requires; no chains if nothing is known.
  package init(of source: String, options: PatternOptions) {
    guard let node = PatternParser.parse(source, options: options) else {
      chains = []
      return
    }
    var derivation = RequirementDerivation()
    let main = derivation.chain(of: node, .open)
    chains = ([main] + derivation.asides).map { $0.filter(\.isSelective) }.filter { !$0.isEmpty }
  }
}

extension RequiredClause {
  /// Whether few enough documents contain a literal of the clause for it to be worth a look: not a
  /// single letter inside words, a blank or a mark of every sentence.
  fileprivate var isSelective: Bool {
    literals.allSatisfy { literal in
      guard let byte = literal.text.first, literal.text.count == 1 else {
        return literal.text.contains { !ASCIISet.space.contains($0) }
      }
      if ASCIISet.word.contains(byte) { return literal.startsWord && literal.endsWord }
      return !ASCIISet.space.contains(byte) && !".,'-".utf8.contains(byte)
    }
  }

  /// The clause without literals that another makes superfluous.
  fileprivate func reduced() -> RequiredClause {
    var kept: [RequiredLiteral] = []
    var furthest = 0
    for literal in Set(literals).sorted(by: RequiredLiteral.isBefore) {
      // Shorter ones come first, so what a literal contains is in `kept` already.
      if let start = kept.lazy.compactMap({ $0.start(in: literal) }).first {
        // Where the longer one would have been found, the shorter one is found further on.
        furthest = max(furthest, literal.text[..<start].count { $0 & 0xC0 != 0x80 })
      } else {
        kept.append(literal)
      }
    }
    return RequiredClause(literals: kept, lead: sum(lead, furthest))
  }

  /// How rare a document with a literal of the clause is likely to be; higher is better.
  fileprivate var selectivity: Int {
    isSelective ? (literals.map(\.text.count).min() ?? 0) * 1000 - literals.count : -1
  }
}

extension RequiredLiteral {
  fileprivate static func isBefore(_ one: RequiredLiteral, _ other: RequiredLiteral) -> Bool {
    if one.text.count != other.text.count { return one.text.count < other.text.count }
    if one.text != other.text { return one.text.lexicographicallyPrecedes(other.text) }
    let edges = (one.startsWord ? 1 : 0) + (one.endsWord ? 1 : 0)
    let otherEdges = (other.startsWord ? 1 : 0) + (other.endsWord ? 1 : 0)
    return edges != otherEdges ? edges < otherEdges : !one.startsWord && other.startsWord
  }

  /// The first byte offset in another literal at which this one is found wherever the other is.
  fileprivate func start(in other: RequiredLiteral) -> Int? {
    guard other.text.count >= text.count else { return nil }
    return (0...(other.text.count - text.count)).first { start in
      let end = start + text.count
      guard other.text[start..<end].elementsEqual(text) else { return false }
      let startIsFree =
        !startsWord
        || (start == 0 ? other.startsWord : !ASCIISet.word.contains(other.text[start - 1]))
      let endIsFree =
        !endsWord
        || (end == other.text.count ? other.endsWord : !ASCIISet.word.contains(other.text[end]))
      return startIsFree && endIsFree
    }
  }
}

/// What is known of the character on one side of a place in a match.
private enum Side {
  /// It is no ASCII word character, or the text ends there.
  case free
  /// Whatever is on the other side of what was looked at, which can be empty.
  case transparent
  case unknown
}

/// Walks through a pattern and collects clauses.
private struct RequirementDerivation {
  /// The most texts that parts next to each other are multiplied out to, and the most literals of
  /// a clause.
  static let maximumProduct = 64
  static let maximumLiterals = 1000

  /// The chains that look-around requires.
  var asides: [[RequiredClause]] = []

  /// The surroundings of a part: whether both neighbours are known to be no word characters.
  struct Context {
    var isStartFree: Bool
    var isEndFree: Bool
    static let open = Context(isStartFree: false, isEndFree: false)
  }

  // MARK: - Chains

  /// The clauses of everything that a node consumes, in order.
  mutating func chain(of node: PatternNode, _ context: Context) -> [RequiredClause] {
    switch node {
    case .scalar: return chain(ofItems: [node], context)
    case .sequence(let items): return chain(ofItems: items.flatMap(\.flattened), context)
    case .alternation(let branches):
      // Texts multiplied out do not tell where a word begins; each branch by itself does.
      if !node.assertsEdges, let texts = node.texts, !texts.contains([]), !texts.isEmpty {
        return [clause(of: texts, context, lead: 0)].compactMap { $0 }
      }
      return chain(ofBranches: branches, context)
    case .repeated(let inner, let min, let max):
      guard min > 0 else { return [] }
      var first = context
      if max != 1, inner.start == .unknown { first.isEndFree = false }
      return chain(of: inner, first)
    case .look(_, isNegative: false, let inner):
      let required = chain(of: inner, .open).map { RequiredClause(literals: $0.literals) }
      asides.append(required)
      return []
    case .set:
      guard let texts = node.texts else { return [] }
      return [clause(of: texts, context, lead: 0)].compactMap { $0 }
    case .look, .anchor, .boundary, .empty, .anything: return []
    }
  }

  private mutating func chain(
    ofItems items: [PatternNode], _ context: Context
  ) -> [RequiredClause] {
    var clauses: [RequiredClause] = []
    var index = 0
    var lead: Int? = 0
    while index < items.count {
      let run = self.run(items, from: index)
      let outer = Context(
        isStartFree: Self.isFree(items[..<index].lazy.reversed().map(\.end), context.isStartFree),
        isEndFree: Self.isFree(items[run.end...].lazy.map(\.start), context.isEndFree))
      if run.texts.contains([]) || (run.end == index + 1 && items[index].assertsEdges) {
        // Either nothing is required up to the end of the run, if there is one, or the only item
        // of the run tells more than its texts.
        clauses += chain(of: items[index], outer).map {
          RequiredClause(literals: $0.literals, lead: sum($0.lead, lead))
        }
      } else if let clause = clause(of: run.texts, outer, lead: lead) {
        clauses.append(clause)
      }
      for item in items[index..<run.end] { lead = sum(lead, item.maximumLength) }
      index = run.end
    }
    return clauses
  }

  /// The longest run of items that together have few texts; at least one item.
  ///
  /// An assertion is a run by itself or in the middle of one, never at its edge: there it tells
  /// where a word begins or ends.
  private func run(
    _ items: [PatternNode], from start: Int
  ) -> (texts: [[UInt8]], end: Int) {
    var texts: [[UInt8]] = [[]]
    var end = start
    if items[start].isEdge { return (texts, start + 1) }
    while end < items.count, let next = items[end].texts,
      texts.count * next.count <= Self.maximumProduct
    {
      // Alternatives without a letter, such as `( |^)`, tell where a word begins; multiplied in,
      // they would be lost.
      if next.count > 1, !next.contains(where: { $0.contains(where: ASCIISet.isLetterLike) }) {
        break
      }
      texts = texts.flatMap { text in next.map { text + $0 } }
      end += 1
    }
    while end > start, items[end - 1].isEdge { end -= 1 }
    return end == start ? ([[]], start + 1) : (texts, end)
  }

  private mutating func chain(
    ofBranches branches: [PatternNode], _ context: Context
  ) -> [RequiredClause] {
    var union = RequiredClause(literals: [], lead: 0)
    var isOrdered = true
    for branch in branches {
      let outerAsides = asides
      asides = []
      let main = chain(of: branch, context)
      let inside = asides.joined()
      asides = outerAsides
      let candidates = main.map { ($0, true) } + inside.map { ($0, false) }
      guard let best = candidates.max(by: { $0.0.selectivity < $1.0.selectivity }),
        best.0.isSelective
      else { return [] }
      union.literals += best.0.literals
      union.lead = best.0.lead.flatMap { lead in union.lead.map { max($0, lead) } }
      isOrdered = isOrdered && best.1
    }
    guard union.literals.count <= Self.maximumLiterals else { return [] }
    if isOrdered { return [union.reduced()] }
    asides.append([RequiredClause(literals: union.reduced().literals)])
    return []
  }

  private func clause(of texts: [[UInt8]], _ context: Context, lead: Int?) -> RequiredClause? {
    guard texts.count <= Self.maximumLiterals, !texts.contains([]) else { return nil }
    let literals = texts.map { text in
      RequiredLiteral(
        text: text,
        startsWord: context.isStartFree && ASCIISet.word.contains(text[0]),
        endsWord: context.isEndFree && ASCIISet.word.contains(text[text.count - 1]))
    }
    return RequiredClause(literals: literals, lead: lead).reduced()
  }

  /// Whether the nearest of some items that is not transparent leaves the side free.
  private static func isFree(_ sides: some Sequence<Side>, _ outer: Bool) -> Bool {
    for side in sides where side != .transparent { return side == .free }
    return outer
  }
}

private func sum(_ one: Int?, _ other: Int?) -> Int? {
  guard let one, let other else { return nil }
  return one + other
}

extension ASCIISet {
  fileprivate static func isLetterLike(_ byte: UInt8) -> Bool {
    byte >= 0x80 || word.contains(byte)
  }
}

extension PatternNode {
  fileprivate var flattened: [PatternNode] {
    if case .sequence(let items) = self { return items.flatMap(\.flattened) }
    return [self]
  }

  /// Whether the node asserts what stands on its two sides.
  fileprivate var isEdge: Bool { self == .anchor || self == .boundary }

  /// Whether there is such an assertion in the node, which its ``texts`` do not show.
  fileprivate var assertsEdges: Bool {
    switch self {
    case .anchor, .boundary: true
    case .sequence(let nodes), .alternation(let nodes): nodes.contains { $0.assertsEdges }
    case .repeated(let inner, _, _): inner.assertsEdges
    case .scalar, .set, .empty, .look, .anything: false
    }
  }

  /// Every text that the node matches, folded, if they are few and do not depend on the place;
  /// assertions count as empty, so that some of the texts may not match everywhere.
  fileprivate var texts: [[UInt8]]? {
    switch self {
    case .scalar(let scalar): return [Self.folded(scalar)]
    case .set(let set):
      guard let members = set.members, !members.isEmpty, members.count <= 8 else { return nil }
      return Self.distinct(members.map(Self.folded))
    case .sequence(let items):
      var texts: [[UInt8]] = [[]]
      for item in items {
        guard let next = item.texts,
          texts.count * next.count <= RequirementDerivation.maximumProduct
        else { return nil }
        texts = texts.flatMap { text in next.map { text + $0 } }
      }
      return Self.distinct(texts)
    case .alternation(let branches):
      var texts: [[UInt8]] = []
      for branch in branches {
        guard let more = branch.texts else { return nil }
        texts += more
      }
      return texts.count <= RequirementDerivation.maximumLiterals ? Self.distinct(texts) : nil
    case .repeated(let inner, let min, let max):
      guard let max, let texts = inner.texts else { return nil }
      if (min, max) == (1, 1) { return texts }
      if (min, max) == (0, 1) { return Self.distinct([[]] + texts) }
      guard min == max, texts.count == 1, max <= 8, texts[0].count <= 100 else { return nil }
      return [Array(repeatElement(texts[0], count: max).joined())]
    case .anchor, .boundary, .empty: return [[]]
    case .look, .anything: return nil
    }
  }

  /// The most characters that the node can match; `nil` without a bound.
  fileprivate var maximumLength: Int? {
    switch self {
    case .scalar, .set: return 1
    case .sequence(let items): return items.reduce(0) { sum($0, $1.maximumLength) }
    case .alternation(let branches):
      return branches.reduce(0) { longest, branch in
        guard let longest, let length = branch.maximumLength else { return nil }
        return max(longest, length)
      }
    case .repeated(let inner, _, let max):
      guard let length = inner.maximumLength else { return nil }
      if length == 0 { return 0 }
      guard let max, max <= 1000, length <= 1000 else { return nil }
      return length * max
    case .anchor, .boundary, .empty, .look: return 0
    case .anything: return nil
    }
  }

  /// What is known of the character before a place at which the node ends: the last of the node,
  /// or, where it can be empty, the one before the node.
  fileprivate var end: Side { side(isEnd: true) }

  /// What is known of the character behind a place at which the node begins.
  fileprivate var start: Side { side(isEnd: false) }

  private func side(isEnd: Bool) -> Side {
    switch self {
    case .scalar(let scalar): return PatternNode.side(of: ScalarSet(scalar))
    case .set(let set): return PatternNode.side(of: set)
    case .sequence(let items):
      for item in isEnd ? items.reversed() : items {
        let side = item.side(isEnd: isEnd)
        if side != .transparent { return side }
      }
      return .transparent
    case .alternation(let branches):
      let sides = branches.map { $0.side(isEnd: isEnd) }
      if sides.contains(.unknown) { return .unknown }
      return sides.contains(.transparent) ? .transparent : .free
    case .repeated(let inner, let min, _):
      let side = inner.side(isEnd: isEnd)
      return min == 0 && side == .free ? .transparent : side
    // `\b` beside a word character: the character on the other side is none.
    case .anchor, .boundary: return .free
    case .look(let isAhead, let isNegative, let inner):
      guard isAhead != isEnd else { return .transparent }
      if isNegative {
        if case .set(let set) = inner, set.certain.isSuperset(of: .word) { return .free }
        return .transparent
      }
      return inner.side(isEnd: isEnd) == .free ? .free : .transparent
    case .empty: return .transparent
    case .anything: return .unknown
    }
  }

  private static func side(of set: ScalarSet) -> Side {
    set.possible.isDisjoint(with: .word) ? .free : .unknown
  }

  private static func folded(_ scalar: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    UTF8Decoding.encode(CharacterTable.fold(scalar), into: &bytes)
    return bytes
  }

  private static func distinct(_ texts: [[UInt8]]) -> [[UInt8]] {
    var seen: Set<[UInt8]> = []
    return texts.filter { seen.insert($0).inserted }
  }
}
