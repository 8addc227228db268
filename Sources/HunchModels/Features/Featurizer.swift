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
  /// The column of each bucket, -1 where there is none, and its inverse document frequency: side by
  /// side, since they are looked up in no order.
  let places: [(column: Int32, idf: Float)]

  /// More than 1 + ln n of any number of texts, and small enough for its squares to be summed up.
  private static let greatestIDF: Float = 1000

  /// Creates a featurizer from its stored tables, or nil when they do not fit together.
  package init?(configuration: FeatureConfiguration, buckets: [UInt32], idf: [Float]) {
    guard configuration.violation == nil, buckets.count == idf.count else { return nil }
    hasher = FeatureHasher(configuration)
    var places = [(column: Int32, idf: Float)](repeating: (-1, 0), count: hasher.bucketCount)
    for (column, bucket) in buckets.enumerated() {
      guard Int(bucket) < places.count, places[Int(bucket)].column < 0,
        0...Self.greatestIDF ~= idf[column]
      else {
        return nil
      }
      places[Int(bucket)] = (Int32(truncatingIfNeeded: column), idf[column])
    }
    self.buckets = buckets
    self.idf = idf
    self.places = places
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

  /// 1 + ln(count) for every count that can be stored; 0 for 0.
  static let logFrequency: [Float] = (0...FeatureHasher.largestCount).map {
    $0 == 0 ? 0 : Float(1 + naturalLog(Double($0)))
  }
}
