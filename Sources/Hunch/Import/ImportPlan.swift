/// What the table will look like, worked out before a row is read.
struct ImportPlan {
  /// A joined file and its place in the table.
  struct Join {
    let request: ImportRequest.Join
    let file: SourceFile
    /// The place of the key among the file's columns.
    let key: Int
    /// The place of the column that it is compared with among ``ImportPlan/columns``.
    let on: Int
    /// The other columns: their places in the file and their names in the table.
    let added: [(place: Int, name: String)]
  }

  let files: [SourceFile]
  /// The columns of the imported files together.
  let columns: [String]
  /// The place of the id; `nil` where the rows are numbered.
  let id: Int?
  let text: Int?
  private(set) var joins: [Join] = []

  /// The number of columns that SQLite allows in a table, less those that staging adds.
  static let columnLimit = 1_990

  init(_ request: ImportRequest) throws(ImportError) {
    var files: [SourceFile] = []
    for path in request.files {
      files.append(try SourceFile(path: path, format: request.format, dialect: request.dialect))
    }
    self.files = files
    columns = try Self.union(files)
    text = try Self.place(request.text, columns, files)
    if let name = request.id {
      id = try Self.place(name, columns, files)
    } else {
      id = columns.firstIndex { SQLName.folded($0) == "id" }
    }
    var taken = Set(columns.map(SQLName.folded)).union(request.id == nil ? ["id"] : [])
    for join in request.joins { joins.append(try plan(join, request.dialect, &taken)) }
    if taken.count > Self.columnLimit {
      throw .tooManyColumns(count: taken.count, limit: Self.columnLimit)
    }
  }

  /// The columns of all files in the order in which they first appear.
  private static func union(_ files: [SourceFile]) throws(ImportError) -> [String] {
    var columns: [String] = []
    var owners: [String: (name: String, path: String)] = [:]
    for file in files {
      for column in file.columns {
        let folded = SQLName.folded(column)
        if let owner = owners[folded] {
          if owner.name == column { continue }
          throw .columnsDiffer(
            path: file.path, column: owner.name, other: owner.path, known: file.columns)
        }
        owners[folded] = (column, file.path)
        columns.append(column)
      }
    }
    for file in files where !file.isSparse && file.columns.count < columns.count {
      let own = Set(file.columns)
      for column in columns where !own.contains(column) {
        let owner = owners[SQLName.folded(column)]?.path ?? ""
        throw .columnsDiffer(
          path: file.path, column: column, other: owner, known: file.columns)
      }
    }
    return columns
  }

  private static func place(
    _ name: String?, _ columns: [String], _ files: [SourceFile]
  ) throws(ImportError) -> Int? {
    guard let name else { return nil }
    guard let place = columns.firstIndex(of: name) else {
      throw .table(.missingColumn(path: files[0].path, column: name, known: columns))
    }
    return place
  }

  private func plan(
    _ request: ImportRequest.Join, _ dialect: TableDialect, _ taken: inout Set<String>
  ) throws(ImportError) -> Join {
    let file = try SourceFile(path: request.file, format: nil, dialect: dialect)
    guard let key = file.columns.firstIndex(of: request.key) else {
      throw .table(.missingColumn(path: file.path, column: request.key, known: file.columns))
    }
    guard let on = try Self.place(request.on, columns, files) ?? id else {
      throw .joinWithoutID(file: file.path)
    }
    var added: [(place: Int, name: String)] = []
    for (place, column) in file.columns.enumerated() where place != key {
      var name = (request.prefix ?? "") + column
      if request.prefix == nil, taken.contains(SQLName.folded(name)) {
        name = file.baseName + "_" + column
      }
      if !taken.insert(SQLName.folded(name)).inserted {
        throw .joinClash(file: file.path, column: name)
      }
      added.append((place, name))
    }
    return Join(request: request, file: file, key: key, on: on, added: added)
  }
}
