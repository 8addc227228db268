import GRDB

/// Keeps what was trained by the hash of everything that went into it.
struct ModelStore: Sendable {
  /// So many of the models used last are kept: a run has a classifier and the text's evidence.
  static let kept = 8

  let workspace: Workspace

  /// The model of a key, if there is one.
  func load(_ key: String) throws(HunchError) -> [UInt8]? {
    try workspace.access { db in
      try self.touch(key, db)
      return try DatabaseBytes.fetchOne(
        db, sql: "SELECT model FROM models WHERE key = ?", arguments: [key])?.bytes
    }
  }

  /// Keeps a model and forgets the one unused for longest when there are too many.
  func save(_ model: [UInt8], key: String) throws(HunchError) {
    try workspace.access { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO models(key, model, used)
          VALUES (?, ?, (SELECT IFNULL(MAX(used), 0) + 1 FROM models))
          """,
        arguments: [key, model.databaseBytes])
      try db.execute(
        sql: """
          DELETE FROM models WHERE key NOT IN
          (SELECT key FROM models ORDER BY used DESC LIMIT \(Self.kept))
          """)
    }
  }

  /// Marks a model as used last, unless it was among the last few anyway: a run in which nothing
  /// changed writes nothing.
  private func touch(_ key: String, _ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE models SET used = (SELECT MAX(used) + 1 FROM models)
        WHERE key = ? AND used <= (SELECT MAX(used) - \(Self.kept / 2) FROM models)
        """,
      arguments: [key])
  }
}
