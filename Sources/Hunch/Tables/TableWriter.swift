import Foundation

/// Writes a table row by row, in constant memory.
///
/// The rows go to a temporary file beside the target, which takes the target's name when
/// ``finish()`` succeeds: a write that fails or is abandoned leaves the old file as it was. Standard
/// output, pipes and devices are written directly.
///
/// CSV and TSV quote only the fields that need it and end lines with LF; `null` is an empty field,
/// as an empty text is. JSONL writes real types and every column; a number that is not finite,
/// which JSON does not know, is written as `null`. Where a field of CSV or TSV has a line end in it,
/// all of its row are quoted, so that it is not taken for lines of a file without quoting.
/// A writer is used by one thread at a time.
package final class TableWriter {
  /// The file's path, or `-` for standard output.
  package let path: String

  /// How the file is written.
  package let format: TableFormat

  private let columnCount: Int
  private let output: OutputFile
  /// `nil` for standard output.
  private let file: ReplacedFile?
  private var encoder: RowEncoder
  private var isOpen = true

  private static let blockSize = 1 << 16

  /// Creates the file and writes the header of CSV and TSV.
  ///
  /// While standard output is written to, a closed pipe throws ``TableError/brokenPipe(path:)``
  /// from the next write: the signal that would end the process is ignored from here on.
  ///
  /// - Parameters:
  ///   - path: The file, or `-` for standard output, whose format must be given.
  ///   - format: The format; `nil` takes it from the file's ending.
  ///   - columns: The names of the columns, at least one and all different.
  ///   - members: Further columns behind these, all different, which may be called as these are: in
  ///     CSV and TSV they stand by position, in JSONL in an object.
  ///   - object: The name of that object.
  ///   - isSafe: Whether texts in CSV and TSV that a spreadsheet would take for a formula get a
  ///     quotation mark `'` before them: those that begin with `=`, `+`, `-`, `@`, a tab or a
  ///     carriage return and are no numbers.
  /// - Throws: ``TableError`` where the format is unknown, a name occurs twice or the file cannot
  ///   be created.
  package init(
    path: String, format: TableFormat? = nil, columns: [String], members: [String] = [],
    of object: String = "", isSafe: Bool = false, standardOutput: Int32 = 1
  ) throws(TableError) {
    precondition(!(columns + members).isEmpty, "a table has at least one column")
    guard let format = format ?? TableFormat(path: path) else { throw .unknownFormat(path: path) }
    for names in [columns, members] {
      var known = Set<String>()
      for name in names where !known.insert(name).inserted {
        throw .duplicateColumn(path: path, column: name)
      }
    }
    if path == TablePath.standard {
      signal(SIGPIPE, SIG_IGN)
      file = nil
    } else {
      do { file = try ReplacedFile(path: path) } catch {
        throw .cannotCreate(path: path, problem: error.text)
      }
    }
    self.path = path
    self.format = format
    columnCount = columns.count + members.count
    output = OutputFile(path: path, descriptor: file?.descriptor ?? standardOutput)
    encoder = RowEncoder(
      format: format, columns: columns + members,
      object: members.isEmpty ? nil : (name: object, start: columns.count), isSafe: isSafe)
    if format != .jsonl { encoder.appendHeader(columns + members) }
  }

  /// Writes a row.
  ///
  /// - Parameter values: One value for each column.
  /// - Throws: ``TableError/unwritable(path:problem:)``, for example where the disk is full, or
  ///   ``TableError/brokenPipe(path:)``.
  /// - Complexity: O(bytes of the row).
  package func write(_ values: [TableValue]) throws(TableError) {
    precondition(values.count == columnCount, "a row has one value for each column")
    precondition(isOpen, "the table is finished")
    encoder.append(values)
    if encoder.bytes.count >= Self.blockSize { try flush() }
  }

  /// Writes what is left and gives the file its name.
  ///
  /// The bytes are on disk when this returns. Further rows cannot be written.
  ///
  /// - Throws: ``TableError`` where that fails; the old file then stands as before.
  package func finish() throws(TableError) {
    precondition(isOpen, "the table is finished")
    defer { discard() }
    try flush()
    do { try file?.publish() } catch { throw .unwritable(path: path, problem: error.text) }
  }

  /// Closes the file and removes what was written so far, unless the table is finished.
  package func discard() {
    if !isOpen { return }
    isOpen = false
    file?.discard()
  }

  private func flush() throws(TableError) {
    try output.write(encoder.bytes)
    encoder.removeAll()
  }
}
