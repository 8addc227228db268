import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Synchronization
import Testing

/// What is made of a language model's answer.
@Suite("Drafted labeling functions") struct DraftTests {
  private typealias Rules = [[String: Any]]

  private func draft(
    _ project: TestProject, _ answer: String, to name: String = "Drafted.swift",
    replaces: Bool = false, threads: Int = 2
  ) throws -> DraftReport {
    try project.write("answer.txt", answer)
    return try project.pipeline(samplePack, threads: threads).draft(
      answer: project.path("answer.txt"),
      to: DraftDestination(path: project.path(name), replaces: replaces))
  }

  private func draft(_ project: TestProject, _ rules: Rules) throws -> DraftReport {
    try draft(project, DraftProject.answer(rules))
  }

  private static var good: Rules {
    [
      DraftProject.rule("Lottery!", "spam", "keywords", ["lottery", "lotto"]),
      DraftProject.rule("agenda", "ham", "pattern", #"\bagenda\b|"meeting"#),
      DraftProject.rule(
        "casinos", "spam", "gazetteer", ["Grand Casino Royale", "Casino \"Nord\""]),
    ]
  }

  // MARK: - The answer

  @Test(
    "JSON is found alone, in a fence, between words and as a list",
    arguments: [
      "JSON", "Here you are:\n```json\nJSON\n```\nGood luck!", "Sure. JSON Hope that helps.",
      "```\n{\"other\": 1}\n```\nand\n```json\nJSON\n```", "\u{FEFF}JSON\n",
    ])
  func wrappings(text: String) throws {
    for hasKey in [true, false] {
      let rules = try JSONSerialization.data(
        withJSONObject: hasKey ? ["rules": Self.good] : Self.good as Any)
      let json = String(decoding: rules, as: UTF8.self)
      let report = try draft(DraftProject.make(documents: 60), text.replacing("JSON", with: json))
      #expect(
        report.functions.map(\.name) == ["drafted_lottery_", "drafted_agenda", "drafted_casinos"])
      #expect(report.accepted.count == 3, "\(report.functions)")
    }
  }

  @Test(
    "an answer without rules is an error that does not repeat it",
    arguments: [
      "", "I cannot help with my private thoughts.", "{\"rules\": 7}", "{\"rules\": [", "null", "3",
    ])
  func noRules(text: String) throws {
    let project = try DraftProject.make(documents: 30)
    let failure = try #require(project.failure { _ = try draft(project, text) })
    #expect(failure.message == "DIR/answer.txt: the answer holds no JSON with a list 'rules'")
    #expect(failure.status == .badData)
    #expect(!FileManager.default.fileExists(atPath: project.path("Drafted.swift")))
  }

  @Test("what is no function is rejected with a reason, and the others are kept")
  func malformed() throws {
    let rules: [Any] = [
      7, ["name": "a"], ["class": "spam"], ["class": "spam", "keywords": ["x"], "pattern": "x"],
      ["class": "spam", "keywords": []], ["class": "spam", "keywords": ["a", 3]],
      ["class": "spam", "keywords": [" "]], ["class": "spam", "pattern": ""],
      ["class": "spam", "pattern": String(repeating: "a", count: 2001)],
      ["class": "eggs", "keywords": ["lottery"]],
      ["class": "spam", "pattern": "(unclosed"],
      ["class": "spam", "keywords": ["lottery"], "pattern": NSNull()],
    ]
    let text = String(
      decoding: try JSONSerialization.data(withJSONObject: ["rules": rules]), as: UTF8.self)
    let report = try draft(DraftProject.make(documents: 60), text)
    let problems = report.functions.map { $0.problem ?? "" }
    #expect(problems.count == 12)
    #expect(problems[0] == "it is no object")
    #expect(problems[1] == "it names no 'class'")
    #expect(problems[2...3].allSatisfy { $0.contains("it must have one of 'keywords'") })
    #expect(problems[4] == "'keywords' is no list of 1 to 5000 texts")
    #expect(problems[5...6].allSatisfy { $0 == "'keywords' holds what is no word" })
    #expect(problems[7] == "'pattern' is no text")
    #expect(problems[8] == "'pattern' is longer than 2000")
    #expect(problems[9] == "its class is none of ham, spam")
    #expect(problems[10].hasPrefix("not a pattern: "))
    #expect(problems[11].isEmpty)
    #expect(report.accepted.map(\.name) == ["drafted_spam_lottery"])
  }

  @Test("of a very long answer the beginning is looked at")
  func longAnswer() throws {
    let rules = (0..<230).map { DraftProject.rule("r\($0)", "spam", "keywords", ["none\($0)"]) }
    let report = try draft(DraftProject.make(documents: 30), rules)
    #expect(report.functions.count == 200 && report.ignored == 30)
    #expect(report.file == nil && report.accepted.isEmpty)
  }

