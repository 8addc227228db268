import HunchLabeling
import HunchText
import Testing

/// The pairs that a sentence makes.
@Suite struct CandidateFinderTests {
  private func candidates(
    _ text: String, bothOrders: Bool = false, limit: Int? = nil, keepsNames: Bool = false,
    window: Int? = nil, second: KnowledgeBase? = nil
  ) throws -> SentenceCandidates {
    CandidateFinder(
      first: EntityNames(try companies()), second: second.map(EntityNames.init),
      bothOrders: bothOrders, limit: limit, keepsNames: keepsNames, window: window
    )
    .candidates(in: TextBatch(["no company here", text]))[1]
  }

  private func pairs(_ found: SentenceCandidates) -> [String] {
    found.candidates.map { "\($0.first.key)>\($0.second.key)" }
  }

  @Test func onePairPerTwoEntities() throws {
    let text = "Norvane Systems plc and Belltrick, says Norvane, sold Solvanta"
    let found = try candidates(text)
    #expect(pairs(found) == ["norvane>belltrick", "norvane>sol-es", "belltrick>sol-es"])
    #expect(found.mentions == 4 && found.ambiguous == 0 && found.tooFar == 0)
    #expect(
      found.candidates.map(\.text) == [
        "_FIRST_ and _SECOND_, says _FIRST_, sold _OTHER_",
        "_FIRST_ and _OTHER_, says _FIRST_, sold _SECOND_",
        "_OTHER_ and _FIRST_, says _OTHER_, sold _SECOND_",
      ])
    // The nearest mentions count.
    #expect(found.candidates[1].first.name == "Norvane")
    #expect(found.candidates[1].wordsBetween == 1)
    let both = try candidates(text, bothOrders: true)
    #expect(
      pairs(both) == [
        "norvane>belltrick", "norvane>sol-es", "belltrick>norvane", "belltrick>sol-es",
        "sol-es>norvane", "sol-es>belltrick",
      ])
    #expect(both.candidates[2].isReversed && !both.candidates[0].isReversed)
    #expect(both.candidates[2].text == "_SECOND_ and _FIRST_, says _SECOND_, sold _OTHER_")
  }

  @Test func placesAreThoseOfTheSentence() throws {
    let text = "ẞ 👍🏽 BELLTRICK — Gro\u{308}ße"
    let candidate = try #require(try candidates(text).candidates.first)
    let bytes = Array(text.utf8)
    for mention in [candidate.first, candidate.second] {
      #expect(String(decoding: bytes[mention.range], as: UTF8.self) == mention.name)
    }
    #expect(candidate.text == "ẞ 👍🏽 _FIRST_ — _SECOND_")
    #expect(try candidates(text, keepsNames: true).candidates[0].text == text)
  }

  @Test func pairsTooFarApart() throws {
    let text = "Norvane one two Belltrick three Solvanta"
    let found = try candidates(text, limit: 2)
    #expect(pairs(found) == ["norvane>belltrick", "belltrick>sol-es"])
    #expect(found.tooFar == 1)
  }

  @Test func windowsCutNoMention() throws {
    let text = "a b Solvanta S.A. c Norvane d Belltrick e f Norvane Energy g"
    func cut(_ window: Int) throws -> String? {
      try candidates(text, window: window).candidates
        .first { $0.first.key == "norvane" && $0.second.key == "belltrick" }?.text
    }
    #expect(try cut(0) == "_FIRST_ d _SECOND_")
    #expect(try cut(1) == "c _FIRST_ d _SECOND_ e")
    #expect(try cut(2) == "_OTHER_ c _FIRST_ d _SECOND_ e f")
    #expect(try cut(3) == "_OTHER_ c _FIRST_ d _SECOND_ e f _OTHER_")
    #expect(try cut(9) == "a b _OTHER_ c _FIRST_ d _SECOND_ e f _OTHER_ g")
  }

  @Test func namesOfSeveralEntities() throws {
    let alone = try candidates("Sol and Norvane")
    #expect(alone.candidates.isEmpty && alone.ambiguous == 1 && alone.mentions == 2)
    // Another name in the sentence tells which one is meant.
    let told = try candidates("Solmar rose; Sol met Norvane")
    #expect(pairs(told) == ["sol-pt>norvane"] && told.ambiguous == 0)
    #expect(told.candidates[0].text == "_FIRST_ rose; _FIRST_ met _SECOND_")
    let both = try candidates("Solmar and Solvanta are not Sol")
    #expect(pairs(both) == ["sol-pt>sol-es"] && both.ambiguous == 1)
  }

  @Test func twoBases() throws {
    let people = try base(
      "people", columns: ["id", "name"], names: ["name"],
      [["mara", "Mara Norvane"], ["kai", "Kai"]])
    let found = try candidates("Kai left Norvane for Mara Norvane and Belltrick", second: people)
    #expect(
      pairs(found) == ["norvane>kai", "norvane>mara", "belltrick>kai", "belltrick>mara"])
    #expect(found.mentions == 4)
  }

  @Test func nothingToPair() throws {
    for text in ["", "Norvane", "Norvane and Norvane Systems", "nobody"] {
      #expect(try candidates(text).candidates.isEmpty)
    }
  }
}
