import Foundation
import GRDB
import Hunch
import HunchLabeling
import ProjectSupport
import Synchronization
import Testing

/// Somebody else commits to the corpus while a run is under way.
@Suite struct ChangingCorpusTests {
  private static let count = 10_000

  /// With a label model of votes alone, so that posteriors can be written without the texts.
  private static let yaml = TestProject.configuration(
    columns: [.gold, .split], more: "label_model: adaptive")

  private func sample(_ journal: String) throws -> TestProject {
    let project = try TestProject(Self.yaml)
    try fill(project, "corpus.sqlite")
    try project.execute("PRAGMA journal_mode = \(journal)")
    return project
  }

  private func fill(_ project: TestProject, _ file: String, word: String = "hello") throws {
    try project.execute(
      """
      CREATE TABLE documents(id INTEGER PRIMARY KEY, text TEXT, gold TEXT, split TEXT);
      WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(Self.count))
      INSERT INTO documents SELECT i, CASE i % 3 WHEN 0 THEN 'an offer ' WHEN 1 THEN '\(word) '
        ELSE '' END || i, iif(i % 5, NULL, 'spam'), iif(i % 5, 'train', 'test') FROM n;
      """, in: file)
  }

  /// The votes that an undisturbed run in a workspace of its own gives.
  private func undisturbed(_ project: TestProject) throws -> String {
    let workspace = project.path("w-\(UUID().uuidString)")
    let pipeline = try ProjectSteps(project.project(samplePack, workspace: workspace))
    _ = try pipeline.export(.posteriors, to: project.path("undisturbed.csv"))
    return try project.text("undisturbed.csv")
  }

  private func posteriors(_ pipeline: ProjectSteps, _ project: TestProject) throws -> String {
    _ = try pipeline.export(.posteriors, to: project.path("p.csv"))
    return try project.text("p.csv")
  }

  private static let changed = Shown(
    "DIR/corpus.sqlite: the corpus changed during the run",
    hint: "run again: what was finished is kept", .inputOutput)

  /// A change, and whether passes without and with the texts must notice it.
  struct Change: Sendable, CustomTestStringConvertible {
    var sql: String
    var isSeenWithoutTexts: Bool
    var testDescription: String { sql }
  }

  static let changes = [
    Change(
      sql: "UPDATE documents SET text = 'an offer' WHERE id = 7777", isSeenWithoutTexts: false),
    Change(
      sql: "INSERT INTO documents VALUES (20000, 'hello', NULL, NULL)", isSeenWithoutTexts: true),
    Change(sql: "DELETE FROM documents WHERE id = 5", isSeenWithoutTexts: true),
    Change(sql: "UPDATE documents SET id = 30000 WHERE id = 9999", isSeenWithoutTexts: true),
    Change(sql: "UPDATE documents SET split = 'valid' WHERE id = 9", isSeenWithoutTexts: true),
    Change(sql: "UPDATE documents SET gold = 'ham' WHERE id = 10", isSeenWithoutTexts: true),
    Change(
      sql: "DELETE FROM documents WHERE id > 8192 OR id <= 4096", isSeenWithoutTexts: true),
  ]

  @Test(arguments: ["delete", "wal"], changes)
  func betweenPasses(journal: String, change: Change) throws {
    let project = try sample(journal)
    let before = try undisturbed(project)
    do {
      let pipeline = try project.pipeline(samplePack)
      #expect(try pipeline.apply().documents == Self.count)
      try project.execute(change.sql)
      // Votes and posteriors belong to the texts that the rules saw.
      let shown = project.failure {
        let found = try posteriors(pipeline, project)
        #expect(found == before)
      }
      #expect(shown == (change.isSeenWithoutTexts ? Self.changed : nil))
      #expect(project.failure { _ = try pipeline.train() } == Self.changed)
    }
    #expect(try posteriors(project.pipeline(samplePack), project) == undisturbed(project))
  }

  @Test(arguments: ["delete", "wal"], changes)
  func inTheMiddleOfAPass(journal: String, change: Change) throws {
    let project = try sample(journal)
    let before = try undisturbed(project)
    let tries = Mutex([String]())
    let path = project.path("corpus.sqlite")
    let progress = StepProgress(
      onBegin: { _, _, _ in },
      onAdvance: { _ in
        tries.withLock { tries in
          guard tries.isEmpty else { return }
          do {
            let writer = try DatabaseQueue(path: path)
            try writer.write { try $0.execute(sql: change.sql) }
            try writer.close()
            tries.append("done")
          } catch { tries.append("refused") }
        }
      }, onEnd: {})
    do {
      let pipeline = try project.pipeline(samplePack, threads: 1, progress: progress)
      #expect(try pipeline.apply().documents == Self.count)
      // A log lets the writer go on beside the reader; without one, it has to wait.
      let isDone = journal == "wal"
      #expect(tries.withLock { $0 } == [isDone ? "done" : "refused"])
      let shown = project.failure {
        let found = try posteriors(pipeline, project)
        #expect(found == before)
      }
      #expect(shown == (isDone && change.isSeenWithoutTexts ? Self.changed : nil))
    }
    #expect(try posteriors(project.pipeline(samplePack), project) == undisturbed(project))
  }

  @Test func replacedByAnotherFile() throws {
    let project = try sample("delete")
    let before = try undisturbed(project)
    try fill(project, "next.sqlite", word: "an offer and")
    do {
      let pipeline = try project.pipeline(samplePack)
      _ = try pipeline.apply()
      #expect(rename(project.path("next.sqlite"), project.path("corpus.sqlite")) == 0)
      // The run goes on with the file that it opened.
      #expect(try posteriors(pipeline, project) == before)
    }
    let after = try undisturbed(project)
    #expect(after != before)
    #expect(try posteriors(project.pipeline(samplePack), project) == after)
  }

  @Test func copiedOver() throws {
    let project = try sample("delete")
    let before = try undisturbed(project)
    try fill(project, "next.sqlite", word: "an offer and")
    for share in [1.0, 0.5, 0.01] {
      let bytes = try project.bytes("next.sqlite")
      do {
        let pipeline = try project.pipeline(samplePack)
        _ = try pipeline.apply()
        let file = try FileHandle(
          forWritingTo: URL(fileURLWithPath: project.path("corpus.sqlite")))
        try file.write(contentsOf: bytes.prefix(Int(Double(bytes.count) * share)))
        try file.close()
        let shown = project.failure {
          let found = try posteriors(pipeline, project)
          #expect(found == before)
        }
        if let shown {
          #expect(shown.message.hasPrefix("DIR/corpus.sqlite: "))
          #expect([.badData, .inputOutput].contains(shown.status))
        }
      }
      try project.write("corpus.sqlite", bytes)
      #expect(try posteriors(project.pipeline(samplePack), project) == undisturbed(project))
      try FileManager.default.removeItem(atPath: project.path("corpus.sqlite"))
      try fill(project, "corpus.sqlite")
    }
  }

  @Test func aWriterIsWaitedFor() throws {
    let project = try sample("delete")
    let before = try undisturbed(project)
    var settings = Configuration()
    settings.allowsUnsafeTransactions = true
    let writer = try DatabaseQueue(path: project.path("corpus.sqlite"), configuration: settings)
    try writer.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(300)) {
      try? writer.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    }
    #expect(try posteriors(project.pipeline(samplePack), project) == before)
    try writer.close()
  }
}
