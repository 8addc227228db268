// SAFETY, for the whole file: as in `SoftmaxObjective+Kernel.swift`, rows ascend and columns are
// below `columnCount`, which the preconditions tie to the number of weights; `stride` is 2 or a
// multiple of 4, so no vector crosses the end of a row. No pointer leaves its closure.

extension DualAscent {
  /// The score of each class for a matrix of one row.
  @inline(__always)
  func score(_ rows: SparseRows, into scores: inout [Float]) {
    if stride == 2 {
      score(rows, &scores, SIMD2<Float>.self)
    } else {
      score(rows, &scores, SIMD4<Float>.self)
    }
  }

  /// Adds a value for each class times the features of a matrix of one row to the weights.
  @inline(__always)
  mutating func add(_ change: [Float], times rows: SparseRows) {
    if stride == 2 {
      add(change, rows, SIMD2<Float>.self)
    } else {
      add(change, rows, SIMD4<Float>.self)
    }
  }

  @inline(__always)
  private func score<Vector: SIMD<Float>>(
    _ rows: SparseRows, _ scores: inout [Float], _: Vector.Type
  ) {
    precondition(rows.columnCount == columnCount && scores.count == stride)
    let (stride, lanes) = (self.stride, Vector.scalarCount)
    let entries = 0..<rows.columns.count
    weights.withUnsafeBytes { weights in
      rows.columns.withUnsafeBufferPointer { columns in
        rows.values.withUnsafeBufferPointer { values in
          scores.withUnsafeMutableBytes { scores in
            for lane in Swift.stride(from: 0, to: stride, by: lanes) {
              var sum = weights.loadUnaligned(
                fromByteOffset: (columnCount &* stride &+ lane) &* 4, as: Vector.self)
              for entry in entries {
                let place = (Int(columns[entry]) &* stride &+ lane) &* 4
                sum +=
                  values[entry] * weights.loadUnaligned(fromByteOffset: place, as: Vector.self)
              }
              scores.storeBytes(of: sum, toByteOffset: lane &* 4, as: Vector.self)
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private mutating func add<Vector: SIMD<Float>>(
    _ change: [Float], _ rows: SparseRows, _: Vector.Type
  ) {
    precondition(rows.columnCount == columnCount && change.count == stride)
    let (stride, lanes) = (self.stride, Vector.scalarCount)
    let intercepts = columnCount * stride
    let entries = 0..<rows.columns.count
    weights.withUnsafeMutableBytes { weights in
      rows.columns.withUnsafeBufferPointer { columns in
        rows.values.withUnsafeBufferPointer { values in
          change.withUnsafeBytes { change in
            for lane in Swift.stride(from: 0, to: stride, by: lanes) {
              let step = change.loadUnaligned(fromByteOffset: lane &* 4, as: Vector.self)
              for entry in entries {
                let place = (Int(columns[entry]) &* stride &+ lane) &* 4
                let old = weights.loadUnaligned(fromByteOffset: place, as: Vector.self)
                weights.storeBytes(
                  of: old + values[entry] * step, toByteOffset: place, as: Vector.self)
              }
              let place = (intercepts &+ lane) &* 4
              let old = weights.loadUnaligned(fromByteOffset: place, as: Vector.self)
              weights.storeBytes(of: old + step, toByteOffset: place, as: Vector.self)
            }
          }
        }
      }
    }
  }
}
