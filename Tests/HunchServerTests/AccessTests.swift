import Foundation
import HunchServer
import TestSupport
import Testing

@Suite("Who may ask the server")
struct AccessTests {
  private static let body = Array("{\"text\": \"ripe\"}".utf8)

  private static func code(_ answer: HTTPConnection.Answer) throws -> String? {
    (try answer.object()?["error"] as? [String: Any])?["code"] as? String
  }

  @Test("403: a Host that is not this machine's, on every route; names that are allowed pass")
  func hosts() async throws {
    try await ServerRuns.run {
      $0.allowedHosts = ["Hunch.Example", "10.0.0.9:8080"]
    } _: { port, _ in
      let connection = try HTTPConnection(port: port)
      for host in [
        "localhost", "LOCALHOST:1", "127.0.0.1:\(port)", "127.9.9.9", "[::1]", "[::1]:80",
        "localhost.", "hunch.example", "hunch.example:443", "10.0.0.9",
      ] {
        let answer = try connection.request("GET", "/health", headers: ["Host": host])
        #expect(answer.status == 200, "\(host)")
      }
      for host in [
        "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.evil", "evil:80",
        "localhost:evil", "0.0.0.0", "10.0.0.8", "127.0.0.256", "[::2]", "[::1", "", " ", ":80",
        "localhost@evil.example", "hunch.example.evil",
      ] {
        for path in ["/health", "/metrics", "/nowhere"] {
          let answer = try connection.request("GET", path, headers: ["Host": host])
          #expect(answer.status == 403, "'\(host)'")
          #expect(try Self.code(answer) == "foreign_host")
          #expect(!answer.text.contains("evil"))
        }
        let answer = try connection.request(
          "POST", "/predict", headers: ["Host": host], body: Self.body)
        #expect(answer.status == 403)
      }
      try connection.send("GET /health HTTP/1.1\r\n\r\n")
      #expect(try connection.answer().status == 403, "no Host at all")
    }
  }

  @Test("403: a page of another site")
  func sites() async throws {
    try await ServerRuns.run { port, _ in
      let connection = try HTTPConnection(port: port)
      func status(_ headers: [String: String]) throws -> Int {
        try connection.request("POST", "/predict", headers: headers, body: Self.body).status
      }
      for origin in ["http://localhost:\(port)", "http://localhost", "https://LOCALHOST:3000"] {
        #expect(try status(["Origin": origin]) == 200, "\(origin)")
      }
      for origin in ["null", "http://evil.example", "http://127.0.0.1", "localhost", ""] {
        #expect(try status(["Origin": origin]) == 403, "\(origin)")
      }
      for site in ["same-origin", "same-site", "none"] {
        #expect(try status(["Sec-Fetch-Site": site]) == 200, "\(site)")
      }
      for site in ["cross-site", "", "other"] {
        #expect(try status(["Sec-Fetch-Site": site]) == 403, "\(site)")
      }
      #expect(try status(["Origin": "http://127.0.0.1:1", "Host": "127.0.0.1"]) == 200)
    }
  }

  @Test("415: another content type than JSON; none at all is taken")
  func types() async throws {
    try await ServerRuns.run { port, _ in
      let connection = try HTTPConnection(port: port)
      for type in [
        "application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json ;x",
      ] {
        let answer = try connection.request(
          "POST", "/predict", headers: ["Content-Type": type], body: Self.body)
        #expect(answer.status == 200, "\(type)")
      }
      for type in [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "",
        "application/jsonp", "text/plain; application/json", "application/json, text/plain",
      ] {
        let answer = try connection.request(
          "POST", "/predict", headers: ["Content-Type": type], body: Self.body)
        #expect(answer.status == 415, "\(type)")
        #expect(try Self.code(answer) == "unsupported_type")
      }
    }
  }
}
