/// Vectors of texts that lie near each other where texts are about the same, learned from the corpus
/// itself.
///
/// Latent semantic analysis (Deerwester et al., "Indexing by Latent Semantic Analysis", 1990): the
/// TF-IDF of words and pairs of words over some thousand texts is a matrix, whose strongest right
/// singular vectors are directions in which words occur together. A text's vector has its TF-IDF
/// along each of them, and unit length. So two texts without a common word are alike where their
/// words meet in others, and what functions say of one text tells something of another.
///
/// No label and no vote has a part in it.
package struct LatentSemantics: Sendable, Equatable {
  /// The most numbers of a vector.
  package static let mostDimensions = 150

  /// What a word's TF-IDF is computed by; characters have no columns.
  let featurizer: Featurizer

  /// The numbers of a vector; 0 where the texts had nothing in common.
  package let dimensions: Int

  /// The singular vectors: columns of the featurizer × dimensions, the strongest first.
  let basis: [Float]

  package static func == (one: LatentSemantics, other: LatentSemantics) -> Bool {
    one.featurizer.buckets == other.featurizer.buckets && one.featurizer.idf == other.featurizer.idf
      && one.basis == other.basis
  }

  /// What hashes texts.
  package var hasher: FeatureHasher { featurizer.hasher }

  /// Takes stored tables; nil where they do not fit together.
  init?(featurizer: Featurizer, dimensions: Int, basis: [Float]) {
    guard 0...Self.mostDimensions ~= dimensions,
      basis.count == featurizer.buckets.count * dimensions,
      basis.allSatisfy({ abs($0) <= 2 })
    else { return nil }
    (self.featurizer, self.dimensions, self.basis) = (featurizer, dimensions, basis)
  }

  /// The vectors of some texts, texts × ``dimensions``; zeros for one without a known word.
  ///
  /// - Parameter texts: As ``hasher`` hashes them.
  /// - Complexity: O(words × dimensions).
  package func vectors(_ texts: HashedRows) -> [Float] {
    var vectors = DenseRows.product(
      featurizer.matrix(texts), basis, width: dimensions, parallel: .serial)
    for text in 0..<texts.count {
      let range = text * dimensions..<(text + 1) * dimensions
      let square = vectors[range].reduce(0 as Float) { $0 + $1 * $1 }
      guard square > 0 else { continue }
      let scale = 1 / square.squareRoot()
      for index in range { vectors[index] *= scale }
    }
    return vectors
  }
}

extension LatentSemantics {
  /// All of it as bytes, the same on every machine.
  package func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(UInt64(featurizer.buckets.count))
    writer.write(UInt64(dimensions))
    writer.reserve(featurizer.buckets.count * (8 + 4 * dimensions))
    for bucket in featurizer.buckets { writer.write(bucket) }
    writer.write(featurizer.idf)
    writer.write(basis)
    return writer.bytes
  }

  /// Reads what ``encoded()`` wrote.
  ///
  /// - Throws: ``ModelFileError`` for anything else.
  package init(decoding bytes: [UInt8]) throws(ModelFileError) {
    var reader = ByteReader(bytes[...])
    let columns = try reader.count(elementSize: 8)
    let dimensions = try reader.count()
    guard dimensions <= Self.mostDimensions, reader.remaining == columns * (8 + 4 * dimensions)
    else { throw .invalidContent("its tables do not fit together") }
    var buckets: [UInt32] = []
    buckets.reserveCapacity(columns)
    for _ in 0..<columns { buckets.append(try reader.integer()) }
    let idf = try reader.floats(columns)
    let basis = try reader.floats(columns * dimensions)
    guard
      let featurizer = Featurizer(
        configuration: FeatureConfiguration(), buckets: buckets, idf: idf),
      let semantics = LatentSemantics(featurizer: featurizer, dimensions: dimensions, basis: basis)
    else { throw .invalidContent("its tables do not fit together") }
    self = semantics
  }
}
