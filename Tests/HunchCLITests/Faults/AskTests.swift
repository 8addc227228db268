import Foundation
import ServiceStubs
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `hunch ask` as a user runs it, against a service that fails as it is told to.
@Suite("Asking a language model", .serialized)
struct AskTests {
  private static let key = "sk-secret-4711"
  private static let concurrency = 4

  /// The support-messages example with questions.
  private static func project(_ section: String) throws -> Folder {
    let folder = try Projects.supportMessages()
    var yaml = try folder.text("hunch.yaml")
      .replacing(
        "rules: SupportMessages.swift",
        with: "rules: [SupportMessages.swift, SupportQuestions.swift]\npack: support-questions")
    yaml += "language_model: { model: small, concurrency: \(concurrency), \(section) }\n"
    try folder.write("hunch.yaml", yaml)
    let questions = Repository.root.appendingPathComponent(
      "labeling-functions/SupportQuestions.swift")
    try folder.write(
      "SupportQuestions.swift", String(contentsOf: questions, encoding: .utf8))
    return folder
  }

  private static func answer(_ question: ChatStub.Question) -> ChatStub.Reply {
    ChatStub.Reply(
      question.prompt.contains("fail to get into")
        ? (question.document.contains("log") ? "yes" : "no")
        : (question.document.contains("card") ? "card" : "something else"))
  }

  private static func process(
    _ arguments: [String], _ folder: Folder, url: String?
  ) throws -> Process {
    let process = try HunchBinary.process(arguments, in: folder)
    process.environment?["HUNCH_LLM_URL"] = url.map { $0 + "?token=hidden" }
    process.environment?["HUNCH_LLM_KEY"] = key
    return process
  }

  private static func run(
    _ arguments: [String], _ folder: Folder, url: String?
  ) throws -> HunchBinary.Outcome {
    let process = try process(arguments, folder, url: url)
    try process.run()
    process.waitUntilExit()
    return try HunchBinary.outcome(process, in: folder)
  }

  @Test("a run that is killed goes on where it was and asks nothing again")
  func killed() async throws {
    let stub = await ChatStub(
      [.status(429, retryAfter: "0"), .good, .status(500)], answer: Self.answer)
    let folder = try Self.project(
      "budget: { requests: 400 }, calibrate: false, sample: { documents: 150, by: uncertain }")
    let url = stub.url
    for kills in 1...4 {
      let before = stub.seen.requests
      try await waiting {
        let process = try Self.process(["run", "."], folder, url: url)
        try process.run()
        while process.isRunning, stub.seen.requests < before + 30 { usleep(1_000) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
      }
      // Only what was under way is asked again.
      let twice = stub.seen.answered.values.reduce(0) { $0 + $1 - 1 }
      #expect(twice <= kills * Self.concurrency)
    }
    let report = try await waiting {
      let outcome = try Self.run(["ask", ".", "--format", "json"], folder, url: url)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      )["functions"].map { "\($0)" } ?? ""
    }
    #expect(report.contains("asked_topic") && report.contains("unparsed"))
    let seen = stub.seen
    #expect(seen.answered.count == 300)
    #expect(seen.answered.values.reduce(0) { $0 + $1 - 1 } <= 4 * Self.concurrency)
    #expect(seen.requests <= 400)
    // Another undisturbed project ends in the same votes.
    let other = try Self.project(
      "budget: { requests: 400 }, calibrate: false, sample: { documents: 150, by: uncertain }")
    let votes = try await waiting {
      try [folder, other].map { folder in
        #expect(try Self.run(["run", "."], folder, url: url).status == 0)
        #expect(
          try Self.run(["export", ".", "votes", "--output", "v.csv"], folder, url: nil).status == 0)
        return try folder.text("v.csv")
      }
    }
    #expect(votes[0] == votes[1])
    #expect(stub.seen.requests == seen.requests + 300)
  }

  @Test("what commands print tells neither key nor texts")
  func output() async throws {
    let stub = await ChatStub([.good, .status(500), .brokenJSON], answer: Self.answer)
    let folder = try Self.project("budget: { requests: 50 }, sample: { documents: 40, by: random }")
    let url = stub.url
    try await waiting {
      let plan = try Self.run(["ask", ".", "--dry-run"], folder, url: nil)
      #expect(plan.status == 0 && plan.output.contains("left to ask: 83 requests"), "\(plan)")
      #expect(plan.output.contains("budget: 50 requests"))
      #expect(stub.seen.requests == 0)
      let missing = try Self.run(["ask", "."], folder, url: nil)
      #expect(missing.status == 78 && missing.errors.contains("HUNCH_LLM_URL"))
      let run = try Self.run(["run", "."], folder, url: url)
      #expect(run.status == 0)
      #expect(run.errors.contains("the budget for requests is spent"))
      let rest = try Self.run(["apply", "."], folder, url: nil)
      #expect(rest.status == 0 && rest.errors.contains("run 'hunch ask'"))
      stub.plan(Array(repeating: .status(401), count: 20))
      let yaml = try folder.text("hunch.yaml").replacingOccurrences(
        of: "requests: 50", with: "requests: 90")
      try folder.write("hunch.yaml", yaml)
      let refused = try Self.run(["ask", "."], folder, url: url)
      #expect(refused.status == 78 && refused.errors.contains("refuses the key"))
      let texts = stub.seen.documents.filter { $0.count > 20 }
      #expect(!texts.isEmpty)
      for outcome in [plan, missing, run, rest, refused] {
        for line in outcome.output.split(separator: "\n") { #expect(line.count <= 100) }
        for text in [Self.key, "hidden"] + texts {
          #expect(!outcome.output.contains(text) && !outcome.errors.contains(text))
        }
      }
    }
    #expect(stub.seen.keys == ["Bearer \(Self.key)"])
  }

  @Test("an interruption ends it at once, with what was answered kept")
  func interrupted() async throws {
    let stub = await ChatStub(
      Array(repeating: .good, count: 12) + Array(repeating: .slow(milliseconds: 30_000), count: 99),
      answer: Self.answer)
    let folder = try Self.project("budget: { requests: 400 }, calibrate: false")
    let url = stub.url
    try await waiting {
      let process = try Self.process(["ask", "."], folder, url: url)
      try process.run()
      while process.isRunning, stub.seen.requests < 12 + Self.concurrency { usleep(1_000) }
      let start = ContinuousClock.now
      kill(process.processIdentifier, SIGINT)
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      #expect(start.duration(to: .now) < .seconds(10))
      let plan = try Self.run(["ask", ".", "--dry-run", "--format", "json"], folder, url: nil)
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any])
      let functions = try #require(report["functions"] as? [[String: Any]])
      #expect(functions.reduce(0) { $0 + ($1["answered"] as? Int ?? 0) } == 12)
    }
  }
}
