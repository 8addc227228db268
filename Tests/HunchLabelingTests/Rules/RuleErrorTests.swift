import HunchLabeling
import Testing

/// What is wrong with a pack, and the exact words in which its author reads it.
@Suite struct RuleErrorTests {
  private enum Single: String, LabelSet { case only }

  private static let file = "Rules/Example.swift"

  private func keywords(_ name: String, _ words: [String] = ["x"], line: Int = 7) -> RuleDefinition
  {
    Keywords<Topic>(name, words, votes: .red, fileID: Self.file, line: line).definition
  }

  /// The message that a pack of these rules is refused with.
  private func message(_ rules: [RuleDefinition]) -> String? {
    message(RulePack("sample", for: Topic.self) { rules })
  }

  private func message(_ pack: RulePack, knowledge: [KnowledgeBase] = []) -> String? {
    do {
      try pack.validate()
      let bases = Dictionary(uniqueKeysWithValues: knowledge.map { ($0.name, $0) })
      _ = try RuleProgram(pack, functions: Array(pack.functions.indices), knowledge: bases)
      return nil
    } catch { return "\(error)" }
  }

  @Test func aSoundPackIsAccepted() { #expect(message([keywords("a"), keywords("b")]) == nil) }

  @Test func fewerThanTwoClasses() {
    let pack = RulePack("lonely", for: Single.self) { Keywords("a", ["x"], votes: .only) }
    #expect(
      message(pack)
        == "rule pack 'lonely' has fewer than two classes; add cases to its label enum")
  }

  @Test func aPackWithoutRules() {
    #expect(message([]) == "rule pack 'sample' has no rules; add one to its list")
  }

