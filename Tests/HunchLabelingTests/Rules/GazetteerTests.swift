import Foundation
import HunchLabeling
import HunchText
import TestSupport
import Testing

/// What gazetteers can be asked beside whether a name is there.
@Suite struct GazetteerTests {
  private func artists() throws -> KnowledgeBase {
    try KnowledgeBase(
      name: "artists", source: "artists.csv", columns: ["name", "country", "born"], key: "name",
      rows: [
        ["Édith Piaf", "FR", "1915"], ["Jacques Brel", " BE ", "1929"], ["Björk", "IS", "1965"],
        ["Brel", "", ""], ["Air", "FR", "1995"], ["Air", "US", "1940"],
      ])
  }

  @Test func entitiesAreChosenByTheirAttributes() throws {
    let texts = ["edith  piaf", "Édith\n\nPIAF", "Jacques Brel", "brel", "BJÖRK and air", "airs"]
    let base = try artists()
    func answers(_ rule: some Rule<Topic>) throws -> [Topic?] {
      try votes(rule, texts, knowledge: [base])
    }
    #expect(
      try answers(
        Gazetteer<Topic>("g", in: "artists", where: "country", is: "FR", votes: .red))
        == [nil, .red, nil, nil, .red, nil])
    #expect(
      try answers(
        Gazetteer<Topic>(
          "g", in: "artists", where: "country", is: ["FR", "BE"], votes: .red,
          options: [.ignoringDiacritics, .plurals])) == [.red, .red, .red, nil, .red, .red])
    #expect(
      try answers(
        Gazetteer<Topic>("g", in: "artists") { entity in
          entity.int("born").map { $0 < 1950 ? .blue : .green }
        }) == [nil, .blue, .blue, nil, .green, nil])
    #expect(
      try answers(
        All<Topic>("g", votes: .red) {
          Gazetteer(in: "artists", where: "country", is: "IS")
          Gazetteer(in: "artists", where: "country", is: "US")
        }.unless { Gazetteer(in: "artists", where: "born", is: "1915") })
        == [nil, nil, nil, nil, .red, nil])
    #expect(
      try answers(
        Gazetteer<Topic>(
          "g", in: "artists", classColumn: "country",
          classes: ["FR": .red, "US": .blue, "IS": .red],
          options: .caseSensitive)) == [nil, nil, nil, nil, nil, nil])
  }

  /// Few names are looked for among the literals, many by their index: that must not show.
  @Test(arguments: Repository.draws(30))
  func fewNamesAndManyAreFoundAlike(_ seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let alphabet = ["a", "b", "é", "É", "e\u{301}", " ", "  ", "-", "中", "s"]
    let rows =
      (0..<8).map { _ in
        [random.text(of: alphabet, length: 1...4), Topic.allCases[random.below(3)].rawValue]
      } + [["end", "red"]]
    let filling = (0..<9000).map { ["zz\($0)yy", ""] }
    let few = try base("names", key: "name", "class", rows)
    let many = try base("names", key: "name", "class", rows + filling)
    let texts = (0..<40).map { _ in random.text(of: alphabet, length: 0...10) }
    for value in UInt8(0)..<16 {
      let options = GazetteerOptions(rawValue: value)
      let rule = Gazetteer<Topic>("g", in: "names", classColumn: "class", options: options)
      let found = try votes(rule, texts, knowledge: [few])
      #expect(found == (try votes(rule, texts, knowledge: [many])), "options \(value)")
      let names = rows.enumerated().map { (name: $0.element[0], row: $0.offset) }
      let slow = texts.map { text in
        // The longer of two names counts in letters that are composed.
        let composed = text.precomposedStringWithCanonicalMapping
        let mentioned = NaiveMentions.find(names, in: composed, options).flatMap(\.rows)
        return Slow.majority(mentioned.map { Topic(rawValue: rows[$0][1]) })
      }
      #expect(slow.map { if case .votes(let topic) = $0 { topic } else { nil } } == found)
    }
  }

  @Test func columnsThatAreNotThere() throws {
    let base = try artists()
    func message(_ rule: some Rule<Topic>) -> String? {
      do {
        try RuleProgram.check(pack([rule.definition]), knowledge: ["artists": base])
        return nil
      } catch { return "\(error)" }
    }
    let wanted =
      "Example.swift:3: rule 'g' reads column 'contry' of the knowledge base 'artists' "
      + "(artists.csv), which has none; did you mean 'country'?"
    #expect(
      message(
        Gazetteer<Topic>(
          "g", in: "artists", where: "contry", is: "FR", votes: .red, fileID: "Example.swift",
          line: 3)) == wanted)
    #expect(
      message(
        Gazetteer<Topic>("g", in: "artists", fileID: "Example.swift", line: 3) {
          $0["contry"] == "FR" ? .red : nil
        }) == wanted)
    // A closure that asks for it now and then is reported where it does.
    let late = Gazetteer<Topic>("g", in: "artists") {
      $0.key == "Björk" ? ($0["born?"] == nil ? .red : .green) : .blue
    }
    let result = try evaluate(
      pack([late.definition]), [SampleDocument(text: "air"), SampleDocument(text: "björk")],
      knowledge: [base])
    #expect(result.columns == [[2, -1]])
    #expect(result.failures.map(\.document) == [1])
    #expect(result.failures.first?.reason == "the knowledge base has no column 'born?'")
  }

  @Test func onlyWhatVotesIsMarked() throws {
    let base = try artists()
    func marked(_ rule: some Rule<Topic>) -> [String] {
      let text = "Air, JACQUES  BREL, Bjo\u{308}rks, edith piaf"
      let utf8 = Array(text.utf8)
      return MatchFinder(rule.definition, knowledge: ["artists": base]).ranges(in: text).map {
        String(decoding: utf8[$0], as: UTF8.self)
      }
    }
    #expect(
      marked(
        Gazetteer<Topic>(
          "g", in: "artists", votes: .red, options: [.plurals, .ignoringDiacritics]))
        == ["Air", "JACQUES  BREL", "Bjo\u{308}rks", "edith piaf"])
    #expect(
      marked(Gazetteer<Topic>("g", in: "artists", where: "country", is: "BE", votes: .red))
        == ["JACQUES  BREL"])
    #expect(
      marked(Gazetteer<Topic>("g", in: "artists") { $0.int("born") == 1995 ? .red : nil })
        == ["Air"])
  }

  @Test func whatARuleAsksForIsPartOfItsForm() {
    func form(_ rule: some Rule<Topic>) -> CanonicalForm {
      CanonicalForm(rule.definition, labels: Topic.names)
    }
    let texts = [
      Gazetteer<Topic>("g", in: "a", votes: .red),
      Gazetteer<Topic>("g", in: "a", votes: .red, options: .plurals),
      Gazetteer<Topic>("g", in: "a", where: "c", is: "x", votes: .red),
      Gazetteer<Topic>("g", in: "a", where: "c", is: ["x", "y"], votes: .red),
      Gazetteer<Topic>("g", in: "a", where: "d", is: "x", votes: .red),
    ].map { form($0).text }
    #expect(Set(texts).count == texts.count)
    #expect(!form(Gazetteer<Topic>("g", in: "a", votes: .red)).hasClosure)
    #expect(form(Gazetteer<Topic>("g", in: "a") { _ in .red }).hasClosure)
  }
}
