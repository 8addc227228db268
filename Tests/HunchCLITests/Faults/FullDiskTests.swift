import Foundation
import Testing

/// A limit on the size of files (`ulimit -f`) stands for the full disk: SQLite's writes fail in the
/// same places, and no privileges are needed to set one.
@Suite("No room on the disk")
struct FullDiskTests {
  @Test(
    "74, and with room the run continues and ends in the same bytes",
    arguments: [16, 128, 300])
  func workspace(blocks: Int) throws {
    let project = try MessageProject(chunks: 3)
    let folder = project.folder
    let expected = try project.export("posteriors", workspace: "undisturbed")
    // Blocks of 512 bytes.
    let outcome = try Shell.run("ulimit -f \(blocks); \"$HUNCH\" run . --quiet", in: folder)
    #expect(outcome.status == 74, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("hunch: hunch.workspace cannot be written: "))
    #expect(outcome.errors.contains("make room on the disk and run again"))
    let left = try project.contents()
    #expect(left.integrity == "ok")
    let apply = try HunchBinary.json(["apply", "."], in: folder)
    let functions = try #require(apply["functions"] as? Int)
    #expect(
      apply["reused"] as? Int
        == MessageProject.votes(columns: left.votes.count, functions: functions))
    #expect(try project.export("posteriors") == expected)
    #expect(try project.contents().votes == project.contents("undisturbed").votes)
  }

  @Test("outputs: the old file stays, and nothing else", arguments: ["votes", "posteriors"])
  func output(kind: String) throws {
    let project = try MessageProject(chunks: 3)
    let folder = project.folder
    let expected = try project.export(kind)
    try folder.write("kept/out.csv", "the old one")
    let line = "\"$HUNCH\" export . \(kind) --output kept/out.csv --quiet"
    let outcome = try Shell.run("ulimit -f 500; \(line)", in: folder)
    #expect(outcome.status == 74)
    #expect(outcome.errors.hasPrefix("hunch: kept/out.csv cannot be written: "))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("kept")) == ["out.csv"])
    #expect(try folder.text("kept/out.csv") == "the old one")
    #expect(try Shell.run(line, in: folder).status == 0)
    #expect(try Data(contentsOf: folder.url.appendingPathComponent("kept/out.csv")) == expected)
  }

  @Test("the model and the report: the old file stays, and nothing else")
  func wholeFiles() throws {
    let folder = try Projects.supportMessages()
    _ = try HunchBinary.succeed(["run"], in: folder)
    for (command, name) in [("export . model", "kept/m.model"), ("report .", "kept/r.html")] {
      // Half of what it needs, and enough for the little that the workspace writes.
      _ = try HunchBinary.succeed(
        command.split(separator: " ").map(String.init) + ["--output", "whole"], in: folder)
      let blocks = try Data(contentsOf: folder.url.appendingPathComponent("whole")).count / 1_024
      try folder.write(name, "the old one")
      let outcome = try Shell.run(
        "ulimit -f \(blocks); \"$HUNCH\" \(command) --output \(name) --quiet", in: folder)
      #expect([73, 74].contains(outcome.status), "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("hunch: \(name) cannot be "), "\(outcome.errors)")
      #expect(try folder.text(name) == "the old one")
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("kept")).sorted()
    #expect(files == ["m.model", "r.html"])
  }

  @Test("rules that are compiled: 74, and with room they are", arguments: [1, 8, 64])
  func compiling(blocks: Int) throws {
    let folder = try Folder()
    _ = try HunchBinary.succeed(["new", "p", "--quiet"], in: folder)
    let outcome = try Shell.run("ulimit -f \(blocks); \"$HUNCH\" projects p", in: folder)
    #expect(outcome.status == 74, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("hunch: p/hunch.workspace.rules cannot be written: "))
    #expect(try HunchBinary.succeed(["projects", "p"], in: folder).contains("kind_words"))
  }
}
