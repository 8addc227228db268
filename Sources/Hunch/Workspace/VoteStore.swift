import Foundation
import GRDB

/// How the identity of a chunk is taken for a function: by what the function reads.
enum ChunkAspect: Int, Sendable, CaseIterable {
  /// The texts alone.
  case texts
  /// The texts and the columns that rules read.
  case rows
  /// The ids alone: votes that come from a file.
  case ids
}

/// A chunk of the corpus as the workspace knows it.
struct StoredChunk: Sendable, Equatable {
  var position: Int
  var documents: Int
  /// The chunk's number for each ``ChunkAspect``.
  var numbers: [Int64]
  var repaired: Int
  var withoutText: Int

  func number(_ aspect: ChunkAspect) -> Int64 { numbers[aspect.rawValue] }
}

/// A function's number in the workspace and the aspect of chunks that it depends on.
struct StoredFunction: Sendable {
  var number: Int64
  var aspect: ChunkAspect
}

/// Reads and writes votes in a workspace.
struct VoteStore: Sendable {
  /// Functions that no run has used for so many runs are forgotten.
  static let keptGenerations = 20

  let workspace: Workspace

  /// The numbers of functions by fingerprint, new ones added; starts a new generation.
  func register(fingerprints: [String]) throws(HunchError) -> [Int64] {
    try workspace.access { db in
      try db.execute(
        sql: "UPDATE counters SET value = value + 1 WHERE name = 'generation'")
      let generation = try self.generation(db)
      return try fingerprints.map { fingerprint in
        try db.execute(
          sql: """
            INSERT INTO functions(fingerprint, used) VALUES (?, ?)
            ON CONFLICT(fingerprint) DO UPDATE SET used = excluded.used
            """, arguments: [fingerprint, generation])
        return try Int64.fetchOne(
          db, sql: "SELECT id FROM functions WHERE fingerprint = ?", arguments: [fingerprint]) ?? 0
      }
    }
  }

  /// The numbers of a chunk's contents (new ones added), and the keys of the votes stored for them.
  func locate(contents: [String]) throws(HunchError) -> (numbers: [Int64], keys: Set<Int64>) {
    try workspace.access { db in
      var numbers: [Int64] = []
      var keys: Set<Int64> = []
      for content in contents {
        let number = try self.number(of: content, db)
        numbers.append(number)
        let range = try Int64.fetchCursor(
          db.cachedStatement(sql: "SELECT key FROM votes WHERE key BETWEEN ? AND ?"),
          arguments: [number << 32, (number + 1) << 32 - 1])
        while let key = try range.next() { keys.insert(key) }
      }
      return (numbers, keys)
    }
  }

  private func number(of content: String, _ db: Database) throws -> Int64 {
    let select = try db.cachedStatement(sql: "SELECT id FROM chunks WHERE content = ?")
    if let number = try Int64.fetchOne(select, arguments: [content]) { return number }
    try db.cachedStatement(sql: "INSERT INTO chunks(content) VALUES (?)")
      .execute(arguments: [content])
    return db.lastInsertedRowID
  }

  /// Stores what was evaluated on one chunk, in one transaction.
  func store(
    _ columns: [(key: Int64, votes: [Int16])],
    failures: [(key: Int64, document: Int, reason: String)]
  ) throws(HunchError) {
    try workspace.access { db in
      let insert = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO votes(key, votes) VALUES (?, ?)")
      for (key, votes) in columns {
        try insert.execute(arguments: [key, VoteBlob.encode(votes).databaseBytes])
      }
      let insertFailure = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO failures(key, document, reason) VALUES (?, ?, ?)")
      for (key, document, reason) in failures {
        try insertFailure.execute(arguments: [key, document, reason])
      }
    }
  }

  /// Makes a list of chunks the corpus of this workspace and forgets the votes of other chunks and
  /// of functions long unused.
  func commit(layout: [StoredChunk]) throws(HunchError) {
    try workspace.access { db in
      try db.execute(sql: "DELETE FROM layout")
      let insert = try db.makeStatement(
        sql: "INSERT INTO layout VALUES (?, ?, ?, ?, ?, ?, ?)")
      for chunk in layout {
        try insert.execute(arguments: [
          chunk.position, chunk.documents, chunk.number(.texts), chunk.number(.rows),
          chunk.number(.ids), chunk.repaired, chunk.withoutText,
        ])
      }
      try forget(db)
    }
  }

