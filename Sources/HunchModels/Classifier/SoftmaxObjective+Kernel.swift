// The passes over the data. They take pointers because these loops are nearly all of the training
// time, and bounds checks on every gathered row cost more than the arithmetic.
//
// SAFETY, for the whole file: `SparseRows` are built by this module with starts ascending from 0 to
// the number of entries and column indices below `columnCount`; the preconditions below tie the
// lengths of the other arrays to them, so `column * stride + lane` with `lane < stride` is inside
// an array of `columnCount * stride` elements. `stride` is 2 or a multiple of 4, so a vector of 2
// or 4 lanes that begins at a multiple of its width never crosses the end of a row. Output buffers
// hold exactly the rows of their block. No pointer leaves its closure.

extension SoftmaxObjective {
  /// The score of each class for each row, rows × stride, without offsets.
  func scores(_ parameters: [Float]) -> [Float] {
    precondition(parameters.count == parameterCount, "there is a parameter row for each column")
    var output = [Float](repeating: 0, count: rows.rowCount * stride)
    let bounds = rowBounds
    parallel.forEachBlock(of: &output, bounds: bounds.map { $0 * stride }) { block, elements in
      let range = bounds[block]..<bounds[block + 1]
      if stride == 2 {
        multiply(range, parameters, elements, SIMD2<Float>.self)
      } else {
        multiply(range, parameters, elements, SIMD4<Float>.self)
      }
    }
    return output
  }

  @inline(__always)
  private func multiply<Vector: SIMD<Float>>(
    _ range: Range<Int>, _ parameters: [Float], _ output: UnsafeMutableBufferPointer<Float>,
    _: Vector.Type
  ) {
    let lanes = Vector.scalarCount
    let stride = self.stride
    let intercepts = penalizedCount
    parameters.withUnsafeBytes { weights in
      rows.columns.withUnsafeBufferPointer { columns in
        rows.values.withUnsafeBufferPointer { values in
          let result = UnsafeMutableRawBufferPointer(output)
          for row in range {
            let entries = rows.starts[row]..<rows.starts[row + 1]
            for lane in Swift.stride(from: 0, to: stride, by: lanes) {
              var sum = weights.loadUnaligned(
                fromByteOffset: (intercepts &+ lane) &* 4, as: Vector.self)
              for entry in entries {
                let place = (Int(columns[entry]) &* stride &+ lane) &* 4
                sum +=
                  values[entry] * weights.loadUnaligned(fromByteOffset: place, as: Vector.self)
              }
              let place = ((row &- range.lowerBound) &* stride &+ lane) &* 4
              result.storeBytes(of: sum, toByteOffset: place, as: Vector.self)
            }
          }
        }
      }
    }
  }

  /// The weighted sums over rows of the cross-entropy at `scores + step · change` and of its first and
  /// second derivative by the step.
  func lossTerms(_ scores: [Double], _ change: [Float], step: Double) -> [Double] {
    precondition(scores.count == targets.count && change.count == targets.count)
    let bounds = rowBounds
    return parallel.sum(blocks: bounds.count - 1, terms: 3) { block, sums in
      var row = [Double](repeating: 0, count: classCount)
      for index in bounds[block]..<bounds[block + 1] {
        let begin = index * stride
        var target = 0.0
        var along = 0.0
        for label in 0..<classCount {
          let place = begin + label
          row[label] = scores[place] + step * Double(change[place])
          target += Double(targets[place]) * row[label]
          along += Double(targets[place]) * Double(change[place])
        }
        let logSum = normalizeLogWeights(&row)
        var mean = 0.0
        var square = 0.0
        for label in 0..<classCount {
          let slope = Double(change[begin + label])
          mean += row[label] * slope
          square += row[label] * slope * slope
        }
        let weight = Double(weights[index])
        sums[0] += weight * logSum - target
        sums[1] += weight * mean - along
        sums[2] += weight * (square - mean * mean)
      }
    }
  }

  /// (weight · softmax(scores) − targets) / total weight, rows × stride.
  func residuals(_ scores: [Double]) -> [Float] {
    precondition(scores.count == targets.count)
    var output = [Float](repeating: 0, count: scores.count)
    let bounds = rowBounds
    let scale = totalWeight > 0 ? 1 / totalWeight : 1
    parallel.forEachBlock(of: &output, bounds: bounds.map { $0 * stride }) { block, elements in
      var row = [Double](repeating: 0, count: classCount)
      for index in bounds[block]..<bounds[block + 1] {
        for label in 0..<classCount { row[label] = scores[index * stride + label] }
        normalizeLogWeights(&row)
        let weight = Double(weights[index])
        for label in 0..<classCount {
          let difference = weight * row[label] - Double(targets[index * stride + label])
          elements[(index - bounds[block]) * stride + label] = Float(difference * scale)
        }
      }
    }
    return output
  }

