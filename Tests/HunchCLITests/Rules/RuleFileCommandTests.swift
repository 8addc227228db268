import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Rule files as a user has them: edited, moved, cloned, killed, without room or rights.
@Suite("Rule files")
struct RuleFileCommandTests {
  private func project() throws -> Folder {
    let folder = try Folder()
    _ = try HunchBinary.succeed(["new", "p", "--quiet"], in: folder)
    return folder
  }

  private func edit(_ folder: Folder, _ old: String, _ new: String) throws {
    let text = try folder.text("p/rules.swift")
    #expect(text.contains(old))
    try folder.write("p/rules.swift", text.replacing(old, with: new))
  }

  /// What `export model` shipped was once of the rules of the last build.
  @Test(
    "every command sees the rules that stand in the files",
    arguments: [
      ["run", "p"], ["apply", "p"], ["analyze", "p"], ["report", "p", "--output", "r.html"],
      ["export", "p", "model", "--output", "m.model"], ["suggest", "functions", "p"],
      ["label", "p", "--list"], ["draft", "p", "--write-request", "-"], ["test", "p"],
      ["projects", "p"], ["explain", "p", "1"],
    ])
  func stale(command: [String]) throws {
    let folder = try project()
    _ = try HunchBinary.succeed(["run", "p", "--quiet"], in: folder)
    try edit(folder, "Keywords(\"kind_words\"", "Keyword(\"kind_words\"")
    let outcome = try HunchBinary.run(command, in: folder)
    #expect(outcome.status == 78)
    #expect(outcome.errors.hasPrefix("hunch: the rules do not compile\np/rules.swift:"))
    #expect(outcome.errors.contains("error: cannot find 'Keyword' in scope"))
  }

  @Test("predict, serve and model FILE never look at rules")
  func withoutRules() throws {
    let folder = try project()
    _ = try HunchBinary.succeed(["export", "p", "model", "--output", "m.model"], in: folder)
    try edit(folder, "import HunchLabeling", "this is no Swift")
    _ = try HunchBinary.succeed(
      ["predict", "--model", "m.model"], in: folder, input: "thank you so much\n")
    _ = try HunchBinary.succeed(["model", "m.model"], in: folder)
  }

  @Test("the model that is exported is of the rules as they are")
  func export() throws {
    let folder = try project()
    _ = try HunchBinary.succeed(["run", "p", "--quiet"], in: folder)
    try edit(
      folder, "  // A regular expression (PCRE2).",
      "  Keywords(\"more\", [\"buns\", \"eggs\"], votes: .praise)\n")
    _ = try HunchBinary.succeed(["export", "p", "model", "--output", "m.model"], in: folder)
    let model = try HunchBinary.json(["model", "m.model"], in: folder)
    #expect((model["functions"] as? [Any])?.count == 5)
    let apply = try HunchBinary.json(["apply", "p"], in: folder)
    #expect(apply["functions"] as? Int == 5 && apply["evaluations"] as? Int == 0)
  }

