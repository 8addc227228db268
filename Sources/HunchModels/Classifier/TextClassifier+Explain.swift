import HunchText

extension TextClassifier {
  /// The n-grams of a text, and what the document brings beside, that move its probabilities most.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - values: What the document brings beside, one row; nil where nothing is known.
  ///   - top: How many at most.
  /// - Returns: The contributions, by their largest absolute value over the classes, largest
  ///   first; ties by position in the text.
  /// - Complexity: O(f log f) for f n-grams; one that shares its bucket is compared with those there.
  public func explain(
    _ text: String, values: DenseValues? = nil, top: Int
  ) -> [FeatureContribution] {
    let batch = TextBatch([text])
    let hasher = featurizer.hasher
    let matrix = featurizer.matrix(HashedRows(batch, hasher))
    let folded = FeatureHasher.folded(batch)
    let words = WordTable(folded)
    var entryOfBucket: [UInt32: Int] = [:]
    for (entry, column) in matrix.columns.enumerated() {
      entryOfBucket[featurizer.buckets[Int(column)]] = entry
    }
    var found: [FeatureContribution] = []
    var placeOfEntry = [Int?](repeating: nil, count: matrix.columns.count)
    var scratch: [UInt32] = []
    hasher.forEachGram(in: folded, words: words, document: 0, scratch: &scratch) { bucket, gram in
      guard let entry = entryOfBucket[UInt32(truncatingIfNeeded: bucket)] else { return }
      let text = Self.text(of: gram, folded, words)
      if let place = placeOfEntry[entry] {
        if found[place].text != text, !found[place].sharesWith.contains(text) {
          found[place].sharesWith.append(text)
        }
        return
      }
      placeOfEntry[entry] = found.count
      found.append(
        FeatureContribution(
          text: text, kind: gram.kind == .word ? .word : .characters,
          contributions: contributions(matrix.columns[entry], matrix.values[entry])))
    }
    if let dense, let values, values.columns == dense.columns {
      found += contributions(of: dense, values)
    }
    let strength = found.map { $0.contributions.reduce(0) { max($0, abs($1)) } }
    let order = found.indices.sorted { (strength[$1], $0) < (strength[$0], $1) }
    return order.prefix(max(0, top)).map { found[$0] }
  }

  /// What a document brings beside its text; features of one column or embedding are summed up.
  private func contributions(
    of dense: DenseFeatures, _ values: DenseValues
  ) -> [FeatureContribution] {
    var added = [Float](repeating: 0, count: dense.featureCount * labels.count)
    dense.forEachFeature(of: 0, in: values) { feature, value in
      let begin = (featurizer.buckets.count + feature) * labels.count
      for label in 0..<labels.count {
        added[feature * labels.count + label] = weights[begin + label] * value
      }
    }
    return dense.parts(of: 0, in: values).map { part in
      let sums = labels.indices.map { label in
        part.features.reduce(0) { $0 + added[$1 * labels.count + label] }
      }
      return FeatureContribution(
        text: part.text, kind: part.kind, contributions: Self.beyondMean(sums))
    }
  }

  private func contributions(_ column: Int32, _ value: Float) -> [Float] {
    let begin = Int(column) * labels.count
    return Self.beyondMean(weights[begin..<begin + labels.count].map { $0 * value })
  }

  private static func beyondMean(_ added: [Float]) -> [Float] {
    let mean = added.reduce(0, +) / Float(added.count)
    return added.map { $0 - mean }
  }

  /// The characters of an n-gram.
  static func text(
    of gram: FeatureHasher.Gram, _ folded: TextBatch, _ words: WordTable
  ) -> String {
    func word(_ index: Int) -> Range<Int> { Int(words.starts[index])..<Int(words.ends[index]) }
    switch gram.kind {
    case .word:
      return (gram.word..<gram.word + gram.length)
        .map { String(decoding: folded.bytes[word($0)], as: UTF8.self) }
        .joined(separator: " ")
    case .characters:
      var scalars: [UInt32] = []
      FeatureHasher.padded(folded.bytes, word(gram.word), into: &scalars)
      var bytes: [UInt8] = []
      for scalar in scalars[gram.offset..<gram.offset + gram.length] {
        UTF8Decoding.encode(scalar, into: &bytes)
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
