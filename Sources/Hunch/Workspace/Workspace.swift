import Foundation
import GRDB

/// The file beside the corpus that keeps everything computed: votes, models and runs.
///
/// Votes are addressed by content: a function's fingerprint and the hash of the chunk that it was
/// evaluated on. What is already there is never evaluated again, and nothing there is ever wrong
/// for another content.
final class Workspace: Sendable {
  /// The format of the file; a file of a later format is not touched.
  static let format = 2

  let path: String
  let database: DatabaseQueue
  private let lock: WorkspaceLock

  /// Opens or creates a workspace and takes its lock.
  init(path: String) throws(HunchError) {
    self.path = path
    if Paths.isFolder(path) { throw .workspaceUnwritable(path: path, problem: "it is a folder") }
    try OwnFiles.check(besideWorkspace: path)
    lock = try WorkspaceLock(workspace: path)
    var settings = GRDB.Configuration()
    settings.label = "workspace"
    settings.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = NORMAL")
    }
    let isNew = !FileManager.default.fileExists(atPath: path)
    if isNew { OwnFiles.makeEmpty(path) }
    do {
      database = try DatabaseQueue(path: path, configuration: settings)
    } catch {
      throw isNew
        ? .workspaceUnwritable(path: path, problem: Corpus.problem(error))
        : Self.failure(path, error)
    }
    try prepare()
  }

  /// Closes the file, so that nothing is left beside it but the lock.
  deinit { try? database.close() }

  /// Looks before it writes: a file that is of a later format, or something else than a workspace,
  /// such as a corpus given by mistake, stays as it is.
  private func prepare() throws(HunchError) {
    do {
      let (version, tables) = try database.read { db in
        (
          try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0,
          try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
        )
      }
      if version > Self.format { throw HunchError.workspaceNewer(path: path, version: version) }
      if version <= 0, tables > 0 { throw HunchError.workspaceForeign(path: path) }
      if version > 0, try !hasSchema() { throw HunchError.workspaceForeign(path: path) }
      try database.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA journal_mode = WAL")
      }
      if version == 0 {
        try database.write { db in
          try db.execute(sql: Self.voteTables + Self.otherTables)
          try db.execute(sql: "PRAGMA user_version = \(Self.format)")
        }
      } else if version < Self.format {
        // Votes of an earlier format are evaluated again; the list of runs stays.
        try database.write { db in
          try db.execute(
            sql: """
              DROP TABLE functions; DROP TABLE chunks; DROP TABLE votes; DROP TABLE failures;
              DROP TABLE layout; DROP TABLE IF EXISTS corpus;
              """)
          try db.execute(sql: Self.voteTables)
          try db.execute(sql: "PRAGMA user_version = \(Self.format)")
        }
      }
      // Workspaces from before there were such tables get them; nothing else changes.
      try database.write { try $0.execute(sql: Self.runTables) }
    } catch let error as HunchError {
      throw error
    } catch {
      throw Self.failure(path, error)
    }
  }

  /// The tables beside `runs`, which is older than they are.
  private static let runTables = """
    -- What else is known of a run; `identity` stands for all of it but time and number.
    CREATE TABLE IF NOT EXISTS run_details(
      run INTEGER PRIMARY KEY, identity TEXT NOT NULL, last TEXT NOT NULL, times INTEGER NOT NULL,
      labels_key TEXT NOT NULL, pieces TEXT);
    -- Labels and ids of documents, sealed, by names that stand for their content.
    CREATE TABLE IF NOT EXISTS run_pieces(name TEXT PRIMARY KEY, content BLOB NOT NULL);
    """

  /// Whether the tables are those of a workspace: other programs number their formats, too.
  private func hasSchema() throws -> Bool {
    try database.read { db in
      try Int.fetchOne(
        db,
        sql: """
          SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN
          ('functions', 'chunks', 'votes', 'failures', 'layout', 'models', 'runs', 'counters')
          """) == 8
    }
  }

  /// What a failure to open or prepare an existing file means.
  private static func failure(_ path: String, _ error: any Error) -> HunchError {
    let problem = Corpus.problem(error)
    return switch (error as? DatabaseError)?.resultCode {
    case .SQLITE_NOTADB: .workspaceForeign(path: path)
    // A damaged header can forbid what the file system allows.
    case .SQLITE_READONLY where isWritable(path): .workspaceBroken(path: path, problem: problem)
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
      .workspaceUnwritable(path: path, problem: problem)
    case .SQLITE_FULL, .SQLITE_IOERR: .workspaceDisk(path: path, problem: problem)
    case .SQLITE_BUSY, .SQLITE_LOCKED: .workspaceBusy(path: path, holder: nil)
    default: .workspaceBroken(path: path, problem: problem)
    }
  }

  private static func isWritable(_ path: String) -> Bool {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    return FileManager.default.isWritableFile(atPath: path)
      && FileManager.default.isWritableFile(atPath: folder)
  }

  /// Runs a step on the file and turns SQLite's failures into typed ones.
  func access<Result>(
    _ body: (Database) throws -> Result
  ) throws(HunchError) -> Result {
    do {
      return try database.write { try body($0) }
    } catch let error as HunchError {
      throw error
    } catch let error as DatabaseError {
      throw error.resultCode == .SQLITE_NOTADB
        ? broken(Corpus.problem(error)) : Self.failure(path, error)
    } catch is RowDecodingError {
      throw broken("a value is not of its column's type")
    } catch {
      throw .internalError("\(type(of: error)) from the workspace")
    }
  }

  /// Lets every further commit be on the disk before it returns, for what cannot be computed anew.
  func writeThrough() throws(HunchError) {
    do {
      try database.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA synchronous = FULL")
      }
    } catch {
      throw Self.failure(path, error)
    }
  }

  /// A value of a row, which damage may have turned into one of another type.
  func value<Value: DatabaseValueConvertible>(_ row: Row, _ index: Int) throws -> Value {
    guard let value = Value.fromDatabaseValue(row[index]) else {
      throw broken("a value is not of its column's type")
    }
    return value
  }

  /// The error for content that cannot be what was written.
  func broken(_ problem: String) -> HunchError { .workspaceBroken(path: path, problem: problem) }

  private static let voteTables = """
    -- A labeling function as it was defined at some time; `fingerprint` covers all that its votes
    -- depend on but the document, `parts` says of what it is made, `seconds` what the evaluation of
    -- `documents` documents took.
    CREATE TABLE functions(
      id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, used INTEGER NOT NULL,
      name TEXT NOT NULL, parts TEXT NOT NULL, seconds REAL NOT NULL DEFAULT 0,
      documents INTEGER NOT NULL DEFAULT 0);
    -- A run of documents by content: of their texts, their texts and fields, or their ids.
    CREATE TABLE chunks(id INTEGER PRIMARY KEY, content TEXT NOT NULL UNIQUE);
    -- Votes of one function on one chunk, sealed; key = chunk << 32 | function.
    CREATE TABLE votes(key INTEGER PRIMARY KEY, votes BLOB NOT NULL);
    -- Documents of a chunk on which a function could not be evaluated.
    CREATE TABLE failures(
      key INTEGER NOT NULL, document INTEGER NOT NULL, reason TEXT NOT NULL,
      PRIMARY KEY(key, document)) WITHOUT ROWID;
    -- The corpus as the last complete run saw it, in order.
    CREATE TABLE layout(
      position INTEGER PRIMARY KEY, documents INTEGER NOT NULL,
      texts INTEGER NOT NULL, rows INTEGER NOT NULL, ids INTEGER NOT NULL,
      annotations TEXT NOT NULL, repaired INTEGER NOT NULL, without_text INTEGER NOT NULL);
    -- What the corpus file looked like then; no row where that cannot be relied on.
    CREATE TABLE corpus(signature TEXT NOT NULL);

    """

  private static let otherTables = """
    -- Trained classifiers by everything that went into them.
    CREATE TABLE models(
      key TEXT PRIMARY KEY, model BLOB NOT NULL, used INTEGER NOT NULL);
    -- Every run with its configuration and figures.
    CREATE TABLE runs(
      id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, command TEXT NOT NULL,
      configuration TEXT NOT NULL, functions TEXT NOT NULL, figures TEXT NOT NULL);
    CREATE TABLE counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL);
    INSERT INTO counters VALUES ('generation', 0);
    """
}
