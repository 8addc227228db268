import Foundation
import HunchLabeling
import HunchText
import TestSupport
import Testing

/// Every way of comparing names.
private let allOptions: [GazetteerOptions] = (0..<16).map { GazetteerOptions(rawValue: $0) }

private func index(
  _ names: [(name: String, row: Int)], _ options: GazetteerOptions
) -> NameIndex {
  var builder = NameIndexBuilder(options: options)
  for (name, row) in names { builder.add(name, row: row) }
  return builder.finish()
}

/// What the index finds, in the terms of the oracle.
private func found(
  _ finder: MentionFinder, in texts: [String]
) -> [[NaiveMentions.Found]] {
  let mentions = finder.mentions(in: TextBatch(texts))
  return texts.indices.map { document in
    let utf8 = Array(texts[document].utf8)
    func scalars(_ bytes: Int) -> Int {
      String(decoding: utf8[..<bytes], as: UTF8.self).unicodeScalars.count
    }
    return mentions[document].map { mention in
      NaiveMentions.Found(
        range: scalars(mention.range.lowerBound)..<scalars(mention.range.upperBound),
        rows: finder.names.rows(of: mention.entity).map { Int($0) })
    }
  }
}

private func expectOracle(
  _ names: [(name: String, row: Int)], _ texts: [String], _ options: GazetteerOptions
) {
  let finder = MentionFinder(index(names, options), options: options)
  let found = found(finder, in: texts)
  for (text, found) in zip(texts, found) {
    let expected = NaiveMentions.find(names, in: text, options)
    #expect(found == expected, "\(options.rawValue) \(text.debugDescription) \(names)")
  }
}

@Suite struct NameIndexTests {
  @Test(arguments: 1...40)
  func findsWhatTheOracleFinds(_ seed: Int) {
    var random = SplitMix64(seed: seed)
    let alphabets: [[String]] = [
      ["a", "b", " "], ["a", "B", "s", " ", "  ", "-"], ["é", "e", "\u{301}", "E", " ", "."],
      ["中", "国", "a", " ", "。"], ["x", "o", "y", "s", "e", " ", "ch"],
      ["ø", "Ł", "l", "ﬁ", "İ", "ß", "\u{212A}", "k", " ", "\u{A0}", "\n"],
      ["+", "C", "c", "#", ".", "$", " ", "\u{338}", "="],
      ["а", "Й", "и", "\u{306}", " ", "_", "1"],
      ["ῇ", "η", "\u{345}", "\u{342}", " ", "Σ", "ς"], ["한", "\u{1100}", "\u{1161}", " ", "가"],
      ["か", "\u{3099}", "が", " ", "ー"], ["𝒳", "😀", "a", "\u{1F3FD}", " "],
    ]
    let alphabet = alphabets[seed % alphabets.count]
    let names = (0..<12).map { row in
      (name: random.text(of: alphabet, length: 0...5), row: row / 2)
    }
    let texts = (0..<30).map { _ in random.text(of: alphabet, length: 0...14) } + [""]
    for options in allOptions { expectOracle(names, texts, options) }
  }

  @Test func namesOfAnyLength() {
    let long = (0..<20_000).map { "w\($0 % 7)" }.joined(separator: " ")
    let names = [
      (name: long, row: 0), (name: "w1 w2", row: 1), (name: "", row: 2), (name: " ", row: 3),
    ]
    let texts = ["x \(long) w1  w2 y", String(long.dropLast(3)), "w1\tw2", long]
    let finder = MentionFinder(index(names, []), options: [])
    let mentions = finder.mentions(in: TextBatch(texts))
    #expect(mentions[0].map { Array(finder.names.rows(of: $0.entity)) } == [[0], [1]])
    #expect(mentions[0].first?.range == 2..<2 + long.utf8.count)
    #expect(mentions[1].count == 20_000 / 7)
    #expect(mentions[2].map(\.range) == [0..<5])
    #expect(mentions[3].count == 1)
  }

