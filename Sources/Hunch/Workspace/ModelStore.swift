import GRDB

/// Keeps trained classifiers by the hash of everything that went into them.
struct ModelStore: Sendable {
  /// So many of the classifiers used last are kept.
  static let kept = 4

  let workspace: Workspace

  /// The model of a key, if there is one.
  func load(_ key: String) throws(HunchError) -> [UInt8]? {
    try workspace.access { db in
      try self.touch(key, db)
      return try DatabaseBytes.fetchOne(
        db, sql: "SELECT model FROM models WHERE key = ?", arguments: [key])?.bytes
    }
  }

  /// The model used last, if there is one.
  func latest() throws(HunchError) -> [UInt8]? {
    try workspace.access { db in
      try DatabaseBytes.fetchOne(
        db, sql: "SELECT model FROM models ORDER BY used DESC LIMIT 1")?.bytes
    }
  }

  /// Keeps a model and forgets the one unused for longest when there are too many.
  func save(_ model: [UInt8], key: String) throws(HunchError) {
    try workspace.access { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO models(key, model, used) VALUES (?, ?, 0)",
        arguments: [key, model.databaseBytes])
      try self.touch(key, db)
      try db.execute(
        sql: """
          DELETE FROM models WHERE key NOT IN
          (SELECT key FROM models ORDER BY used DESC LIMIT \(Self.kept))
          """)
    }
  }

  private func touch(_ key: String, _ db: Database) throws {
    try db.execute(
      sql: "UPDATE models SET used = (SELECT MAX(used) + 1 FROM models) WHERE key = ?",
      arguments: [key])
  }
}
