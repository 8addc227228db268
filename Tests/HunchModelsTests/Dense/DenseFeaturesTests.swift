import HunchModels
import HunchText
import TestSupport
import Testing

/// Documents with two numbers, two categories and an embedding, at random, some of it missing.
enum DenseSamples {
  static let columns = DenseColumns(
    numeric: ["price", "age"], categorical: ["channel", "town"], embedding: .column("vector"))

  struct Row {
    var numbers: [Double?]
    var categories: [String?]
    var embedding: [Float]?
  }

  static func rows(_ count: Int, seed: UInt64, length: Int = 5) -> [Row] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { index in
      Row(
        numbers: [
          random.below(7) == 0 ? nil : (random.uniform() * 40 - 20).rounded(),
          random.below(3) == 0 ? nil : random.uniform() * 1e6,
        ],
        categories: [
          random.below(9) == 0 ? nil : random.pick(["web", "phone", "post"]),
          // Each third town occurs once.
          index % 3 == 0 ? "town \(index)" : random.pick(["Łódź", "Ibadan"]),
        ],
        embedding: random.below(6) == 0
          ? nil : (0..<length).map { _ in Float(random.uniform() * 3 + 10) })
    }
  }

  static func values(_ rows: some Sequence<Row>) -> DenseValues {
    var values = DenseValues(columns)
    for row in rows {
      values.append(
        numbers: row.numbers, categories: row.categories, embedding: row.embedding)
    }
    return values
  }
}

/// Features by the words of their description, computed one by one.
private struct NaiveFeatures {
  let training: [DenseSamples.Row]

  /// Linear interpolation between quantiles.
  func number(_ column: Int, _ value: Double?) -> (weights: [Double], missing: Double) {
    let numbers = training.compactMap { $0.numbers[column] }.sorted()
    var knots: [Double] = []
    for part in 0...8 {
      let knot = numbers[part * (numbers.count - 1) / 8]
      if !knots.contains(knot) { knots.append(knot) }
    }
    var weights = [Double](repeating: 0, count: knots.count)
    guard let value else { return (weights, 1) }
    let clamped = min(max(value, knots[0]), knots[knots.count - 1])
    for (place, knot) in knots.enumerated() {
      if place > 0, clamped >= knots[place - 1], clamped <= knot {
        weights[place] = (clamped - knots[place - 1]) / (knot - knots[place - 1])
      }
      if place + 1 < knots.count, clamped >= knot, clamped < knots[place + 1] {
        weights[place] = (knots[place + 1] - clamped) / (knots[place + 1] - knot)
      }
    }
    return (weights, 0)
  }

  func category(_ column: Int, _ value: String?) -> [Double] {
    var counts: [String: Int] = [:]
    for row in training { if let value = row.categories[column] { counts[value, default: 0] += 1 } }
    let known = counts.filter { $0.value > 1 }.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key
    }.map(\.key)
    var weights = [Double](repeating: 0, count: known.count + 2)
    if let value {
      weights[known.firstIndex(of: value) ?? known.count] = 1
    } else {
      weights[known.count + 1] = 1
    }
    return weights
  }

  func embedding(_ value: [Float]?) -> [Double] {
    let all = training.compactMap(\.embedding)
    let mean = all[0].indices.map { place in
      all.reduce(0) { $0 + Double($1[place]) } / Double(all.count)
    }
    let squares = all.reduce(0.0) { sum, vector in
      sum + zip(vector, mean).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    }
    let length = (squares / Double(all.count)).squareRoot()
    guard let value else { return mean.map { _ in 0 } }
    return zip(value, mean).map {
      (Double($0) - $1) / length * Double(DenseFeatures.embeddingWeight)
    }
  }

  func all(_ row: DenseSamples.Row) -> [Double] {
    let scale = Double(DenseFeatures.columnWeight) / 2
    var features: [Double] = []
    for column in 0..<2 {
      let (weights, missing) = number(column, row.numbers[column])
      features += (weights + [missing]).map { $0 * scale }
    }
    for column in 0..<2 {
      features += category(column, row.categories[column]).map { $0 * scale }
    }
    return features + embedding(row.embedding)
  }
}

struct DenseFeaturesTests {
  @Test func agreesWithItsDescription() throws {
    let training = DenseSamples.rows(200, seed: 1)
    let features = DenseFeatures(DenseSamples.values(training))
    let naive = NaiveFeatures(training: training)
    var others = DenseSamples.rows(100, seed: 2)
    others[0].numbers = [-1e300, 1e300]
    others[1].numbers = [.infinity, .nan]
    var expected = others
    expected[1].numbers = [nil, nil]
    let values = DenseSamples.values(others)
    for document in others.indices {
      var found = [Double](repeating: 0, count: features.featureCount)
      features.forEachFeature(of: document, in: values) { found[$0] += Double($1) }
      let wanted = naive.all(expected[document])
      try #require(found.count == wanted.count)
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-5 }, "document \(document)")
    }
  }

  @Test func columnsWithoutValuesOrWithOne() {
    var values = DenseValues(DenseColumns(numeric: ["empty", "constant"], categorical: ["none"]))
    for _ in 0..<10 {
      values.append(numbers: [nil, 3], categories: [nil], embedding: [Float]?.none)
    }
    let features = DenseFeatures(values)
    #expect(features.knots == [[], [3]])
    #expect(features.categories == [[]])
    var found: [Int] = []
    features.forEachFeature(of: 0, in: values) { feature, _ in found.append(feature) }
    // The missing number, the constant, and the missing category.
    #expect(found == [0, 1, 4])
  }

  @Test func knotsOfHugeAndEqualNumbers() {
    var values = DenseValues(DenseColumns(numeric: ["x"]))
    let numbers = [-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude, 0, -0.0, 0, 0, 0]
    for number in numbers {
      values.append(numbers: [number], categories: [], embedding: [Float]?.none)
    }
    let features = DenseFeatures(values)
    #expect(features.knots[0].count == 3)
    for document in numbers.indices {
      var sum: Float = 0
      features.forEachFeature(of: document, in: values) { sum += $1 }
      #expect(abs(sum - DenseFeatures.columnWeight) < 1e-6)
    }
  }

  @Test func rowsOfNGramsStayAsTheyAre() {
    let rows = DenseSamples.rows(20, seed: 3)
    let values = DenseSamples.values(rows)
    let features = DenseFeatures(values)
    let matrix = SparseRows(
      starts: Array(stride(from: 0, through: 40, by: 2)),
      columns: (0..<40).map { Int32($0 % 7) }, values: (0..<40).map { Float($0) }, columnCount: 7)
    var appended = SparseRows(
      starts: [0], columns: [], values: [], columnCount: 7 + features.featureCount)
    for row in 0..<20 {
      appended.columns += matrix.columns[2 * row..<2 * row + 2]
      appended.values += matrix.values[2 * row..<2 * row + 2]
      appended.starts.append(appended.columns.count)
      features.append(row, of: values, after: 7, to: &appended)
    }
    for row in 0..<20 {
      let begin = appended.starts[row]
      #expect(appended.columns[begin..<begin + 2] == matrix.columns[2 * row..<2 * row + 2])
      #expect(appended.values[begin..<begin + 2] == matrix.values[2 * row..<2 * row + 2])
      #expect(appended.columns[(begin + 2)..<appended.starts[row + 1]].allSatisfy { $0 >= 7 })
    }
  }
}
