import Foundation
import HunchLabeling
import HunchText
import TestSupport
import Testing

private struct Hit: Hashable, CustomStringConvertible {
  var start: Int
  var end: Int
  var literal: Int
  var description: String { "\(literal)@\(start)..<\(end)" }
}

private func hits(
  of literals: [Literal], in texts: [String], limits: TableLimits = TableLimits()
) -> [[Hit]] {
  let batch = TextBatch(texts)
  let matcher = LiteralMatcher(literals, limits: limits)
  return matcher.hits(in: batch, folded: CaseFolding.folded(batch)).map { found in
    found.map { Hit(start: Int($0.start), end: Int($0.end), literal: Int($0.literal)) }
  }
}

/// All literals at all positions of one text, with the boundary rule written on scalars.
private func naiveHits(of literals: [Literal], in text: String) -> [Hit] {
  var found: Set<Hit> = []
  for (index, literal) in literals.enumerated() {
    let haystack = Array((literal.caseSensitive ? text : text.foldedByScalar).unicodeScalars)
    for spelling in naiveSpellings(of: literal) {
      for start in haystack.indices where haystack[start...].starts(with: spelling) {
        let end = start + spelling.count
        if literal.kind == .keyword(wholeWords: true) {
          guard isWordEdge(haystack[..<start].last, spelling.first),
            isWordEdge(spelling.last, haystack[end...].first, literalComesFirst: true)
          else { continue }
        }
        let offset = haystack[..<start].reduce(0) { $0 + UTF8.width($1) }
        let length = spelling.reduce(0) { $0 + UTF8.width($1) }
        found.insert(Hit(start: offset, end: offset + length, literal: index))
      }
    }
  }
  return found.sorted { ($0.start, -$0.end, $0.literal) < ($1.start, -$1.end, $1.literal) }
}

private func naiveSpellings(of literal: Literal) -> [[Unicode.Scalar]] {
  var texts = [literal.text]
  if !literal.caseSensitive { texts.append(literal.text.foldedByScalar) }
  texts +=
    texts.map(\.precomposedStringWithCanonicalMapping)
    + texts.map(\.decomposedStringWithCanonicalMapping)
  return texts.map { Array((literal.caseSensitive ? $0 : $0.foldedByScalar).unicodeScalars) }
}

private func isWordEdge(
  _ before: Unicode.Scalar?, _ after: Unicode.Scalar?, literalComesFirst: Bool = false
) -> Bool {
  guard let before, let after else { return true }
  let classBefore = CharacterTable.wordClass(of: before.value)
  let classAfter = CharacterTable.wordClass(of: after.value)
  if (literalComesFirst ? classBefore : classAfter) == .separator { return true }
  return CharacterTable.isBoundary(classBefore, classAfter)
}

extension UTF8 {
  fileprivate static func width(_ scalar: Unicode.Scalar) -> Int { String(scalar).utf8.count }
}

@Suite struct LiteralMatcherTests {
  /// Every table the automaton may have: all rows, a few, the root's alone.
  private let tables = [
    TableLimits(), TableLimits(dense: 0, sparse: 200), TableLimits(dense: 0, sparse: 0),
  ]

