import Foundation
import HunchText
import Testing

import Hunch

/// The part of a document that is shown.
@Suite struct PassageTests {
  private func passage(_ text: String, _ match: String? = nil, length: Int = 40) -> Passage {
    var ranges: [Range<Int>] = []
    if let match, let range = text.range(of: match) {
      let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
      ranges = [start..<start + match.utf8.count]
    }
    return Passage(text, matches: ranges, length: length)
  }

  @Test func whiteSpaceIsCollapsedAndMatchesAreMarked() {
    let shown = passage("  pay \n\t my  card now ", "my  card")
    #expect(shown.text == "pay my card now")
    #expect(shown.parts.map(\.text) == ["pay ", "my card", " now"])
    #expect(shown.parts.map(\.isMatch) == [false, true, false])
  }

  @Test func aLongTextIsCutAndALateMatchIsShown() {
    let long = (0..<50).map { "word\($0)" }.joined(separator: " ")
    #expect(passage(long).text == "word0 word1 word2 word3 word4 word5 word…")
    let late = passage(long, "word40")
    #expect(late.text.hasPrefix("…word") && late.text.hasSuffix("…"))
    #expect(late.parts.filter(\.isMatch).map(\.text) == ["word40"])
    #expect(late.text.unicodeScalars.count <= 42)
    #expect(passage("").text.isEmpty)
  }

  /// Whatever the matches, the parts are the collapsed text, and what is marked was matched.
  @Test func partsAreTheText() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      let text = String(
        (0..<Int.random(in: 0..<30, using: &random)).map { _ in "aé漢 \n👍".randomElement() ?? "a" })
      let bytes = Array(text.utf8)
      let starts = text.unicodeScalars.indices.map {
        text.utf8.distance(from: text.startIndex, to: $0)
      }
      var ranges: [Range<Int>] = []
      for (one, next) in zip(starts, starts.dropFirst()) where Bool.random(using: &random) {
        ranges.append(one..<next)
      }
      let shown = Passage(text, matches: ranges, length: 1000)
      let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(shown.text == words)
      let matched = ranges.map { String(decoding: bytes[$0], as: UTF8.self) }.joined()
        .filter { !$0.isWhitespace }
      #expect(shown.parts.filter(\.isMatch).map(\.text).joined().filter { $0 != " " } == matched)
    }
  }
}
