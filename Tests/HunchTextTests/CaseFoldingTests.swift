import HunchText
import TestSupport
import Testing

@Suite struct CaseFoldingTests {
  /// Texts of every mixture of ASCII and other letters, also of such as change their length.
  private static let alphabets: [[String]] = [
    ["a", "Z", "@", "[", "`", "{", "\u{7F}", "\0"], ["A", "é", "É", "Я", "中"],
    ["A", "ſ", "\u{212A}", "ẞ", "ß", "İ", "ı"], ["Ⱥ", "ⱥ", "Ɐ", "ɐ", "Ꞗ"],
    ["𐐀", "𐐨", "👍", "z", "Z"],
  ]

  @Test(arguments: 1...30)
  func foldsScalarByScalar(_ seed: Int) {
    var random = SplitMix64(seed: seed)
    let texts = (0..<40).map { _ in
      let alphabet = random.pick(Self.alphabets)
      let run = String(repeating: "Q", count: random.below(3) == 0 ? random.below(70) : 0)
      return (0..<random.below(40)).map { _ in random.pick(alphabet) }.joined() + run
        + (random.below(2) == 0 ? random.pick(alphabet) : "")
    }
    let expected = texts.map { text in
      text.unicodeScalars.map { Unicode.Scalar(CharacterTable.fold($0.value)) ?? $0 }
    }
    let folded = CaseFolding.foldedWithShifts(TextBatch(texts))
    #expect(folded.texts.count == texts.count)
    for (document, scalars) in expected.enumerated() {
      let text = String(String.UnicodeScalarView(scalars))
      #expect(folded.texts.bytes[folded.texts.range(at: document)].elementsEqual(text.utf8))
    }
    let shifted = texts.indices.filter { document in
      zip(texts[document].unicodeScalars, expected[document]).contains {
        UTF8.width($0) != UTF8.width($1)
      }
    }
    #expect(folded.shifted == shifted)
  }

  @Test func foldsEveryScalarAlone() {
    let scalars = (UInt32(0)..<0x110000).compactMap(Unicode.Scalar.init)
    let folded = CaseFolding.foldedWithShifts(TextBatch(scalars.map { String($0) }))
    var shifted: [Int] = []
    for (document, scalar) in scalars.enumerated() {
      let (value, next) = UTF8Decoding.scalar(
        in: folded.texts.bytes, at: folded.texts.range(at: document).lowerBound)
      guard value == CharacterTable.fold(scalar.value), next == folded.texts.offsets[document + 1]
      else {
        Issue.record("U+\(String(scalar.value, radix: 16))")
        continue
      }
      if folded.texts.range(at: document).count != UTF8.width(scalar) { shifted.append(document) }
    }
    #expect(folded.shifted == shifted)
    #expect(shifted.count > 10)
  }

  /// One wrong byte at every place of a long text, so that the search for the end of the ASCII run
  /// stops in every phase of its steps.
  @Test func findsWhatIsNotValidBehindRunsOfASCII() {
    for length in 0..<130 {
      for wrong in 0..<length {
        for byte: UInt8 in [0x80, 0xFF] {
          var bytes = [UInt8](repeating: 0x41, count: length)
          bytes[wrong] = byte
          var batch = TextBatch(["before"])
          let wasValid = batch.append(repairing: bytes)
          let expected =
            String(repeating: "A", count: wrong) + "\u{FFFD}"
            + String(repeating: "A", count: length - wrong - 1)
          guard !wasValid, batch == TextBatch(["before", expected]) else {
            Issue.record("byte \(byte) at \(wrong) of \(length)")
            continue
          }
        }
      }
      let text = String(repeating: "A", count: length) + "é" + String(repeating: "A", count: 40)
      var batch = TextBatch(["before"])
      let wasValid = batch.append(repairing: Array(text.utf8))
      #expect(wasValid && batch == TextBatch(["before", text]))
    }
  }
}
