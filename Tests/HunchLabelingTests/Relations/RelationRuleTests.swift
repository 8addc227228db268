import HunchLabeling
import HunchText
import Testing

/// Rules about the relation of two mentions.
@Suite struct RelationRuleTests {
  private func votes(
    _ rule: some Rule<Topic>, _ documents: [SampleDocument]
  ) throws -> [Topic?] {
    try HunchLabelingTests.votes(rule, documents, knowledge: [try companies(), try deals()])
  }

  // MARK: - Known relations

  private let pairs = [
    pairDocument("", "norvane", "belltrick"), pairDocument("", "belltrick", "norvane"),
    pairDocument("", "Belltrick Ltd", "Solvanta"), pairDocument("", "NORVANE", "Sol"),
    pairDocument("", "sol-pt", "straße"), pairDocument("", "Sol", "GRÖSSE"),
    pairDocument("", "Sol", "Gro\u{308}ße"), pairDocument("", "unknown brothers", "Norvane"),
    pairDocument("", nil, "belltrick"), pairDocument("", "norvane", " "),
  ]

  @Test func knownRelationsInTheirOrder() throws {
    let rule = Related<Topic>(
      "r", companyPair, in: "deals", from: "buyer", to: "target", votes: .red)
    #expect(
      try votes(rule, pairs) == [.red, nil, .red, nil, .red, nil, .red, .red, nil, nil])
  }

  @Test func theOtherOrderAndEither() throws {
    let reverse = Related<Topic>(
      "r", companyPair, in: "deals", from: "target", to: "buyer", votes: .red)
    #expect(try votes(reverse, Array(pairs[0...3])) == [nil, .red, nil, nil])
    let either = Related<Topic>(
      "r", companyPair, in: "deals", from: "buyer", to: "target", inEitherOrder: true, votes: .red)
    #expect(try votes(either, Array(pairs[0...3])) == [.red, .red, .red, nil])
  }

  @Test func withoutABaseOfEntitiesNamesAreCompared() throws {
    let rule = Related<Topic>(
      "r", plainPair, in: "deals", from: "buyer", to: "target", votes: .red)
    #expect(
      try votes(
        rule,
        [
          pairDocument("", "norvane systems", "BELLTRICK"),
          pairDocument("", "norvane", "belltrick"),
        ]) == [.red, nil])
  }

  @Test func aClosureSeesTheRows() throws {
    let rule = Related<Topic>(
      "r", companyPair, in: "deals", from: "buyer", to: "target", inEitherOrder: true
    ) { deal in
      guard let year = Int(deal["year"] ?? ""), year > 2020 else { return nil }
      return deal.isReversed ? .blue : .green
    }
    // Norvane and Belltrick have two rows, the first too old.
    #expect(try votes(rule, Array(pairs[0...4])) == [.green, .blue, .green, nil, nil])
  }

  @Test func knownRelationsAsAPart() throws {
    let rule = All<Topic>("r", votes: .red) {
      Related(companyPair, in: "deals", from: "buyer", to: "target")
      Keywords(["buys"])
    }
    let documents = [
      pairDocument("it buys", "norvane", "belltrick"), pairDocument("it", "norvane", "belltrick"),
    ]
    #expect(try votes(rule, documents) == [.red, nil])
  }

  // MARK: - Regions

  private let news = [
    "Norvane buys Belltrick at once", "Belltrick buys Norvane at once",
    "Today Belltrick and Norvane met to buy", "Norvane buys", "At once Norvane; Belltrick",
  ].map { pairDocument($0, "norvane", "belltrick") }

  @Test func wordsInRegions() throws {
    func votes(_ words: [String], _ region: PairRegion) throws -> [Topic?] {
      try self.votes(Keywords<Topic>("k", words, votes: .red).within(region), news)
    }
    #expect(try votes(["buys"], companyPair.between) == [.red, .red, nil, nil, nil])
    #expect(try votes(["buys"], companyPair.fromFirstToSecond) == [.red, nil, nil, nil, nil])
    #expect(try votes(["buys"], companyPair.fromSecondToFirst) == [nil, .red, nil, nil, nil])
    #expect(try votes(["at once"], companyPair.before(words: 2)) == [nil, nil, nil, nil, .red])
    #expect(try votes(["at once"], companyPair.before(words: 1)) == [nil, nil, nil, nil, nil])
    #expect(try votes(["at once"], companyPair.after(words: 5)) == [.red, .red, nil, nil, nil])
    #expect(
      try votes(["norvane", "today"], companyPair.around(words: 1))
        == [.red, .red, .red, nil, .red])
  }

  @Test func everyKindOfRuleWorksInside() throws {
    let region = companyPair.between
    let pattern = Pattern<Topic>("p", #"^\W*(\w+)\W*$"#) { $0[1] == "buys" ? .red : .green }
    #expect(try votes(pattern.within(region), news) == [.red, .red, .green, nil, nil])
    let heuristic = Heuristic<Topic>("h") { $0.words.isEmpty ? .red : .green }
    #expect(try votes(heuristic.within(region), news) == [.green, .green, .green, nil, .red])
    let gazetteer = Gazetteer<Topic>("g", in: "companies", votes: .blue)
    let far = [pairDocument("Norvane, Solvanta, Belltrick", "norvane", "belltrick")]
    #expect(try votes(gazetteer.within(region), far) == [.blue])
  }

  @Test func exceptionsAndPartsHaveRegionsOfTheirOwn() throws {
    let rule = Keywords<Topic>("k", ["buys"], votes: .red).within(companyPair.between)
      .unless { Keywords(["once"]).within(companyPair.after(words: 2)) }
    let documents = [
      pairDocument("Norvane buys Belltrick once", "norvane", "belltrick"),
      pairDocument("Once Norvane buys Belltrick", "norvane", "belltrick"),
    ]
    #expect(try votes(rule, documents) == [nil, .red])
  }

  @Test func documentsWithoutTheMentionsAreCounted() throws {
    let rules = [
      Keywords<Topic>("k", ["buys"], votes: .red).within(companyPair.fromFirstToSecond).definition,
      Heuristic<Topic>("h", over: companyPair) { _ in .red }.definition,
      Heuristic<Topic>("n") { _ in .red }.definition,
      Related<Topic>("r", companyPair, in: "deals", from: "buyer", to: "target", votes: .red)
        .definition,
    ]
    let (columns, failures) = try evaluate(
      pack(rules), news + [pairDocument("Norvane buys Belltrick", nil, "belltrick")],
      knowledge: [try companies(), try deals()])
    #expect(columns[1] == [0, 0, 0, -1, 0, -1])
    #expect(columns[3] == [0, 0, 0, 0, 0, -1])
    #expect(failures.map { [$0.document, $0.function] } == [[3, 0], [3, 1], [5, 0], [5, 1]])
    #expect(failures.allSatisfy { $0.reason.contains("mentions of its pair") })
  }

  @Test func batchesDoNotKnowOfEachOther() throws {
    let rule = Keywords<Topic>("k", ["buys"], votes: .red).within(companyPair.between)
    let program = try RuleProgram(
      pack([rule.definition]), functions: [0], knowledge: ["companies": try companies()])
    let worker = program.makeWorker()
    for (index, document) in (news + news.reversed()).enumerated() {
      let batch = DocumentBatch(
        texts: TextBatch([document.text]), fields: document.fields.mapValues { [$0] })
      let expected: Int16 = [0, 1, 8, 9].contains(index) ? 0 : -1
      #expect(worker.evaluate(batch).columns[0][0] == expected)
    }
  }

  @Test func placesAreShownInsideTheirRegionOnly() throws {
    let rule = Keywords<Topic>("k", ["buys"], votes: .red).within(companyPair.between)
    let finder = MatchFinder(rule.definition, knowledge: ["companies": try companies()])
    #expect(finder.ranges(in: "buys _FIRST_ é buys _SECOND_ buys") == [16..<20])
    #expect(finder.ranges(in: "nobody buys") == [])
    #expect(!finder.isEmpty)
  }

  // MARK: - What makes a function another one

  private func form(_ rule: some Rule<Topic>) -> String {
    CanonicalForm(rule.definition, labels: Topic.names).text
  }

  @Test func everyChangeOfADefinitionCounts() {
    func related(
      _ pair: MentionPair = companyPair, _ base: String = "deals", _ from: String = "a",
      _ to: String = "b", _ either: Bool = false, _ topic: Topic = .red
    ) -> String {
      form(
        Related<Topic>("r", pair, in: base, from: from, to: to, inEitherOrder: either, votes: topic)
      )
    }
    let keyword = Keywords<Topic>("r", ["x"], votes: .red)
    let forms: [String] = [
      related(), related(plainPair), related(MentionPair(foundIn: "companies")),
      related(MentionPair(first: Field("a"), in: "companies")),
      related(MentionPair(second: Field("a"), in: "companies")), related(companyPair, "deals", "c"),
      related(companyPair, "deals", "a", "c"), related(companyPair, "deals", "a", "b", true),
      related(companyPair, "deals", "a", "b", false, .blue),
      form(Related<Topic>("r", companyPair, in: "deals", from: "a", to: "b") { _ in .red }),
      form(keyword), form(keyword.within(companyPair.between)),
      form(keyword.within(plainPair.between)),
      form(keyword.within(companyPair.fromFirstToSecond)),
      form(keyword.within(companyPair.fromSecondToFirst)),
      form(keyword.within(companyPair.before(words: 1))),
      form(keyword.within(companyPair.before(words: 2))),
      form(keyword.within(companyPair.after(words: 1))),
      form(keyword.within(companyPair.around(words: 1))),
      form(Heuristic<Topic>("r") { _ in .red }),
      form(Heuristic<Topic>("r", over: companyPair) { _ in .red }),
      form(Heuristic<Topic>("r", over: plainPair) { _ in .red }),
    ]
    for (index, form) in forms.enumerated() {
      #expect(forms.firstIndex(of: form) == index, "\(form)")
    }
  }

  @Test func allBasesAndColumnsTakePart() {
    let rules = [
      Related<Topic>("a", companyPair, in: "deals", from: "x", to: "y", votes: .red).definition,
      Keywords<Topic>("b", ["x"], votes: .red).within(companyPair.between).definition,
      Heuristic<Topic>("c", over: MentionPair(first: Field("u"), in: "people")) { _ in .red }
        .definition,
    ]
    let pack = pack(rules)
    #expect(pack.knowledgeBases(of: 0) == ["companies", "deals"])
    #expect(pack.knowledgeBases(of: 1) == ["companies"])
    #expect(pack.knowledgeBases(of: 2) == ["people"])
    #expect(pack.fields(of: [0]) == ["first", "second"])
    #expect(pack.fields(of: [2]) == ["second", "u"])
    #expect(Set(CanonicalForm(rules[0], labels: Topic.names).bases) == ["companies", "deals"])
    #expect(CanonicalForm(rules[2], labels: Topic.names).hasClosure)
    #expect(pack.functions.map(\.kind) == ["related", "keywords", "heuristic"])
  }

  // MARK: - Errors

  private func message(_ rule: some Rule<Topic>) throws -> String {
    let rules = pack([rule.definition])
    do {
      try rules.validate()
      try RuleProgram.check(rules, knowledge: ["deals": try deals()])
      return ""
    } catch { return "\(error)" }
  }

  @Test func whatCanBeWrong() throws {
    #expect(
      try message(Related<Topic>("r", plainPair, in: "deal", from: "buyer", to: "a", votes: .red))
        .contains("knowledge base 'deal', which hunch.yaml does not name; did you mean 'deals'?"))
    #expect(
      try message(Related<Topic>("r", plainPair, in: "deals", from: "byer", to: "a", votes: .red))
        .contains("reads column 'byer' of the knowledge base 'deals' (deals.csv), which has none"))
    #expect(
      try message(Heuristic<Topic>("r", over: companyPair) { _ in .red })
        .contains("knowledge base 'companies', which hunch.yaml does not name"))
    let nested = Heuristic<Topic>("r", over: plainPair) { _ in .red }.within(plainPair.between)
    #expect(
      try message(nested).contains("has a rule about a pair inside 'within'"))
    #expect(
      try message(All<Topic>("r", votes: .red) { Heuristic(over: plainPair) { _ in true } }) == "")
  }
}
