import GRDB
import HunchModels

/// Keeps embeddings in the workspace by model and text, so that no text is embedded twice.
struct EmbeddingStore: Sendable {
  private let workspace: Workspace

  /// Makes the table where there is none.
  init(_ workspace: Workspace) throws(HunchError) {
    self.workspace = workspace
    try workspace.access { db in
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS embeddings(
            key TEXT PRIMARY KEY, embedding BLOB NOT NULL) WITHOUT ROWID
          """)
    }
  }

  /// The embeddings that are there, by key.
  func load(_ keys: some Sequence<String>) throws(HunchError) -> [String: [Float]] {
    try workspace.access { db in
      let query = try db.cachedStatement(
        sql: "SELECT embedding FROM embeddings WHERE key = ?")
      var found: [String: [Float]] = [:]
      for key in keys {
        guard let bytes = try DatabaseBytes.fetchOne(query, arguments: [key])?.bytes else {
          continue
        }
        found[key] = Self.decoded(bytes)
      }
      return found
    }
  }

  /// Keeps embeddings, all of them or none.
  func save(_ embeddings: [(key: String, values: [Float])]) throws(HunchError) {
    try workspace.access { db in
      let insert = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO embeddings(key, embedding) VALUES (?, ?)")
      for (key, values) in embeddings {
        try insert.execute(arguments: [key, Self.encoded(values).databaseBytes])
      }
    }
  }

  /// The numbers, little-endian, and their CRC-32: SQLite does not notice bytes that change.
  private static func encoded(_ values: [Float]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * values.count + 4)
    for value in values { append(value.bitPattern, to: &bytes) }
    append(CRC32.checksum(bytes[...]), to: &bytes)
    return bytes
  }

  private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
    for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
  }

  /// The numbers, or nil for what is damaged: it is fetched again.
  private static func decoded(_ bytes: [UInt8]) -> [Float]? {
    guard bytes.count >= 8, bytes.count % 4 == 0 else { return nil }
    var words = stride(from: 0, to: bytes.count, by: 4).map { begin in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[begin + $1]) << (8 * $1) }
    }
    guard words.removeLast() == CRC32.checksum(bytes.dropLast(4)) else { return nil }
    return words.map { Float(bitPattern: $0) }
  }
}
