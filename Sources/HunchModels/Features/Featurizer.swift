/// The fitted features: which buckets are columns of the matrix, and how they are weighted.
///
/// A value is (1 + ln occurrences) · (1 + ln((1 + n) / (1 + d))) for a feature in d of n texts
/// (TF-IDF, Salton & Buckley 1988, with sublinear term frequency and smoothed document
/// frequency). The word features of a text are scaled to unit length, and so are its character
/// features; the latter are multiplied by the configured weight, and the whole is scaled to unit
/// length again.
package struct Featurizer: Sendable {
  package let hasher: FeatureHasher
  /// The bucket of each column.
  package let buckets: [UInt32]
  /// The inverse document frequency of each column.
  package let idf: [Float]
  /// The column of each bucket, -1 where there is none.
  private let columnOfBucket: [Int32]

  /// More than 1 + ln n of any number of texts, and small enough for its squares to be summed up.
  private static let greatestIDF: Float = 1000

  /// Creates a featurizer from its stored tables, or nil when they do not fit together.
  package init?(configuration: FeatureConfiguration, buckets: [UInt32], idf: [Float]) {
    guard configuration.violation == nil, buckets.count == idf.count else { return nil }
    hasher = FeatureHasher(configuration)
    var columns = [Int32](repeating: -1, count: hasher.bucketCount)
    for (column, bucket) in buckets.enumerated() {
      guard Int(bucket) < columns.count, columns[Int(bucket)] < 0,
        0...Self.greatestIDF ~= idf[column]
      else {
        return nil
      }
      columns[Int(bucket)] = Int32(truncatingIfNeeded: column)
    }
    self.buckets = buckets
    self.idf = idf
    columnOfBucket = columns
  }

  /// Chooses columns by the number of texts in which each bucket occurs.
  ///
  /// Columns are ordered by falling frequency, since the frequent ones then share cache lines.
  package init?(hasher: FeatureHasher, documentFrequencies: [Int32], documents: Int) {
    let least = Int32(hasher.configuration.minimumDocumentFrequency)
    let kept = documentFrequencies.indices.filter { documentFrequencies[$0] >= least }
    let ordered = kept.sorted {
      (documentFrequencies[$1], $0) < (documentFrequencies[$0], $1)
    }
    self.init(
      configuration: hasher.configuration, buckets: ordered.map { UInt32($0) },
      idf: ordered.map {
        let ratio = Double(1 + documents) / Double(1 + documentFrequencies[$0])
        return Float(1 + naturalLog(ratio))
      })
  }

  /// The matrix of hashed texts.
  ///
  /// - Complexity: O(features).
  package func matrix(_ rows: HashedRows) -> SparseRows {
    var matrix = SparseRows(starts: [0], columns: [], values: [], columnCount: buckets.count)
    append(rows, to: &matrix)
    return matrix
  }

  /// Adds the rows of hashed texts to a matrix of as many columns.
  ///
  /// - Complexity: O(features).
  func append(_ rows: HashedRows, to matrix: inout SparseRows) {
    matrix.starts.reserveCapacity(matrix.starts.count + rows.count)
    matrix.columns.reserveCapacity(matrix.columns.count + rows.packed.count)
    matrix.values.reserveCapacity(matrix.values.count + rows.packed.count)
    for row in 0..<rows.count {
      let begin = matrix.columns.count
      var squares: (word: Float, characters: Float) = (0, 0)
      // Features ascend by bucket, so those of words come first.
      var wordsEnd = begin
      for index in rows.starts[row]..<rows.starts[row + 1] {
        let bucket = Int(rows.packed[index] >> FeatureHasher.countBits)
        let column = columnOfBucket[bucket]
        guard column >= 0 else { continue }
        let count = rows.packed[index] & FeatureHasher.largestCount
        let value = Self.logFrequency[Int(count)] * idf[Int(column)]
        matrix.columns.append(column)
        matrix.values.append(value)
        if hasher.kind(ofBucket: bucket) == .word {
          squares.word += value * value
          wordsEnd = matrix.columns.count
        } else {
          squares.characters += value * value
        }
      }
      scale(&matrix.values, begin, wordsEnd, squares)
      matrix.starts.append(matrix.columns.count)
    }
  }

  /// Scales a text's values by block: those of words from `begin`, those of characters from
  /// `wordsEnd`.
  private func scale(
    _ values: inout [Float], _ begin: Int, _ wordsEnd: Int,
    _ squares: (word: Float, characters: Float)
  ) {
    let weight = Float(hasher.configuration.characterWeight)
    let total =
      (squares.word > 0 ? 1 : 0) + (squares.characters > 0 ? weight * weight : 0)
    guard total > 0 else {
      for index in begin..<values.count { values[index] = 0 }
      return
    }
    let word = squares.word > 0 ? 1 / (squares.word * total).squareRoot() : 0
    let characters =
      squares.characters > 0 ? weight / (squares.characters * total).squareRoot() : 0
    for index in begin..<wordsEnd { values[index] *= word }
    for index in wordsEnd..<values.count { values[index] *= characters }
  }

  /// 1 + ln(count) for every count that can be stored; 0 for 0.
  private static let logFrequency: [Float] = (0...FeatureHasher.largestCount).map {
    $0 == 0 ? 0 : Float(1 + naturalLog(Double($0)))
  }
}
