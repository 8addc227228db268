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

@Suite("hunch serve")
struct ServeTests {
  /// What a server left that did not say where it listens.
  private struct NoServer: Error {
    var output: String
    var errors: String
  }

  /// A running server in a folder.
  private final class Server {
    let folder: Folder
    let process: Process
    let port: Int

    /// Starts the binary and waits until it says where it listens.
    init(_ arguments: [String], in folder: Folder) throws {
      self.folder = folder
      let process = try HunchBinary.process(["serve", "--port", "0"] + arguments, in: folder)
      try process.run()
      self.process = process
      var line = ""
      while !line.hasSuffix("\n"), process.isRunning {
        usleep(10_000)
        line = try folder.text(".stdout")
      }
      let number = line.trimmingCharacters(in: .newlines).split(separator: ":").last
      guard line.hasPrefix("listening on http://127.0.0.1:"), let port = number.flatMap({ Int($0) })
      else {
        process.terminate()
        throw NoServer(output: line, errors: try folder.text(".stderr"))
      }
      self.port = port
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    func predict(_ body: String) throws -> HTTPConnection.Answer {
      try HTTPConnection(port: port).request("POST", "/predict", body: Array(body.utf8))
    }

    /// Sends a signal and waits for the end.
    func stop(_ signal: Int32) throws -> HunchBinary.Outcome {
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      return try HunchBinary.outcome(process, in: folder)
    }
  }

  @Test("answers are the lines of 'hunch predict', also at the same time; SIGTERM ends with 0")
  func answers() async throws {
    let folder = try Projects.fruitModel()
    let texts = (0..<60).map { "\(["ripe", "lime", "vinegar"][$0 % 3]) plum \($0) ключ 梨" }
    let lines = try HunchBinary.succeed(
      ["predict", "--model", "m.model"], in: folder, input: texts.joined(separator: "\n")
    ).split(separator: "\n").map(String.init)
    let server = try Server(["--model", "m.model"], in: folder)
    let port = server.port
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<4 {
        group.addTask {
          let connection = try HTTPConnection(port: port)
          for index in stride(from: worker, to: texts.count, by: 4) {
            let answer = try connection.request(
              "POST", "/predict", body: Array("{\"text\": \"\(texts[index])\"}".utf8))
            #expect(answer.text == lines[index] + "\n")
          }
        }
      }
      try await group.waitForAll()
    }
    let list = "[\"" + texts.joined(separator: "\",\"") + "\"]"
    let expected = "{\"predictions\":[" + lines.joined(separator: ",") + "]}\n"
    #expect(try server.predict(list).text == expected)
    #expect(try server.predict("{\"texts\": \(list)}").text == expected)
    let outcome = try server.stop(SIGTERM)
    #expect(outcome.status == 0)
    #expect(outcome.output == "listening on http://127.0.0.1:\(port)\n")
    #expect(outcome.errors.hasPrefix("serving m.model: 2 classes, trained on "))
    #expect(outcome.errors.hasSuffix("stopped\n"))
  }

  @Test("bad requests get their errors and leave nothing in the log; Ctrl-C ends with 0")
  func badRequests() throws {
    let server = try Server(
      ["--model", "m.model", "--body-limit", "1000", "-q"], in: Projects.fruitModel())
    #expect(try server.predict("{\"text\": \"secret").status == 400)
    #expect(try server.predict("{\"txt\": \"secret\"}").status == 400)
    #expect(try server.predict(String(repeating: "secret", count: 200)).status == 413)
    let bytes: [UInt8] = Array("{\"text\": \"secret ".utf8) + [0xC3, 0x22, 0x7D]
    let connection = try HTTPConnection(port: server.port)
    #expect(try connection.request("POST", "/predict", body: bytes).status == 400)
    #expect(try connection.request("GET", "/predict").status == 405)
    #expect(try connection.request("GET", "/secret").status == 404)
    // What is no HTTP at all.
    let other = try HTTPConnection(port: server.port)
    try other.send("secret\r\n\r\n")
    #expect(try other.answer().status == 400)
    #expect(try connection.request("GET", "/health").status == 200)
    let outcome = try server.stop(SIGINT)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "\nstopping; press Ctrl-C again to stop at once\n")
  }

  @Test("a request under way is answered after SIGTERM; a second signal ends at once with 130")
  func stopping() throws {
    let body = Array("{\"text\": \"plum\"}".utf8)
    for isPatient in [true, false] {
      let server = try Server(["--model", "m.model"], in: Projects.fruitModel())
      let connection = try HTTPConnection(port: server.port)
      try connection.send(HTTPConnection.head("POST", "/predict", length: body.count))
      try HTTPConnection.settle(port: server.port)
      kill(server.process.processIdentifier, SIGTERM)
      while try !server.folder.text(".stderr").contains("stopping") { usleep(10_000) }
      if isPatient {
        try connection.send(body)
        #expect(try connection.answer().status == 200)
        server.process.waitUntilExit()
        #expect(server.process.terminationStatus == 0)
      } else {
        #expect(try server.stop(SIGTERM).status == 130)
      }
    }
  }

  @Test("a project's stored classifier is served, trained before if need be; others may work on it")
  func project() throws {
    let folder = try Projects.fruit()
    for note in ["no classifier was stored for the project as it is", "serving the stored"] {
      let server = try Server(["."], in: folder)
      // The command that is run meanwhile needs the workspace, and streams of its own.
      let elsewhere = try Folder()
      let line = try HunchBinary.succeed(
        ["predict", folder.url.path], in: elsewhere, input: "ripe plum\n")
      #expect(try server.predict("{\"text\": \"ripe plum\"}").text == line)
      let outcome = try server.stop(SIGTERM)
      #expect(outcome.status == 0)
      #expect(outcome.errors.hasPrefix(note), "\(outcome.errors)")
    }
  }

  @Test("--format json tells the address as an object")
  func announcement() throws {
    let folder = try Projects.fruitModel()
    let process = try HunchBinary.process(
      ["serve", "--model", "m.model", "--port", "0", "--format", "json", "--host", "localhost"],
      in: folder)
    try process.run()
    while try !folder.text(".stdout").hasSuffix("\n"), process.isRunning { usleep(10_000) }
    process.terminate()
    process.waitUntilExit()
    let line = try folder.text(".stdout")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let port = try #require(object["port"] as? Int)
    #expect(object["host"] as? String == "localhost")
    #expect(object["url"] as? String == "http://localhost:\(port)")
  }

  @Test("75: the port is in use; 64, 65, 66: what cannot be served")
  func failures() throws {
    let server = try Server(["--model", "m.model"], in: Projects.fruitModel())
    let folder = try Projects.fruitModel()
    let busy = try HunchBinary.run(
      ["serve", "--model", "m.model", "-q", "--port", "\(server.port)"], in: folder)
    #expect(busy.status == 75 && busy.output.isEmpty)
    #expect(
      busy.errors.hasPrefix(
        "hunch: port \(server.port) of 127.0.0.1 is in use by another process\n  stop that"))
    for (arguments, status) in [
      (["--model", "m.model", "."], 64), (["--model", "m.model", "--port", "70000"], 64),
      (["--model", "m.model", "--body-limit", "0"], 64), (["--model", ".stdin"], 65),
      (["--model", "nowhere"], 66), (["nowhere"], 66),
    ] as [([String], Int32)] {
      let outcome = try HunchBinary.run(["serve", "--port", "0"] + arguments, in: folder)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }
}
