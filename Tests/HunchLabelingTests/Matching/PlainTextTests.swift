import Foundation
import HunchLabeling
import HunchText
import TestSupport
import Testing

/// Keywords in texts that write the same in other ways.
@Suite struct PlainTextTests {
  private func found(
    _ word: String, _ texts: [String], matching: Keywords<Topic>.Matching = .words,
    caseSensitive: Bool = false
  ) throws -> [Bool] {
    try votes(
      Keywords<Topic>(
        "k", [word], matching: matching, caseSensitive: caseSensitive, votes: .red), texts
    ).map { $0 != nil }
  }

  @Test(arguments: [
    ("credit card", ["credit  card", "credit\ncard", "credit\t card", "credit\u{A0}card"]),
    ("credit card", ["credit\u{2009}card", "credit\r\n\u{3000}card", "credit \u{AD} card"]),
    ("credit  card", ["credit card", "credit\tcard", "credit\u{A0}card"]),
    ("don't", ["don’t", "don‘t", "donʼt", "don＇t", "DON’T"]),
    ("don’t", ["don't", "don\u{201B}t"]),
    ("L'Oréal", ["L’Oréal", "l’ore\u{301}al", "L'OREÁL".replacing("EÁ", with: "ÉA")]),
    ("say \"hi\"", ["say “hi”", "say  \u{201F}hi”"]),
    ("e-mail", ["e\u{2011}mail", "e\u{2010}mail", "e－mail"]), ("e\u{2011}mail", ["e-mail"]),
    ("❤", ["❤\u{FE0F}", "I❤\u{FE0E}U"]), ("❤\u{FE0F}", ["❤", "I ❤ U"]),
    ("free", ["ｆｒｅｅ", "ＦＲＥＥ!", "fr\u{AD}ee", "f\u{2060}ree", "𝐟𝐫𝐞𝐞", "𝓕𝓻𝓮𝓮"]),
    ("ｆｒｅｅ", ["free"]), ("office", ["o\u{FB03}ce"]), ("バナナ", ["ﾊﾞﾅﾅ"]), ("ℎello", ["hello"]),
  ])
  func otherWaysOfWriting(_ word: String, _ texts: [String]) throws {
    #expect(try found(word, texts) == texts.map { _ in true })
    #expect(try found(word, texts, matching: .substrings) == texts.map { _ in true })
    for text in texts {
      let rule = Keywords<Topic>("k", [word], votes: .red)
      let ranges = MatchFinder(rule.definition, knowledge: [:]).ranges(in: text)
      #expect(ranges.count == 1, "\(text)")
    }
  }

  @Test func whatIsAnotherSignStaysOne() throws {
    #expect(try found("102", ["10²", "1０2", "10\u{200B}2"]) == [false, true, false])
    #expect(try found("a - b", ["a – b", "a \u{2010} b"]) == [false, true])
    #expect(try found("tm", ["™"]) == [false])
    #expect(try found("card", ["credit\u{AD}card", "credit\u{A0}card"]) == [false, true])
    #expect(try found("creditcard", ["credit card", "credit\u{AD}card"]) == [false, true])
    // Case counts in every way of writing where it is asked for.
    #expect(
      try found("Don't", ["Don’t", "don’t", "Ｄon’t"], caseSensitive: true) == [true, false, true])
    // Nothing would be left of it in its plain form.
    #expect(
      try found("\u{AD}", ["so\u{AD}ft", "soft"], matching: .substrings) == [true, false])
  }

  @Test func marksStandInTheTextAsItIs() {
    func marked(_ words: [String], _ text: String) -> [String] {
      let bytes = Array(text.utf8)
      let rule = Keywords<Topic>("k", words, votes: .red)
      return MatchFinder(rule.definition, knowledge: [:]).ranges(in: text).map {
        String(decoding: bytes[$0], as: UTF8.self)
      }
    }
    func same(_ left: [String], _ right: [String]) -> Bool {
      left.map { Array($0.utf8) } == right.map { Array($0.utf8) }
    }
    #expect(
      same(marked(["my card"], "– my \u{A0}\n card, MY CARD"), ["my \u{A0}\n card", "MY CARD"]))
    #expect(same(marked(["don't"], "é I don’t"), ["don’t"]))
    #expect(same(marked(["❤"], "a ❤\u{FE0F} b"), ["❤\u{FE0F}"]))
    #expect(same(marked(["free"], "Ａ ｆr\u{AD}ee \u{212A}"), ["ｆr\u{AD}ee"]))
    #expect(same(marked(["café"], "e\u{301} cafe\u{301} x"), ["cafe\u{301}"]))
  }

  // MARK: - Against the slow answer

  /// The plain form, the obvious way.
  private static func plain(_ text: String) -> String {
    let pairs: [(String, [UInt32])] = [
      ("'", [0x2018, 0x2019, 0x201B, 0x2BC]), ("\"", [0x201C, 0x201D, 0x201F]),
      ("-", [0x2010, 0x2011]),
      ("", [0xAD, 0x2060, 0xFEFF] + Array(0xFE00...0xFE0F) + Array(0xE0100...0xE01EF)),
    ]
    var result = ""
    for scalar in text.precomposedStringWithCanonicalMapping.unicodeScalars {
      let wide: [ClosedRange<UInt32>] = [0xFB00...0xFB06, 0xFF01...0xFFEE, 0x1D400...0x1D7FF]
      if scalar.properties.isWhitespace {
        result.unicodeScalars.append(" ")
      } else if let (sign, _) = pairs.first(where: { $0.1.contains(scalar.value) }) {
        result += sign
      } else if wide.contains(where: { $0.contains(scalar.value) }) {
        result += String(scalar).precomposedStringWithCompatibilityMapping
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    while let run = result.range(of: "  ") { result.replaceSubrange(run, with: " ") }
    return result
  }

  private static let alphabet = [
    "a", "b", "A", "Ｂ", " ", "  ", "\n", "\u{A0}", "\u{2009}", "'", "’", "ʼ", "-", "\u{2011}",
    "\u{AD}", "\u{FE0F}", "❤", "ｂ", "“", "\"", "é", "e\u{301}", "я", "abababab", "        ",
    "abababa ", "\u{FB01}", "𝐚", "中",
  ]

  @Test(arguments: Repository.draws(60)) func everyKeywordIsFoundAsTheSlowAnswerSays(_ seed: Int)
    throws
  {
    var random = SplitMix64(seed: seed)
    var words: [String] = []
    while words.count < 6 {
      let word = random.text(of: Self.alphabet, length: 1...4)
      let plain = Self.plain(word)
      if !plain.allSatisfy(\.isWhitespace) { words.append(word) }
    }
    let texts = (0..<80).map { _ in random.text(of: Self.alphabet, length: 0...9) }
    for cased in [false, true] {
      for whole in [false, true] {
        let rules = words.map {
          Keywords<Topic>(
            [$0], matching: whole ? .words : .substrings, caseSensitive: cased, votes: .red
          ).definition
        }
        let columns = try evaluate(pack(rules), texts.map { SampleDocument(text: $0) }).columns
        for (place, word) in words.enumerated() {
          let finder = MatchFinder(rules[place], knowledge: [:])
          for (document, text) in texts.enumerated() {
            let expected = !Slow.ends(
              of: Self.plain(word), in: Self.plain(text), whole: whole, cased: cased
            ).isEmpty
            #expect(
              (columns[place][document] >= 0) == expected,
              "\(word.debugDescription) in \(text.debugDescription), \(whole), \(cased)")
            #expect(finder.ranges(in: text).isEmpty != expected)
          }
        }
      }
    }
  }
}

