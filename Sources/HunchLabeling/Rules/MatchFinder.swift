import HunchText

/// Finds the words of a text on which a rule's vote rests, so that they can be shown.
///
/// Keywords, patterns and names of a knowledge base have places in the text; closures and look-ups
/// of other columns have none. Of the parts of a combined rule all places count, but for those of
/// its exceptions. This is for a few documents: nothing is shared between rules or texts.
public final class MatchFinder {
  /// The most matches of a pattern that are looked for.
  private static let limit = 100
  /// The most words of a name.
  private static let longestName = 12

  private var literals: [Literal] = []
  private var patterns: [CompiledPattern] = []
  private var bases: [KnowledgeBase] = []
  private let words: LiteralMatcher
  private let matcher = PatternMatcher()

  /// Prepares a rule of a pack.
  ///
  /// - Parameters:
  ///   - definition: The rule.
  ///   - knowledge: The knowledge bases by the name that rules use.
  public init(_ definition: RuleDefinition, knowledge: [String: KnowledgeBase]) {
    var literals: [Literal] = []
    var patterns: [CompiledPattern] = []
    var bases: [KnowledgeBase] = []
    Self.forEachPart(of: definition.node) { node in
      switch node {
      case .keywords(let rule):
        literals += rule.words.map {
          Literal(text: $0, wholeWords: rule.wholeWords, caseSensitive: rule.caseSensitive)
        }
      case .pattern(let rule):
        if let pattern = try? CompiledPattern(rule.source, options: rule.options) {
          patterns.append(pattern)
        }
      case .gazetteer(let rule):
        if let base = knowledge[rule.base] { bases.append(base) }
      default: break
      }
    }
    (self.literals, self.patterns, self.bases) = (literals, patterns, bases)
    words = LiteralMatcher(literals)
  }

  /// Whether the rule can have places in a text at all.
  public var isEmpty: Bool { literals.isEmpty && patterns.isEmpty && bases.isEmpty }

  private static func forEachPart(of node: RuleNode, _ body: (RuleNode) -> Void) {
    if case .unless(let inner, _) = node { return forEachPart(of: inner, body) }
    body(node)
    for part in node.parts { forEachPart(of: part, body) }
  }

  /// The byte ranges of a text in UTF-8 on which the vote rests, ascending, none touching another.
  ///
  /// - Complexity: O(bytes × patterns), and O(words) look-ups for each knowledge base.
  public func ranges(in text: String) -> [Range<Int>] {
    let batch = TextBatch([text])
    var ranges = keywordRanges(batch)
    for pattern in patterns {
      ranges += matcher.ranges(pattern, batch, document: 0, limit: Self.limit)
    }
    for base in bases { ranges += nameRanges(base, batch) }
    return Self.merged(ranges.filter { !$0.isEmpty })
  }

  private func keywordRanges(_ batch: TextBatch) -> [Range<Int>] {
    if literals.isEmpty { return [] }
    let places = Self.places(batch.bytes)
    return words.hits(in: batch, folded: CaseFolding.folded(batch))[0].map { hit in
      let (start, end) = (Int(hit.start), Int(hit.end))
      return literals[Int(hit.literal)].caseSensitive ? start..<end : places[start]..<places[end]
    }
  }

  /// For each byte of the folded text, and its end, the place of its scalar in the text itself.
  private static func places(_ bytes: [UInt8]) -> [Int] {
    var places: [Int] = []
    var index = 0
    var folded: [UInt8] = []
    while index < bytes.count {
      let (scalar, next) = UTF8Decoding.scalar(in: bytes, at: index)
      folded.removeAll(keepingCapacity: true)
      UTF8Decoding.encode(CharacterTable.fold(scalar), into: &folded)
      places += folded.map { _ in index }
      index = next
    }
    return places + [bytes.count]
  }

  /// Where the longest names of a base stand, from left to right.
  private func nameRanges(_ base: KnowledgeBase, _ batch: TextBatch) -> [Range<Int>] {
    let table = WordTable(batch)
    let (starts, ends) = (table.starts.map(Int.init), table.ends.map(Int.init))
    var ranges: [Range<Int>] = []
    var first = 0
    while first < starts.count {
      let last = (first..<min(starts.count, first + Self.longestName)).last { last in
        let name = String(decoding: batch.bytes[starts[first]..<ends[last]], as: UTF8.self)
        return !base.rows(forKey: name).isEmpty
      }
      if let last { ranges.append(starts[first]..<ends[last]) }
      first = (last ?? first) + 1
    }
    return ranges
  }

  private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var merged: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}
