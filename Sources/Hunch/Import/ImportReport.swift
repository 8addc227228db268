/// What an import did, row by row accounted for.
///
/// Before the import is committed these hold, or it fails: in every file `read` is `written` plus
/// `rejected`; the `written` of all files together are ``rows``, which SQLite counted in the
/// finished table; in every joined file `read` is `kept` plus `rejected`, and `kept` is `used` plus
/// `unused`; `matched` plus `unmatched` is ``rows``.
package struct ImportReport: Codable, Sendable, Equatable {
  /// How many rows were rejected for one reason.
  package struct Rejection: Codable, Sendable, Equatable {
    /// Why, in a few words.
    package var reason: String
    /// How many rows.
    package var rows: Int
  }

  /// One of the imported files.
  package struct File: Codable, Sendable, Equatable {
    /// The file as it was named.
    package var path: String
    /// The encoding that the file was read in; `nil` for UTF-8.
    package var encoding: String?
    /// The data rows in the file.
    package var read: Int
    /// The rows that are in the table.
    package var written: Int
    /// The rows that are not in the table.
    package var rejected: Int
    /// The rejected rows by reason, the most frequent first.
    package var reasons: [Rejection]
  }

  /// One of the joined files.
  package struct Join: Codable, Sendable, Equatable {
    /// The joined file as it was named.
    package var file: String
    /// The column of the joined file that was compared.
    package var key: String
    /// The column of the table that it was compared with.
    package var on: String
    /// The data rows in the joined file.
    package var read: Int
    /// The rows with a key that no earlier row has.
    package var kept: Int
    /// The rows that are malformed, have no key, or a key that an earlier row has.
    package var rejected: Int
    /// The rejected rows by reason, the most frequent first.
    package var reasons: [Rejection]
    /// The rejected rows whose key an earlier row has; the first row with a key is used.
    package var duplicateKeys: Int
    /// The rows of the table that have a row in the joined file.
    package var matched: Int
    /// The rows of the table that have none; the added columns are `NULL` there.
    package var unmatched: Int
    /// The kept rows that match at least one row of the table.
    package var used: Int
    /// The kept rows that match no row of the table.
    package var unused: Int
  }

  /// A column of the finished table.
  package struct Column: Codable, Sendable, Equatable {
    /// The column's name.
    package var name: String
    /// How SQLite stores the values.
    package var type: ColumnType
  }

  /// The SQLite file.
  package var database: String
  /// The table made.
  package var table: String
  /// The rows in the finished table, as counted by SQLite.
  package var rows: Int
  /// The data rows in all files together.
  package var read: Int
  /// The rows that are not in the table.
  package var rejected: Int
  /// The rows without text: absent, null or empty; `nil` where no text column was named.
  package var withoutText: Int?
  /// The columns, in order.
  package var columns: [Column]
  /// The imported files, in order.
  package var files: [File]
  /// The joined files, in order.
  package var joins: [Join]
}
