import Foundation
import Hunch
import HunchServices
import ServiceStubs
import Synchronization
import Testing

/// The client of language models against a server that fails as it is told to.
struct ChatClientTests {
  private static let request = ChatRequest(
    [ChatRequest.Message(role: "user", content: "my private words")], answerTokens: 5,
    likeliestTokens: 20)

  private func client(_ url: String, attempts: Int = 7) throws -> ChatClient {
    var patience = JSONService.Patience.chat
    patience.attempts = attempts
    return try ChatClient(
      url: url.replacingOccurrences(of: "http://", with: "http://user:hush@") + "/?token=hidden",
      model: "small", key: ChatProject.key, patience: patience)
  }

  private func ask(
    _ plan: [ChatStub.Fault], attempts: Int = 7
  ) async throws -> (stub: ChatStub, result: Result<ChatAnswer, any Error>, tries: [String]) {
    let stub = await ChatStub(plan) { _ in
      ChatStub.Reply("Yes", first: [("Yes", 0.75), ("No", 0.25)])
    }
    let client = try client(stub.url, attempts: attempts)
    let events = Tries()
    let result = try await waiting {
      let tries = ServiceTries(
        willSend: { events.list.withLock { $0.append("send") } },
        didFail: { mayCost in events.list.withLock { $0.append(mayCost ? "cost" : "free") } })
      return Result { try client.answer(Self.request, tries: tries) { false } }
    }
    return (stub, result, events.list.withLock { $0 })
  }

  private final class Tries: Sendable {
    let list = Mutex([String]())
  }

  @Test func asks() async throws {
    let (stub, result, tries) = try await ask([])
    let answer = try result.get()
    #expect(answer.content == "Yes")
    #expect(answer.promptTokens == "my private words".utf8.count / 4 + 10)
    #expect(answer.answerTokens == 1)
    #expect(answer.firstTokens.map(\.text) == ["Yes", "No"])
    #expect(abs(answer.firstTokens[0].logProbability - Foundation.log(0.75)) < 1e-12)
    #expect(stub.seen.keys == ["Bearer \(ChatProject.key)"])
    #expect(stub.seen.models == ["small"] && stub.seen.wantedProbabilities == 1)
    #expect(tries == ["send"])
  }

  @Test(arguments: [
    [ChatStub.Fault.status(429)], [.status(429, retryAfter: "0"), .status(500), .status(503)],
    [.brokenJSON, .brokenJSON], [.slow(milliseconds: 4500)], [.status(408), .brokenJSON],
  ])
  func triesAgain(plan: [ChatStub.Fault]) async throws {
    let (stub, result, tries) = try await ask(plan)
    #expect(try result.get().content == "Yes")
    #expect(stub.seen.requests == plan.count + 1)
    // What the service may have worked for counts as paid.
    let failures = plan.map { fault in
      switch fault {
      case .brokenJSON, .slow: "cost"
      default: "free"
      }
    }
    #expect(tries == failures.flatMap { ["send", $0] } + ["send"])
  }

  /// What cannot pass by itself is not tried again, and errors say neither text nor key nor query.
  @Test(arguments: [
    (ChatStub.Fault.status(401), 1, Hunch.ExitStatus.badConfiguration),
    (.status(403), 1, .badConfiguration), (.status(400), 1, .badConfiguration),
    (.status(404), 1, .badConfiguration), (.brokenJSON, 3, .badData),
    (.status(429), 4, .inputOutput), (.status(500), 4, .inputOutput),
    (.slow(milliseconds: 4500), 4, .inputOutput),
  ])
  func givesUp(fault: ChatStub.Fault, attempts: Int, status: Hunch.ExitStatus) async throws {
    let (stub, result, _) = try await ask(Array(repeating: fault, count: 9), attempts: 4)
    #expect(stub.seen.requests == attempts)
    let error = try #require(throws: ChatError.self) { try result.get() }
    #expect(error.status == status)
    let shown = "\(error) \(error.hint ?? "")"
    #expect(shown.contains(stub.url))
    for secret in [ChatProject.key, "hidden", "hush", "private"] {
      #expect(!shown.contains(secret))
    }
    if case .status(401, _) = fault { #expect(error.hint?.contains("HUNCH_LLM_KEY") == true) }
  }

  @Test("a connection that breaks off is tried again, and counts as paid")
  func dropped() async throws {
    let server = try StubServer([.drop, .reset, .drop])
    let client = try client(String(server.url.dropLast("/embeddings".count)))
    let events = Tries()
    let answer = try await waiting {
      let tries = ServiceTries(
        didFail: { mayCost in events.list.withLock { $0.append("\(mayCost)") } })
      return try client.answer(Self.request, tries: tries) { false }
    }
    #expect(answer.content == "yes" && answer.promptTokens == nil)
    #expect(server.seen.requests == 4)
    #expect(events.list.withLock { $0 } == ["true", "true", "true"])
  }

  @Test func nobodyThere() async throws {
    let client = try client("http://127.0.0.1:1", attempts: 3)
    let error = try await waiting {
      #expect(throws: ChatError.self) {
        try client.answer(Self.request, tries: ServiceTries()) { false }
      }
    }
    #expect("\(try #require(error))".contains("cannot be reached (3 attempts)"))
  }

  @Test func whatTriesThrowEndsThem() async throws {
    struct Enough: Error {}
    let stub = await ChatStub(Array(repeating: .status(500), count: 9)) { _ in ChatStub.Reply("x") }
    let client = try client(stub.url)
    try await waiting {
      var sent = 0
      let tries = ServiceTries(willSend: {
        if sent == 2 { throw Enough() }
        sent += 1
      })
      #expect(throws: Enough.self) { try client.answer(Self.request, tries: tries) { false } }
    }
    #expect(stub.seen.requests == 2)
  }

  @Test(arguments: ["http://localhost:99999/v1", "http://localhost:0/v1", "ftp://x/v1", "v1"])
  func whatIsNoAddress(url: String) throws {
    #expect(throws: ChatError.badAddress(variable: "HUNCH_LLM_URL")) { try client(url) }
  }

  @Test func theEnvironmentNamesTheService() throws {
    #expect(ChatClient.connector(environment: [:]) == nil)
    #expect(ChatClient.connector(environment: ["HUNCH_LLM_URL": ""]) == nil)
    #expect(ChatClient.connector(environment: ["HUNCH_LLM_URL": "http://localhost:1/v1"]) != nil)
    for address in ["localhost:8000", "ftp://host/v1", "https://", "sk-pasted-key"] {
      let error = #expect(throws: ChatError.self) {
        try ChatClient.connector(environment: ["HUNCH_LLM_URL": address])?("m", .seconds(60))
      }
      #expect(error == .badAddress(variable: "HUNCH_LLM_URL"))
    }
  }
}
