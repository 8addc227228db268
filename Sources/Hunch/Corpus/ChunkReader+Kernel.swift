import GRDB
import GRDBSQLite
import HunchLabeling
import Synchronization

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
  }

  private let statement: Statement
  private let columns: Columns
  private let path: String
  private let labels: [String: Int16]
  private let labelNames: [String]
  private let state = Mutex(State())

  init(_ statement: Statement, columns: Columns, path: String, labels: [String]) {
    self.statement = statement
    self.columns = columns
    self.path = path
    labelNames = labels
    var indices: [String: Int16] = [:]
    for (index, label) in labels.enumerated() { indices[label] = Int16(index) }
    self.labels = indices
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
        throw .corpusUnreadable(
          path: path, problem: String(cString: sqlite3_errstr(code)))
      }
      try readRow(handle, row: state.rows + chunk.count + 1, into: &chunk)
    }
    state.chunks += 1
    state.rows += chunk.count
    return chunk.count == 0 ? nil : chunk
  }

  private func readRow(
    _ handle: OpaquePointer, row: Int, into chunk: inout CorpusChunk
  ) throws(HunchError) {
    let id = try readID(handle, row)
    chunk.ids.append(id)
    if columns.wantsTexts {
      readText(handle, &chunk)
    } else {
      chunk.sourceBytes += Int(sqlite3_column_bytes(handle, 1))
    }
    chunk.gold.append(columns.hasGold ? try readGold(handle, id) : -1)
    chunk.splits.append(columns.hasSplit ? try readSplit(handle, id) : .train)
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

  private func readGold(_ handle: OpaquePointer, _ id: DocumentID) throws(HunchError) -> Int16 {
    guard let name = readString(handle, 2), !name.isEmpty else { return -1 }
    guard let index = labels[name] else {
      throw .badGold(path: path, id: id.description, labels: labelNames)
    }
    return index
  }

  private func readSplit(_ handle: OpaquePointer, _ id: DocumentID) throws(HunchError) -> Split {
    guard let name = readString(handle, 3), !name.isEmpty else { return .train }
    guard let split = Split(named: name) else {
      throw .badSplit(path: path, id: id.description, value: name)
    }
    return split
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
