/// What is to be known of a file beyond its format; `nil` is found out.
package struct TableDialect: Sendable, Equatable {
  /// The byte between two values of CSV or TSV.
  package var separator: UInt8?
  /// The name of the encoding.
  package var encoding: String?

  package init(separator: UInt8? = nil, encoding: String? = nil) {
    self.separator = separator
    self.encoding = encoding
  }

  /// Whether a byte can stand between values: a tab, or printable ASCII but for letters, digits and
  /// the quotation mark.
  package static func isSeparator(_ byte: UInt8) -> Bool {
    let isWord = (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
    return byte == TableFormat.tab
      || (byte >= 0x20 && byte < 0x7F && !isWord && byte != DelimitedScanner.quote)
  }
}

/// Reads a table row by row, in constant memory.
///
/// For example:
///
///     let reader = try TableReader(path: "reviews.csv")
///     while let row = try reader.next() { print(row.line, row.values) }
///
/// CSV and TSV begin with a header and follow RFC 4180: lines end with CRLF, LF or CR, a field that
/// begins with a quote goes on to its closing quote over delimiters and line ends, and a doubled
/// quote inside it is one quote. A quote inside a field that does not begin with one is text. TSV,
/// and CSV by programs that do not quote, is read with care for what is no quoting: see
/// ``Quoting``. Values in CSV are separated by what its header shows: see ``Separator``. Empty lines
/// are skipped, a byte-order mark too, and separators at the end of a line that would be fields
/// more than the header has.
///
/// JSONL has one object per line; a file that is one array of objects is read as well. Without a
/// list of columns the file is read once to collect the keys of all objects, and a second time for
/// the rows; what cannot be read twice, such as a pipe, is copied to a temporary file. `NaN` and
/// infinities are read as `null`.
///
/// Files are UTF-8, or UTF-16 or UTF-32 with a byte-order mark, or what can be told for UTF-16
/// without one, or in the encoding of ``TableDialect``.
///
/// A row that is malformed makes ``next()`` throw ``TableError/badRow(path:line:problem:)``; the
/// call after it returns the row that follows. A reader is used by one thread at a time.
package final class TableReader {
  /// The file's path, or `-` for standard input.
  package let path: String

  /// How the file is read.
  package let format: TableFormat

  /// The names of the columns, one for each value of a row.
  package let columns: [String]

  /// How large a row may be, unless a test asks for less: enough for any document, and little
  /// enough that a quote that is never closed does not take all memory.
  package static let rowLimit = 64 << 20
  package static let blockSize = 256 << 10

  private let stream: ByteStream
  private let rows: any RowSource
  private var number = 0

  /// Opens a table and finds its columns.
  ///
  /// In JSONL a column that no object has is `nil` in every row.
  ///
  /// - Parameters:
  ///   - path: The file, or `-` for standard input, whose format must be given.
  ///   - format: The format; `nil` takes it from the file's ending.
  ///   - wanted: The columns to read, in this order; `nil` for all.
  ///   - dialect: The separator and the encoding, where they are known.
  ///   - firstColumnMayRepeat: Whether one more column may be named like the first.
  /// - Throws: ``TableError`` where the file is missing, unreadable or empty, its format is
  ///   unknown, or its header is malformed, names a column twice or lacks one that is wanted.
  /// - Complexity: O(header) for CSV and TSV, O(file) for JSONL without a list of columns.
  package init(
    path: String, format: TableFormat? = nil, columns wanted: [String]? = nil,
    dialect: TableDialect = TableDialect(), firstColumnMayRepeat: Bool = false,
    blockSize: Int = TableReader.blockSize, rowLimit: Int = TableReader.rowLimit
  ) throws(TableError) {
    guard let format = format ?? TableFormat(reading: path) else {
      throw .unknownFormat(path: path)
    }
    self.path = path
    self.format = format
    stream = ByteStream(
      try InputFile(path: path), blockSize: blockSize, encoding: dialect.encoding)
    if format == .jsonl {
      let objects = JSONRows(stream, limit: rowLimit)
      if let wanted {
        try stream.begin()
        try objects.begin()
        objects.setColumns(wanted)
        columns = wanted
      } else {
        columns = try objects.discoverColumns()
      }
      rows = objects
    } else {
      try stream.begin()
      let found = try format.delimiter(of: stream)
      let delimited = DelimitedRows(
        stream, delimiter: dialect.separator ?? found, limit: rowLimit)
      let header = try delimited.readHeader(firstMayRepeat: firstColumnMayRepeat)
      if let wanted { try delimited.choose(wanted) }
      columns = wanted ?? header
      rows = delimited
    }
  }

  /// Reads the next row; `nil` at the end of the file.
  ///
  /// - Throws: ``TableError/badRow(path:line:problem:)`` for a row that cannot be used, after which
  ///   the next call goes on behind it; ``TableError/unreadable(path:problem:)`` where reading
  ///   itself fails.
  /// - Complexity: O(bytes of the row).
  package func next() throws(TableError) -> TableRow? {
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

  /// The encoding that the file was found or said to be in; `nil` for UTF-8.
  package var encoding: String? { stream.encoding }

  /// The bytes of the last row, as far as they are held.
  var lastRowBytes: ArraySlice<UInt8> { rows.lastRowBytes }

  /// Whether a value of the last row was a string in a format that tells, which is JSONL.
  func isString(_ place: Int) -> Bool { !rows.strings.isEmpty && rows.strings[place] }
}
