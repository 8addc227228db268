import HunchText
import TestSupport
import Testing

extension SplitMix64 {
  /// A text of random scalars from all planes, or from a few that matter.
  mutating func text(length: Int) -> String {
    let notable: [Unicode.Scalar] = [
      "a", "Z", "_", "9", " ", ".", "é", "\u{301}", "\u{323}", "ẹ", "Я", "İ", "ı", "ß", "ẞ", "ς",
      "\u{212A}", "ſ", "中", "の", "ก", "ค", "👍", "\u{1F3FD}", "\u{200D}", "한", "𐐀", "\u{10FFFF}",
      "\u{0}", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}", "²", "Ⅷ", "ⓐ",
    ]
    var text = String.UnicodeScalarView()
    for _ in 0..<length {
      let value = UInt32.random(in: 0..<0x110000, using: &self)
      let isNotable = Bool.random(using: &self)
      let other = notable[Int.random(in: 0..<notable.count, using: &self)]
      text.append(isNotable ? other : Unicode.Scalar(value) ?? other)
    }
    return String(text)
  }
}

@Suite struct TextBatchTests {
  @Test func keepsDocuments() {
    let texts = ["first", "", "Ẹ kú àárọ̀", "👍🏽\0x"]
    var batch = TextBatch(texts)
    #expect(batch.count == 4)
    #expect(batch.offsets.count == 5)
    #expect(texts.indices.map(batch.text(at:)) == texts)
    #expect(batch.range(at: 1) == 5..<5)
    #expect(batch == TextBatch(texts))
    batch.removeAll()
    #expect(batch == TextBatch())
    batch.append("again")
    #expect(batch.text(at: 0) == "again")
    #expect(TextBatch().count == 0)
  }

  @Test(arguments: 1...20)
  func acceptsValidBytesAsTheyAre(_ seed: Int) {
    var random = SplitMix64(seed: seed)
    for length in 0..<30 {
      let text = random.text(length: length)
      var batch = TextBatch(["before"])
      let wasValid = batch.append(repairing: Array(text.utf8))
      #expect(wasValid)
      #expect(batch == TextBatch(["before", text]))
    }
  }

  /// Random bytes, most of them the beginnings of scalars, against the standard library.
  @Test(arguments: 1...20)
  func repairsLikeTheStandardLibrary(_ seed: Int) {
    var random = SplitMix64(seed: seed)
    let bytes: [UInt8] = [
      0x41, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
      0xEE,
      0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]
    for _ in 0..<500 {
      let length = Int.random(in: 0...8, using: &random)
      let sample = (0..<length).map { _ in bytes[Int.random(in: 0..<bytes.count, using: &random)] }
      let decoded = String(decoding: sample, as: UTF8.self)
      var batch = TextBatch(["before"])
      let wasValid = batch.append(repairing: sample)
      #expect(wasValid == (String(validating: sample, as: UTF8.self) != nil), "\(sample)")
      #expect(batch == TextBatch(["before", decoded]), "\(sample)")
      var other = TextBatch(["before"])
      let otherWasValid = sample.withUnsafeBytes { other.append(repairing: $0) }
      #expect(otherWasValid == wasValid)
      #expect(other == batch)
    }
  }

  @Test func replacesEachMaximalPartOnce() {
    // The examples of tables 3-8 to 3-11 of the Unicode standard, version 15.
    let cases: [([UInt8], String)] = [
      ([0xC0, 0xAF, 0xE0, 0x80, 0xBF, 0xF0, 0x81, 0x82, 0x41], "????????A"),
      ([0xED, 0xA0, 0x80, 0xED, 0xBF, 0xBF, 0xED, 0xAF, 0x41], "????????A"),
      ([0xF4, 0x91, 0x92, 0x93, 0xFF, 0x41, 0x80, 0xBF, 0x42], "?????A??B"),
      ([0xE1, 0x80, 0xE2, 0xF0, 0x91, 0x92, 0xF1, 0xBF, 0x41], "????A"),
    ]
    for (bytes, expected) in cases {
      var batch = TextBatch()
      let wasValid = batch.append(repairing: bytes)
      #expect(!wasValid)
      #expect(batch.text(at: 0).replacing("\u{FFFD}", with: "?") == expected)
    }
  }
}

@Suite struct UTF8DecodingTests {
  @Test func readsAndWritesEveryScalar() {
    for value in UInt32(0)..<0x110000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      var bytes: [UInt8] = [0x41]
      UTF8Decoding.encode(value, into: &bytes)
      bytes.append(0x42)
      let (decoded, next) = UTF8Decoding.scalar(in: bytes, at: 1)
      let before = UTF8Decoding.scalar(in: bytes, before: bytes.count - 1)
      guard bytes.count == 2 + UTF8.width(scalar), decoded == value, before == value,
        next == bytes.count - 1
      else {
        Issue.record("U+\(String(value, radix: 16))")
        continue
      }
    }
    #expect(UTF8Decoding.scalar(in: Array("né".utf8), before: 1) == 0x6E)
  }
}
