import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import TestSupport
import Testing

/// What `apply --explain` says, and that a corpus is not read where its file says it all.
@Suite struct ApplyPlanTests {
  /// 5,000 documents: chunks of 4096 and 904.
  private static let count = 5_000

  private func sample(_ yaml: String = TestProject.yaml) throws -> TestProject {
    let project = try TestProject(yaml)
    var random = SplitMix64(seed: 7)
    try project.makeCorpus((0..<Self.count).map { "\(random.text(words: 3)) \($0)" })
    return project
  }

  private func pack(_ word: String = "hello", name: String = "greeting") -> RulePack {
    RulePack("sample", for: Verdict.self) {
      Keywords(name, [word], votes: .ham)
      Pattern("money", #"\b(free|prize|win)\b"#, votes: .spam)
      Heuristic("short") { $0.words.count < 3 ? .ham : nil }
    }
  }

  private func plan(
    _ project: TestProject, _ pack: RulePack, secondsLater: Double = 60
  ) throws -> ApplyPlan {
    try project.pipeline(pack, secondsLater: secondsLater).explainApply()
  }

  private func reasons(_ plan: ApplyPlan) -> [String] {
    plan.functions.map { "\($0.function): \($0.documents), \($0.reason)" }
  }

  @Test func saysWhatIsNewChangedAndStored() throws {
    let project = try sample()
    let empty = try plan(project, pack())
    #expect(empty.evaluations == 3 * Self.count)
    #expect(empty.reused == 0)
    #expect((empty.chunks, empty.newChunks) == (2, 2))
    #expect(!empty.corpusIsUnchanged)
    #expect(
      reasons(empty) == ["greeting: 5000, new", "money: 5000, new", "short: 5000, new"])
    // It only says so.
    #expect(reasons(try plan(project, pack())) == reasons(empty))

    _ = try project.pipeline(pack(), secondsLater: 60).apply()
    let stored = try plan(project, pack())
    #expect(stored.corpusIsUnchanged)
    #expect(stored.evaluations == 0)
    #expect(
      reasons(stored) == ["greeting: 0, stored", "money: 0, stored", "short: 0, stored"])

