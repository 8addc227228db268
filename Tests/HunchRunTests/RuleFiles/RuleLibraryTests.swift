import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Synchronization
import Testing

/// Rule files are compiled, stored and loaded.
@Suite(.enabled(if: Compiler.isThere, "needs swiftc on the search path"))
struct RuleLibraryTests {
  private static let rules = """
    import HunchLabeling

    enum Verdict: String, LabelSet { case ham, spam }

    let sample = RulePack("sample", for: Verdict.self) {
      Keywords("greeting", ["hello"], votes: .ham)
      Heuristic("short") { $0.words.count < limit ? .ham : nil }
      Heuristic("offers") { isOffer($0) ? .spam : nil }
    }
    let limit = 3
    """

  private static let helpers = """
    import HunchLabeling

    public func isOffer(_ document: Document) -> Bool { document.contains("offer") }
    """

  private func folder() throws -> TestProject {
    let project = try TestProject(
      TestProject.configuration("rules: [rules.swift, common/helpers.swift]"))
    try project.write("rules.swift", Self.rules)
    try project.write("common/helpers.swift", Self.helpers)
    try project.makeCorpus(["hello you there", "an offer", "nothing to see here", "hello"])
    return project
  }

  /// What is told of compiling: how often, and the warnings.
  private final class Listener: Sendable {
    private let heard = Mutex([String]())
    var events: [String] { heard.withLock { $0 } }
    var compilation: RuleCompilation {
      var compilation = RuleCompilation()
      compilation.isCompiling = { [self] starts in
        if starts { heard.withLock { $0.append("compiled") } }
      }
      compilation.warn = { [self] words in heard.withLock { $0.append(words) } }
      return compilation
    }
  }

  private func open(
    _ project: TestProject, _ listener: Listener = Listener(), workspace: String? = nil
  ) throws -> Project {
    try Project(
      directory: project.directory, workspace: workspace, compilation: listener.compilation)
  }

