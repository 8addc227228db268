import Foundation
import HunchText
import TestSupport
import Testing

@Suite struct CompositionTests {
  private static let letters = [
    "a", "E", "ẹ", "é", "o", "ọ", "Ṣ", "n", "ń", "и", "й", "ё", "ǖ", "ấ", "α", "ά", "は", "ば", "中",
    " ",
    "x", "ø",
  ]
  private static let marks = [
    "\u{300}", "\u{301}", "\u{302}", "\u{304}", "\u{306}", "\u{307}", "\u{308}", "\u{30C}",
    "\u{31B}", "\u{323}", "\u{327}", "\u{328}", "\u{331}", "\u{3099}", "\u{309A}", "\u{345}",
  ]

  /// Foundation composes all that Unicode knows.
  @Test(arguments: 1...20)
  func agreesWithFoundation(_ seed: Int) {
    var random = SplitMix64(seed: seed)
    let texts = (0..<50).map { _ in
      (0..<random.below(12)).map { _ in
        random.pick(Self.letters)
          + (0..<random.below(4)).map { _ in random.pick(Self.marks) }.joined()
      }.joined()
    }
    let composed = Composition.composed(TextBatch(texts))
    for (index, text) in texts.enumerated() {
      let expected = text.precomposedStringWithCanonicalMapping
      #expect(
        composed.text(at: index).unicodeScalars.elementsEqual(expected.unicodeScalars),
        "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
    }
  }

  @Test func everyPairOfTheTable() throws {
    var texts: [String] = []
    for value in UInt32(0xC0)...0x30FF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      texts.append(String(Character(scalar)))
    }
    let decomposed = texts.map(\.decomposedStringWithCanonicalMapping)
    let composed = Composition.composed(TextBatch(decomposed))
    var changed = 0
    for index in texts.indices {
      let marks = decomposed[index].unicodeScalars.dropFirst().map(\.value)
      // Others are left as they are.
      let isCovered =
        !marks.isEmpty && marks.allSatisfy { 0x300...0x36F ~= $0 || 0x3099...0x309A ~= $0 }
      let expected =
        isCovered ? texts[index].precomposedStringWithCanonicalMapping : decomposed[index]
      #expect(composed.text(at: index).unicodeScalars.elementsEqual(expected.unicodeScalars))
      if isCovered { changed += 1 }
    }
    #expect(changed > 850)
  }

  @Test func whatHasNoMarksStays() {
    let texts = ["", "plain", "Žluťoučký kůň", "中文、カタカナ", "Ω é"]
    #expect(Composition.composed(TextBatch(texts)) == TextBatch(texts))
    #expect(
      Composition.composed(TextBatch(["\u{301}a", "a\u{301}\u{301}"])).text(at: 0) == "\u{301}a")
  }
}
