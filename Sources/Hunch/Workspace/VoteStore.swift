import Foundation
import GRDB
import HunchLabeling

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
  /// The chunk's content for each ``ChunkAspect``, as it was when its votes were taken.
  var contents: [String]
  /// The hash of the documents' splits and gold labels.
  var annotations: String
  var repaired: Int
  var withoutText: Int

  func number(_ aspect: ChunkAspect) -> Int64 { numbers[aspect.rawValue] }

  func content(_ aspect: ChunkAspect) -> String { contents[aspect.rawValue] }
}

/// A function's number in the workspace and the aspect of chunks that it depends on.
struct StoredFunction: Sendable {
  /// -1 for a function that the workspace does not know.
  var number: Int64
  var aspect: ChunkAspect
  var fingerprint: String
  /// The class that it votes for where no other function votes: such votes are found when the others
  /// are read and never stored. Nil for any other kind.
  var otherwise: Int16?
}

struct FunctionTiming: Sendable {
  var seconds = 0.0
  var documents = 0
}

/// Where the votes of a function on a chunk stand, and the seal that tells them from all others.
struct VoteKey: Sendable {
  let row: Int64
  let seal: VoteSeal

  init(_ function: StoredFunction, numbers: [Int64], contents: [String]) {
    let aspect = function.aspect.rawValue
    row = numbers[aspect] << 32 | function.number
    seal = VoteSeal(chunk: contents[aspect], function: function.fingerprint)
  }
}

struct VoteStore: Sendable {
  /// Functions that no run has used for so many runs are forgotten.
  static let keptGenerations = 20

  let workspace: Workspace

  /// The functions with their numbers, new ones added; starts a new generation.
  func register(_ functions: [CatalogFunction]) throws(HunchError) -> [StoredFunction] {
    try workspace.access { db in
      try db.execute(
        sql: "UPDATE counters SET value = value + 1 WHERE name = 'generation'")
      let generation = try self.generation(db)
      let insert = try db.makeStatement(
        sql: """
          INSERT INTO functions(fingerprint, used, name, parts) VALUES (?, ?, ?, ?)
          ON CONFLICT(fingerprint) DO UPDATE SET used = excluded.used, name = excluded.name
          """)
      for function in functions {
        try insert.execute(arguments: [
          function.fingerprint, generation, function.name, function.parts.encoded,
        ])
      }
      let stored = try numbers(of: functions, db)
      if stored.contains(where: { $0.number < 0 }) {
        throw workspace.broken("a function has no number")
      }
      return stored
    }
  }

  /// The functions with their numbers; nothing is written.
  func find(_ functions: [CatalogFunction]) throws(HunchError) -> [StoredFunction] {
    try workspace.access { db in try numbers(of: functions, db) }
  }

  private func numbers(
    of functions: [CatalogFunction], _ db: Database
  ) throws -> [StoredFunction] {
    let select = try db.makeStatement(sql: "SELECT id FROM functions WHERE fingerprint = ?")
    return try functions.map { function in
      let number = try Int64.fetchOne(select, arguments: [function.fingerprint])
      if let number, !(1..<1 << 32).contains(number) {
        throw workspace.broken("a function has no number")
      }
      return StoredFunction(
        number: number ?? -1, aspect: function.aspect, fingerprint: function.fingerprint,
        otherwise: function.otherwise)
    }
  }

  /// What the functions of the last generations were called and made of, the latest first.
  func knownFunctions() throws(HunchError) -> [(name: String, fingerprint: String, parts: String)] {
    try workspace.access { db in
      try Row.fetchAll(
        db, sql: "SELECT name, fingerprint, parts FROM functions ORDER BY used DESC, id DESC"
      ).map { row in
        (try workspace.value(row, 0), try workspace.value(row, 1), try workspace.value(row, 2))
      }
    }
  }

  /// Notes what the evaluation of functions took, for reports.
  func store(_ timings: [(function: Int64, timing: FunctionTiming)]) throws(HunchError) {
    try workspace.access { db in
      for (function, timing) in timings where timing.documents > 0 {
        try db.execute(
          sql: "UPDATE functions SET seconds = ?, documents = ? WHERE id = ?",
          arguments: [timing.seconds, timing.documents, function])
      }
    }
  }

  /// What the last evaluation of each function took.
  func timings(of functions: [StoredFunction]) throws(HunchError) -> [FunctionTiming] {
    try workspace.access { db in
      let select = try db.makeStatement(
        sql: "SELECT seconds, documents FROM functions WHERE id = ?")
      return try functions.map { function in
        guard let row = try Row.fetchOne(select, arguments: [function.number]) else {
          return FunctionTiming()
        }
        return FunctionTiming(
          seconds: try workspace.value(row, 0), documents: try workspace.value(row, 1))
      }
    }
  }

