import Foundation
import HunchServer
import TestSupport
import Testing

@Suite("What clients of the server cannot do", .serialized)
struct LimitsTests {
  private static let body = Array("{\"text\": \"ripe honey\"}".utf8)

  /// Waits until a connection is closed, reading what comes; the seconds that took.
  private static func secondsUntilClosed(_ connection: HTTPConnection) -> Double {
    let begin = ContinuousClock.now
    while !connection.isClosed() {}
    return Double((ContinuousClock.now - begin).components.seconds)
  }

  @Test("413: more texts than a request may have, with the limit in the message")
  func texts() async throws {
    try await ServerRuns.run {
      $0.textLimit = 3
    } _: { port, _ in
      let connection = try HTTPConnection(port: port)
      #expect(
        try connection.request("POST", "/predict", body: Array("[\"\",\"\",\"\"]".utf8)).status
          == 200)
      for body in ["[\"\",\"\",\"\",\"\"]", "{\"texts\": [\"\",\"a\",\"\", \"\", \"\"]}"] {
        let answer = try connection.request("POST", "/predict", body: Array(body.utf8))
        let error = try #require(try answer.object()?["error"] as? [String: Any])
        #expect(answer.status == 413 && error["code"] as? String == "too_many_texts")
        #expect((error["message"] as? String)?.contains("more than 3 texts") == true)
      }
    }
  }

  @Test("an answer is computed as its client reads, and comes whole")
  func streams() async throws {
    try await ServerRuns.run {
      $0.textLimit = 200_000
      $0.bodyLimit = 1 << 22
    } _: { port, _ in
      let connection = try HTTPConnection(port: port)
      let texts = [String](repeating: "", count: 60_000)
      let body = try ServerRuns.json(texts)
      try connection.send(HTTPConnection.head("POST", "/predict", length: body.count))
      try connection.send(body)
      // Of an answer of some MB only what fits between server and client is computed.
      let metrics = try Self.settled(port)
      #expect(metrics > 0 && metrics < 60_000, "\(metrics)")
      let answer = try connection.answer()
      #expect(answer.headers["transfer-encoding"] == "chunked")
      let one = try ServerRuns.expected([""])[0]
      #expect(answer.body.count == 60_000 * (one.utf8.count + 1) + 18)
      #expect(answer.text.hasSuffix(one + "]}\n"))
      #expect(try connection.request("POST", "/predict", body: Self.body).status == 200)
    }
  }

  /// The labels that were given once their number stays the same.
  private static func settled(_ port: Int) throws -> Int {
    var last = -1
    while true {
      let lines = try HTTPConnection(port: port).request("GET", "/metrics").text
        .split(separator: "\n").filter { $0.hasPrefix("hunch_labels_total") }
      let count = lines.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        .reduce(0, +)
      if count == last, count > 0 { return count }
      last = count
      usleep(300_000)
    }
  }

  @Test("connections without a request, with a body that drips, with an answer unread are cut")
  func timeouts() async throws {
    try await ServerRuns.run {
      $0.textLimit = 200_000
      ($0.idleTimeout, $0.bodyTimeout, $0.readerTimeout) = (
        .seconds(2), .seconds(2), .seconds(2)
      )
    } _: { port, _ in
      let idle = try HTTPConnection(port: port)
      let header = try HTTPConnection(port: port)
      try header.send("POST /predict HTTP/1.1\r\nHo")
      let drip = try HTTPConnection(port: port)
      try drip.send(HTTPConnection.head("POST", "/predict", length: 1_000))
      let unread = try HTTPConnection(port: port)
      let body = try ServerRuns.json([String](repeating: "", count: 100_000))
      try unread.send(HTTPConnection.head("POST", "/predict", length: body.count))
      try unread.send(body)
      // A byte now and then does not help.
      for _ in 0..<25 {
        usleep(100_000)
        try? drip.send("x")
        try? header.send("x")
      }
      for connection in [idle, header, drip] {
        #expect(Self.secondsUntilClosed(connection) < 10)
      }
      // The answer ends where it was cut.
      usleep(4_000_000)
      #expect(throws: HTTPConnection.Failure.self) { try unread.answer() }
      let metrics = try HTTPConnection(port: port).request("GET", "/metrics").text
      for reason in ["idle", "slow_body", "slow_reader"] {
        #expect(
          !metrics.contains("hunch_connections_closed_total{reason=\"\(reason)\"} 0\n"), "\(reason)"
        )
      }
      // Who asks again and again is no idler.
      let busy = try HTTPConnection(port: port)
      for _ in 0..<6 {
        #expect(try busy.request("POST", "/predict", body: Self.body).status == 200)
        usleep(500_000)
      }
    }
  }

  @Test("more connections than there may be: the oldest without a request go, then the slowest")
  func room() async throws {
    try await ServerRuns.run {
      $0.connectionLimit = 20
    } _: { port, _ in
      var held: [HTTPConnection] = []
      func check(_ what: String) throws {
        let begin = ContinuousClock.now
        #expect(try HTTPConnection(port: port).request("GET", "/health").status == 200)
        #expect(ContinuousClock.now - begin < .seconds(2), "\(what)")
      }
      let drip = try HTTPConnection(port: port)
      try drip.send(HTTPConnection.head("POST", "/predict", length: Self.body.count))
      try HTTPConnection.settle(port: port)
      for _ in 0..<60 { held.append(try HTTPConnection(port: port)) }
      try check("idle")
      // What waits for nothing but room was taken first.
      try drip.send(Self.body)
      #expect(try drip.answer().status == 200)
      held = []
      for _ in 0..<60 {
        held.append(try HTTPConnection(port: port))
        try? held.last?.send(HTTPConnection.head("POST", "/predict", length: 10))
      }
      try check("dripping")
      let metrics = try HTTPConnection(port: port).request("GET", "/metrics").text
      #expect(!metrics.contains("{reason=\"room\"} 0\n"))
    }
  }

  @Test("/metrics counts requests, labels and connections, and carries no text")
  func metrics() async throws {
    try await ServerRuns.run { port, _ in
      let connection = try HTTPConnection(port: port)
      _ = try connection.request("POST", "/predict", body: Array("[\"secret\",\"\"]".utf8))
      _ = try connection.request("POST", "/predict", body: Self.body)
      _ = try connection.request("POST", "/predict", body: Array("secret".utf8))
      _ = try connection.request("GET", "/secret")
      let answer = try connection.request("GET", "/metrics")
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      let lines = answer.text.split(separator: "\n")
      for line in [
        "hunch_requests_total{route=\"/predict\",status=\"200\"} 2",
        "hunch_requests_total{route=\"/predict\",status=\"400\"} 1",
        "hunch_requests_total{route=\"other\",status=\"404\"} 1",
        "hunch_request_seconds_bucket{le=\"+Inf\"} 4", "hunch_request_seconds_count 4",
        "hunch_connections 1", "# TYPE hunch_request_seconds histogram",
      ] {
        #expect(lines.contains(Substring(line)), "\(line) in \(answer.text)")
      }
      #expect(answer.text.contains("hunch_labels_total{label=\"so\\\"ur\"} "))
      let labels = lines.filter { $0.hasPrefix("hunch_labels_total") }
      #expect(
        labels.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +) == 3)
      #expect(!answer.text.contains("secret"))
    }
  }
}
