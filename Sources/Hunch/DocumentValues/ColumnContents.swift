import GRDB

/// Remembers the hash of the classifier's columns for a corpus file that nobody has written since, so
/// that an unchanged project need not read them to find a stored classifier.
struct ColumnContents: Sendable {
  private let workspace: Workspace

  /// Makes the table where there is none.
  init(_ workspace: Workspace) throws(HunchError) {
    self.workspace = workspace
    try workspace.access { db in
      try db.execute(
        sql: "CREATE TABLE IF NOT EXISTS columns(key TEXT PRIMARY KEY, content TEXT NOT NULL)")
    }
  }

  /// The hash of some columns, if they were hashed for the same corpus file.
  ///
  /// - Parameter columns: Which columns, as a hash.
  func load(signature: String, columns: String) throws(HunchError) -> String? {
    try workspace.access { db in
      try String.fetchOne(
        db, sql: "SELECT content FROM columns WHERE key = ?",
        arguments: [Self.key(signature, columns)])
    }
  }

  /// Remembers a hash and forgets those of other files and columns.
  func save(_ content: String, signature: String, columns: String) throws(HunchError) {
    try workspace.access { db in
      try db.execute(sql: "DELETE FROM columns")
      try db.execute(
        sql: "INSERT INTO columns VALUES (?, ?)",
        arguments: [Self.key(signature, columns), content])
    }
  }

  private static func key(_ signature: String, _ columns: String) -> String {
    "\(signature) \(columns)"
  }
}
