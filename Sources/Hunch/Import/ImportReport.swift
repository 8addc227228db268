/// What an import did, row by row accounted for.
///
/// Before the import is committed these hold, or it fails: in every file `read` is `written` plus
/// `rejected`; the `written` of all files together are ``rows``, which SQLite counted in the
/// finished table; in every joined file `read` is `kept` plus `rejected`, and `kept` is `used` plus
/// `unused`; `matched` plus `unmatched` is ``rows``.
public struct ImportReport: Codable, Sendable, Equatable {
  /// How many rows were rejected for one reason.
  public struct Rejection: Codable, Sendable, Equatable {
    /// Why, in a few words.
    public var reason: String
    /// How many rows.
    public var rows: Int
  }

  /// One of the imported files.
  public struct File: Codable, Sendable, Equatable {
    /// The file as it was named.
    public var path: String
    /// The encoding that the file was read in; `nil` for UTF-8.
    public var encoding: String?
    /// The data rows in the file.
    public var read: Int
    /// The rows that are in the table.
    public var written: Int
    /// The rows that are not in the table.
    public var rejected: Int
    /// The rejected rows by reason, the most frequent first.
    public var reasons: [Rejection]
  }

  /// One of the joined files.
  public struct Join: Codable, Sendable, Equatable {
    /// The joined file as it was named.
    public var file: String
    /// The column of the joined file that was compared.
    public var key: String
    /// The column of the table that it was compared with.
    public var on: String
    /// The data rows in the joined file.
    public var read: Int
    /// The rows with a key that no earlier row has.
    public var kept: Int
    /// The rows that are malformed, have no key, or a key that an earlier row has.
    public var rejected: Int
    /// The rejected rows by reason, the most frequent first.
    public var reasons: [Rejection]
    /// The rejected rows whose key an earlier row has; the first row with a key is used.
    public var duplicateKeys: Int
    /// The rows of the table that have a row in the joined file.
    public var matched: Int
    /// The rows of the table that have none; the added columns are `NULL` there.
    public var unmatched: Int
    /// The kept rows that match at least one row of the table.
    public var used: Int
    /// The kept rows that match no row of the table.
    public var unused: Int
  }

  /// A column of the finished table.
  public struct Column: Codable, Sendable, Equatable {
    /// The column's name.
    public var name: String
    /// How SQLite stores the values.
    public var type: ColumnType
  }

  /// The SQLite file.
  public var database: String
  /// The table made.
  public var table: String
  /// The rows in the finished table, as counted by SQLite.
  public var rows: Int
  /// The data rows in all files together.
  public var read: Int
  /// The rows that are not in the table.
  public var rejected: Int
  /// The rows without text: absent, null or empty; `nil` where no text column was named.
  public var withoutText: Int?
  /// The columns, in order.
  public var columns: [Column]
  /// The imported files, in order.
  public var files: [File]
  /// The joined files, in order.
  public var joins: [Join]
}
