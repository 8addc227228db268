import Foundation
import HunchServer
import TestSupport
import Testing

@Suite("Routes of the server")
struct RoutesTests {
  private static let texts = ["ripe honey", "", "лайм", "so\n\"lime\" \u{0}", "日本の🍋", "mango"]

  @Test("a text gets its object; a list gets a list, in either form")
  func predictions() async throws {
    try await ServerRuns.run { port, _ in
      let expected = try ServerRuns.expected(Self.texts)
      let connection = try HTTPConnection(port: port)
      for (text, line) in zip(Self.texts, expected) {
        let answer = try connection.request(
          "POST", "/predict", body: try ServerRuns.json(["text": text, "id": 3] as [String: Any]))
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/json")
        #expect(answer.text == line + "\n")
      }
      let list = "{\"predictions\":[" + expected.joined(separator: ",") + "]}\n"
      for body in [try ServerRuns.json(["texts": Self.texts]), try ServerRuns.json(Self.texts)] {
        #expect(try connection.request("POST", "/predict?x=1", body: body).text == list)
      }
      let empty = try connection.request("POST", "/predict", body: Array("[]".utf8))
      #expect(empty.text == "{\"predictions\":[]}\n")
    }
  }

  @Test("a list that is answered on other threads is the same list")
  func largeBatch() async throws {
    let texts = (0..<9_000).map { "\(["ripe", "lime", "mango"][$0 % 3]) number \($0)" }
    try await ServerRuns.run { port, _ in
      let body = try ServerRuns.json(["texts": texts])
      #expect(body.count > 150_000)
      let answer = try HTTPConnection(port: port).request("POST", "/predict", body: body)
      let expected = try ServerRuns.expected(texts)
      #expect(answer.text == "{\"predictions\":[" + expected.joined(separator: ",") + "]}\n")
      let long = String(repeating: "honey lime ", count: 20_000)
      let one = try HTTPConnection(port: port).request(
        "POST", "/predict", body: try ServerRuns.json(["text": long]))
      #expect(one.text == (try ServerRuns.expected([long]))[0] + "\n")
    }
  }

