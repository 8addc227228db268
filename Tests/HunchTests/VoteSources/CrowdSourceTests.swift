import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// Answers of a crowd, in files with one row for each.
@Suite struct CrowdSourceTests {
  private static let answers = "{ path: crowd.csv, document: task, worker: who, label: answer }"
  private static let yaml = TestProject.configuration(
    labels: ["ham", "spam"], votes: [answers])

  private func project(_ rows: String, yaml: String = yaml, name: String = "crowd.csv") throws
    -> TestProject
  {
    let project = try TestProject(yaml)
    try project.makeCorpus((0..<60).map { "text \($0)" })
    try project.write(name, rows)
    return project
  }

  /// Five workers of whom four are right, on documents that are spam where their id is even, and one
  /// who always says ham.
  private static let rows: String = {
    var rows = "task,who,answer\n"
    for document in 1...60 {
      for worker in ["ann", "bob", "cyd", "dan"] {
        rows += "\(document),\(worker),\(document % 2 == 0 ? "spam" : "0")\n"
      }
      rows += "\(document),eve,ham\n"
    }
    return rows
  }()

  @Test func whatTheCrowdComesTo() throws {
    let project = try project(Self.rows)
    let (report, votes) = try project.apply()
    #expect(votes[0] == ["id", "crowd.sure", "crowd.likely", "crowd.leaning", "crowd.torn"])
    #expect(votes[1][1...] == ["0", "-1", "-1", "-1"])
    #expect(votes[2][1...] == ["1", "-1", "-1", "-1"])
    #expect(report.warnings == [])
    let pipeline = try project.pipeline()
    #expect(try pipeline.apply().evaluations == 0)
    let fit = try pipeline.fit()
    #expect(fit.labelModel == "text-informed")
    #expect(fit.chosenModel == "dawid-skene")
    #expect(fit.crowds.map(\.workers) == [5])
    #expect(fit.crowds[0].reason.hasPrefix("all votes are a crowd's"))
    #expect(fit.warnings.allSatisfy { !$0.contains("never vote") })
  }

