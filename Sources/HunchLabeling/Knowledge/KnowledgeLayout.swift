/// What the columns of a table of a knowledge base are for.
package struct TableLayout: Sendable, Hashable {
  /// Where the rows come from, for messages.
  package var source: String
  /// The column that rows are found by.
  package var key: String
  /// The columns that hold names of the entity, and what separates several names in one cell.
  package var names: [NameColumn]
  /// Of a joined table: the column of the first table that has its key; `nil` for the key.
  package var on: String?
  /// Of a joined table: the columns to take; `nil` for all but the key.
  package var columns: [String]?
  /// Of a joined table: what goes before the names of its columns.
  package var prefix: String

  package init(
    source: String, key: String, names: [NameColumn], on: String? = nil,
    columns: [String]? = nil, prefix: String = ""
  ) {
    (self.source, self.key, self.names) = (source, key, names)
    (self.on, self.columns, self.prefix) = (on, columns, prefix)
  }
}

package struct NameColumn: Sendable, Hashable {
  package var column: String
  /// What stands between several names of one cell.
  package var separator: String?

  package init(_ column: String, separator: String? = nil) {
    (self.column, self.separator) = (column, separator)
  }
}

/// A table whose rows add to those of the first.
package struct JoinedTable: Sendable {
  package var cells: CellTable
  /// Where the list of each row of the first table begins in ``rows``, and at last their number.
  package var starts: [UInt32]
  /// Rows of this table, listed by row of the first.
  package var rows: [Int32]

  func rows(of row: Int) -> ArraySlice<Int32> { rows[Int(starts[row])..<Int(starts[row + 1])] }

  var memory: Int { cells.memory + 4 * (starts.count + rows.count) }
}

/// Where a column stands: in the first table (0) or a joined one.
struct ColumnPlace: Sendable, Hashable {
  var table: Int
  var column: Int
}

/// Everything that a knowledge base holds, shared by its copies.
final class KnowledgeStorage: Sendable {
  /// The names of all columns, those of joined tables behind those of the first.
  let columns: [String]
  let places: [ColumnPlace]
  let keyColumn: Int
  let names: [(place: ColumnPlace, separator: String?)]
  let cells: CellTable
  let index: KeyIndex
  let joins: [JoinedTable]
  let skippedRows: Int

  init(
    columns: [String], places: [ColumnPlace], keyColumn: Int,
    names: [(place: ColumnPlace, separator: String?)], cells: CellTable, index: KeyIndex,
    joins: [JoinedTable], skippedRows: Int
  ) {
    (self.columns, self.places, self.keyColumn, self.names) = (columns, places, keyColumn, names)
    (self.cells, self.index, self.joins) = (cells, index, joins)
    self.skippedRows = skippedRows
  }

  func place(of column: String) -> ColumnPlace? {
    columns.firstIndex(of: column).map { places[$0] }
  }

  /// Calls a body for each cell of a row in a column: one in the first table, any number in others.
  func forEachCell(_ row: Int, _ place: ColumnPlace, _ body: (ArraySlice<UInt8>) -> Void) {
    if place.table == 0 { return body(cells.slice(row, place.column)) }
    let join = joins[place.table - 1]
    for joined in join.rows(of: row) { body(join.cells.slice(Int(joined), place.column)) }
  }
}
