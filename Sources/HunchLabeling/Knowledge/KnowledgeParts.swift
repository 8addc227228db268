/// What something compiled is made of, to be written into a file and read back.
package struct KnowledgeParts: Sendable, Equatable {
  package var numbers: [Int] = []
  package var texts: [String] = []
  package var bytes: [[UInt8]] = []
  package var narrow: [[UInt32]] = []
  package var rows: [[Int32]] = []
  package var wide: [[UInt64]] = []

  package init() {}
}

extension KnowledgeBase {
  /// What to write into a file.
  package var parts: KnowledgeParts {
    var parts = KnowledgeParts()
    parts.texts = storage.columns + storage.names.map { $0.separator ?? "" }
    parts.numbers = [
      storage.columns.count, storage.names.count, storage.keyColumn, storage.joins.count,
    ]
    for place in storage.places + storage.names.map(\.place) {
      parts.numbers += [place.table, place.column]
    }
    parts.numbers += [storage.cells.columnCount] + storage.joins.map(\.cells.columnCount)
    return parts
  }

  /// All that the base holds.
  package var allParts: KnowledgeParts {
    var parts = self.parts
    parts.numbers.append(storage.skippedRows)
    parts.bytes = [storage.cells.bytes] + storage.joins.map(\.cells.bytes)
    parts.narrow =
      [storage.cells.offsets, storage.index.tags]
      + storage.joins.flatMap { [$0.cells.offsets, $0.starts] }
    parts.rows = [storage.index.slots, storage.index.following] + storage.joins.map(\.rows)
    return parts
  }

  /// A base as it was written; `nil` for parts that do not belong together.
  package init?(name: String, source: String, parts: KnowledgeParts) {
    guard let storage = KnowledgeStorage(parts) else { return nil }
    self.init(name: name, source: source, storage: storage, identity: nil, load: nil)
  }
}

extension KnowledgeStorage {
  fileprivate convenience init?(_ parts: KnowledgeParts) {
    var numbers = parts.numbers[...]
    func next(below limit: Int) -> Int? {
      guard let number = numbers.popFirst(), number >= 0, number < limit else { return nil }
      return number
    }
    let most = parts.texts.count + 1
    guard let columnCount = next(below: most), let nameCount = next(below: most),
      columnCount + nameCount == parts.texts.count, let keyColumn = next(below: columnCount),
      let joinCount = next(below: most + 1),
      numbers.count == 2 * parts.texts.count + joinCount + 2,
      parts.bytes.count == joinCount + 1, parts.narrow.count == 2 * joinCount + 2,
      parts.rows.count == joinCount + 2
    else { return nil }
    var places: [ColumnPlace] = []
    for _ in 0..<(columnCount + nameCount) {
      guard let table = next(below: joinCount + 1), let column = next(below: most) else {
        return nil
      }
      places.append(ColumnPlace(table: table, column: column))
    }
    var widths: [Int] = []
    for _ in 0...joinCount {
      guard let width = next(below: most) else { return nil }
      widths.append(width)
    }
    guard let skipped = next(below: .max), places.allSatisfy({ $0.column < widths[$0.table] }),
      let cells = CellTable(
        columnCount: widths[0], bytes: parts.bytes[0], offsets: parts.narrow[0]),
      let index = KeyIndex(
        tags: parts.narrow[1], slots: parts.rows[0], following: parts.rows[1]),
      index.tags.count == cells.count, keyColumn < widths[0]
    else { return nil }
    var joins: [JoinedTable] = []
    for join in 0..<joinCount {
      let (starts, rows) = (parts.narrow[2 * join + 3], parts.rows[join + 2])
      // A table of which only the key was wanted has no cells.
      let table =
        widths[join + 1] == 0
        ? CellTable(columnCount: 0)
        : CellTable(
          columnCount: widths[join + 1], bytes: parts.bytes[join + 1],
          offsets: parts.narrow[2 * join + 2])
      guard let table, starts.count == cells.count + 1,
        starts.last.map(Int.init) == rows.count, starts.isAscending,
        rows.allSatisfy({ $0 >= 0 && Int($0) < table.count })
      else { return nil }
      joins.append(JoinedTable(cells: table, starts: starts, rows: rows))
    }
    let names = (columnCount..<columnCount + nameCount).map { name in
      (
        place: places[name],
        separator: parts.texts[name].isEmpty ? nil : Optional(parts.texts[name])
      )
    }
    self.init(
      columns: Array(parts.texts[..<columnCount]), places: Array(places[..<columnCount]),
      keyColumn: keyColumn, names: names, cells: cells, index: index, joins: joins,
      skippedRows: skipped)
  }
}