  @Test("a project that is moved, or cloned with git, runs there")
  func relocation() throws {
    let folder = try project()
    _ = try HunchBinary.succeed(["run", "p", "--quiet"], in: folder)
    let before = try HunchBinary.succeed(
      ["export", "p", "votes", "--output", "-", "--table-format", "csv"], in: folder)
    try FileManager.default.moveItem(
      atPath: folder.path("p"), toPath: folder.path("another place"))
    #expect(
      try HunchBinary.succeed(
        ["export", "another place", "votes", "--output", "-", "--table-format", "csv"], in: folder)
        == before)
    let script = """
      cd 'another place' && git init -q . && git add . \
        && git -c user.name=n -c user.email=e@example.org commit -qm x && git clone -q . ../clone
      """
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", script]
    shell.currentDirectoryURL = folder.url
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path("clone")).sorted()
        == [".git", ".gitignore", "README.md", "corpus.sqlite", "hunch.yaml", "rules.swift"])
    #expect(
      try HunchBinary.succeed(
        ["export", "clone", "votes", "--output", "-", "--table-format", "csv"], in: folder)
        == before)
  }

  @Test("20 kills while compiling leave nothing that a later run trips over")
  func kills() throws {
    let folder = try project()
    for round in 0..<20 {
      try edit(folder, "import HunchLabeling\n", "import HunchLabeling\n// \(round)\n")
      let process = try HunchBinary.process(["run", "p", "--quiet"], in: folder)
      try process.run()
      Thread.sleep(forTimeInterval: Double(round) * 0.04)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    try edit(folder, "import HunchLabeling\n", "import HunchLabeling\n// at last\n")
    let run = try HunchBinary.json(["run", "p"], in: folder)
    #expect((run["apply"] as? [String: Any])?["functions"] as? Int == 4)
    // Compilers of killed runs may still work in theirs; they end and are cleared away.
    var left: [String] = []
    for _ in 0..<200 {
      try edit(folder, "// at last\n", "// at last\n//\n")
      _ = try HunchBinary.succeed(["projects", "p"], in: folder)
      left = try FileManager.default.contentsOfDirectory(
        atPath: folder.path("p/hunch.workspace.rules"))
      if left.allSatisfy({ $0.hasSuffix(".so") || $0 == "modules" }) { break }
      Thread.sleep(forTimeInterval: 0.1)
    }
    #expect(left.allSatisfy { $0.hasSuffix(".so") || $0 == "modules" }, "\(left)")
  }

  @Test("two at once compile the same rules")
  func twoAtOnce() throws {
    let folder = try project()
    let processes = try (0..<3).map { number in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: HunchBinary.path)
      process.arguments = ["projects", "p"]
      process.currentDirectoryURL = folder.url
      process.standardOutput = FileHandle(forWritingAtPath: try folder.write("\(number).out", ""))
      process.standardError = FileHandle.nullDevice
      return process
    }
    for process in processes { try process.run() }
    for process in processes { process.waitUntilExit() }
    #expect(processes.allSatisfy { $0.terminationStatus == 0 })
    #expect(try folder.text("0.out") == folder.text("2.out"))
    #expect(try folder.text("0.out").contains("kind_words"))
  }

  @Test("a folder that cannot be written: with --workspace elsewhere, and for what writes nothing")
  func readOnly() throws {
    let folder = try project()
    // Root may write anywhere, so a file stands where the folder of libraries would.
    try FileManager.default.removeItem(atPath: folder.path("p/hunch.workspace.rules"))
    try folder.write("p/hunch.workspace.rules", "")
    #expect(try HunchBinary.succeed(["projects", "p"], in: folder).contains("kind_words"))
    #expect(try folder.text("p/hunch.workspace.rules").isEmpty)
    let run = try HunchBinary.json(["run", "p", "--workspace", "w"], in: folder)
    #expect((run["apply"] as? [String: Any])?["functions"] as? Int == 4)
    #expect(FileManager.default.fileExists(atPath: folder.path("w.rules")))
  }

  @Test("without a compiler a stored library serves; else the error says what to install")
  func noCompiler() throws {
    let folder = try project()
    func run(_ arguments: [String]) throws -> HunchBinary.Outcome {
      let process = try HunchBinary.process(arguments, in: folder)
      process.environment?["PATH"] = "/nowhere"
      try process.run()
      process.waitUntilExit()
      return try HunchBinary.outcome(process, in: folder)
    }
    let missing = try run(["run", "p"])
    #expect(missing.status == 78)
    #expect(missing.errors.contains("no Swift compiler is on the search path"))
    #expect(missing.errors.contains("install Swift 6."))
    #expect(!FileManager.default.fileExists(atPath: folder.path("p/hunch.workspace")))
    _ = try HunchBinary.succeed(["projects", "p"], in: folder)
    #expect(try run(["run", "p", "--quiet"]).status == 0)
  }
}
