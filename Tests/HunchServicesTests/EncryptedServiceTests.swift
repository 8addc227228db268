import Foundation
import Hunch
import HunchServices
import ServiceStubs
import Synchronization
import Testing

/// Services over HTTPS, with certificates that are right and wrong.
@Suite(
  .enabled(
    if: EncryptedServer.isPossible, "needs python3 with its ssl module, and openssl"))
struct EncryptedServiceTests {
  /// - Parameter environment: What names trusted certificates.
  private func embed(
    _ url: String, _ environment: [String: String]
  ) -> (result: Result<[[Float]], any Error>, took: Duration) {
    var patience = JSONService.Patience()
    // A second try would be seen by the clock.
    patience.firstWait = .seconds(20)
    patience.answer = .seconds(10)
    let client = EmbeddingClient(
      url: url, model: "small", key: "sk-secret", patience: patience, environment: environment)
    let start = ContinuousClock.now
    let result = Result { try client.embed(["private"]) { false } }
    return (result, start.duration(to: .now))
  }

  private func expectInsecure(
    _ outcome: (result: Result<[[Float]], any Error>, took: Duration), _ words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let error = try #require(
      throws: EmbeddingError.self, sourceLocation: sourceLocation, performing: outcome.result.get)
    guard case .service(.insecure(let problem), _) = error else {
      Issue.record("\(error)", sourceLocation: sourceLocation)
      return
    }
    #expect(problem.contains(words), sourceLocation: sourceLocation)
    #expect(error.status == .inputOutput, sourceLocation: sourceLocation)
    #expect(outcome.took < .seconds(15), sourceLocation: sourceLocation)
  }

  @Test(
    "who is not trusted is not asked twice, and who is trusted answers",
    arguments: ["SSL_CERT_FILE", "CURL_CA_BUNDLE"])
  func trust(variable: String) throws {
    let server = try EncryptedServer(for: "127.0.0.1")
    let distrusted = embed(server.url, [:])
    try expectInsecure(distrusted, "signed by nobody that this machine trusts")
    #expect("\(distrusted.result)".contains("sk-secret") == false)
    let trusted = embed(server.url, [variable: server.certificate])
    #expect(try trusted.result.get() == [[1, 2, 3]])
    try expectInsecure(
      embed(server.url, [variable: server.certificate + ".not-there"]), "cannot be read")
  }

  @Test("a certificate for another host")
  func otherHost() throws {
    let server = try EncryptedServer(for: "elsewhere.test")
    try expectInsecure(
      embed(server.url, ["SSL_CERT_FILE": server.certificate]), "for another host")
  }

  @Test("a service without encryption where some is expected")
  func noEncryption() throws {
    let server = try StubServer()
    let url = server.url.replacingOccurrences(of: "http://", with: "https://")
    try expectInsecure(embed(url, [:]), "handshake failed")
    #expect(server.seen.requests == 0)
  }
}

/// The server behind `serve_tls.py`, as long as this lives.
final class EncryptedServer {
  /// Whether what it needs is installed.
  static let isPossible: Bool = {
    ["python3 -c 'import ssl'", "openssl version"].allSatisfy { command in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", command]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return false }
      process.waitUntilExit()
      return process.terminationStatus == 0
    }
  }()

  let url: String
  /// The file of its certificate.
  let certificate: String
  private let server = Process()
  private let input = Pipe()

  /// - Parameter subject: The name or address that the certificate is for.
  init(for subject: String) throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("serve_tls.py").path
    server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    server.arguments = ["python3", script, subject]
    let output = Pipe()
    server.standardInput = input
    server.standardOutput = output
    try server.run()
    var text = ""
    while text.count(where: { $0 == "\n" }) < 2 {
      let part = output.fileHandleForReading.availableData
      if part.isEmpty { break }
      text += String(decoding: part, as: UTF8.self)
    }
    let lines = text.split(separator: "\n").map(String.init)
    let port = try #require(lines.first.flatMap { Int($0) }, "the server does not start")
    certificate = try #require(lines.last)
    url = "https://127.0.0.1:\(port)/v1/embeddings"
  }

  deinit {
    try? input.fileHandleForWriting.close()
    server.waitUntilExit()
  }
}
