import HunchLabeling
import Testing

@Suite struct ExampleTests {
  @Test func examplesAreRunOnEveryKindOfRule() throws {
    let names = try base("fruit", key: "name", "class", [["kiwi", "green"], ["plum", "blue"]])
    let pack = RulePack("p", for: Topic.self) {
      Keywords("words", ["red"], votes: .red).expects(["RED!": .red, "reddish": nil, "": nil])
      Pattern("digits", #"\d+"#, votes: .blue).expects(["12": .blue, "twelve": .blue])
      Heuristic("long", reading: Field<Int>("size")) { _, size in size ?? 0 > 9 ? .green : nil }
        .expects([Example("x", fields: ["size": "10"]): .green, "x": nil])
      Gazetteer("fruit", in: "fruit", classColumn: "class")
        .expects(["a kiwi": .green, "a plum": .green])
      FirstOf("first") {
        Keywords(["a"], votes: .red)
        Keywords(["b"], votes: .blue)
      }.expects(["b a": .red, "b": .red])
      Prompt("asked", ask: "?", answers: ["yes": .red]).expects(["x": .red])
    } slices: {
      Slice("short") { Heuristic { $0.words.count < 2 } }
    }
    try pack.validate()
    let result = try pack.runExamples(knowledge: ["fruit": names])
    #expect(result.run == 11)
    #expect(result.skipped == 1)
    #expect(result.failed.map(\.function) == [1, 3, 4])
    #expect(result.failed.map(\.example.number) == [2, 2, 2])
    #expect(result.failed.map(\.example.vote) == [2, 1, 0])
    #expect(result.failed.map(\.voted) == [-1, 2, 2])
    #expect(result.failed[0].example.place.line == #line - 21)
  }

  @Test func examplesOfAPartAreAnError() {
    let parts: [RuleDefinition] = [
      All<Topic>("r", votes: .red) { Keywords(["x"]).expects(["x": .red]) }.definition,
      Keywords<Topic>("r", ["x"], votes: .red).unless { Keywords(["y"]).expects(["y": nil]) }
        .definition,
      AnyOf<Topic>("r", votes: .red) { All { Pattern("x").expects([:]).expects(["y": nil]) } }
        .definition,
    ]
    for part in parts {
      let pack = RulePack("p", for: Topic.self) { [part] }
      #expect(throws: RuleError.self) { try pack.validate() }
    }
  }
}
