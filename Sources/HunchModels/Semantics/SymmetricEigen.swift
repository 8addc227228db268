/// The eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations.
///
/// Golub & Van Loan, "Matrix Computations", 8.5: each rotation makes one pair of entries 0, and
/// rounds over all pairs converge quadratically. For matrices of some hundred rows.
package struct SymmetricEigen {
  /// Descending.
  package let values: [Double]
  /// Rows × eigenvectors, in the order of the values.
  package let vectors: [Double]

  /// - Parameter matrix: Rows × columns, symmetric.
  /// - Complexity: O(count³), about eight times.
  package init(_ matrix: [Double], count: Int) {
    precondition(matrix.count == count * count, "the matrix is square")
    var matrix = matrix
    // Rows are eigenvectors here, so that rotations run along memory.
    var vectors = [Double](repeating: 0, count: count * count)
    for row in 0..<count { vectors[row * count + row] = 1 }
    let total = matrix.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<30 {
      var outside = 0.0
      for row in 0..<count {
        for column in row + 1..<max(row + 1, count) {
          let entry = matrix[row * count + column]
          outside += 2 * entry * entry
        }
      }
      if outside <= 1e-22 * total { break }
      for first in 0..<count {
        for second in first + 1..<max(first + 1, count) {
          let entry = matrix[first * count + second]
          if entry * entry <= 1e-26 * total / Double(count * count) { continue }
          let (cosine, sine) = Self.rotation(
            matrix[first * count + first], entry, matrix[second * count + second])
          Self.rotateColumns(&matrix, first, second, cosine, sine, count)
          DenseRows.rotate(&matrix, first, second, cosine, sine, count)
          DenseRows.rotate(&vectors, first, second, cosine, sine, count)
        }
      }
    }
    let diagonal = (0..<count).map { matrix[$0 * count + $0] }
    let order = (0..<count).sorted { (diagonal[$1], $0) < (diagonal[$0], $1) }
    values = order.map { diagonal[$0] }
    self.vectors = (0..<count).flatMap { row in order.map { vectors[$0 * count + row] } }
  }

  /// Cosine and sine that make the entry beside the diagonal 0.
  private static func rotation(
    _ first: Double, _ entry: Double, _ second: Double
  ) -> (cosine: Double, sine: Double) {
    let ratio = (second - first) / (2 * entry)
    let tangent =
      (ratio >= 0 ? 1.0 : -1.0) / (abs(ratio) + (1 + ratio * ratio).squareRoot())
    let cosine = 1 / (1 + tangent * tangent).squareRoot()
    return (cosine, tangent * cosine)
  }

  private static func rotateColumns(
    _ matrix: inout [Double], _ first: Int, _ second: Int, _ cosine: Double, _ sine: Double,
    _ count: Int
  ) {
    for begin in stride(from: 0, to: count * count, by: count) {
      let (one, two) = (matrix[begin + first], matrix[begin + second])
      matrix[begin + first] = cosine * one - sine * two
      matrix[begin + second] = sine * one + cosine * two
    }
  }
}
