package import HunchText

/// Turns composed and folded texts into counts of hashed n-grams.
///
/// Words are those of ``HunchText/WordTable``; a word feature is one word, or two or three in a
/// row. A character feature is a run of scalars inside one word with a space at either end, so that
/// beginnings and endings of words differ from their middles. Features are buckets of a 64-bit
/// hash: memory is bounded and there is no vocabulary. Words and characters have their own buckets.
package struct FeatureHasher: Sendable {
  /// The kind of an n-gram.
  package enum Kind: UInt8, Sendable {
    case word = 0
    case characters = 1
  }

  /// An n-gram where it stands, so that it can be shown.
  package struct Gram: Sendable {
    package var kind: Kind
    /// The index in the word table of the (first) word.
    package var word: Int
    /// The number of words, or of characters.
    package var length: Int
    /// For characters: the position in the word with a space at either end.
    package var offset: Int
  }

  /// The low bits of a packed feature hold its number of occurrences in the text.
  static let countBits: UInt32 = 9
  static let largestCount: UInt32 = 1 << countBits - 1

  package let configuration: FeatureConfiguration
  private let bucketShift: UInt64

  package init(_ configuration: FeatureConfiguration) {
    self.configuration = configuration
    bucketShift = UInt64(64 - configuration.bucketBits)
  }

  /// Texts as n-grams are taken from them: neither case nor the way in which accented letters are
  /// written makes a difference.
  package static func folded(_ batch: TextBatch) -> TextBatch {
    CaseFolding.folded(Composition.composed(batch))
  }

  /// The same in the memory of another batch.
  static func fold(_ batch: TextBatch, into folded: inout TextBatch) {
    CaseFolding.fold(Composition.composed(batch), into: &folded)
  }

  /// The number of buckets of both blocks; those of words come first.
  package var bucketCount: Int { 2 << configuration.bucketBits }

  /// The block that a bucket belongs to.
  package func kind(ofBucket bucket: Int) -> Kind {
    bucket >> configuration.bucketBits == 0 ? .word : .characters
  }

  /// Calls `body` with the bucket of each n-gram of a document, repeated ones included.
  @inline(__always)
  package func forEachGram(
    in folded: TextBatch, words: WordTable, document: Int, scratch: inout [UInt32],
    _ body: (_ bucket: Int, _ gram: Gram) -> Void
  ) {
    var (previous, beforeThat): (UInt64, UInt64) = (0, 0)
    let range = words.words(of: document)
    for word in range {
      let bytes = Int(words.starts[word])..<Int(words.ends[word])
      let hash = wordHash(folded.bytes, bytes)
      body(bucket(hash, .word), Gram(kind: .word, word: word, length: 1, offset: 0))
      if configuration.longestWordGram > 1, word > range.lowerBound {
        let pair = Self.step(Self.step(0x51ED_270B, previous), hash)
        body(bucket(pair, .word), Gram(kind: .word, word: word - 1, length: 2, offset: 0))
      }
      if configuration.longestWordGram > 2, word > range.lowerBound + 1 {
        let triple = Self.step(Self.step(Self.step(0x1B87_3593, beforeThat), previous), hash)
        body(bucket(triple, .word), Gram(kind: .word, word: word - 2, length: 3, offset: 0))
      }
      (previous, beforeThat) = (hash, previous)
      forEachCharacterGram(folded.bytes, bytes, word: word, scratch: &scratch, body)
    }
  }

  @inline(__always)
  private func forEachCharacterGram(
    _ bytes: [UInt8], _ range: Range<Int>, word: Int, scratch: inout [UInt32],
    _ body: (_ bucket: Int, _ gram: Gram) -> Void
  ) {
    let longest = configuration.longestCharacterGram
    guard longest > 0 else { return }
    Self.padded(bytes, range, into: &scratch)
    for start in scratch.indices {
      var hash: UInt64 = 0x2545_F491
      let end = min(scratch.count, start + longest)
      for index in start..<end {
        hash = Self.step(hash, UInt64(scratch[index]))
        let length = index - start + 1
        if length >= configuration.shortestCharacterGram {
          body(
            bucket(hash, .characters),
            Gram(kind: .characters, word: word, length: length, offset: start))
        }
      }
    }
  }

  /// The scalars of a word with a space at either end.
  package static func padded(
    _ bytes: [UInt8], _ range: Range<Int>, into scratch: inout [UInt32]
  ) {
    scratch.removeAll(keepingCapacity: true)
    scratch.append(0x20)
    var index = range.lowerBound
    while index < range.upperBound {
      let (scalar, next) = UTF8Decoding.scalar(in: bytes, at: index)
      scratch.append(scalar)
      index = next
    }
    scratch.append(0x20)
  }

  private func wordHash(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9
    for index in range { hash = Self.step(hash, UInt64(bytes[index])) }
    return hash
  }

  /// One step of a multiplicative hash; the shift carries high bits back to the low ones.
  @inline(__always)
  private static func step(_ hash: UInt64, _ symbol: UInt64) -> UInt64 {
    let product = (hash ^ symbol) &* 0x9FB2_1C65_1E98_DF25
    return product ^ (product >> 32)
  }

  @inline(__always)
  private func bucket(_ hash: UInt64, _ kind: Kind) -> Int {
    let mixed = (hash ^ hash >> 29) &* 0xBF58_476D_1CE4_E5B9
    return Int(kind.rawValue) << configuration.bucketBits | Int(mixed >> bucketShift)
  }
}