    let changed = try plan(project, pack("hullo"))
    #expect(changed.evaluations == Self.count)
    #expect(reasons(changed)[0] == "greeting: 5000, changed: definition")
    let renamed = try plan(project, pack(name: "salutation"))
    #expect(reasons(renamed)[0] == "salutation: 0, stored, under the name 'greeting'")
  }

  @Test func saysWhichDocumentsAreNew() throws {
    let project = try sample()
    _ = try project.pipeline(pack(), secondsLater: 60).apply()
    try project.append(["free beer", "hello"])
    let appended = try plan(project, pack())
    #expect(!appended.corpusIsUnchanged)
    #expect((appended.chunks, appended.newChunks) == (2, 1))
    #expect(appended.evaluations == 3 * 906)
    #expect(
      reasons(appended)[0] == "greeting: 906, 906 documents are new or were edited, or stand "
        + "beside such")
    let report = try project.pipeline(pack(), secondsLater: 60).apply()
    #expect(report.evaluations == appended.evaluations)
    #expect(report.reused == appended.reused)
  }

  @Test func namesTheKnowledgeBaseThatChanged() throws {
    let project = try sample(
      TestProject.yaml + "\nknowledge:\n  names: { path: n.csv, key: name }\n")
    let pack = RulePack("sample", for: Verdict.self) {
      Gazetteer("named", in: "names", votes: .ham)
    }
    try project.write("n.csv", "name\nfriend\n")
    _ = try project.pipeline(pack).apply()
    try project.write("n.csv", "name\nfriend\nmeeting\n")
    #expect(
      reasons(try plan(project, pack)) == ["named: 5000, changed: knowledge base 'names'"])
  }

  @Test func theSameResultWhetherOrNotTheCorpusWasRead() throws {
    let project = try sample()
    func run(_ pack: RulePack, secondsLater: Double) throws -> (ApplyReport, String) {
      let pipeline = try project.pipeline(pack, secondsLater: secondsLater)
      let report = try pipeline.apply()
      _ = try pipeline.export(.votes, to: project.path("votes.csv"))
      return (report, try project.text("votes.csv"))
    }
    let (_, first) = try run(pack(), secondsLater: 60)
    for secondsLater in [0.0, 60] {
      let (report, votes) = try run(pack(), secondsLater: secondsLater)
      #expect(report.evaluations == 0)
      #expect(report.reused == 3 * Self.count)
      #expect(votes == first)
    }
    let (trusting, changed) = try run(pack("free"), secondsLater: 60)
    #expect(trusting.evaluatedFunctions == ["greeting"])
    let fresh = try sample()
    _ = try fresh.pipeline(pack("free")).export(.votes, to: fresh.path("votes.csv"))
    #expect(changed == (try fresh.text("votes.csv")))
  }

  @Test(arguments: ["DELETE", "WAL"])
  func noWriteGoesUnnoticed(_ journal: String) throws {
    let project = try sample()
    try project.execute("PRAGMA journal_mode = \(journal)")
    _ = try project.pipeline(pack(), secondsLater: 60).apply()
    #expect(try plan(project, pack()).corpusIsUnchanged)
    let edits = [
      "UPDATE documents SET text = 'free' WHERE id = 17",
      "UPDATE documents SET text = text || ' ' WHERE id = 4999",
      "DELETE FROM documents WHERE id = 1", "VACUUM",
      "INSERT INTO documents(text) VALUES ('hello')",
    ]
    for edit in edits {
      try project.execute(edit)
      #expect(!(try plan(project, pack()).corpusIsUnchanged), "\(edit)")
      let (report, votes) = try project.apply(pack())
      #expect(report.evaluations + report.reused == 3 * report.documents)
      let fresh = try sample()
      for done in edits.prefix(through: edits.firstIndex(of: edit) ?? 0) {
        try fresh.execute(done)
      }
      #expect(votes == (try fresh.apply(pack()).votes), "\(edit)")
      _ = try project.pipeline(pack(), secondsLater: 60).apply()
      #expect(try plan(project, pack()).corpusIsUnchanged)
    }
  }

  @Test func whatWasJustWrittenIsRead() throws {
    let project = try sample()
    _ = try project.pipeline(pack(), secondsLater: 60).apply()
    #expect(!(try plan(project, pack(), secondsLater: 0).corpusIsUnchanged))
    // Such a run leaves no signature behind.
    _ = try project.pipeline(pack("other"), secondsLater: 0).apply()
    #expect(!(try plan(project, pack("other")).corpusIsUnchanged))
  }

  @Test func aViewIsAlwaysRead() throws {
    let project = try sample(
      TestProject.yaml.replacing("table: documents", with: "table: recent"))
    try project.execute("CREATE VIEW recent AS SELECT * FROM documents WHERE date('now') > ''")
    _ = try project.pipeline(pack(), secondsLater: 60).apply()
    #expect(!(try plan(project, pack()).corpusIsUnchanged))
  }

  @Test func theTimeOfEachFunctionIsKept() throws {
    let project = try sample()
    let slow = RulePack("sample", for: Verdict.self) {
      Keywords("greeting", ["hello"], votes: .ham)
      Heuristic("slow") { document in
        (0..<20).reduce(0) { $0 + document.text.count * $1 } % 7 == 0 ? .ham : nil
      }
    }
    let first = try project.pipeline(slow, secondsLater: 60).apply()
    #expect(first.timings.map(\.function) == ["greeting", "slow"])
    #expect(first.timings.map(\.documents) == [Self.count, Self.count])
    #expect(first.timings.allSatisfy { $0.seconds > 0 })
    #expect(first.scanSeconds > 0)
    let second = try project.pipeline(slow, secondsLater: 60).apply()
    #expect(second.timings == first.timings)
    #expect(second.scanSeconds == 0)
  }
}
