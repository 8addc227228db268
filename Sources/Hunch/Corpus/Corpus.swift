import Foundation
import GRDB
import HunchLabeling
import HunchModels
import Synchronization

/// The documents of a project: a table, view or query of a SQLite file, opened read-only.
///
/// All passes run the same query, so that they see the documents in the same order.
struct Corpus: Sendable {
  let path: String
  let configuration: CorpusConfiguration
  let labels: [String]
  /// The further columns that rules read, sorted.
  let fields: [String]
  /// The columns that the classifier looks at.
  let features: DenseColumns
  /// Hears how many texts are read.
  var hearsTexts: (@Sendable (Int) -> Void)?
  private let database: DatabaseQueue
  private let sql: String
  /// Whether the documents are the rows of an ordinary table.
  private let isTable: Bool
  /// What SQLite called the state of the file when it was first read: another connection's commits
  /// change it.
  private let firstVersion = Guarded(Int?.none)
  private let now: @Sendable () -> Date

  /// Opens the corpus and checks that table and columns exist.
  ///
  /// - Parameters:
  ///   - readers: For each further column, the functions that read it (for messages).
  ///   - features: What the classifier looks at beside the texts.
  ///   - now: The time, for telling whether the file was written a moment ago.
  init(
    path: String, configuration: CorpusConfiguration, labels: [String],
    readers: [String: [String]], features: DenseColumns = DenseColumns(),
    now: @escaping @Sendable () -> Date = { Date() }
  ) throws(HunchError) {
    self.path = path
    self.now = now
    self.configuration = configuration
    self.labels = labels
    fields = readers.keys.sorted()
    self.features = features
    guard FileManager.default.fileExists(atPath: path) else { throw .corpusMissing(path: path) }
    do {
      database = try DatabaseQueue(path: path, configuration: Self.reading)
    } catch {
      throw Self.unreadable(path, error)
    }
    sql = try Self.query(path, configuration, readers, features, database)
    isTable = try Self.isTable(path, configuration.source, database)
  }

  /// Reads the whole corpus as it stands at this moment; the body pulls chunks, from any thread.
  func withChunks<Result>(
    wantsTexts: Bool, wantsFields: Bool = false, wantsFeatures: Bool = false,
    _ body: (ChunkReader) throws -> Result
  ) throws -> Result {
    let columns = ChunkReader.Columns(
      hasGold: configuration.gold != nil, hasSplit: configuration.split != nil,
      hasGoldUse: configuration.goldUse != nil, fields: fields, wantsTexts: wantsTexts,
      wantsFields: wantsFields, features: wantsFeatures ? features : DenseColumns(),
      hearsTexts: hearsTexts)
    do {
      return try database.read { db in
        let statement = try db.makeStatement(sql: sql)
        let reader = ChunkReader(
          statement, columns: columns, path: path, labels: labels, signature: try signature(db),
          mismatch: try mismatch(db))
        return try body(reader)
      }
    } catch let error as DatabaseError {
      throw Self.unreadable(path, error)
    }
  }

  /// What it means where documents are not those of an earlier read.
  private func mismatch(_ db: Database) throws -> HunchError {
    let version = try Int.fetchOne(db, sql: "PRAGMA data_version")
    let isSame = firstVersion.withLock { first in
      first = first ?? version
      return first == version
    }
    return isSame && !isTable
      ? .corpusVaries(path: path, source: configuration.source.description)
      : .corpusChanged(path: path)
  }

  /// Calls the body with each id as text, until it answers false.
  ///
  /// The ids are read beside a pass that may be under way, with a connection of their own.
  func forEachID(_ body: (String) throws -> Bool) throws {
    do {
      try DatabaseQueue(path: path, configuration: Self.reading).read { db in
        let ids = try String.fetchCursor(
          db, sql: "SELECT CAST(id AS TEXT) FROM (\(sql)) WHERE id NOT NULL")
        while let id = try ids.next(), try body(id) {}
      }
    } catch let error as DatabaseError {
      throw Self.unreadable(path, error)
    }
  }

