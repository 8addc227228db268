import Foundation
import GRDB
import Hunch
import HunchLabeling
import HunchServices
import ProjectSupport
import ServiceStubs
import Synchronization
import Testing

/// Whole projects whose rules ask a language model.
struct AskingTests {
  private static let train = Tone.documents(60).filter { $0.label == nil }.map(\.text)

  @Test("every vote arrives exactly once, whatever goes wrong on the way, and is asked for once")
  func everyVoteOnce() async throws {
    let stub = await ChatStub(
      [
        .status(429, retryAfter: "0"), .good, .status(500), .brokenJSON, .slow(milliseconds: 4500),
        .status(429), .good, .brokenJSON, .status(503),
      ], answer: ChatProject.answer)
    let project = try ChatProject()
    let url = stub.url
    let report = try await waiting { try project.ask(url) }
    let seen = stub.seen
    #expect(seen.answered.count == 2 * Self.train.count)
    #expect(Set(seen.documents) == Set(Self.train))
    // The one that came too late may have been answered twice.
    #expect(seen.answered.values.reduce(0) { $0 + $1 - 1 } <= 1)
    #expect(seen.mostUnderWay > 1 && seen.mostUnderWay <= 5)
    #expect(report.functions.map(\.answered) == [Self.train.count, Self.train.count])
    #expect(report.unanswered == 0 && report.warnings == [])
    #expect(report.spent.requests == seen.requests && report.total == report.spent)
    try await waiting {
      let asked = try project.votes("asked_cross")
      let tones = try project.votes("asked_tone")
      for (index, document) in Tone.documents(60).enumerated() {
        let isCross = ChatProject.isCross(document.text)
        let isTrain = document.label == nil
        #expect(asked[index] == (isTrain && isCross ? "1" : "-1"))
        #expect(tones[index] == (isTrain ? (isCross ? "1" : "0") : "-1"))
      }
      // A second run asks nothing and evaluates nothing.
      let again = try project.pipeline(url).apply()
      #expect(again.evaluations == 0 && again.errors == 0)
      #expect(again.languageModel?.spent.requests == 0)
      #expect(try project.pipeline(url).ask(dryRun: false).functions.map(\.unanswered) == [0, 0])
    }
    #expect(stub.seen.requests == seen.requests)
  }

  @Test("other names, classes and models of a question")
  func whatCountsForAnswers() async throws {
    let stub = await ChatStub(answer: ChatProject.answer)
    let project = try ChatProject()
    let url = stub.url
    func pack(_ name: String, _ label: Tone, model: String? = nil) -> RulePack {
      RulePack("tone", for: Tone.self) {
        Keywords("thanks", ["thanks"], votes: .glad)
        Prompt(
          name, ask: "Is the customer cross?", answers: ["yes": label, "no": nil], model: model)
      }
    }
    let (first, other) = (pack("one", .cross), pack("another", .glad))
    _ = try await waiting { try project.ask(url, pack: first) }
    let requests = stub.seen.requests
    #expect(requests == Self.train.count)
    let votes = try await waiting {
      #expect(try project.ask(url, pack: other).spent.requests == 0)
      return try project.votes("another", pack: other)
    }
    #expect(Set(votes) == ["0", "-1"])
    #expect(stub.seen.requests == requests)
    let large = pack("one", .cross, model: "large")
    _ = try await waiting { try project.ask(url, pack: large) }
    #expect(stub.seen.requests == 2 * requests)
    #expect(stub.seen.models == ["small", "large"])
  }

  @Test("two functions with one question ask it once")
  func oneQuestion() async throws {
    let stub = await ChatStub(answer: ChatProject.answer)
    let project = try ChatProject()
    let url = stub.url
    let pack = RulePack("tone", for: Tone.self) {
      Prompt("cross", ask: "Is the customer cross?", answers: ["yes": .cross, "no": nil])
      Prompt("glad", ask: "Is the customer cross?", answers: ["yes": nil, "no": .glad])
    }
    let report = try await waiting { try project.ask(url, pack: pack) }
    #expect(stub.seen.requests == Self.train.count)
    #expect(report.functions.map(\.answered) == [Self.train.count, Self.train.count])
    let (cross, glad) = try await waiting {
      (try project.votes("cross", pack: pack), try project.votes("glad", pack: pack))
    }
    for (index, document) in Tone.documents(60).enumerated() where document.label == nil {
      #expect([cross[index], glad[index]].sorted().first == "-1")
      #expect(cross[index] == "1" || glad[index] == "0")
    }
  }

