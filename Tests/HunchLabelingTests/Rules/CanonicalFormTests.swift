import HunchLabeling
import Testing

/// What a stored vote is found again by: nothing that leaves the votes as they are may change it,
/// everything that can change a vote must.
@Suite struct CanonicalFormTests {
  private enum Swapped: String, LabelSet { case green, red, blue }
  private enum Longer: String, LabelSet { case red, green, blue, white }

  private func form(_ rule: some Rule<Topic>) -> String {
    CanonicalForm(rule.definition, labels: Topic.names).text
  }

  @Test func namesDescriptionsAndPlacesDoNotCount() {
    let rule = Keywords<Topic>("a", ["x"], votes: .red)
    #expect(form(rule) == form(Keywords<Topic>("b", ["x"], votes: .red)))
    #expect(form(rule) == form(rule.described("what it is for")))
    #expect(form(rule) == form(Keywords<Topic>("a", ["x"], votes: .red, line: 99)))
    let heuristic = Heuristic<Topic>("h") { _ in .red }
    #expect(form(heuristic) == form(Heuristic<Topic>("k") { _ in .blue }.described("other")))
  }

  @Test func everyChangeOfADefinitionCounts() {
    let forms: [String] = [
      form(Keywords<Topic>("r", ["x"], votes: .red)),
      form(Keywords<Topic>("r", ["x"], votes: .blue)),
      form(Keywords<Topic>("r", ["X"], votes: .red)),
      form(Keywords<Topic>("r", ["x", "y"], votes: .red)),
      form(Keywords<Topic>("r", ["y", "x"], votes: .red)),
      form(Keywords<Topic>("r", ["x y"], votes: .red)),
      form(Keywords<Topic>("r", ["x"], matching: .substrings, votes: .red)),
      form(Keywords<Topic>("r", ["x"], caseSensitive: true, votes: .red)),
      form(Keywords<Topic>("r", ["x"], votes: .red).unless { Keywords(["y"]) }),
      form(Keywords<Topic>("r", ["x"], votes: .red).unless { Keywords(["z"]) }),
      form(Keywords<Topic>("r", ["x"], votes: .red).unless { Pattern("z") }),
      form(Pattern<Topic>("r", "x", votes: .red)),
      form(Pattern<Topic>("r", "y", votes: .red)),
      form(Pattern<Topic>("r", "x", options: .multiline, votes: .red)),
      form(Pattern<Topic>("r", "x", votes: .green)),
      form(Pattern<Topic>("r", "x") { _ in .red }),
      form(Heuristic<Topic>("r") { _ in .red }),
      form(Heuristic<Topic>("r", reading: Field<Int>("a")) { _, _ in .red }),
      form(Heuristic<Topic>("r", reading: Field<Int>("b")) { _, _ in .red }),
      form(Gazetteer<Topic>("r", in: "b", votes: .red)),
      form(Gazetteer<Topic>("r", in: "b", votes: .blue)),
      form(Gazetteer<Topic>("r", in: "b", classColumn: "c")),
      form(Gazetteer<Topic>("r", in: "b", classColumn: "d")),
      form(Gazetteer<Topic>("r", in: "b", classColumn: "c", classes: ["v": .red])),
      form(Gazetteer<Topic>("r", in: "b", classColumn: "c", classes: ["v": .blue])),
      form(Gazetteer<Topic>("r", in: "b", classColumn: "c", classes: ["w": .red])),
      form(KeyLookup<Topic>("r", key: Field("f"), in: "b", votes: .red)),
      form(KeyLookup<Topic>("r", key: Field("g"), in: "b", votes: .red)),
      form(KeyLookup<Topic>("r", key: Field("f"), separatedBy: ",", in: "b", votes: .red)),
      form(KeyLookup<Topic>("r", key: Field("f"), separatedBy: ";", in: "b", votes: .red)),
      form(All<Topic>("r", votes: .red) { Keywords(["x"]) }),
      form(All<Topic>("r") { Keywords(["x"], votes: .red) }),
      form(AnyOf<Topic>("r", votes: .red) { Keywords(["x"]) }),
      form(FirstOf<Topic>("r") { Keywords(["x"], votes: .red) }),
      form(
        FirstOf<Topic>("r") {
          Keywords(["x"], votes: .red)
          Keywords(["y"], votes: .red)
        }),
      form(
        FirstOf<Topic>("r") {
          Keywords(["y"], votes: .red)
          Keywords(["x"], votes: .red)
        }),
    ]
    for (index, form) in forms.enumerated() {
      #expect(forms.firstIndex(of: form) == index, "\(form)")
    }
  }

