import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import TestSupport
import Testing

/// What an exported model says of where it comes from.
struct ModelReportTests {
  private static func project() throws -> TestProject {
    var random = SplitMix64(seed: 8)
    let documents = (1...300).map { id in
      let truth = random.below(2)
      let isTest = id % 3 == 0
      return TestDocument(
        id, "\(["left", "right"][truth])\(random.below(9)) \(random.text(words: 3))",
        split: isTest ? "test" : "train", gold: isTest ? ["a", "b"][truth] : nil,
        votes: ["\(random.below(8) == 0 ? 1 - truth : truth)", "\(truth)"])
    }
    return try TestProject(
      TestProject.configuration(
        labels: ["a", "b"], columns: [.gold, .split], votes: ["votes.csv"]),
      documents: documents, functions: ["first", "second"])
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