  @Test func workersAndAlpha() throws {
    let project = try project(Self.rows)
    let pipeline = try project.pipeline()
    let report = try pipeline.workers()
    let crowd = try #require(report.crowds.first)
    #expect(crowd.documents == 60 && crowd.answers == 300 && crowd.workerCount == 5)
    let eve = try #require(crowd.workers?.first)
    #expect(eve.worker == "eve" && eve.verdict == "one-class")
    #expect(eve.bias?.label == "ham")
    #expect(eve.gold == nil)
    #expect(crowd.workers?.dropFirst().map(\.worker) == ["ann", "bob", "cyd", "dan"])
    #expect(crowd.workers?.dropFirst().allSatisfy { $0.verdict == "informative" } == true)
    let alpha = try #require(crowd.alpha)
    let bounds = try #require(crowd.alphaInterval)
    #expect(bounds[0] < alpha && alpha < bounds[1])
    let analysis = try pipeline.analyze(split: nil)
    #expect(analysis.crowds?.first?.alpha == alpha)
    #expect(analysis.crowds?.first?.workers == nil)
    let finding = try #require(analysis.findings.first { $0.kind == .workers })
    #expect(
      finding.text.contains("1 of 5 workers answers without regard to the class: 1 always"))
    #expect(!analysis.findings.contains { $0.kind == .silent })
  }

  @Test func goldMeasuresWorkers() throws {
    let project = try project(
      Self.rows,
      yaml: TestProject.configuration(
        labels: ["ham", "spam"], columns: [.gold], votes: [Self.answers]))
    try project.execute(
      """
      ALTER TABLE documents ADD COLUMN gold TEXT;
      UPDATE documents SET gold = CASE WHEN id % 2 THEN 'ham' ELSE 'spam' END WHERE id <= 40
      """)
    let workers = try #require(try project.pipeline().workers().crowds[0].workers)
    #expect(workers[0].gold?.correct == 20 && workers[0].gold?.incorrect == 20)
    #expect(workers[1].gold?.empiricalAccuracy == 1)
    let bounds = try #require(workers[1].gold?.empiricalAccuracyInterval)
    #expect(bounds[0] > 0.9 && bounds[1] == 1)
    #expect(try project.pipeline().htmlReport().contains("always the same class"))
  }

  @Test func rulesAndACrowd() throws {
    let project = try TestProject(
      TestProject.configuration(votes: [Self.answers.replacing(" }", with: ", name: people }")]))
    try project.makeCorpus(
      (1...60).map { $0 % 2 == 0 ? "an offer \($0)" : "hello \($0)" } + ["offer", "hello"])
    try project.write("crowd.csv", Self.rows)
    let fit = try project.pipeline(samplePack).fit()
    #expect(
      fit.functions.map(\.name) == [
        "offer", "hello", "people.sure", "people.likely", "people.leaning", "people.torn",
      ])
    #expect(fit.crowds[0].reason.contains("added to what the other functions say"))
    #expect(fit.covered == 62)
    // The same votes whatever the number of threads.
    #expect(try project.apply(samplePack, threads: 1).votes == project.apply(samplePack).votes)
  }

  @Test func theOrderOfRowsChangesNoWorker() throws {
    let lines = Self.rows.split(separator: "\n")
    let reversed = ([lines[0]] + lines.dropFirst().reversed()).joined(separator: "\n")
    let (first, second) = (try project(Self.rows), try project(reversed))
    let one = try #require(try first.pipeline().workers().crowds.first)
    let other = try #require(try second.pipeline().workers().crowds.first)
    #expect(one.workers?.map(\.worker) == other.workers?.map(\.worker))
    #expect(one.verdicts == other.verdicts)
    #expect(one.alpha == other.alpha)
  }

  @Test func anAnswerGivenAgainReplacesTheFirst() throws {
    let project = try project(Self.rows + "1,ann,spam\n1,ann,ham\n2,bob,spam\n")
    let crowd = try project.pipeline().workers().crowds[0]
    #expect(crowd.answers == 300 && crowd.repeatedAnswers == 3)
    #expect(try project.apply().votes[1][1] == "0")
  }

  @Test func rowsThatNameNoDocumentAreCounted() throws {
    let project = try project(Self.rows + "999,ann,ham\n998,ann,ham\n998,bob,spam\n")
    #expect(
      try project.apply().report.warnings == [
        "\(project.path("crowd.csv")): 3 rows name no document of the corpus"
      ])
  }

  @Test func otherFormats() throws {
    let yaml = Self.yaml.replacing("crowd.csv", with: "crowd.jsonl")
    let rows = (1...60).flatMap { document in
      ["ann", "bob", "cyd"].map { worker in
        "{\"task\": \(document), \"who\": \"\(worker)\", \"answer\": "
          + (document % 2 == 0 ? "\"spam\"}" : "null}")
      }
    }.joined(separator: "\n")
    let project = try project(rows, yaml: yaml, name: "crowd.jsonl")
    let crowd = try project.pipeline().workers().crowds[0]
    #expect(crowd.documents == 30 && crowd.answers == 90)
    #expect(crowd.alpha == nil)
  }

  @Test func mistakesNameTheirPlace() throws {
    func failure(_ rows: String) throws -> Shown? {
      let project = try project(rows)
      return project.failure { _ = try project.apply() }
    }
    #expect(
      try failure("task,who,answer\n1,ann,ham\n2,ann,what\n")
        == Shown(
          "DIR/crowd.csv:3: column 'answer': not a class (ham, spam), a class index in 0..<2, or "
            + "empty or -1", .badData))
    #expect(
      try failure("task,who,answer\n1,,ham\n")
        == Shown("DIR/crowd.csv:2: column 'who': an answer needs a worker", .badData))
    #expect(try failure("task,answer\n1,ham\n")?.status == .badData)
    let missing = try TestProject(Self.yaml)
    try missing.makeCorpus(["a"])
    #expect(missing.failure { _ = try missing.apply() }?.status == .inputMissing)
  }

  @Test func thousandsOfWorkersTakeOneColumnForEachBand() throws {
    var rows = "task,who,answer\n"
    for document in 1...60 {
      for place in 0..<50 { rows += "\(document),w\((document * 50 + place) % 3000),spam\n" }
    }
    let project = try project(rows)
    #expect(try project.pipeline().workers().crowds[0].workerCount == 3000)
    let stored: Int? = try project.value(
      "SELECT COUNT(*) FROM functions", in: "hunch.workspace")
    #expect(stored == 4)
  }
}