  /// The numbers of a chunk's contents, new ones added, and the functions, by index, that have no
  /// votes for them.
  func place(
    _ contents: [String], _ functions: [StoredFunction]
  ) throws(HunchError) -> (numbers: [Int64], missing: [Int]) {
    try workspace.access { db in
      let numbers = try contents.map { content in try number(of: content, db) }
      return (numbers, try missing(functions, numbers, db))
    }
  }

  /// The numbers of a chunk's contents, -1 for unknown ones; nothing is written.
  func find(contents: [String]) throws(HunchError) -> [Int64] {
    try workspace.access { db in
      let select = try db.cachedStatement(sql: "SELECT id FROM chunks WHERE content = ?")
      return try contents.map { try Int64.fetchOne(select, arguments: [$0]) ?? -1 }
    }
  }

  /// The functions, by index, that have no votes for a chunk with these numbers.
  func missing(
    _ functions: [StoredFunction], numbers: [Int64]
  ) throws(HunchError) -> [Int] {
    try workspace.access { db in try missing(functions, numbers, db) }
  }

  /// Whether the votes of all functions on all chunks are there.
  func hasAll(
    _ functions: [StoredFunction], on chunks: [StoredChunk]
  ) throws(HunchError) -> Bool {
    try workspace.access { db in
      for chunk in chunks where try !missing(functions, chunk.numbers, db).isEmpty { return false }
      return true
    }
  }

  private func missing(
    _ functions: [StoredFunction], _ numbers: [Int64], _ db: Database
  ) throws -> [Int] {
    var keys: Set<Int64> = []
    let select = try db.cachedStatement(sql: "SELECT key FROM votes WHERE key BETWEEN ? AND ?")
    for aspect in ChunkAspect.allCases
    where numbers[aspect.rawValue] >= 0 && functions.contains(where: { $0.aspect == aspect }) {
      let number = numbers[aspect.rawValue]
      let range = try Int64.fetchCursor(select, arguments: [number << 32, (number + 1) << 32 - 1])
      while let key = try range.next() { keys.insert(key) }
    }
    return functions.indices.filter { index in
      let function = functions[index]
      return function.otherwise == nil
        && !keys.contains(Self.key(numbers[function.aspect.rawValue], function.number))
    }
  }

  private func number(of content: String, _ db: Database) throws -> Int64 {
    let select = try db.cachedStatement(sql: "SELECT id FROM chunks WHERE content = ?")
    var number = try Int64.fetchOne(select, arguments: [content])
    if number == nil {
      try db.cachedStatement(sql: "INSERT INTO chunks(content) VALUES (?)")
        .execute(arguments: [content])
      number = db.lastInsertedRowID
    }
    guard let number, (1..<1 << 31).contains(number) else {
      throw workspace.broken("a chunk has no number")
    }
    return number
  }

  /// Stores what was evaluated on one chunk, in one transaction.
  func store(
    _ columns: [(key: VoteKey, votes: StoredVotes)], documents: Int,
    failures: [(key: VoteKey, document: Int, reason: String)]
  ) throws(HunchError) {
    try workspace.access { db in
      let insert = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO votes(key, votes) VALUES (?, ?)")
      for (key, votes) in columns {
        let bytes = key.seal.sealed(VoteBlob.encode(votes, count: documents))
        try insert.execute(arguments: [key.row, bytes.databaseBytes])
      }
      let insertFailure = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO failures(key, document, reason) VALUES (?, ?, ?)")
      for (key, document, reason) in failures {
        try insertFailure.execute(arguments: [key.row, document, reason])
      }
    }
  }

  /// Makes a list of chunks the corpus of this workspace and forgets the votes of other chunks and
  /// of functions long unused.
  ///
  /// - Parameter signature: Stands for the corpus file; `nil` where it is not known.
  func commit(layout: [StoredChunk], signature: String?) throws(HunchError) {
    try workspace.access { db in
      try db.execute(sql: "DELETE FROM corpus")
      if let signature {
        try db.execute(sql: "INSERT INTO corpus VALUES (?)", arguments: [signature])
      }
      try db.execute(sql: "DELETE FROM layout")
      let insert = try db.makeStatement(
        sql: "INSERT INTO layout VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      for chunk in layout {
        try insert.execute(arguments: [
          chunk.position, chunk.documents, chunk.number(.texts), chunk.number(.rows),
          chunk.number(.ids), chunk.annotations, chunk.repaired, chunk.withoutText,
        ])
      }
      try forgetChunks(db)
      try forgetFunctions(db)
    }
  }

  /// Forgets functions long unused; for runs after which the list of chunks is what it was.
  func forgetUnused() throws(HunchError) {
    try workspace.access { db in try forgetFunctions(db) }
  }

