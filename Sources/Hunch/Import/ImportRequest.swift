/// What to import and where to.
public struct ImportRequest: Sendable, Equatable {
  /// A further file whose columns are added to the rows that it matches.
  public struct Join: Sendable, Equatable {
    /// The file; its format follows from its ending.
    public var file: String
    /// The column of this file that is matched; its values must be unique.
    public var key: String
    /// The column of the imported files that ``key`` is compared with, as text; `nil` is the id.
    public var on: String?
    /// What to put before the names of the added columns.
    ///
    /// Without a prefix a name that the table has already is prefixed with the name of the file,
    /// as in `sections_title`; other names stay as they are.
    public var prefix: String?

    /// Creates a join.
    public init(file: String, key: String, on: String? = nil, prefix: String? = nil) {
      self.file = file
      self.key = key
      self.on = on
      self.prefix = prefix
    }
  }

  /// The files, appended in this order; all have the same columns, in any order. A JSONL file may
  /// lack columns that others have. `-` is standard input.
  public var files: [String]
  /// The SQLite file; made where it does not exist.
  public var database: String
  /// The table to make.
  public var table: String
  /// The column that identifies a row.
  ///
  /// `nil` takes the column named `id` (in any case), and where there is none adds a column `id`
  /// that numbers the rows from 1.
  public var id: String?
  /// The column with the text of the documents; it is stored as it stands and stays text.
  public var text: String?
  /// The files to join, in this order.
  public var joins: [Join]
  /// Where to write the rows that are not imported; its ending names the format.
  public var rejected: String?
  /// Whether the file of rejected rows has a column with the row itself as it stood in its file.
  public var rejectedContent: Bool
  /// Whether the table may exist and is replaced.
  public var replace: Bool
  /// The format of ``files``; `nil` takes it from each file's ending.
  public var format: TableFormat?
  /// The separator and the encoding of all files, joined ones too, where they are not to be found
  /// out.
  public var dialect: TableDialect
  /// Whether the import takes place though over a tenth of the rows is rejected.
  public var keepGoing: Bool
  /// The rows between two reports of progress.
  public var batchSize: Int

  /// Creates a request.
  public init(
    files: [String], database: String, table: String = "documents", id: String? = nil,
    text: String? = nil, joins: [Join] = [], rejected: String? = nil,
    rejectedContent: Bool = false, replace: Bool = false, format: TableFormat? = nil,
    dialect: TableDialect = TableDialect(), keepGoing: Bool = false, batchSize: Int = 5_000
  ) {
    self.files = files
    self.database = database
    self.table = table
    self.id = id
    self.text = text
    self.joins = joins
    self.rejected = rejected
    self.rejectedContent = rejectedContent
    self.replace = replace
    self.format = format
    self.dialect = dialect
    self.keepGoing = keepGoing
    self.batchSize = batchSize
  }
}
