import HunchLabeling
import HunchText
import Testing

/// The rule that votes where no other does.
struct OtherwiseTests {
  private enum Topic: String, LabelSet { case card, loan, other }

  private func problem(@RuleBuilder<Topic> _ rules: () -> [RuleDefinition]) -> String? {
    do {
      try RulePack("topics", for: Topic.self, rules: rules).validate()
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func fillsDocumentsWithoutAnyOtherVote() {
    var columns: [[Int16]] = [[-1, 0, -1, -1], [], [9, 9, 9, 9], [-1, -1, 1, -1], []]
    OtherwiseVotes.fill(&columns, classes: [nil, nil, 2, nil, 1], count: 4)
    #expect(columns == [[-1, 0, -1, -1], [], [2, -1, -1, 2], [-1, -1, 1, -1], [1, -1, -1, 1]])
    var alone: [[Int16]] = [[]]
    OtherwiseVotes.fill(&alone, classes: [0], count: 2)
    #expect(alone == [[0, 0]])
    var none: [[Int16]] = [[], [1]]
    OtherwiseVotes.fill(&none, classes: [nil, nil], count: 1)
    #expect(none == [[], [1]])
  }

  @Test func standsByItself() {
    #expect(
      problem {
        Keywords("card", ["card"], votes: .card)
        Otherwise("other", votes: .other).described("everything else")
      } == nil)
    for text in [
      problem { All("all", votes: .card) { Otherwise("other", votes: .other) } },
      problem { Keywords("card", ["card"], votes: .card).unless { Otherwise("o", votes: .other) } },
      problem { Otherwise("other", votes: .other).unless { Keywords<Topic>(["card"]) } },
    ] {
      #expect(text?.contains("an Otherwise stands by itself") == true, "\(text ?? "no error")")
    }
  }

  @Test func saysWhatItIs() throws {
    let pack = RulePack("topics", for: Topic.self) {
      Keywords("card", ["card"], votes: .card)
      Otherwise("other", votes: .other)
    }
    func form(_ rule: RuleDefinition) -> String {
      CanonicalForm(rule, labels: pack.labels).text
    }
    let rule = pack.functions[1]
    #expect(rule.kind == "otherwise" && rule.otherwise == 2)
    #expect(rule.sketch(labels: pack.labels) == "where no other function votes → other")
    let loan = RulePack("topics", for: Topic.self) { Otherwise("other", votes: .loan) }.functions[0]
    #expect(form(rule) != form(loan))
  }

  @Test func examplesSeeTheOtherRules() throws {
    let pack = RulePack("topics", for: Topic.self) {
      Keywords("card", ["card"], votes: .card)
      Prompt("asks", ask: "A loan?", answers: ["yes": .loan])
      Otherwise("other", votes: .other)
        .expects(["my card": nil, "good morning": .other, "hello": nil])
    }
    let result = try pack.runExamples(knowledge: [:])
    #expect(result.run == 3 && result.skipped == 0)
    #expect(result.failed.map(\.example.number) == [3])
    #expect(result.failed.map(\.voted) == [2])
  }
}
