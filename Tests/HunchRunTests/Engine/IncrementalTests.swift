import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import TestSupport
import Testing

/// Only what changed is evaluated again, proven by counts.
@Suite struct IncrementalTests {
  /// 9,000 documents fall into chunks of 4096, 4096 and 808.
  private static let count = 9_000
  private static let yaml = TestProject.configuration(
    columns: [.gold, .split], votes: ["crowd.csv"],
    more: "knowledge:\n  names: { path: names.csv, key: name }")

  private func sample() throws -> TestProject {
    var random = SplitMix64(seed: 1)
    let project = try TestProject(
      Self.yaml,
      documents: (0..<Self.count).map { number in
        TestDocument(
          number + 1, "\(random.text(words: 4)) \(number)", more: ["size": number % 100])
      })
    try project.write("names.csv", "name\nfriend\nmeeting\n")
    try project.write("crowd.csv", "id,worker_1,worker_2\n1,ham,spam\n5000,,1\n8999,0,\n")
    return project
  }

  /// The pack as it is at first, with what a test changes.
  private func pack(
    keyword: String = "hello", name: String = "greeting", summary: String = "says hello",
    shortest: Int = 4, extra: [RuleDefinition] = []
  ) -> RulePack {
    // The text that the closures were compiled from, as a compiled library has it.
    let source = """
      Heuristic("short") { $0.words.count < \(shortest) ? .ham : nil }
      Heuristic("large", reading: Field<Int>("size")) { _, size in size ?? 0 > 90 ? .spam : nil }
      """
    let pack = RulePack("sample", for: Verdict.self) {
      Keywords(name, [keyword], votes: .ham).described(summary)
      Pattern("money", #"\b(free|prize|win)\b"#, votes: .spam)
      Heuristic("short", fileID: "Rules/r.swift", line: 1, column: 10) { document in
        document.words.count < shortest ? .ham : nil
      }
      Heuristic(
        "large", reading: Field<Int>("size"), fileID: "Rules/r.swift", line: 2, column: 10
      ) { _, size in size ?? 0 > 90 ? .spam : nil }
      Gazetteer("known_name", in: "names", votes: .ham)
      extra
    }
    return CompiledRules([pack], sources: [("r.swift", source)]).packs[0]
  }

  private static func rule(_ name: String, _ word: String) -> RuleDefinition {
    Keywords<Verdict>(name, [word], votes: .ham).definition
  }

  private struct Step: Equatable, CustomStringConvertible {
    var evaluations: Int
    var reused: Int
    var functions: [String]
    var description: String { "\(evaluations) evaluated of \(functions), \(reused) reused" }
  }

  private func step(_ project: TestProject, _ pack: RulePack) throws -> Step {
    let report = try project.pipeline(pack).apply()
    #expect(report.evaluations + report.reused == report.functions * report.documents)
    return Step(
      evaluations: report.evaluations, reused: report.reused, functions: report.evaluatedFunctions)
  }

  private static let all = [
    "greeting", "money", "short", "large", "known_name", "worker_1", "worker_2",
  ]

  /// A step that evaluated some functions on so many documents each.
  private func only(
    _ functions: [String], on documents: Int, of total: Int = count, functions count: Int = 7
  )
    -> Step
  {
    let evaluations = functions.count * documents
    return Step(
      evaluations: evaluations, reused: count * total - evaluations, functions: functions)
  }

  private var nothing: Step { only([], on: 0) }

  @Test func rulesThatChange() throws {
    let project = try sample()
    #expect(try step(project, pack()) == only(Self.all, on: Self.count))
    #expect(try step(project, pack()) == nothing)
    // One keyword of one rule.
    #expect(try step(project, pack(keyword: "hallo")) == only(["greeting"], on: Self.count))
    // The votes of the former rule are still there.
    #expect(try step(project, pack()) == nothing)
    // A name and a description are no behaviour.
    #expect(try step(project, pack(name: "salute", summary: "other words")) == nothing)
    // A new rule, then the old ones alone.
    let extra = [Self.rule("new", "ok")]
    #expect(
      try step(project, pack(extra: extra)) == only(["new"], on: Self.count, functions: 8))
    #expect(try step(project, pack()) == nothing)
    // The source of a closure.
    #expect(try step(project, pack(shortest: 5)) == only(["short"], on: Self.count))
  }

  @Test func rulesInAnotherOrder() throws {
    let project = try sample()
    _ = try step(project, pack())
    let before = try project.apply(pack()).votes
    var reversed = pack()
    reversed.functions.reverse()
    #expect(try step(project, reversed) == nothing)
    let after = try project.apply(reversed).votes
    let column = try #require(after[0].firstIndex(of: "money"))
    let former = try #require(before[0].firstIndex(of: "money"))
    #expect(after.map { $0[column] } == before.map { $0[former] })
  }

