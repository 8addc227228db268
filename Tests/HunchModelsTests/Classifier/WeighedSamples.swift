import HunchModels
import TestSupport

/// Random rows as a featurizer makes them.
enum WeighedSamples {
  private static let configuration = FeatureConfiguration(
    minimumDocumentFrequency: 1, bucketBits: 8)

  /// Rows of unit length with words and characters, and no column that is empty.
  ///
  /// - Parameter columns: Even, and so few against the rows that each occurs.
  static func rows(_ count: Int, columns: Int, seed: UInt64) -> WeighedRows {
    var random = SplitMix64(seed: seed)
    let hasher = FeatureHasher(configuration)
    let buckets = (0..<columns).map { $0 % 2 << configuration.bucketBits + $0 / 2 * 3 }.sorted()
    var hashed = HashedRows()
    var frequencies = [Int32](repeating: 0, count: hasher.bucketCount)
    for _ in 0..<count {
      let first = random.below(columns)
      for (place, bucket) in buckets.enumerated() where place == first || random.below(3) == 0 {
        hashed.packed.append(UInt32(bucket << 9 + 1 + random.below(4)))
        frequencies[bucket] += 1
      }
      hashed.starts.append(hashed.packed.count)
    }
    guard
      let featurizer = Featurizer(
        hasher: hasher, documentFrequencies: frequencies, documents: count)
    else { preconditionFailure("the configuration is valid") }
    let rows = featurizer.rows(hashed)
    precondition(rows.columnCount == columns, "there are enough rows")
    return rows
  }

  /// A problem on such rows, with targets at random.
  static func problem(
    rows count: Int, columns: Int = 40, classes: Int, penalty: Double, seed: UInt64 = 31
  ) -> (rows: WeighedRows, objective: SoftmaxObjective, targets: [Float]) {
    let raw = SoftmaxObjectiveTests.problem(
      seed: seed, rows: count, columns: columns, classes: classes)
    let targets = (0..<count).flatMap { row in (0..<classes).map { raw.target(row, $0) } }
    let rows = rows(count, columns: columns, seed: seed)
    let objective = SoftmaxObjective(
      rows: rows.matrix, targets: targets, classCount: classes, penalty: penalty, parallel: .serial)
    return (rows, objective, targets)
  }
}
