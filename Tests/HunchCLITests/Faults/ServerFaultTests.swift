import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Clients that do not read, that drip and that say nothing, against a server with few descriptors.
/// `make faults` sends as many as its promise names.
@Suite("A server under clients that mean it harm", .serialized)
struct ServerFaultTests {
  private static let descriptors = Faults.areHeavy ? 256 : 64
  private static let unread = Faults.areHeavy ? 50 : 8
  private static let dripping = Faults.areHeavy ? 200 : 30
  private static let idle = Faults.areHeavy ? 400 : 60
  /// Test builds compute many times slower, among other work.
  private static let patience = Duration.milliseconds(Faults.areHeavy ? 100 : 3_000)

  @Test("memory stays bounded, and /health answers throughout")
  func clients() throws {
    #if os(Linux)
      signal(SIGPIPE, SIG_IGN)
      let folder = try Projects.fruitModel()
      let process = try HunchBinary.process([], in: folder)
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = [
        "-c",
        "ulimit -n \(Self.descriptors); exec \"\(HunchBinary.path)\" serve --model m.model --port 0 -q",
      ]
      try process.run()
      defer { kill(process.processIdentifier, SIGKILL) }
      while try !folder.text(".stdout").hasSuffix("\n"), process.isRunning { usleep(10_000) }
      let address = try folder.text(".stdout").trimmingCharacters(in: .newlines)
      let port = try #require(address.split(separator: ":").last.flatMap { Int($0) })

      var held: [HTTPConnection] = []
      func check(_ what: String) throws {
        var times: [Duration] = []
        for _ in 0..<5 {
          let begin = ContinuousClock.now
          #expect(try HTTPConnection(port: port).request("GET", "/health").status == 200)
          times.append(ContinuousClock.now - begin)
        }
        // The other processes of a test run have their turns, too.
        #expect(times.sorted()[2] < Self.patience, "\(what): \(times)")
        #expect(times.allSatisfy { $0 < .seconds(5) }, "\(what): \(times)")
        let status = try String(
          contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM") })
        let kilobytes = try #require(Int(line.filter(\.isNumber)))
        #expect(kilobytes < 300_000, "\(what): \(line)")
      }
      try check("alone")
      let padding = String(repeating: "a", count: Faults.areHeavy ? 900_000 : 100_000)
      let texts = [String](repeating: "\"\"", count: 9_900).joined(separator: ",")
      let body = Array("[\(texts),\"\(padding)\"]".utf8)
      for _ in 0..<Self.unread {
        let connection = try HTTPConnection(port: port)
        // Of a connection that is cut for another the rest cannot be sent.
        try? connection.send(HTTPConnection.head("POST", "/predict", length: body.count))
        try? connection.send(body)
        held.append(connection)
      }
      try check("answers that are not read")
      for _ in 0..<Self.dripping {
        let connection = try HTTPConnection(port: port)
        try? connection.send(HTTPConnection.head("POST", "/predict", length: 1_000_000))
        held.append(connection)
      }
      for _ in 0..<3 {
        for connection in held.suffix(Self.dripping) {
          try? connection.send([UInt8](repeating: 0x20, count: 100))
        }
        try check("bodies that drip")
      }
      for _ in 0..<Self.idle { held.append(try HTTPConnection(port: port)) }
      try check("connections without a request")
      held = []
      try check("after them")
      kill(process.processIdentifier, SIGTERM)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    #endif
  }
}
