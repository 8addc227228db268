import Foundation

/// A file to import: its columns are known, and its rows can be read from the beginning.
struct SourceFile {
  let path: String
  /// The names of the columns; a column without a name is named after its place.
  let columns: [String]
  /// Whether rows may lack columns.
  let isSparse: Bool
  /// The encoding that the file is read in; `nil` for UTF-8.
  let encoding: String?
  private let format: TableFormat
  private let dialect: TableDialect
  /// The columns as the file names them.
  private let written: [String]
  /// The reader that found the columns, where the file cannot be opened twice.
  private let opened: TableReader?

  init(path: String, format: TableFormat?, dialect: TableDialect) throws(ImportError) {
    let reader = try Self.reader(path, format, dialect)
    self.path = path
    self.dialect = dialect
    encoding = reader.encoding
    self.format = reader.format
    isSparse = reader.format == .jsonl
    written = reader.columns
    columns = written.enumerated().map { $1.isEmpty ? "column_\($0 + 1)" : $1 }
    opened = Self.canReopen(path) ? nil : reader
    try checkNames()
  }

  private static func reader(
    _ path: String, _ format: TableFormat?, _ dialect: TableDialect
  ) throws(ImportError) -> TableReader {
    do throws(TableError) {
      return try TableReader(path: path, format: format, dialect: dialect)
    } catch { throw .table(error) }
  }

  /// A reader that stands before the first row; its values are those of ``columns``.
  func open() throws(TableError) -> TableReader {
    if let opened { return opened }
    return try TableReader(path: path, format: format, columns: written, dialect: dialect)
  }

  /// The name without folders and ending.
  var baseName: String {
    ((path as NSString).lastPathComponent as NSString).deletingPathExtension
  }

  private func checkNames() throws(ImportError) {
    var seen: [String: String] = [:]
    for column in columns {
      if column.utf8.contains(0) { throw .badName(column, problem: "it has a NUL in it") }
      if let other = seen.updateValue(column, forKey: SQLName.folded(column)) {
        throw .columnsClash(path: path, first: other, second: column)
      }
    }
  }

  private static func canReopen(_ path: String) -> Bool {
    var status = stat()
    return path != TablePath.standard && stat(path, &status) == 0
      && status.st_mode & S_IFMT == S_IFREG
  }
}
