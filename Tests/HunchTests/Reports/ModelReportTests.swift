import Foundation
import Hunch
import HunchLabeling
import TestSupport
import Testing

/// What an exported model says of where it comes from.
struct ModelReportTests {
  private static func project() throws -> TestProject {
    let project = try TestProject(
      """
      labels: [a, b]
      corpus: { path: corpus.sqlite, table: documents, id: id, text: text, gold: gold,
        split: split }
      votes: [{ path: votes.csv }]
      """)
    try project.execute(
      "CREATE TABLE documents(id INTEGER PRIMARY KEY, text TEXT, gold TEXT, split TEXT)")
    var random = SplitMix64(seed: 8)
    var votes = ["id,first,second"]
    for id in 1...300 {
      let truth = random.below(2)
      let isTest = id % 3 == 0
      try project.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?)",
        [
          id, "\(["left", "right"][truth])\(random.below(9)) \(random.text(words: 3))",
          isTest ? ["a", "b"][truth] : nil, isTest ? "test" : "train",
        ])
      votes.append("\(id),\(random.below(8) == 0 ? 1 - truth : truth),\(truth)")
    }
    try project.write("votes.csv", votes.joined(separator: "\n"))
    return project
  }

  private static func export(_ project: TestProject, date: String = "") throws -> ModelReport {
    _ = try project.pipeline().export(.model, to: project.path("m.model"), date: date)
    return try Predictor(modelFile: project.path("m.model")).report
  }

  @Test func saysWhereItComesFrom() throws {
    let project = try Self.project()
    let report = try Self.export(project, date: "2026-11-21")
    let metrics = try #require(project.pipeline().evaluate(split: .test).classifier).metrics
    #expect(report.labels == ["a", "b"])
    #expect(report.functions?.map(\.name) == ["first", "second"])
    #expect(report.functions?.allSatisfy { !$0.fingerprint.isEmpty } == true)
    #expect(report.labelModel == "text-informed")
    #expect(report.trainingDocuments == 200)
    #expect(report.date == "2026-11-21")
    #expect(report.figures?["documents"] == 300)
    #expect(report.figures?["test_macro_f1"] == metrics.macroF1)
    #expect(report.figures?["test_ece"] == metrics.ece)
    #expect(report.temperature != nil && report.goldLearning == nil)
  }

  @Test func withoutADateTheBytesAreTheSame() throws {
    let (first, second) = (try Self.project(), try Self.project())
    #expect(try Self.export(first).date == nil)
    _ = try Self.export(second)
    #expect(try first.bytes("m.model") == second.bytes("m.model"))
    try second.execute("UPDATE documents SET text = text || '!' WHERE id = 5")
    #expect(try Self.export(second).corpus != Self.export(first).corpus)
  }
}
