import GRDB
import GRDBSQLite
import HunchLabeling
import HunchModels
import HunchText

/// Steps through the corpus and hands out chunks to whoever asks next.
///
/// Text goes from SQLite's page straight into the chunk's block of bytes: one copy, no `String`.
// SAFETY: the statement belongs to a connection whose queue is held by `Corpus.withChunks` until
// the reader is gone, so nobody else uses the connection; every step happens while `state` is
// locked, so steps from several threads follow each other. Values and the pointers to their text
// or blob are read before the next step, as SQLite demands, with the length that SQLite reports for the same
// value. Reading a column's value by `sqlite3_value_*` instead of `sqlite3_column_*`, which is
// faster, demands that no other thread uses the connection.
final class ChunkReader: @unchecked Sendable {
  /// Which columns of the query to read.
  struct Columns: Sendable {
    var hasGold: Bool
    var hasSplit: Bool
    var hasGoldUse: Bool
    var fields: [String]
    var wantsTexts: Bool
    var wantsFields: Bool
    /// Empty where they are not wanted.
    var features: DenseColumns
    /// Hears of each chunk how many texts were read.
    var hearsTexts: (@Sendable (Int) -> Void)?
  }

  private struct State {
    var chunks = 0
    var rows = 0
    var isDone = false
    var gold: NameTable
    var splits: NameTable
    var goldUses: NameTable
    /// The bytes of the first embedding, which all others must have.
    var embeddingBytes: Int?
    /// The splits whose texts are left out.
    var unread: Set<Split> = []
  }

  /// Stands for what is read, if that is known without reading; see ``CorpusSignature``.
  let signature: String?

  /// What it means that the documents are not those of an earlier read.
  let mismatch: HunchError

  private let statement: Statement
  private let columns: Columns
  private let path: String
  private let labels: [String]
  private let state: Guarded<State>

  init(
    _ statement: Statement, columns: Columns, path: String, labels: [String], signature: String?,
    mismatch: HunchError
  ) {
    self.statement = statement
    self.columns = columns
    self.path = path
    self.labels = labels
    self.signature = signature
    self.mismatch = mismatch
    let classes = ClassNames(labels)
    state = Guarded(
      State(
        gold: NameTable { classes.index(of: $0) },
        splits: NameTable { Split(named: $0).map { Int16($0.rawValue) } },
        goldUses: NameTable { GoldUse(named: $0).map { Int16($0.rawValue) } }))
  }

  /// Leaves out the texts of other splits; they are empty then.
  func readTexts(of splits: Set<Split>) {
    state.withLock { $0.unread = Set(Split.allCases).subtracting(splits) }
  }

  /// The next chunk, or `nil` at the end. May be called from several threads.
  func next() throws(HunchError) -> CorpusChunk? {
    try state.withLock { state throws(HunchError) in
      do throws(HunchError) {
        return try next(&state)
      } catch {
        // Other threads get no rows behind those that could not be read.
        state.isDone = true
        throw error
      }
    }
  }

  private func next(_ state: inout State) throws(HunchError) -> CorpusChunk? {
    if state.isDone { return nil }
    let handle = statement.sqliteStatement
    var chunk = CorpusChunk(index: state.chunks, firstRow: state.rows)
    chunk.unread = columns.wantsTexts ? state.unread : Set(Split.allCases)
    if columns.wantsFields { for field in columns.fields { chunk.fields[field] = [] } }
    chunk.values = DenseValues(columns.features)
    while chunk.count < CorpusChunk.maximumDocuments,
      chunk.sourceBytes < CorpusChunk.maximumBytes
    {
      let code = sqlite3_step(handle)
      if code == SQLITE_DONE {
        state.isDone = true
        break
      }
      guard code == SQLITE_ROW else {
        throw Corpus.unreadable(path, DatabaseError(resultCode: ResultCode(rawValue: code)))
      }
      try readRow(handle, &state, into: &chunk)
    }
    if columns.wantsTexts {
      columns.hearsTexts?(chunk.splits.count { !state.unread.contains($0) })
    }
    state.chunks += 1
    state.rows += chunk.count
    return chunk.count == 0 ? nil : chunk
  }

  private func readRow(
    _ handle: OpaquePointer, _ state: inout State, into chunk: inout CorpusChunk
  ) throws(HunchError) {
    try readID(handle, state.rows + chunk.count + 1, &chunk.ids)
    let split =
      columns.hasSplit ? try readSplit(handle, chunk.ids, &state.splits) : .train
    if columns.wantsTexts, !state.unread.contains(split) {
      readText(handle, &chunk)
    } else {
      if columns.wantsTexts { chunk.texts.append("") }
      chunk.sourceBytes += Int(sqlite3_column_bytes(handle, 1))
    }
    chunk.gold.append(columns.hasGold ? try readGold(handle, chunk.ids, &state.gold) : -1)
    chunk.splits.append(split)
    if columns.hasGoldUse {
      chunk.goldUses.append(try readGoldUse(handle, chunk.ids, &state.goldUses))
    }
    if columns.wantsFields {
      for (offset, field) in columns.fields.enumerated() {
        chunk.fields[field]?.append(readField(handle, Int32(5 + offset)))
      }
    }
    if !columns.features.isEmpty {
      try readFeatures(handle, Int32(5 + columns.fields.count), &state, into: &chunk)
    }
  }

