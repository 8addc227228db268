import Foundation
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

  static let provenance: ModelProvenance = {
    var provenance = ModelProvenance(
      corpus: "c0ffee",
      functions: [
        .init(name: "regex_prize", fingerprint: "f1"), .init(name: "Überfall", fingerprint: ""),
      ], labelModel: "text-informed", figures: [.init(name: "macro_f1", value: 0.93)])
    provenance.date = "2026-11-21"
    return provenance
  }()

  /// A classifier with everything that a file may have.
  static func complete(_ classifier: TextClassifier) -> TextClassifier {
    classifier.adjusted(
      by: ScoreAdjustment(classShift: [0.1, 0.2, -0.3], temperature: 0.7)
    ).taught(
      by: GoldLearning(documents: 4, logLossBefore: 0.5, logLossAfter: 0.25),
      weights: classifier.weights
    ).withProvenance(provenance)
  }

  @Test func roundTrip() throws {
    let classifier = Self.complete(try SmallCorpus.trainer().train())
    let bytes = classifier.encoded()
    let copy = try TextClassifier(decoding: bytes)
    #expect(copy.labels == classifier.labels)
    #expect(copy.configuration == classifier.configuration)
    #expect(copy.summary == classifier.summary)
    #expect(copy.adjustment == classifier.adjustment)
    #expect(copy.goldLearning == classifier.goldLearning && copy.goldLearning?.documents == 4)
    #expect(copy.provenance == Self.provenance)
    #expect(copy.encoded() == bytes)
    let (texts, _) = SmallCorpus.texts(50, seed: 6)
    let batch = TextBatch(texts)
    #expect(copy.probabilities(batch) == classifier.probabilities(batch))
    #expect(copy.explain(texts[0], top: 5) == classifier.explain(texts[0], top: 5))
  }

  /// A file that the first version of the format wrote.
  @Test func readsVersion1() throws {
    let file = Repository.root.appendingPathComponent("Tests/Fixtures/Models/version-1.hunchmodel")
    let classifier = try TextClassifier(decoding: [UInt8](Data(contentsOf: file)))
    #expect(classifier.labels == SmallCorpus.labels)
    #expect(classifier.adjustment == nil)
    #expect(classifier.provenance == nil)
    #expect(classifier.summary.features == 22)
    let probabilities = classifier.probabilities(TextBatch(["", "winner of the prize"]))
    let expected: [Float] = [
      0.5966354, 0.3477981, 0.055566505, 0.13418354, 0.76880926, 0.09700718,
    ]
    for (value, expected) in zip(probabilities, expected) { #expect(abs(value - expected) < 1e-6) }
  }

  /// Files that versions 2 (texts alone) and 3 (with a column) of the format had, from the program
  /// that wrote them. Then gold labels had a say in the adjustment.
  @Test(arguments: [2, 3]) func readsVersion(_ version: Int) throws {
    let file = Repository.root.appendingPathComponent(
      "Tests/Fixtures/Models/version-\(version).hunchmodel")
    let classifier = try TextClassifier(decoding: [UInt8](Data(contentsOf: file)))
    #expect(classifier.labels == SmallCorpus.labels)
    #expect(
      classifier.adjustment == ScoreAdjustment(classShift: [0.1, 0.2, -0.3], temperature: 0.7))
    #expect(
      classifier.goldLearning
        == (version == 2
          ? GoldLearning(documents: 4, logLossBefore: nil, logLossAfter: nil) : nil))
    #expect(classifier.provenance?.date == "2026-11-21")
    #expect(classifier.columns?.numeric == (version == 2 ? nil : ["length"]))
    let expected: [Float] =
      version == 2
      ? [0.45547846, 0.3603368, 0.18418473, 0.04173097, 0.9346357, 0.023633339]
      : [0.44887775, 0.36907887, 0.18204336, 0.04893036, 0.9232554, 0.027814245]
    let probabilities = classifier.probabilities(TextBatch(["", "claim the prize"]))
    for (value, expected) in zip(probabilities, expected) { #expect(abs(value - expected) < 1e-6) }
  }

  /// A file is written as the lowest version that holds it.
  @Test func writesTheLowestVersion() throws {
    let classifier = try Self.small()
    #expect(classifier.encoded()[8] == 2)
    #expect(Self.complete(classifier).encoded()[8] == 4)
  }

  @Test func everyDamagedByteIsFound() throws {
    let bytes = Self.complete(try Self.small()).encoded()
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
    let bytes = Self.complete(try Self.small()).encoded()
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
    newer[8] = 5
    #expect(throws: ModelFileError.newerVersion(found: 5, supported: 4)) {
      try TextClassifier(decoding: newer)
    }
    var damaged = bytes
    damaged[bytes.count / 2] ^= 4
    #expect(throws: ModelFileError.checksumMismatch) { try TextClassifier(decoding: damaged) }
    for error: ModelFileError in [
      .notAModel, .newerVersion(found: 5, supported: 4), .wrongLength(expected: 2, found: 1),
      .checksumMismatch, .invalidContent("x"),
    ] {
      #expect(!error.description.isEmpty)
    }
  }

  /// Content that lies, under a checksum that fits.
  @Test(arguments: [0, 1]) func invalidContentIsAnErrorEvenWithARightChecksum(
    end: Int
  ) throws {
    let bytes = Self.complete(try Self.small()).encoded()
    var random = SplitMix64(seed: 3)
    var rejected = 0
    for _ in 0..<3000 {
      var damaged = bytes
      for _ in 0..<1 + random.below(3) {
        let place = random.below(min(220, bytes.count - 24))
        damaged[end == 0 ? 20 + place : bytes.count - 5 - place] = UInt8(random.below(256))
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

  @Test(arguments: [Double.infinity, .nan]) func figuresAreNumbers(_ value: Double) throws {
    var provenance = Self.provenance
    provenance.figures[0].value = value
    let bytes = try Self.small().withProvenance(provenance).encoded()
    #expect(throws: ModelFileError.invalidContent("a figure is not finite")) {
      try TextClassifier(decoding: bytes)
    }
  }

  @Test func checksumEqualsThePublishedCheckValue() {
    #expect(CRC32.checksum(Array("123456789".utf8)[...]) == 0xCBF4_3926)
    #expect(CRC32.checksum([]) == 0)
  }
}
