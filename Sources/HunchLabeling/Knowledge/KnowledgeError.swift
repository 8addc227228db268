/// Why a table cannot serve as a knowledge base.
public enum KnowledgeError: Error, Sendable, Hashable {
  /// The table has no row, or none with a key.
  case noRows(base: String, source: String, withoutKey: Int)

  /// A column that does not exist; `nearest` is the one that may have been meant.
  case unknownColumn(
    base: String, source: String, column: String, nearest: String?, columns: [String])

  /// Two columns have the same name.
  case duplicateColumn(base: String, source: String, column: String)

  /// A column of a joined table has a name that another column has already.
  case clashingColumn(base: String, source: String, column: String)

  /// A row has more cells than there are columns; `row` counts from 1, without the header.
  case tooManyCells(base: String, source: String, row: Int, cells: Int, columns: Int)

  /// A joined table has so many rows for the same rows that it is joined by the wrong column.
  case tooManyJoined(base: String, source: String, column: String, pairs: Int)

  /// The table holds more than 4 GiB of text or more than 2,147,483,647 rows.
  case tooLarge(base: String, source: String)
}

extension KnowledgeError: CustomStringConvertible {
  /// What is wrong, where, and what would be right.
  public var description: String {
    switch self {
    case .noRows(let base, let source, 0):
      "knowledge base '\(base)': \(source) has no rows"
    case .noRows(let base, let source, let withoutKey):
      "knowledge base '\(base)': none of the \(withoutKey) rows of \(source) has a key"
    case .unknownColumn(let base, let source, let column, let nearest, let columns):
      "knowledge base '\(base)': \(source) has no column '\(column)'"
        + (nearest.map { "; did you mean '\($0)'?" }
          ?? "; its columns are \(columns.map { "'\($0)'" }.joined(separator: ", "))")
    case .duplicateColumn(let base, let source, let column):
      "knowledge base '\(base)': \(source) has two columns '\(column)'"
    case .clashingColumn(let base, let source, let column):
      "knowledge base '\(base)': \(source) has a column '\(column)' that another table has too; "
        + "give the join a 'prefix', or name the 'columns' to take"
    case .tooManyCells(let base, let source, let row, let cells, let columns):
      "knowledge base '\(base)': row \(row) of \(source) has \(cells) cells for \(columns) columns"
    case .tooManyJoined(let base, let source, let column, let pairs):
      "knowledge base '\(base)': joining \(source) by '\(column)' makes more than \(pairs) pairs of "
        + "rows; is that the column with the key, and 'on' the one that names it?"
    case .tooLarge(let base, let source):
      "knowledge base '\(base)': \(source) is larger than 4 GiB of text"
    }
  }
}
