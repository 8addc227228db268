import GRDB
import GRDBSQLite

/// Runs one INSERT statement over and over.
///
/// Text is bound with its length: GRDB binds it up to the first NUL, which would lose the rest.
struct RowInserter {
  private let database: Database
  private let statement: Statement

  init(_ database: Database, sql: String) throws {
    self.database = database
    statement = try database.makeStatement(sql: sql)
  }

  /// Inserts one row of texts and nulls, after an integer where one is given.
  ///
  /// - Returns: Whether the row was inserted; `false` where the statement ignored it.
  // SAFETY: the statement belongs to the connection whose queue the caller holds, and nobody else
  // steps it. SQLite copies each text, of the length given, before the closure ends
  // (`SQLITE_TRANSIENT`, which is the pointer with all bits set). Indices beyond the statement's
  // parameters are refused by SQLite with a code that is checked.
  func insert(number: Int? = nil, _ values: [String?]) throws -> Bool {
    let handle = statement.sqliteStatement
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    var index: Int32 = 1
    if let number {
      try check(sqlite3_bind_int64(handle, index, Int64(number)))
      index += 1
    }
    for value in values {
      if var value {
        let code = value.withUTF8 { bytes in
          bytes.withMemoryRebound(to: CChar.self) { characters in
            sqlite3_bind_text(
              handle, index, characters.baseAddress, Int32(characters.count), transient)
          }
        }
        try check(code)
      } else {
        try check(sqlite3_bind_null(handle, index))
      }
      index += 1
    }
    let code = sqlite3_step(handle)
    let changes = database.changesCount
    sqlite3_reset(handle)
    if code != SQLITE_DONE { try check(code) }
    return changes > 0
  }

  private func check(_ code: Int32) throws {
    if code != SQLITE_OK {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
    }
  }
}
