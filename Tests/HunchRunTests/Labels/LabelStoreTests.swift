import Foundation
import Hunch
import ProjectSupport
import Testing

/// Labels given by hand: stored at once, told from damaged ones, never used for another class.
@Suite struct LabelStoreTests {
  private static let time = "2026-11-21T18:30:00Z"

  private func label(_ id: String, _ name: String, _ use: GoldUse = .audit) -> HandLabel {
    HandLabel(id: id, label: name, use: use, time: Self.time)
  }

  @Test func labelsAreThereInTheNextProcess() throws {
    let project = try LabelSample(20).project()
    let first = try project.pipeline()
    #expect(try first.labels().labels.isEmpty)
    #expect(try first.put(label("3", "a")) == nil)
    #expect(try first.put(label("7", "b", .repair)) == nil)
    #expect(try first.put(label("3", "b")) == label("3", "a"))
    // Nobody closed the file: what an answer stored is there however the process ends.
    for suffix in ["", "-wal"] {
      try project.write("copy" + suffix, try project.bytes("hunch.workspace" + suffix))
    }
    let second = try ProjectSteps(try project.project(workspace: project.path("copy")))
    #expect(
      try second.labels().labels.map { "\($0.id) \($0.label) \($0.use) \($0.time)" }
        == ["3 b audit \(Self.time)", "7 b repair \(Self.time)"])
    try second.removeLabels(of: ["7"])
    #expect(try second.labels().labels.map(\.id) == ["3"])
    #expect(
      project.failure { try second.removeLabels(of: ["3", "8"]) }
        == Shown(
          "the workspace has no label of the document '8'",
          hint: "'hunch label DIR --list' shows all", .usage))
    #expect(try second.labels().labels.map(\.id) == ["3"], "all or none")
  }

  @Test func theTimeIsThatOfTheClock() throws {
    let project = try LabelSample(20).project()
    let pipeline = try project.pipeline()
    let before = Date.now.formatted(.iso8601)
    _ = try pipeline.give("a", to: "2", for: .repair)
    let given = try #require(try pipeline.labels().labels.first)
    #expect(given.time >= before && given.time <= Date.now.formatted(.iso8601))
    #expect(given.time.hasSuffix("Z") && given.use == "repair" && given.known)
  }

  @Test func readingLabelsWritesNothing() throws {
    let project = try LabelSample(20).project()
    _ = try project.pipeline().analyze(split: nil)
    _ = try project.pipeline().labels()
    let tables: Int? = try project.value(
      "SELECT COUNT(*) FROM sqlite_master WHERE name = 'labels'", in: "hunch.workspace")
    #expect(tables == 0)
    #expect(try project.pipeline().analyze(split: nil).workspaceLabels == nil)
  }

  @Test func classesHaveNamesNotNumbers() throws {
    let sample = LabelSample(40)
    let project = try sample.project()
    let id = try #require(sample.items.first { $0.votes[0] == 0 }?.id)
    _ = try project.pipeline().put(label(id, "a"))
    #expect(try project.pipeline().analyze(split: nil).functions[0].gold?.correct == 1)
    let yaml = try project.text("hunch.yaml")
    try project.write("hunch.yaml", yaml.replacing("[a, b]", with: "[b, a]"))
    #expect(try project.pipeline().analyze(split: nil).functions[0].gold?.correct == 1)
    try project.write("hunch.yaml", yaml.replacing("[a, b]", with: "[b, a, c]"))
    let other = try #require(sample.items.last?.id)
    _ = try project.pipeline().put(label(other, "c"))
    try project.write("hunch.yaml", yaml)
    let report = try project.pipeline().analyze(split: nil)
    #expect(report.goldDocuments == 1)
    #expect(report.workspaceLabels?.unknownClass == 1 && report.workspaceLabels?.audit == 1)
    #expect(try project.pipeline().labels().labels.filter { !$0.known }.map(\.label) == ["c"])
  }

  @Test func documentsThatAreGoneKeepTheirLabels() throws {
    let project = try LabelSample(40).project()
    _ = try project.pipeline().put(label("9", "a"))
    _ = try project.pipeline().put(label("10", "a", .repair))
    try project.execute("DELETE FROM documents WHERE id = 9")
    let labels = try project.pipeline().analyze(split: nil).workspaceLabels
    #expect(labels?.notInCorpus == 1 && labels?.audit == 0 && labels?.repair == 1)
    try project.execute("INSERT INTO documents(id, text) VALUES (9, 'again')")
    #expect(try project.pipeline().analyze(split: nil).workspaceLabels?.audit == 1)
  }

  @Test(arguments: [
    "label = 'b'", "use = 'repair'", "given = '2026-11-21T18:30:01Z'", "seal = seal + 1",
    "id = '4'", "use = 'gold'", "label = x'FF'", "given = 7", "seal = 'x'",
  ])
  func changedBytesAreNoticed(change: String) throws {
    let project = try LabelSample(20).project()
    _ = try project.pipeline().put(label("3", "a"))
    _ = try project.pipeline().put(label("5", "a"))
    try project.execute("UPDATE labels SET \(change) WHERE id = '3'", in: "hunch.workspace")
    let pipeline = try project.pipeline()
    let report = try pipeline.analyze(split: nil)
    #expect(report.goldDocuments == 1 && report.workspaceLabels?.damaged == 1)
    let damaged = try pipeline.labels().damaged
    #expect(damaged == [change == "id = '4'" ? "4" : "3"])
    // A new answer repairs it, and so does taking it out.
    if change == "seal = seal + 1" {
      _ = try pipeline.put(label("3", "b"))
    } else {
      try pipeline.removeLabels(of: damaged)
    }
    #expect(try pipeline.analyze(split: nil).workspaceLabels?.damaged == 0)
  }

  @Test func anotherTableIsDamage() throws {
    let project = try LabelSample(20).project()
    _ = try project.pipeline().analyze(split: nil)
    try project.execute("CREATE TABLE labels(x)", in: "hunch.workspace")
    let shown = project.failure { _ = try project.pipeline().analyze(split: nil) }
    #expect(shown?.status == .badData)
    #expect(shown?.message.hasPrefix("DIR/hunch.workspace is damaged: ") == true)
    #expect(project.failure { _ = try project.pipeline().put(label("1", "a")) }?.status == .badData)
  }
}
