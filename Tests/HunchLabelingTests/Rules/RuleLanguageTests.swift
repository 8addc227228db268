import HunchLabeling
import HunchText
import Testing

/// The rule language: lists, fields, knowledge, combinations and failures.
@Suite struct RuleLanguageTests {
  // MARK: - Lists

  @Test(arguments: [true, false]) func listsTakeLoopsAndConditions(_ isWide: Bool) {
    let extra = [Keywords<Topic>("made_elsewhere", ["x"], votes: .red).definition]
    let pack = RulePack("lists", for: Topic.self, summary: "A task") {
      Keywords("first", ["x"], votes: .red)
      for word in ["please", "plz"] { Keywords("asks_\(word)", [word], votes: .green) }
      if isWide {
        Keywords("wide", ["x"], votes: .red)
      } else {
        Keywords("narrow", ["x"], votes: .red)
        Keywords("narrower", ["x"], votes: .red)
      }
      if !isWide { Pattern("only_narrow", "x", votes: .blue) }
      extra
    }
    let middle = isWide ? ["wide"] : ["narrow", "narrower", "only_narrow"]
    #expect(
      pack.functions.map(\.name) == ["first", "asks_please", "asks_plz"] + middle + [
        "made_elsewhere"
      ]
    )
    #expect(pack.labels == ["red", "green", "blue"])
    #expect(pack.summary == "A task")
  }

  @Test func modifiersKeepTheRest() {
    let rule = Keywords<Topic>("k", ["x"], votes: .red).described("line")
      .unless { Keywords(["y"]) }.expects(["x": .red, "x y": nil]).expects(["": nil])
    #expect(rule.definition.name == "k")
    #expect(rule.definition.summary == "line")
    #expect(rule.definition.kind == "keywords")
    #expect(rule.definition.examples.map(\.number) == [1, 2, 3])
    #expect(rule.definition.examples.map(\.vote) == [0, -1, -1])
  }

  // MARK: - Patterns with closures

  @Test func groupsReachTheClosure() throws {
    let rule = Pattern<Topic>("amount", #"(?<amount>\d+) (?<unit>eur|usd)(?<rest> now)?"#) {
      match in
      if match["rest"] != nil { return .blue }
      return Int(match["amount"] ?? "") ?? 0 > 5_000 && match["unit"] == "EUR" ? .red : nil
    }
    #expect(
      try votes(rule, ["9000 EUR", "9000 usd", "100 EUR", "1 usd now", "EUR"])
        == [.red, nil, nil, .blue, nil])
  }

  @Test func theFirstMatchDecides() throws {
    let rule = Pattern<Topic>("n", #"(\d)"#) { $0[1] == "1" ? .red : .green }
    #expect(try votes(rule, ["1 2", "2 1", ""]) == [.red, .green, nil])
  }

  @Test func optionsOfPatterns() throws {
    let texts = ["ab\nCD"]
    func vote(_ pattern: String, _ options: PatternOptions) throws -> Topic? {
      try votes(Pattern<Topic>("p", pattern, options: options, votes: .red), texts)[0]
    }
    #expect(try vote("cd", []) == .red)
    #expect(try vote("cd", .caseSensitive) == nil)
    #expect(try vote("^cd", []) == nil)
    #expect(try vote("^cd", .multiline) == .red)
    #expect(try vote("b.c", []) == nil)
    #expect(try vote("b.c", .dotMatchesNewlines) == .red)
    #expect(try vote("a b # letters", .extended) == .red)
    #expect(try vote("a b # letters", []) == nil)
  }

  // MARK: - Documents and fields

  @Test func whatAHeuristicSees() throws {
    let text = "Äpfel  kosten 3 €, oder? 👍🏽"
    func check(_ condition: @escaping @Sendable (Document) -> Bool) throws -> Bool {
      try votes(Heuristic<Topic>("h") { condition($0) ? .red : nil }, [text])[0] == .red
    }
    #expect(try check { $0.text == text })
    #expect(try check { $0.lowercased == text.lowercased() })
    #expect(try check { $0.words.map(String.init) == ["Äpfel", "kosten", "3", "oder"] })
    #expect(try check { $0.words.count == 4 && $0.words.last == "oder" })
    #expect(try check { $0.characterCount == text.count })
    #expect(try check { $0.byteCount == text.utf8.count })
    #expect(try check { $0.contains("ÄPFEL") && $0.contains("€") && !$0.contains("birne") })
    #expect(try check { $0.contains("") })
  }

  @Test func anEmptyDocumentIsADocument() throws {
    let rule = Heuristic<Topic>("h") { document in
      document.text.isEmpty && document.words.isEmpty && document.characterCount == 0
        && !document.contains("a") && document.contains("") ? .green : .red
    }
    #expect(try votes(rule, ["", "x", ""]) == [.green, .red, .green])
  }

  private static let cells: [FieldContent] = [
    .null, .integer(1), .integer(-7), .real(2), .real(2.5), .text("3"), .text("3.5"), .text("yes"),
    .text("FALSE"), .text(""),
  ]

  @Test func fieldsAreReadAsTheirType() throws {
    let documents = Self.cells.map { SampleDocument(text: "", fields: ["f": $0]) }
    func read<Value: FieldValue & Equatable>(_ expected: [Value?]) throws {
      for (index, value) in expected.enumerated() {
        let rule = Heuristic<Topic>("h", reading: Field<Value>("f")) { $1 == value ? .red : nil }
        #expect(
          try votes(rule, [documents[index]]) == [.red], "\(Value.self) of \(Self.cells[index])")
      }
    }
    try read([nil, 1, -7, 2, nil, 3, nil, nil, nil, nil] as [Int?])
    try read([nil, 1, -7, 2, 2.5, 3, 3.5, nil, nil, nil] as [Double?])
    try read([nil, true, nil, nil, nil, nil, nil, true, false, nil] as [Bool?])
    try read(
      [nil, "1", "-7", "2.0", "2.5", "3", "3.5", "yes", "FALSE", ""] as [String?])
  }

  @Test func severalFieldsComeInTheOrderNamed() throws {
    let rule = Heuristic<Topic>(
      "h", reading: Field<String>("b"), Field<Int>("a"), Field<Double>("b")
    ) { _, name, number, other in
      guard name == "x", number == 2, other == nil else { return nil }
      return .blue
    }
    let document = SampleDocument(text: "", fields: ["a": .integer(2), "b": .text("x")])
    #expect(try votes(rule, [document]) == [.blue])
    #expect(pack([rule.definition]).fields(of: [0]) == ["a", "b"])
  }

  // MARK: - Knowledge

  @Test func gazetteersTakeTheLongestName() throws {
    let papers = try base(
      "papers", key: "name", "class",
      [["New York", "red"], ["New York Times", "green"], ["Times", "blue"], ["York", ""]])
    let rule = Gazetteer<Topic>("g", in: "papers", classColumn: "class")
    #expect(
      try votes(
        rule,
        [
          "the NEW YORK TIMES", "new york", "New York, Times", "times", "York", "New Yorker",
          "Times, New York and New York", "nothing",
        ], knowledge: [papers]) == [.green, .red, nil, .blue, nil, nil, .red, nil])
    let any = Gazetteer<Topic>("g", in: "papers", votes: .blue)
    #expect(try votes(any, ["York", "New Yorker"], knowledge: [papers]) == [.blue, nil])
  }

  @Test func valuesCanBeTranslated() throws {
    let papers = try base(
      "papers", key: "name", "genre",
      [["a", "pop"], ["b", "jazz"], ["c", "noise"], ["A", "jazz"]])
    let rule = Gazetteer<Topic>(
      "g", in: "papers", classColumn: "genre", classes: ["pop": .red, "jazz": .green])
    // Two rows name 'a', for different classes: a tie.
    #expect(
      try votes(rule, ["a", "b", "c", "a b", ""], knowledge: [papers])
        == [nil, .green, nil, .green, nil])
  }

  @Test func keysAreLookedUp() throws {
    let tags = try base(
      "tags", key: "tag", "class",
      [["Use::Editing", "red"], ["game", "green"], ["Ẹkọ", "blue"], ["plain", ""]])
    let keys = [
      "use::editing", " GAME ", "game, use::editing", "e\u{323}ko\u{323}", "plain", "",
    ]
    let cells = keys.map(FieldContent.text) + [.null, .integer(1)]
    let documents = cells.map { SampleDocument(text: "game", fields: ["t": $0]) }
    let whole = KeyLookup<Topic>("k", key: Field("t"), in: "tags", classColumn: "class")
    #expect(
      try votes(whole, documents, knowledge: [tags])
        == [Topic.red, .green, nil, .blue, nil, nil, nil, nil])
    let split = KeyLookup<Topic>("k", key: Field("t"), separatedBy: ",", in: "tags", votes: .blue)
    #expect(
      try votes(split, documents, knowledge: [tags])
        == [Topic.blue, .blue, .blue, .blue, .blue, nil, nil, nil])
  }

  // MARK: - Failures

  @Test func aPatternThatGivesUpAbstainsAndIsReported() throws {
    let hopeless = String(repeating: "a", count: 3_000) + "b"
    let rules = pack([
      Keywords<Topic>("k", ["a"], votes: .red).definition,
      Pattern<Topic>("p", #"^(a+)+$"#, votes: .green).definition,
      Pattern<Topic>("q", #"^(?<g>(a+)+)$"#) { _ in .blue }.definition,
      AnyOf<Topic>("c", votes: .green) {
        Pattern(#"^(a+)+$"#)
        Pattern(#"^(a+)+$"#)
        Keywords(["a"])
      }.definition,
    ])
    let result = try evaluate(
      rules, ["a", hopeless, "aaa", hopeless + " a"].map { SampleDocument(text: $0) })
    #expect(result.columns[0] == [0, -1, -1, 0])
    #expect(result.columns[1] == [1, -1, 1, -1])
    #expect(result.columns[2] == [2, -1, 2, -1])
    #expect(result.columns[3] == [1, -1, 1, 1])
    #expect(
      result.failures.map { [$0.document, $0.function] }
        == [[1, 1], [1, 2], [1, 3], [3, 1], [3, 2], [3, 3]])
    #expect(Set(result.failures.map(\.reason)) == ["match limit exceeded"])
  }

  @Test func aWorkerForgetsTheFailuresOfTheLastBatch() throws {
    let rules = pack([Pattern<Topic>("p", #"^(a+)+$"#, votes: .green).definition])
    let worker = try RuleProgram(rules, functions: [0], knowledge: [:]).makeWorker()
    let hopeless = DocumentBatch(texts: TextBatch([String(repeating: "a", count: 3_000) + "b"]))
    #expect(worker.evaluate(hopeless).failures.count == 1)
    #expect(worker.evaluate(DocumentBatch(texts: TextBatch(["a"]))).failures.isEmpty)
    #expect(worker.evaluate(hopeless).failures.count == 1)
  }

  @Test func someFunctionsOfAPackCanBeRunAlone() throws {
    let rules = pack([
      Keywords<Topic>("k", ["x"], votes: .red).definition,
      Heuristic<Topic>("h", reading: Field<Int>("f")) { _, _ in .green }.definition,
      Pattern<Topic>("p", "y", votes: .blue).definition,
    ])
    let program = try RuleProgram(rules, functions: [2, 0], knowledge: [:])
    #expect(program.fields == [])
    let result = program.makeWorker().evaluate(DocumentBatch(texts: TextBatch(["x", "y", "z"])))
    #expect(result.columns[0] == .sparse(documents: [1], vote: 2))
    #expect(result.columns[1] == .sparse(documents: [0], vote: 0))
  }
}
