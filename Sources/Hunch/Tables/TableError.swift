import HunchLabeling

/// What is wrong with one row of a table. Columns are named where the header knows them.
public enum RowProblem: Error, Equatable {
  /// More or fewer fields than the header has.
  case fieldCount(found: Int, expected: Int)
  /// Something other than a delimiter or line end after a closing quote.
  case textAfterQuote(column: String?)
  /// A quoted field that does not end; the reader goes on with the line after its first one.
  case unterminatedQuote(column: String?)
  /// Bytes that are not UTF-8.
  case invalidUTF8(column: String?)
  /// More bytes than a row may have.
  case tooLong(limit: Int)
  /// Not JSON; `byte` counts from 1 inside the line.
  case invalidJSON(byte: Int, expected: String)
  /// JSON, but not an object.
  case notAnObject
  /// A key that stands twice in one object.
  case repeatedKey(column: String)
}

/// Why a table cannot be read or written. No message carries the content of a cell.
public enum TableError: ReportableError, Equatable {
  // Reading
  case missing(path: String)
  case unreadable(path: String, problem: String)
  /// Neither the caller nor the file's ending names a format.
  case unknownFormat(path: String)
  /// A file that begins with the byte-order mark of UTF-16.
  case notUTF8(path: String)
  /// A file without a header, or JSONL without a key.
  case empty(path: String)
  case badHeader(path: String, line: Int, problem: RowProblem)
  case duplicateColumn(path: String, column: String)
  /// A column that was asked for and is not in the header.
  case missingColumn(path: String, column: String, known: [String])
  /// A single row that cannot be used; the reader goes on with the next one.
  case badRow(path: String, line: Int, problem: RowProblem)

  // Writing
  case cannotCreate(path: String, problem: String)
  case unwritable(path: String, problem: String)
  /// Whoever read the output has stopped reading.
  case brokenPipe(path: String)

  /// Whether the reader can be asked for the next row after this error.
  public var isRecoverable: Bool {
    if case .badRow = self { true } else { false }
  }

  /// How a command that meets this failure ends.
  public var status: ExitStatus {
    switch self {
    case .missing: .inputMissing
    case .unknownFormat: .usage
    case .notUTF8, .empty, .badHeader, .duplicateColumn, .missingColumn, .badRow: .badData
    case .cannotCreate: .cannotCreate
    case .unreadable, .unwritable, .brokenPipe: .inputOutput
    }
  }
}

extension RowProblem: CustomStringConvertible {
  /// The kind of problem in a few words, without the details that differ from row to row.
  public var reason: String {
    switch self {
    case .fieldCount: "wrong number of fields"
    case .textAfterQuote: "text after a closing quote"
    case .unterminatedQuote: "quote without an end"
    case .invalidUTF8: "invalid UTF-8"
    case .tooLong: "row too long"
    case .invalidJSON: "invalid JSON"
    case .notAnObject: "not a JSON object"
    case .repeatedKey: "repeated key"
    }
  }

  /// What went wrong and where.
  public var description: String {
    switch self {
    case .fieldCount(let found, let expected):
      "\(found) \(found == 1 ? "field" : "fields") where the header has \(expected)"
    case .textAfterQuote(let column): Self.at(column) + "text after a closing quote"
    case .unterminatedQuote(let column): Self.at(column) + "a quote is opened and never closed"
    case .invalidUTF8(let column): Self.at(column) + "not valid UTF-8"
    case .tooLong(let limit): "the row is longer than \(limit) bytes"
    case .invalidJSON(let byte, let expected): "not valid JSON at byte \(byte): \(expected)"
    case .notAnObject: "not a JSON object"
    case .repeatedKey(let column): "the key '\(column)' occurs more than once"
    }
  }

  private static func at(_ column: String?) -> String { column.map { "column '\($0)': " } ?? "" }

  fileprivate var hint: String? {
    switch self {
    case .fieldCount: "quote fields that contain separators or line breaks"
    case .textAfterQuote, .unterminatedQuote: "write a quote inside a quoted field as two quotes"
    case .invalidUTF8: "convert the file to UTF-8, for example with iconv"
    case .tooLong: nil
    case .invalidJSON, .notAnObject, .repeatedKey: "write one JSON object per line"
    }
  }
}

extension TableError {
  /// What went wrong and where.
  public var description: String {
    switch self {
    case .missing(let path): "\(path): no such file"
    case .unreadable(let path, let problem): "\(path) cannot be read: \(problem)"
    case .unknownFormat(let path):
      path == TablePath.standard
        ? "the format of standard input or output must be given"
        : "\(path): the ending names no table format"
    case .notUTF8(let path): "\(path) is UTF-16, not UTF-8"
    case .empty(let path): "\(path) is empty"
    case .badHeader(let path, let line, let problem): "\(path):\(line): header: \(problem)"
    case .duplicateColumn(let path, let column):
      "\(path): the column '\(column)' occurs more than once"
    case .missingColumn(let path, let column, _): "\(path): no column '\(column)'"
    case .badRow(let path, let line, let problem): "\(path):\(line): \(problem)"
    case .cannotCreate(let path, let problem): "\(path) cannot be created: \(problem)"
    case .unwritable(let path, let problem): "\(path) cannot be written: \(problem)"
    case .brokenPipe(let path): "\(path): the reader has closed the pipe"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .unknownFormat: "use .csv, .tsv or .jsonl, or give the format"
    case .notUTF8: "convert it, for example with iconv -f UTF-16 -t UTF-8"
    case .empty: "CSV and TSV begin with a header line, JSONL has one object per line"
    case .duplicateColumn: "give every column its own name"
    case .missingColumn(_, let column, let known): suggestion(for: column, in: known)
    case .badHeader(_, _, let problem), .badRow(_, _, let problem): problem.hint
    default: nil
    }
  }
}

/// What to say about a name that does not exist.
func suggestion(for name: String, in known: [String]) -> String? {
  if let near = nearest(name, in: known) { return "did you mean '\(near)'?" }
  return known.isEmpty ? nil : "it has: \(known.joined(separator: ", "))"
}

/// Paths with a meaning of their own.
enum TablePath {
  /// Standard input or output.
  static let standard = "-"
}
