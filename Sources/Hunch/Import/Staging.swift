import GRDB

/// The rows of all files in a temporary database, where types are found and keys are looked up
/// before the destination is touched.
///
/// SQLite keeps the temporary database in its folder for temporary files and removes it by itself;
/// memory holds a bounded part of it.
struct Staging {
  static let schema = "hunch_staging"

  private let database: Database
  private let plan: ImportPlan
  private let watch: ImportWatch
  private(set) var rejected: RejectedRows
  /// Where over a tenth of the rows of all files, or of a joined file, cannot be used.
  private(set) var tooManyRejected: ImportError?
  /// The rows that are staged and will be written.
  private(set) var rowCount = 0
  /// The rows whose text is absent or empty.
  private(set) var withoutText = 0
  /// The types of the files' columns.
  private(set) var types: [TypeInference]
  /// The types of the columns of each join, in the order of its added columns.
  private(set) var joinTypes: [[TypeInference]] = []

  init(
    _ database: Database, _ plan: ImportPlan, _ watch: ImportWatch, rejected: RejectedRows
  ) throws {
    self.database = database
    self.plan = plan
    self.watch = watch
    self.rejected = rejected
    types = plan.columns.map { _ in TypeInference() }
    try database.execute(
      sql: """
        ATTACH '' AS \(Self.schema);
        PRAGMA \(Self.schema).journal_mode = OFF;
        PRAGMA \(Self.schema).synchronous = OFF;
        PRAGMA \(Self.schema).cache_size = -65536;
        """)
  }

  /// Reads the files to import.
  mutating func stageFiles() throws -> [ImportReport.File] {
    let columns = plan.columns.indices.map { ", c\($0)" }.joined()
    try database.execute(
      sql: "CREATE TABLE \(Self.schema).rows(seq INTEGER PRIMARY KEY\(columns))")
    if let id = plan.id {
      try database.execute(sql: "CREATE UNIQUE INDEX \(Self.schema).ids ON rows(c\(id))")
    }
    let marks = Array(repeating: "?", count: plan.columns.count + 1).joined(separator: ", ")
    let inserter = try RowInserter(
      database, sql: "INSERT OR IGNORE INTO \(Self.schema).rows VALUES (\(marks))")
    var reports: [ImportReport.File] = []
    var worst: (rejected: Int, failure: ImportError)?
    for file in plan.files {
      rejected.begin()
      let (read, written) = try stage(file, inserter)
      reports.append(
        ImportReport.File(
          path: file.path, encoding: file.encoding, read: read, written: written,
          rejected: rejected.count, reasons: rejected.reasons))
      if rejected.count > worst?.rejected ?? 0 {
        worst = (rejected.count, failure(read: read, unusable: rejected.count, file.path))
      }
    }
    let read = reports.reduce(0) { $0 + $1.read }
    if reports.reduce(0, { $0 + $1.rejected }) * 10 > read { tooManyRejected = worst?.failure }
    return reports
  }

  private func failure(read: Int, unusable: Int, _ path: String) -> ImportError {
    .tooManyRejected(
      path: path, rejected: unusable, read: read, reason: rejected.mainReason,
      advice: rejected.mainAdvice)
  }

  private mutating func stage(
    _ file: SourceFile, _ inserter: RowInserter
  ) throws -> (read: Int, written: Int) {
    let places = plan.columns.map { file.columns.firstIndex(of: $0) }
    var written = 0
    let read = try forEachRow(of: file) { staging, reader, row in
      let values = staging.values(row, places)
      if let id = staging.plan.id, values[id] == nil {
        try staging.rejected.reject(reader, line: row.line, reason: RejectionReason.noID)
      } else if try inserter.insert(number: staging.rowCount + 1, values) {
        staging.note(values, reader, places)
        written += 1
      } else {
        try staging.rejected.reject(reader, line: row.line, reason: RejectionReason.duplicateID)
      }
    }
    return (read, written)
  }

  /// The values as they are stored: what is empty becomes NULL, but for the text.
  private func values(_ row: TableRow, _ places: [Int?]) -> [String?] {
    places.enumerated().map { column, place in
      guard let place, let value = row.values[place] else { return nil }
      return value.isEmpty && column != plan.text ? nil : value
    }
  }

