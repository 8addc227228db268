import Foundation
import Hunch
import HunchServices
import ServiceStubs
import Testing

/// The client against a server that fails as it is told to.
struct EmbeddingClientTests {
  private static let key = "sk-secret-4711"
  private static let texts = ["my private text one", "another", "one more"]

  private func embed(
    _ plan: [StubServer.Answer], _ texts: [String] = texts, attempts: Int = 7
  ) throws -> (server: StubServer, result: Result<[[Float]], any Error>) {
    let server = try StubServer(plan)
    var patience = JSONService.Patience.short
    patience.attempts = attempts
    let client = EmbeddingClient(
      url: server.url + "?token=hidden", model: "small", key: Self.key, patience: patience)
    return (server, Result { try client.embed(texts) { false } })
  }

  @Test func asksInOrder() throws {
    for plan in [[], [StubServer.Answer.reversed]] {
      let (server, result) = try embed(plan)
      #expect(try result.get() == Self.texts.map(StubServer.embedding))
      #expect(server.seen.keys == ["Bearer \(Self.key)"])
      #expect(server.seen.models == ["small"])
    }
  }

  @Test(arguments: [
    [StubServer.Answer.status(429)], [.status(500), .status(503), .status(529)], [.status(408)],
    [.drop], [.slow(milliseconds: 900)], [.drop, .status(429, retryAfter: "0"), .drop],
  ])
  func triesAgain(plan: [StubServer.Answer]) throws {
    let (server, result) = try embed(plan)
    #expect(try result.get() == Self.texts.map(StubServer.embedding))
    #expect(server.seen.requests == plan.count + 1)
  }

  /// What cannot pass by itself is not tried again, and errors say neither text nor key nor query.
  @Test(arguments: [
    (StubServer.Answer.status(401), 1), (.status(400), 1), (.status(404), 1), (.redirect, 1),
    (.notJSON, 1), (.oneTooFew, 1), (.sameIndex, 1), (.status(429), 3), (.status(500), 3),
    (.drop, 3), (.slow(milliseconds: 900), 3),
  ])
  func givesUp(answer: StubServer.Answer, attempts: Int) throws {
    let (server, result) = try embed(Array(repeating: answer, count: 9), attempts: 3)
    #expect(server.seen.requests == attempts)
    let error = try #require(throws: EmbeddingError.self) { try result.get() }
    let shown = "\(error) \(error.hint ?? "")"
    #expect(shown.contains(server.url))
    for secret in [Self.key, "hidden", "private", "another"] { #expect(!shown.contains(secret)) }
  }

  @Test func namesWhatIsWrong() throws {
    func error(_ answer: StubServer.Answer) throws -> EmbeddingError? {
      let (_, result) = try embed([answer], attempts: 1)
      return #expect(throws: EmbeddingError.self) { try result.get() }
    }
    func isRefused(_ error: EmbeddingError?, _ status: Int) -> Bool {
      if case .service(.refused(status), _) = error { true } else { false }
    }
    #expect(isRefused(try error(.status(403)), 403))
    #expect(isRefused(try error(.redirect), 302))
    #expect(try error(.status(401))?.hint?.contains(EmbeddingClient.keyVariable) == true)
    #expect(try error(.status(401))?.status == .badConfiguration)
    #expect(try error(.status(503))?.status == .inputOutput)
    #expect(try error(.notJSON)?.status == .badData)
    #expect("\(try #require(try error(.oneTooFew)))".contains("2 embeddings for 3 texts"))
    let nobody = EmbeddingClient(
      url: "http://127.0.0.1:1/v1/embeddings", model: "m", key: nil, patience: .short)
    let refused = #expect(throws: EmbeddingError.self) { try nobody.embed(["x"]) { false } }
    #expect("\(try #require(refused))".contains("cannot be reached (7 attempts)"))
  }

  @Test func waitsAsLongAsItIsTold() throws {
    let now = Date(timeIntervalSince1970: 784_111_777)
    #expect(JSONService.wait("2", now: now) == .seconds(2))
    #expect(JSONService.wait(" 0.5 ", now: now) == .milliseconds(500))
    #expect(JSONService.wait("Sun, 06 Nov 1994 08:49:47 GMT", now: now) == .seconds(10))
    #expect(JSONService.wait("Sun, 06 Nov 1994 08:49:07 GMT", now: now) == .zero)
    #expect(JSONService.wait("-3", now: now) == .zero)
    for nonsense in [nil, "", "soon", "nan"] {
      #expect(JSONService.wait(nonsense, now: now) == nil)
    }
  }

  @Test func aStopEndsTheWait() throws {
    let server = try StubServer([.slow(milliseconds: 60_000)])
    var patience = JSONService.Patience()
    patience.firstWait = .seconds(60)
    let client = EmbeddingClient(
      url: server.url, model: "small", key: nil, patience: patience)
    var asked = 0
    let error = #expect(throws: HunchError.self) {
      try client.embed(["x"]) {
        asked += 1
        return asked > 3
      }
    }
    #expect(error?.status == .interrupted)
    // The same where it waits before the next try.
    let unreachable = EmbeddingClient(
      url: "http://127.0.0.1:1/", model: "m", key: nil, patience: patience)
    asked = 0
    #expect(throws: HunchError.self) {
      try unreachable.embed(["x"]) {
        asked += 1
        return asked > 5
      }
    }
  }
}
