extension [UInt32] {
  /// Whether no number is less than the one before it, as with offsets.
  var isAscending: Bool { indices.dropFirst().allSatisfy { self[$0 - 1] <= self[$0] } }
}

/// The cells of a table in one block of UTF-8, so that a million rows cost little more than their
/// text.
package struct CellTable: Sendable {
  package private(set) var columnCount: Int
  package private(set) var bytes: [UInt8] = []
  /// Where each cell begins in `bytes`, row after row, and at last their number.
  package private(set) var offsets: [UInt32] = [0]

  init(columnCount: Int) { self.columnCount = columnCount }

  /// A table as it was written; `nil` for parts that do not belong together.
  init?(columnCount: Int, bytes: [UInt8], offsets: [UInt32]) {
    guard columnCount > 0, !offsets.isEmpty, (offsets.count - 1) % columnCount == 0,
      Int(offsets[offsets.count - 1]) == bytes.count, offsets.isAscending
    else { return nil }
    (self.columnCount, self.bytes, self.offsets) = (columnCount, bytes, offsets)
  }

  var count: Int { columnCount == 0 ? 0 : (offsets.count - 1) / columnCount }

  var memory: Int { bytes.count + 4 * offsets.count }

  /// Adds a cell; `false` if there is no more room.
  mutating func append(_ cell: String?) -> Bool {
    if let cell { bytes.append(contentsOf: cell.utf8) }
    guard bytes.count <= Int(UInt32.max) else { return false }
    offsets.append(UInt32(bytes.count))
    return true
  }

  func range(_ row: Int, _ column: Int) -> Range<Int> {
    precondition(row >= 0 && row < count && column < columnCount, "the cell exists")
    let cell = row * columnCount + column
    return Int(offsets[cell])..<Int(offsets[cell + 1])
  }

  func text(_ row: Int, _ column: Int) -> String {
    String(decoding: bytes[range(row, column)], as: UTF8.self)
  }

  func slice(_ row: Int, _ column: Int) -> ArraySlice<UInt8> { bytes[range(row, column)] }
}
