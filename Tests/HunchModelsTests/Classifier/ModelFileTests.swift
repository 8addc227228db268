import HunchModels
import HunchText
import TestSupport
import Testing

struct ModelFileTests {
  /// A model of a few kilobytes.
  static func small() throws -> TextClassifier {
    try SmallCorpus.trainer(
      30,
      configuration: .init(
        features: .init(longestCharacterGram: 0, minimumDocumentFrequency: 4, bucketBits: 8),
        maximumEvaluations: 20)
    ).train()
  }

  @Test func roundTrip() throws {
    let classifier = try SmallCorpus.trainer().train()
    let bytes = classifier.encoded()
    let copy = try TextClassifier(decoding: bytes)
    #expect(copy.labels == classifier.labels)
    #expect(copy.configuration == classifier.configuration)
    #expect(copy.summary == classifier.summary)
    #expect(copy.encoded() == bytes)
    let (texts, _) = SmallCorpus.texts(50, seed: 6)
    let batch = TextBatch(texts)
    #expect(copy.probabilities(batch) == classifier.probabilities(batch))
    #expect(copy.explain(texts[0], top: 5) == classifier.explain(texts[0], top: 5))
  }

  @Test func everyDamagedByteIsFound() throws {
    let bytes = try Self.small().encoded()
    #expect(bytes.count < 6000)
    for index in bytes.indices {
      for change: UInt8 in [1, 0x80, 0xFF] {
        var damaged = bytes
        damaged[index] ^= change
        #expect(throws: ModelFileError.self) { try TextClassifier(decoding: damaged) }
      }
    }
  }

  @Test func everyTruncationIsFound() throws {
    let bytes = try Self.small().encoded()
    for length in bytes.indices {
      #expect(throws: ModelFileError.self) {
        try TextClassifier(decoding: Array(bytes.prefix(length)))
      }
    }
    #expect(throws: ModelFileError.wrongLength(expected: bytes.count, found: bytes.count + 1)) {
      try TextClassifier(decoding: bytes + [0])
    }
    #expect(throws: ModelFileError.wrongLength(expected: 24, found: 3)) {
      try TextClassifier(decoding: Array(bytes.prefix(3)))
    }
  }

  @Test func namesWhatIsWrong() throws {
    let bytes = try Self.small().encoded()
    #expect(throws: ModelFileError.notAModel) { try TextClassifier(decoding: []) }
    #expect(throws: ModelFileError.notAModel) {
      try TextClassifier(decoding: Array("SQLite format 3".utf8))
    }
    var newer = bytes
    newer[8] = 2
    #expect(throws: ModelFileError.newerVersion(found: 2, supported: 1)) {
      try TextClassifier(decoding: newer)
    }
    var damaged = bytes
    damaged[bytes.count / 2] ^= 4
    #expect(throws: ModelFileError.checksumMismatch) { try TextClassifier(decoding: damaged) }
    for error: ModelFileError in [
      .notAModel, .newerVersion(found: 2, supported: 1), .wrongLength(expected: 2, found: 1),
      .checksumMismatch, .invalidContent("x"),
    ] {
      #expect(!error.description.isEmpty)
    }
  }

  /// Content that lies, under a checksum that fits.
  @Test func invalidContentIsAnErrorEvenWithARightChecksum() throws {
    let bytes = try Self.small().encoded()
    var random = SplitMix64(seed: 3)
    var rejected = 0
    for _ in 0..<3000 {
      var damaged = bytes
      for _ in 0..<1 + random.below(3) {
        damaged[20 + random.below(min(220, bytes.count - 24))] = UInt8(random.below(256))
      }
      damaged.removeLast(4)
      let checksum = CRC32.checksum(damaged[...])
      for shift in [0, 8, 16, 24] {
        damaged.append(UInt8(truncatingIfNeeded: checksum >> UInt32(shift)))
      }
      do {
        let classifier = try TextClassifier(decoding: damaged)
        let probabilities = classifier.probabilities(TextBatch(["winner of the prize"]))
        #expect(probabilities.count == classifier.labels.count)
      } catch {
        rejected += 1
      }
    }
    #expect(rejected > 0)
  }

  @Test func checksumEqualsThePublishedCheckValue() {
    #expect(CRC32.checksum(Array("123456789".utf8)[...]) == 0xCBF4_3926)
    #expect(CRC32.checksum([]) == 0)
  }
}