  /// Moves scores along a line.
  func advance(_ scores: inout [Double], by change: [Float], step: Double) {
    precondition(scores.count == change.count)
    let bounds = rowBounds.map { $0 * stride }
    parallel.forEachBlock(of: &scores, bounds: bounds) { block, elements in
      for index in 0..<elements.count {
        elements[index] += step * Double(change[bounds[block] + index])
      }
    }
  }

  /// The gradient for given residuals: the transposed matrix times the residuals, plus the
  /// penalty's part.
  func gradient(residuals: [Float], _ parameters: [Float]) -> [Float] {
    precondition(residuals.count == targets.count && parameters.count == parameterCount)
    var output = [Float](repeating: 0, count: parameterCount)
    let bounds = columnBounds
    // One block more than columns need: the intercepts.
    let outputBounds = bounds.map { $0 * stride } + [parameterCount]
    parallel.forEachBlock(of: &output, bounds: outputBounds) { block, elements in
      if block == bounds.count - 1 { return addRows(residuals, elements) }
      let range = bounds[block]..<bounds[block + 1]
      if stride == 2 {
        multiplyTransposed(range, residuals, parameters, elements, SIMD2<Float>.self)
      } else {
        multiplyTransposed(range, residuals, parameters, elements, SIMD4<Float>.self)
      }
    }
    return output
  }

  @inline(__always)
  private func multiplyTransposed<Vector: SIMD<Float>>(
    _ range: Range<Int>, _ residuals: [Float], _ parameters: [Float],
    _ output: UnsafeMutableBufferPointer<Float>, _: Vector.Type
  ) {
    let lanes = Vector.scalarCount
    let stride = self.stride
    let penalty = Float(self.penalty)
    residuals.withUnsafeBytes { source in
      columns.columns.withUnsafeBufferPointer { rowIndices in
        columns.values.withUnsafeBufferPointer { values in
          let result = UnsafeMutableRawBufferPointer(output)
          for column in range {
            for lane in Swift.stride(from: 0, to: stride, by: lanes) {
              var total = Vector(repeating: 0)
              var begin = columns.starts[column]
              let end = columns.starts[column + 1]
              // Sums of sums: the rounding error of a frequent feature's long sum stays small.
              while begin < end {
                let chunk = min(end, begin &+ 256)
                var sum = Vector(repeating: 0)
                for entry in begin..<chunk {
                  let place = (Int(rowIndices[entry]) &* stride &+ lane) &* 4
                  sum +=
                    values[entry] * source.loadUnaligned(fromByteOffset: place, as: Vector.self)
                }
                total += sum
                begin = chunk
              }
              for offset in 0..<lanes {
                total[offset] += penalty * parameters[column &* stride &+ lane &+ offset]
              }
              let place = ((column &- range.lowerBound) &* stride &+ lane) &* 4
              result.storeBytes(of: total, toByteOffset: place, as: Vector.self)
            }
          }
        }
      }
    }
  }

  /// The sums of the residuals over all rows: the gradient by the intercepts, if there are any.
  private func addRows(_ residuals: [Float], _ output: UnsafeMutableBufferPointer<Float>) {
    if offsets != nil { return }
    for label in 0..<classCount {
      var sum = 0.0
      for row in 0..<rows.rowCount { sum += Double(residuals[row &* stride &+ label]) }
      output[label] = Float(sum)
    }
  }

  /// The dot products of pairs of arrays over their first `count` elements.
  func dots(_ pairs: [([Float], [Float])], count: Int) -> [Double] {
    precondition(pairs.allSatisfy { $0.0.count >= count && $0.1.count >= count })
    let bounds = Parallelism.bounds(count: count, blockSize: 4096)
    return parallel.sum(blocks: bounds.count - 1, terms: pairs.count) { block, sums in
      let range = bounds[block]..<bounds[block + 1]
      for (term, pair) in pairs.enumerated() {
        pair.0.withUnsafeBytes { first in
          pair.1.withUnsafeBytes { second in
            sums[term] = blockDot(first, second, range)
          }
        }
      }
    }
  }
}

/// The dot product over a range of 32-bit elements that both buffers hold.
@inline(__always)
func blockDot(
  _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, _ range: Range<Int>
) -> Double {
  var lanes = SIMD8<Float>(repeating: 0)
  var index = range.lowerBound
  while index &+ 8 <= range.upperBound {
    lanes +=
      first.loadUnaligned(fromByteOffset: index &* 4, as: SIMD8<Float>.self)
      * second.loadUnaligned(fromByteOffset: index &* 4, as: SIMD8<Float>.self)
    index &+= 8
  }
  var total = 0.0
  for lane in 0..<8 { total += Double(lanes[lane]) }
  while index < range.upperBound {
    total +=
      Double(first.loadUnaligned(fromByteOffset: index &* 4, as: Float.self))
      * Double(second.loadUnaligned(fromByteOffset: index &* 4, as: Float.self))
    index &+= 1
  }
  return total
}
