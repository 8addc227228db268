// SAFETY, for the whole file: rows ascend and columns are below `columnCount` (see
// `SoftmaxObjective+Kernel.swift`); every vector holds `columnCount × classCount` elements, which
// the preconditions check, so `column × classCount + label` lies inside. No pointer leaves its
// closure.

extension StochasticDescent {
  /// The score of each class for a matrix of one document.
  func scores(_ rows: SparseRows) -> [Double] {
    precondition(rows.columnCount == columnCount && scaled.count == columnCount * classCount)
    var sums = [Float](repeating: 0, count: classCount)
    scaled.withUnsafeBufferPointer { weights in
      rows.columns.withUnsafeBufferPointer { columns in
        rows.values.withUnsafeBufferPointer { values in
          sums.withUnsafeMutableBufferPointer { sums in
            for entry in columns.indices {
              let begin = Int(columns[entry]) &* classCount
              for label in 0..<classCount { sums[label] += values[entry] * weights[begin &+ label] }
            }
          }
        }
      }
    }
    return (0..<classCount).map { scale * Double(sums[$0]) + intercepts[$0] }
  }
}

/// A gradient of which few features are not 0.
struct SparseGradient: Sendable {
  private let classCount: Int
  private var values: [Float]
  private var isTouched: [Bool]
  private var touched: [Int32] = []
  private(set) var intercepts: [Double]

  init(columnCount: Int, classCount: Int) {
    self.classCount = classCount
    values = [Float](repeating: 0, count: columnCount * classCount)
    isTouched = [Bool](repeating: false, count: columnCount)
    intercepts = [Double](repeating: 0, count: classCount)
  }

  mutating func reset() {
    for column in touched {
      isTouched[Int(column)] = false
      for label in 0..<classCount { values[Int(column) * classCount + label] = 0 }
    }
    touched.removeAll(keepingCapacity: true)
    for label in 0..<classCount { intercepts[label] = 0 }
  }

  /// Adds the features of a matrix of one document times its residuals.
  mutating func add(_ rows: SparseRows, residuals: [Double]) {
    precondition(residuals.count == classCount && isTouched.count == rows.columnCount)
    let small = residuals.map { Float($0) }
    for label in 0..<classCount { intercepts[label] += residuals[label] }
    values.withUnsafeMutableBufferPointer { sums in
      for entry in rows.columns.indices {
        let column = rows.columns[entry]
        if !isTouched[Int(column)] {
          isTouched[Int(column)] = true
          touched.append(column)
        }
        let begin = Int(column) &* classCount
        for label in 0..<classCount { sums[begin &+ label] += rows.values[entry] * small[label] }
      }
    }
  }

  /// The squared norm of the features' part, and its product with a vector.
  func products(with vector: [Float]) -> (squares: Double, product: Double) {
    precondition(vector.count == values.count)
    var (squares, product) = (0.0, 0.0)
    vector.withUnsafeBufferPointer { vector in
      values.withUnsafeBufferPointer { values in
        for column in touched {
          let begin = Int(column) &* classCount
          for index in begin..<begin &+ classCount {
            let value = Double(values[index])
            squares += value * value
            product += value * Double(vector[index])
          }
        }
      }
    }
    return (squares, product)
  }

  /// Subtracts multiples of the features' part from two vectors.
  func subtract(
    from first: inout [Float], times firstFactor: Double, and second: inout [Float],
    times secondFactor: Double
  ) {
    precondition(first.count == values.count && second.count == values.count)
    let (firstFactor, secondFactor) = (Float(firstFactor), Float(secondFactor))
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        values.withUnsafeBufferPointer { values in
          for column in touched {
            let begin = Int(column) &* classCount
            for index in begin..<begin &+ classCount {
              first[index] -= firstFactor * values[index]
              second[index] -= secondFactor * values[index]
            }
          }
        }
      }
    }
  }
}
