import Foundation
import Hunch
import HunchServices
import ServiceStubs
import Synchronization
import Testing

/// What holds for connections, whatever goes over them.
struct ServiceConnectionTests {
  private func client(
    _ url: String, environment: [String: String] = [:], libraries: [String]? = nil
  ) -> EmbeddingClient {
    EmbeddingClient(
      url: url, model: "small", key: nil, patience: .short, environment: environment,
      libraries: libraries)
  }

  private func failure(_ client: EmbeddingClient) throws -> ServiceFailure {
    let error = #expect(throws: EmbeddingError.self) { try client.embed(["private"]) { false } }
    guard case .service(let failure, _) = try #require(error) else {
      throw try #require(error)
    }
    return failure
  }

  @Test("an answer without end is ended at the most that embeddings can need")
  func endless() throws {
    let server = try StubServer([.endless, .good, .endless])
    let client = client(server.url)
    let unknown = client.largestAnswer(to: 1)
    guard case .badAnswer(let problem) = try failure(client) else {
      Issue.record("it was taken")
      return
    }
    #expect(problem.contains("larger than \(unknown >> 10) KiB"))
    // Once a length is known, much less is enough.
    #expect(try client.embed(["x"]) { false }.count == 1)
    let known = client.largestAnswer(to: 1)
    #expect(known < 128 << 10 && known < unknown / 6)
    guard case .badAnswer = try failure(client) else {
      Issue.record("it was taken")
      return
    }
    #expect(server.seen.requests == 3)
    // What the system holds between the two of them is beside it.
    #expect(server.seen.endlessBytes < unknown + known + 32 << 20)
  }

  @Test("an answer in many pieces")
  func pieces() throws {
    let server = try StubServer([
      .body(#"{"data": [{"embedding": [1, 2.5, -3e1]}]}"#, piece: 3)
    ])
    #expect(try client(server.url).embed(["x"]) { false } == [[1, 2.5, -30]])
  }

  @Test("a kept connection that breaks is not used again in silence")
  func resent() async throws {
    let server = try StubServer([.good, .reset, .good])
    let url = String(server.url.dropLast("/embeddings".count))
    let client = try ChatClient(url: url, model: "small", key: nil, patience: .chat)
    let events = Mutex([String]())
    for _ in 0..<2 {
      let tries = ServiceTries(
        willSend: { events.withLock { $0.append("send") } },
        didFail: { mayCost in events.withLock { $0.append("\(mayCost)") } })
      _ = try client.answer(
        ChatRequest([ChatRequest.Message(role: "user", content: "x")], answerTokens: 5),
        tries: tries
      ) { false }
    }
    #expect(events.withLock { $0 } == ["send", "send", "true", "send"])
    #expect(server.seen.requests == 3)
  }

  @Test("nothing costs where there is no connection")
  func nobodyThere() throws {
    let client = try ChatClient(
      url: "http://127.0.0.1:1/v1", model: "small", key: nil, patience: .chat)
    let costs = Mutex([Bool]())
    #expect(throws: ChatError.self) {
      try client.answer(
        ChatRequest([ChatRequest.Message(role: "user", content: "x")], answerTokens: 5),
        tries: ServiceTries(didFail: { mayCost in costs.withLock { $0.append(mayCost) } })
      ) { false }
    }
    #expect(costs.withLock { $0 } == Array(repeating: false, count: 7))
  }

  @Test("name and password of an address are sent as such, and shown nowhere")
  func basic() throws {
    let server = try StubServer([.good, .status(403)])
    let url = server.url.replacingOccurrences(of: "http://", with: "http://me:hush%21@")
    #expect(try client(url).embed(["x"]) { false }.count == 1)
    #expect(server.seen.keys == ["Basic " + Data("me:hush!".utf8).base64EncodedString()])
    let error = #expect(throws: EmbeddingError.self) { try client(url).embed(["x"]) { false } }
    #expect(!"\(try #require(error))".contains("hush"))
  }

  @Test("a stop is heard while nothing comes", arguments: [false, true])
  func stop(isConnected: Bool) throws {
    let server = try StubServer([.slow(milliseconds: 20_000)])
    var patience = JSONService.Patience()
    patience.firstWait = .seconds(20)
    let client = EmbeddingClient(
      url: isConnected ? server.url : "http://127.0.0.1:1/", model: "small", key: nil,
      patience: patience)
    let start = ContinuousClock.now
    #expect(throws: HunchError.self) {
      try client.embed(["x"]) { start.duration(to: .now) > .milliseconds(300) }
    }
    // 50 ms by design; the rest is for busy machines.
    #expect(start.duration(to: .now) < .seconds(3))
  }

  @Test(
    "other addresses than those of services",
    arguments: [
      "ftp://127.0.0.1/", "file:///etc/hostname", "127.0.0.1:80", "", "http://127.0.0.1:0/",
      "gopher://127.0.0.1/", "http://127.0.0.1:123456/",
    ])
  func addresses(url: String) throws {
    #expect(try failure(client(url)) == .badAddress)
  }

  @Test("where libcurl is not installed, it is said what to install")
  func noLibrary() throws {
    let client = client("http://127.0.0.1:1/", libraries: ["libhunch-has-no-such.so.4"])
    let error = #expect(throws: EmbeddingError.self) { try client.embed(["x"]) { false } }
    #expect(error?.status == .badConfiguration)
    #expect(error?.hint?.contains("apt-get install libcurl4") == true)
  }

  @Test("as many at a time as there are threads")
  func parallel() async throws {
    let server = try StubServer()
    let client = client(server.url)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for thread in 0..<4 {
        group.addTask {
          try (0..<25).allSatisfy { index in
            let text = "text \(thread) \(index)"
            return try client.embed([text]) { false } == [StubServer.embedding(of: text)]
          }
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
    #expect(server.seen.requests == 100)
  }
}
