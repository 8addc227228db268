import HunchText

/// What one n-gram of a text contributes to each class.
public struct FeatureContribution: Sendable, Equatable {
  /// The kind of an n-gram.
  public enum Kind: String, Sendable {
    /// One word or two in a row.
    case word
    /// Characters in a row inside a word; a space stands for the beginning or end of the word.
    case characters
  }

  /// The n-gram as folded text. If several n-grams of the text share a bucket, the first of them.
  public let text: String

  /// The other n-grams of the text that share its bucket, and so its weight, in the order of the
  /// text; each once.
  public internal(set) var sharesWith: [String] = []

  /// Whether it is words or characters.
  public let kind: Kind

  /// What it adds to the score of each class, less the mean over the classes; the scores' softmax
  /// is the probabilities.
  public let contributions: [Float]
}

extension TextClassifier {
  /// The n-grams of a text that move its probabilities most.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - top: How many n-grams at most.
  /// - Returns: The contributions, by their largest absolute value over the classes, largest
  ///   first; ties by position in the text.
  /// - Complexity: O(f log f) for f n-grams; one that shares its bucket is compared with those there.
  public func explain(_ text: String, top: Int) -> [FeatureContribution] {
    let batch = TextBatch([text])
    let hasher = featurizer.hasher
    var rows = HashedRows()
    rows.append(batch, hasher)
    let matrix = featurizer.matrix(rows)
    let folded = CaseFolding.folded(batch)
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
    let strength = found.map { $0.contributions.reduce(0) { max($0, abs($1)) } }
    let order = found.indices.sorted { (strength[$1], $0) < (strength[$0], $1) }
    return order.prefix(max(0, top)).map { found[$0] }
  }

  private func contributions(_ column: Int32, _ value: Float) -> [Float] {
    let begin = Int(column) * labels.count
    let added = weights[begin..<begin + labels.count].map { $0 * value }
    let mean = added.reduce(0, +) / Float(labels.count)
    return added.map { $0 - mean }
  }

  private static func text(
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