  @Test func aRuleWithoutAName() {
    let unnamed = Keywords<Topic>(["x"], votes: .red, fileID: Self.file, line: 9).definition
    #expect(
      message([keywords("a"), unnamed])
        == "Rules/Example.swift:9: rule number 2 of pack 'sample' has no name; give one as its "
        + "first argument (only the parts of a combined rule go without)")
  }

  @Test(arguments: ["", "two\nlines", "id"]) func badNames(_ name: String) {
    #expect(
      message([keywords(name)])
        == "Rules/Example.swift:7: a rule cannot be named '\(name)'; a name is one line of text and "
        + "not 'id', which is the column of the ids in files of votes")
  }

  @Test func duplicateNames() {
    #expect(
      message([keywords("same"), keywords("other", line: 8), keywords("same", line: 12)])
        == "Rules/Example.swift:12: a second rule is named 'same'; the first stands at "
        + "Rules/Example.swift:7. Rename one")
  }

  @Test func rulesThatNeverNameAClass() {
    let rules: [RuleDefinition] = [
      All<Topic>("r", fileID: Self.file, line: 7) { Keywords(["x"]) }.definition,
      AnyOf<Topic>("r", fileID: Self.file, line: 7) {
        Keywords(["x"], votes: .red)
        Keywords(["y"])
      }.definition,
      FirstOf<Topic>("r", fileID: Self.file, line: 7) { Heuristic { _ in true } }.definition,
      All<Topic>("r", fileID: Self.file, line: 7) { Gazetteer(in: "names") }
        .unless { Keywords(["z"], votes: .red) }.definition,
    ]
    for rule in rules {
      #expect(
        message([rule])
          == "Rules/Example.swift:7: rule 'r' can apply without naming a class; add 'votes:' to "
          + "it or to its parts")
    }
  }

  @Test(arguments: [[], [""], ["fine", " \t"]]) func emptyKeywords(_ words: [String]) {
    #expect(
      message([keywords("r", words)])
        == "Rules/Example.swift:7: rule 'r' has no keywords, or one that is blank and would match "
        + "anything")
  }

  @Test func blankKeywordsOfAPart() {
    let rule = All<Topic>("r", votes: .red, fileID: Self.file, line: 7) { Keywords([]) }
    #expect(message([rule.definition])?.contains("rule 'r' has no keywords") == true)
  }

  @Test func emptyCombinations() {
    let place = "Rules/Example.swift:7: rule 'r' has an empty list of parts in "
    #expect(
      message([All<Topic>("r", votes: .red, fileID: Self.file, line: 7) {}.definition])
        == place + "'all'")
    #expect(
      message([AnyOf<Topic>("r", votes: .red, fileID: Self.file, line: 7) {}.definition])
        == place + "'any'")
    #expect(
      message([FirstOf<Topic>("r", fileID: Self.file, line: 7) {}.definition])
        == place + "'first-of'")
  }

  @Test func aBadPatternShowsThePlace() {
    let rule = Pattern<Topic>("amount", #"total (\d+"#, votes: .red, fileID: Self.file, line: 7)
    #expect(
      message([rule.definition]) == """
        Rules/Example.swift:7: the pattern of rule 'amount' is not valid:
        missing closing parenthesis (character 11)
          total (\\d+
                    ^
        """)
  }

  @Test func aBadPatternOfAPart() {
    let rule = AnyOf<Topic>("r", votes: .red, fileID: Self.file, line: 7) { Pattern("a**b[") }
    #expect(
      message([rule.definition])?
        .hasPrefix("Rules/Example.swift:7: the pattern of rule 'r' is not valid:\n") == true)
  }

  @Test func aMissingBaseWithASuggestion() throws {
    let rule = Gazetteer<Topic>("r", in: "artist", votes: .red, fileID: Self.file, line: 7)
    let known = try base("artists", key: "name", "class", [["Björk", "red"]])
    #expect(
      message(pack([rule.definition]), knowledge: [known])
        == "Rules/Example.swift:7: rule 'r' looks into the knowledge base 'artist', which "
        + "hunch.yaml does not name; did you mean 'artists'?")
  }

  @Test func aMissingBaseWithoutANearOne() throws {
    let rule = KeyLookup<Topic>(
      "r", key: Field("page"), in: "towns", votes: .red, fileID: Self.file, line: 7)
    let start = "Rules/Example.swift:7: rule 'r' looks into the knowledge base 'towns', which "
    #expect(message(pack([rule.definition])) == start + "hunch.yaml does not name")
    let known = try ["persons", "artists"].map { try base($0, key: "k", "class", [["x", "red"]]) }
    #expect(
      message(pack([rule.definition]), knowledge: known)
        == start + "hunch.yaml does not name; bases there: artists, persons")
  }

  @Test func aMissingColumn() throws {
    let rule = Gazetteer<Topic>(
      "r", in: "artists", classColumn: "clas", fileID: Self.file, line: 7)
    let known = try base("artists", key: "name", "class", [["Björk", "red"]])
    #expect(
      message(pack([rule.definition]), knowledge: [known])
        == "Rules/Example.swift:7: rule 'r' reads column 'clas' of the knowledge base 'artists' "
        + "(artists.csv), which has none; did you mean 'class'?")
  }

  @Test func anUnknownClassInARow() throws {
    let rule = Gazetteer<Topic>(
      "r", in: "artists", classColumn: "class", fileID: Self.file, line: 7)
    let known = try base(
      "artists", key: "name", "class", [["Björk", "red"], ["Fela Kuti", ""], ["Sade", "Red"]])
    #expect(
      message(pack([rule.definition]), knowledge: [known])
        == "Rules/Example.swift:7: rule 'r': row 3 of the knowledge base 'artists' (artists.csv) "
        + "has a value in column 'class' that is no class; the classes are red, green, blue. "
        + "Correct it, or say what the values mean with 'classes:'")
  }

  @Test func placesAreThoseOfTheSource() throws {
    let line = #line + 1
    let rule = Keywords<Topic>("r", [], votes: .red)
    #expect(
      message([rule.definition])?.hasPrefix("HunchLabelingTests/RuleErrorTests.swift:\(line): ")
        == true)
  }
}
