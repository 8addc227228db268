internal import Foundation
internal import HunchText

/// A table of things known beforehand, such as artists with their genre, looked up by key.
///
/// All cells stand in one block of UTF-8, so that a million rows cost little more than their text.
///
/// For example:
///
///     let artists = try KnowledgeBase(
///       name: "artists", source: "artists.csv", columns: ["name", "genre"], key: "name",
///       rows: [["Björk", "pop"], ["Fela Kuti", "afrobeat"]])
///     artists.rows(forKey: "fela kuti")        // [1]
///     artists.value(row: 1, column: "genre")   // "afrobeat"
public struct KnowledgeBase: Sendable {
  /// The name that rules use.
  public let name: String

  /// Where the rows come from, such as a file's name; for messages.
  public let source: String

  let storage: KnowledgeStorage
  private let indexes: NameIndexes
  /// What stands for the content in fingerprints, where it is known already.
  package let identity: String?

  /// Stores a table whose key column holds the names of its entities.
  ///
  /// - Parameters:
  ///   - name: The name that rules use.
  ///   - source: Where the rows come from, for messages.
  ///   - columns: The names of the columns.
  ///   - key: The column that holds the keys.
  ///   - rows: The cells of each row in the order of the columns; the last ones may be missing,
  ///     which makes them empty.
  /// - Throws: ``KnowledgeError`` if there is no row with a key, no such column, or a row that is
  ///   too long.
  /// - Complexity: O(bytes).
  public init(
    name: String, source: String, columns: [String], key: String,
    rows: some Sequence<[String]>
  ) throws(KnowledgeError) {
    let layout = TableLayout(source: source, key: key, names: [NameColumn(key)])
    var builder = try KnowledgeBuilder(name: name, columns: columns, layout: layout)
    for row in rows { try builder.add(row) }
    self = try builder.finish()
  }

  init(
    name: String, source: String, storage: KnowledgeStorage, identity: String?,
    load: (@Sendable (GazetteerOptions) -> NameIndex?)?
  ) {
    (self.name, self.source, self.storage, self.identity) = (name, source, storage, identity)
    indexes = NameIndexes(load: load)
  }

  /// The same base with what stands for its content, and a way to get an index of its names that
  /// was made before.
  package func with(
    identity: String, load: @escaping @Sendable (GazetteerOptions) -> NameIndex?
  ) -> KnowledgeBase {
    KnowledgeBase(name: name, source: source, storage: storage, identity: identity, load: load)
  }

  /// The names of the columns, those of joined tables behind those of the first.
  public var columns: [String] { storage.columns }

  /// The name of the column that holds the keys.
  public var keyColumn: String { storage.columns[storage.keyColumn] }

  /// How many rows were left out because their key was empty or white space.
  public var skippedRows: Int { storage.skippedRows }

  /// The number of rows.
  public var count: Int { storage.cells.count }

  /// The key of every row, without white space around it.
  ///
  /// - Complexity: O(rows).
  public var keys: [String] { (0..<count).map(key(ofRow:)) }

  /// The key of a row, without white space around it.
  public func key(ofRow row: Int) -> String {
    KnowledgeText.trimmed(storage.cells.text(row, storage.keyColumn))
  }

  /// The text of a cell as it was given; empty if the row had no such cell, `nil` if there is no
  /// such column, or if the column is that of a joined table without a row for this one. Of several
  /// joined rows the first counts.
  ///
  /// - Complexity: O(columns + bytes of the cell).
  public func value(row: Int, column: String) -> String? {
    guard let place = storage.place(of: column) else { return nil }
    if place.table == 0 { return storage.cells.text(row, place.column) }
    let join = storage.joins[place.table - 1]
    return join.rows(of: row).first.map { join.cells.text(Int($0), place.column) }
  }

  /// The texts of a row's cells in a column: one, or one for each joined row.
  ///
  /// - Complexity: O(columns + bytes of the cells).
  public func values(row: Int, column: String) -> [String] {
    guard let place = storage.place(of: column) else { return [] }
    var values: [String] = []
    storage.forEachCell(row, place) { values.append(String(decoding: $0, as: UTF8.self)) }
    return values
  }

