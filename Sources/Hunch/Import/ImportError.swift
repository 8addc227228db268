/// Why an import did not take place. The database then stands as it did before.
package enum ImportError: ReportableError, Equatable {
  case table(TableError)
  case noFiles
  case samePath(String, String)
  case badName(String, problem: String)
  /// A file lacks a column that another file has.
  case columnsDiffer(path: String, column: String, other: String, known: [String])
  /// Two names that SQLite takes for the same.
  case columnsClash(path: String, first: String, second: String)
  case joinClash(file: String, column: String)
  /// A join on an id that the import itself makes up.
  case joinWithoutID(file: String)
  case tooManyColumns(count: Int, limit: Int)
  case tableExists(path: String, table: String)
  case viewExists(path: String, view: String)
  case notADatabase(path: String)
  case busy(path: String)
  case databaseFailed(path: String, problem: String)
  case interrupted
  /// Over a tenth of the rows cannot be used; most of them are in this file.
  case tooManyRejected(path: String, rejected: Int, read: Int, reason: String, advice: String)
  /// A table that would be replaced by one without a row.
  case replacedByNothing(path: String, table: String)
  case internalError(String)

  package var status: ExitStatus {
    switch self {
    case .table(let error): error.status
    case .noFiles, .samePath, .badName, .joinWithoutID: .usage
    case .columnsDiffer, .columnsClash, .joinClash, .tooManyColumns,
      .notADatabase, .tooManyRejected, .replacedByNothing:
      .badData
    case .tableExists, .viewExists: .cannotCreate
    case .busy: .busy
    case .databaseFailed: .inputOutput
    case .interrupted: .interrupted
    case .internalError: .internalError
    }
  }
}

extension ImportError {
  package var description: String {
    switch self {
    case .table(let error): error.description
    case .noFiles: "no file to import"
    case .samePath(let first, let second): "\(first) and \(second) are the same file"
    case .badName(let name, let problem):
      "the name '\(TablePath.shown(name))' cannot be used: \(problem)"
    case .columnsDiffer(let path, let column, let other, _):
      "\(path): no column '\(TablePath.shown(column))', which \(other) has"
    case .columnsClash(let path, let first, let second):
      "\(path): SQLite does not tell the columns '\(TablePath.shown(first))' and "
        + "'\(TablePath.shown(second))' apart"
    case .joinClash(let file, let column):
      "\(file): the table has a column '\(TablePath.shown(column))' already"
    case .tooManyRejected(let path, let rejected, let read, let reason, _):
      "\(path): \(rejected) of \(read) rows cannot be used, most because of: \(reason)"
    case .replacedByNothing(let path, let table):
      "\(path): nothing to replace the table '\(table)' with, for no row can be used"
    case .joinWithoutID(let file): "\(file): the imported files have no id to join on"
    case .tooManyColumns(let count, let limit):
      "\(count) columns are more than the \(limit) that a table can have"
    case .tableExists(let path, let table): "\(path): a table '\(table)' exists already"
    case .viewExists(let path, let view): "\(path): '\(view)' is a view"
    case .notADatabase(let path): "\(path) is not a SQLite database"
    case .busy(let path): "\(path) is in use by another process"
    case .databaseFailed(let path, let problem): "\(path): \(problem)"
    case .interrupted: "interrupted"
    case .internalError(let problem): "internal error: \(problem)"
    }
  }

  package var hint: String? {
    switch self {
    case .table(let error): error.hint
    case .noFiles: "name at least one CSV, TSV or JSONL file"
    case .columnsDiffer(_, let column, _, let known): suggestion(for: column, in: known)
    case .columnsClash: "rename one of them"
    case .joinClash: "give the join a prefix of its own"
    case .joinWithoutID: "name the column to join on"
    case .tooManyRejected(_, _, _, _, let advice):
      advice + "; --rejected FILE lists them, --keep-going imports the others"
    case .replacedByNothing: "the table is as it was; look at the file"
    case .tableExists: "choose another table with --table, or replace it with --replace"
    case .viewExists: "choose another table with --table"
    case .notADatabase: "choose another file for the database"
    case .busy: "wait for it to end and import again"
    case .interrupted: "nothing was imported; run again"
    case .internalError: "nothing was imported; please report this"
    default: nil
    }
  }
}
