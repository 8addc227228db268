import HunchLabeling
import Testing

/// The words that a vote rests on.
@Suite struct MatchFinderTests {
  private func matches(
    _ rule: some Rule<Topic>, _ text: String, _ knowledge: [String: KnowledgeBase] = [:]
  ) -> [String] {
    let utf8 = Array(text.utf8)
    return MatchFinder(rule.definition, knowledge: knowledge).ranges(in: text).map {
      String(decoding: utf8[$0], as: UTF8.self)
    }
  }

  @Test func keywordsAreFoundAsTheyAreWritten() {
    let rule = Keywords<Topic>("k", ["card", "my card", "GELD"], votes: .red)
    #expect(matches(rule, "My Card, not cardboard; geld CARD") == ["My Card", "geld", "CARD"])
    #expect(matches(rule, "nothing here").isEmpty)
    let exact = Keywords<Topic>(
      "k", ["ATM"], matching: .substrings, caseSensitive: true, votes: .red)
    #expect(matches(exact, "ATMs and atm") == ["ATM"])
  }

  /// U+212A, the Kelvin sign, has three bytes and folds to `k`, which has one; Ⱥ grows by folding.
  @Test func placesSurviveFoldingThatChangesLengths() {
    let rule = Keywords<Topic>("k", ["kelvin", "ⱥb"], votes: .red)
    #expect(
      matches(rule, "\u{212A}\u{212A} \u{212A}elvin ȺB é KELVIN") == [
        "\u{212A}elvin", "ȺB", "KELVIN",
      ])
  }

  @Test func patternsAndTouchingMatchesBecomeOne() {
    let rule = AnyOf<Topic>("any", votes: .red) {
      Pattern(#"\d+\s*eur"#)
      Keywords(["eur now"])
    }
    #expect(matches(rule, "pay 12 EUR now or 3eur") == ["12 EUR now", "3eur"])
  }

  @Test func exceptionsAndClosuresHaveNoPlace() {
    let rule = Keywords<Topic>("k", ["card"], votes: .red).unless { Keywords(["sim"]) }
    #expect(matches(rule, "sim card") == ["card"])
    let closure = Heuristic<Topic>("h") { _ in .red }
    #expect(matches(closure, "card").isEmpty)
    #expect(MatchFinder(closure.definition, knowledge: [:]).isEmpty)
  }

  @Test func theLongestNameCounts() throws {
    let base = try KnowledgeBase(
      name: "products", source: "products.csv", columns: ["name"], key: "name",
      rows: [["gold"], ["Gold Card"], ["young saver"]])
    let rule = Gazetteer<Topic>("g", in: "products", votes: .red)
    #expect(
      matches(rule, "a gold card and gold, a YOUNG  saver, a Young Saver", ["products": base])
        == ["gold card", "gold", "YOUNG  saver", "Young Saver"])
  }
}
