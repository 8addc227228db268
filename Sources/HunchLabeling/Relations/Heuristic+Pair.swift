extension Heuristic {
  /// Makes a labeling function from a closure over a pair of mentions.
  ///
  /// It abstains on documents in which the mentions are not found.
  ///
  /// For example:
  ///
  ///     Heuristic("same_country", over: pair) { pair in
  ///       pair.first["country"] == pair.second["country"] ? nil : .other
  ///     }
  public init(
    _ name: String, over pair: MentionPair,
    fileID: String = #fileID, line: Int = #line, column: Int = #column,
    body: @escaping @Sendable (MentionedPair) -> Label?
  ) {
    let index = LabelIndex<Label>()
    let rule = PairHeuristicRule(pair: pair, isCondition: false) { index(body($0)) }
    definition = RuleDefinition(name, RulePlace(fileID, line, column), .pairHeuristic(rule))
  }

  /// Makes a part of a combined rule from a condition on a pair of mentions.
  public init(
    over pair: MentionPair, fileID: String = #fileID, line: Int = #line, column: Int = #column,
    where condition: @escaping @Sendable (MentionedPair) -> Bool
  ) {
    let rule = PairHeuristicRule(pair: pair, isCondition: true) {
      condition($0) ? Vote.fires : Vote.abstain
    }
    definition = RuleDefinition(nil, RulePlace(fileID, line, column), .pairHeuristic(rule))
  }
}

/// The data of a ``Heuristic`` over a pair.
package struct PairHeuristicRule: Sendable {
  package var pair: MentionPair
  package var isCondition: Bool
  package var body: @Sendable (MentionedPair) -> Int16
}

/// Two mentions in a document, as a `Heuristic(_:over:)` sees them.
///
/// Only valid inside the closure that gets it.
public struct MentionedPair {
  /// The document that they stand in.
  public let document: Document

  /// The pair's first entity, wherever it stands in the text.
  public let first: MentionedEntity

  /// The pair's second entity.
  public let second: MentionedEntity

  let places: PairPlaces

  /// Whether the second entity stands before the first.
  public var isReversed: Bool { places.second.lowerBound < places.first.lowerBound }

  /// The text between the two mentions. O(its length).
  public var between: String { text(.between) }

  /// The number of words between the two mentions.
  ///
  /// - Complexity: O(words of the document).
  public var wordsBetween: Int { places.count(between: document.wordPlaces) }

  /// The last words before the mention that comes first, as one text.
  public func before(words: Int) -> String { text(.before(words)) }

  /// The first words behind the mention that comes last, as one text.
  public func after(words: Int) -> String { text(.after(words)) }

  private func text(_ extent: PairRegion.Extent) -> String {
    let range = places.range(of: extent, words: { document.wordPlaces }, end: document.byteCount)
    return range.map(document.text(inBytes:)) ?? ""
  }
}

/// One mention of an entity.
public struct MentionedEntity {
  /// What stands in the text: a name, or a marker.
  public let text: String

  /// What the corpus's column holds, or what stands in the text where no column names the entity.
  public let name: String

  let base: KnowledgeBase?
  let rows: [Int]

  /// The key of the entity in the pair's knowledge base; `nil` where the base does not know it, or
  /// the name belongs to several.
  public var key: String? {
    guard let base, let row = rows.first else { return nil }
    let key = base.key(ofRow: row)
    return rows.allSatisfy { base.key(ofRow: $0) == key } ? key : nil
  }

  /// An attribute of the entity: the text of a column of the pair's knowledge base, from the
  /// first row that the name belongs to. `nil` where the base does not know the entity, or has no
  /// such column.
  public subscript(column: String) -> String? {
    guard let base, let row = rows.first else { return nil }
    return base.value(row: row, column: column)
  }
}

extension Document {
  /// Where the words stand, in bytes from the beginning of the text.
  var wordPlaces: [Range<Int>] { store.wordTable.places(in: index, of: store.batch.texts) }

  func text(inBytes range: Range<Int>) -> String {
    String(decoding: store.batch.texts.bytes(range, of: index), as: UTF8.self)
  }
}