  private func libraries(_ project: TestProject) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: project.path("hunch.workspace.rules"))
      .sorted()
  }

  private func evaluated(_ project: TestProject) throws -> [String] {
    try ProjectSteps(open(project), options: SessionOptions(threads: 1)).apply().evaluatedFunctions
  }

  @Test func compiledOnceAndLoadedAgain() throws {
    let project = try folder()
    let listener = Listener()
    let pack = try #require(try open(project, listener).pack)
    #expect(pack.name == "sample")
    #expect(pack.labels == ["ham", "spam"])
    #expect(
      pack.functions.map { "\($0.name ?? "") \($0.kind)" }
        == ["greeting keywords", "short heuristic", "offers heuristic"])
    #expect(try open(project, listener).pack?.functions.count == 3)
    #expect(listener.events == ["compiled"])
    #expect(try libraries(project).count == 1)
  }

  @Test func theVotesAreThoseOfTheRules() throws {
    let project = try folder()
    let pipeline = try ProjectSteps(open(project), options: SessionOptions(threads: 2))
    _ = try pipeline.export(.votes, to: project.path("votes.csv"))
    #expect(
      try project.rows("votes.csv")
        == [
          ["id", "greeting", "short", "offers"], ["1", "0", "-1", "-1"], ["2", "-1", "0", "1"],
          ["3", "-1", "-1", "-1"], ["4", "0", "0", "-1"],
        ])
  }

  /// The program was once the old one while the file was already new: votes of old code stood under
  /// the new source for ever. Dates mean nothing now.
  @Test func whateverTheDatesTheVotesAreThoseOfTheTextThatWasCompiled() throws {
    let project = try folder()
    #expect(try evaluated(project) == ["greeting", "short", "offers"])
    func touch(_ name: String, _ seconds: Double) throws {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: seconds)], ofItemAtPath: project.path(name))
    }
    let edited = Self.rules.replacing("< limit ? .ham", with: "> limit ? .spam")
    // An older date, as `cp -p` and `rsync -a` bring it; the same date; the clock set forward.
    for (text, seconds) in [(edited, -7_200.0), (Self.rules, -7_200), (edited, 7_200)] {
      try project.write("rules.swift", text)
      try touch("rules.swift", seconds)
      let pipeline = try ProjectSteps(open(project), options: SessionOptions(threads: 1))
      _ = try pipeline.export(.votes, to: project.path("votes.csv"))
      let votes = try project.rows("votes.csv").dropFirst().map { $0[2] }
      #expect(votes == (text == edited ? ["-1", "-1", "1", "-1"] : ["-1", "0", "-1", "0"]))
    }
    // Written beside and renamed, as editors do.
    try project.write("new", Self.rules)
    try FileManager.default.removeItem(atPath: project.path("rules.swift"))
    try FileManager.default.moveItem(
      atPath: project.path("new"), toPath: project.path("rules.swift"))
    #expect(try evaluated(project) == [])
  }

  @Test func anEditEvaluatesOneRuleAndAHelperAllClosures() throws {
    let project = try folder()
    #expect(try evaluated(project) == ["greeting", "short", "offers"])
    try project.write("rules.swift", Self.rules.replacing("\"hello\"", with: "\"hi\""))
    #expect(try evaluated(project) == ["greeting"])
    try project.write(
      "rules.swift",
      Self.rules.replacing("\"hello\"", with: "\"hi\"").replacing("< limit", with: "<= limit"))
    #expect(try evaluated(project) == ["short"])
    try project.write(
      "common/helpers.swift", Self.helpers.replacing("\"offer\"", with: "\"nothing\""))
    #expect(try evaluated(project) == ["short", "offers"])
  }

  @Test func aMovedProjectUsesItsLibrary() throws {
    let project = try folder()
    _ = try open(project)
    let moved = try TestProject()
    try FileManager.default.removeItem(atPath: moved.directory)
    try FileManager.default.copyItem(atPath: project.directory, toPath: moved.directory)
    let listener = Listener()
    _ = try open(moved, listener)
    #expect(listener.events.isEmpty)
  }

  @Test func errorsOfTheCompilerHaveAPlaceAndNothingIsWritten() throws {
    let project = try folder()
    try project.write(
      "rules.swift",
      Self.rules.replacing("votes: .ham)", with: "votes: .hamm)"))
    let error = #expect(throws: HunchError.self) { try open(project) }
    let message = try #require(error?.description)
    let place = "\(project.directory)/rules.swift:6:"
    #expect(message.hasPrefix("the rules do not compile\n\(place)"), "\(message)")
    #expect(message.components(separatedBy: "error: ").count <= 3)
    #expect(message.contains("'hamm'") && !message.contains("compiling."))
    #expect(error?.status == .badConfiguration)
    #expect(!FileManager.default.fileExists(atPath: project.path("hunch.workspace")))
    #expect(try libraries(project) == [])
  }

  @Test func warningsAreShownOnce() throws {
    let project = try folder()
    try project.write("common/helpers.swift", Self.helpers + "\nfunc f() { let unused = 1 }\n")
    let listener = Listener()
    _ = try open(project, listener)
    _ = try open(project, listener)
    #expect(listener.events.count == 2)
    #expect(listener.events[1].hasPrefix("\(project.directory)/common/helpers.swift:4:"))
  }

  @Test func packsAreChosenByName() throws {
    let project = try folder()
    let second = "\nlet other = RulePack(\"other\", for: Verdict.self) { sample.functions }\n"
    try project.write("rules.swift", Self.rules + second)
    let several = #expect(throws: HunchError.self) { try open(project) }
    #expect(several?.description == "the rules hold several packs: sample, other")
    #expect(several?.status == .badConfiguration)
    let yaml = try project.text("hunch.yaml")
    try project.write("hunch.yaml", yaml + "\npack: other\n")
    #expect(try open(project).pack?.name == "other")
    try project.write("hunch.yaml", yaml + "\npack: others\n")
    let unknown = #expect(throws: HunchError.self) { try open(project) }
    #expect(unknown?.hint == "did you mean 'other'?")
    try project.write("rules.swift", "import HunchLabeling\n")
    let none = #expect(throws: HunchError.self) { try open(project) }
    #expect(none?.status == .badConfiguration)
    #expect(none?.description.hasPrefix("no rule pack in ") == true)
  }

  /// A list that is cut into functions gives what each of its rules gives in a list of its own.
  @Test func longPacksAreTheSameRules() throws {
    let project = try folder()
    func rule(_ number: Int) -> String {
      switch number % 3 {
      case 0:
        "  Keywords(\"r\(number)\", [\"w\(number)\"], votes: .ham)\n    .described(\"d\(number)\")"
      case 1: "  Heuristic(\"r\(number)\") { $0.words.count == \(number) ? .spam : nil }"
      default: "  Pattern(\"r\(number)\", #\"w\(number)\\b\"#, votes: .spam)  // é"
      }
    }
    func rules(_ numbers: some Sequence<Int>, name: String) -> String {
      "let \(name) = RulePack(\"\(name)\", for: Verdict.self) {\n"
        + numbers.map(rule).joined(separator: "\n") + "\n}\n"
    }
    let head = "import HunchLabeling\nenum Verdict: String, LabelSet { case ham, spam }\n"
    try project.write("hunch.yaml", try project.text("hunch.yaml") + "\npack: long\n")
    let long = head + rules(0..<70, name: "long")
    #expect(LongPacks.cut(long, fileName: "rules.swift") != nil)
    try project.write("rules.swift", long)
    let pack = try #require(try open(project).pack)
    #expect(pack.functions.map(\.name) == (0..<70).map { "r\($0)" })
    let lines = long.split(separator: "\n", omittingEmptySubsequences: false)
    for function in pack.functions {
      let name = try #require(function.name)
      let line = try #require(lines.firstIndex { $0.contains("\"\(name)\"") })
      let column = try #require(lines[line].firstIndex(of: "("))
      #expect(
        function.place
          == RulePlace(
            "rules.swift", line + 1,
            lines[line].utf8.distance(from: lines[line].startIndex, to: column) + 1))
    }
    // The same fingerprints: nothing is evaluated again in a list that is not cut.
    let first = try evaluated(project)
    #expect(first.count == 70)
    try project.write(
      "rules.swift", long.replacing("Verdict.self) {", with: "Verdict.self) {\n  let _ = 1"))
    #expect(try evaluated(project).filter { Int($0.dropFirst()).map { $0 % 3 != 1 } ?? true } == [])
    // An error has its place.
    try project.write(
      "rules.swift", long.replacing("[\"w33\"], votes: .ham", with: "[\"w33\"], votes: .hm"))
    let error = #expect(throws: HunchError.self) { try open(project) }
    let place = (lines.firstIndex { $0.contains("\"r33\"") } ?? 0) + 1
    #expect(error?.description.contains("/rules.swift:\(place):") == true)
    #expect(error?.description.contains("hunchRules") == false)
  }

  @Test func aDamagedLibraryIsCompiledAgain() throws {
    let project = try folder()
    _ = try open(project)
    for damage in [{ _ in Data() }, { $0.prefix($0.count / 2) }, { $0 + Data([0]) }]
      as [(Data) -> Data]
    {
      let name = try #require(try libraries(project).first)
      let path = project.path("hunch.workspace.rules/\(name)")
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      // Another file of the name: this process has the old one mapped.
      try FileManager.default.removeItem(atPath: path)
      try damage(bytes).write(to: URL(fileURLWithPath: path))
      let listener = Listener()
      #expect(try open(project, listener).pack?.name == "sample")
      #expect(listener.events == ["compiled"])
      #expect(try libraries(project).count == 1)
    }
  }

  @Test func leftOversAreRemovedAndWorkOfOthersStays() throws {
    let project = try folder()
    let store = project.path("hunch.workspace.rules")
    let gone = try Process.run(URL(fileURLWithPath: "/bin/true"), arguments: [])
    gone.waitUntilExit()
    // Of a process elsewhere whose number is free here, the second is locked.
    let names = [1, 2].map { ".compiling.\(gone.processIdentifier)-\($0).tmp" }
    for name in names {
      try FileManager.default.createDirectory(
        atPath: "\(store)/\(name)", withIntermediateDirectories: true)
      try Data().write(to: URL(fileURLWithPath: "\(store)/\(name)/rules.swift"))
    }
    let lock = Glibc.open("\(store)/\(names[1])", O_RDONLY)
    defer { close(lock) }
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    _ = try open(project)
    let left = try libraries(project)
    #expect(left.contains(names[1]) && !left.contains(names[0]))
  }

  @Test func onlySoManyLibrariesAreKept() throws {
    let project = try folder()
    let store = project.path("hunch.workspace.rules")
    try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
    for number in 10..<40 {
      let name =
        String(repeating: "a", count: 30) + "\(number)-" + String(repeating: "b", count: 16)
      try Data().write(to: URL(fileURLWithPath: "\(store)/\(name).so"))
    }
    try Data().write(to: URL(fileURLWithPath: "\(store)/somebody's.so"))
    _ = try open(project)
    #expect(try libraries(project).count == 21)
    #expect(try libraries(project).contains("somebody's.so"))
    let listener = Listener()
    _ = try open(project, listener)
    #expect(listener.events.isEmpty)
  }

  @Test func withoutACompilerAStoredLibraryServes() throws {
    let project = try folder()
    func open(_ compiler: String?) throws -> Project {
      var compilation = RuleCompilation()
      compilation.toolchain = { () throws(HunchError) in
        SwiftToolchain(modules: try SwiftToolchain.ofThisProgram().modules, compiler: compiler)
      }
      return try Project(directory: project.directory, compilation: compilation)
    }
    let missing = #expect(throws: HunchError.self) { try open(nil) }
    #expect(missing?.status == .badConfiguration)
    #expect(missing?.hint?.hasPrefix("install Swift ") == true)
    // A compiler that says it is another version.
    let other = project.path("swiftc")
    try project.write(
      "swiftc",
      """
      #!/bin/sh
      test "$1" = --version || exit 1
      echo 'Swift version 9.9.9 (swift-9.9.9-RELEASE)'

      """)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: other)
    let version = #expect(throws: HunchError.self) { try open(other) }
    #expect(version?.description.contains("is Swift 9.9.9 (swift-9.9.9-RELEASE), and") == true)
    #expect(version?.status == .badConfiguration)
    _ = try self.open(project)
    #expect(try open(nil).pack?.name == "sample")
    #expect(try open(other).pack?.name == "sample")
  }

  /// A compiler that replaces the file before it compiles: what counts is what was read.
  @Test func aFileThatIsReplacedWhileItIsCompiled() throws {
    let project = try folder()
    let compiler = try #require(try SwiftToolchain.ofThisProgram().compiler)
    let edited = Self.rules.replacing("\"hello\"", with: "\"nothing\"")
    try project.write("edited", edited)
    try project.write(
      "swiftc",
      "#!/bin/sh\ncp '\(project.path("edited"))' '\(project.path("rules.swift"))'\n"
        + "exec '\(compiler)' \"$@\"\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: project.path("swiftc"))
    var compilation = RuleCompilation()
    let wrapper = project.path("swiftc")
    compilation.toolchain = { () throws(HunchError) in
      SwiftToolchain(modules: try SwiftToolchain.ofThisProgram().modules, compiler: wrapper)
    }
    func greetings(_ project: Project) throws -> [String] {
      let pipeline = try ProjectSteps(project, options: SessionOptions(threads: 1))
      _ = try pipeline.export(.votes, to: self.path(project))
      return try String(contentsOfFile: path(project), encoding: .utf8)
        .split(separator: "\n").dropFirst().map { String($0.split(separator: ",")[1]) }
    }
    let old = try Project(directory: project.directory, compilation: compilation)
    #expect(try greetings(old) == ["0", "-1", "-1", "0"])
    #expect(try project.text("rules.swift") == edited)
    #expect(try greetings(open(project)) == ["-1", "-1", "0", "-1"])
  }

  private func path(_ project: Project) -> String { project.resolve("votes.csv") }

  @Test func interruptedWhileCompiling() throws {
    let project = try folder()
    var compilation = RuleCompilation()
    compilation.isStopped = { true }
    let error = #expect(throws: HunchError.self) {
      try Project(directory: project.directory, compilation: compilation)
    }
    #expect(error?.status == .interrupted)
    #expect(try libraries(project) == [])
  }
}

/// Whether rules can be compiled here.
enum Compiler {
  static let isThere = (try? SwiftToolchain.ofThisProgram())?.compiler != nil
}
