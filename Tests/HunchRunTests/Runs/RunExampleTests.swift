import Foundation
import Hunch
import HunchLabeling
import LabelingFunctions
import ProjectSupport
import TestSupport
import Testing

/// Two runs on the example's messages that differ in one rule.
@Suite struct RunExampleTests {
  /// The example with one of its rules written otherwise.
  private func pack(_ words: [String]) -> RulePack {
    RulePack("support-messages", for: SupportTopic.self) {
      supportMessages.functions.map { function in
        function.name == "fee_words"
          ? Keywords("fee_words", words, votes: SupportTopic.fees).definition : function
      }
    }
  }

  private let words = ["fee", "fees", "charge", "charges", "charged", "commission"]

  private func example() throws -> TestProject {
    let project = try TestProject("")
    let folder = Repository.root.appendingPathComponent("examples/support-messages")
    for name in ["hunch.yaml", "messages.jsonl", "products.csv", "pages.csv", "crowd.csv"] {
      try project.write(
        name, [UInt8](try Data(contentsOf: folder.appendingPathComponent(name))))
    }
    let yaml = try project.text("hunch.yaml")
    try project.write(
      "hunch.yaml",
      yaml.replacing(
        "rules: ../../labeling-functions/SupportMessages.swift", with: "pack: support-messages"))
    var request = ImportRequest(
      files: [project.path("messages.jsonl")], database: project.path("corpus.sqlite"))
    request.table = "messages"
    request.text = "text"
    _ = try Importer(request).run()
    return project
  }

  private func run(_ project: TestProject, _ pack: RulePack) throws -> [String: String] {
    let pipeline = try project.pipeline(pack)
    _ = try pipeline.run()
    _ = try pipeline.export(.posteriors, to: project.path("labels.csv"))
    let rows = try project.rows("labels.csv")
    let column = try #require(rows[0].firstIndex(of: "label"))
    return Dictionary(uniqueKeysWithValues: rows.dropFirst().map { ($0[0], $0[column]) })
  }

  @Test func oneRuleIsNamedWithItsDocuments() throws {
    let project = try example()
    let before = try run(project, pack(words))
    let after = try run(project, pack(words + ["price", "cost", "costs", "much"]))
    let expected = flips(before, after)
    #expect(!expected.isEmpty)
    let comparison = try RunHistory(project.project(pack(words)))
      .compare(nil, nil, RunComparisonRequest(count: .max))
    #expect(
      comparison.functions.map { "\($0.change.rawValue) \($0.name)" } == ["changed fee_words"])
    #expect(comparison.flipsByID == expected)
    #expect(comparison.documents?.causes?.votes == comparison.functions[0].flipped)
    // Texts inform the labels of this example, so some flip without a vote of the rule.
    for flip in comparison.documents?.flips ?? [] where flip.cause == .votes {
      #expect(flip.votes.map(\.function) == ["fee_words"])
      #expect(flip.votes[0].before == nil && flip.votes[0].after == "fees")
    }
  }

  @Test func aHarmlessChangeIsNoMoreThanNoise() throws {
    let project = try example()
    _ = try run(project, pack(words))
    for more in [["zyzzyva"], ["commissions"], ["surcharge", "levy", "tariff"]] {
      _ = try run(project, pack(words + more))
      let comparison = try RunHistory(project.project(pack(words))).compare(1, nil)
      #expect(comparison.functions.map(\.name) == ["fee_words"])
      let evaluation = try #require(comparison.evaluation)
      for model in [evaluation.labelModel, evaluation.classifier] {
        for figure in [model.accuracy, model.macroF1, model.logLoss] {
          #expect([.noise, .unchanged].contains(figure.verdict), "\(more): \(figure)")
        }
      }
    }
  }
}
