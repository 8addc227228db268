import Foundation
import HunchLabeling
import HunchText
import TestSupport
import Testing

/// Where the mentions of a pair stand, against a search that tries everything.
@Suite struct PairPlacesTests {
  /// The text of both mentions and what is between them.
  private func shown(
    _ text: String, _ first: String, _ second: String, _ pair: MentionPair = companyPair
  ) throws -> String? {
    try seen(pair, pairDocument(text, first, second)) {
      "\($0.first.text)|\($0.between)|\($0.second.text)|\($0.isReversed)"
    }
  }

  @Test func markersComeFirst() throws {
    let text = "Norvane said _SECOND_ was bought by _FIRST_, not by Belltrick."
    #expect(
      try shown(text, "norvane", "belltrick") == "_FIRST_| was bought by |_SECOND_|true")
    // A marker alone is no pair, and markers are whole words in capitals.
    #expect(
      try shown("_FIRST_ or norvane bought Belltrick", "norvane", "belltrick")
        == "norvane| bought |Belltrick|false")
    #expect(try shown("x_FIRST_ and _first_ buy _SECOND_", "norvane", "belltrick") == nil)
  }

  @Test func namesOfTheEntityAreFoundWhateverTheColumnHolds() throws {
    let text = "Norvane Systems plc buys Belltrick"
    for (first, second) in [
      ("norvane", "belltrick"), ("Norvane", "Belltrick Ltd"), (" NORVANE SYSTEMS ", "belltrick"),
    ] {
      #expect(try shown(text, first, second) == "Norvane Systems plc| buys |Belltrick|false")
    }
  }

  @Test func withoutABaseNamesStandForThemselves() throws {
    #expect(
      try shown("Ann met Bo", "ann", "BO", plainPair) == "Ann| met |Bo|false")
    #expect(try shown("Norvane met Bo", "norvane systems", "Bo", plainPair) == nil)
  }

  @Test func ofSeveralMentionsTheNearestCount() throws {
    #expect(
      try shown("Norvane rose. Belltrick fell after Norvane left Belltrick", "norvane", "belltrick")
        == "Norvane| left |Belltrick|false")
    // Equally near: the first.
    #expect(
      try shown("Norvane, Belltrick, Norvane", "norvane", "belltrick")
        == "Norvane|, |Belltrick|false")
  }

  @Test func aNameInsideTheOtherEntitysNameIsNoMention() throws {
    #expect(
      try shown("Norvane Energy sued Norvane", "norvane", "norvane-energy")
        == "Norvane| sued |Norvane Energy|true")
    #expect(try shown("Norvane Energy rose", "norvane", "norvane-energy") == nil)
  }

  @Test func unicode() throws {
    // The capital ẞ folds to fewer bytes, and a decomposed ö has more.
    let text = "ẞẞ 👍🏽 NORVANE — kauft Gro\u{308}ße; ẞ"
    #expect(
      try shown(text, "norvane", "straße") == "NORVANE| — kauft |Gro\u{308}ße|false")
    let words = try seen(companyPair, pairDocument(text, "norvane", "straße")) {
      "\($0.before(words: 1))|\($0.after(words: 1))|\($0.wordsBetween)"
    }
    #expect(words == "ẞẞ 👍🏽 |; ẞ|1")
  }

  @Test func windowsEndWhereTheTextDoes() throws {
    let document = pairDocument("One two. Norvane and Belltrick: three", "norvane", "belltrick")
    let windows = try seen(companyPair, document) { pair in
      [0, 1, 2, 9].map { "[\(pair.before(words: $0))|\(pair.after(words: $0))]" }.joined()
    }
    #expect(windows == "[|][two. |: three][One two. |: three][One two. |: three]")
  }

  @Test func attributesAndKeys() throws {
    let document = pairDocument("Solvanta sold Sol to Norvane", "Norvane", "Sol")
    let attributes = try seen(companyPair, document) {
      "\($0.first.key ?? "?") \($0.first["country"] ?? "?") \($0.first["size"] ?? "?") "
        + "\($0.second.key ?? "?") \($0.second["country"] ?? "?") \($0.second.name)"
    }
    #expect(attributes == "norvane GB ? ? ES Sol")
  }

  @Test func thePairOfAText() throws {
    let pair = MentionPair(foundIn: "companies")
    let text = "Belltrick, says Belltrick Ltd, was bought by Norvane, not Solvanta"
    let found = try seen(pair, SampleDocument(text: text)) {
      "\($0.first.text)|\($0.between)|\($0.second.text)|\($0.first.key ?? "?")"
    }
    #expect(found == "Belltrick Ltd|, was bought by |Norvane|belltrick")
    #expect(try seen(pair, SampleDocument(text: "Norvane and Norvane Systems")) { _ in "" } == nil)
  }

  // MARK: - Everything against a naive search

  @Test(arguments: 0..<400) func aNaiveSearchFindsTheSame(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let names = ["ab", "ab c", "ä", "c", "ẞ"]
    let (first, second) = (random.pick(names), random.pick(names))
    let pieces = ["ab", "ab c", "c", "Ä", "a\u{308}", "ß", "x", ",", "abx", "ẞ", "—"]
    let text = (0..<random.below(9)).map { _ in random.pick(pieces) }
      .joined(separator: random.pick([" ", "  ", ", "]))
    let expected = Naive.pair(text, first, second)
    let found = try seen(plainPair, pairDocument(text, first, second)) {
      "\($0.first.text)|\($0.between)|\($0.second.text)|\($0.isReversed)"
    }
    #expect(found == expected, "\(first) and \(second) in \(text)")
  }
}

