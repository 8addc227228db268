import Foundation
import GRDB

/// Imports tables into a SQLite database.
///
/// The files are read once (JSONL twice, to learn its keys), in constant memory, into a temporary
/// database that SQLite manages; from there the types of the columns are decided, joined files are matched, and one transaction writes
/// the table. An import that fails, is interrupted or killed leaves the database as it was, and no
/// file where there was none.
///
/// - Columns get the narrowest ``ColumnType`` that gives every value back as it was written. The text column is always
///   `TEXT`, and so is an id whose values are not all integers.
/// - An empty value is stored as `NULL`, but for the text column: there an empty text stays an
///   empty text, and only `null` or an absent key is `NULL`. Such rows are imported and counted.
/// - The id becomes the primary key. A row without an id, or with one that an earlier row has, is
///   rejected.
/// - Malformed rows are rejected; the import goes on behind them. Where they, with the rows without
///   an id of their own, are over a tenth of all rows, or of those of a joined file, the import fails unless it is told to go on.
///   It never replaces a table with one without rows. The file of rejected rows is written all the
///   same.
/// - A joined file may hold each key once; the first row with a key is used, further ones are
///   rejected. Every row of the table is kept, with `NULL` in the added columns where the joined
///   file has no row for it, so a join never multiplies or drops rows.
package struct Importer: Sendable {
  /// What to import.
  package let request: ImportRequest

  package init(_ request: ImportRequest) { self.request = request }

  /// Runs the import.
  ///
  /// - Parameters:
  ///   - progress: Hears of each file and of the table being written, in rows.
  ///   - isCancelled: Asked after each batch; `true` ends the import.
  /// - Returns: Where every row went.
  /// - Throws: ``ImportError``; nothing is changed then.
  /// - Complexity: O(bytes of the files), and O(rows × log rows) for ids and keys.
  package func run(
    progress: StepProgress = .silent, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(ImportError) -> ImportReport {
    do {
      try checkNames()
      let plan = try ImportPlan(request)
      let watch = ImportWatch(progress, batchSize: request.batchSize, isCancelled: isCancelled)
      let destination = try Destination(path: request.database)
      let report = try destination.queue.inDatabase { database in
        try run(plan, watch, database)
      }
      try destination.publish()
      return report
    } catch {
      throw Destination.failure(error, request.database)
    }
  }

  private func checkNames() throws(ImportError) {
    if request.files.isEmpty { throw .noFiles }
    if request.table.isEmpty { throw .badName(request.table, problem: "it is empty") }
    if request.table.utf8.contains(0) {
      throw .badName(request.table, problem: "it has a NUL in it")
    }
    if SQLName.folded(request.table).hasPrefix("sqlite_") {
      throw .badName(request.table, problem: "SQLite reserves names that begin with 'sqlite_'")
    }
    let inputs = request.files + request.joins.map(\.file)
    for output in [request.database] + (request.rejected.map { [$0] } ?? []) {
      for input in inputs where Self.isSame(input, output) { throw .samePath(input, output) }
    }
    if let rejected = request.rejected, Self.isSame(rejected, request.database) {
      throw .samePath(rejected, request.database)
    }
  }

  private static func isSame(_ first: String, _ second: String) -> Bool {
    func resolved(_ path: String) -> String {
      URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
    return first != TablePath.standard && resolved(first) == resolved(second)
  }

  private func run(
    _ plan: ImportPlan, _ watch: ImportWatch, _ database: Database
  ) throws -> ImportReport {
    let table = TargetTable(request: request, plan: plan)
    try table.checkAbsence(database)
    var staging = try Staging(database, plan, watch, rejected: RejectedRows(request))
    var files: [ImportReport.File] = []
    var joins: [ImportReport.Join] = []
    try database.inTransaction(.deferred) {
      files = try staging.stageFiles()
      joins = try staging.stageJoins()
      return .commit
    }
    if !request.keepGoing, let failure = staging.tooManyRejected {
      try staging.rejected.finish()
      throw failure
    }
    if request.replace, staging.rowCount == 0 {
      try staging.rejected.finish()
      throw ImportError.replacedByNothing(path: plan.files[0].path, table: request.table)
    }
    let columns = table.columns(staging)
    var report = ImportReport(
      database: request.database, table: request.table, rows: 0,
      read: files.reduce(0) { $0 + $1.read }, rejected: files.reduce(0) { $0 + $1.rejected },
      withoutText: plan.text == nil ? nil : staging.withoutText,
      columns: columns.map { ImportReport.Column(name: $0.name, type: $0.type) }, files: files,
      joins: joins)
    try database.inTransaction(.immediate) {
      try table.create(database, columns)
      try watch.begin("write \(request.table)")
      try table.fill(database, columns, rowCount: staging.rowCount, watch)
      report.rows = try table.count(database)
      try report.verify()
      try staging.rejected.finish()
      return .commit
    }
    watch.end()
    return report
  }
}

extension ImportReport {
  /// Checks that every row is accounted for.
  func verify() throws(ImportError) {
    for file in files where file.read != file.written + file.rejected {
      throw .internalError("\(file.path): rows read are not rows written plus rejected")
    }
    if rows != files.reduce(0, { $0 + $1.written }) {
      throw .internalError("\(table): the table does not have the rows that were written")
    }
    for join in joins {
      if join.read != join.kept + join.rejected || join.kept != join.used + join.unused
        || rows != join.matched + join.unmatched || join.unused < 0 || join.unmatched < 0
      {
        throw .internalError("\(join.file): the rows of the join do not add up")
      }
    }
  }
}
