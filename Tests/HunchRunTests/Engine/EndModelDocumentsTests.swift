import Foundation
import Hunch
import HunchModels
import ProjectSupport
import TestSupport
import Testing

/// What the end model learns from.
struct EndModelDocumentsTests {
  private struct Item {
    var split: String
    var truth: Int
    var vote: Int
    var use: String?
  }

  /// Documents of which some words tell the class; one function votes on two in three, and is wrong
  /// on one in ten.
  private static func sample(
    _ settings: String = "", count: Int = 900
  ) throws -> (TestProject, [Item]) {
    var random = SplitMix64(seed: 31)
    var items: [Item] = []
    var documents: [TestDocument] = []
    for id in 1...count {
      let truth = random.below(2)
      let vote = random.below(3) == 0 ? -1 : (random.below(10) == 0 ? 1 - truth : truth)
      let use: String? = random.below(12) == 0 ? "repair" : nil
      let item = Item(
        split: random.below(4) == 0 ? "test" : "train", truth: truth, vote: vote, use: use)
      items.append(item)
      let words = (0..<4).map { _ in "\(["left", "right"][truth])\(random.below(12))" }
      documents.append(
        TestDocument(
          id, "\(words.joined(separator: " ")) \(random.text(words: 3))", split: item.split,
          gold: use == nil && item.split == "train" ? nil : ["a", "b"][truth], use: use,
          votes: ["\(vote)", random.below(2) == 0 ? "\(vote)" : nil]))
    }
    let project = try TestProject(
      TestProject.configuration(
        labels: ["a", "b"], columns: [.gold, .split, .use], votes: ["votes.csv"], more: settings),
      documents: documents, functions: ["f0", "f1"])
    return (project, items)
  }

  private static func trained(_ settings: String) throws -> (TrainReport, [Item], Double) {
    let (project, items) = try sample(settings)
    let pipeline = try project.pipeline()
    let report = try pipeline.train()
    return (
      report, items, try #require(pipeline.evaluate(split: .test).classifier).metrics.accuracy
    )
  }

  @Test func documentsWithAVoteAndGoldOnes() throws {
    let (report, items, accuracy) = try Self.trained("")
    let learned = items.count { $0.use == nil && $0.split == "train" && $0.vote >= 0 }
    #expect(report.documents == learned)
    #expect(report.goldLearning?.goldDocuments == items.count { $0.use != nil })
    #expect(accuracy > 0.9)
  }

  @Test(arguments: ["all", "self-training"]) func allDocuments(_ choice: String) throws {
    let (report, items, accuracy) = try Self.trained("end_model: { documents: \(choice) }")
    #expect(report.documents == items.count { $0.use == nil && $0.split == "train" })
    #expect(accuracy > 0.9)
  }

  @Test func aCutLeavesOutTheDoubtfulOnesOfEachClass() throws {
    let (report, items, accuracy) = try Self.trained("end_model: { cut: 0.8 }")
    let voted = items.count { $0.split == "train" && $0.vote >= 0 && $0.use == nil }
    // The share is of all documents with votes, gold ones included, and rounded up by class.
    #expect(abs(Double(report.documents) / Double(voted) - 0.8) < 0.06)
    #expect(accuracy > 0.9)
  }

  @Test func confidenceWeighsAndChangesTheModel() throws {
    let (plain, _) = try Self.sample("")
    let (weighted, _) = try Self.sample("end_model: { weights: confidence }")
    let reports = [try plain.pipeline().train(), try weighted.pipeline().train()]
    #expect(reports[0].documents == reports[1].documents)
    let losses = try reports.map { try #require($0.goldLearning?.logLossBefore) }
    #expect(losses[0] != losses[1])
  }

  /// A label model that knows no texts has the classifiers trained for it when they are needed.
  @Test func aCutNeedsNoLabelModelOfTexts() throws {
    let (report, items, _) = try Self.trained("label_model: majority\nend_model: { cut: 0.5 }")
    #expect(report.documents < items.count { $0.split == "train" && $0.vote >= 0 })
  }

  /// Of so few documents there are no classifiers that could tell which to leave out.
  @Test(arguments: ["documents: self-training", "cut: 0.5"])
  func fewDocumentsAreTakenAsTheyAre(_ setting: String) throws {
    let (project, items) = try Self.sample("end_model: { \(setting) }", count: 40)
    let report = try project.pipeline().train()
    #expect(
      report.documents
        == items.count { $0.use != nil || $0.split == "train" && $0.vote >= 0 })
  }
}
