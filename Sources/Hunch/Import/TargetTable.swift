import GRDB

/// The table that an import makes.
struct TargetTable {
  /// A column and where its values come from.
  struct Column {
    var name: String
    var type: ColumnType
    /// The staged value as SQL.
    var source: String
    var isKey = false

    /// The staged value, which is text, in the column's type.
    var expression: String {
      if isKey, source == Column.number { return source }
      return switch type {
      case .integer: "CAST(\(source) AS INTEGER)"
      case .real: "hunch_real(\(source))"
      case .text: source
      }
    }

    /// The number of a staged row.
    static let number = "r.seq"
  }

  let request: ImportRequest
  let plan: ImportPlan

  private var name: String { "main." + SQLName.quoted(request.table) }

  /// Throws where the table exists and must not be replaced.
  func checkAbsence(_ database: Database) throws {
    let kind = try String.fetchOne(
      database,
      sql: """
        SELECT type FROM main.sqlite_master
        WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view')
        """,
      arguments: [request.table])
    if kind == "view" { throw ImportError.viewExists(path: request.database, view: request.table) }
    if kind != nil, !request.replace {
      throw ImportError.tableExists(path: request.database, table: request.table)
    }
  }

  /// The columns of the table with the types that the staged values allow.
  func columns(_ staging: Staging) -> [Column] {
    var columns: [Column] = []
    if plan.id == nil {
      columns.append(Column(name: "id", type: .integer, source: Column.number, isKey: true))
    }
    for (index, name) in plan.columns.enumerated() {
      var column = Column(name: name, type: staging.types[index].type, source: "r.c\(index)")
      column.isKey = index == plan.id
      if index == plan.text || (column.isKey && column.type == .real) { column.type = .text }
      columns.append(column)
    }
    for (number, join) in plan.joins.enumerated() {
      for (index, added) in join.added.enumerated() {
        columns.append(
          Column(
            name: added.name, type: staging.joinTypes[number][index].type,
            source: "j\(number).c\(index)"))
      }
    }
    return columns
  }

  /// Makes the table, in place of an old one where that may be replaced.
  func create(_ database: Database, _ columns: [Column]) throws {
    try checkAbsence(database)
    try database.execute(sql: "DROP TABLE IF EXISTS \(name)")
    let definitions = columns.map { column in
      let key = column.isKey ? " PRIMARY KEY NOT NULL" : ""
      return "\(SQLName.quoted(column.name)) \(column.type.rawValue)\(key)"
    }
    try database.execute(sql: "CREATE TABLE \(name)(\(definitions.joined(separator: ", ")))")
  }

  /// Copies the staged rows into the table, in the order of the files.
  func fill(
    _ database: Database, _ columns: [Column], rowCount: Int, _ watch: ImportWatch
  ) throws {
    let names = columns.map { SQLName.quoted($0.name) }.joined(separator: ", ")
    let values = columns.map(\.expression).joined(separator: ", ")
    let joins = plan.joins.enumerated().map { index, join in
      " LEFT JOIN \(Staging.schema).join\(index) AS j\(index) ON j\(index).key = r.c\(join.on)"
    }
    let statement = try database.makeStatement(
      sql: """
        INSERT INTO \(name)(\(names)) SELECT \(values)
        FROM \(Staging.schema).rows AS r\(joins.joined())
        WHERE r.seq > ? AND r.seq <= ? ORDER BY r.seq
        """)
    var done = 0
    while done < rowCount {
      let next = min(rowCount, done + max(1, request.batchSize))
      try statement.execute(arguments: [done, next])
      try watch.advance(next - done)
      done = next
    }
  }

  /// The rows of the table.
  func count(_ database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM \(name)") ?? 0
  }
}
