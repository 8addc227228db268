import Foundation
import ServiceStubs
import Testing

/// Texts go nowhere that nobody has allowed.
///
/// The service has an address that leads to this machine and does not look like it, as somebody
/// else's would: "127.1" is read as 127.0.0.1 by the library of the system alone.
@Suite("Leave to ask a service")
struct ConsentTests {
  private static func project(_ server: StubServer) throws -> (folder: Folder, origin: String) {
    let url = server.url.replacingOccurrences(of: "127.0.0.1", with: "127.1")
    let folder = try Projects.fruit(
      yaml: Projects.fruitConfiguration
        + "features:\n  embeddings: { url: \"\(url)\", model: small }\n")
    return (folder, String(url.dropLast("/v1/embeddings".count)))
  }

  /// Runs a command with settings in a folder of the test's.
  private static func run(
    _ arguments: [String], in folder: Folder, _ variables: [String: String] = [:]
  ) throws -> HunchBinary.Outcome {
    let process = try HunchBinary.process(arguments, in: folder)
    process.environment?.merge(Self.variables(folder, variables)) { $1 }
    try process.run()
    process.waitUntilExit()
    return try HunchBinary.outcome(process, in: folder)
  }

  private static func variables(
    _ folder: Folder, _ more: [String: String]
  ) -> [String: String] {
    ["XDG_CONFIG_HOME": folder.path("settings"), "HUNCH_EMBEDDINGS_KEY": "sk-secret-4711"]
      .merging(more) { $1 }
  }

  @Test("78 and nothing sent; then the option, once", arguments: ["train", "run", "predict"])
  func option(command: String) throws {
    let server = try StubServer()
    let (folder, origin) = try Self.project(server)
    let refused = try Self.run([command, "."], in: folder)
    #expect(refused.status == 78)
    #expect(refused.errors.contains("\(origin), which nobody has allowed"), "\(refused.errors)")
    #expect(refused.errors.contains("--allow-service \(origin)"))
    #expect(!refused.errors.contains("sk-secret") && !refused.errors.contains("mango"))
    let other = try Self.run([command, ".", "--allow-service", "https://api.example"], in: folder)
    #expect(other.status == 78)
    #expect(server.seen.requests == 0)
    let settings = folder.path("settings/hunch/services")
    #expect(!FileManager.default.fileExists(atPath: settings))

    let allowed = try Self.run(
      [command, ".", "--allow-service", "https://api.example", "--allow-service", origin + "/v1"],
      in: folder)
    #expect(allowed.status == 0, "\(allowed.errors)")
    #expect(server.seen.requests > 0 && server.seen.keys == ["Bearer sk-secret-4711"])
    // Only what was asked is remembered, and not in the project.
    #expect(try folder.text("settings/hunch/services") == origin + "\n")
    let mode = try FileManager.default.attributesOfItem(atPath: settings)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    try FileManager.default.removeItem(atPath: folder.path("hunch.workspace"))
    let again = try Self.run([command, "."], in: folder)
    #expect(again.status == 0, "\(again.errors)")
  }

  @Test("an address of the documentation's range fails before any connection")
  func nowhere() throws {
    let folder = try Projects.fruit(
      yaml: Projects.fruitConfiguration
        + "features:\n  embeddings: { url: \"http://192.0.2.1/v1/embeddings\", model: small }\n")
    let start = ContinuousClock.now
    let outcome = try Self.run(["train", "."], in: folder)
    #expect(outcome.status == 78)
    #expect(outcome.errors.contains("http://192.0.2.1, which nobody"))
    #expect(start.duration(to: .now) < .seconds(8))
  }

  @Test("this machine and what the environment names need no leave")
  func given() throws {
    let server = try StubServer()
    let (folder, _) = try Self.project(server)
    let named = server.url.replacingOccurrences(of: "127.0.0.1", with: "127.1")
    let outcome = try Self.run(
      ["train", "."], in: folder,
      ["HUNCH_LLM_URL": String(named.dropLast("/embeddings".count))])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(server.seen.requests > 0)
    #expect(!FileManager.default.fileExists(atPath: folder.path("settings")))
    let yaml = try folder.text("hunch.yaml").replacingOccurrences(of: "127.1:", with: "localhost:")
    try folder.write("hunch.yaml", yaml)
    try FileManager.default.removeItem(atPath: folder.path("hunch.workspace"))
    #expect(try Self.run(["train", "."], in: folder).status == 0)
    #expect(!FileManager.default.fileExists(atPath: folder.path("settings")))
  }

  @Test("64 for what is no address")
  func noAddress() throws {
    let outcome = try Self.run(
      ["train", ".", "--allow-service", "api.example"], in: try Projects.fruit())
    #expect(outcome.status == 64 && outcome.errors.contains("--allow-service takes an address"))
  }

  @Test("settings that cannot be written do not keep anybody from working")
  func unwritable() throws {
    let server = try StubServer()
    let (folder, origin) = try Self.project(server)
    let outcome = try Self.run(
      ["train", ".", "--allow-service", origin], in: folder,
      ["XDG_CONFIG_HOME": try folder.write("a-file", "")])
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("holds for this run alone"))
  }

  @Test("at a terminal the question is asked, and the answer remembered")
  func question() throws {
    let server = try StubServer()
    let (folder, origin) = try Self.project(server)
    func terminal() throws -> PseudoTerminal {
      let terminal = try PseudoTerminal(
        ["train", "."], in: folder, showsErrors: true, Self.variables(folder, [:]))
      try terminal.process.run()
      return terminal
    }
    for answer in ["n\n", "\n", "nonsense\n"] {
      let terminal = try terminal()
      let asked = terminal.wait(for: "[y/N]")
      #expect(asked.contains("would be sent to \(origin)"))
      #expect(asked.contains("HUNCH_EMBEDDINGS_KEY") && !asked.contains("sk-secret"))
      terminal.type(answer)
      #expect(terminal.end() == 78)
      #expect(terminal.shown.contains("may not be sent to \(origin)"))
    }
    let stopped = try terminal()
    stopped.wait(for: "[y/N]")
    stopped.process.interrupt()
    #expect(stopped.end() == 130)
    #expect(server.seen.requests == 0)
    let yes = try terminal()
    yes.wait(for: "[y/N]")
    yes.type("Yes\n")
    #expect(yes.end() == 0, "\(yes.shown)")
    #expect(server.seen.requests > 0)
    #expect(try folder.text("settings/hunch/services") == origin + "\n")
  }
}