/// Texts and patterns in the two normal forms.
@Suite struct ComposedTextTests {
  private func check(_ text: String) {
    let composed = ComposedText.composed(text)
    let expected = text.precomposedStringWithCanonicalMapping
    #expect(
      composed.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(text.debugDescription)")
  }

  @Test(arguments: collidingAlphabets.indices) func composesAsFoundationDoes(_ index: Int) {
    var random = SplitMix64(seed: index)
    let marks = [
      "\u{327}", "\u{301}", "\u{651}", "\u{64E}", "\u{5B0}", "\u{5B7}", "א", "ش", "\u{9BE}",
    ]
    for _ in 0..<200 {
      check(random.text(of: collidingAlphabets[index], length: 0...8))
      check(random.text(of: collidingAlphabets[index] + marks, length: 0...8))
    }
  }

  @Test func composesEveryScalarBesideOthers() {
    var random = SplitMix64(seed: 5)
    for start in stride(from: UInt32(0x80), to: 0x30000, by: 64) {
      var text = "a"
      for value in start..<start + 64 {
        guard let scalar = Unicode.Scalar(value) else { continue }
        // Newer scalars may not be known to both.
        if scalar.properties.generalCategory == .unassigned { continue }
        text.unicodeScalars.append(scalar)
        if Bool.random(using: &random) { text += "o" }
      }
      check(text)
      check(text.decomposedStringWithCanonicalMapping)
    }
  }

  @Test func documentsContainTheOtherForm() throws {
    func contains(_ needle: String, _ texts: [String]) throws -> [Bool] {
      try votes(Heuristic<Topic>("h") { $0.contains(needle) ? .red : nil }, texts).map { $0 != nil }
    }
    for needle in ["café", "cafe\u{301}"] {
      #expect(
        try contains(needle, ["un CAFÉ", "un cafe\u{301}s", "cafe", "CAFE\u{301}"])
          == [true, true, false, true])
    }
    #expect(try contains("한", ["\u{1112}\u{1161}\u{11AB}", "하"]) == [true, false])
    #expect(try contains("\u{212B}", ["å", "A\u{30A}", "a"]) == [true, true, false])
    #expect(try contains("", ["", "x"]) == [true, true])
  }

  @Test(arguments: ["caf[éè]s?", "cafe\u{301}s?", #"\bcaf\p{L}\b"#, "^.{4}$", "É$"])
  func patternsFindTheOtherForm(_ source: String) throws {
    let rule = Pattern<Topic>("p", source, votes: .red)
    let texts = ["café", "cafe\u{301}", "CAFE\u{301}", "cafe\u{300}\u{301}"]
    let found = try votes(rule, texts)
    #expect(Array(found.prefix(3)) == [.red, .red, .red])
    for text in texts.prefix(3) {
      let ranges = MatchFinder(rule.definition, knowledge: [:]).ranges(in: text)
      #expect(ranges.last?.upperBound == text.utf8.count)
      #expect(ranges.count == 1)
    }
    let captured = Pattern<Topic>("c", "(?<word>caf.)$") { $0["word"] == "café" ? .red : .blue }
    #expect(try votes(captured, ["un cafe\u{301}", "un café"]) == [.red, .red])
  }
}
