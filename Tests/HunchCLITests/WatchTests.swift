import Foundation
import HunchCLI
import Testing

@Suite("Watching")
struct WatchTests {
  /// A watch under way, ended with its last owner.
  private final class Watch {
    let process: Process
    let folder: Folder

    init(_ folder: Folder) throws {
      self.folder = folder
      process = try HunchBinary.process(["watch", "."], in: folder)
      try process.run()
    }

    deinit { process.terminate() }

    /// Waits until the output has so many lines with a text.
    func wait(for text: String, _ times: Int = 1) throws -> Bool {
      for _ in 0..<1_500 {
        if try folder.read(".stdout").components(separatedBy: text).count > times { return true }
        if !process.isRunning { return false }
        Thread.sleep(forTimeInterval: 0.02)
      }
      return false
    }
  }

  @Test("a saved file is run again; 130 when interrupted, and nothing is left behind")
  func data() throws {
    let folder = try Projects.fruit()
    let watch = try Watch(folder)
    #expect(try watch.wait(for: "recorded as run 1\n"))
    var votes = try folder.read("votes.csv").replacing("5,sweet,,,", with: "5,sour,,,")
    try folder.write("votes.csv", votes)
    #expect(try watch.wait(for: "— votes.csv changed\n"))
    #expect(try watch.wait(for: "run 2, against run 1: ~4 functions, "))
    // As editors save: written beside and renamed.
    votes.replace("9,sweet,,,", with: "9,,,,")
    try Data(votes.utf8).write(to: URL(fileURLWithPath: folder.path("votes.csv")), options: .atomic)
    #expect(try watch.wait(for: "run 3, against run 2: "))
    // What cannot be run is said, and watching goes on.
    try folder.write("hunch.yaml", "labels: [sweet\n")
    #expect(try watch.wait(for: "— hunch.yaml changed\n"))
    for _ in 0..<500 where try !folder.read(".stderr").contains("not valid YAML") {
      Thread.sleep(forTimeInterval: 0.02)
    }
    try folder.write("hunch.yaml", Projects.fruitConfiguration)
    #expect(try watch.wait(for: "the same as run 3, for the 2nd time\n"))
    watch.process.interrupt()
    watch.process.waitUntilExit()
    let outcome = try HunchBinary.outcome(watch.process, in: folder)
    #expect(outcome.status == 130)
    #expect(outcome.errors.split(separator: "\n").allSatisfy { !$0.contains("interrupted") })
    #expect(!outcome.output.contains("\u{1B}"), "no colour where output is no terminal")
    for line in outcome.output.split(separator: "\n") { #expect(line.count <= 100) }
    // The workspace is free again.
    #expect(try HunchBinary.run(["apply"], in: folder).status == 0)
  }

  @Test("an interrupted watch ends the run that is under way")
  func interrupted() throws {
    let folder = try Projects.supportMessages()
    let watch = try Watch(folder)
    #expect(try watch.wait(for: "together: "))
    watch.process.interrupt()
    watch.process.waitUntilExit()
    #expect(watch.process.terminationStatus == 130)
    #expect(try HunchBinary.run(["apply"], in: folder).status == 0)
  }

  // MARK: - The build of one module

  /// A package of two modules as the package manager would describe it: rules, and a program that
  /// prints what they say.
  private func package(_ folder: Folder) throws -> (manifest: String, source: String) {
    let compiler = try #require(Self.compiler)
    let source = try folder.write("rules/Rules.swift", "public func word() -> String { \"old\" }\n")
    let other = try folder.write("rules/More.swift", "func number() -> Int { 1 }\n")
    let main = try folder.write(
      "main/main.swift", "import Rules\nprint(word())\n")
    func build(_ name: String) -> String { folder.path("build/\(name)") }
    func line(_ key: String, _ values: [String]) throws -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
      return "    \(key): \(String(decoding: try encoder.encode(values), as: UTF8.self))\n"
    }
    func module(_ name: String, _ sources: [String], imports: [String]) throws -> String {
      let objects = sources.map { build(($0 as NSString).lastPathComponent + ".o") }
      return try "  \"C.\(name)-release.module\":\n    tool: shell\n"
        + line("inputs", sources + imports.map { build("\($0).swiftmodule") })
        + line("outputs", objects + [build("\(name).swiftmodule")])
        + line(
          "args",
          [
            compiler, "-module-name", name, "-emit-dependencies", "-emit-module",
            "-emit-module-path", build("\(name).swiftmodule"), "-output-file-map",
            build("\(name).json"), "-whole-module-optimization", "-num-threads", "2", "-c",
            "@\(build("sources"))", "-I", build(""), "-O", "-parseable-output", "-g",
          ]) + "\n"
    }
    let objects = ["Rules.swift.o", "More.swift.o", "main.swift.o"].map(build)
    let text =
      try "commands:\n" + module("Rules", [source, other], imports: [])
      + module("Main", [main], imports: ["Rules"]) + "  \"C.program-release.exe\":\n"
      + line("inputs", objects) + line("outputs", [build("program")])
      + line(
        "args",
        [compiler, "-o", build("program"), "-emit-executable", "@\(build("x.LinkFileList"))", "-g"])
    try folder.write("build/none", "")
    return (try folder.write("manifest.yaml", text), source)
  }

