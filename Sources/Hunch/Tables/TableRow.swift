/// One row of a table.
package struct TableRow: Sendable, Equatable {
  /// One value for each of the reader's columns.
  ///
  /// Values of CSV and TSV are never `nil`: an empty field is an empty string. In JSONL a string
  /// stands for itself, a number, a boolean and a nested value for their JSON text as it stands in
  /// the file, and `null` or an absent key for `nil`.
  package let values: [String?]

  /// The line on which the row begins, from 1.
  package let line: Int

  /// The place of the row among the data rows, from 1; rows that could not be read count too.
  package let number: Int
}

/// One value that a ``TableWriter`` writes.
package enum TableValue: Sendable, Equatable {
  /// Quoted or escaped as the format demands.
  case text(String)
  /// Written in decimal.
  case integer(Int)
  /// Written with as many digits as it takes to read the same number back.
  case real(Double)
  /// Written as `true` or `false`.
  case boolean(Bool)
  /// An empty field in CSV and TSV, `null` in JSONL.
  case null
}