  @Test func equalAndEmptyTextsAreNotAskedTwice() async throws {
    let stub = await ChatStub(answer: ChatProject.answer)
    let documents: [(text: String, label: String?)] =
      Array(repeating: ("thanks a lot", nil), count: 50)
      + Array(repeating: ("so late", nil), count: 50) + [(" \n", nil), ("", nil)]
    let project = try ChatProject("budget: { requests: 100 }, calibrate: false", documents)
    let url = stub.url
    let report = try await waiting { try project.ask(url) }
    #expect(stub.seen.documents.sorted() == ["so late", "so late", "thanks a lot", "thanks a lot"])
    #expect(report.functions.map(\.documents) == [2, 2])
    let votes = try await waiting { try project.votes("asked_tone") }
    #expect(
      votes == Array(repeating: "0", count: 50) + Array(repeating: "1", count: 50) + ["-1", "-1"])
  }

  @Test("answers that are none of the allowed ones abstain and are counted")
  func wrongAnswers() async throws {
    let stub = await ChatStub { question in
      if question.document.contains("late") { return ChatStub.Reply("Yes, the customer is cross") }
      return question.document.contains("cold") ? ChatStub.Reply("") : ChatProject.answer(question)
    }
    let project = try ChatProject()
    let url = stub.url
    let report = try await waiting { try project.pipeline(url).apply() }
    let wrong = Self.train.filter { $0.contains("late") || $0.contains("cold") }.count
    #expect(report.languageModel?.functions.map(\.unparsed) == [wrong, wrong])
    #expect(report.failures.map(\.documents) == [wrong, wrong])
    #expect(report.failures.map(\.function) == ["asked_cross", "asked_tone"])
    let json = String(decoding: try ReportJSON.encode(report), as: UTF8.self)
    #expect(json.contains("\"unparsed\" : \(wrong)"))
    for document in Self.train { #expect(!json.contains(document)) }
    // What an answer says is shown to those who ask alone: it may repeat a document.
    #expect(report.languageModel?.functions.allSatisfy { $0.unusable == nil } == true)
    let asked = try await waiting { try project.pipeline(url).ask(dryRun: true) }
    #expect(
      asked.functions.map(\.unusable)
        == Array(repeating: "Yes, the customer is cross", count: 2))
    let votes = try await waiting { try project.votes("asked_tone") }
    for (document, vote) in zip(Tone.documents(60), votes)
    where document.text.contains("late") || document.text.contains("cold") {
      #expect(vote == "-1")
    }
  }

  @Test("several questions in one request: what is right of an answer is kept")
  func grouped() async throws {
    let stub = await ChatStub { question in
      if question.document.contains("late") { return ChatStub.Reply("{\"q1\": \"yes\", \"q2\"") }
      if question.document.contains("cold") {
        return ChatStub.Reply("```json\n{\"q1\": \"maybe\", \"q2\": \"cross\"}\n```")
      }
      return ChatProject.answer(question)
    }
    let project = try ChatProject("budget: { requests: 100 }, questions_per_call: 2")
    let url = stub.url
    let report = try await waiting { try project.ask(url) }
    #expect(stub.seen.requests == Self.train.count)
    let (late, cold) = (
      Self.train.filter { $0.contains("late") }.count,
      Self.train.filter { $0.contains("cold") }.count
    )
    #expect(report.functions.map(\.unparsed) == [late + cold, late])
    let (asked, tones) = try await waiting {
      (try project.votes("asked_cross"), try project.votes("asked_tone"))
    }
    for (index, document) in Tone.documents(60).enumerated() where document.label == nil {
      let text = document.text
      let isBroken = text.contains("late")
      #expect(tones[index] == (isBroken ? "-1" : ChatProject.isCross(text) ? "1" : "0"))
      let isCross = ChatProject.isCross(text) && !isBroken && !text.contains("cold")
      #expect(asked[index] == (isCross ? "1" : "-1"))
    }
  }

  @Test("a document that the service does not take stops nothing")
  func refusedDocuments() async throws {
    let stub = await ChatStub(
      [.good, .good, .status(400), .status(413)], answer: ChatProject.answer)
    let project = try ChatProject("budget: { requests: 1000 }, calibrate: false, concurrency: 1")
    let url = stub.url
    let report = try await waiting { try project.ask(url) }
    #expect(report.refused == 2 && report.unanswered == 2)
    #expect(report.warnings.count == 1)
    let again = try await waiting { try project.ask(url) }
    #expect(again.spent.requests == 2 && again.unanswered == 0)
  }

  @Test("a refused key is one error, and what was answered before is kept")
  func refusedKey() async throws {
    let stub = await ChatStub(
      Array(repeating: .good, count: 10) + Array(repeating: .status(401), count: 100),
      answer: ChatProject.answer)
    let project = try ChatProject()
    let url = stub.url
    let error = try await waiting {
      #expect(throws: ChatError.self) { try project.ask(url) }
    }
    #expect(error?.status == .badConfiguration)
    #expect("\(try #require(error))".hasSuffix("the service refuses the key"))
    // No request but those under way at the time.
    #expect(stub.seen.requests <= 10 + 4)
    stub.plan([])
    let report = try await waiting { try project.ask(url) }
    #expect(report.spent.requests == 2 * Self.train.count - 10)
    #expect(stub.seen.answered.values.allSatisfy { $0 == 1 })
  }

  @Test func aStopIsHeardAndLosesNothing() async throws {
    let stub = await ChatStub(
      Array(repeating: .good, count: 8) + Array(repeating: .slow(milliseconds: 500), count: 100),
      answer: ChatProject.answer)
    let project = try ChatProject()
    let url = stub.url
    let notes = Mutex([String]())
    let error = try await waiting {
      let cancellation = Cancellation()
      var progress = StepProgress(
        onBegin: { step, unit, total in
          if step == "ask" { #expect(unit == "requests" && (total ?? 0) > 8) }
        }, onAdvance: { _ in }, onEnd: {})
      let answered = Mutex(0)
      progress.onNote = { note in
        notes.withLock { $0.append(note) }
        let count = answered.withLock { count in
          count += 1
          return count
        }
        if count == 8 { cancellation.cancel() }
      }
      let pipeline = try project.pipeline(url, cancellation: cancellation, progress: progress)
      return #expect(throws: HunchError.self) { try pipeline.ask(dryRun: false) }
    }
    #expect(error?.status == .interrupted)
    #expect(notes.withLock { $0.allSatisfy { $0.hasSuffix(" tokens") } })
    let answered = try project.workspace {
      try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM answers")
    }
    #expect(answered == 8)
  }

  @Test("without a service or a budget the answers that there are vote")
  func withoutAService() async throws {
    let stub = await ChatStub(answer: ChatProject.answer)
    let project = try ChatProject("budget: { requests: 21 }, calibrate: false, concurrency: 1")
    let url = stub.url
    try await waiting {
      let report = try project.pipeline(url).apply()
      #expect(report.languageModel?.stoppedBy == "requests")
      let left = 2 * Self.train.count - 21
      #expect(report.languageModel?.unanswered == left)
      // Nothing is sent where nothing is named, or nothing may be spent.
      let alone = try project.pipeline(nil).apply()
      #expect(alone.evaluations == 0)
      #expect(
        alone.warnings == [
          "\(left) questions to a language model are unanswered and the functions abstain there; "
            + "set HUNCH_LLM_URL and run 'hunch ask'"
        ])
      #expect(throws: ChatError.noService) { try project.pipeline(nil).ask(dryRun: false) }
      try project.configure("calibrate: false")
      let unpaid = try project.pipeline(url).apply()
      #expect(unpaid.warnings.first?.contains("'language_model: budget:'") == true)
      #expect(throws: ChatError.noBudget) { try project.pipeline(url).ask(dryRun: false) }
      let votes = try project.votes("asked_tone")
      #expect(votes.filter { $0 != "-1" }.count == 10)
    }
    #expect(stub.seen.requests == 21)
  }

  @Test("a dry run asks nothing and says what would be asked")
  func dryRun() async throws {
    let stub = await ChatStub(answer: ChatProject.answer)
    let project = try ChatProject(
      "budget: { money: 1 }, prices: { input: 2, output: 8 }, calibrate: false")
    let url = stub.url
    let plan = try await waiting { try project.pipeline(url).ask(dryRun: true) }
    #expect(stub.seen.requests == 0)
    #expect(plan.dryRun && plan.functions.map(\.requests) == [Self.train.count, Self.train.count])
    #expect(plan.spent.requests == 0 && plan.warnings == [])
    let report = try await waiting { try project.ask(url) }
    let taken = stub.seen.promptTokens + stub.seen.answerTokens
    #expect(report.spent.tokens == taken)
    let money = try #require(report.spent.money)
    let exact =
      (Double(stub.seen.promptTokens) * 2 + Double(stub.seen.answerTokens) * 8) / 1_000_000
    // Each request is rounded up to a thousand millionth.
    #expect(money >= exact - 1e-12 && money <= exact + 1e-9 * Double(report.spent.requests))
    let most = plan.functions.reduce(0) { $0 + $1.mostTokens }
    #expect(most >= taken)
    let likely = plan.functions.reduce(0) { $0 + $1.estimatedTokens }
    #expect(abs(Double(likely - taken)) < 0.25 * Double(taken))
    let after = try await waiting { try project.pipeline(url).ask(dryRun: true) }
    #expect(after.functions.allSatisfy { $0.requests == 0 && $0.estimatedMoney == 0 })
  }

  @Test func damagedAnswersAreAskedAnew() async throws {
    let stub = await ChatStub(answer: ChatProject.answer)
    let project = try ChatProject()
    let url = stub.url
    _ = try await waiting { try project.ask(url) }
    let before = try await waiting { try project.votes("asked_tone") }
    try project.workspace { db in
      try db.execute(
        sql: """
          DELETE FROM surveys;
          UPDATE answers SET answer = (SELECT answer FROM answers LIMIT 1 OFFSET 3)
          WHERE (question, text) = (SELECT question, text FROM answers LIMIT 1)
          """)
    }
    let report = try await waiting { try project.ask(url) }
    #expect(report.spent.requests == 1 && report.unanswered == 0)
    #expect(try await waiting { try project.votes("asked_tone") } == before)
  }

  @Test("neither key nor address is stored, and no text of a document beside the corpus")
  func secrets() async throws {
    let stub = await ChatStub(answer: ChatProject.answer)
    let project = try ChatProject()
    let url = stub.url
    let report = try await waiting { try project.pipeline(url).run().apply }
    let shown = String(decoding: try ReportJSON.encode(report), as: UTF8.self)
    for file in ["hunch.workspace", "hunch.workspace-wal"] {
      let path = project.folder.path(file)
      guard let data = FileManager.default.contents(atPath: path) else { continue }
      for secret in [ChatProject.key, "hidden", "127.0.0.1"] {
        #expect(data.range(of: Data(secret.utf8)) == nil, "\(secret) in \(file)")
        #expect(!shown.contains(secret))
      }
    }
    let answers = try project.workspace {
      try Data.fetchAll($0, sql: "SELECT answer FROM answers")
    }
    #expect(!answers.isEmpty)
    for answer in answers { #expect(answer.range(of: Data("cup".utf8)) == nil) }
  }

  @Test func aModelMustBeNamed() throws {
    let project = try ChatProject()
    try project.folder.write("hunch.yaml", TestProject.configuration("pack: tone"))
    let error = #expect(throws: ChatError.self) { try project.pipeline(nil) }
    #expect(error == .noModel(functions: ["asked_cross", "asked_tone"]))
  }
}