/// The slow search: every place is compared, scalar by scalar.
private enum Naive {
  private static func places(_ name: String, _ text: [Unicode.Scalar]) -> [Range<Int>] {
    var forms = Set<[UInt32]>()
    for form in [
      name.precomposedStringWithCanonicalMapping, name.decomposedStringWithCanonicalMapping,
    ] {
      forms.insert(CaseFolding.folded(form).unicodeScalars.map(\.value))
    }
    func isWord(_ scalar: Unicode.Scalar) -> Bool {
      CharacterTable.wordClass(of: scalar.value) == .word
    }
    var found: [Range<Int>] = []
    for start in text.indices {
      for end in text.indices.map({ $0 + 1 }) where end > start {
        let part = text[start..<end].map { CharacterTable.fold($0.value) }
        guard forms.contains(part) else { continue }
        let isJoined =
          (start > 0 && isWord(text[start - 1]) && isWord(text[start]))
          || (end < text.count && isWord(text[end]) && isWord(text[end - 1]))
        if !isJoined { found.append(start..<end) }
      }
    }
    return found
  }

  static func pair(_ text: String, _ first: String, _ second: String) -> String? {
    let scalars = Array(text.unicodeScalars)
    let (ones, others) = (places(first, scalars), places(second, scalars))
    func isFree(_ place: Range<Int>, _ longer: [Range<Int>]) -> Bool {
      !longer.contains { $0.count > place.count && $0.overlaps(place) }
    }
    func string(_ range: Range<Int>) -> String {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars[range])
      return String(text)
    }
    func bytes(_ range: Range<Int>) -> Int { string(range).utf8.count }
    var best: (key: [Int], shown: String)?
    for one in ones where isFree(one, others) {
      for other in others where isFree(other, ones) && !one.overlaps(other) {
        let (left, right) = one.lowerBound < other.lowerBound ? (one, other) : (other, one)
        let between = left.upperBound..<right.lowerBound
        let key = [bytes(between), left.lowerBound, one.lowerBound]
        if best.map({ key.lexicographicallyPrecedes($0.key) }) ?? true {
          best = (
            key,
            "\(string(one))|\(string(between))|\(string(other))|\(other.lowerBound < one.lowerBound)"
          )
        }
      }
    }
    return best?.shown
  }
}