  private func readID(
    _ handle: OpaquePointer, _ row: Int, _ ids: inout DocumentIDs
  ) throws(HunchError) {
    let value = sqlite3_column_value(handle, 0)
    switch sqlite3_value_type(value) {
    case SQLITE_INTEGER: ids.append(sqlite3_value_int64(value))
    case SQLITE_TEXT: ids.append(readString(handle, 0) ?? "")
    case SQLITE_NULL: throw .nullID(path: path, row: row)
    default: throw .idNotKey(path: path, row: row)
    }
  }

  private func readText(_ handle: OpaquePointer, _ chunk: inout CorpusChunk) {
    guard let bytes = bytes(handle, 1) else {
      if sqlite3_column_type(handle, 1) == SQLITE_NULL { chunk.withoutText += 1 }
      chunk.texts.append("")
      return
    }
    chunk.sourceBytes += bytes.count
    if !chunk.texts.append(repairing: bytes) { chunk.repaired += 1 }
  }

  private func readGold(
    _ handle: OpaquePointer, _ ids: DocumentIDs, _ names: inout NameTable
  ) throws(HunchError) -> Int16 {
    guard let name = bytes(handle, 2), !name.isEmpty else { return -1 }
    if let index = names.number(of: name) { return index }
    let value = String(decoding: name, as: UTF8.self)
    if value.trimmed.isEmpty { return -1 }
    throw .badGold(path: path, id: ids.last?.description ?? "", value: value, labels: labels)
  }

  private func readSplit(
    _ handle: OpaquePointer, _ ids: DocumentIDs, _ names: inout NameTable
  ) throws(HunchError) -> Split {
    guard let name = bytes(handle, 3), !name.isEmpty else { return .train }
    guard let split = names.number(of: name).flatMap({ Split(rawValue: UInt8($0)) }) else {
      throw .badSplit(
        path: path, id: ids.last?.description ?? "", value: String(decoding: name, as: UTF8.self))
    }
    return split
  }

  private func readGoldUse(
    _ handle: OpaquePointer, _ ids: DocumentIDs, _ names: inout NameTable
  ) throws(HunchError) -> GoldUse? {
    guard let name = bytes(handle, 4), !name.isEmpty else { return nil }
    guard let use = names.number(of: name).flatMap({ GoldUse(rawValue: UInt8($0)) }) else {
      throw .badGoldUse(path: path, id: ids.last?.description ?? "")
    }
    return use
  }

  /// A cell's text, valid until the next step; `nil` for NULL.
  private func bytes(_ handle: OpaquePointer, _ column: Int32) -> UnsafeRawBufferPointer? {
    let value = sqlite3_column_value(handle, column)
    guard let pointer = sqlite3_value_text(value) else { return nil }
    return UnsafeRawBufferPointer(start: pointer, count: Int(sqlite3_value_bytes(value)))
  }