  // MARK: - The verdict

  @Test("figures are those of an analysis with the function, and of counting by hand")
  func figures() throws {
    let project = try DraftProject.make()
    let report = try draft(project, Self.good)
    let sql = "SELECT group_concat(id) FROM documents WHERE text LIKE ?"
    for (function, like) in zip(report.functions, ["%lottery%", "%agenda%", "%casino%"]) {
      let list: String = try #require(try project.value(sql.replacing("?", with: "'\(like)'")))
      let ids = list.split(separator: ",").compactMap { Int($0) }
      let figures = try #require(function.figures)
      #expect(figures.documents == ids.count)
      let hasVote = { (id: Int) in
        ["offer", "hello"].contains { DraftProject.text(id).contains($0) }
      }
      #expect(figures.newlyCovered == ids.count { !hasVote($0) })
      #expect(figures.overlaps == ids.count(where: hasVote))
      #expect(figures.labelled == ids.count { DraftProject.split($0) == "valid" })
      #expect(figures.labelledRight == figures.labelled)
      #expect(figures.conflicts == 0)
      #expect(
        figures.agreementImpliedDocuments
          == ids.count { DraftProject.split($0) == "train" && hasVote($0) })
      #expect((figures.agreementImpliedPrecision ?? 0) > 0.7)
    }
  }

  @Test("functions that are silent, copies, wrong, or too costly are rejected")
  func verdicts() throws {
    let project = try DraftProject.make()
    try project.execute(
      "UPDATE documents SET text = text || ' ' || ? WHERE id IN (7, 207)",
      [String(repeating: "a", count: 400) + "! b"])
    let report = try draft(
      project,
      [
        DraftProject.rule("silent", "spam", "keywords", ["zebra"]),
        DraftProject.rule("copy", "spam", "keywords", ["offer", "offers"]),
        DraftProject.rule("lottery", "spam", "keywords", ["lottery"]),
        DraftProject.rule("lottery", "spam", "pattern", "lotter(y|ies)"),
        DraftProject.rule("wrong", "spam", "keywords", ["agenda"]),
        DraftProject.rule("costly", "spam", "pattern", #"^.*(a+)+(a|aa)+(a+)+!$|lottery"#),
      ])
    let problems = report.functions.map { $0.problem ?? "" }
    #expect(problems[0] == "votes on none of 240 documents")
    #expect(problems[1].hasPrefix("votes as 'offer' does on "))
    #expect(problems[2].isEmpty)
    #expect(report.functions[3].name == "drafted_lottery_2")
    #expect(problems[3].hasPrefix("votes as 'drafted_lottery' does on "))
    #expect(problems[4].hasPrefix("right on only 0 of "))
    #expect(problems[5].hasPrefix("too costly: "), "\(problems[5])")
    #expect(report.accepted.map(\.name) == ["drafted_lottery"])
    // What is said about a rejected function is in the report, and not in the file.
    #expect(report.functions[4].figures?.labelledRight == 0)
    #expect(!(try project.text("Drafted.swift")).contains("agenda"))
  }

  @Test("without gold labels, what the other functions agree on speaks against a function")
  func withoutGold() throws {
    let project = try DraftProject.make()
    try project.execute("UPDATE documents SET gold = NULL")
    let report = try draft(
      project,
      [
        DraftProject.rule("wrong", "spam", "keywords", ["agenda"]),
        DraftProject.rule("right", "ham", "keywords", ["agenda"]),
      ])
    #expect(
      report.functions[0].problem?.hasPrefix("the other functions take its documents for other ")
        == true)
    #expect(report.accepted.map(\.name) == ["drafted_right"])
  }

  @Test("gold labels of the test split and those that measure decide nothing")
  func measuringGold() throws {
    let project = try DraftProject.make()
    try project.execute(
      "UPDATE documents SET use = 'audit' WHERE split = 'valid' AND id % 3 = 0")
    let answer = try DraftProject.answer(
      Self.good + [DraftProject.rule("wrong", "spam", "keywords", ["agenda"])])
    let before = try draft(project, answer, to: "before.swift")
    try project.execute(
      """
      UPDATE documents SET gold = CASE gold WHEN 'ham' THEN 'spam' ELSE 'ham' END
        WHERE split = 'test' OR use = 'audit'
      """)
    let after = try draft(project, answer, to: "after.swift", replaces: true)
    #expect(before.functions.map(\.figures) == after.functions.map(\.figures))
    #expect(before.functions.map(\.problem) == after.functions.map(\.problem))
    #expect(before.accepted.count == 3)
  }

  @Test("the same answer gives the same bytes, whatever the number of threads")
  func threads() throws {
    let project = try DraftProject.make()
    let answer = try DraftProject.answer(Self.good)
    let one = try draft(project, answer, threads: 1)
    let text = try project.text("Drafted.swift")
    var three = try draft(project, answer, replaces: true, threads: 3)
    #expect(try project.text("Drafted.swift") == text)
    three.file = one.file
    #expect(try ReportJSON.encode(one) == ReportJSON.encode(three))
  }

  // MARK: - Files

  @Test("the file says that it is drafted, and nothing uses it")
  func file() throws {
    let project = try DraftProject.make()
    let before = try project.pipeline(samplePack).analyze(split: nil)
    let report = try draft(project, Self.good)
    #expect(report.file == project.path("Drafted.swift"))
    #expect(report.nameFiles == [project.path("drafted_casinos.csv")])
    let text = try project.text("Drafted.swift")
    #expect(
      text.hasPrefix("// Drafted by answer.txt. Nobody has read this yet, and nothing uses it."))
    #expect(text.contains("@RuleBuilder<Verdict>\nfunc draftedRules() -> [RuleDefinition] {\n"))
    #expect(text.contains("//       drafted_casinos: { path: drafted_casinos.csv, key: name }\n"))
    #expect(
      try project.text("drafted_casinos.csv")
        == "name\nGrand Casino Royale\n\"Casino \"\"Nord\"\"\"\n")
    let after = try project.pipeline(samplePack).analyze(split: nil)
    #expect(after.functions.map(\.name) == before.functions.map(\.name))
    #expect(after.coverage == before.coverage)
  }

  @Test("files that are there are kept unless they are to be replaced")
  func existing() throws {
    let project = try DraftProject.make(documents: 60)
    let answer = try DraftProject.answer(Self.good)
    try project.write("Drafted.swift", "mine")
    #expect(
      project.failure { _ = try draft(project, answer) }
        == Shown(
          "DIR/Drafted.swift exists already",
          hint: project.failure {
            throw HunchError.exists(path: project.path("Drafted.swift"))
          }?.hint, .cannotCreate))
    #expect(try project.text("Drafted.swift") == "mine")
    // Only what was drafted is replaced, even then.
    #expect(
      project.failure { _ = try draft(project, answer, replaces: true) }?.status == .cannotCreate)
    #expect(try project.text("Drafted.swift") == "mine")
    try FileManager.default.removeItem(atPath: project.path("Drafted.swift"))
    // A table of names that is there stops the Swift file too.
    try project.write("drafted_casinos.csv", "mine")
    #expect(
      project.failure { _ = try draft(project, answer, to: "Other.swift") }?.message
        == "DIR/drafted_casinos.csv exists already")
    #expect(!FileManager.default.fileExists(atPath: project.path("Other.swift")))
    _ = try draft(project, answer, replaces: true)
    _ = try draft(project, answer, replaces: true)
    #expect(try project.text("drafted_casinos.csv").hasPrefix("name\n"))
    #expect(
      project.failure {
        _ = try draft(project, answer, to: "no/such/folder.swift", replaces: true)
      }?
      .status == .cannotCreate)
    #expect(
      project.failure {
        _ = try project.pipeline(samplePack).draft(
          answer: project.path("nowhere"), to: DraftDestination(path: project.path("x.swift")))
      }?.status == .inputMissing)
  }

  @Test("a project without a rule pack gets a pack of its own")
  func withoutPack() throws {
    let project = try DraftProject.make()
    try project.write(
      "hunch.yaml",
      TestProject.configuration(labels: ["ham", "spam"], votes: ["votes.csv"]))
    try project.write(
      "votes.csv", "id,x\n" + (1...40).map { "\($0),\($0 % 2)" }.joined(separator: "\n") + "\n")
    try project.write("answer.txt", DraftProject.answer(Self.good))
    let report = try project.pipeline().draft(
      answer: project.path("answer.txt"),
      to: DraftDestination(path: project.path("Drafted.swift")))
    #expect(!report.accepted.isEmpty)
    let text = try project.text("Drafted.swift")
    #expect(text.contains("  case class0 = \"ham\"\n  case class1 = \"spam\"\n"))
    #expect(text.contains("RulePack(\"drafted\", for: DraftedLabel.self) {\n  draftedRules()\n}\n"))
    #expect(text.contains("votes: .class1)"))
  }

  // MARK: - The request

  @Test("the model is told classes, functions and documents, and none that measures")
  func request() throws {
    let project = try DraftProject.make()
    try project.execute(
      "UPDATE documents SET text = text || char(10) || 'Ignore this.' WHERE id = 8")
    var request = DraftRequest()
    (request.documents, request.count) = (60, 5)
    let text = try project.pipeline(samplePack).draftRequest(request)
    #expect(text.contains("- ham\n- spam: unwanted offers of strangers\n"))
    #expect(text.contains("- offer: keywords \"offer\", \"prize\" → spam\n"))
    #expect(text.contains("Write at most 5 new labeling functions."))
    let shown = text.split(separator: "\n").compactMap { line in
      line.firstMatch(of: #/^\d+\. \[(.*)\] message of day (\d+)/#).flatMap { Int($0.2) }
    }
    #expect(shown.count == 60 && Set(shown).count == 60)
    #expect(shown.allSatisfy { DraftProject.split($0) == "train" })
    // Line ends inside a document do not begin a new line of the request.
    #expect(!text.contains("\nIgnore this."))
    #expect(try project.pipeline(samplePack, threads: 1).draftRequest(request) == text)
    request.choice = .uncovered
    let uncovered = try project.pipeline(samplePack).draftRequest(request)
    #expect(uncovered.contains("[no votes]") && !uncovered.contains("[spam: offer]"))
    request.label = "spam"
    #expect(
      try project.pipeline(samplePack).draftRequest(request)
        .contains("Write at most 5 new labeling functions for the class spam."))
    request.label = "eggs"
    let pipeline = try project.pipeline(samplePack)
    #expect(project.failure { _ = try pipeline.draftRequest(request) }?.status == .usage)
  }

  @Test("a model is asked once, and its failure writes nothing")
  func asking() throws {
    let project = try DraftProject.make()
    let answer = try DraftProject.answer(Self.good)
    let asked = Mutex([ChatRequest]())
    let model = SpokenModel { request in
      asked.withLock { $0.append(request) }
      return answer
    }
    let destination = DraftDestination(path: project.path("Drafted.swift"))
    let report = try project.pipeline(samplePack).draft(
      DraftRequest(), asking: model, named: "some-model\nimport Evil", to: destination)
    #expect(report.accepted.count == 3 && report.shown == 40)
    let requests = asked.withLock { $0 }
    #expect(requests.count == 1 && requests[0].temperature == 0)
    let text = try project.pipeline(samplePack).draftRequest(DraftRequest())
    #expect(requests[0].messages.map(\.content).joined(separator: "\n\n") + "\n" == text)
    // A name cannot leave its comment.
    #expect(!(try project.text("Drafted.swift")).contains("\nimport Evil"))
    let silent = SpokenModel { _ in throw ChatError.noService }
    let other = DraftDestination(path: project.path("Other.swift"))
    #expect(throws: ChatError.self) {
      try project.pipeline(samplePack).draft(
        DraftRequest(), asking: silent, named: "m", to: other)
    }
    #expect(!FileManager.default.fileExists(atPath: other.path))
    // What was paid for is kept.
    try FileManager.default.removeItem(atPath: destination.path)
    let failure = project.failure {
      _ = try project.pipeline(samplePack).draft(
        DraftRequest(), asking: model, named: "m", to: destination)
    }
    #expect(failure?.message == "DIR/drafted_casinos.csv exists already")
    #expect(failure?.hint?.contains("--answers DIR/Drafted.swift.answer.txt") == true)
    #expect(try project.text("Drafted.swift.answer.txt") == answer)
  }

  @Test("a request counts against the budget, and does not pass it")
  func budget() throws {
    let project = try DraftProject.make(documents: 60)
    let yaml = try project.text("hunch.yaml")
    try project.write(
      "hunch.yaml", yaml + "\nlanguage_model: { model: m, budget: { requests: 1 } }\n")
    let answer = try DraftProject.answer(Self.good)
    let asked = Mutex(0)
    let model = SpokenModel { _ in
      asked.withLock { $0 += 1 }
      return answer
    }
    let pipeline = try project.pipeline(samplePack)
    let destination = DraftDestination(path: project.path("Drafted.swift"), replaces: true)
    _ = try pipeline.draft(DraftRequest(), asking: model, named: "m", to: destination)
    let failure = project.failure {
      _ = try pipeline.draft(DraftRequest(), asking: model, named: "m", to: destination)
    }
    #expect(failure?.message.hasPrefix("the budget for requests does not allow") == true)
    #expect(failure?.hint == "raise 'language_model: budget: requests:' in hunch.yaml")
    #expect(failure?.status == .badConfiguration && asked.withLock { $0 } == 1)
  }

  @Test("a class that does not exist cannot be described")
  func descriptions() throws {
    let project = try DraftProject.make(documents: 10)
    try project.write("hunch.yaml", TestProject.yaml + "\nlabel_descriptions: { span: offers }\n")
    let failure = project.failure { _ = try project.pipeline(samplePack) }
    #expect(failure?.message == "DIR/hunch.yaml:7: unknown key 'span' in 'label_descriptions'")
    #expect(failure?.hint?.contains("'spam'") == true)
    #expect(failure?.status == .badConfiguration)
    try project.write("hunch.yaml", TestProject.yaml + "\nlabel_descriptions: [spam]\n")
    #expect(project.failure { _ = try project.pipeline(samplePack) }?.status == .badConfiguration)
  }
}
