/// The strongest right singular vectors of a sparse matrix.
///
/// Subspace iteration from a random start (Halko, Martinsson & Tropp, "Finding Structure with
/// Randomness", 2011, algorithms 4.4 and 5.1): a few products with AᵀA turn random vectors towards
/// the strong directions, and within their span the singular vectors are those of a small matrix.
package enum SingularVectors {
  /// Directions beyond those that are asked for, which make these exact sooner.
  private static let spare = 10
  /// Products with AᵀA.
  private static let rounds = 4
  /// Squares of singular values below so much of the greatest are rounding errors.
  private static let noise = 1e-6

  /// Finds them; the same bits for any number of threads.
  ///
  /// - Returns: Columns × vectors, the strongest first, each with its greatest entry by size
  ///   positive; and the number of vectors, fewer than `most` for a matrix of lower rank.
  /// - Complexity: O(entries × most + (rows + columns) × most²), five times.
  package static func right(
    of matrix: SparseRows, most: Int, parallel: Parallelism
  ) -> (vectors: [Float], count: Int) {
    let width = min(most + spare, matrix.rowCount, matrix.columnCount)
    guard width > 0 else { return ([], 0) }
    let transposed = matrix.transposed()
    var span = (0..<matrix.columnCount * width).map { index in
      // Signs are as good as normal numbers, and the same on every machine.
      VisitingOrder.hash(index) & 1 == 0 ? 1 as Float : -1
    }
    for _ in 0..<rounds {
      let image = DenseRows.product(matrix, span, width: width, parallel: parallel)
      span = DenseRows.product(transposed, image, width: width, parallel: parallel)
      orthonormalize(&span, width: width, parallel: parallel)
    }
    // Again, since once is only as exact as the directions are independent.
    orthonormalize(&span, width: width, parallel: parallel)
    let image = DenseRows.product(matrix, span, width: width, parallel: parallel)
    let eigen = SymmetricEigen(
      DenseRows.gram(image, width: width, parallel: parallel), count: width)
    let count = eigen.values.prefix(most).count { $0 > noise * eigen.values[0] }
    let rotation = (0..<width).flatMap { row in
      (0..<count).map { Float(eigen.vectors[row * width + $0]) }
    }
    var vectors = DenseRows.product(
      span, rotation, inner: width, width: count, parallel: parallel)
    orient(&vectors, count: count)
    return (vectors, count)
  }

  /// Makes columns orthonormal by the Cholesky factor of their products; what depends on earlier ones
  /// becomes 0.
  private static func orthonormalize(_ span: inout [Float], width: Int, parallel: Parallelism) {
    var factor = DenseRows.gram(span, width: width, parallel: parallel)
    var inverse = [Double](repeating: 0, count: width * width)
    let greatest = (0..<width).map { factor[$0 * width + $0] }.max() ?? 0
    // The upper factor R of G = RᵀR, row by row.
    for row in 0..<width {
      let pivot = factor[row * width + row]
      guard pivot > noise * noise * greatest else {
        for column in row..<width { factor[row * width + column] = 0 }
        continue
      }
      let root = pivot.squareRoot()
      for column in row..<width { factor[row * width + column] /= root }
      for below in row + 1..<max(row + 1, width) {
        let scale = factor[row * width + below]
        for column in below..<width {
          factor[below * width + column] -= scale * factor[row * width + column]
        }
      }
    }
    // R⁻¹ by back substitution.
    for column in 0..<width where factor[column * width + column] > 0 {
      inverse[column * width + column] = 1 / factor[column * width + column]
      for row in stride(from: column - 1, through: 0, by: -1) {
        let pivot = factor[row * width + row]
        guard pivot > 0 else { continue }
        var sum = 0.0
        for inner in row + 1...column {
          sum += factor[row * width + inner] * inverse[inner * width + column]
        }
        inverse[row * width + column] = -sum / pivot
      }
    }
    span = DenseRows.product(
      span, upperTriangle: inverse.map(Float.init), width: width, parallel: parallel)
  }

  /// Gives each vector the sign with which its greatest entry is positive.
  private static func orient(_ vectors: inout [Float], count: Int) {
    var greatest = [Float](repeating: 0, count: count)
    for (index, value) in vectors.enumerated() where abs(value) > abs(greatest[index % count]) {
      greatest[index % count] = value
    }
    for index in vectors.indices where greatest[index % count] < 0 { vectors[index].negate() }
  }
}
