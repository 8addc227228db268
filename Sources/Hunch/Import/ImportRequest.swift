/// What to import and where to.
package struct ImportRequest: Sendable, Equatable {
  /// A further file whose columns are added to the rows that it matches.
  package struct Join: Sendable, Equatable {
    /// The file; its format follows from its ending.
    package var file: String
    /// The column of this file that is matched; its values must be unique.
    package var key: String
    /// The column of the imported files that ``key`` is compared with, as text; `nil` is the id.
    package var on: String?
    /// What to put before the names of the added columns.
    ///
    /// Without a prefix a name that the table has already is prefixed with the name of the file,
    /// as in `sections_title`; other names stay as they are.
    package var prefix: String?

    package init(file: String, key: String, on: String? = nil, prefix: String? = nil) {
      self.file = file
      self.key = key
      self.on = on
      self.prefix = prefix
    }
  }

  /// The files, appended in this order; all have the same columns, in any order. A JSONL file may
  /// lack columns that others have. `-` is standard input.
  package var files: [String]
  /// The SQLite file; made where it does not exist.
  package var database: String
  /// The table to make.
  package var table = "documents"
  /// The column that identifies a row.
  ///
  /// `nil` takes the column named `id` (in any case), and where there is none adds a column `id`
  /// that numbers the rows from 1.
  package var id: String?
  /// The column with the text of the documents; it is stored as it stands and stays text.
  package var text: String?
  /// The files to join, in this order.
  package var joins: [Join] = []
  /// Where to write the rows that are not imported; its ending names the format.
  package var rejected: String?
  /// Whether the file of rejected rows has a column with the row itself as it stood in its file.
  package var rejectedContent = false
  /// Whether the table may exist and is replaced.
  package var replace = false
  /// The format of ``files``; `nil` takes it from each file's ending.
  package var format: TableFormat?
  /// The separator and the encoding of all files, joined ones too, where they are not to be found
  /// out.
  package var dialect = TableDialect()
  /// Whether the import takes place though over a tenth of the rows is rejected.
  package var keepGoing = false
  /// The rows between two reports of progress.
  package var batchSize = 5_000

  package init(files: [String], database: String, id: String? = nil, text: String? = nil) {
    self.files = files
    self.database = database
    self.id = id
    self.text = text
  }
}
