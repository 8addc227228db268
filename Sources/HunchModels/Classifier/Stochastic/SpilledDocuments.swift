/// Hashed documents with their targets in a file, to be weighted once all are there.
///
/// Documents are collected in memory, sorted by rank and written as a run; at the end the runs are merged.
/// So it does not matter in which order documents came. Memory is a run; then a piece of each run, and 32
/// bytes for each piece written.
package struct SpilledDocuments {
  /// A part of a file that is read at once: a few documents with about 256 KB of features.
  struct Piece: Sendable {
    var offset: Int
    var documents: Int
    var entries: Int
  }

  /// A piece ends with the document that brings it to so many features, or documents.
  package static let pieceEntries = 1 << 16
  static let pieceDocuments = VisitingOrder.blockSize

  /// Documents in memory.
  private struct Documents {
    var rows = HashedRows()
    var targets: [Float] = []
    var ranks: [UInt64] = []

    var bytes: Int {
      4 * (rows.packed.count + targets.count) + 8 * (rows.starts.count + ranks.count)
    }

    var isPiece: Bool {
      rows.packed.count >= SpilledDocuments.pieceEntries
        || rows.count >= SpilledDocuments.pieceDocuments
    }

    mutating func append(_ document: Int, of others: Documents, classCount: Int) {
      rows.append(document, of: others.rows)
      targets += others.targets[document * classCount..<(document + 1) * classCount]
      ranks.append(others.ranks[document])
    }
  }

  private let storage: any SpillStorage
  private let file: any SpillFile
  private let classCount: Int
  private let runBytes: Int
  private var runs: [[Piece]] = []
  private var size = 0
  private var waiting = Documents()

  /// - Parameter memoryLimit: The bytes that a run may take, if they are at least those of a piece and no
  ///   more than 32 MB.
  package init(storage: any SpillStorage, classCount: Int, memoryLimit: Int) throws {
    self.storage = storage
    self.classCount = classCount
    runBytes = min(max(memoryLimit, 4 * Self.pieceEntries), 32 << 20)
    file = try storage.makeFile()
  }

  package private(set) var documentCount = 0

  /// Adds documents.
  ///
  /// - Parameters:
  ///   - targets: Documents × classes.
  ///   - ranks: One for each document, see ``LabeledTexts/ranks``.
  /// - Throws: What the storage throws.
  package mutating func append(
    _ added: HashedRows, targets: ArraySlice<Float>, ranks: ArraySlice<UInt64>
  ) throws {
    let added = Documents(rows: added, targets: Array(targets), ranks: Array(ranks))
    for document in 0..<added.rows.count {
      waiting.append(document, of: added, classCount: classCount)
      if waiting.bytes >= runBytes { try writeRun() }
    }
    documentCount += added.rows.count
  }

  /// Writes what waits as a run.
  private mutating func writeRun() throws {
    let ranks = waiting.ranks
    var run: [Piece] = []
    var piece = Documents()
    for document in ranks.indices.sorted(by: { (ranks[$0], $0) < (ranks[$1], $1) }) {
      piece.append(document, of: waiting, classCount: classCount)
      if piece.isPiece { run.append(try write(&piece)) }
    }
    if piece.rows.count > 0 { run.append(try write(&piece)) }
    runs.append(run)
    waiting = Documents()
  }

  /// Writes a piece and empties it.
  private mutating func write(_ documents: inout Documents) throws -> Piece {
    var bytes = RawBytes()
    bytes.append(documents.rows.starts)
    bytes.append(documents.rows.packed)
    bytes.append(documents.targets)
    bytes.append(documents.ranks)
    try file.append(bytes.content)
    let piece = Piece(
      offset: size, documents: documents.rows.count, entries: documents.rows.packed.count)
    size += bytes.content.count
    documents = Documents()
    return piece
  }

  private func read(_ piece: Piece) throws -> Documents {
    let length =
      8 * (2 * piece.documents + 1) + 4 * (piece.entries + piece.documents * classCount)
    var bytes = RawBytes(try file.read(at: piece.offset, count: length))
    var documents = Documents()
    documents.rows.starts = bytes.next(piece.documents + 1)
    documents.rows.packed = bytes.next(piece.entries)
    documents.targets = bytes.next(piece.documents * classCount)
    documents.ranks = bytes.next(piece.documents)
    return documents
  }

  /// The bytes in memory.
  var keptBytes: Int { waiting.bytes + 32 * runs.reduce(0) { $0 + $1.count } }

  /// The documents, weighed, in a file of their own and in the order of their ranks.
  package mutating func weighted(_ featurizer: Featurizer) throws -> SpilledMatrix {
    if waiting.rows.count > 0 { try writeRun() }
    var writer = try SpilledMatrix(
      storage: storage, classCount: classCount, idf: featurizer.idf)
    var rows = WeighedRows(idf: featurizer.idf)
    var targets: [Float] = []
    func write() throws {
      if rows.rowCount == 0 { return }
      try writer.append(rows, targets: targets)
      rows.removeAll()
      targets.removeAll(keepingCapacity: true)
    }
    // Of each run the piece that is open, the next document of it and the piece after it.
    var open = try runs.map { (documents: try read($0[0]), document: 0, next: 1) }
    // The runs by the rank of their next document, the smallest last.
    var order = open.indices.map { (rank: open[$0].documents.ranks[0], run: $0) }
    order.sort { ($1.rank, $1.run) < ($0.rank, $0.run) }
    while let (_, run) = order.popLast() {
      let document = open[run].document
      featurizer.append(open[run].documents.rows, document..<document + 1, to: &rows)
      targets +=
        open[run].documents.targets[document * classCount..<(document + 1) * classCount]
      if rows.featureCount >= Self.pieceEntries || rows.rowCount >= Self.pieceDocuments {
        try write()
      }
      open[run].document += 1
      if open[run].document == open[run].documents.ranks.count {
        guard open[run].next < runs[run].count else {
          open[run].documents = Documents()
          continue
        }
        open[run] = (try read(runs[run][open[run].next]), 0, open[run].next + 1)
      }
      let next = (rank: open[run].documents.ranks[open[run].document], run: run)
      var (low, high) = (0, order.count)
      while low < high {
        let middle = (low + high) / 2
        if (order[middle].rank, order[middle].run) > (next.rank, next.run) {
          low = middle + 1
        } else {
          high = middle
        }
      }
      order.insert(next, at: low)
    }
    try write()
    return writer
  }
}

