import HunchModels

/// What a run knows of documents, read as it is needed.
struct RunDocuments {
  let run: RunRecord
  let store: RunStore
  let contents: RunContents
  let scores: [ScoredDocument]
  /// The piece with the labels of each chunk.
  let labelPieces: [String]
  let firstRows: [Int]

  init(_ run: RunRecord, _ pieces: RunRecord.Pieces, _ store: RunStore) throws {
    let broken = store.workspace.broken("a run is not one that was stored")
    (self.run, self.store) = (run, store)
    guard let contents = RunContents(decoding: try store.piece(pieces.contents)) else {
      throw broken
    }
    self.contents = contents
    firstRows = contents.firstRows
    labelPieces = RunStore.names(in: try store.piece(pieces.labels))
    guard labelPieces.count == contents.chunks.count,
      let scores = ScoredDocument.decode(
        try store.piece(pieces.scores), rows: firstRows[firstRows.count - 1],
        classCount: run.totals.labels.count)
    else { throw broken }
    self.scores = scores
  }

  /// The label model's labels of a chunk, -1 for none.
  func labels(_ chunk: Int) throws -> [Int16] {
    guard
      let labels = PackedLabels.decode(
        try store.piece(labelPieces[chunk]), count: contents.chunks[chunk].documents,
        classCount: run.totals.labels.count)
    else { throw store.workspace.broken("labels are not those that were stored") }
    return labels
  }

  func ids(_ chunk: Int) throws -> [DocumentID] {
    let description = contents.chunks[chunk]
    guard
      let ids = PackedIDs.decode(
        try store.piece(RunContents.idsPiece(description)), count: description.documents)
    else { throw store.workspace.broken("ids are not those that were stored") }
    return ids
  }

  func scoresByRow() -> [Int: ScoredDocument] {
    Dictionary(scores.map { ($0.row, $0) }) { first, _ in first }
  }
}

/// A place in a corpus.
struct DocumentPlace: Hashable {
  var chunk: Int
  var document: Int
}

/// A document whose label is not the same in both runs; labels are indices into the classes of the
/// pair, -1 for none.
struct LabelFlip {
  var before: Int16
  var after: Int16
  var oldPlace: DocumentPlace
  var newPlace: DocumentPlace
}

/// Which document of the earlier run each document of the later one is.
struct DocumentMatches {
  /// For each document of a chunk its place in the earlier run.
  enum Match {
    /// All are those of one chunk, in the same order.
    case chunk(Int, documents: Int)
    case places([DocumentPlace?])

    var count: Int {
      switch self {
      case .chunk(_, let documents): documents
      case .places(let places): places.count { $0 != nil }
      }
    }

    func place(_ document: Int) -> DocumentPlace? {
      switch self {
      case .chunk(let chunk, _): DocumentPlace(chunk: chunk, document: document)
      case .places(let places): places[document]
      }
    }
  }

  private let matches: [Match]

  init(_ pair: RunPair) throws {
    let (old, new) = (pair.before.contents.chunks, pair.after.contents.chunks)
    let known = Dictionary(
      old.enumerated().map { ($1.content(.ids), $0) }, uniquingKeysWith: { first, _ in first })
    let partners = new.map { known[$0.content(.ids)] }
    // By bytes: strings are equal however their accents are spelt.
    var places: [[UInt8]: DocumentPlace] = [:]
    if partners.contains(nil) {
      for chunk in Set(old.indices).subtracting(partners.compactMap { $0 }) {
        for (document, id) in try pair.before.ids(chunk).enumerated() {
          places[Array(id.description.utf8)] = DocumentPlace(chunk: chunk, document: document)
        }
      }
    }
    matches = try new.indices.map { chunk in
      if let partner = partners[chunk] {
        return .chunk(partner, documents: new[chunk].documents)
      }
      return .places(try pair.after.ids(chunk).map { places[Array($0.description.utf8)] })
    }
  }

  func match(_ chunk: Int) -> Match { matches[chunk] }
}

/// Two runs, with their classes brought together.
struct RunPair {
  let before: RunDocuments
  let after: RunDocuments
  /// The classes of the later run, then those that only the earlier one has.
  let classes: [String]
  /// The place in `classes` of each class of the earlier run.
  let oldClasses: [Int16]

  init(before: RunDocuments, after: RunDocuments) {
    (self.before, self.after) = (before, after)
    let labels = after.run.totals.labels
    let classes = labels + before.run.totals.labels.filter { !labels.contains($0) }
    oldClasses = before.run.totals.labels.map { Int16(classes.firstIndex(of: $0) ?? 0) }
    self.classes = classes
  }

  func name(_ label: Int16) -> String? { label < 0 ? nil : classes[Int(label)] }

  func oldClass(_ label: Int16) -> Int16 { label < 0 ? label : oldClasses[Int(label)] }

  /// The documents of a chunk of the later run whose label flipped.
  func flips(of chunk: Int, _ match: DocumentMatches.Match) throws -> [LabelFlip] {
    if case .chunk(let partner, _) = match, before.labelPieces[partner] == after.labelPieces[chunk],
      before.run.totals.labels == after.run.totals.labels
    {
      return []
    }
    let new = try after.labels(chunk)
    var old: [Int: [Int16]] = [:]
    var flips: [LabelFlip] = []
    for (document, label) in new.enumerated() {
      guard let place = match.place(document) else { continue }
      if old[place.chunk] == nil { old[place.chunk] = try before.labels(place.chunk) }
      let previous = oldClass(old[place.chunk]?[place.document] ?? -1)
      if previous != label {
        flips.append(
          LabelFlip(
            before: previous, after: label, oldPlace: place,
            newPlace: DocumentPlace(chunk: chunk, document: document)))
      }
    }
    return flips
  }

  /// The documents of a chunk of the later run that both runs scored.
  func scores(
    of chunk: Int, _ match: DocumentMatches.Match, _ old: [Int: ScoredDocument],
    _ new: [Int: ScoredDocument]
  ) -> [PairedScore] {
    if old.isEmpty || new.isEmpty { return [] }
    let first = after.firstRows[chunk]
    return (0..<after.contents.chunks[chunk].documents).compactMap { document in
      guard let later = new[first + document], let place = match.place(document),
        var earlier = old[before.firstRows[place.chunk] + place.document]
      else { return nil }
      earlier.gold = oldClass(earlier.gold)
      earlier.label = oldClass(earlier.label)
      earlier.predicted = oldClass(earlier.predicted)
      return PairedScore(before: earlier, after: later)
    }
  }

  func listed(
    _ flip: LabelFlip, _ reason: FlipReasons.Reason?, old: [Int: ScoredDocument],
    new: [Int: ScoredDocument]
  ) throws -> RunComparison.Flip {
    let row = after.firstRows[flip.newPlace.chunk] + flip.newPlace.document
    let ids = try after.ids(flip.newPlace.chunk)
    return RunComparison.Flip(
      id: ids[flip.newPlace.document].description, before: name(flip.before),
      after: name(flip.after), gold: new[row].flatMap { name($0.gold) },
      cause: reason?.cause ?? .unknown, votes: reason?.votes ?? [])
  }
}
