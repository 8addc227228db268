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

  /// The names of the columns.
  public let columns: [String]

  /// The name of the column that holds the keys.
  public let keyColumn: String

  /// How many rows were left out because their key was empty or white space.
  public let skippedRows: Int

  private let keyIndex: Int
  private var bytes: [UInt8] = []
  /// Where each cell begins in `bytes`, row after row, and at last their number.
  private var offsets: [UInt32] = [0]
  private var index = KeyIndex()

  /// Stores a table.
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
    guard let keyIndex = columns.firstIndex(of: key) else {
      throw .unknownColumn(
        base: name, source: source, column: key, nearest: nearest(key, in: columns),
        columns: columns)
    }
    for (position, column) in columns.enumerated() where columns[..<position].contains(column) {
      throw .duplicateColumn(base: name, source: source, column: column)
    }
    (self.name, self.source, self.columns) = (name, source, columns)
    (keyColumn, self.keyIndex) = (key, keyIndex)
    var skipped = 0
    var rowNumber = 0
    for row in rows {
      rowNumber += 1
      guard row.count <= columns.count else {
        throw .tooManyCells(
          base: name, source: source, row: rowNumber, cells: row.count, columns: columns.count)
      }
      let rowKey = keyIndex < row.count ? Self.trimmed(row[keyIndex]) : ""
      if rowKey.isEmpty {
        skipped += 1
        continue
      }
      for column in columns.indices {
        if column < row.count { bytes.append(contentsOf: row[column].utf8) }
        guard bytes.count <= Int(UInt32.max), index.count < Int(Int32.max) else {
          throw .tooLarge(base: name, source: source)
        }
        offsets.append(UInt32(bytes.count))
      }
      index.append(Self.normalized(rowKey))
    }
    guard index.count > 0 else {
      throw .noRows(base: name, source: source, withoutKey: skipped)
    }
    skippedRows = skipped
    index.finish()
  }

  /// The number of rows.
  public var count: Int { index.count }

  /// The key of every row, without white space around it.
  ///
  /// - Complexity: O(rows).
  public var keys: [String] { (0..<count).map(key(ofRow:)) }

  /// The key of a row, without white space around it.
  public func key(ofRow row: Int) -> String { Self.trimmed(cell(row, keyIndex)) }

  /// The text of a cell as it was given; empty if the row had no such cell, `nil` if there is no
  /// such column.
  ///
  /// - Complexity: O(columns + bytes of the cell).
  public func value(row: Int, column: String) -> String? {
    columns.firstIndex(of: column).map { cell(row, $0) }
  }

  /// The rows with a key, in the order of the table.
  ///
  /// Case, the composition of letters with diacritics and white space around the key do not
  /// matter, unless `caseSensitive` is given.
  ///
  /// - Complexity: O(bytes of the key + rows found).
  public func rows(forKey key: String, caseSensitive: Bool = false) -> [Int] {
    let key = Self.trimmed(key)
    let rows = index.rows(of: Self.normalized(key))
    // Strings are equal whatever their composition.
    return caseSensitive ? rows.filter { self.key(ofRow: $0) == key } : rows
  }

  /// Passes on everything that can influence a vote, so that a hash of it changes whenever the
  /// content does: the columns, the key column and all cells, but neither name nor source.
  ///
  /// - Complexity: O(bytes + cells).
  package func hash(into consume: ([UInt8]) -> Void) {
    var header: [UInt8] = []
    for number in [columns.count, keyIndex, count, bytes.count] { header.appendNumber(number) }
    for column in columns {
      header.appendNumber(column.utf8.count)
      header.append(contentsOf: column.utf8)
    }
    consume(header)
    // Cells are told apart by their ends: ["ab", ""] and ["a", "b"] have the same bytes.
    for start in stride(from: 0, to: offsets.count, by: 4096) {
      var chunk: [UInt8] = []
      chunk.reserveCapacity(8 * 4096)
      for offset in offsets[start..<min(start + 4096, offsets.count)] {
        chunk.appendNumber(Int(offset))
      }
      consume(chunk)
    }
    consume(bytes)
  }

  /// The bytes that the table and its index occupy.
  package var memory: Int { bytes.count + 4 * offsets.count + index.memory }

  private func cell(_ row: Int, _ column: Int) -> String {
    precondition(row >= 0 && row < count, "the row exists")
    let cell = row * columns.count + column
    return String(decoding: bytes[Int(offsets[cell])..<Int(offsets[cell + 1])], as: UTF8.self)
  }

  private static func trimmed(_ text: String) -> String {
    guard text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return text }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Decomposed and folded.
  private static func normalized(_ key: String) -> String {
    let isASCII = key.utf8.allSatisfy { $0 < 0x80 }
    return isASCII
      ? key.lowercased() : CaseFolding.folded(key.decomposedStringWithCanonicalMapping)
  }
}

extension [UInt8] {
  fileprivate mutating func appendNumber(_ number: Int) {
    for shift in stride(from: 0, to: 64, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}