/// Weighted documents in a file, visited some pieces at a time.
///
/// A group is ``groupPieces`` pieces from all over the file, in an order that depends on the
/// pass; its documents are visited in an order that depends on it too. The distributions of
/// ``DualAscent`` are written anew in each pass, beside those of the pass before.
package struct SpilledMatrix: DocumentPasses {
  /// The pieces in memory at a time: about 8 MB.
  package static let groupPieces = VisitingOrder.groupBlocks

  private let storage: any SpillStorage
  private let file: any SpillFile
  private let classCount: Int
  private let idf: [Float]
  private var pieces: [SpilledDocuments.Piece] = []
  private var size = 0
  /// The distributions, and where those of each piece begin; nil before the first pass.
  private var duals: (file: any SpillFile, offsets: [Int])?

  package private(set) var documentCount = 0
  package private(set) var targetSums: [Double]

  /// - Parameter idf: See ``WeighedRows``.
  init(storage: any SpillStorage, classCount: Int, idf: [Float]) throws {
    targetSums = [Double](repeating: 0, count: classCount)
    self.storage = storage
    self.classCount = classCount
    self.idf = idf
    file = try storage.makeFile()
  }

  mutating func append(_ rows: WeighedRows, targets: [Float]) throws {
    var bytes = RawBytes()
    bytes.append(rows.starts)
    bytes.append(rows.packed)
    bytes.append(rows.scales)
    bytes.append(targets)
    try file.append(bytes.content)
    pieces.append(.init(offset: size, documents: rows.rowCount, entries: rows.featureCount))
    size += bytes.content.count
    documentCount += rows.rowCount
    targetSums.add(rowsOf: targets)
  }

  package mutating func forEachGroup(pass: Int, _ body: (inout DocumentGroup) throws -> Void) throws
  {
    let order = VisitingOrder.permutation(pieces.count, seed: pass).map { Int($0) }
    var written: (file: any SpillFile, offsets: [Int]) = (
      try storage.makeFile(), [Int](repeating: 0, count: pieces.count)
    )
    var offset = 0
    for begin in stride(from: 0, to: order.count, by: Self.groupPieces) {
      let members = order[begin..<min(order.count, begin + Self.groupPieces)]
      var group = try read(members)
      group.order = VisitingOrder.permutation(group.rows.rowCount, seed: pass &+ begin << 16)
      try body(&group)
      var bytes = RawBytes()
      bytes.append(group.duals)
      try written.file.append(bytes.content)
      for piece in members {
        written.offsets[piece] = offset
        offset += 4 * classCount * pieces[piece].documents
      }
    }
    duals = written
  }

  private func read(_ members: ArraySlice<Int>) throws -> DocumentGroup {
    var group = DocumentGroup(
      rows: WeighedRows(idf: idf), targets: [], duals: [], order: [])
    for index in members {
      let piece = pieces[index]
      let count = piece.documents * classCount
      let length = 8 * (piece.documents + 1) + 4 * piece.entries + 12 * piece.documents + 4 * count
      var bytes = RawBytes(try file.read(at: piece.offset, count: length))
      let starts: [Int] = bytes.next(piece.documents + 1)
      let base = group.rows.featureCount
      group.rows.starts += starts.dropFirst().map { base + $0 }
      group.rows.packed += bytes.next(piece.entries) as [UInt32]
      group.rows.scales += bytes.next(piece.documents) as [WeighedRows.Scale]
      let targets: [Float] = bytes.next(count)
      group.targets += targets
      if let duals {
        var bytes = RawBytes(try duals.file.read(at: duals.offsets[index], count: 4 * count))
        group.duals += bytes.next(count) as [Float]
      } else {
        group.duals += targets
      }
    }
    return group
  }
}