  private func forget(_ db: Database) throws {
    let chunks = try Int64.fetchAll(
      db,
      sql: """
        SELECT id FROM chunks WHERE id NOT IN
        (SELECT texts FROM layout UNION SELECT rows FROM layout UNION SELECT ids FROM layout)
        """)
    for chunk in chunks {
      for table in ["votes", "failures"] {
        try db.execute(
          sql: "DELETE FROM \(table) WHERE key BETWEEN ? AND ?",
          arguments: [chunk << 32, (chunk + 1) << 32 - 1])
      }
      try db.execute(sql: "DELETE FROM chunks WHERE id = ?", arguments: [chunk])
    }
    let oldest = try generation(db) - Self.keptGenerations
    let functions = try Int64.fetchAll(
      db, sql: "SELECT id FROM functions WHERE used < ?", arguments: [oldest])
    for function in functions {
      for table in ["votes", "failures"] {
        try db.execute(
          sql: "DELETE FROM \(table) WHERE key & 4294967295 = ?", arguments: [function])
      }
      try db.execute(sql: "DELETE FROM functions WHERE id = ?", arguments: [function])
    }
  }

  private func generation(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT value FROM counters WHERE name = 'generation'") ?? 0
  }

  /// The content of a chunk, seen from an aspect, as it was when its votes were taken.
  func content(of chunk: StoredChunk, _ aspect: ChunkAspect) throws(HunchError) -> String? {
    try workspace.access { db in
      try String.fetchOne(
        db.cachedStatement(sql: "SELECT content FROM chunks WHERE id = ?"),
        arguments: [chunk.number(aspect)])
    }
  }

  /// The votes of the given functions on one chunk, one column each.
  func columns(
    of chunk: StoredChunk, functions: [StoredFunction]
  ) throws(HunchError) -> [[Int16]] {
    try workspace.access { db in
      let select = try db.cachedStatement(sql: "SELECT votes FROM votes WHERE key = ?")
      return try functions.map { function in
        let key = Self.key(chunk.number(function.aspect), function.number)
        guard let data = try Row.fetchOne(select, arguments: [key])?[0] as DatabaseBytes?,
          let column = VoteBlob.decode(data.bytes, count: chunk.documents)
        else {
          throw HunchError.workspaceBroken(path: workspace.path, problem: "votes are missing")
        }
        return column
      }
    }
  }

  /// How often each of the given functions could not be evaluated, over a layout.
  func failures(
    layout: [StoredChunk], functions: [StoredFunction]
  ) throws(HunchError) -> [(function: Int, chunk: Int, document: Int, reason: String)] {
    try workspace.access { db in
      if try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM failures") == 0 { return [] }
      let select = try db.makeStatement(
        sql: "SELECT document, reason FROM failures WHERE key = ? ORDER BY document")
      var found: [(function: Int, chunk: Int, document: Int, reason: String)] = []
      for chunk in layout {
        for (index, function) in functions.enumerated() {
          let key = Self.key(chunk.number(function.aspect), function.number)
          for row in try Row.fetchAll(select, arguments: [key]) {
            found.append((index, chunk.position, row[0], row[1]))
          }
        }
      }
      return found
    }
  }

  /// The key under which the votes of a function on a chunk stand.
  static func key(_ chunk: Int64, _ function: Int64) -> Int64 { chunk << 32 | function }
}

/// Bytes in a column of the workspace.
struct DatabaseBytes: DatabaseValueConvertible {
  var bytes: [UInt8]

  var databaseValue: DatabaseValue { Foundation.Data(bytes).databaseValue }

  static func fromDatabaseValue(_ value: DatabaseValue) -> DatabaseBytes? {
    Foundation.Data.fromDatabaseValue(value).map { DatabaseBytes(bytes: [UInt8]($0)) }
  }
}

extension [UInt8] {
  /// The bytes as a value that SQLite can store.
  var databaseBytes: DatabaseBytes { DatabaseBytes(bytes: self) }
}