  @Test("health names the labels and the model")
  func health() async throws {
    try await ServerRuns.run { port, _ in
      let answer = try HTTPConnection(port: port).request("GET", "/health")
      let health = try #require(try answer.object())
      #expect(answer.status == 200)
      #expect(health["status"] as? String == "ok")
      #expect(health["labels"] as? [String] == ServerRuns.labels)
      #expect(health["body_limit"] as? Int == 1 << 20)
      let model = try #require(health["model"] as? [String: Any])
      #expect(model["documents"] as? Int == 12)
      #expect(
        Set(model.keys)
          == ["hash", "classes", "documents", "features", "iterations", "converged"])
      #expect(model["hash"] as? String == (try ServerRuns.predictor.get()).hash)
      #expect(model["classes"] as? Int == 3)
      let head = try HTTPConnection(port: port).request("HEAD", "/health")
      #expect(head.status == 200 && head.body.isEmpty)
      #expect(head.headers["content-length"] == answer.headers["content-length"])
    }
  }

  struct Bad: Sendable {
    var body: [UInt8]
    var code: String
    var message: String

    init(_ body: String, _ code: String, _ message: String) {
      self.init(Array(body.utf8), code, message)
    }

    init(_ body: [UInt8], _ code: String, _ message: String) {
      (self.body, self.code, self.message) = (body, code, message)
    }
  }

  static let bad = [
    Bad("", "not_json", "not valid JSON"),
    Bad("{\"text\": \"secret\"", "not_json", "not valid JSON"),
    Bad("secret", "not_json", "not valid JSON"), Bad("[\"secret\",", "not_json", "not valid JSON"),
    Bad("{\"text\": \"secret \\ud800\"}", "not_json", "not valid JSON"),
    Bad("[\"secret \\ud800\"]", "not_json", "not valid JSON"),
    Bad("\"secret\"", "missing_text", "neither 'text' nor 'texts'"),
    Bad("7", "missing_text", "neither"), Bad("null", "missing_text", "neither"),
    Bad("{}", "missing_text", "neither"), Bad("{\"secret\": \"x\"}", "missing_text", "neither"),
    Bad("{\"text\": \"secret\", \"texts\": []}", "text_and_texts", "both"),
    Bad("{\"text\": \"secret\", \"text\": \"b\"}", "repeated_key", "'text' more than once"),
    Bad("{\"texts\": [], \"te\\u0078ts\": [\"secret\"]}", "repeated_key", "'texts' more than once"),
    Bad("[], \"text\": \"secret\"", "not_json", "not valid JSON"),
    Bad("{\"texts\": {\"a\": \"secret\"}}", "not_a_string", "'texts' is not a list"),
    Bad("[[\"secret\"]]", "not_a_string", "text 1 of the list is not a string"),
    Bad("{\"text\": 7}", "not_a_string", "'text' is not a string"),
    Bad("{\"text\": null}", "not_a_string", "'text' is not a string"),
    Bad("{\"text\": [\"secret\"]}", "not_a_string", "'text' is not a string"),
    Bad("{\"texts\": \"secret\"}", "not_a_string", "'texts' is not a list"),
    Bad("[\"secret\", \"x\", 3]", "not_a_string", "text 3 of the list is not a string"),
    Bad("{\"texts\": [null]}", "not_a_string", "text 1 of the list is not a string"),
    Bad(Array("{\"text\": \"secret ".utf8) + [0xFF, 0x22, 0x7D], "not_utf8", "not valid UTF-8"),
    Bad([0x7B, 0x00, 0x22], "not_json", "not valid JSON"),
    Bad(String(repeating: "[", count: 100_000), "not_json", "not valid JSON"),
  ]

  @Test("400: a body that is no request is told what to send, and nothing of it comes back")
  func badBodies() async throws {
    try await ServerRuns.run { port, _ in
      // One connection: a bad request does not spoil the next one.
      let connection = try HTTPConnection(port: port)
      for bad in Self.bad {
        let answer = try connection.request("POST", "/predict", body: bad.body)
        let error = try #require(try answer.object()?["error"] as? [String: Any])
        #expect(answer.status == 400)
        #expect(error["code"] as? String == bad.code)
        let message = try #require(error["message"] as? String)
        #expect(message.contains(bad.message), "\(message)")
        #expect(message.contains("send {\"text\": \"…\"}"))
        #expect(!answer.text.contains("secret"))
      }
      #expect(
        try connection.request("POST", "/predict", body: Array("[\"a\"]".utf8)).status == 200)
    }
  }

  @Test("404 lists the routes, 405 names the method, 415 for compressed bodies")
  func wrongRoutes() async throws {
    try await ServerRuns.run { port, _ in
      let connection = try HTTPConnection(port: port)
      for path in ["/", "/predict/", "/secret"] {
        let answer = try connection.request("GET", path)
        let error = try #require(try answer.object()?["error"] as? [String: Any])
        #expect(answer.status == 404 && error["code"] as? String == "not_found")
        #expect(error["routes"] as? [String] == ["POST /predict", "GET /health", "GET /metrics"])
        #expect(!answer.text.contains("secret"))
      }
      for (method, path, allowed) in [
        ("GET", "/predict", "POST"), ("PUT", "/predict", "POST"), ("POST", "/health", "GET, HEAD"),
      ] {
        let answer = try connection.request(method, path)
        let error = try #require(try answer.object()?["error"] as? [String: Any])
        #expect(answer.status == 405 && answer.headers["allow"] == allowed)
        #expect(error["code"] as? String == "method_not_allowed")
      }
      let answer = try connection.request(
        "POST", "/predict", headers: ["Content-Encoding": "gzip"], body: [0x1F, 0x8B])
      #expect(answer.status == 415)
    }
  }

  @Test("413: a body over the limit, with its length or in chunks; one at the limit is read")
  func limit() async throws {
    let body = try ServerRuns.json(["text": String(repeating: "a", count: 89)])
    try #require(body.count == 100)
    try await ServerRuns.run {
      $0.bodyLimit = 100
    } _: { port, _ in
      let connection = try HTTPConnection(port: port)
      #expect(try connection.request("POST", "/predict", body: body).status == 200)
      let answer = try connection.request("POST", "/predict", body: body + [0x20])
      let error = try #require(try answer.object()?["error"] as? [String: Any])
      #expect(answer.status == 413 && error["code"] as? String == "body_too_large")
      #expect((error["message"] as? String)?.contains("more than 100 bytes") == true)
      let chunked = try HTTPConnection(port: port)
      try chunked.send(
        "POST /predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
      let chunk = String(repeating: "a", count: 60)
      try chunked.send("3c\r\n\(chunk)\r\n3c\r\n\(chunk)\r\n0\r\n\r\n")
      #expect(try chunked.answer().status == 413)
      #expect(try chunked.request("POST", "/predict", body: body).status == 200)
    }
  }

  @Test("requests at the same time get their own answers")
  func concurrent() async throws {
    try await ServerRuns.serve { port, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for worker in 0..<8 {
          group.addTask {
            try await ServerRuns.waiting { try ask(worker, port) }
          }
        }
        try await group.waitForAll()
      }
    }
    @Sendable func ask(_ worker: Int, _ port: Int) throws {
      let connection = try HTTPConnection(port: port)
      for round in 0..<40 {
        let texts = ["lime \(worker)", "honey \(round)", "\(worker * round) mango"]
        let expected = try ServerRuns.expected(texts)
        let one = try connection.request(
          "POST", "/predict", body: try ServerRuns.json(["text": texts[round % 3]]))
        #expect(one.text == expected[round % 3] + "\n")
        let many = try connection.request(
          "POST", "/predict", body: try ServerRuns.json(texts))
        #expect(
          many.text == "{\"predictions\":[" + expected.joined(separator: ",") + "]}\n")
      }
    }
  }
}
