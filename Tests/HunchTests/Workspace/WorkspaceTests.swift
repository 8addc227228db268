import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// The workspace file: its lock, its format, and what happens when it is not what it should be.
@Suite struct WorkspaceTests {
  private static let texts = ["an offer", "hello", "nothing", "hello, an offer"]

  private func sample() throws -> TestProject {
    let project = try TestProject()
    try project.makeCorpus(Self.texts)
    return project
  }

  @Test func aSecondUseIsRefusedWithTheHolder() throws {
    let project = try sample()
    var first: ProjectSteps? = try project.pipeline(samplePack)
    let pid = ProcessInfo.processInfo.processIdentifier
    #expect(
      project.failure { _ = try project.pipeline(samplePack) }
        == Shown(
          "DIR/hunch.workspace is in use by another process (pid \(pid))",
          hint: "wait for it to end, or use another --workspace", .busy))
    #expect(try first?.apply().documents == 4)
    first = nil
    #expect(try project.apply(samplePack).report.reused == 8)
  }

  #if os(Linux)
    @Test(
      "a copy of the lock's descriptor, as a child has while it is started, keeps nothing locked")
    func theLockEndsWithItsHolder() throws {
      let project = try sample()
      var first: ProjectSteps? = try project.pipeline(samplePack)
      #expect(try first?.apply().documents == 4)
      let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
      let lock = descriptors.compactMap(Int32.init).first {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
        return path == project.path("hunch.workspace-lock")
      }
      let copy = dup(try #require(lock))
      defer { close(copy) }
      first = nil
      #expect(try project.apply(samplePack).report.reused == 8)
    }
  #endif

  @Test func anotherWorkspaceIsAnotherState() throws {
    let project = try sample()
    #expect(try project.apply(samplePack).report.evaluations == 8)
    let other = try ProjectSteps(
      project.project(samplePack, workspace: project.path("other.workspace")))
    #expect(try other.apply().evaluations == 8)
    #expect(FileManager.default.fileExists(atPath: project.path("other.workspace")))
  }

  @Test func onlyTheFileAndItsLockStay() throws {
    let project = try sample()
    _ = try project.apply(samplePack)
    let files = try FileManager.default.contentsOfDirectory(atPath: project.directory).sorted()
    #expect(
      files == [
        "corpus.sqlite", "exported.csv", "hunch.workspace", "hunch.workspace-lock", "hunch.yaml",
      ])
  }

  @Test func aLaterFormatIsNotTouched() throws {
    let project = try sample()
    try project.execute(
      "CREATE TABLE future(x); PRAGMA user_version = 99", in: "hunch.workspace")
    let before = try project.bytes("hunch.workspace")
    #expect(
      project.failure { _ = try project.apply(samplePack) }
        == Shown(
          "DIR/hunch.workspace was written by a newer Hunch (format 99)",
          hint: "use that version, or another --workspace", .badData))
    #expect(try project.bytes("hunch.workspace") == before)
  }

  @Test func anotherDatabaseIsNotTouched() throws {
    let project = try sample()
    let before = try project.bytes("corpus.sqlite")
    #expect(
      project.failure {
        _ = try ProjectSteps(project.project(samplePack, workspace: project.path("corpus.sqlite")))
      }
        == Shown(
          "DIR/corpus.sqlite exists already and is no workspace of Hunch",
          hint: "choose another --workspace", .badData))
    #expect(try project.bytes("corpus.sqlite") == before)
  }

  @Test func anotherFileIsNotTouched() throws {
    let project = try sample()
    let notes = String(repeating: "notes that are dear to somebody\n", count: 100)
    try project.write("hunch.workspace", notes)
    #expect(
      project.failure { _ = try project.apply(samplePack) }
        == Shown(
          "DIR/hunch.workspace exists already and is no workspace of Hunch",
          hint: "choose another --workspace", .badData))
    #expect(try project.text("hunch.workspace") == notes)
  }

  @Test func aDamagedFileSaysWhatToDo() throws {
    let project = try sample()
    _ = try project.apply(samplePack)
    var bytes = try project.bytes("hunch.workspace")
    #expect(bytes.count > 8_192)
    for index in 4_096..<bytes.count { bytes[index] = 0x5A }
    try project.write("hunch.workspace", bytes)
    let shown = project.failure { _ = try project.apply(samplePack) }
    #expect(shown?.message.hasPrefix("DIR/hunch.workspace is damaged: ") == true)
    #expect(
      shown?.hint
        == "save the labels of 'hunch label' with 'hunch export DIR labels', delete it and run again: "
        + "all but these and the list of runs is computed anew"
    )
    #expect(shown?.status == .badData)
    try FileManager.default.removeItem(atPath: project.path("hunch.workspace"))
    #expect(try project.apply(samplePack).report.evaluations == 8)
  }

  @Test func damagedVotesAreNoticed() throws {
    let project = try sample()
    _ = try project.apply(samplePack)
    try project.execute("UPDATE votes SET votes = x'0900'", in: "hunch.workspace")
    let shown = project.failure { _ = try project.apply(samplePack) }
    #expect(shown?.message.hasPrefix("DIR/hunch.workspace is damaged: ") == true)
    #expect(shown?.status == .badData)
  }

  @Test func aFolderThatIsNotThere() throws {
    let project = try sample()
    let shown = project.failure {
      _ = try ProjectSteps(project.project(samplePack, workspace: project.path("no/w")))
    }
    #expect(
      shown
        == Shown(
          "DIR/no/w cannot be written: No such file or directory",
          hint: "name another place with --workspace", .cannotCreate))
  }

  @Test func theFormatIsWrittenDown() throws {
    let project = try sample()
    _ = try project.pipeline(samplePack).run()
    let file = "hunch.workspace"
    #expect(try project.value("PRAGMA user_version", in: file) == 2)
    #expect(try project.value("PRAGMA integrity_check", in: file) == "ok")
    let tables: String? = try project.value(
      "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE type = 'table' "
        + "AND name NOT LIKE 'sqlite_%' ORDER BY name)", in: file)
    #expect(
      tables
        == "chunks corpus counters failures functions layout models run_details run_pieces runs votes"
    )
    #expect(try project.value("SELECT COUNT(*) FROM votes", in: file) == 2)
    #expect(try project.value("SELECT COUNT(*) FROM runs WHERE command = 'run'", in: file) == 1)
    let figures: String? = try project.value("SELECT figures FROM runs", in: file)
    let object = try JSONSerialization.jsonObject(with: Data((figures ?? "").utf8))
    #expect(
      (object as? [String: Any])?.keys.sorted()
        == [
          "classBalance", "conflicts", "coverage", "documents", "labelModel", "labels", "overlaps",
        ])
  }

  @Test func whatNoRunUsesIsForgotten() throws {
    let project = try sample()
    for number in 0..<30 {
      let pack = RulePack("sample", for: Verdict.self) {
        Keywords("a", ["word\(number)"], votes: .spam)
      }
      try project.execute("UPDATE documents SET text = 'text \(number)' WHERE id = 1")
      _ = try project.apply(pack)
    }
    let functions: Int? = try project.value("SELECT COUNT(*) FROM functions", in: "hunch.workspace")
    #expect(functions.map { $0 <= 21 } == true)
    // Only the corpus as it stands has chunks: of texts, rows and ids.
    #expect(try project.value("SELECT COUNT(*) FROM chunks", in: "hunch.workspace") == 3)
    #expect(
      try project.value(
        "SELECT COUNT(*) FROM votes WHERE key >> 32 NOT IN (SELECT id FROM chunks)",
        in: "hunch.workspace") == 0)
  }
}
