import GRDB
import HunchModels

/// Keeps what was trained by the hash of everything that went into it, sealed with that hash: what is
/// damaged, or belongs to another key, is trained again.
struct ModelStore: Sendable {
  /// So many of the models used last are kept: a run has a classifier and the text's evidence.
  static let kept = 8

  let workspace: Workspace

  /// The model of a key, if there is one that is as it was stored.
  func load(_ key: String) throws(HunchError) -> [UInt8]? {
    try workspace.access { db in
      try self.touch(key, db)
      let value = try DatabaseValue.fetchOne(
        db, sql: "SELECT model FROM models WHERE key = ?", arguments: [key])
      return value.flatMap(DatabaseBytes.fromDatabaseValue).flatMap {
        Self.seal(key).opened($0.bytes)
      }
    }
  }

  /// The classifier of a key for some classes and columns, if there is one.
  func classifier(
    _ key: String, labels: [String], columns: DenseColumns
  ) throws(HunchError) -> TextClassifier? {
    guard let bytes = try load(key), let classifier = try? TextClassifier(decoding: bytes),
      classifier.labels == labels, classifier.columns ?? DenseColumns() == columns
    else { return nil }
    return classifier
  }

  private static func seal(_ key: String) -> VoteSeal { VoteSeal(chunk: key, function: "model") }

  /// Keeps a model and forgets the one unused for longest when there are too many.
  func save(_ model: [UInt8], key: String) throws(HunchError) {
    try workspace.access { db in
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO models(key, model, used)
          VALUES (?, ?, (SELECT IFNULL(MAX(used), 0) + 1 FROM models))
          """,
        arguments: [key, Self.seal(key).sealed(model).databaseBytes])
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