  @Test func theLibraryThatMatchesPatternsCountsForThemAlone() {
    func form(_ rule: some Rule<Topic>, _ library: String) -> String {
      CanonicalForm(rule.definition, labels: Topic.names, library: library).text
    }
    let words = Keywords<Topic>("r", ["x"], votes: .red)
    #expect(form(words, "10.42") == form(words, "10.43"))
    // Before 10.43 the braces are characters.
    let pattern = Pattern<Topic>("r", "x{,20}", votes: .red)
    for rule in [pattern.definition, words.unless { Pattern("x{,20}") }.definition] {
      let forms = ["10.42", "10.43", PatternMatcher.libraryVersion].map {
        CanonicalForm(rule, labels: Topic.names, library: $0).text
      }
      #expect(Set(forms).count == 3)
      #expect(CanonicalForm(rule, labels: Topic.names).text == forms[2])
    }
    #expect(PatternMatcher.libraryVersion.contains("10."))
  }

  @Test func contentThatLooksLikeStructureIsNotMistakenForIt() {
    let quoted = form(Keywords<Topic>("r", ["x 1:y"], votes: .red))
    #expect(quoted != form(Keywords<Topic>("r", ["x", "y"], votes: .red)))
    let nested = form(All<Topic>("r", votes: .red) { All { Keywords(["x"]) } })
    #expect(nested != form(All<Topic>("r", votes: .red) { Keywords(["x"]) }))
  }

  @Test func differentSpellingsAreDifferentKeywords() {
    // Matching treats them alike, but a canonical form must not depend on string equality.
    let composed = Keywords<Topic>("r", ["\u{E9}"], votes: .red)
    let decomposed = Keywords<Topic>("r", ["e\u{301}"], votes: .red)
    #expect(Array(form(composed).utf8) != Array(form(decomposed).utf8))
  }

  @Test func classesCountWhereVotesDependOnTheirNames() {
    let column = Gazetteer<Topic>("r", in: "b", classColumn: "c").definition
    let key = All<Topic>("r") { KeyLookup("k", key: Field("f"), in: "b", classColumn: "c") }
    let closure = Heuristic<Topic>("r") { _ in .red }.definition
    for definition in [column, key.definition, closure] {
      let text = CanonicalForm(definition, labels: Topic.names).text
      // The same row or closure votes for another index when the order of the classes changes.
      #expect(text != CanonicalForm(definition, labels: Swapped.names).text)
      #expect(text != CanonicalForm(definition, labels: Longer.names).text)
    }
  }

  @Test func closuresAndBasesAreReported() {
    let rule = FirstOf<Topic>("r") {
      Gazetteer("g", in: "second", votes: .red)
      KeyLookup("k", key: Field("f"), in: "first", votes: .red)
      Heuristic("h") { _ in .red }
    }
    let form = CanonicalForm(rule.definition, labels: Topic.names)
    #expect(form.bases == ["second", "first"])
    #expect(form.hasClosure)
    let plain = CanonicalForm(Keywords<Topic>("r", ["x"], votes: .red).definition, labels: [])
    #expect(plain.bases == [])
    #expect(!plain.hasClosure)
    let pattern = Pattern<Topic>("r", "x") { _ in nil }
    #expect(CanonicalForm(pattern.definition, labels: []).hasClosure)
  }
}
