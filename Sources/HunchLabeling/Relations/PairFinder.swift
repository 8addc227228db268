internal import HunchText

/// A ``MentionPair`` at work: tells which entities a document's pair is about and where they stand.
struct PairFinder: Sendable {
  let pair: MentionPair
  /// The entities of the pair's base.
  let names: EntityNames?

  struct Entities: Sendable {
    var first: Named
    var second: Named
  }

  /// An entity as a document names it.
  struct Named: Sendable {
    /// What the column holds, or what stands in the text.
    var name: String
    /// The rows of the base that have the name.
    var rows: [Int]
  }

  /// What is known of the pairs of a batch; each document has its own, or none.
  struct Findings: Sendable {
    var entities: [Entities?]
    var places: [PairPlaces?]
  }

  /// Finds the pair of every document of a batch.
  ///
  /// - Complexity: O(bytes + names of the documents' entities).
  func find(in batch: DocumentBatch) -> Findings {
    guard case .columns(let first, let second) = pair.source else { return findInText(batch.texts) }
    let (ones, others) = (named(first, batch), named(second, batch))
    let entities = zip(ones, others).map { first, second in
      first.flatMap { first in second.map { Entities(first: first, second: $0) } }
    }
    return Findings(entities: entities, places: locate(entities, in: batch.texts))
  }

  private func named(_ column: String, _ batch: DocumentBatch) -> [Named?] {
    let cells = batch.fields[column] ?? Array(repeating: .null, count: batch.texts.count)
    let texts = cells.map { String(field: $0) ?? "" }
    let rows = names?.rows(named: texts) ?? Array(repeating: [], count: texts.count)
    return zip(texts, rows).map { text, rows in
      text.allSatisfy(\.isWhitespace) ? nil : Named(name: text, rows: rows)
    }
  }

  // MARK: - Pairs that columns name

  private static let markers = LiteralMatcher([
    Literal(text: MentionPair.firstMarker, wholeWords: true, caseSensitive: true),
    Literal(text: MentionPair.secondMarker, wholeWords: true, caseSensitive: true),
  ])

  private func locate(_ entities: [Entities?], in texts: TextBatch) -> [PairPlaces?] {
    // Markers are case-sensitive: the folded text is not looked at.
    var places = Self.markers.hits(in: texts, folded: texts).map { hits in
      PairPlaces(
        first: hits.filter { $0.literal == 0 }.map(\.range),
        second: hits.filter { $0.literal == 1 }.map(\.range))
    }
    var rest = TextBatch()
    var documents: [Int] = []
    for document in places.indices where places[document] == nil && entities[document] != nil {
      documents.append(document)
      rest.append(repairing: texts.bytes[texts.range(at: document)])
    }
    for (document, found) in zip(documents, locate(documents.map { entities[$0] }, byNameIn: rest))
    {
      places[document] = found
    }
    return places
  }

  private func locate(_ entities: [Entities?], byNameIn texts: TextBatch) -> [PairPlaces?] {
    var indexOfName: [String: Int] = [:]
    var names: [String] = []
    /// What to look for in a document: the cell, and whatever else the entity is called.
    func wanted(_ entity: Named) -> Set<Int> {
      let others = entity.rows.flatMap { self.names?.names(ofRow: $0) ?? [] }
      return Set(
        ([entity.name] + others).map { name in
          if let known = indexOfName[name] { return known }
          indexOfName[name] = names.count
          names.append(name)
          return names.count - 1
        })
    }
    let wanted = entities.map { $0.map { (wanted($0.first), wanted($0.second)) } }
    if names.isEmpty { return entities.map { _ in nil } }
    return zip(wanted, NameSearch(names).hits(in: texts)).map { wanted, hits in
      guard let wanted else { return nil }
      return PairPlaces(
        first: hits.filter { wanted.0.contains($0.name) }.map(\.range),
        second: hits.filter { wanted.1.contains($0.name) }.map(\.range))
    }
  }

  // MARK: - Pairs that the text names

  private func findInText(_ texts: TextBatch) -> Findings {
    var findings = Findings(entities: [], places: [])
    let found = names?.mentions(in: texts) ?? Array(repeating: [], count: texts.count)
    for (document, mentions) in found.enumerated() {
      let first = mentions.first
      let second = mentions.first { $0.rows != first?.rows }
      guard let first, let second else {
        findings.entities.append(nil)
        findings.places.append(nil)
        continue
      }
      func entity(_ mention: EntityMention) -> Named {
        let bytes = texts.bytes(mention.range, of: document)
        return Named(name: String(decoding: bytes, as: UTF8.self), rows: mention.rows)
      }
      findings.entities.append(Entities(first: entity(first), second: entity(second)))
      findings.places.append(
        PairPlaces(
          first: mentions.filter { $0.rows == first.rows }.map(\.range),
          second: mentions.filter { $0.rows == second.rows }.map(\.range)))
    }
    return findings
  }
}

extension LiteralHit {
  fileprivate var range: Range<Int> { Int(start)..<Int(end) }
}
