/// Takes the rows of the tables of a knowledge base one after the other.
///
/// First all rows of the first table are added, then those of each joined one.
package struct KnowledgeBuilder {
  private let name: String
  private let source: String
  private var columns: [String]
  private var places: [ColumnPlace]
  private var names: [(place: ColumnPlace, separator: String?)] = []
  private let keyColumn: Int
  private let columnCount: Int
  private var cells: CellTable
  private var index = KeyIndex()
  private var skipped = 0
  private var rowNumber = 0
  private var joins: [JoinedTable] = []
  private var join: JoinUnderWay?

  /// The most pairs of a row and a joined row: many times what tables with a key have, and less than
  /// memory takes where a column that is no key joins everything with everything.
  private static let mostJoined = 20_000_000

  /// A joined table whose rows are being added.
  private struct JoinUnderWay {
    var layout: TableLayout
    var columnCount: Int
    var key: Int
    var kept: [Int]
    var on: ColumnIndex
    var cells: CellTable
    var pairs: [(row: Int32, joined: Int32)] = []
  }

  /// The exact keys in a column of the first table.
  private struct ColumnIndex {
    let column: Int
    var index = KeyIndex()

    init(_ cells: CellTable, _ column: Int) {
      self.column = column
      for row in 0..<cells.count { index.append(KnowledgeText.trimmed(cells.slice(row, column))) }
      index.finish { left, right in
        KnowledgeText.trimmed(cells.slice(left, column))
          == KnowledgeText.trimmed(cells.slice(right, column))
      }
    }

    func rows(_ key: ArraySlice<UInt8>, _ cells: CellTable) -> [Int] {
      index.rows(of: key) { KnowledgeText.trimmed(cells.slice($0, column)) == key }
    }
  }

  /// Starts with the first table.
  ///
  /// - Throws: ``KnowledgeError`` for a column that does not exist or exists twice.
  package init(
    name: String, columns: [String], layout: TableLayout
  ) throws(KnowledgeError) {
    self.name = name
    self.columns = columns
    columnCount = columns.count
    source = layout.source
    places = columns.indices.map { ColumnPlace(table: 0, column: $0) }
    keyColumn = try Self.place(of: layout.key, columns, name, layout.source)
    for (position, column) in columns.enumerated() where columns[..<position].contains(column) {
      throw .duplicateColumn(base: name, source: layout.source, column: column)
    }
    for column in layout.names {
      let place = try Self.place(of: column.column, columns, name, layout.source)
      names.append((ColumnPlace(table: 0, column: place), column.separator))
    }
    cells = CellTable(columnCount: columns.count)
  }

  private static func place(
    of column: String, _ columns: [String], _ base: String, _ source: String
  ) throws(KnowledgeError) -> Int {
    if let place = columns.firstIndex(of: column) { return place }
    throw .unknownColumn(
      base: base, source: source, column: column, nearest: nearest(column, in: columns),
      columns: columns)
  }

  /// Adds a row of the table under way; the last cells may be missing, which makes them empty.
  package mutating func add(_ row: [String?]) throws(KnowledgeError) {
    if join != nil { return try addJoined(row) }
    rowNumber += 1
    guard row.count <= columnCount else {
      throw .tooManyCells(
        base: name, source: source, row: rowNumber, cells: row.count,
        columns: columnCount)
    }
    let key = keyColumn < row.count ? KnowledgeText.trimmed(row[keyColumn] ?? "") : ""
    if key.isEmpty {
      skipped += 1
      return
    }
    for column in 0..<columnCount {
      guard cells.append(column < row.count ? row[column] : nil), index.count < Int(Int32.max)
      else { throw .tooLarge(base: name, source: source) }
    }
    index.append(KnowledgeText.normalized(Array(key.utf8)[...]))
  }

  // MARK: - Joined tables

  /// Ends the table under way and goes on with a joined one.
  ///
  /// - Throws: ``KnowledgeError`` for a column that does not exist, or that another table has.
  package mutating func beginJoin(
    columns joined: [String], layout: TableLayout
  ) throws(KnowledgeError) {
    try endTable()
    let key = try Self.place(of: layout.key, joined, name, layout.source)
    for (position, column) in joined.enumerated() where joined[..<position].contains(column) {
      throw .duplicateColumn(base: name, source: layout.source, column: column)
    }
    let first = Array(columns[..<columnCount])
    let on = try layout.on.map { column throws(KnowledgeError) in
      try Self.place(of: column, first, name, source)
    }
    var kept =
      try layout.columns?.map { column throws(KnowledgeError) in
        try Self.place(of: column, joined, name, layout.source)
      } ?? joined.indices.filter { $0 != key }
    for column in layout.names {
      let place = try Self.place(of: column.column, joined, name, layout.source)
      if !kept.contains(place) { kept.append(place) }
    }
    let table = joins.count + 1
    for (position, column) in kept.enumerated() {
      let name = layout.prefix + joined[column]
      guard !columns.contains(name) else {
        throw .clashingColumn(base: self.name, source: layout.source, column: name)
      }
      columns.append(name)
      places.append(ColumnPlace(table: table, column: position))
    }
    for column in layout.names {
      let position = kept.firstIndex { joined[$0] == column.column } ?? 0
      names.append((ColumnPlace(table: table, column: position), column.separator))
    }
    join = JoinUnderWay(
      layout: layout, columnCount: joined.count, key: key, kept: kept,
      on: ColumnIndex(cells, on ?? keyColumn), cells: CellTable(columnCount: kept.count))
    rowNumber = 0
  }

  private mutating func addJoined(_ row: [String?]) throws(KnowledgeError) {
    guard var join else { return }
    self.join = nil
    defer { self.join = join }
    rowNumber += 1
    guard row.count <= join.columnCount else {
      throw .tooManyCells(
        base: name, source: join.layout.source, row: rowNumber, cells: row.count,
        columns: join.columnCount)
    }
    let key = join.key < row.count ? KnowledgeText.trimmed(row[join.key] ?? "") : ""
    if key.isEmpty { return }
    let rows = join.on.rows(Array(key.utf8)[...], cells)
    if rows.isEmpty { return }
    let joined = join.cells.count
    for row in rows { join.pairs.append((Int32(row), Int32(joined))) }
    guard join.pairs.count <= Self.mostJoined else {
      throw .tooManyJoined(
        base: name, source: join.layout.source, column: join.layout.key, pairs: Self.mostJoined)
    }
    for column in join.kept {
      guard join.cells.append(column < row.count ? row[column] : nil),
        join.pairs.count < Int(Int32.max)
      else { throw .tooLarge(base: name, source: join.layout.source) }
    }
    // A table of nothing but keys has no cells to count its rows by.
    if join.kept.isEmpty { join.pairs.removeAll() }
  }

  private mutating func endTable() throws(KnowledgeError) {
    guard let join else {
      guard index.count > 0 else {
        throw .noRows(base: name, source: source, withoutKey: skipped)
      }
      return
    }
    var starts = [UInt32](repeating: 0, count: cells.count + 1)
    for pair in join.pairs { starts[Int(pair.row) + 1] += 1 }
    for row in 0..<cells.count { starts[row + 1] += starts[row] }
    var next = starts
    var rows = [Int32](repeating: 0, count: join.pairs.count)
    for pair in join.pairs {
      rows[Int(next[Int(pair.row)])] = pair.joined
      next[Int(pair.row)] += 1
    }
    joins.append(JoinedTable(cells: join.cells, starts: starts, rows: rows))
    self.join = nil
  }

  /// The base of all rows.
  ///
  /// - Throws: ``KnowledgeError/noRows(base:source:withoutKey:)``.
  package consuming func finish() throws(KnowledgeError) -> KnowledgeBase {
    try endTable()
    let (cells, column) = (self.cells, keyColumn)
    func key(_ row: Int) -> [UInt8] {
      KnowledgeText.normalized(KnowledgeText.trimmed(cells.slice(row, column)))
    }
    index.finish { key($0) == key($1) }
    let storage = KnowledgeStorage(
      columns: columns, places: places, keyColumn: keyColumn, names: names, cells: cells,
      index: index, joins: joins, skippedRows: skipped)
    return KnowledgeBase(
      name: name, source: source, storage: storage, identity: nil, load: nil)
  }
}
