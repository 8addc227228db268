import HunchLabeling
import HunchText
import TestSupport
import Testing

/// Literals whose edges must be free of ASCII word characters, which a dense table reports one byte
/// late, against a search that looks at every position.
@Suite struct WordEndingLiteralTests {
  private static func isWord(_ byte: UInt8?) -> Bool {
    guard let byte, byte < 0x80 else { return false }
    let scalar = Unicode.Scalar(byte)
    return scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  private static func naiveHits(_ literals: [RequiredLiteral], _ text: String) -> [LiteralHit] {
    let bytes = Array(text.foldedByScalar.utf8)
    var hits: [LiteralHit] = []
    for (index, literal) in literals.enumerated() {
      for start in bytes.indices where bytes[start...].starts(with: literal.text) {
        let end = start + literal.text.count
        let before = start > 0 ? bytes[start - 1] : nil
        let after = end < bytes.count ? bytes[end] : nil
        if literal.startsWord && isWord(before) || literal.endsWord && isWord(after) { continue }
        hits.append(LiteralHit(start: Int32(start), end: Int32(end), literal: Int32(index)))
      }
    }
    return hits.sorted()
  }

  @Test(
    arguments: [
      ["a"], ["a", "b"], ["a", "b", " "], ["a", "_", "-"], ["a", "é", "1"], ["a", "中", "."],
      ["s", "ſ", "k", "\u{212A}", "-"], ["a", "A", "\u{301}", "👍"],
    ], [1, 2, 3])
  func agreesWithNaiveSearch(_ alphabet: [String], _ seed: Int) {
    var random = SplitMix64(seed: seed)
    var found = 0
    for round in 0..<40 {
      let literals = (0..<(1 + random.below(12))).map { _ in
        RequiredLiteral(
          text: Array(random.text(of: alphabet, length: 1...4).foldedByScalar.utf8),
          startsWord: random.below(3) == 0, endsWord: random.below(2) == 0)
      }
      let texts = (0..<(round % 9)).map { _ in random.text(of: alphabet, length: 0...16) }
      let batch = TextBatch(texts)
      let folded = CaseFolding.folded(batch)
      let expected = texts.map { Self.naiveHits(literals, $0) }
      found += expected.reduce(0) { $0 + $1.count }
      for limits in [
        TableLimits(), TableLimits(dense: 0, sparse: 300), TableLimits(dense: 0, sparse: 0),
      ] {
        let matcher = LiteralMatcher(literals.map { Literal($0) }, limits: limits)
        #expect(matcher.hits(in: batch, folded: folded) == expected, "\(literals) in \(texts)")
      }
    }
    #expect(found > 100)
  }
}