  private func readField(_ handle: OpaquePointer, _ column: Int32) -> FieldContent {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, column))
    case SQLITE_FLOAT: .real(sqlite3_column_double(handle, column))
    case SQLITE_NULL: .null
    default: .text(readString(handle, column) ?? "")
    }
  }

  private func readFeatures(
    _ handle: OpaquePointer, _ first: Int32, _ state: inout State, into chunk: inout CorpusChunk
  ) throws(HunchError) {
    var column = first
    var numbers: [Double?] = []
    for name in columns.features.numeric {
      numbers.append(try readNumber(handle, column, name, chunk.ids))
      column += 1
    }
    var categories: [String?] = []
    for name in columns.features.categorical {
      if sqlite3_column_type(handle, column) == SQLITE_BLOB {
        throw badFeature(chunk.ids, name, "a text, a number or NULL, and holds a BLOB")
      }
      categories.append(category(readField(handle, column)))
      column += 1
    }
    var embedding: [Float]?
    if case .column(let name) = columns.features.embedding {
      embedding = try readEmbedding(handle, column, name, chunk.ids, &state.embeddingBytes)
    }
    chunk.values.append(numbers: numbers, categories: categories, embedding: embedding)
  }

  /// A number is one category however it is stored.
  private func category(_ content: FieldContent) -> String? {
    if case .real(let number) = content { return PlainNumber.text(number) }
    return String(field: content)
  }

  private func readNumber(
    _ handle: OpaquePointer, _ column: Int32, _ name: String, _ ids: DocumentIDs
  ) throws(HunchError) -> Double? {
    let content = readField(handle, column)
    if content == .null || content == .text("") { return nil }
    guard sqlite3_column_type(handle, column) != SQLITE_BLOB, let number = Double(field: content)
    else { throw badFeature(ids, name, "a number or NULL") }
    return number
  }

  /// Little-endian 32-bit numbers, as many as the documents before have.
  private func readEmbedding(
    _ handle: OpaquePointer, _ column: Int32, _ name: String, _ ids: DocumentIDs,
    _ expected: inout Int?
  ) throws(HunchError) -> [Float]? {
    let kind = sqlite3_column_type(handle, column)
    if kind == SQLITE_NULL { return nil }
    guard kind == SQLITE_BLOB else {
      throw badFeature(ids, name, "an embedding, a BLOB of 32-bit numbers, or NULL")
    }
    let blob = UnsafeRawBufferPointer(
      start: sqlite3_column_blob(handle, column), count: Int(sqlite3_column_bytes(handle, column)))
    if let expected, blob.count != expected {
      throw badFeature(
        ids, name,
        "an embedding of \(expected / 4) numbers (\(expected) bytes), as the documents before it, "
          + "and holds \(blob.count) bytes")
    }
    guard !blob.isEmpty, blob.count % 4 == 0 else {
      throw badFeature(
        ids, name,
        "an embedding, 32-bit numbers of 4 bytes each, and holds \(blob.count) bytes")
    }
    expected = blob.count
    let values = stride(from: 0, to: blob.count, by: 4).map { offset in
      Float(
        bitPattern: UInt32(
          littleEndian: blob.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
    guard values.allSatisfy(\.isFinite) else {
      throw badFeature(ids, name, "an embedding of finite numbers, and one is not")
    }
    return values
  }

  private func badFeature(_ ids: DocumentIDs, _ name: String, _ expected: String) -> HunchError {
    .badFeature(path: path, id: ids.last?.description ?? "", column: name, expected: expected)
  }

  private func readString(_ handle: OpaquePointer, _ column: Int32) -> String? {
    bytes(handle, column).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// Finds the number of a name given as bytes. Names come by the row, and there are few of them, so
/// those found before are kept where a look at length, beginning and end leads.
// SAFETY: `edges` reads four or eight bytes at the beginning and the end of a name that has as many.
private struct NameTable: Sendable {
  private struct Slot {
    var edges: UInt64 = 0
    var count = -1
    var start = 0
    var number: Int16 = -1
  }

  private let find: @Sendable (String) -> Int16?
  private var slots = [Slot](repeating: Slot(), count: 256)
  private var spellings: [UInt8] = []

  /// - Parameter find: Gives the number of a name, nil for one that is none.
  init(_ find: @escaping @Sendable (String) -> Int16?) { self.find = find }

  @inline(__always)
  mutating func number(of name: UnsafeRawBufferPointer) -> Int16? {
    let edges = Self.edges(of: name)
    let index = Int(((edges ^ UInt64(name.count)) &* 0x9E37_79B9_7F4A_7C15) >> 56)
    let slot = slots[index]
    if slot.count == name.count, slot.edges == edges, name.count <= 8 || equal(slot, name) {
      return slot.number
    }
    return look(up: name, Slot(edges: edges, count: name.count, start: spellings.count), index)
  }

  @inline(never)
  private mutating func look(
    up name: UnsafeRawBufferPointer, _ slot: Slot, _ index: Int
  ) -> Int16? {
    guard let number = find(String(decoding: name, as: UTF8.self)) else { return nil }
    if slots[index].count < 0 {
      slots[index] = slot
      slots[index].number = number
      spellings.append(contentsOf: name)
    }
    return number
  }

  /// Eight bytes of the beginning and the end of a name. With the number of bytes they say all of a
  /// name of up to eight.
  @inline(__always)
  private static func edges(of name: UnsafeRawBufferPointer) -> UInt64 {
    if name.count > 8 {
      return name.loadUnaligned(as: UInt64.self)
        &+ name.loadUnaligned(fromByteOffset: name.count - 8, as: UInt64.self) << 1
    }
    if name.count >= 4 {
      let last = name.loadUnaligned(fromByteOffset: name.count - 4, as: UInt32.self)
      return UInt64(name.loadUnaligned(as: UInt32.self)) << 32 | UInt64(last)
    }
    return name.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func equal(_ slot: Slot, _ name: UnsafeRawBufferPointer) -> Bool {
    for offset in 0..<slot.count where spellings[slot.start + offset] != name[offset] {
      return false
    }
    return true
  }
}
