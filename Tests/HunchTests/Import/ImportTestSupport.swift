import Foundation
import GRDB
import Hunch
import ProjectSupport
import Testing

extension Folder {
  var database: String { path("corpus.sqlite") }

  /// Runs an import into the folder's database.
  @discardableResult
  func run(
    _ files: [String], _ change: (inout ImportRequest) -> Void = { _ in }
  ) throws(ImportError) -> ImportReport {
    var request = ImportRequest(files: files, database: database)
    change(&request)
    return try Importer(request).run()
  }

  /// The error that an import ends with.
  func failure(
    _ files: [String], _ change: (inout ImportRequest) -> Void = { _ in }
  ) -> ImportError? {
    do throws(ImportError) {
      try run(files, change)
      return nil
    } catch { return error }
  }

  /// The rows of a table as SQL literals.
  func rows(_ table: String = "documents", of path: String? = nil) throws -> [[String]] {
    try query("SELECT * FROM \"\(table.replacingOccurrences(of: "\"", with: "\"\""))\"", of: path)
  }

  /// What a query gives, as SQL literals.
  func query(_ sql: String, of path: String? = nil) throws -> [[String]] {
    try DatabaseQueue(path: path ?? database).read { db in
      try Row.fetchAll(db, sql: sql).map { row in
        row.databaseValues.map { value in
          switch value.storage {
          case .null: "NULL"
          case .int64(let number): "\(number)"
          case .double(let number): "\(number)"
          case .string(let text): "'\(text)'"
          case .blob: "blob"
          }
        }
      }
    }
  }
}

extension ImportReport {
  /// The columns as `name TYPE`.
  var schema: [String] { columns.map { "\($0.name) \($0.type.rawValue)" } }
}

extension ImportReport.File {
  /// Read, written, rejected and the reasons.
  var summary: String { "\(read) \(written) \(rejected)" + reasons.summary }
}

extension ImportReport.Join {
  /// Read, kept, rejected and the reasons; then how the sides match.
  var summary: String {
    "\(read) \(kept) \(rejected)" + reasons.summary
      + "; \(duplicateKeys) \(matched) \(unmatched) \(used) \(unused)"
  }
}

extension [ImportReport.Rejection] {
  fileprivate var summary: String { map { ", \($0.reason) \($0.rows)" }.joined() }
}
