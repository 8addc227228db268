import HunchModels

/// The labels of the workspace, ready to be put in place of the corpus's.
struct HandLabels: Sendable {
  private struct Given {
    var gold: Int16
    var use: GoldUse
  }

  /// What chunks are told of a document whose gold label comes from the workspace.
  struct Merged: Sendable {
    /// Its place in the chunk.
    var document: Int
    /// The gold label of the corpus, -1 where it has none.
    var former: Int16
  }

  /// Ids that are written as integers are, for corpora whose ids are.
  private var numbers: [Int64: Given] = [:]
  /// By bytes, as SQLite compares: strings are equal however their accents are spelt.
  private var texts: [[UInt8]: Given] = [:]
  /// Says of nearly every id without a label that it has none, for little.
  private var filter: [Bool] = []
  /// Labels that are used.
  private(set) var count = 0
  /// Labels of classes that the project does not have.
  private(set) var unknownClass = 0
  /// Labels that are not as they were stored.
  let damaged: Int
  /// Whether any label is for the label model.
  private(set) var hasRepair = false

  /// No labels.
  init() { damaged = 0 }

  init(_ labels: [HandLabel], damaged: Int, classes: [String]) {
    self.damaged = damaged
    var indices: [String: Int16] = [:]
    for (index, name) in classes.enumerated() { indices[name] = Int16(index) }
    var size = 1024
    while size < 32 * labels.count { size *= 2 }
    filter = [Bool](repeating: false, count: size)
    for label in labels {
      guard let gold = indices[label.label] else {
        unknownClass += 1
        continue
      }
      let given = Given(gold: gold, use: label.use)
      count += 1
      hasRepair = hasRepair || label.use == .repair
      if let number = Int64(label.id), String(number) == label.id {
        numbers[number] = given
        filter[slot(number)] = true
      }
      texts[Array(label.id.utf8)] = given
      filter[slot(label.id)] = true
    }
  }

  /// Whether there is nothing to tell or to use.
  var isEmpty: Bool { count == 0 && unknownClass == 0 && damaged == 0 }

  /// Puts labels in place of a chunk's gold labels, where both speak, and where the corpus has none.
  ///
  /// - Complexity: O(documents), a look at a table of bits for nearly all of them.
  func merge(into chunk: inout CorpusChunk) {
    if count == 0 { return }
    if let ids = chunk.ids.integers {
      for document in ids.indices where filter[slot(ids[document])] {
        if let given = numbers[ids[document]] { merge(given, document, &chunk) }
      }
      return
    }
    for document in 0..<chunk.count {
      switch chunk.ids[document] {
      case .integer(let id):
        if filter[slot(id)], let given = numbers[id] { merge(given, document, &chunk) }
      case .text(let id):
        if filter[slot(id)], let given = texts[Array(id.utf8)] { merge(given, document, &chunk) }
      }
    }
  }

  private func merge(_ given: Given, _ document: Int, _ chunk: inout CorpusChunk) {
    if chunk.goldUses.isEmpty { chunk.goldUses = Array(repeating: nil, count: chunk.count) }
    chunk.handLabels.append(Merged(document: document, former: chunk.gold[document]))
    chunk.gold[document] = given.gold
    chunk.goldUses[document] = given.use
  }

  private func slot(_ id: Int64) -> Int {
    Int(truncatingIfNeeded: VisitingOrder.hash(Int(id))) & (filter.count - 1)
  }

  /// By length and last bytes, where ids differ.
  private func slot(_ id: String) -> Int {
    var hash = id.utf8.count
    for byte in id.utf8.suffix(8) { hash = hash &* 257 &+ Int(byte) }
    return Int(truncatingIfNeeded: VisitingOrder.hash(hash)) & (filter.count - 1)
  }
}

/// The gold labels of a split, or of all documents, that were given by hand and stand in the
/// workspace.
package struct WorkspaceLabels: Encodable, Sendable, Equatable {
  /// Labels that measure.
  package var audit = 0
  /// Labels that go to the label model.
  package var repair = 0
  /// Labels of documents for which the corpus has a gold label, too, which they replace.
  package var replaced = 0
  /// Labels among the replacing ones of another class than the corpus's.
  package var differing = 0
  /// Labels of classes that the project does not have; they are not used.
  package var unknownClass = 0
  /// Labels of documents that the corpus does not have; they are kept.
  package var notInCorpus = 0
  /// Labels that are not as they were stored; they are not used.
  package var damaged = 0

  /// Counts a label that was put in a chunk.
  mutating func add(_ merged: HandLabels.Merged, _ chunk: CorpusChunk) {
    if chunk.goldUses[merged.document] == .repair { repair += 1 } else { audit += 1 }
    if merged.former >= 0 { replaced += 1 }
    if merged.former >= 0, merged.former != chunk.gold[merged.document] { differing += 1 }
  }

  /// Adds the labels of further documents.
  mutating func add(_ other: WorkspaceLabels) {
    audit += other.audit
    repair += other.repair
    replaced += other.replaced
    differing += other.differing
  }
}
