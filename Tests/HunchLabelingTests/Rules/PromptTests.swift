import HunchLabeling
import HunchText
import Testing

/// Rules that ask a language model.
struct PromptTests {
  private enum Topic: String, LabelSet { case complaint, praise }

  private func pack(@RuleBuilder<Topic> _ rules: () -> [RuleDefinition]) -> RulePack {
    RulePack("asked", for: Topic.self, rules: rules)
  }

  private func problem(@RuleBuilder<Topic> _ rules: () -> [RuleDefinition]) -> String? {
    do {
      try pack(rules).validate()
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func isARule() throws {
    let pack = pack {
      Prompt("is_complaint", ask: "Is it one?", answers: ["yes": .complaint, "no": nil])
        .described("asks whether somebody complains")
    }
    try pack.validate()
    #expect(pack.functions[0].kind == "prompt")
    #expect(pack.functions[0].summary == "asks whether somebody complains")
    let prompt = try #require(pack.functions[0].prompt)
    #expect(prompt.answers.map(\.text) == ["yes", "no"])
    #expect(prompt.answers.map(\.vote) == [0, -1])
    // The program itself asks nothing.
    let program = try RuleProgram(pack, functions: [0], knowledge: [:])
    let votes = program.makeWorker().evaluate(
      DocumentBatch(texts: TextBatch(["I complain"]), fields: [:]))
    #expect(votes.columns[0][0] == -1)
  }

  @Test func whatCanBeWrong() {
    #expect(
      problem { Prompt("p", ask: " \n", answers: ["yes": .praise]) }?.contains("question") == true)
    #expect(problem { Prompt("p", ask: "?", answers: [:]) }?.contains("no answers") == true)
    #expect(
      problem { Prompt("p", ask: "?", answers: ["yes": .praise, "..": nil]) }?
        .contains("without letters") == true)
    #expect(
      problem { Prompt("p", ask: "?", answers: ["Yes": .praise, "no": nil, "“yes”!": nil]) }?
        .contains("'Yes' and '“yes”!'") == true)
    #expect(
      problem { Prompt("p", ask: "?", answers: ["yes": nil, "no": nil]) }?
        .contains("no answer that votes") == true)
    #expect(problem { Prompt("p", ask: "?", answers: ["STRASSE": .praise, "straße": nil]) } == nil)
  }

  @Test("a question stands by itself")
  func inside() {
    let place = "asks a language model; a Prompt stands by itself"
    let prompt = Prompt<Topic>("p", ask: "?", answers: ["yes": .praise])
    #expect(problem { All("a") { prompt } }?.contains(place) == true)
    #expect(problem { AnyOf("a", votes: .praise) { FirstOf { prompt } } }?.contains(place) == true)
    #expect(problem { prompt.unless { Keywords(["x"]) } }?.contains(place) == true)
    #expect(
      problem { Keywords("k", ["x"], votes: .praise).unless { prompt } }?.contains(place) == true)
    let sliced = RulePack("asked", for: Topic.self) {
      Keywords("k", ["x"], votes: .praise)
    } slices: {
      Slice("s") { prompt }
    }
    #expect(throws: RuleError.self) { try sliced.validate() }
  }

  @Test func answersAreRecognised() throws {
    let rule = PromptRule(
      question: "?",
      answers: [
        .init(text: "yes", vote: 0), .init(text: "not sure", vote: -1), .init(text: "-1", vote: 1),
      ])
    for words in ["yes", "Yes.", " \"YES\"\n", "**yes**", "«yes»!", "'Yes,'", "yes。", "`yes`;"] {
      #expect(rule.answer(in: words) == 0, "\(words)")
    }
    #expect(rule.answer(in: "Not sure?") == 1 && rule.answer(in: " -1.") == 2)
    for words in ["", "yes, it is", "yes no", "y", "yeß", "not  sure", "1", "(yes)", "Answer: yes"]
    {
      #expect(rule.answer(in: words) == nil, "\(words)")
    }
  }

  @Test func canonicalForms() {
    func form(
      _ name: String = "p", _ question: String = "?", _ label: Topic = .praise,
      instructions: String? = nil, model: String? = nil
    ) -> String {
      CanonicalForm(
        Prompt<Topic>(
          name, ask: question, answers: ["yes": label, "no": nil], instructions: instructions,
          model: model
        ).definition, labels: Topic.names
      ).text
    }
    #expect(form() == form("another"))
    let forms = [
      form(), form("p", "!"), form("p", "?", .complaint), form(instructions: "x"), form(model: "x"),
    ]
    #expect(Set(forms).count == forms.count)
  }
}
