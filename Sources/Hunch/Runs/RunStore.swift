import Foundation
import GRDB

/// Keeps runs: when, what was asked, which functions, which figures, and what became of each
/// document.
///
/// What is known of documents stands in pieces that are named by content, so runs share what is the
/// same: a run in which little changed adds little, and an identical one nothing at all.
struct RunStore: Sendable {
  /// So many of the last runs are kept.
  static let kept = 100

  /// Beyond so many bytes of pieces, the documents of the oldest runs are forgotten; their figures
  /// stay.
  static let keptBytes = 256 << 20

  let workspace: Workspace
  var keptBytes = Self.keptBytes

  // MARK: - Runs

  /// The runs, the oldest first.
  ///
  /// - Parameter limit: The most runs; the last ones are given.
  func runs(limit: Int = kept) throws(HunchError) -> [RunRecord] {
    try workspace.access { db in
      try Row.fetchAll(db, sql: Self.select + " ORDER BY id DESC LIMIT ?", arguments: [limit])
        .reversed().map { try record($0, db) }
    }
  }

  private static let select = """
    SELECT id, started, configuration, functions, figures, identity, last, times, labels_key, pieces
    FROM runs JOIN run_details ON run = id
    """

  private func record(_ row: Row, _ db: Database) throws -> RunRecord {
    let texts: [String] = try [1, 2, 3, 4, 5, 6, 8].map { try workspace.value(row, $0) }
    let number: Int = try workspace.value(row, 0)
    let pieces: String? = String.fromDatabaseValue(row[9])
    do {
      return RunRecord(
        number: number, started: texts[0], last: texts[5], times: try workspace.value(row, 7),
        sameAs: try Int.fetchOne(
          db, sql: "SELECT MAX(run) FROM run_details WHERE identity = ? AND run < ?",
          arguments: [texts[4], number]),
        configuration: try Self.decoded(texts[1]), functions: try Self.decoded(texts[2]),
        totals: try Self.decoded(texts[3]), identity: texts[4], labelsKey: texts[6],
        pieces: try pieces.map(Self.decoded))
    } catch is DecodingError {
      throw workspace.broken("a run is not one that was stored")
    }
  }

  /// Adds a run, or, where the last one is the same, notes that it was done again.
  ///
  /// - Parameter pieces: What the run's pieces hold, by name; those that are there already may be
  ///   missing.
  /// - Returns: The run as it is now stored.
  func add(_ run: RunRecord, pieces: [String: [UInt8]]) throws(HunchError) -> RunRecord {
    let time = Date.now.formatted(.iso8601)
    return try workspace.access { db in
      var run = run
      let last = try Row.fetchOne(
        db, sql: "SELECT run, identity, pieces FROM run_details ORDER BY run DESC LIMIT 1")
      if let last, String.fromDatabaseValue(last[1]) == run.identity,
        String.fromDatabaseValue(last[2]) != nil
      {
        run.number = try workspace.value(last, 0)
        try db.execute(
          sql: "UPDATE run_details SET last = ?, times = times + 1 WHERE run = ?",
          arguments: [time, run.number])
      } else {
        try db.execute(
          sql: """
            INSERT INTO runs(started, command, configuration, functions, figures)
            VALUES (?, 'run', ?, ?, ?)
            """,
          arguments: [
            time, try text(run.configuration), try text(run.functions), try text(run.totals),
          ])
        run.number = Int(db.lastInsertedRowID)
        try db.execute(
          sql: "INSERT INTO run_details VALUES (?, ?, ?, 1, ?, ?)",
          arguments: [run.number, run.identity, time, run.labelsKey, try text(run.pieces)])
        for (name, content) in pieces.sorted(by: { $0.key < $1.key }) {
          try db.execute(
            sql: "INSERT OR REPLACE INTO run_pieces VALUES (?, ?)",
            arguments: [name, Self.seal(name).sealed(content).databaseBytes])
        }
        try forget(db)
      }
      guard
        let row = try Row.fetchOne(
          db, sql: Self.select + " WHERE id = ?", arguments: [run.number])
      else { throw workspace.broken("a run is missing") }
      return try record(row, db)
    }
  }

  private static func decoded<Value: Decodable>(_ text: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }

  private func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  // MARK: - Pieces

