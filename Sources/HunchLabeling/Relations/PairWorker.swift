internal import HunchText

/// Finds the pairs of one batch after the other and evaluates the rules about them. Belongs to one
/// ``RuleWorker``.
final class PairWorker {
  /// Why a rule about a pair abstains.
  static let notFound = "the mentions of its pair were not found in the text"

  private let program: PairProgram
  private var regionWorkers: [RuleWorker]

  // What belongs to the batch under way.
  private var findings: [PairFinder.Findings?] = []
  private var regions: [Region?] = []

  /// The answers of the rules inside a region.
  private struct Region {
    /// Whether each document has the region.
    var exists: [Bool]
    var votes: RuleVotes
  }

  init(_ program: PairProgram) {
    self.program = program
    regionWorkers = program.regions.map { $0.program.makeWorker() }
  }

  func begin() {
    findings = Array(repeating: nil, count: program.finders.count)
    regions = Array(repeating: nil, count: program.regions.count)
  }

  /// The pairs of the batch; looked for once, whoever asks.
  private func found(_ finder: Int, _ store: DocumentStore) -> PairFinder.Findings {
    if let known = findings[finder] { return known }
    let found = program.finders[finder].find(in: store.batch)
    findings[finder] = found
    return found
  }

  // MARK: - Rules

  /// The votes of a rule inside a region.
  ///
  /// - Parameter fail: Gets the documents on which the rule could not be evaluated, and why.
  func votes(
    region index: Int, root: Int, _ store: DocumentStore, fail: (_ document: Int, String) -> Void
  ) -> [Int16] {
    let region = evaluated(index, store)
    for failure in region.votes.failures where failure.function == root {
      fail(failure.document, failure.reason)
    }
    report(found(program.regions[index].finder, store), fail)
    let column = region.votes.columns[root]
    return region.exists.indices.map { region.exists[$0] ? column[$0] : Vote.abstain }
  }

  private func evaluated(_ index: Int, _ store: DocumentStore) -> Region {
    if let known = regions[index] { return known }
    let (places, extent) = (
      found(program.regions[index].finder, store).places, program.regions[index].extent
    )
    var texts = TextBatch()
    var exists: [Bool] = []
    for (document, places) in places.enumerated() {
      let text = Document(store: store, index: document)
      let range = places?.range(of: extent, words: { text.wordPlaces }, end: text.byteCount)
      texts.append(repairing: range.map { store.batch.texts.bytes($0, of: document) } ?? [])
      exists.append(range != nil)
    }
    let votes = regionWorkers[index].evaluate(
      DocumentBatch(texts: texts, fields: store.batch.fields))
    let region = Region(exists: exists, votes: votes)
    regions[index] = region
    return region
  }

  /// The votes of a closure over a pair.
  func votes(
    finder index: Int, _ body: (MentionedPair) -> Int16, _ store: DocumentStore,
    fail: (_ document: Int, String) -> Void
  ) -> [Int16] {
    let found = found(index, store)
    report(found, fail)
    let base = program.finders[index].names?.base
    return found.places.indices.map { document in
      guard let places = found.places[document], let entities = found.entities[document] else {
        return Vote.abstain
      }
      let text = Document(store: store, index: document)
      func mention(_ entity: PairFinder.Named, _ range: Range<Int>) -> MentionedEntity {
        MentionedEntity(
          text: text.text(inBytes: range), name: entity.name, base: base, rows: entity.rows)
      }
      return body(
        MentionedPair(
          document: text, first: mention(entities.first, places.first),
          second: mention(entities.second, places.second), places: places))
    }
  }

  /// The votes of a base that relates entities.
  func votes(
    finder index: Int, _ relations: KnownRelations, vote: Int16,
    _ body: ((RelationRow) -> Int16)?, _ store: DocumentStore
  ) -> [Int16] {
    let names = program.finders[index].names
    return found(index, store).entities.map { entities in
      guard let entities else { return Vote.abstain }
      let rows = relations.rows(entities, names: names)
      guard let body else { return rows.isEmpty ? Vote.abstain : vote }
      return rows.lazy.map(body).first { $0 != Vote.abstain } ?? Vote.abstain
    }
  }

  private func report(_ found: PairFinder.Findings, _ fail: (_ document: Int, String) -> Void) {
    for document in found.places.indices where found.places[document] == nil {
      fail(document, Self.notFound)
    }
  }
}
