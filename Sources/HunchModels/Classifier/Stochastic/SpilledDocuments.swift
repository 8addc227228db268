/// Hashed documents with their targets in a file, to be weighted once all are there.
///
/// Memory is one piece, and 24 bytes for each piece written.
package struct SpilledDocuments {
  /// A part of a file that is read at once: a run of documents with about 256 KB of features.
  struct Piece: Sendable {
    var offset: Int
    var documents: Int
    var entries: Int
  }

  /// A piece ends with the document that brings it to so many features, or documents.
  package static let pieceEntries = 1 << 16
  static let pieceDocuments = VisitingOrder.blockSize

  private let storage: any SpillStorage
  private let file: any SpillFile
  private let classCount: Int
  private var pieces: [Piece] = []
  private var size = 0
  private var rows = HashedRows()
  private var targets: [Float] = []

  package init(storage: any SpillStorage, classCount: Int) throws {
    self.storage = storage
    self.classCount = classCount
    file = try storage.makeFile()
  }

  /// The number of documents.
  package private(set) var documentCount = 0

  /// Adds documents.
  ///
  /// - Parameter targets: Documents × classes.
  /// - Throws: What the storage throws.
  package mutating func append(
    _ added: HashedRows, targets addedTargets: ArraySlice<Float>
  ) throws {
    for row in 0..<added.count {
      rows.append(row, of: added)
      targets += addedTargets.dropFirst(row * classCount).prefix(classCount)
      if rows.packed.count >= Self.pieceEntries || rows.count >= Self.pieceDocuments {
        try writePiece()
      }
    }
    documentCount += added.count
  }

  private mutating func writePiece() throws {
    if rows.count == 0 { return }
    var bytes = RawBytes()
    bytes.append(rows.starts)
    bytes.append(rows.packed)
    bytes.append(targets)
    try file.append(bytes.content)
    pieces.append(Piece(offset: size, documents: rows.count, entries: rows.packed.count))
    size += bytes.content.count
    rows = HashedRows()
    targets = []
  }

  /// The bytes in memory.
  var keptBytes: Int {
    4 * (rows.packed.count + targets.count) + 8 * rows.starts.count + 24 * pieces.count
  }

  /// The documents, weighed, in a file of their own.
  package func weighted(_ featurizer: Featurizer) throws -> SpilledMatrix {
    var writer = try SpilledMatrix(
      storage: storage, classCount: classCount, idf: featurizer.idf)
    for piece in pieces {
      let length = 8 * (piece.documents + 1) + 4 * (piece.entries + piece.documents * classCount)
      var bytes = RawBytes(try file.read(at: piece.offset, count: length))
      var rows = HashedRows()
      rows.starts = bytes.next(piece.documents + 1)
      rows.packed = bytes.next(piece.entries)
      try writer.append(
        featurizer.rows(rows), targets: bytes.next(piece.documents * classCount))
    }
    if rows.count > 0 { try writer.append(featurizer.rows(rows), targets: targets) }
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
