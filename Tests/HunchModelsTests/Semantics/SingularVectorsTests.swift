import HunchModels
import TestSupport
import Testing

/// Singular vectors against what defines them.
struct SingularVectorsTests {
  /// A sparse matrix with strong directions and noise.
  private static func matrix(rows: Int, columns: Int, seed: Int) -> SparseRows {
    var random = SplitMix64(seed: seed)
    var matrix = SparseRows(starts: [0], columns: [], values: [], columnCount: columns)
    for _ in 0..<rows {
      let topic = random.below(6)
      var row: [Int: Float] = [:]
      for _ in 0..<8 {
        let column =
          random.below(3) == 0 ? random.below(columns) : (topic * 17 + random.below(9)) % columns
        row[column, default: 0] += Float(random.uniform())
      }
      for (column, value) in row.sorted(by: { $0.key < $1.key }) {
        matrix.columns.append(Int32(column))
        matrix.values.append(value)
      }
      matrix.starts.append(matrix.columns.count)
    }
    return matrix
  }

  /// AᵀA, one entry after the other.
  private static func squared(_ matrix: SparseRows) -> [[Double]] {
    var square = [[Double]](
      repeating: [Double](repeating: 0, count: matrix.columnCount), count: matrix.columnCount)
    for row in 0..<matrix.rowCount {
      let entries = matrix.starts[row]..<matrix.starts[row + 1]
      for one in entries {
        for other in entries {
          square[Int(matrix.columns[one])][Int(matrix.columns[other])] +=
            Double(matrix.values[one]) * Double(matrix.values[other])
        }
      }
    }
    return square
  }

  private static func columns(_ vectors: [Float], _ count: Int) -> [[Double]] {
    (0..<count).map { column in
      stride(from: column, to: vectors.count, by: count).map { Double(vectors[$0]) }
    }
  }

  private static func product(_ one: [Double], _ other: [Double]) -> Double {
    zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test func areEigenvectorsOfTheSquaredMatrix() {
    let matrix = Self.matrix(rows: 500, columns: 60, seed: 2)
    let (flat, count) = SingularVectors.right(of: matrix, most: 6, parallel: .serial)
    #expect(count == 6)
    let vectors = Self.columns(flat, count)
    let square = Self.squared(matrix)
    let values = SymmetricEigen(square.flatMap(\.self), count: 60).values
    for (place, vector) in vectors.enumerated() {
      for (other, second) in vectors.enumerated() {
        #expect(abs(Self.product(vector, second) - (place == other ? 1 : 0)) < 1e-4)
      }
      let image = square.map { Self.product($0, vector) }
      let value = Self.product(image, vector)
      #expect(abs(value - values[place]) < 0.002 * values[0])
      let rest = zip(image, vector).map { $0 - value * $1 }
      #expect(Self.product(rest, rest).squareRoot() < 0.03 * values[0])
      #expect((vector.max() ?? 0) >= -(vector.min() ?? 0), "the greatest entry is positive")
    }
  }

  @Test func aMatrixOfLowRankHasFewer() {
    // Two rows that occur again and again.
    var matrix = SparseRows(starts: [0], columns: [], values: [], columnCount: 30)
    for row in 0..<40 {
      matrix.columns += [Int32(row % 2), Int32(5 + row % 2)]
      matrix.values += [1, 2]
      matrix.starts.append(matrix.columns.count)
    }
    let (vectors, count) = SingularVectors.right(of: matrix, most: 20, parallel: .serial)
    #expect(count == 2 && vectors.count == 60 && vectors.allSatisfy(\.isFinite))
  }

  @Test func nothingGivesNothing() {
    let none = SparseRows(starts: [0], columns: [], values: [], columnCount: 0)
    #expect(SingularVectors.right(of: none, most: 5, parallel: .serial).count == 0)
    let zeros = SparseRows(starts: [0, 0, 0], columns: [], values: [], columnCount: 4)
    #expect(SingularVectors.right(of: zeros, most: 5, parallel: .serial).count == 0)
  }

  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"))
  func threadsChangeNoBit() {
    let matrix = Self.matrix(rows: 3_000, columns: 800, seed: 4)
    let one = SingularVectors.right(of: matrix, most: 20, parallel: .serial).vectors
    let other = SingularVectors.right(of: matrix, most: 20, parallel: .dispatch(3)).vectors
    #expect(one == other)
  }

  /// V Λ Vᵀ is the matrix again.
  @Test(arguments: [1, 2, 7, 40])
  func eigenvectorsGiveTheMatrixBack(_ count: Int) {
    var random = SplitMix64(seed: count)
    var matrix = [Double](repeating: 0, count: count * count)
    for row in 0..<count {
      for column in 0...row {
        let value = random.uniform() * 2 - 1
        (matrix[row * count + column], matrix[column * count + row]) = (value, value)
      }
    }
    let eigen = SymmetricEigen(matrix, count: count)
    #expect(eigen.values == eigen.values.sorted(by: >))
    for row in 0..<count {
      for column in 0..<count {
        let sum = (0..<count).reduce(0.0) {
          $0 + eigen.values[$1] * eigen.vectors[row * count + $1]
            * eigen.vectors[column * count + $1]
        }
        #expect(abs(sum - matrix[row * count + column]) < 1e-9)
      }
    }
  }

  /// The products of dense rows against sums one after the other.
  @Test func productsAreSums() {
    let matrix = Self.matrix(rows: 700, columns: 40, seed: 5)
    var random = SplitMix64(seed: 6)
    let width = 13
    let factor = (0..<40 * width).map { _ in Float(random.uniform()) }
    let found = DenseRows.product(matrix, factor, width: width, parallel: .dispatch(2))
    for row in stride(from: 0, to: 700, by: 37) {
      for column in 0..<width {
        let sum = (matrix.starts[row]..<matrix.starts[row + 1]).reduce(0.0) {
          $0 + Double(matrix.values[$1]) * Double(factor[Int(matrix.columns[$1]) * width + column])
        }
        #expect(abs(Double(found[row * width + column]) - sum) < 1e-4)
      }
    }
    let gram = DenseRows.gram(found, width: width, parallel: .dispatch(2))
    for one in 0..<width {
      for other in 0..<width {
        let sum = (0..<700).reduce(0.0) {
          $0 + Double(found[$1 * width + one]) * Double(found[$1 * width + other])
        }
        #expect(abs(gram[one * width + other] - sum) < 1e-4 * sum)
      }
    }
  }
}
