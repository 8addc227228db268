/// Which n-grams of a text become features and how they are weighted.
public struct FeatureConfiguration: Sendable, Equatable {
  /// Words in a row that form a feature: from 1 word to this many, 1...3.
  public var longestWordGram: Int

  /// The shortest n-gram of characters, at least 1.
  public var shortestCharacterGram: Int

  /// The longest n-gram of characters, at most 8; 0 leaves character n-grams out.
  public var longestCharacterGram: Int

  /// The weight of the character n-grams against the words, 0 or more: each block of a text's
  /// features has unit length first, and this scales the second.
  public var characterWeight: Double

  /// The number of texts in which a feature must occur, at least 1.
  public var minimumDocumentFrequency: Int

  /// Each of the two blocks has 2 to the power of this many buckets, 8...22.
  public var bucketBits: Int

  /// Creates a configuration; `docs/end-model-features.md` tells how the defaults were chosen.
  public init(
    longestWordGram: Int = 2, shortestCharacterGram: Int = 4, longestCharacterGram: Int = 5,
    characterWeight: Double = 1, minimumDocumentFrequency: Int = 2, bucketBits: Int = 20
  ) {
    self.longestWordGram = longestWordGram
    self.shortestCharacterGram = shortestCharacterGram
    self.longestCharacterGram = longestCharacterGram
    self.characterWeight = characterWeight
    self.minimumDocumentFrequency = minimumDocumentFrequency
    self.bucketBits = bucketBits
  }

  /// The name of the first value outside its range, or nil.
  var violation: String? {
    if !(1...3 ~= longestWordGram) { return "longestWordGram" }
    if !(1...8 ~= shortestCharacterGram) { return "shortestCharacterGram" }
    if !(0...8 ~= longestCharacterGram) { return "longestCharacterGram" }
    if !(characterWeight >= 0 && characterWeight <= 1e6) { return "characterWeight" }
    if !(1...Int(Int32.max) ~= minimumDocumentFrequency) { return "minimumDocumentFrequency" }
    if !(8...22 ~= bucketBits) { return "bucketBits" }
    return nil
  }
}