  /// How the file is opened.
  private static var reading: GRDB.Configuration {
    var settings = GRDB.Configuration()
    settings.readonly = true
    // Somebody else may be writing for a moment.
    settings.busyMode = .timeout(5)
    return settings
  }

  /// Stands for the documents as they are now; `nil` where only reading them tells.
  func signature() throws(HunchError) -> String? {
    try database.readCorpus(path) { db in try signature(db) }
  }

  private func signature(_ db: Database) throws -> String? {
    // A view or a query may depend on more than the file, such as the date.
    guard isTable else { return nil }
    // Any read begins the transaction; what the file looks like after that is what will be read.
    _ = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master")
    guard let file = CorpusSignature.of(path, now: now()) else { return nil }
    var hash = ContentHash("corpus-1")
    for part in [path, file, sql] + labels { hash.add(part) }
    return hash.finish()
  }

  /// The number of documents.
  func count() throws(HunchError) -> Int {
    try database.readCorpus(path) { db in
      try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM (\(sql))") ?? 0
    }
  }

  /// An id that occurs more than once; `nil` where every id is unique.
  ///
  /// - Complexity: O(1) where the id is a primary key or has a unique index, else one sort.
  func duplicateID() throws(HunchError) -> String? {
    try database.readCorpus(path) { db in
      if case .table(let table) = configuration.source, try isUnique(db, table) { return nil }
      return try String.fetchOne(
        db,
        // By text, as ids stand in files: 1 and '1' are the same there.
        sql: """
          SELECT CAST(id AS TEXT) AS name FROM (\(sql)) WHERE name NOT NULL
          GROUP BY name HAVING COUNT(*) > 1 LIMIT 1
          """)
    }
  }

  /// Whether SQLite keeps the ids of a table apart, also as texts.
  private func isUnique(_ db: Database, _ table: String) throws -> Bool {
    let id = configuration.id.lowercased()
    let columns = try Row.fetchAll(
      db, sql: "SELECT name, upper(type), pk > 0 FROM pragma_table_info(?)", arguments: [table]
    ).map { row -> (name: String, type: String, isKey: Bool) in
      let name: String = row[0]
      return (name.lowercased(), row[1], row[2])
    }
    guard let type = columns.first(where: { $0.name == id })?.type else {
      return isTable && Self.rowIDs.contains(id)
    }
    // A column of no type may hold 1 and '1' at once.
    let isTyped = ["INT", "CHAR", "CLOB", "TEXT"].contains { type.contains($0) }
    if !isTyped, type.isEmpty || type == "ANY" || type.contains("BLOB") { return false }
    if columns.filter(\.isKey).map(\.name) == [id] { return true }
    // A partial index says nothing of the other rows.
    let unique = try String.fetchAll(
      db,
      sql: """
        SELECT MIN(info.name) FROM pragma_index_list(?) AS list, pragma_index_info(list.name) AS info
        WHERE list."unique" AND NOT list.partial GROUP BY list.name HAVING COUNT(*) = 1
        AND MIN(info.name) NOT NULL
        """, arguments: [table])
    return unique.contains { $0.lowercased() == id }
  }

  /// The query of every pass: id, text, gold, split and gold use, NULL where they are not named,
  /// then the fields and the columns of the classifier.
  private static func query(
    _ path: String, _ configuration: CorpusConfiguration, _ readers: [String: [String]],
    _ features: DenseColumns, _ database: DatabaseQueue
  ) throws(HunchError) -> String {
    let source = try from(path, configuration.source, database)
    let known: [String]
    do {
      known = try database.read { db in
        try Array(db.makeStatement(sql: "SELECT * FROM \(source) LIMIT 0").columnNames)
      }
    } catch {
      if case .query = configuration.source {
        throw .corpusQuery(path: path, problem: problem(error))
      }
      throw unreadable(path, error)
    }
    let named: [(key: String, column: String?)] = [
      ("id", configuration.id), ("text", configuration.text), ("gold", configuration.gold),
      ("split", configuration.split), ("gold_use", configuration.goldUse),
    ]
    var columns: [String] = []
    let rowID = Self.rowID(configuration, source, database)
    for (key, column) in named {
      guard let column else {
        columns.append("NULL AS \(key)")
        continue
      }
      guard let actual = Self.actual(column, known) else {
        if key == "id", let rowID {
          columns.append("\(rowID) AS \(key)")
          continue
        }
        throw .corpusColumn(
          path: path, source: configuration.source.description, column: column, key: key,
          known: known)
      }
      columns.append("\(SQLName.quoted(actual)) AS \(key)")
    }
    for (column, functions) in readers.sorted(by: { $0.key < $1.key }) {
      guard let actual = Self.actual(column, known) else {
        throw .missingField(column: column, functions: functions, corpus: path, known: known)
      }
      columns.append(SQLName.quoted(actual))
    }
    for (column, key) in features.stored {
      guard let actual = Self.actual(column, known) else {
        throw .featureColumn(path: path, column: column, key: key, known: known)
      }
      columns.append(SQLName.quoted(actual))
    }
    return "SELECT \(columns.joined(separator: ", ")) FROM \(source)"
  }