  /// The corpus as the last complete run saw it, if its file had this signature.
  func layout(signature: String) throws(HunchError) -> [StoredChunk]? {
    try workspace.access { db in
      guard try String.fetchOne(db, sql: "SELECT signature FROM corpus") == signature else {
        return nil
      }
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT position, documents, layout.texts, layout.rows, layout.ids, t.content, r.content,
            i.content, annotations, repaired, without_text
          FROM layout JOIN chunks t ON t.id = texts JOIN chunks r ON r.id = rows
            JOIN chunks i ON i.id = ids
          ORDER BY position
          """)
      let layout = try rows.map { row in
        StoredChunk(
          position: try workspace.value(row, 0), documents: try workspace.value(row, 1),
          numbers: try (2..<5).map { try workspace.value(row, $0) },
          contents: try (5..<8).map { try workspace.value(row, $0) },
          annotations: try workspace.value(row, 8), repaired: try workspace.value(row, 9),
          withoutText: try workspace.value(row, 10))
      }
      // Another list is not what was stored: the corpus is read as if for the first time.
      let isSound =
        !layout.isEmpty && layout.map(\.position) == Array(0..<layout.count)
        && layout.allSatisfy { chunk in
          1...CorpusChunk.maximumDocuments ~= chunk.documents
            && (0...chunk.documents).contains(chunk.repaired)
            && (0...chunk.documents).contains(chunk.withoutText)
        }
      return isSound ? layout : nil
    }
  }

  private func forgetChunks(_ db: Database) throws {
    let chunks = try Int64.fetchAll(
      db,
      sql: """
        SELECT id FROM chunks WHERE id NOT IN
        (SELECT texts FROM layout UNION SELECT rows FROM layout UNION SELECT ids FROM layout)
        """)
    for chunk in chunks {
      guard (1..<1 << 31).contains(chunk) else { throw workspace.broken("a chunk has no number") }
      for table in ["votes", "failures"] {
        try db.execute(
          sql: "DELETE FROM \(table) WHERE key BETWEEN ? AND ?",
          arguments: [chunk << 32, (chunk + 1) << 32 - 1])
      }
      try db.execute(sql: "DELETE FROM chunks WHERE id = ?", arguments: [chunk])
    }
  }

  private func forgetFunctions(_ db: Database) throws {
    let oldest = try generation(db) &- Self.keptGenerations
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

  /// The votes of the given functions on one chunk, one column each, where a vote is a class.
  ///
  /// - Parameter classCount: Votes for other classes were not stored so.
  func columns(
    of chunk: StoredChunk, functions: [StoredFunction], classCount: Int
  ) throws(HunchError) -> [[Int16]] {
    let stored = try votes(of: chunk, functions: functions)
    var columns = try stored.map { votes throws(HunchError) in
      guard case .classes(.dense(let column)) = votes, column.allSatisfy({ $0 < classCount }) else {
        throw workspace.broken("votes are not those that were stored")
      }
      return column
    }
    OtherwiseVotes.fill(&columns, classes: functions.map(\.otherwise), count: chunk.documents)
    return columns
  }

  /// The votes of the given functions on one chunk that are stored.
  func votes(
    of chunk: StoredChunk, functions: [StoredFunction]
  ) throws(HunchError) -> [StoredVotes] {
    try workspace.access { db in
      let select = try db.cachedStatement(sql: "SELECT votes FROM votes WHERE key = ?")
      return try functions.map { function in
        if function.otherwise != nil { return .classes(.dense([])) }
        let key = VoteKey(function, numbers: chunk.numbers, contents: chunk.contents)
        guard let value = try DatabaseValue.fetchOne(select, arguments: [key.row]) else {
          throw workspace.broken("votes are missing")
        }
        guard let bytes = DatabaseBytes.fromDatabaseValue(value)?.bytes,
          let blob = key.seal.opened(bytes),
          let votes = VoteBlob.votes(blob, count: chunk.documents)
        else { throw workspace.broken("votes are not those that were stored") }
        return votes
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
            guard let document = Int.fromDatabaseValue(row[0]),
              let reason = String.fromDatabaseValue(row[1])
            else { throw workspace.broken("a failure is not one that was stored") }
            found.append((index, chunk.position, document, reason))
          }
        }
      }
      return found
    }
  }

  /// The key under which the votes of a function on a chunk stand.
  static func key(_ chunk: Int64, _ function: Int64) -> Int64 { chunk << 32 | function }
}

struct DatabaseBytes: DatabaseValueConvertible {
  var bytes: [UInt8]

  var databaseValue: DatabaseValue { Foundation.Data(bytes).databaseValue }

  static func fromDatabaseValue(_ value: DatabaseValue) -> DatabaseBytes? {
    Foundation.Data.fromDatabaseValue(value).map { DatabaseBytes(bytes: [UInt8]($0)) }
  }
}

extension [UInt8] {
  var databaseBytes: DatabaseBytes { DatabaseBytes(bytes: self) }
}
