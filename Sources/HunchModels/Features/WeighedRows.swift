/// Texts as a ``Featurizer`` sees them, in 4 bytes for each distinct n-gram.
///
/// Of an n-gram its column and its number of occurrences are kept. Its value takes the inverse
/// document frequency of the column and a factor for the words of its text, or for the characters.
/// It is computed when the row is looked at: to keep it would take twice the memory.
package struct WeighedRows: Sendable {
  /// What the values of a row have in common.
  struct Scale: Sendable {
    /// The number of words; they stand before the characters.
    var words: Int32
    /// What values are multiplied by so that each kind has its weight and all have unit length.
    var word: Float
    var characters: Float
  }

  /// Where each row begins, and at last the number of features.
  package internal(set) var starts: [Int] = [0]
  /// `column << 9 | occurrences`.
  var packed: [UInt32] = []
  /// By row.
  var scales: [Scale] = []
  /// The inverse document frequency of each column.
  let idf: [Float]

  /// No rows yet.
  ///
  /// - Parameter idf: The inverse document frequency of each column.
  package init(idf: [Float]) { self.idf = idf }

  package var rowCount: Int { scales.count }
  package var columnCount: Int { idf.count }
  /// The number of features of all rows.
  package var featureCount: Int { packed.count }

  /// The bytes of memory that the rows have, used or not, without what they share with a featurizer.
  var memory: Int { starts.memory + packed.memory + scales.memory }

  /// Removes all rows and keeps the memory for the next ones.
  mutating func removeAll() {
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
    packed.removeAll(keepingCapacity: true)
    scales.removeAll(keepingCapacity: true)
  }

  /// Makes a matrix that of one row.
  package func write(_ row: Int, to matrix: inout SparseRows) {
    matrix.removeAll()
    matrix.columnCount = columnCount
    append(row, to: &matrix)
  }

  /// All rows with their values: 8 bytes for each feature.
  package var matrix: SparseRows {
    var matrix = SparseRows(starts: [0], columns: [], values: [], columnCount: columnCount)
    matrix.starts.reserveCapacity(starts.count)
    matrix.columns.reserveCapacity(packed.count)
    matrix.values.reserveCapacity(packed.count)
    for row in 0..<rowCount { append(row, to: &matrix) }
    return matrix
  }

  /// Some of the rows, in their order.
  ///
  /// - Parameter isKept: For each row whether it stays.
  /// - Complexity: O(features).
  package func keeping(_ isKept: [Bool]) -> WeighedRows {
    var kept = WeighedRows(idf: idf)
    kept.packed.reserveCapacity(
      isKept.indices.reduce(0) { isKept[$1] ? $0 + starts[$1 + 1] - starts[$1] : $0 })
    for (row, isKept) in isKept.enumerated() where isKept {
      kept.packed += packed[starts[row]..<starts[row + 1]]
      kept.starts.append(kept.packed.count)
      kept.scales.append(scales[row])
    }
    return kept
  }
}

extension Featurizer {
  /// The rows of hashed texts.
  ///
  /// - Complexity: O(features).
  package func rows(_ texts: HashedRows) -> WeighedRows {
    var rows = WeighedRows(idf: idf)
    append(texts, 0..<texts.count, to: &rows)
    return rows
  }

  /// The same of texts in pieces.
  func rows(_ texts: HashedPieces) -> WeighedRows {
    var rows = WeighedRows(idf: idf)
    rows.starts.reserveCapacity(texts.count + 1)
    rows.packed.reserveCapacity(texts.features)
    rows.scales.reserveCapacity(texts.count)
    for text in 0..<texts.count {
      let (piece, row) = texts.place(of: text)
      append(texts.pieces[piece], row..<row + 1, to: &rows)
    }
    return rows
  }

  /// The matrix of hashed texts.
  ///
  /// - Complexity: O(features).
  package func matrix(_ texts: HashedRows) -> SparseRows { rows(texts).matrix }
}