  /// What SQLite calls the number of a row.
  private static let rowIDs: Set<String> = ["rowid", "oid", "_rowid_"]

  /// The name for the number that SQLite gives each row of an ordinary table, where the id is called
  /// so and no column is; nil elsewhere.
  private static func rowID(
    _ configuration: CorpusConfiguration, _ source: String, _ database: DatabaseQueue
  ) -> String? {
    let name = configuration.id.lowercased()
    guard case .table = configuration.source, rowIDs.contains(name) else { return nil }
    // Views and tables that are kept by another key have none.
    let isThere = try? database.read { db in
      try db.makeStatement(sql: "SELECT \(name) FROM \(source) LIMIT 0").columnCount == 1
    }
    return isThere == true ? name : nil
  }

  private static func from(
    _ path: String, _ source: CorpusConfiguration.Source, _ database: DatabaseQueue
  ) throws(HunchError) -> String {
    switch source {
    case .query(let query):
      let trimmed = query.trimmingCharacters(in: CharacterSet(charactersIn: "; \n\r\t"))
      // On lines of its own, since the query may end with a comment.
      return "(\n\(trimmed)\n)"
    case .table(let name):
      let names = try database.readCorpus(path) { db in
        try String.fetchAll(
          db, sql: "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
      }
      guard let actual = actual(name, names) else {
        throw .corpusTable(path: path, table: name, known: names)
      }
      return SQLName.quoted(actual)
    }
  }

  private static func isTable(
    _ path: String, _ source: CorpusConfiguration.Source, _ database: DatabaseQueue
  ) throws(HunchError) -> Bool {
    guard case .table(let name) = source else { return false }
    return try database.readCorpus(path) { db in
      try Bool.fetchOne(
        db,
        sql: """
          SELECT type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' FROM sqlite_master
          WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view')
          """, arguments: [name]) ?? false
    }
  }

  /// The name as the database writes it, case and composition aside.
  ///
  /// SQLite itself ignores case in ASCII alone, and takes a quoted name that it does not know for
  /// a text.
  private static func actual(_ name: String, _ known: [String]) -> String? {
    known.first { $0 == name } ?? known.first { $0.lowercased() == name.lowercased() }
  }

  /// What a failure of SQLite to read means.
  static func unreadable(_ path: String, _ error: any Error) -> HunchError {
    switch (error as? DatabaseError)?.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: .corpusBusy(path: path)
    // What SQLite says where it cannot make the files that a write-ahead log needs.
    case .SQLITE_READONLY, .SQLITE_CANTOPEN:
      .corpusNeedsFolder(path: path, problem: problem(error))
    default: .corpusUnreadable(path: path, problem: problem(error))
    }
  }

  /// SQLite's own words, without the statement and its arguments.
  static func problem(_ error: any Error) -> String {
    (error as? DatabaseError)?.message ?? "\(type(of: error))"
  }
}

extension DatabaseQueue {
  /// Reads from a corpus; every failure is one of the corpus.
  fileprivate func readCorpus<Result>(
    _ path: String, _ body: (Database) throws -> Result
  ) throws(HunchError) -> Result {
    do { return try read(body) } catch { throw Corpus.unreadable(path, error) }
  }
}
