import Foundation
import HunchLabeling
import Testing

/// Case, composition and word boundaries in scripts other than English's.
@Suite struct UnicodeRuleTests {
  private func found(
    _ word: String, in texts: [String], matching: Keywords<Topic>.Matching = .words,
    caseSensitive: Bool = false
  ) throws -> [Bool] {
    try votes(
      Keywords<Topic>(
        "k", [word], matching: matching, caseSensitive: caseSensitive, votes: .red), texts
    ).map { $0 != nil }
  }

  @Test func russian() throws {
    #expect(
      try found("карта", in: ["Карта.", "КАРТА", "карта", "картами", "скарта", "мапа"])
        == [true, true, true, false, false, false])
    #expect(try found("карт", in: ["картами"], matching: .substrings) == [true])
    #expect(try found("Карта", in: ["карта", "Карта"], caseSensitive: true) == [false, true])
    // Ё is a letter of its own, whatever its composition.
    #expect(try found("ёлка", in: ["ЁЛКА", "е\u{308}лка", "елка"]) == [true, true, false])
    #expect(
      try votes(Pattern<Topic>("p", #"\bденьг\w+"#, votes: .red), ["ДЕНЬГАМИ", "неденьги"])
        == [.red, nil])
  }

  @Test func yorubaInBothCompositions() throws {
    let composed = "Ìdánilẹ́kọ̀ọ́".precomposedStringWithCanonicalMapping
    let decomposed = composed.decomposedStringWithCanonicalMapping
    #expect(Array(composed.utf8) != Array(decomposed.utf8))
    let texts = [composed, decomposed, composed.uppercased(), decomposed.lowercased(), "idanileko"]
    for keyword in [composed, decomposed] {
      #expect(try found(keyword, in: texts) == [true, true, true, true, false])
    }
    // A mark belongs to the word: the bare letters are another word.
    #expect(try found("ọmọ", in: ["ọmọ", "ọmọ́", "ọmọ\u{301}lẹ́"]) == [true, false, false])
    let counts = Heuristic<Topic>("h") { $0.words.count == 3 ? .red : nil }
    #expect(
      try votes(
        counts, ["Àwọn ọmọ Nàìjíríà", "Àwọn ọmọ Nàìjíríà".decomposedStringWithCanonicalMapping])
        == [.red, .red])
  }

  @Test func turkishDotsAreKept() throws {
    // The default folding: I and i are one letter, dotted İ and dotless ı are others.
    #expect(
      try found("istanbul", in: ["ISTANBUL", "İstanbul", "ıstanbul"]) == [true, false, false])
    #expect(try found("İstanbul", in: ["İSTANBUL", "I\u{307}stanbul"]) == [true, true])
    #expect(try found("ısı", in: ["ısı", "ISI"]) == [true, false])
  }

  @Test func germanSharpS() throws {
    // Simple folding keeps the number of letters: ß is not ss, and ẞ is its capital.
    #expect(try found("straße", in: ["Straße", "STRAẞE", "STRASSE"]) == [true, true, false])
    #expect(try found("gro", in: ["groß"]) == [false])
    #expect(try found("äpfel", in: ["ÄPFEL", "A\u{308}pfel", "apfel"]) == [true, true, false])
  }

  @Test func emoji() throws {
    #expect(try found("👍", in: ["👍", "ok👍ok", "👍🏽", "👎"]) == [true, true, true, false])
    #expect(try found("👩‍👧", in: ["eine👩‍👧hier", "👩"]) == [true, false])
    let counts = Heuristic<Topic>("h") { $0.characterCount == 1 && $0.words.isEmpty ? .red : nil }
    #expect(try votes(counts, ["👩‍👩‍👧‍👦", "👍🏽", "🇳🇬", "ab"]) == [.red, .red, .red, nil])
  }

  @Test func textWithoutSpaces() throws {
    #expect(try found("中国", in: ["我爱中国人", "中 国", "中国"]) == [true, false, true])
    #expect(try found("a", in: ["中a国", "ab国"]) == [true, false])
    let counts = Heuristic<Topic>("h") {
      $0.words.map(String.init) == ["我", "爱", "abc", "国"] ? .red : nil
    }
    #expect(try votes(counts, ["我爱abc国。"]) == [.red])
    #expect(try found("ไทย", in: ["ภาษาไทยง่าย"]) == [true])
  }

  @Test func theEndOfATextIsABoundary() throws {
    for word in ["é", "ß", "я", "ẹ\u{301}", "中", "👍", "x"] {
      #expect(
        try found(word, in: [word, " \(word)", "\(word) "]) == [true, true, true], "\(word)")
    }
    #expect(try found("$", in: ["cost$", "5$5"]) == [true, true])
    #expect(try found("c++", in: ["c++", "c+++", "xc++"]) == [true, true, false])
    #expect(try found("a_b", in: ["a_b", "xa_b", "a_b_c"]) == [true, false, false])
  }
}
