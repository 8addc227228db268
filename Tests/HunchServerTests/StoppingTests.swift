import Hunch
import HunchServer
import TestSupport
import Testing

@Suite("Starting and stopping the server")
struct StoppingTests {
  private static let body = Array("{\"text\": \"ripe honey\"}".utf8)

  @Test("a request under way is answered after the stop, and nothing new is accepted")
  func finishesRequests() async throws {
    try await ServerRuns.run { port, stop in
      let idle = try HTTPConnection(port: port)
      #expect(try idle.request("GET", "/health").status == 200)
      let connection = try HTTPConnection(port: port)
      try connection.send(HTTPConnection.head("POST", "/predict", length: Self.body.count))
      try connection.send(Array(Self.body[..<5]))
      try HTTPConnection.settle(port: port)
      stop()
      #expect(idle.isClosed())
      #expect(throws: HTTPConnection.Failure.self) {
        try HTTPConnection(port: port).request("GET", "/health")
      }
      try connection.send(Array(Self.body[5...]))
      let answer = try connection.answer()
      #expect(answer.status == 200)
      #expect(answer.text == (try ServerRuns.expected(["ripe honey"]))[0] + "\n")
      #expect(connection.isClosed())
    }
  }

  @Test("a request that never ends is cut off when the grace is over")
  func grace() async throws {
    try await ServerRuns.run {
      $0.grace = .milliseconds(50)
    } _: { port, stop in
      let connection = try HTTPConnection(port: port)
      try connection.send(HTTPConnection.head("POST", "/predict", length: Self.body.count))
      try connection.send(Array(Self.body[..<5]))
      try HTTPConnection.settle(port: port)
      stop()
      #expect(connection.isClosed())
    }
  }

  @Test("a port in use, an address of no one: errors that say what to do")
  func cannotListen() async throws {
    try await ServerRuns.serve { port, _ in
      func failure(_ options: ServerOptions) async throws -> ServerError? {
        let server = try PredictionServer(try ServerRuns.predictor.get(), options)
        do {
          try await server.run(onListening: { _ in }, untilStopped: {})
        } catch let error as ServerError {
          return error
        }
        return nil
      }
      let inUse = try #require(try await failure(ServerOptions(port: port)))
      #expect(inUse.status == .busy)
      #expect(inUse.description == "port \(port) of 127.0.0.1 is in use by another process")
      #expect(inUse.hint?.contains("--port 0") == true)
      for host in ["192.0.2.1", "no-such-host.invalid"] {
        let unknown = try #require(try await failure(ServerOptions(host: host, port: 0)))
        #expect(unknown.status == .usage)
        #expect(unknown.description == "'\(host)' is no address of this machine")
      }
    }
  }

  @Test("the address of a host with colons stands in brackets")
  func url() {
    #expect(ServerAddress(host: "::1", port: 80).url == "http://[::1]:80")
    #expect(ServerAddress(host: "127.0.0.1", port: 8080).url == "http://127.0.0.1:8080")
  }
}
