import HunchModels
import HunchText
import TestSupport
import Testing

struct FeaturizerTests {
  private func fitted(
    _ texts: [String], _ configuration: FeatureConfiguration
  ) throws -> (Featurizer, SparseRows) {
    let hasher = FeatureHasher(configuration)
    let rows = HashedRows(TextBatch(texts), hasher)
    var frequencies = [Int32](repeating: 0, count: hasher.bucketCount)
    for feature in rows.packed { frequencies[Int(feature >> 9)] += 1 }
    let featurizer = try #require(
      Featurizer(hasher: hasher, documentFrequencies: frequencies, documents: texts.count))
    return (featurizer, featurizer.matrix(rows))
  }

  @Test func weightsByHand() throws {
    let configuration = FeatureConfiguration(longestWordGram: 1, longestCharacterGram: 0)
    let (featurizer, matrix) = try fitted(["a a b", "a c", "a b", "c"], configuration)
    // a occurs in 3 of 4 texts, b and c in 2.
    #expect(featurizer.buckets.count == 3)
    let frequent = 1 + logarithm(5.0 / 4)
    let rare = 1 + logarithm(5.0 / 3)
    #expect(abs(Double(featurizer.idf[0]) - frequent) < 1e-6)
    #expect(abs(Double(featurizer.idf[1]) - rare) < 1e-6)
    let (a, b) = ((1 + logarithm(2)) * frequent, rare)
    let norm = (a * a + b * b).squareRoot()
    let row = (matrix.starts[0]..<matrix.starts[1]).map {
      (matrix.columns[$0], Double(matrix.values[$0]))
    }.sorted { $0.0 < $1.0 }
    #expect(abs(row[0].1 - a / norm) < 1e-6)
    #expect(abs(row[1].1 - b / norm) < 1e-6)
    #expect(Array(matrix.values[matrix.starts[3]...]) == [1])
  }

  @Test(arguments: [0, 0.5, 1, 2.0])
  func blocksShareTheUnitLengthByWeight(weight: Double) throws {
    let configuration = FeatureConfiguration(
      characterWeight: weight, minimumDocumentFrequency: 1)
    let (featurizer, matrix) = try fitted(
      ["some words here", "and some others there", "", "x"], configuration)
    for row in [0, 1, 3] {
      var squares = [0.0, 0.0]
      for entry in matrix.starts[row]..<matrix.starts[row + 1] {
        let bucket = Int(featurizer.buckets[Int(matrix.columns[entry])])
        let value = Double(matrix.values[entry])
        squares[Int(featurizer.hasher.kind(ofBucket: bucket).rawValue)] += value * value
      }
      #expect(abs(squares[0] + squares[1] - 1) < 1e-5)
      // "x" with a space at either end is too short for the default character n-grams.
      if row < 3 { #expect(abs(squares[1] - weight * weight * squares[0]) < 1e-5) }
    }
    #expect(matrix.starts[2] == matrix.starts[3])
  }

  @Test("buckets with a column are found among those without", arguments: 0..<10 as Range<UInt64>)
  func findsColumns(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let configuration = FeatureConfiguration(bucketBits: 8)
    var buckets = (0..<512 as Range<UInt32>).filter { _ in random.below(Int(seed) + 1) == 0 }
    for place in buckets.indices { buckets.swapAt(place, random.below(buckets.count)) }
    let idf = buckets.map { _ in Float(1 + random.below(5)) }
    let featurizer = try #require(
      Featurizer(configuration: configuration, buckets: buckets, idf: idf))
    var hashed = HashedRows()
    hashed.packed = (0..<512).map { $0 << 9 | UInt32(1 + random.below(600) % 511) }
    hashed.starts.append(512)
    let matrix = featurizer.matrix(hashed)
    var expected: [(column: Int32, value: Double)] = []
    var squares = [0.0, 0.0]
    for feature in hashed.packed {
      guard let column = buckets.firstIndex(of: feature >> 9) else { continue }
      let value = (1 + logarithm(Double(feature & 511))) * Double(idf[column])
      squares[feature >> 9 < 256 ? 0 : 1] += value * value
      expected.append((Int32(column), value))
    }
    let both = squares.count { $0 > 0 }
    #expect(matrix.columns == expected.map(\.column))
    for (entry, (column, value)) in expected.enumerated() {
      let length = (squares[buckets[Int(column)] < 256 ? 0 : 1] * Double(both)).squareRoot()
      #expect(abs(Double(matrix.values[entry]) - value / length) < 1e-5)
    }
  }

  @Test func rejectsTablesThatDoNotFit() {
    let configuration = FeatureConfiguration(bucketBits: 8)
    func make(_ buckets: [UInt32], _ idf: [Float]) -> Featurizer? {
      Featurizer(configuration: configuration, buckets: buckets, idf: idf)
    }
    #expect(make([1, 2], [1, 1]) != nil)
    #expect(make([1, 1], [1, 1]) == nil)
    #expect(make([1], [1, 1]) == nil)
    #expect(make([512], [1]) == nil)
    #expect(make([3], [.nan]) == nil)
    #expect(
      Featurizer(configuration: FeatureConfiguration(bucketBits: 40), buckets: [], idf: []) == nil)
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func transposingMovesEveryEntry(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let columns = 1 + random.below(20)
    var starts = [0]
    var indices: [Int32] = []
    for _ in 0..<random.below(30) {
      for column in 0..<columns where random.below(4) == 0 { indices.append(Int32(column)) }
      starts.append(indices.count)
    }
    let matrix = SparseRows(
      starts: starts, columns: indices, values: indices.indices.map { Float($0) },
      columnCount: columns)
    let moved = matrix.transposed()
    #expect(moved.rowCount == columns)
    var found: [[Float]] = []
    for column in 0..<columns {
      for entry in moved.starts[column]..<moved.starts[column + 1] {
        found.append([Float(moved.columns[entry]), Float(column), moved.values[entry]])
      }
    }
    var expected: [[Float]] = []
    for row in 0..<matrix.rowCount {
      for entry in starts[row]..<starts[row + 1] {
        expected.append([Float(row), Float(indices[entry]), Float(entry)])
      }
    }
    #expect(found.sorted { $0[2] < $1[2] } == expected)
    #expect(moved.transposed().columns == matrix.columns)
  }
}