  private static func seal(_ name: String) -> VoteSeal { VoteSeal(chunk: name, function: "run") }

  /// What a piece holds.
  func piece(_ name: String) throws(HunchError) -> [UInt8] {
    try workspace.access { db in try piece(name, db) }
  }

  private func piece(_ name: String, _ db: Database) throws -> [UInt8] {
    guard
      let value = try DatabaseValue.fetchOne(
        db, sql: "SELECT content FROM run_pieces WHERE name = ?", arguments: [name]),
      let sealed = DatabaseBytes.fromDatabaseValue(value)?.bytes,
      let content = Self.seal(name).opened(sealed)
    else { throw workspace.broken("what a run says of documents is not what was stored") }
    return content
  }

  /// Those of some pieces that are not there.
  func missing(_ names: [String]) throws(HunchError) -> [String] {
    try workspace.access { db in
      let select = try db.makeStatement(sql: "SELECT 1 FROM run_pieces WHERE name = ?")
      return try names.filter { try Int.fetchOne(select, arguments: [$0]) == nil }
    }
  }

  /// The labels of the last run that labeled the same documents in the same way.
  func labels(key: String) throws(HunchError) -> String? {
    try workspace.access { db in
      let pieces = try String.fetchOne(
        db,
        sql: """
          SELECT pieces FROM run_details WHERE labels_key = ? AND pieces NOT NULL
          ORDER BY run DESC LIMIT 1
          """, arguments: [key])
      return pieces.flatMap { (try? Self.decoded($0) as RunRecord.Pieces)?.labels }
    }
  }

  /// The names in a piece that lists others.
  static func names(in list: [UInt8]) -> [String] {
    String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Forgets the oldest runs, and pieces that no run needs.
  private func forget(_ db: Database) throws {
    try db.execute(
      sql: "DELETE FROM runs WHERE id <= (SELECT MAX(id) - ? FROM runs)", arguments: [Self.kept])
    try db.execute(sql: "DELETE FROM run_details WHERE run NOT IN (SELECT id FROM runs)")
    let bytes = try Int.fetchOne(db, sql: "SELECT TOTAL(LENGTH(content)) FROM run_pieces") ?? 0
    let isFull = bytes > keptBytes
    if db.changesCount == 0, !isFull { return }
    let runs = try Row.fetchAll(
      db, sql: "SELECT run, pieces FROM run_details WHERE pieces NOT NULL ORDER BY run DESC")
    var needed: Set<String> = []
    var size = 0
    for (place, run) in runs.enumerated() {
      // A run that is damaged keeps nothing alive.
      let added = ((try? names(of: run, db)) ?? []).subtracting(needed)
      // A full store is halved, so that this happens seldom; the last two runs always stay.
      for name in added where isFull {
        size +=
          try Int.fetchOne(
            db, sql: "SELECT LENGTH(content) FROM run_pieces WHERE name = ?", arguments: [name])
          ?? 0
      }
      if isFull, place >= 2, size > keptBytes / 2 {
        try db.execute(
          sql: "UPDATE run_details SET pieces = NULL WHERE run <= ?",
          arguments: [try workspace.value(run, 0) as Int])
        break
      }
      needed.formUnion(added)
    }
    for name in try String.fetchAll(db, sql: "SELECT name FROM run_pieces")
    where !needed.contains(name) {
      try db.execute(sql: "DELETE FROM run_pieces WHERE name = ?", arguments: [name])
    }
  }

  /// The names of all pieces that a run needs.
  private func names(of run: Row, _ db: Database) throws -> Set<String> {
    let text: String = try workspace.value(run, 1)
    guard let pieces: RunRecord.Pieces = try? Self.decoded(text),
      let contents = RunContents(decoding: try piece(pieces.contents, db))
    else { throw workspace.broken("a run is not one that was stored") }
    return Set([pieces.contents, pieces.labels, pieces.scores])
      .union(Self.names(in: try piece(pieces.labels, db)))
      .union(contents.chunks.map(RunContents.idsPiece))
  }
}

extension RunStore {
  /// What is known of earlier runs, or nil where that is damaged: it is no reason to refuse a new one.
  static func unlessDamaged<Value>(_ body: () throws -> Value?) throws -> Value? {
    do {
      return try body()
    } catch HunchError.workspaceBroken {
      return nil
    }
  }
}
