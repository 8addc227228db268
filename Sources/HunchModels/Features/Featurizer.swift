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
  /// By each 8 buckets in a row, `rank << 8 | bits`: a bit for each bucket that has a column, and the number
  /// of such buckets before them. There are many times more buckets than columns and they are looked up in
  /// no order, so what is looked at has to be small.
  let blocks: [UInt32]
  /// The column of each bucket that has one, and its inverse document frequency, in the order of the
  /// buckets; one more at the end.
  let places: [(column: Int32, idf: Float)]

  /// More than 1 + ln n of any number of texts, and small enough for its squares to be summed up.
  private static let greatestIDF: Float = 1000

  /// Creates a featurizer from its stored tables, or nil when they do not fit together.
  package init?(configuration: FeatureConfiguration, buckets: [UInt32], idf: [Float]) {
    guard configuration.violation == nil, buckets.count == idf.count else { return nil }
    hasher = FeatureHasher(configuration)
    var blocks = [UInt32](repeating: 0, count: (hasher.bucketCount + 7) >> 3)
    for (column, bucket) in buckets.enumerated() {
      let bit = (1 as UInt32) << (bucket & 7)
      guard Int(bucket) < hasher.bucketCount, blocks[Int(bucket >> 3)] & bit == 0,
        0...Self.greatestIDF ~= idf[column]
      else {
        return nil
      }
      blocks[Int(bucket >> 3)] |= bit
    }
    var rank: UInt32 = 0
    for index in blocks.indices {
      let bits = blocks[index]
      blocks[index] = rank << 8 | bits
      rank += UInt32(bits.nonzeroBitCount)
    }
    var places = [(column: Int32, idf: Float)](repeating: (0, 0), count: Int(rank) + 1)
    for (column, bucket) in buckets.enumerated() {
      let block = blocks[Int(bucket >> 3)]
      let before = block & (1 << (bucket & 7) - 1)
      places[Int(block >> 8) + before.nonzeroBitCount] = (
        Int32(truncatingIfNeeded: column), idf[column]
      )
    }
    self.buckets = buckets
    self.idf = idf
    self.blocks = blocks
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
}
