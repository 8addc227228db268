/// Reads a table row by row, in constant memory.
///
/// For example:
///
///     let reader = try TableReader(path: "reviews.csv")
///     while let row = try reader.next() { print(row.line, row.values) }
///
/// CSV and TSV begin with a header and follow RFC 4180: lines end with CRLF, LF or CR, a field that
/// begins with a quote goes on to its closing quote over delimiters and line ends, and a doubled
/// quote inside it is one quote. A quote inside a field that does not begin with one is text. TSV
/// differs from CSV in the delimiter alone. Empty lines are skipped, a byte-order mark too.
///
/// JSONL has one object per line. Without a list of columns the file is read once to collect the
/// keys of all objects, and a second time for the rows; what cannot be read twice, such as a pipe,
/// is copied to a temporary file.
///
/// A row that is malformed makes ``next()`` throw ``TableError/badRow(path:line:problem:)``; the
/// call after it returns the row that follows. A reader is used by one thread at a time.
public final class TableReader {
  /// The file's path, or `-` for standard input.
  public let path: String

  /// How the file is read.
  public let format: TableFormat

  /// The names of the columns, one for each value of a row.
  public let columns: [String]

  /// How large a row may be, unless a test asks for less: enough for any document, and little
  /// enough that a quote that is never closed does not take all memory.
  package static let rowLimit = 64 << 20
  package static let blockSize = 256 << 10

  private let rows: any RowSource
  private var number = 0

  /// Opens a table and finds its columns.
  ///
  /// - Parameters:
  ///   - path: The file, or `-` for standard input, whose format must be given.
  ///   - format: The format; `nil` takes it from the file's ending.
  /// - Throws: ``TableError`` where the file is missing, unreadable or empty, its format is
  ///   unknown, or its header is malformed or names a column twice.
  /// - Complexity: O(header) for CSV and TSV, O(file) for JSONL.
  public convenience init(path: String, format: TableFormat? = nil) throws(TableError) {
    try self.init(path: path, format: format, wanted: nil)
  }

  /// Opens a table for some of its columns.
  ///
  /// In JSONL a column that no object has is `nil` in every row.
  ///
  /// - Parameters:
  ///   - path: The file, or `-` for standard input, whose format must be given.
  ///   - format: The format; `nil` takes it from the file's ending.
  ///   - columns: The columns to read, in the order wanted.
  /// - Throws: ``TableError`` as the other initializer does, and where a header lacks a column.
  public convenience init(
    path: String, format: TableFormat? = nil, columns: [String]
  ) throws(TableError) {
    try self.init(path: path, format: format, wanted: columns)
  }

  /// Opens a table in whose header one more column may be named like the first.
  convenience init(path: String, firstColumnMayRepeat: Bool) throws(TableError) {
    try self.init(
      path: path, format: nil, wanted: nil, firstColumnMayRepeat: firstColumnMayRepeat)
  }

  package init(
    path: String, format: TableFormat?, wanted: [String]?, firstColumnMayRepeat: Bool = false,
    blockSize: Int = TableReader.blockSize, rowLimit: Int = TableReader.rowLimit
  ) throws(TableError) {
    guard let format = format ?? TableFormat(path: path) else { throw .unknownFormat(path: path) }
    self.path = path
    self.format = format
    let stream = ByteStream(try InputFile(path: path), blockSize: blockSize)
    if let delimiter = format.delimiter {
      try stream.skipByteOrderMark()
      let delimited = DelimitedRows(stream, delimiter: delimiter, limit: rowLimit)
      let header = try delimited.readHeader(firstMayRepeat: firstColumnMayRepeat)
      if let wanted { try delimited.choose(wanted) }
      columns = wanted ?? header
      rows = delimited
    } else {
      let objects = JSONRows(stream, limit: rowLimit)
      if let wanted {
        try stream.skipByteOrderMark()
        objects.setColumns(wanted)
        columns = wanted
      } else {
        columns = try objects.discoverColumns()
      }
      rows = objects
    }
  }

  /// Reads the next row; `nil` at the end of the file.
  ///
  /// - Throws: ``TableError/badRow(path:line:problem:)`` for a row that cannot be used, after which
  ///   the next call goes on behind it; ``TableError/unreadable(path:problem:)`` where reading
  ///   itself fails.
  /// - Complexity: O(bytes of the row).
  public func next() throws(TableError) -> TableRow? {
    guard let outcome = try rows.next() else { return nil }
    number += 1
    switch outcome {
    case .success(let values): return TableRow(values: values, line: rows.line, number: number)
    case .failure(let problem): throw .badRow(path: path, line: rows.line, problem: problem)
    }
  }

  /// The last row as it stands in the file, repaired where it is not UTF-8; empty for a row that
  /// was too long to keep.
  package var lastRowText: String { String(decoding: rows.lastRowBytes, as: UTF8.self) }
}
