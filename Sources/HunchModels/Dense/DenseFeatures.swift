/// The fitted part of a classifier that looks at columns and embeddings, beside the n-grams.
///
/// What a document has becomes further columns of its sparse row:
///
/// - A number lies between two knots, quantiles of the training documents, and weighs on both by its
///   distance (linear B-splines). So any curve with a few bends can be learned, outliers and skew do
///   not matter, and no unit or logarithm has to be chosen. A missing number has a feature of its own.
/// - A category that occurs in two training documents or more has a feature; others share one, and
///   a missing one has its own.
/// - An embedding is centred on the mean of the training documents and divided by their
///   root-mean-square distance from it; a missing one is the mean.
///
/// The first two are scaled so that a document's row of them has at most unit length, times
/// ``columnWeight``; embeddings have unit length on average, times ``embeddingWeight``. N-grams
/// are untouched by that, and have unit length. A weight of s is a penalty 1 / s² times that of the
/// n-grams; `docs/end-model-features.md` tells how they were chosen.
package struct DenseFeatures: Sendable, Equatable {
  /// The length of a document's numbers and categories beside that of its n-grams.
  package static let columnWeight: Float = 0.35
  /// The length of its embedding.
  package static let embeddingWeight: Float = 0.5
  /// The most intervals between the knots of a numeric column.
  static let intervals = 8
  /// The greatest feature of an embedding, whose training documents have one of about
  /// ``embeddingWeight``: what is farther off counts as so far.
  static let farthest: Float = 1000
  /// The documents in which a category must occur.
  static let leastDocuments = 2

  package let columns: DenseColumns
  /// For each numeric column its knots, ascending; empty if no training document had a number.
  package let knots: [[Double]]
  /// For each categorical column the values with a feature, by falling frequency.
  package let categories: [[String]]
  /// The mean embedding; empty without.
  package let center: [Float]
  /// What centred embeddings are multiplied by.
  package let scale: Float

  private let placeOfCategory: [CategoryPlaces]

  /// Takes stored tables; nil where they do not fit together.
  package init?(
    columns: DenseColumns, knots: [[Double]], categories: [[String]], center: [Float],
    scale: Float
  ) {
    let isAscending = knots.allSatisfy { knots in
      knots.allSatisfy(\.isFinite) && zip(knots, knots.dropFirst()).allSatisfy { $0 < $1 }
    }
    guard knots.count == columns.numeric.count, categories.count == columns.categorical.count,
      Set(columns.numeric).count == columns.numeric.count,
      Set(columns.categorical).count == columns.categorical.count,
      isAscending, categories.allSatisfy({ Set($0).count == $0.count }),
      center.allSatisfy(\.isFinite), scale.isFinite, scale >= 0
    else { return nil }
    self.columns = columns
    self.knots = knots
    self.categories = categories
    self.center = center
    self.scale = scale
    placeOfCategory = categories.map(CategoryPlaces.init)
  }

  /// Learns knots, categories and the scale of embeddings from training documents.
  ///
  /// - Complexity: O(documents × (columns × log documents + length of embeddings)).
  package init(_ values: DenseValues) {
    let columns = values.columns
    self.columns = columns
    (center, scale) = Self.center(values)
    knots = columns.numeric.indices.map { column in
      Self.knots(
        stride(from: column, to: values.numbers.count, by: columns.numeric.count)
          .map { values.numbers[$0] })
    }
    categories = columns.categorical.indices.map { column in
      Self.categories(
        stride(from: column, to: values.categories.count, by: columns.categorical.count)
          .map { values.categories[$0] })
    }
    placeOfCategory = categories.map(CategoryPlaces.init)
  }

  /// The quantiles of the numbers that are there, each once.
  private static func knots(_ numbers: [Double]) -> [Double] {
    let sorted = numbers.filter { !$0.isNaN }.sorted()
    guard let last = sorted.last else { return [] }
    var knots: [Double] = []
    for part in 0...intervals {
      // Zero has two spellings.
      let value = part == intervals ? last : sorted[part * (sorted.count - 1) / intervals]
      if knots.last.map({ $0 < value }) ?? true { knots.append(value == 0 ? 0 : value) }
    }
    return knots
  }

  private static func categories(_ values: [String?]) -> [String] {
    var counts: [String: Int] = [:]
    for case let value? in values { counts[value, default: 0] += 1 }
    return counts.filter { $0.value >= leastDocuments }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
  }

  /// The mean of the embeddings, and what makes their mean squared distance from it that of
  /// ``embeddingWeight``.
  private static func center(_ values: DenseValues) -> ([Float], Float) {
    guard let length = values.embeddingLength, length > 0 else { return ([], 0) }
    let count = Double(values.embeddings.count / length)
    var sums = [Double](repeating: 0, count: length)
    for (index, value) in values.embeddings.enumerated() { sums[index % length] += Double(value) }
    let center = sums.map { Float($0 / count) }
    var squares = 0.0
    for (index, value) in values.embeddings.enumerated() {
      let difference = Double(value) - Double(center[index % length])
      squares += difference * difference
    }
    let scale = squares > 0 ? Float(1 / (squares / count).squareRoot()) : 0
    return (center, scale.isFinite ? scale * embeddingWeight : 0)
  }

  // MARK: - Features

  package var featureCount: Int {
    knots.reduce(0) { $0 + $1.count + 1 } + categories.reduce(0) { $0 + $1.count + 2 }
      + center.count
  }

  /// The most features that a document has.
  static func entries(_ columns: DenseColumns, embeddingLength: Int) -> Int {
    2 * columns.numeric.count + columns.categorical.count + embeddingLength
  }

  /// What the features of a number or category are multiplied by.
  private var columnScale: Float {
    let count = knots.count + categories.count
    return Self.columnWeight / Float(max(1, count)).squareRoot()
  }

  /// Calls `body` with each feature of a document, numbered from 0: numbers, categories, embedding.
  @inline(__always)
  package func forEachFeature(
    of document: Int, in values: DenseValues, _ body: (_ feature: Int, _ value: Float) -> Void
  ) {
    let scale = columnScale
    var begin = 0
    for (number, knots) in zip(values.numbers(document), knots) {
      let (place, share) = Self.position(number, knots)
      if share < 1 { body(begin + place, (1 - share) * scale) }
      if share > 0 { body(begin + place + 1, share * scale) }
      begin += knots.count + 1
    }
    for (value, places) in zip(values.categories(document), placeOfCategory) {
      let place = value.map { places[$0] ?? places.count } ?? places.count + 1
      body(begin + place, scale)
      begin += places.count + 2
    }
    guard let embedding = values.embedding(document), embedding.count == center.count else {
      return
    }
    for (offset, value) in embedding.enumerated() {
      body(begin + offset, scaled(value, around: center[offset]))
    }
  }

  /// A number of an embedding as a feature.
  @inline(__always)
  private func scaled(_ value: Float, around center: Float) -> Float {
    let feature = (value - center) * scale
    return abs(feature) <= Self.farthest ? feature : bounded(value, around: center)
  }

  /// The same for numbers that are out of all proportion: their difference, or its product with the
  /// scale, may be no number of 32 bits.
  private func bounded(_ value: Float, around center: Float) -> Float {
    let feature = (Double(value) - Double(center)) * Double(scale)
    return Float(min(max(feature, -Double(Self.farthest)), Double(Self.farthest)))
  }

  /// The knot at or before a number and how far it is towards the next, 0..<1; for a missing number
  /// the feature behind the knots.
  private static func position(_ number: Double, _ knots: [Double]) -> (Int, Float) {
    guard !number.isNaN, let first = knots.first, let last = knots.last else {
      return (knots.count, 0)
    }
    if number <= first { return (0, 0) }
    if number >= last { return (knots.count - 1, 0) }
    let next = knots.firstIndex { $0 > number } ?? knots.count - 1
    let (low, high) = (knots[next - 1], knots[next])
    // Halves, since the distance of the largest numbers is not finite.
    return (next - 1, min(Float((number / 2 - low / 2) / (high / 2 - low / 2)), 1))
  }

  /// Adds the features of a document to the last row of a matrix.
  ///
  /// - Parameters:
  ///   - values: Those of documents; where they are nil, or of other columns, nothing is known.
  ///   - columns: The number of columns before them.
  /// - Complexity: O(features).
  package func append(
    _ document: Int, of values: DenseValues?, after columns: Int, to matrix: inout SparseRows
  ) {
    var (document, values) = (document, values)
    if values?.columns != self.columns {
      var missing = DenseValues(self.columns)
      missing.appendMissing()
      (document, values) = (0, missing)
    }
    guard let values else { return }
    forEachFeature(of: document, in: values) { feature, value in
      matrix.columns.append(Int32(truncatingIfNeeded: columns + feature))
      matrix.values.append(value)
    }
    matrix.starts[matrix.rowCount] = matrix.columns.count
  }

  // MARK: - For people

  /// The parts of a document that have features, in words, each with its features.
  func parts(
    of document: Int, in values: DenseValues
  ) -> [(text: String, kind: FeatureContribution.Kind, features: Range<Int>)] {
    var begin = 0
    var parts: [(text: String, kind: FeatureContribution.Kind, features: Range<Int>)] = []
    for (column, number) in values.numbers(document).enumerated() {
      let value = number.isNaN ? "missing" : Self.text(of: number)
      let end = begin + knots[column].count + 1
      parts.append(("\(columns.numeric[column]) = \(value)", .numeric, begin..<end))
      begin = end
    }
    for (column, value) in values.categories(document).enumerated() {
      let end = begin + categories[column].count + 2
      let isKnown = value.map { placeOfCategory[column][$0] != nil } ?? true
      parts.append(
        (
          "\(columns.categorical[column]) = \(value ?? "missing")\(isKnown ? "" : " (rare)")",
          .categorical, begin..<end
        ))
      begin = end
    }
    if values.embedding(document) != nil {
      parts.append(("embedding", .embedding, begin..<begin + center.count))
    }
    return parts
  }

  /// A whole number without a fraction.
  private static func text(of number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
