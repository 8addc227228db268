import GRDB
import GRDBSQLite
import HunchLabeling

/// Steps through the corpus and hands out chunks to whoever asks next.
///
/// Text goes from SQLite's page straight into the chunk's block of bytes: one copy, no `String`.
// SAFETY: the statement belongs to a connection whose queue is held by `Corpus.withChunks` until
// the reader is gone, so nobody else uses the connection; every step happens while `state` is
// locked, so steps from several threads follow each other. Column pointers are read before the
// next step, as SQLite demands, with the length that SQLite reports for the same column.
final class ChunkReader: @unchecked Sendable {
  /// Which columns of the query to read.
  struct Columns: Sendable {
    var hasGold: Bool
    var hasSplit: Bool
    var fields: [String]
    var wantsTexts: Bool
    var wantsFields: Bool
  }

  private struct State {
    var chunks = 0
    var rows = 0
    var isDone = false
    var gold: NameTable
    var splits: NameTable
  }

  /// Stands for what is read, if that is known without reading; see ``CorpusSignature``.
  let signature: String?

  private let statement: Statement
  private let columns: Columns
  private let path: String
  private let labels: [String]
  private let state: Guarded<State>

  init(
    _ statement: Statement, columns: Columns, path: String, labels: [String], signature: String?
  ) {
    self.statement = statement
    self.columns = columns
    self.path = path
    self.labels = labels
    self.signature = signature
    var gold = NameTable()
    for (index, label) in labels.enumerated() { gold.add(label, Int16(index)) }
    var splits = NameTable()
    for split in Split.allCases { splits.add(split.name, Int16(split.rawValue)) }
    state = Guarded(State(gold: gold, splits: splits))
  }

  /// The next chunk, or `nil` at the end. May be called from several threads.
  func next() throws(HunchError) -> CorpusChunk? {
    try state.withLock { state throws(HunchError) in try next(&state) }
  }

  private func next(_ state: inout State) throws(HunchError) -> CorpusChunk? {
    if state.isDone { return nil }
    let handle = statement.sqliteStatement
    var chunk = CorpusChunk(index: state.chunks, firstRow: state.rows)
    if columns.wantsFields { for field in columns.fields { chunk.fields[field] = [] } }
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
    state.chunks += 1
    state.rows += chunk.count
    return chunk.count == 0 ? nil : chunk
  }

  private func readRow(
    _ handle: OpaquePointer, _ state: inout State, into chunk: inout CorpusChunk
  ) throws(HunchError) {
    let id = try readID(handle, state.rows + chunk.count + 1)
    chunk.ids.append(id)
    if columns.wantsTexts {
      readText(handle, &chunk)
    } else {
      chunk.sourceBytes += Int(sqlite3_column_bytes(handle, 1))
    }
    chunk.gold.append(columns.hasGold ? try readGold(handle, id, &state.gold) : -1)
    chunk.splits.append(columns.hasSplit ? try readSplit(handle, id, &state.splits) : .train)
    if columns.wantsFields {
      for (offset, field) in columns.fields.enumerated() {
        chunk.fields[field]?.append(readField(handle, Int32(4 + offset)))
      }
    }
  }

  private func readID(_ handle: OpaquePointer, _ row: Int) throws(HunchError) -> DocumentID {
    switch sqlite3_column_type(handle, 0) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, 0))
    case SQLITE_TEXT: return .text(readString(handle, 0) ?? "")
    case SQLITE_NULL: throw .nullID(path: path, row: row)
    default: throw .idNotKey(path: path, row: row)
    }
  }

  private func readText(_ handle: OpaquePointer, _ chunk: inout CorpusChunk) {
    guard let pointer = sqlite3_column_text(handle, 1) else {
      if sqlite3_column_type(handle, 1) == SQLITE_NULL { chunk.withoutText += 1 }
      chunk.texts.append("")
      return
    }
    let length = Int(sqlite3_column_bytes(handle, 1))
    chunk.sourceBytes += length
    let bytes = UnsafeRawBufferPointer(start: pointer, count: length)
    if !chunk.texts.append(repairing: bytes) { chunk.repaired += 1 }
  }

  private func readGold(
    _ handle: OpaquePointer, _ id: DocumentID, _ names: inout NameTable
  ) throws(HunchError) -> Int16 {
    let name = bytes(handle, 2)
    if name.isEmpty { return -1 }
    guard let index = names.number(of: name) else {
      throw .badGold(path: path, id: id.description, labels: labels)
    }
    return index
  }

  private func readSplit(
    _ handle: OpaquePointer, _ id: DocumentID, _ names: inout NameTable
  ) throws(HunchError) -> Split {
    let name = bytes(handle, 3)
    if name.isEmpty { return .train }
    guard let split = names.number(of: name).flatMap({ Split(rawValue: UInt8($0)) }) else {
      throw .badSplit(path: path, id: id.description, value: String(decoding: name, as: UTF8.self))
    }
    return split
  }

  /// A cell's text, valid until the next step; empty for NULL.
  private func bytes(_ handle: OpaquePointer, _ column: Int32) -> UnsafeRawBufferPointer {
    guard let pointer = sqlite3_column_text(handle, column) else {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    return UnsafeRawBufferPointer(
      start: pointer, count: Int(sqlite3_column_bytes(handle, column)))
  }

  private func readField(_ handle: OpaquePointer, _ column: Int32) -> FieldContent {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, column))
    case SQLITE_FLOAT: .real(sqlite3_column_double(handle, column))
    case SQLITE_NULL: .null
    default: .text(readString(handle, column) ?? "")
    }
  }

  private func readString(_ handle: OpaquePointer, _ column: Int32) -> String? {
    guard let pointer = sqlite3_column_text(handle, column) else { return nil }
    let length = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: pointer, count: length), as: UTF8.self)
  }
}

/// Finds the number of a name given as bytes; the same name mostly comes several times in a row.
private struct NameTable: Sendable {
  private var numbers: [[UInt8]: Int16] = [:]
  /// Strings are equal however their accents are spelt; bytes are not.
  private var names: [String: Int16] = [:]
  private var lastName: [UInt8] = []
  private var lastNumber: Int16 = -1

  mutating func add(_ name: String, _ number: Int16) { names[name] = number }

  mutating func number(of name: UnsafeRawBufferPointer) -> Int16? {
    if name.count == lastName.count, name.indices.allSatisfy({ name[$0] == lastName[$0] }) {
      return lastNumber
    }
    let bytes = [UInt8](name)
    guard let number = numbers[bytes] ?? names[String(decoding: name, as: UTF8.self)] else {
      return nil
    }
    numbers[bytes] = number
    (lastName, lastNumber) = (bytes, number)
    return number
  }
}
