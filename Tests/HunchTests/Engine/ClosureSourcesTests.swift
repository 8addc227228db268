import Foundation
import Hunch
import HunchLabeling
import Testing

/// What stands for closures in fingerprints: the source of the rule's own call and of what the file
/// shares, or the program where the source says nothing.
@Suite struct ClosureSourcesTests {
  private static let source = """
    import HunchLabeling

    let limit = 5

    let pack = RulePack("sample", for: Verdict.self) {
      Heuristic("first") { $0.words.count < limit ? .ham : nil }
      Heuristic("second") { $0.contains("offer") ? .spam : nil }.described("an offer")
    }
    """

  private final class Folder {
    let project: TestProject

    init() throws {
      project = try TestProject()
      try write(source)
      try build("program")
    }

    /// Writes the source, as it was before the program was built.
    func write(_ text: String, age: TimeInterval = 100) throws {
      try project.write("Rules.swift", text)
      try touch("Rules.swift", age)
    }

    func build(_ content: String) throws {
      try project.write("program", content)
      try touch("program", 50)
    }

    private func touch(_ name: String, _ age: TimeInterval) throws {
      let date = Date(timeIntervalSinceReferenceDate: 800_000_000 - age)
      try FileManager.default.setAttributes(
        [.modificationDate: date], ofItemAtPath: project.path(name))
    }

    /// The identities of the rules that stand in the source, in order.
    func identities(names: [String] = ["first", "second"], summary: String? = "an offer") throws
      -> [String]
    {
      let path = project.path("Rules.swift")
      let text = (try? project.text("Rules.swift")) ?? source
      var rules: [RuleDefinition] = []
      for (line, content) in text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        guard let call = content.utf8.firstRange(of: "Heuristic(".utf8) else { continue }
        let column = content.utf8.distance(from: content.startIndex, to: call.upperBound)
        let heuristic = Heuristic<Verdict>(
          names[rules.count], filePath: path, fileID: "Rules.swift", line: line + 1, column: column
        ) { _ in nil }
        let isDescribed = content.contains(".described")
        rules.append(
          isDescribed ? heuristic.described(summary ?? "").definition : heuristic.definition)
      }
      let pack = RulePack("sample", for: Verdict.self) { rules }
      let sources = ClosureSources(pack, executablePath: project.path("program"))
      return pack.functions.map { sources.identity(of: $0) }
    }
  }

  @Test func anEditOfOneRuleLeavesTheOther() throws {
    let folder = try Folder()
    let before = try folder.identities()
    #expect(try folder.identities() == before)
    try folder.write(Self.source.replacing("\"offer\"", with: "\"prize\""))
    let after = try folder.identities()
    #expect(after[0] == before[0])
    #expect(after[1] != before[1])
  }

  @Test func whatTheFileSharesCountsForAll() throws {
    let folder = try Folder()
    let before = try folder.identities()
    try folder.write(Self.source.replacing("limit = 5", with: "limit = 6"))
    let after = try folder.identities()
    #expect(after[0] != before[0])
    #expect(after[1] != before[1])
  }

  @Test func namesDescriptionsCommentsAndPlacesDoNotCount() throws {
    let folder = try Folder()
    let before = try folder.identities()
    try folder.write("// A comment.\n\n" + Self.source.replacing("  Heur", with: "      Heur"))
    #expect(try folder.identities() == before)
    try folder.write(Self.source.replacing("\"first\"", with: "\"renamed\""))
    #expect(try folder.identities(names: ["renamed", "second"]) == before)
    try folder.write(Self.source.replacing("an offer", with: "other words"))
    #expect(try folder.identities(summary: "other words") == before)
  }

  @Test func buildingAgainDoesNotCount() throws {
    let folder = try Folder()
    let before = try folder.identities()
    try folder.build("another program")
    #expect(try folder.identities() == before)
  }

  @Test func whereTheSourceIsMissingTheProgramStandsForIt() throws {
    let folder = try Folder()
    let before = try folder.identities()
    try FileManager.default.removeItem(atPath: folder.project.path("Rules.swift"))
    let without = try folder.identities()
    #expect(Set(without + before).count == 4)
    #expect(try folder.identities() == without)
    try folder.build("another program")
    #expect(Set(try folder.identities() + without).count == 4)
  }

  @Test func whereTheSourceIsNewerTheProgramStandsForIt() throws {
    let folder = try Folder()
    let before = try folder.identities()
    try folder.write(Self.source, age: 10)
    let edited = try folder.identities()
    #expect(Set(edited + before).count == 4)
    try folder.write(Self.source.replacing("offer", with: "prize"), age: 10)
    #expect(try folder.identities() == edited)
  }

  @Test func rulesOfALoopAreToldApartByName() throws {
    let folder = try Folder()
    try folder.write("let pack = [for w in [1, 2] { Heuristic(\"r\\(w)\") { w } }]")
    let path = folder.project.path("Rules.swift")
    func identities(_ names: [String]) -> [String] {
      let pack = RulePack("sample", for: Verdict.self) {
        for name in names {
          Heuristic(name, filePath: path, fileID: "R", line: 1, column: 38) { _ in nil }
        }
      }
      let sources = ClosureSources(pack, executablePath: folder.project.path("program"))
      return pack.functions.map { sources.identity(of: $0) }
    }
    let two = identities(["r1", "r2"])
    #expect(two[0] != two[1])
    #expect(identities(["r2", "r1"]) == [two[1], two[0]])
  }
}
