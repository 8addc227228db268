import Foundation
import Hunch
import HunchLabeling
import HunchServices
import ProjectSupport
import ServiceStubs
import TestSupport
import Testing

/// A simulated annotator on the shared data: asked through the whole of the client, right on three
/// documents of four, about a third of the training documents.
@Suite(
  .enabled(if: Repository.sharedData("sms") != nil, "the shared data sets are not on this machine"),
  .serialized)
struct AnnotatorTests {
  private enum Sms: String, LabelSet { case ham, spam }
  private enum Trec: String, LabelSet { case DESC, ENTY, HUM, ABBR, LOC, NUM }

  private struct Document: Decodable {
    var id: Int
    var split: String
    var text: String
    var gold: String?
  }

  private static let smsPack = RulePack("asked", for: Sms.self) {
    Prompt("annotator", ask: "What is it?", answers: ["ham": .ham, "spam": .spam])
  }
  private static let trecPack = RulePack("asked", for: Trec.self) {
    Prompt(
      "annotator", ask: "What is it?",
      answers: [
        "DESC": .DESC, "ENTY": .ENTY, "HUM": .HUM, "ABBR": .ABBR, "LOC": .LOC, "NUM": .NUM,
      ])
  }

  @Test(arguments: ["sms", "trec"], ["random", "uncertain"])
  func helps(_ name: String, by order: String) async throws {
    let folder = try #require(Repository.sharedData(name))
    let decoder = JSONDecoder()
    let documents = try Data(contentsOf: folder.appendingPathComponent("documents.jsonl"))
      .split(separator: 0x0A).map { try decoder.decode(Document.self, from: $0) }
    let pack = name == "sms" ? Self.smsPack : Self.trecPack
    var answers: [String: String] = [:]
    for document in documents where document.split == "train" {
      var random = SplitMix64(seed: UInt64(document.id) &* 7919 + 5)
      guard let gold = document.gold else { continue }
      let others = pack.labels.filter { $0 != gold }
      answers[document.text] = random.uniform() < 0.75 ? gold : random.pick(others)
    }
    let given = answers
    let stub = await ChatStub { ChatStub.Reply(given[$0.document] ?? "unknown") }
    let project = try TestProject(
      documents: documents.map {
        TestDocument($0.id, $0.text, split: $0.split, gold: $0.gold)
      })
    let third = Set(answers.keys).count / 3
    let votes = folder.appendingPathComponent("votes.csv").path
    func labelModel(_ yaml: String, _ url: String?) async throws -> (macroF1: Double, votes: Int) {
      try project.write(
        "hunch.yaml",
        TestProject.configuration(yaml, columns: [.gold, .split], votes: [votes]))
      return try await waiting {
        let pipeline = try project.pipeline(
          pack,
          configure: { options in
            guard let url else { return }
            options.chatModel = { model, _ in
              try ChatClient(url: url, model: model, key: nil, patience: .chat)
            }
          })
        let applied = try pipeline.apply()
        let report = try pipeline.evaluate(split: .train)
        return (
          try #require(report.labelModelAll).metrics.macroF1,
          applied.languageModel?.functions[0].answered ?? 0
        )
      }
    }
    let alone = try await labelModel("labels: [\(pack.labels.joined(separator: ", "))]", nil)
    let asked = try await labelModel(
      "pack: asked\nlanguage_model: { model: stub, budget: { requests: \(third) }, concurrency: 8, "
        + "calibrate: false, sample: { documents: \(third), by: \(order) } }", stub.url)
    #expect(asked.votes == third && stub.seen.requests == third)
    print(
      "annotator, \(name), \(order): macro-F1 of the label model \(alone.macroF1) without, "
        + "\(asked.macroF1) with \(third) answers")
    #expect(asked.macroF1 > alone.macroF1)
  }
}
