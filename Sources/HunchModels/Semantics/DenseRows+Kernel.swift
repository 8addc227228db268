/// Products of matrices whose rows lie one after the other. All that latent semantic analysis costs is
/// in these loops.
//
// SAFETY, for the whole file: every function checks that arrays are as long as the numbers of rows and
// columns say. `SparseRows` are built by this module with starts that ascend from 0 to the number of
// entries and columns below `columnCount`. Blocks of outputs hold whole rows, `width` elements each. No
// pointer leaves its closure.
package enum DenseRows {
  private static let rowBlock = 512
  /// Rows whose products are summed up as 32-bit numbers.
  private static let gramBlock = 128

  /// A sparse matrix times a dense one of `width` columns.
  package static func product(
    _ rows: SparseRows, _ factor: [Float], width: Int, parallel: Parallelism
  ) -> [Float] {
    precondition(factor.count == rows.columnCount * width, "there is a row for each column")
    precondition(rows.starts.last == rows.columns.count && rows.columns.count == rows.values.count)
    return fill(rows.rowCount, width, parallel) { range, output in
      factor.withUnsafeBufferPointer { factor in
        rows.columns.withUnsafeBufferPointer { columns in
          rows.values.withUnsafeBufferPointer { values in
            for row in range {
              let sum = (row &- range.lowerBound) &* width
              for entry in rows.starts[row]..<rows.starts[row + 1] {
                add(values[entry], factor, Int(columns[entry]) &* width, output, sum, width)
              }
            }
          }
        }
      }
    }
  }

  /// A dense matrix of `inner` columns times one of `width` columns.
  static func product(
    _ rows: [Float], _ factor: [Float], inner: Int, width: Int, parallel: Parallelism
  ) -> [Float] {
    precondition(factor.count == inner * width && rows.count % max(1, inner) == 0)
    return fill(rows.count / max(1, inner), width, parallel) { range, output in
      rows.withUnsafeBufferPointer { rows in
        factor.withUnsafeBufferPointer { factor in
          for row in range {
            let sum = (row &- range.lowerBound) &* width
            for column in 0..<inner {
              add(rows[row &* inner &+ column], factor, column &* width, output, sum, width)
            }
          }
        }
      }
    }
  }

  /// A dense matrix times a square one that is 0 below its diagonal.
  static func product(
    _ rows: [Float], upperTriangle factor: [Float], width: Int, parallel: Parallelism
  ) -> [Float] {
    precondition(factor.count == width * width && rows.count % max(1, width) == 0)
    return fill(rows.count / max(1, width), width, parallel) { range, output in
      rows.withUnsafeBufferPointer { rows in
        factor.withUnsafeBufferPointer { factor in
          for row in range {
            let sum = (row &- range.lowerBound) &* width
            for column in 0..<width {
              add(
                rows[row &* width &+ column], factor, column &* width &+ column, output,
                sum &+ column, width &- column)
            }
          }
        }
      }
    }
  }

  /// The products of all pairs of a matrix's columns, width × width.
  package static func gram(_ rows: [Float], width: Int, parallel: Parallelism) -> [Double] {
    precondition(rows.count % max(1, width) == 0)
    let bounds = Parallelism.bounds(count: rows.count / max(1, width), blockSize: 8 * rowBlock)
    var sums = parallel.sum(blocks: bounds.count - 1, terms: width * width) { block, sums in
      var part = [Float](repeating: 0, count: width * width)
      var begin = bounds[block]
      while begin < bounds[block + 1] {
        let end = min(begin + gramBlock, bounds[block + 1])
        part.withUnsafeMutableBufferPointer { part in
          rows.withUnsafeBufferPointer { rows in
            for row in begin..<end {
              for column in 0..<width {
                // The upper half: what lies below is the same.
                add(
                  rows[row &* width &+ column], rows, row &* width &+ column, part,
                  column &* width &+ column, width &- column)
              }
            }
          }
          for index in 0..<part.count {
            sums[index] += Double(part[index])
            part[index] = 0
          }
        }
        begin = end
      }
    }
    for row in 0..<width {
      for column in 0..<row { sums[row * width + column] = sums[column * width + row] }
    }
    return sums
  }

  /// Turns two rows of a square matrix into their combinations.
  static func rotate(
    _ matrix: inout [Double], _ first: Int, _ second: Int, _ cosine: Double, _ sine: Double,
    _ count: Int
  ) {
    precondition(matrix.count == count * count && first < count && second < count)
    matrix.withUnsafeMutableBufferPointer { matrix in
      for index in 0..<count {
        let (one, two) = (matrix[first &* count &+ index], matrix[second &* count &+ index])
        matrix[first &* count &+ index] = cosine * one - sine * two
        matrix[second &* count &+ index] = sine * one + cosine * two
      }
    }
  }

  /// Rows of `width` elements, block by block.
  private static func fill(
    _ count: Int, _ width: Int, _ parallel: Parallelism,
    _ body: @Sendable (Range<Int>, UnsafeMutableBufferPointer<Float>) -> Void
  ) -> [Float] {
    var output = [Float](repeating: 0, count: count * width)
    let bounds = Parallelism.bounds(count: count, blockSize: rowBlock)
    parallel.forEachBlock(of: &output, bounds: bounds.map { $0 * width }) { block, elements in
      body(bounds[block]..<bounds[block + 1], elements)
    }
    return output
  }

  /// Adds a multiple of `count` elements to others.
  @inline(__always)
  private static func add(
    _ scale: Float, _ source: UnsafeBufferPointer<Float>, _ from: Int,
    _ target: UnsafeMutableBufferPointer<Float>, _ to: Int, _ count: Int
  ) {
    if scale == 0 { return }
    for index in 0..<count { target[to &+ index] += scale * source[from &+ index] }
  }
}