  private static let compiler: String? = {
    for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") {
      let path = URL(fileURLWithPath: "\(folder)/swiftc")
      if FileManager.default.isExecutableFile(atPath: path.path) { return path.path }
    }
    return nil
  }()

  private func run(_ words: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  @Test("one module is built as the package manager's commands say", .enabled(if: compiler != nil))
  func quickBuild() throws {
    let folder = try Folder()
    let (path, source) = try package(folder)
    let manifest = try #require(BuildManifest(path: path))
    let build = try #require(
      QuickBuild(
        manifest, source: source, program: folder.path("build/program"),
        folder: folder.path("quick")))
    #expect(build.sources == [source, folder.path("rules/More.swift")])
    #expect(try build.build(run) == .built)
    #expect(try run([build.program]).output == "old\n")
    // The body of a function, then its interface, on which the program depends.
    try folder.write("rules/Rules.swift", "public func word() -> String { \"new \\(number())\" }\n")
    #expect(try build.build(run) == .built)
    #expect(try run([build.program]).output == "new 1\n")
    try folder.write(
      "rules/Rules.swift", "public func word(_ a: Int = 7) -> Substring { \"newest \\(a)\" }\n")
    #expect(try build.build(run) == .built)
    #expect(try run([build.program]).output == "newest 7\n")
    try folder.write("rules/More.swift", "func number() -> Int { \"no\" }\n")
    guard case .compileErrors(let text) = try build.build(run) else {
      Issue.record("built although wrong")
      return
    }
    #expect(text.contains("rules/More.swift:1:") && text.contains("error:"))
    try folder.write("rules/More.swift", "func number() -> Int { 2 }\n")
    #expect(try build.build(run) == .built)
    // Nothing of the package manager's was touched.
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path("build")).sorted()
        == ["none", "program-watched"])
  }

  @Test("what is not of the known form is left to the package manager")
  func unknownForms() throws {
    let folder = try Folder()
    #expect(BuildManifest(path: folder.path("none")) == nil)
    let source = folder.path("Rules.swift")
    for text in [
      "", "commands:\n  \"C.x.module\":\n    inputs: [\"\(source)\"]\n    outputs: [\n",
      "  \"C.x.module\":\n    inputs: [\"\(source)\"]\n    outputs: [\"x.o\"]\n    args: [\"true\"]\n",
    ] {
      let manifest = try #require(BuildManifest(path: try folder.write("m.yaml", text)))
      #expect(
        QuickBuild(manifest, source: source, program: "x", folder: folder.path("quick")) == nil)
    }
  }
}
