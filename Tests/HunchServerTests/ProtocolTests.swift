import HunchServer
import TestSupport
import Testing

@Suite("HTTP as clients speak it")
struct ProtocolTests {
  private static let body = Array("{\"text\": \"ripe honey\"}".utf8)

  @Test("requests sent ahead are answered in turn; a target may name the server")
  func pipelines() async throws {
    try await ServerRuns.run { port, _ in
      let connection = try HTTPConnection(port: port)
      let predict = HTTPConnection.head("POST", "/predict", length: Self.body.count)
      let text = String(decoding: Self.body, as: UTF8.self)
      try connection.send(
        "GET http://localhost:\(port)/health?x HTTP/1.1\r\nHost: localhost\r\n\r\n"
          + predict + text + "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n" + predict + text)
      #expect(try connection.answer().text.contains("\"status\":\"ok\""))
      let first = try connection.answer()
      #expect(first.status == 200 && first.headers["date"]?.hasSuffix(" GMT") == true)
      // The answer to HEAD has a length and no body, so the next one begins behind its head.
      _ = try connection.answer(withBody: false)
      #expect(try connection.answer().body == first.body)
    }
  }

  @Test("a body that waits to be asked for is asked for, or refused at once with the connection")
  func continues() async throws {
    try await ServerRuns.run {
      $0.bodyLimit = 100
    } _: { port, _ in
      func head(_ length: Int) -> String {
        "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(length)\r\n"
          + "Expect: 100-continue\r\n\r\n"
      }
      let connection = try HTTPConnection(port: port)
      for _ in 0..<2 {
        try connection.send(head(Self.body.count))
        #expect(try connection.answer(withBody: false).status == 100)
        try connection.send(Self.body)
        #expect(try connection.answer().status == 200)
      }
      try connection.send(head(1_000))
      let refused = try connection.answer()
      #expect(refused.status == 413 && refused.headers["connection"] == "close")
      #expect(connection.isClosed())
    }
  }

  @Test("the connection ends where its client wants that, and for clients without chunks")
  func closes() async throws {
    let texts = [String](repeating: "ripe honey", count: 2_000)
    let body = try ServerRuns.json(texts)
    let expected = try ServerRuns.expected(texts).joined(separator: ",")
    try await ServerRuns.run { port, _ in
      for (version, header) in [("1.1", "close"), ("1.0", "keep-alive"), ("1.0", "close")] {
        let connection = try HTTPConnection(port: port)
        try connection.send(
          "POST /predict HTTP/\(version)\r\nHost: localhost\r\nConnection: \(header)\r\n"
            + "Content-Length: \(body.count)\r\n\r\n" + String(decoding: body, as: UTF8.self))
        let answer = connection.rest()
        #expect(answer.hasPrefix("HTTP/\(version) 200 OK\r\n"))
        let headers = answer.prefix(300).lowercased()
        #expect(headers.contains("\r\nconnection: close\r\n"))
        #expect(headers.contains("\r\ntransfer-encoding: chunked\r\n") == (version == "1.1"))
        if version == "1.0" {
          #expect(answer.hasSuffix("\r\n\r\n{\"predictions\":[\(expected)]}\n"))
        }
      }
    }
  }

  @Test(
    "400 for what is no HTTP, and the connection ends",
    arguments: [
      "secret\r\n\r\n", "GET /health HTTP/1.1\r\nsecret\r\n\r\n", "\u{16}\u{3}\u{1}secret\r\n",
      "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: secret\r\n\r\n",
      "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
      "POST /predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nsecret\r\n",
      "GET /health HTTP/1.1\r\nX: " + String(repeating: "secret", count: 20_000) + "\r\n\r\n",
    ])
  func garbage(_ bytes: String) async throws {
    try await ServerRuns.run { port, _ in
      let connection = try HTTPConnection(port: port)
      try connection.send(bytes)
      let answer = connection.rest()
      #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n") && !answer.contains("secret"))
      #expect(try HTTPConnection(port: port).request("GET", "/health").status == 200)
    }
  }

  @Test("403: two hosts at once")
  func twoHosts() async throws {
    try await ServerRuns.run { port, _ in
      let connection = try HTTPConnection(port: port)
      try connection.send("GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
      #expect(try connection.answer().status == 403)
    }
  }
}
