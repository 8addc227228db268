extension Array {
  /// The bytes of memory that the array has, used or not.
  var memory: Int { capacity * MemoryLayout<Element>.stride }
}

/// A sparse matrix by rows.
package struct SparseRows: Sendable {
  /// Where each row begins, and at last the number of entries.
  package var starts: [Int]
  /// The column of each entry.
  package var columns: [Int32]
  /// The value of each entry.
  package var values: [Float]
  package var columnCount: Int

  package init(starts: [Int], columns: [Int32], values: [Float], columnCount: Int) {
    self.starts = starts
    self.columns = columns
    self.values = values
    self.columnCount = columnCount
  }

  /// A matrix without rows and columns.
  static var none: SparseRows { SparseRows(starts: [0], columns: [], values: [], columnCount: 0) }

  package var rowCount: Int { starts.count - 1 }

  /// The bytes of memory that the matrix has, used or not.
  var memory: Int { starts.memory + columns.memory + values.memory }

  /// Removes all rows and keeps the memory for the next ones.
  mutating func removeAll() {
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
    columns.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }

  /// The same matrix by columns: the result's rows are this matrix's columns, and the entries of
  /// each ascend.
  ///
  /// - Complexity: O(entries + columns).
  package func transposed() -> SparseRows {
    var starts = [Int](repeating: 0, count: columnCount + 1)
    for column in columns { starts[Int(column) + 1] += 1 }
    for column in 0..<columnCount { starts[column + 1] += starts[column] }
    var next = starts
    var rows = [Int32](repeating: 0, count: columns.count)
    var moved = [Float](repeating: 0, count: columns.count)
    for row in 0..<rowCount {
      for entry in self.starts[row]..<self.starts[row + 1] {
        let column = Int(columns[entry])
        rows[next[column]] = Int32(truncatingIfNeeded: row)
        moved[next[column]] = values[entry]
        next[column] += 1
      }
    }
    return SparseRows(starts: starts, columns: rows, values: moved, columnCount: rowCount)
  }

  /// The matrix of some of the rows, in their order.
  ///
  /// - Parameter isKept: For each row whether it stays.
  /// - Complexity: O(entries).
  package func keeping(_ isKept: [Bool]) -> SparseRows {
    var kept = SparseRows(starts: [0], columns: [], values: [], columnCount: columnCount)
    for (row, isKept) in isKept.enumerated() where isKept {
      kept.columns += columns[starts[row]..<starts[row + 1]]
      kept.values += values[starts[row]..<starts[row + 1]]
      kept.starts.append(kept.columns.count)
    }
    return kept
  }

  /// The same rows without the columns that no row has, and the columns that stay, ascending.
  ///
  /// - Complexity: O(entries + columns).
  package func withoutEmptyColumns() -> (rows: SparseRows, columns: [Int32]) {
    var places = [Int32](repeating: -1, count: columnCount)
    for column in columns { places[Int(column)] = 0 }
    var kept: [Int32] = []
    for column in places.indices where places[column] == 0 {
      places[column] = Int32(truncatingIfNeeded: kept.count)
      kept.append(Int32(truncatingIfNeeded: column))
    }
    let rows = SparseRows(
      starts: starts, columns: columns.map { places[Int($0)] }, values: values,
      columnCount: kept.count)
    return (rows, kept)
  }
}
