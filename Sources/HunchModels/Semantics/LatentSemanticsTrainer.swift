/// Learns ``LatentSemantics`` from texts.
///
/// Of many texts those with the smallest ranks are taken, so that neither their order nor how they
/// come in makes a difference, and time and memory do not grow with the corpus.
package struct LatentSemanticsTrainer: Sendable {
  /// The most texts that are taken.
  package static let mostTexts = 20_000

  /// The most words and pairs of words of all texts, each once for a text: 10,000 texts of 200 words.
  package static let mostFeatures = 4 << 20

  /// The most words and pairs of words that count: the most frequent ones.
  static let mostColumns = 20_000

  /// What hashes texts.
  package let hasher = FeatureHasher(FeatureConfiguration())

  /// The words of the texts that are chosen.
  private var rows = HashedRows()
  private var chosen: SmallestRanks

  /// Creates a trainer without texts.
  ///
  /// - Parameters:
  ///   - limit: The most texts that are taken.
  ///   - featureLimit: The most words and pairs of words of these.
  package init(
    limit: Int = LatentSemanticsTrainer.mostTexts,
    featureLimit: Int = LatentSemanticsTrainer.mostFeatures
  ) {
    chosen = SmallestRanks(limit: limit, sizeLimit: featureLimit)
  }

  /// Texts of a greater rank are left out.
  package var greatestRank: UInt64 { chosen.greatest }

  /// Adds texts.
  ///
  /// - Parameters:
  ///   - texts: As ``hasher`` hashes them.
  ///   - ranks: One for each; hashes of what names the text.
  /// - Complexity: O(features).
  package mutating func add(_ texts: HashedRows, ranks: [UInt64]) {
    precondition(texts.count == ranks.count, "there is a rank for each text")
    for (text, rank) in ranks.enumerated() where rank <= greatestRank {
      let row = texts.packed[texts.starts[text]..<texts.starts[text + 1]]
      // Those of words come first.
      let words = row.prefix {
        hasher.kind(ofBucket: Int($0 >> FeatureHasher.countBits)) == .word
      }
      rows.append(words)
      chosen.append(rank, size: words.count)
      if chosen.isFull { rows = rows.picked(chosen.cut()) }
    }
  }

  /// Learns from the texts; the same bits for any number of threads.
  ///
  /// - Complexity: O(words × dimensions + (texts + columns) × dimensions²).
  package mutating func finish(parallel: Parallelism = .serial) -> LatentSemantics {
    rows = rows.picked(chosen.cut())
    var frequencies = [Int32](repeating: 0, count: hasher.bucketCount)
    for feature in rows.packed { frequencies[Int(feature >> FeatureHasher.countBits)] += 1 }
    let ordered = frequencies.filter { $0 > 1 }.sorted(by: >)
    if ordered.count > Self.mostColumns {
      // Those that are as frequent as the last stay out together.
      let least = ordered[Self.mostColumns]
      for bucket in frequencies.indices where frequencies[bucket] <= least {
        frequencies[bucket] = 0
      }
    }
    guard
      let featurizer = Featurizer(
        hasher: hasher, documentFrequencies: frequencies, documents: rows.count)
    else { preconditionFailure("the default configuration is valid") }
    let (basis, dimensions) = SingularVectors.right(
      of: featurizer.matrix(rows), most: LatentSemantics.mostDimensions, parallel: parallel)
    guard
      let semantics = LatentSemantics(featurizer: featurizer, dimensions: dimensions, basis: basis)
    else { preconditionFailure("singular vectors have unit length") }
    return semantics
  }
}