  /// Texts are cut into pieces of some thousand words, which no name may notice.
  @Test func textsLongerThanTheScratchMemory() {
    var random = SplitMix64(seed: 5)
    let words = ["new", "york", "times", "the", "of", "times square"]
    let names = [(name: "New York", row: 0), ("New York Times", 1), ("the times", 2), ("of", 3)]
    let text = (0..<12_000).map { _ in words[random.below(words.count)] }.joined(separator: " ")
    for options in [[], GazetteerOptions.overlapping] {
      let finder = MentionFinder(index(names, options), options: options)
      let whole = found(finder, in: [text])[0]
      #expect(whole == NaiveMentions.find(names, in: text, options))
    }
  }

  @Test func pluralsOfTheLastWord() {
    let names = [
      "credit card", "box", "city", "day", "hero", "brush", "A", "Photo", "photos", "CD",
    ]
    .enumerated().map { (name: $0.element, row: $0.offset) }
    let text = "credit cards, boxes, cities, days, heroes, heros, brushes, as, photos, photoes, CDs"
    let finder = MentionFinder(index(names, [.plurals]), options: [.plurals])
    let mentions = finder.mentions(in: TextBatch([text]))[0]
    #expect(
      mentions.map { Array(finder.names.rows(of: $0.entity)) } == [
        [0], [1], [2], [3], [4], [4], [5], [8], [7], [9],
      ])
    #expect(
      NameSpellingSample.rows(["cares", "care", "car", "caree"], "cares", [.plurals]) == [[0]])
    #expect(NameSpellingSample.rows(["axe", "axes", "ax"], "axes", [.plurals]) == [[1]])
    #expect(NameSpellingSample.rows(["axe", "ax"], "axes", [.plurals]) == [[0, 1]])
  }

  @Test func diacriticsOnEitherSide() {
    let options: GazetteerOptions = [.ignoringDiacritics]
    let text = "Lodz, ŁÓDŹ, Łódz\u{301}; Sigur Rós and Sigur Ros; Øresund"
    #expect(
      NameSpellingSample.texts(["Łódź", "sigur ros", "Oresund"], text, options)
        == ["Lodz", "ŁÓDŹ", "Łódz\u{301}", "Sigur Rós", "Sigur Ros", "Øresund"])
    #expect(NameSpellingSample.texts(["lodz"], text, []) == ["Lodz"])
    #expect(NameSpellingSample.texts(["US"], "us US Us", [.caseSensitive]) == ["US"])
    #expect(NameSpellingSample.texts(["か"], "が か\u{3099}か", options).last == "か")
  }

  @Test func partsThatDoNotBelongTogetherAreNoIndex() throws {
    let names = index([(name: "New York", row: 0), (name: "Łódź", row: 2)], [.plurals])
    let parts = names.parts
    let again = try #require(NameIndex(parts))
    let finder = MentionFinder(again, options: [.plurals])
    #expect(finder.mentions(in: TextBatch(["new  york, łódź"]))[0].count == 2)
    var broken = parts
    broken.numbers[1] = 0
    #expect(NameIndex(broken) == nil)
    broken = parts
    broken.wide[2] = []
    #expect(NameIndex(broken) == nil)
    broken = parts
    broken.narrow[1][0] = 99
    #expect(NameIndex(broken) == nil)
    broken = parts
    broken.bytes[0].removeLast()
    #expect(NameIndex(broken) == nil)
    #expect(NameIndex(KnowledgeParts()) == nil)
  }
}

/// Names and what is found of them in a text.
private enum NameSpellingSample {
  static func finder(_ names: [String], _ options: GazetteerOptions) -> MentionFinder {
    MentionFinder(
      index(names.enumerated().map { ($0.element, $0.offset) }, options), options: options)
  }

  static func rows(_ names: [String], _ text: String, _ options: GazetteerOptions) -> [[Int32]] {
    let finder = finder(names, options)
    return finder.mentions(in: TextBatch([text]))[0].map {
      Array(finder.names.rows(of: $0.entity))
    }
  }

  static func texts(_ names: [String], _ text: String, _ options: GazetteerOptions) -> [String] {
    let utf8 = Array(text.utf8)
    return finder(names, options).mentions(in: TextBatch([text]))[0].map {
      String(decoding: utf8[$0.range], as: UTF8.self)
    }
  }
}
