import GRDB
import HunchModels

/// Keeps the labels that were given by hand.
///
/// They cannot be computed anew. Each write is one transaction that is on the disk when it returns,
/// and each label carries a checksum, since SQLite does not notice changed bytes.
struct LabelStore: Sendable {
  let workspace: Workspace

  /// The labels in the order in which they were given, and the ids of those that are not as they
  /// were stored. Nothing is written, not even where there is no table yet.
  func all() throws(HunchError) -> (labels: [HandLabel], damaged: [String]) {
    try workspace.access { db in
      var found: (labels: [HandLabel], damaged: [String]) = ([], [])
      guard try hasTable(db) else { return found }
      let rows = try Row.fetchCursor(
        db, sql: "SELECT id, label, use, given, seal FROM labels ORDER BY given, id")
      while let row = try rows.next() {
        let id: String = try workspace.value(row, 0)
        if let label = Self.label(row) {
          found.labels.append(label)
        } else {
          found.damaged.append(id)
        }
      }
      return found
    }
  }

  /// Stores labels, all or none, in place of others of the same documents.
  ///
  /// - Returns: For each the label that stood there.
  @discardableResult
  func save(_ labels: [HandLabel]) throws(HunchError) -> [HandLabel?] {
    try workspace.writeThrough()
    return try workspace.access { db in
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS labels(
            id TEXT PRIMARY KEY, label TEXT NOT NULL, use TEXT NOT NULL, given TEXT NOT NULL,
            seal INTEGER NOT NULL) WITHOUT ROWID
          """)
      let insert = try db.makeStatement(
        sql: "INSERT OR REPLACE INTO labels(id, label, use, given, seal) VALUES (?, ?, ?, ?, ?)")
      return try labels.map { label in
        let former = try self.label(of: label.id, db)
        try insert.execute(arguments: [
          label.id, label.label, label.use.name, label.time, Self.seal(label),
        ])
        return former
      }
    }
  }

  /// Takes labels out, all or none.
  ///
  /// - Throws: ``LabelError/noLabel(id:)`` where a document has none.
  func remove(_ ids: [String]) throws {
    try workspace.writeThrough()
    let missing = try workspace.access { db -> String? in
      guard try hasTable(db) else { return ids.first }
      for id in ids {
        let isThere = try Bool.fetchOne(
          db, sql: "SELECT 1 FROM labels WHERE id = ?", arguments: [id])
        if isThere == nil { return id }
      }
      for id in ids { try db.execute(sql: "DELETE FROM labels WHERE id = ?", arguments: [id]) }
      return nil
    }
    if let missing { throw LabelError.noLabel(id: missing) }
  }

  private func hasTable(_ db: Database) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'labels'") ?? false
  }

  private func label(of id: String, _ db: Database) throws -> HandLabel? {
    try Row.fetchOne(
      db, sql: "SELECT id, label, use, given, seal FROM labels WHERE id = ?", arguments: [id]
    ).flatMap(Self.label)
  }

  /// The label of a row; `nil` where it is not what was stored.
  private static func label(_ row: Row) -> HandLabel? {
    guard let id = String.fromDatabaseValue(row[0]), let name = String.fromDatabaseValue(row[1]),
      let use = String.fromDatabaseValue(row[2]).flatMap(GoldUse.init(named:)),
      let time = String.fromDatabaseValue(row[3]), let seal = Int64.fromDatabaseValue(row[4])
    else { return nil }
    let label = HandLabel(id: id, label: name, use: use, time: time)
    return seal == Self.seal(label) ? label : nil
  }

  private static func seal(_ label: HandLabel) -> Int64 {
    var bytes: [UInt8] = []
    for part in [label.id, label.label, label.use.name, label.time] {
      bytes += Array(part.utf8) + [0xFF]  // in no text, so the parts cannot run into each other
    }
    return Int64(CRC32.checksum(bytes[...]))
  }
}
