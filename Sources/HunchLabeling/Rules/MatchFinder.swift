import HunchText

/// Finds the words of a text on which a rule's vote rests, so that they can be shown.
///
/// Keywords, patterns and names of a knowledge base have places in the text; closures and look-ups
/// of other columns have none. Of the parts of a combined rule all places count, but for those of
/// its exceptions. This is for a few documents: nothing is shared between rules or texts.
public final class MatchFinder {
  /// The most matches of a pattern that are looked for.
  private static let limit = 100
  private var literals: [Literal] = []
  private var patterns: [CompiledPattern] = []
  private var names: [(finder: MentionFinder, votes: (Int) -> Bool)] = []
  private var regions: [RegionMatches] = []
  private var words = LiteralMatcher([])

  /// The matches of a rule inside a region.
  private struct RegionMatches {
    var pair: PairFinder
    var extent: PairRegion.Extent
    var finder: MatchFinder
  }
  private let matcher = PatternMatcher()

  /// Prepares a rule of a pack.
  ///
  /// - Parameters:
  ///   - definition: The rule.
  ///   - knowledge: The knowledge bases by the name that rules use.
  public convenience init(_ definition: RuleDefinition, knowledge: [String: KnowledgeBase]) {
    self.init(definition.node, knowledge)
  }

  private init(_ root: RuleNode, _ knowledge: [String: KnowledgeBase]) {
    for node in Self.parts(of: root) {
      switch node {
      case .keywords(let rule):
        literals += rule.words.map {
          Literal(
            text: PlainText.keyword($0).text, wholeWords: rule.wholeWords,
            caseSensitive: rule.caseSensitive)
        }
      case .pattern(let rule):
        if let pattern = try? CompiledPattern(
          ComposedText.composed(rule.source), options: rule.options)
        {
          patterns.append(pattern)
        }
      case .gazetteer(let rule):
        guard let base = knowledge[rule.base] else { continue }
        let finder = MentionFinder(base.names(for: rule.options), options: rule.options)
        names.append((finder, { Self.votes(rule, base, row: $0) }))
      case .within(let region, let inner):
        let entities = region.pair.base.flatMap { knowledge[$0] }.map(EntityNames.init)
        regions.append(
          RegionMatches(
            pair: PairFinder(pair: region.pair, names: entities), extent: region.extent,
            finder: MatchFinder(inner, knowledge)))
      default: break
      }
    }
    words = LiteralMatcher(literals)
  }

  /// Whether the rule can have places in a text at all.
  public var isEmpty: Bool {
    literals.isEmpty && patterns.isEmpty && names.isEmpty
      && regions.allSatisfy { $0.finder.isEmpty }
  }

  private static func parts(of node: RuleNode) -> [RuleNode] {
    switch node {
    case .unless(let inner, _): parts(of: inner)
    // What is inside a region is looked for there alone.
    case .within: [node]
    default: [node] + node.parts.flatMap(parts)
    }
  }

  /// The byte ranges of a text in UTF-8 on which the vote rests, ascending, none touching another.
  ///
  /// - Complexity: O(bytes × patterns), and O(bytes) for each knowledge base.
  public func ranges(in text: String) -> [Range<Int>] {
    let batch = TextBatch([text])
    let composed = TextForm(batch.bytes).applying(ComposedText.compose)
    var ranges = keywordRanges(composed)
    let composedBatch = Self.batch(composed)
    for pattern in patterns {
      ranges += matcher.ranges(pattern, composedBatch, document: 0, limit: Self.limit)
        .map(composed.original)
    }
    for (finder, votes) in names {
      for mention in finder.mentions(in: batch)[0]
      where finder.names.rows(of: mention.entity).contains(where: { votes(Int($0)) }) {
        ranges.append(mention.range)
      }
    }
    for region in regions { ranges += regionRanges(region, batch) }
    return Self.merged(ranges.filter { !$0.isEmpty })
  }

  /// The places inside a region, in a text whose pair has markers or is found by its names.
  private func regionRanges(_ region: RegionMatches, _ batch: TextBatch) -> [Range<Int>] {
    let store = DocumentStore(DocumentBatch(texts: batch))
    let document = Document(store: store, index: 0)
    let places = region.pair.find(in: store.batch).places[0]
    guard
      let range = places?.range(
        of: region.extent, words: { document.wordPlaces }, end: document.byteCount)
    else { return [] }
    return region.finder.ranges(in: document.text(inBytes: range)).map {
      $0.lowerBound + range.lowerBound..<$0.upperBound + range.lowerBound
    }
  }

  /// Plain keywords are found in the plain form, the few others in the text as it is.
  private func keywordRanges(_ composed: TextForm) -> [Range<Int>] {
    if literals.isEmpty { return [] }
    var found: [Range<Int>] = []
    let plain = composed.applying(PlainText.write)
    for (form, isPlain) in [(plain, true), (composed, false)] {
      let folded = form.folded()
      for hit in words.hits(in: Self.batch(form), folded: Self.batch(folded))[0] {
        let literal = literals[Int(hit.literal)]
        guard PlainText.keyword(literal.text).isPlain == isPlain else { continue }
        found.append(
          (literal.caseSensitive ? form : folded).original(of: Int(hit.start)..<Int(hit.end)))
      }
    }
    return found
  }

  private static func batch(_ form: TextForm) -> TextBatch {
    var batch = TextBatch()
    batch.append(repairing: form.bytes)
    return batch
  }

  /// Whether a row is one that a gazetteer asks for; of its class nothing is known here.
  private static func votes(_ rule: GazetteerRule, _ base: KnowledgeBase, row: Int) -> Bool {
    if let body = rule.body {
      return EntityClosure(base: base, body: body).vote(row: row) != Vote.abstain
    }
    guard let filter = rule.filter else { return true }
    return base.values(row: row, column: filter.column).contains {
      filter.values.contains(KnowledgeText.trimmed($0))
    }
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
