import Foundation
import GRDB

/// The database that receives the table.
///
/// A database that exists is changed in one transaction. A new one is built under another name and
/// takes its own when ``publish()`` succeeds, so that nobody ever sees half of it.
final class Destination {
  let path: String
  let queue: DatabaseQueue
  private var temporary: String?
  /// Locks the temporary file. Closed after SQLite's own, whose locks would go with it.
  private let lock: Int32

  init(path: String) throws(ImportError) {
    self.path = path
    let exists = FileManager.default.fileExists(atPath: path)
    let file = exists ? nil : Leftovers.create(beside: path, mode: 0o666)
    if exists { Leftovers.remove(beside: path) }
    if let file, file.descriptor < 0 {
      throw .table(.cannotCreate(path: path, problem: SystemError.text(errno)))
    }
    let name = file?.path
    lock = file?.descriptor ?? -1
    var settings = GRDB.Configuration()
    settings.foreignKeysEnabled = false
    settings.busyMode = .timeout(5)
    settings.prepareDatabase { db in
      // A new file is thrown away on failure, so it needs no journal on disk.
      if !exists { try db.execute(sql: "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF") }
      db.add(function: Self.real)
    }
    do {
      queue = try DatabaseQueue(path: name ?? path, configuration: settings)
      temporary = name
      try queue.inDatabase { db in
        _ = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master")
      }
    } catch {
      if let name { unlink(name) }
      if lock >= 0 { close(lock) }
      throw Self.failure(error, path)
    }
  }

  deinit {
    try? queue.close()
    if let temporary { unlink(temporary) }
    if lock >= 0 { close(lock) }
  }

  /// Puts a database that was built under another name in its place.
  func publish() throws(ImportError) {
    guard let temporary else { return }
    do {
      try queue.close()
      let handle = try FileHandle(forUpdating: URL(fileURLWithPath: temporary))
      try handle.synchronize()
      try handle.close()
    } catch { throw Self.failure(error, path) }
    // A hard link, unlike a rename, never replaces a file that has come into being meanwhile.
    if link(temporary, path) != 0 {
      let code = errno
      guard code != EEXIST, !FileManager.default.fileExists(atPath: path),
        rename(temporary, path) == 0
      else { throw .table(.cannotCreate(path: path, problem: SystemError.text(code))) }
    }
    unlink(temporary)
    self.temporary = nil
  }

  /// The number nearest to a decimal, which SQLite's own conversion does not promise.
  private static let real = DatabaseFunction("hunch_real", argumentCount: 1, pure: true) { values in
    String.fromDatabaseValue(values[0]).flatMap(Double.init)
  }

  /// An error of any origin as one of the import.
  static func failure(_ error: any Error, _ path: String) -> ImportError {
    switch error {
    case let error as ImportError: return error
    case let error as TableError: return .table(error)
    case let error as DatabaseError:
      let problem = error.message ?? "SQLite error \(error.resultCode.rawValue)"
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy(path: path)
      case .SQLITE_NOTADB: return .notADatabase(path: path)
      case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
        return .table(.cannotCreate(path: path, problem: problem))
      default: return .databaseFailed(path: path, problem: problem)
      }
    default: return .databaseFailed(path: path, problem: "\(type(of: error))")
    }
  }
}