  /// The rows with a key, in the order of the table.
  ///
  /// Case, the composition of letters with diacritics and white space around the key do not
  /// matter, unless `caseSensitive` is given. Nor does it matter how a number is written, where no key
  /// is written as given: 1 finds 1.0.
  ///
  /// - Complexity: O(bytes of the key + rows found).
  public func rows(forKey key: String, caseSensitive: Bool = false) -> [Int] {
    let key = KnowledgeText.trimmed(key)
    let rows = self.rows(forTrimmedKey: key)
    // Strings are equal whatever their composition.
    if caseSensitive { return rows.filter { self.key(ofRow: $0) == key } }
    guard rows.isEmpty, let number = PlainNumber.value(key) else { return rows }
    let plain = PlainNumber.text(number)
    let found = plain == key ? [] : self.rows(forTrimmedKey: plain)
    return found.isEmpty && "\(number)" != key ? self.rows(forTrimmedKey: "\(number)") : found
  }

  private func rows(forTrimmedKey key: String) -> [Int] {
    let wanted = KnowledgeText.normalized(Array(key.utf8)[...])
    return storage.index.rows(of: wanted) { row in
      let cell = KnowledgeText.trimmed(storage.cells.slice(row, storage.keyColumn))
      return KnowledgeText.normalized(cell) == wanted
    }
  }

  /// The index of all names, made or loaded when it is first asked for.
  ///
  /// - Complexity: O(bytes of the names) the first time.
  package func names(for options: GazetteerOptions) -> NameIndex {
    indexes.index(options.spelling) { makeNames(for: options.spelling) {} }
  }

  /// For each joined table whether some row has a key of this base.
  package var joinsAreUsed: [Bool] {
    storage.joins.map { !$0.rows.isEmpty || $0.cells.columnCount == 0 }
  }

  package func makeNames(
    for options: GazetteerOptions, check: () throws -> Void
  ) rethrows -> NameIndex {
    var builder = NameIndexBuilder(options: options)
    for row in 0..<count {
      if row & 0xFFFF == 0 { try check() }
      for (place, separator) in storage.names {
        storage.forEachCell(row, place) { cell in
          let name = String(decoding: cell, as: UTF8.self)
          guard let separator else { return builder.add(name, row: row) }
          for part in KnowledgeText.parts(name, separator: separator) {
            builder.add(part, row: row)
          }
        }
      }
    }
    return try builder.finish(check: check)
  }

  /// Passes on everything that can influence a vote, so that a hash of it changes whenever the
  /// content does: columns, what they are for, and all cells, but neither name nor source.
  ///
  /// - Complexity: O(bytes + cells).
  package func hash(into consume: ([UInt8]) -> Void) {
    let parts = parts
    var header: [UInt8] = []
    for number in parts.numbers { header.appendNumber(number) }
    for text in parts.texts {
      header.appendNumber(text.utf8.count)
      header.append(contentsOf: text.utf8)
    }
    // Cells are told apart by their ends: ["ab", ""] and ["a", "b"] have the same bytes.
    let lists = [storage.cells.offsets] + storage.joins.flatMap { [$0.cells.offsets, $0.starts] }
    let rows = storage.joins.map(\.rows)
    for count in lists.map(\.count) + rows.map(\.count) { header.appendNumber(count) }
    consume(header)
    for list in lists { Self.consume(list, consume) }
    for list in rows { Self.consume(list, consume) }
    consume(storage.cells.bytes)
    for join in storage.joins { consume(join.cells.bytes) }
  }

  private static func consume(
    _ numbers: [some FixedWidthInteger], _ consume: ([UInt8]) -> Void
  ) {
    for start in stride(from: 0, to: numbers.count, by: 4096) {
      var chunk: [UInt8] = []
      chunk.reserveCapacity(8 * 4096)
      for number in numbers[start..<min(start + 4096, numbers.count)] {
        chunk.appendNumber(Int(number))
      }
      consume(chunk)
    }
  }

  /// The bytes that the tables and the index of the keys occupy.
  package var memory: Int {
    storage.cells.memory + storage.index.memory
      + storage.joins.reduce(0) { $0 + $1.memory }
  }
}

/// The indexes of a base's names that somebody has asked for.
private final class NameIndexes: @unchecked Sendable {
  private let lock = NSLock()
  private var made: [GazetteerOptions: NameIndex] = [:]
  private let load: (@Sendable (GazetteerOptions) -> NameIndex?)?

  init(load: (@Sendable (GazetteerOptions) -> NameIndex?)?) { self.load = load }

  func index(_ options: GazetteerOptions, make: () -> NameIndex) -> NameIndex {
    lock.withLock {
      let index = made[options] ?? load?(options) ?? make()
      made[options] = index
      return index
    }
  }
}

extension [UInt8] {
  fileprivate mutating func appendNumber(_ number: Int) {
    for shift in stride(from: 0, to: 64, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}
