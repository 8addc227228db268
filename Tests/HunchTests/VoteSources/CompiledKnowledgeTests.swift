import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Synchronization
import Testing

/// Knowledge bases that are kept compiled beside the workspace.
@Suite struct CompiledKnowledgeTests {
  private static let pack = RulePack("sample", for: Verdict.self) {
    Gazetteer("named", in: "names", classColumn: "class", options: .plurals)
    KeyLookup("page", key: Field("text"), in: "names", classColumn: "class")
  }

  /// What was said of the progress.
  private final class Steps: Sendable {
    let names = Mutex([String]())

    var progress: StepProgress {
      StepProgress(
        onBegin: { step, _, _ in
          if step.contains("knowledge") { self.names.withLock { $0.append(step) } }
        }, onAdvance: { _ in }, onEnd: {})
    }

    func take() -> [String] {
      names.withLock { names in
        defer { names = [] }
        return names
      }
    }
  }

  private func sample() throws -> TestProject {
    let project = try TestProject(
      TestProject.yaml + "\nknowledge:\n  names: { path: names.csv, key: name }\n")
    try project.makeCorpus(["Ada Lovelace", "bob", "nobody"])
    try project.write("names.csv", "name,class\nada  lovelace,ham\nBob,spam\n")
    return project
  }

  private func votes(
    _ project: TestProject, _ steps: Steps = Steps(), pack: RulePack = pack, later: Double = 60,
    cancellation: Cancellation = Cancellation()
  ) throws -> [[String]] {
    var options = SessionOptions(
      threads: 1, cancellation: cancellation, progress: steps.progress)
    options.compiledKnowledgeBytes = 0
    options.now = { Date(timeIntervalSinceNow: later) }
    let pipeline = try ProjectSteps(project.project(pack), options: options)
    _ = try pipeline.apply()
    _ = try pipeline.export(.votes, to: project.path("votes.csv"))
    return try project.rows("votes.csv").dropFirst().map { Array($0.dropFirst()) }
  }

  private func files(_ project: TestProject) throws -> [String] {
    let folder = project.path("hunch.workspace.knowledge")
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private static let expected = [["0", "-1"], ["1", "1"], ["-1", "-1"]]
  private static let compiled = ["knowledge base 'names'", "names of knowledge base 'names'"]

  @Test func whatWasCompiledIsUsedAgain() throws {
    let project = try sample()
    let steps = Steps()
    #expect(try votes(project, steps) == Self.expected)
    #expect(steps.take() == Self.compiled)
    let files = try files(project)
    #expect(files.map { ($0 as NSString).pathExtension }.sorted() == ["base", "names", "state"])
    #expect(try votes(project, steps) == Self.expected)
    // The same bytes in a new file are read, but not compiled.
    try project.write("names.csv", project.bytes("names.csv"))
    try project.execute("INSERT INTO documents(text) VALUES ('ada lovelaces')")
    #expect(try votes(project, steps, later: 0) == Self.expected + [["0", "-1"]])
    #expect(steps.take() == [])
    #expect(try self.files(project) == files)
  }

  @Test func aChangeOfOneByteIsNoticed() throws {
    let project = try sample()
    let steps = Steps()
    #expect(try votes(project, steps) == Self.expected)
    let files = Set(try files(project))
    _ = steps.take()
    try project.write("names.csv", "name,class\nada  lovelace,ham\nBoc,spam\n")
    #expect(try votes(project, steps) == [["0", "-1"], ["-1", "-1"], ["-1", "-1"]])
    #expect(steps.take() == Self.compiled)
    let left = try self.files(project)
    #expect(left.count == 3, "old ones are removed")
    #expect(files.intersection(left).count == 1, "the file that says what sources look like")
  }

  @Test func anotherConfigurationIsAnotherBase() throws {
    let project = try sample()
    #expect(try votes(project) == Self.expected)
    try project.write(
      "hunch.yaml",
      TestProject.yaml + "\nknowledge:\n  names: { path: names.csv, key: name, names: [class] }\n")
    try project.execute("INSERT INTO documents(text) VALUES ('spam')")
    #expect(try votes(project).map { $0[0] } == ["-1", "-1", "-1", "1"])
  }

  @Test func damageIsRepaired() throws {
    let project = try sample()
    #expect(try votes(project) == Self.expected)
    let folder = "hunch.workspace.knowledge/"
    // The file that says what sources look like comes last: the others are named by what it says.
    for file in try files(project).sorted(by: { !$0.hasSuffix("state") && $1.hasSuffix("state") }) {
      let sound = try project.bytes(folder + file)
      let places = stride(from: 0, to: sound.count, by: max(1, sound.count / 40))
      var broken = places.map { place in
        var bytes = sound
        bytes[place] ^= 0x55
        return bytes
      }
      broken += places.map { Array(sound.prefix($0)) } + [sound + [0], [], sound.map { ~$0 }]
      for (number, bytes) in broken.enumerated() {
        try project.write(folder + file, bytes)
        try project.execute("INSERT INTO documents(text) VALUES ('bob \(number)')")
        let votes = try votes(project)
        #expect(Array(votes.prefix(3)) == Self.expected, "\(file), case \(number)")
        #expect(votes.last == ["1", "-1"], "\(file), case \(number)")
        if !file.hasSuffix("state") {
          #expect(try project.bytes(folder + file) == sound, "\(file), case \(number)")
        }
      }
    }
  }

  @Test func aFolderThatCannotBeMade() throws {
    let project = try sample()
    try project.write("hunch.workspace.knowledge", "in the way")
    #expect(try votes(project) == Self.expected)
  }

  @Test func aStopLeavesNothingHalf() throws {
    let project = try sample()
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(
      project.failure { _ = try votes(project, cancellation: cancellation) }?.status
        == .interrupted)
    #expect(try files(project).allSatisfy { !$0.hasSuffix(".tmp") })
    #expect(try votes(project) == Self.expected)
  }

  @Test func whatNoRuleUsesIsRemoved() throws {
    let project = try sample()
    #expect(try votes(project) == Self.expected)
    _ = try votes(project, pack: samplePack)
    #expect(!FileManager.default.fileExists(atPath: project.path("hunch.workspace.knowledge")))
  }
}
