import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import TestSupport
import Testing

/// The shared data sets through the whole pipeline, with the figures that the project promises.
@Suite(.enabled(if: SharedSet.areHere, "the shared data sets are not on this machine"))
struct SharedDataTests {
  @Test(arguments: SharedSet.promises.indices)
  func figures(_ index: Int) throws {
    let wanted = SharedSet.promises[index]
    let set = try SharedSet(wanted.name)
    let project = try set.project(votesFrom: set.folder.appendingPathComponent("votes.csv"))
    let pipeline = try project.pipeline()
    let report = try pipeline.run()
    #expect(report.apply.documents == wanted.documents)
    #expect(report.apply.warnings == [])
    let train = try pipeline.evaluate(split: .train)
    let labelModel = try #require(train.labelModel).metrics.macroF1
    #expect(labelModel >= wanted.labelModel, "label model of \(wanted.name)")
    let test = try pipeline.evaluate(split: .test)
    let classifier = try #require(test.classifier).metrics.macroF1
    #expect(classifier >= wanted.classifier, "classifier of \(wanted.name)")
  }

  @Test(arguments: SharedSet.promises.indices)
  func votesGoThroughUnchanged(_ index: Int) throws {
    let set = try SharedSet(SharedSet.promises[index].name)
    let project = try set.project(votesFrom: set.folder.appendingPathComponent("votes.csv"))
    #expect(try project.apply().votes == set.publishedVotes())
  }

  @Test func patternsAsRulesVoteAsPublished() throws {
    try check(SharedSet("sms"), Sms.self)
    try check(SharedSet("trec"), Trec.self)
  }

  private enum Sms: String, LabelSet { case ham, spam }
  private enum Trec: String, LabelSet { case DESC, ENTY, HUM, ABBR, LOC, NUM }

  private func check<Label: LabelSet>(_ set: SharedSet, _ labels: Label.Type) throws {
    let functions = try set.functions()
    #expect(Label.names == set.labels)
    let pack = RulePack("shared", for: labels) {
      for function in functions {
        if let pattern = function.pattern, let label = Label(rawValue: function.label) {
          Pattern(function.name, pattern, votes: label)
        }
      }
    }
    #expect(pack.functions.count == functions.count)
    let project = try set.project(votesFrom: nil)
    let (report, votes) = try project.apply(pack)
    #expect(report.errors == 0)
    let published = try set.publishedVotes()
    #expect(votes.count == published.count)
    let different = zip(votes, published).filter { $0 != $1 }
    #expect(different.isEmpty, "documents \(different.prefix(5).map { $0.0[0] })")
    #expect(try project.pipeline(pack).apply().evaluations == 0)
  }
}

/// One of the shared data sets.
struct SharedSet {
  struct Document: Decodable {
    var id: Int
    var split: String
    var text: String
    var gold: String?
  }

  struct Function: Decodable {
    var name: String
    var label: String
    var pattern: String?
  }

  /// What each set must reach: macro-F1 of the label model on covered training documents, and of
  /// the end model on test documents.
  static let promises: [(name: String, documents: Int, labelModel: Double, classifier: Double)] = [
    ("youtube", 1_956, 0.86, 0.92), ("sms", 5_502, 0.93, 0.90), ("trec", 5_965, 0.54, 0.58),
    ("yoruba", 1_908, 0.62, 0.44),
  ]

  let folder: URL
  let labels: [String]
  let documents: [Document]

  static let areHere = promises.allSatisfy { Repository.sharedData($0.name) != nil }

  init(_ name: String) throws {
    folder = try #require(Repository.sharedData(name))
    let decoder = JSONDecoder()
    labels = try decoder.decode(
      [String].self, from: Data(contentsOf: folder.appendingPathComponent("labels.json")))
    documents = try Data(contentsOf: folder.appendingPathComponent("documents.jsonl"))
      .split(separator: 0x0A).map { try decoder.decode(Document.self, from: $0) }
  }

  func functions() throws -> [Function] {
    try JSONDecoder().decode(
      [Function].self, from: Data(contentsOf: folder.appendingPathComponent("lfs.json")))
  }

  /// The published votes as rows, header first.
  func publishedVotes() throws -> [[String]] {
    let text = try String(contentsOf: folder.appendingPathComponent("votes.csv"), encoding: .utf8)
    return text.split(whereSeparator: \.isNewline).map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// A project on the documents, with votes from a file or from a pack named `shared`.
  func project(votesFrom votes: URL?) throws -> TestProject {
    try TestProject(
      TestProject.configuration(
        labels: labels, columns: [.gold, .split], votes: votes.map { [$0.path] } ?? [],
        more: votes == nil ? "pack: shared" : ""),
      documents: documents.map {
        TestDocument($0.id, $0.text, split: $0.split, gold: $0.gold)
      })
  }
}
