import HunchLabeling

/// What is wrong with one row of a table. Columns are named where the header knows them.
package enum RowProblem: Error, Equatable {
  /// More or fewer fields than the header has.
  case fieldCount(found: Int, expected: Int)
  /// Something other than a delimiter or line end after a closing quote.
  case textAfterQuote(column: String?)
  /// A quoted field that does not end; the reader goes on with the line after its first one.
  case unterminatedQuote(column: String?)
  /// Bytes that are not UTF-8.
  case invalidUTF8(column: String?)
  /// Bytes that are no text in the encoding that was asked for, or that the file begins in.
  case invalidText(column: String?, encoding: String)
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
package enum TableError: ReportableError, Equatable {
  // Reading
  case missing(path: String)
  case unreadable(path: String, problem: String)
  /// Neither the caller nor the file's ending names a format.
  case unknownFormat(path: String)
  /// An encoding that the system does not know.
  case unknownEncoding(String)
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

  package var status: ExitStatus {
    switch self {
    case .missing: .inputMissing
    case .unknownFormat, .unknownEncoding: .usage
    case .empty, .badHeader, .duplicateColumn, .missingColumn, .badRow: .badData
    case .cannotCreate: .cannotCreate
    case .unreadable, .unwritable, .brokenPipe: .inputOutput
    }
  }
}

extension RowProblem: CustomStringConvertible {
  /// What is wrong with an object that begins at a place in some bytes.
  init(_ failure: JSONObjectScanner.Failure, from start: Int) {
    self =
      switch failure {
      case .notAnObject: .notAnObject
      case .expected(let what, let index):
        .invalidJSON(byte: index - start + 1, expected: what + " expected")
      }
  }

  /// The kind of problem in a few words, without the details that differ from row to row.
  package var reason: String {
    switch self {
    case .fieldCount: "wrong number of fields"
    case .textAfterQuote: "text after a closing quote"
    case .unterminatedQuote: "quote without an end"
    case .invalidUTF8: "invalid UTF-8"
    case .invalidText(_, let encoding): "invalid \(encoding)"
    case .tooLong: "row too long"
    case .invalidJSON: "invalid JSON"
    case .notAnObject: "not a JSON object"
    case .repeatedKey: "repeated key"
    }
  }

  package var description: String {
    switch self {
    case .fieldCount(let found, let expected):
      "\(found) \(found == 1 ? "field" : "fields") where the header has \(expected)"
    case .textAfterQuote(let column): Self.at(column) + "text after a closing quote"
    case .unterminatedQuote(let column): Self.at(column) + "a quote is opened and never closed"
    case .invalidUTF8(let column): Self.at(column) + "not valid UTF-8"
    case .invalidText(let column, let encoding): Self.at(column) + "not valid \(encoding)"
    case .tooLong(let limit): "the row is longer than \(limit) bytes"
    case .invalidJSON(let byte, let expected): "not valid JSON at byte \(byte): \(expected)"
    case .notAnObject: "not a JSON object"
    case .repeatedKey(let column): "the key '\(TablePath.shown(column))' occurs more than once"
    }
  }

  private static func at(_ column: String?) -> String {
    column.map { "column '\(TablePath.shown($0))': " } ?? ""
  }

  /// What to do about it.
  var hint: String? {
    switch self {
    case .fieldCount: "quote fields that contain separators or line breaks"
    case .textAfterQuote, .unterminatedQuote: "write a quote inside a quoted field as two quotes"
    case .invalidUTF8:
      "import it with its encoding, such as --encoding windows-1252, or convert it with iconv"
    case .invalidText: "name the encoding that the file is in, or convert it with iconv"
    case .tooLong: nil
    case .invalidJSON(_, let expected) where expected.hasPrefix(JSONObjectScanner.doubleQuotes):
      "JSON has double quotes, true, false and null; Python writes it with json.dumps"
    case .invalidJSON, .notAnObject, .repeatedKey: "write one JSON object per line"
    }
  }
}

extension TableError {
  package var description: String {
    switch self {
    case .missing(let path): "\(path): no such file"
    case .unreadable(let path, let problem): "\(path) cannot be read: \(problem)"
    case .unknownFormat(let path):
      path == TablePath.standard
        ? "the format of standard input or output must be given"
        : "\(path): the ending names no table format"
    case .unknownEncoding(let name): "no encoding '\(TablePath.shown(name))'"
    case .empty(let path): "\(path) is empty"
    case .badHeader(let path, let line, let problem): "\(path):\(line): header: \(problem)"
    case .duplicateColumn(let path, let column):
      "\(path): the column '\(TablePath.shown(column))' occurs more than once"
    case .missingColumn(let path, let column, _):
      "\(path): no column '\(TablePath.shown(column))'"
    case .badRow(let path, let line, let problem): "\(path):\(line): \(problem)"
    case .cannotCreate(let path, let problem): "\(path) cannot be created: \(problem)"
    case .unwritable(let path, let problem): "\(path) cannot be written: \(problem)"
    case .brokenPipe(let path): "\(path): the reader has closed the pipe"
    }
  }

  package var hint: String? {
    switch self {
    case .unknownFormat: "use .csv, .tsv or .jsonl, or give the format"
    case .unknownEncoding:
      "for example utf-8, utf-16, windows-1252, iso-8859-1, shift_jis; 'iconv --list' has all"
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
  return known.isEmpty ? nil : "it has: \(TablePath.shown(known.joined(separator: ", ")))"
}

/// Paths with a meaning of their own, and names in messages.
enum TablePath {
  /// A name as a message shows it: control characters, which a terminal would obey, as U+FFFD, and
  /// no more than 200 characters.
  static func shown(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && name.utf8.count <= 200
    if isPlain, !name.unicodeScalars.contains(where: isControl) { return name }
    var shown = ""
    for scalar in name.unicodeScalars.prefix(200) {
      shown.unicodeScalars.append(isControl(scalar) ? "\u{FFFD}" : scalar)
    }
    return name.unicodeScalars.count > 200 ? shown + "…" : shown
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control
  }

  /// Standard input or output.
  static let standard = "-"
}