  @Test func twoRulesThatAreTheSame() throws {
    let project = try sample()
    let twin = [Self.rule("twin", "hello")]
    _ = try step(project, pack())
    #expect(try step(project, pack(extra: twin)) == only([], on: 0, functions: 8))
    let votes = try project.apply(pack(extra: twin)).votes
    #expect(votes.dropFirst().allSatisfy { $0[1] == $0[6] })
  }

  @Test func documentsThatChange() throws {
    let project = try sample()
    _ = try step(project, pack())
    // Appended: the last chunk alone has other content.
    try project.append((0..<100).map { "hello \($0)" })
    #expect(try step(project, pack()) == only(Self.all, on: 908, of: 9_100))
    // More than fits into it.
    try project.append((0..<4_000).map { "offer \($0)" })
    #expect(try step(project, pack()) == only(Self.all, on: 4_908, of: 13_100))
    // One text: its chunk, and the functions that read texts.
    try project.execute("UPDATE documents SET text = 'hello again' WHERE id = 5000")
    let texts = ["greeting", "money", "short", "large", "known_name"]
    #expect(try step(project, pack()) == only(texts, on: 4_096, of: 13_100))
    #expect(try project.apply(pack()).votes[5_000][1] == "0")
    // Back to what it was is another content still, since that chunk was forgotten.
    #expect(try step(project, pack()) == only([], on: 0, of: 13_100))
  }

  @Test func fieldsThatChange() throws {
    let project = try sample()
    _ = try step(project, pack())
    #expect(try project.apply(pack()).votes[3][4] == "-1")
    try project.execute("UPDATE documents SET size = 99 WHERE id = 3")
    #expect(try step(project, pack()) == only(["large"], on: 4_096))
    #expect(try project.apply(pack()).votes[3][4] == "1")
    // Gold labels and splits are no part of what functions see.
    try project.execute(
      "UPDATE documents SET gold = 'ham', split = 'test' WHERE id % 2 = 0")
    #expect(try step(project, pack()) == nothing)
    #expect(try project.pipeline(pack()).analyze(split: .test).goldDocuments == 4_500)
  }

  @Test func idsThatChange() throws {
    let project = try sample()
    _ = try step(project, pack())
    try project.execute("UPDATE documents SET id = 90001 WHERE id = 8999")
    // The order of the documents changes with it: ids are the key of this table.
    let report = try project.pipeline(pack()).apply()
    #expect(report.evaluations == 7 * 808)
    #expect(
      report.warnings == ["\(project.path("crowd.csv")): 1 rows name no document of the corpus"])
  }

  @Test func aKnowledgeBaseThatChanges() throws {
    let project = try sample()
    _ = try step(project, pack())
    try project.write("names.csv", "name\nfriend\nmeeting\nlunch\n")
    #expect(try step(project, pack()) == only(["known_name"], on: Self.count))
    // The same rows in another form of file are the same knowledge.
    try project.write("names.csv", "\u{FEFF}name\r\n\"friend\"\r\nmeeting\r\nlunch")
    #expect(try step(project, pack()) == nothing)
  }

  @Test func aVotesFileThatChanges() throws {
    let project = try sample()
    _ = try step(project, pack())
    try project.write("crowd.csv", "id,worker_1,worker_2\n1,spam,spam\n5000,,1\n8999,0,\n")
    #expect(try step(project, pack()) == only(["worker_1", "worker_2"], on: Self.count))
    #expect(try project.apply(pack()).votes[1].suffix(2) == ["1", "1"])
  }

  @Test func classesInAnotherOrder() throws {
    enum Swapped: String, LabelSet { case spam, ham }
    let project = try sample()
    try project.write("names.csv", "name,class\nfriend,ham\nmeeting,spam\n")
    let first = RulePack("sample", for: Verdict.self) {
      Gazetteer("known", in: "names", classColumn: "class")
    }
    let second = RulePack("sample", for: Swapped.self) {
      Gazetteer("known", in: "names", classColumn: "class")
    }
    let before = try project.apply(first).votes.map { $0[1] }
    let after = try project.apply(second).votes.map { $0[1] }
    let swap = ["0": "1", "1": "0", "-1": "-1", "known": "known"]
    #expect(before.map { swap[$0] } == after)
  }

  @Test func everyCommandUsesWhatIsThere() throws {
    let project = try sample()
    try project.execute("UPDATE documents SET gold = 'ham', split = 'test' WHERE id % 5 = 0")
    let first = try project.pipeline(pack()).run()
    #expect(first.apply.evaluations == 7 * Self.count)
    #expect(!first.train.reused)
    let second = try project.pipeline(pack()).run()
    #expect(second.apply.evaluations == 0)
    #expect(second.train.reused)
    // Other labels to train on: another classifier; and back: the former one is still there.
    try project.execute("UPDATE documents SET split = 'valid' WHERE id % 50 = 1")
    #expect(try !project.pipeline(pack()).run().train.reused)
    try project.execute("UPDATE documents SET split = NULL WHERE id % 50 = 1")
    #expect(try project.pipeline(pack()).run().train.reused)
    let other = try project.pipeline(pack()) { $0.configuration.labelModel = "majority" }
    #expect(try !other.train().reused)
  }
}