  private mutating func note(_ values: [String?], _ reader: TableReader, _ places: [Int?]) {
    rowCount += 1
    for (column, value) in values.enumerated() {
      if column == plan.text {
        if value?.isEmpty ?? true { withoutText += 1 }
      } else if let value, let place = places[column] {
        types[column].note(value, isString: reader.isString(place))
      }
    }
  }

  /// Calls the body for each row but those that are malformed, which are rejected.
  ///
  /// - Returns: The number of all rows.
  private mutating func forEachRow(
    of file: SourceFile, _ body: (inout Staging, TableReader, TableRow) throws -> Void
  ) throws -> Int {
    let reader = try file.open()
    var read = 0
    try watch.begin("read \(file.path)")
    while true {
      do {
        guard let row = try reader.next() else { break }
        try body(&self, reader, row)
      } catch TableError.badRow(_, let line, let problem) {
        try rejected.reject(reader, line: line, problem: problem)
      }
      read += 1
      try watch.advance()
    }
    watch.end()
    return read
  }

  /// Reads the joined files.
  mutating func stageJoins() throws -> [ImportReport.Join] {
    var reports: [ImportReport.Join] = []
    for (index, join) in plan.joins.enumerated() {
      rejected.begin()
      let (read, kept) = try stage(join, index)
      let figures = try match(join, index)
      reports.append(
        ImportReport.Join(
          file: join.file.path, key: join.request.key, on: plan.columns[join.on], read: read,
          kept: kept, rejected: rejected.count, reasons: rejected.reasons,
          duplicateKeys: rejected.count(RejectionReason.duplicateKey), matched: figures.matched,
          unmatched: rowCount - figures.matched, used: figures.used, unused: kept - figures.used))
      let unusable = rejected.count - rejected.count(RejectionReason.duplicateKey)
      if tooManyRejected == nil, unusable * 10 > read {
        tooManyRejected = failure(read: read, unusable: unusable, join.file.path)
      }
    }
    return reports
  }

  private mutating func stage(
    _ join: ImportPlan.Join, _ index: Int
  ) throws -> (read: Int, kept: Int) {
    let columns = join.added.indices.map { ", c\($0)" }.joined()
    let marks = Array(repeating: "?", count: join.added.count + 1).joined(separator: ", ")
    try database.execute(sql: "CREATE TABLE \(Self.schema).join\(index)(key UNIQUE\(columns))")
    let inserter = try RowInserter(
      database, sql: "INSERT OR IGNORE INTO \(Self.schema).join\(index) VALUES (\(marks))")
    var types = join.added.map { _ in TypeInference() }
    var kept = 0
    let read = try forEachRow(of: join.file) { staging, reader, row in
      guard let key = row.values[join.key], !key.isEmpty else {
        try staging.rejected.reject(reader, line: row.line, reason: RejectionReason.noKey)
        return
      }
      let added = join.added.map { row.values[$0.place].flatMap { $0.isEmpty ? nil : $0 } }
      if try inserter.insert([key] + added) {
        kept += 1
        for (column, value) in added.enumerated() {
          let isString = reader.isString(join.added[column].place)
          if let value { types[column].note(value, isString: isString) }
        }
      } else {
        try staging.rejected.reject(reader, line: row.line, reason: RejectionReason.duplicateKey)
      }
    }
    joinTypes.append(types)
    return (read, kept)
  }

  /// Counts the rows that match on either side.
  private func match(
    _ join: ImportPlan.Join, _ index: Int
  ) throws -> (matched: Int, used: Int) {
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT COUNT(*) AS matched, COUNT(DISTINCT j.rowid) AS used
        FROM \(Self.schema).rows AS r JOIN \(Self.schema).join\(index) AS j ON j.key = r.c\(join.on)
        """)
    return (row?["matched"] ?? 0, row?["used"] ?? 0)
  }
}

/// The reasons for which the import itself rejects a row.
enum RejectionReason {
  static let noID = "no id"
  static let duplicateID = "duplicate id"
  static let noKey = "no key"
  static let duplicateKey = "duplicate key"
}