  @Test(arguments: collidingAlphabets, [1, 2, 3])
  func agreesWithNaiveSearch(_ alphabet: [String], _ seed: Int) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<25 {
      let literals = (0..<Int.random(in: 1...12, using: &random)).map { _ in
        Literal(
          text: random.text(of: alphabet, length: 1...4),
          wholeWords: Bool.random(using: &random), caseSensitive: Bool.random(using: &random))
      }
      let texts = (0..<10).map { _ in random.text(of: alphabet, length: 0...24) }
      let expected = texts.map { naiveHits(of: literals, in: $0) }
      for limits in tables {
        let found = hits(of: literals, in: texts, limits: limits)
        #expect(found == expected, "\(literals) in \(texts)")
      }
    }
  }

  @Test(arguments: [1, 2])
  func mixedScriptsAgreeWithNaiveSearch(_ seed: Int) {
    var random = SplitMix64(seed: seed)
    let alphabet = collidingAlphabets.flatMap { $0 }
    let literals = (0..<400).map { index in
      Literal(
        text: random.text(of: alphabet, length: 1...2), wholeWords: index % 2 == 0,
        caseSensitive: index % 3 == 0)
    }
    let texts = (0..<10).map { _ in random.text(of: alphabet, length: 0...300) }
    let expected = texts.map { naiveHits(of: literals, in: $0) }
    for limits in tables { #expect(hits(of: literals, in: texts, limits: limits) == expected) }
  }

  @Test func readsWholeWords() {
    func count(_ literal: String, _ text: String) -> Int {
      hits(of: [Literal(text: literal, wholeWords: true, caseSensitive: false)], in: [text])[0]
        .count
    }
    #expect(count("call", "Call me, CALL! recall calls call_me call") == 3)
    #expect(count("c++", "C++17 and c++") == 2)
    #expect(count("#1", "we are #1!") == 1)
    #expect(count("#1", "we are #12") == 0)
    #expect(count("北京", "我在北京工作") == 1)
    #expect(count("ค่ะ", "สวัสดีค่ะ") == 1)
    #expect(count("звони", "Звонит ЗВОНИ") == 1)
    #expect(count("strasse", "Straße") == 0)
    #expect(count("straße", "STRAẞE") == 1)
    #expect(count("οδος", "ΟΔΟΣ οδός") == 1)
    #expect(count("👍", "ok👍🏽ok") == 1)
    #expect(count("a", "a\u{301} á a") == 1, "an accent belongs to its word")
  }

  @Test func findsDiacriticsInEitherForm() {
    for name in ["Òṣogbo", "ẹ̀kọ́", "Ìyá"] {
      for form in [
        name.precomposedStringWithCanonicalMapping, name.decomposedStringWithCanonicalMapping,
      ] {
        let literal = Literal(text: form, wholeWords: true, caseSensitive: false)
        let texts = [
          "ní \(name.precomposedStringWithCanonicalMapping.uppercased()).",
          "ní \(name.decomposedStringWithCanonicalMapping.uppercased()).",
        ]
        #expect(hits(of: [literal], in: texts).map(\.count) == [1, 1])
      }
    }
  }

  @Test func orphanCapitalFindsComposedSmallLetter() {
    // There is no composed form of J with caron.
    let literal = Literal(text: "J\u{30C}a", wholeWords: false, caseSensitive: false)
    #expect(hits(of: [literal], in: ["ǰa", "j\u{30C}A"]).map(\.count) == [1, 1])
  }

  @Test func foldedSpellingsThatCoincideHitOnce() {
    let literal = Literal(text: "\u{212A}\u{212B}", wholeWords: false, caseSensitive: false)
    #expect(hits(of: [literal], in: ["kå"])[0].count == 1)
  }

  @Test func equalLiteralsAreAllReported() {
    let literal = Literal(text: "win", wholeWords: false, caseSensitive: false)
    var exact = literal
    exact.caseSensitive = true
    #expect(
      hits(of: [literal, exact, literal], in: ["win"])[0].map(\.literal) == [0, 1, 2])
  }

  @Test func emptyInputGivesEmptyHits() {
    let matcher = LiteralMatcher([])
    #expect(matcher.memory == 0)
    #expect(matcher.hits(in: TextBatch(), folded: TextBatch()) == [])
    let batch = TextBatch(["", "x", ""])
    #expect(matcher.hits(in: batch, folded: batch) == [[], [], []])
    let literal = Literal(text: "x", wholeWords: true, caseSensitive: false)
    #expect(hits(of: [literal], in: ["", "x", ""]).map(\.count) == [0, 1, 0])
  }

  @Test func documentsDoNotRunIntoEachOther() {
    let literals = [
      Literal(text: "ab", wholeWords: false, caseSensitive: true),
      Literal(text: "b", wholeWords: true, caseSensitive: true),
    ]
    #expect(hits(of: literals, in: ["a", "b", "a"]).map { $0.map(\.literal) } == [[], [1], []])
  }

  @Test func everyByteMayOccur() {
    // All lead bytes that UTF-8 has, and as many continuation bytes, in one automaton.
    let scalars = (0..<0x800).compactMap { Unicode.Scalar($0 * 544) }
    let literals = scalars.map {
      Literal(text: String($0), wholeWords: false, caseSensitive: true)
    }
    let text = String(String.UnicodeScalarView(scalars))
    #expect(hits(of: literals, in: [text])[0].map(\.literal) == Array(scalars.indices))
  }

  @Test func manyNamesUseTheSparseTable() {
    var random = SplitMix64(seed: 7)
    let letters = "abcdefghijklmnopqrstuvwxyz ".map(String.init)
    let names = (0..<20_000).map { _ in random.text(of: letters, length: 8...20) }
    let literals = names.map { Literal(text: $0, wholeWords: false, caseSensitive: true) }
    let texts = (0..<50).map { index in "x\(names[index * 7])\(names[index * 11])y" }
    let sparse = hits(of: literals, in: texts)
    let dense = hits(of: literals, in: texts, limits: TableLimits(dense: .max))
    #expect(sparse == dense)
    for (document, hits) in sparse.enumerated() {
      let wanted = [names[document * 7], names[document * 11]]
      #expect(Set(hits.map { names[$0.literal] }).isSuperset(of: wanted))
    }
    #expect(LiteralMatcher(literals).memory < 16_000_000)
    let strings = TextBatch(names)
    #expect(!AhoCorasick(strings).isDense)
    #expect(AhoCorasick(TextBatch(names.prefix(100))).isDense)
  }
}

@Suite struct LongestMatchesTests {
  private func selection(
    _ names: [String], _ text: String, where isMember: (Int32) -> Bool = { _ in true }
  ) -> [String] {
    let batch = TextBatch([text])
    let literals = names.map { Literal(text: $0, wholeWords: false, caseSensitive: true) }
    let hits = LiteralMatcher(literals).hits(in: batch, folded: batch)[0]
    return LongestMatches.select(hits.filter { isMember($0.literal) }).map {
      names[Int($0.literal)]
    }
  }

  @Test func prefersTheLeftmostThenTheLongest() {
    let names = ["New York", "New York Times", "York", "Times Square", "York"]
    #expect(selection(names, "New York Times Square") == ["New York Times"])
    #expect(selection(names, "New York, York") == ["New York", "York"])
    #expect(selection(names, "New York Times") { $0 != 1 } == ["New York"])
    #expect(selection(["aa"], "aaaaa") == ["aa", "aa"])
    #expect(selection(["b"], "aaa") == [])
  }

  @Test(arguments: 1...20)
  func agreesWithGreedyChoice(_ seed: Int) {
    var random = SplitMix64(seed: seed)
    let names = (0..<8).map { _ in random.text(of: ["a", "b"], length: 1...4) }
    let text = random.text(of: ["a", "b", "c"], length: 0...60)
    let members = Set((0..<8).filter { _ in Bool.random(using: &random) })
    var expected: [String] = []
    var rest = Substring(text)
    while !rest.isEmpty {
      let here = members.map { names[$0] }.filter { rest.hasPrefix($0) }
      if let longest = here.max(by: { $0.count < $1.count }) {
        expected.append(longest)
        rest = rest.dropFirst(longest.count)
      } else {
        rest = rest.dropFirst()
      }
    }
    #expect(selection(names, text) { members.contains(Int($0)) } == expected)
  }
}
