import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import TestSupport
import Testing

/// A corpus whose words tell its classes, and packs that look for them.
struct RunSample {
  let project: TestProject

  static let yaml = TestProject.configuration(columns: [.gold, .split])

  /// - Parameter id: How an id is made from a number.
  init(
    _ count: Int = 900, yaml: String = yaml, id: (Int) -> String = { "\($0)" }
  ) throws {
    project = try TestProject(yaml, documents: Self.documents(1...count, id: id))
  }

  /// Adds documents.
  func insert(_ numbers: ClosedRange<Int>, id: (Int) -> String = { "\($0)" }) throws {
    try project.append(Self.documents(numbers, id: id))
  }

  /// Most have two words of their class, some one of the other.
  private static func documents(
    _ numbers: ClosedRange<Int>, id: (Int) -> String
  ) -> [TestDocument] {
    numbers.map { number in
      var random = SplitMix64(seed: number)
      let isSpam = random.below(2) == 1
      let own = isSpam ? ["offer", "prize", "free", "cash"] : ["hello", "thanks", "lunch", "home"]
      let other = isSpam ? "hello" : "free"
      let words = [
        random.pick(own), random.pick(own), random.below(4) == 0 ? other : "and",
        "word\(random.below(40))",
      ]
      let split = ["train", "train", "valid", "test"][number % 4]
      return TestDocument(
        id(number), words.joined(separator: " "), split: split,
        gold: split == "train" ? nil : isSpam ? "spam" : "ham")
    }
  }

  /// The rules; `free` is what tests change.
  static func pack(free: [String] = ["free"], extra: [RuleDefinition] = []) -> RulePack {
    RulePack("sample", for: Verdict.self) {
      Keywords("offer", ["offer", "prize"], votes: .spam)
      Keywords("hello", ["hello", "thanks"], votes: .ham)
      Keywords("free", free, votes: .spam)
      Keywords("lunch", ["lunch"], votes: .ham)
      extra
    }
  }

  /// Runs and gives what was recorded, with the label of every document as exported.
  @discardableResult
  func run(
    _ pack: RulePack = pack(), change: (inout Project) -> Void = { _ in }
  ) throws -> (record: RunOutcome, labels: [String: String]) {
    let pipeline = try project.pipeline(pack, change: change)
    let record = try pipeline.run().record
    _ = try pipeline.export(.posteriors, to: project.path("labels.csv"))
    let rows = try project.rows("labels.csv")
    let column = try #require(rows[0].firstIndex(of: "label"))
    return (record, Dictionary(uniqueKeysWithValues: rows.dropFirst().map { ($0[0], $0[column]) }))
  }

  func history(_ pack: RulePack = pack()) throws -> RunHistory {
    try RunHistory(project.project(pack))
  }

  /// Compares runs and lists all flips.
  func compare(
    _ before: Int? = nil, _ after: Int? = nil, texts: Bool = false
  ) throws -> RunComparison {
    try history().compare(before, after, RunComparisonRequest(count: .max, texts: texts))
  }
}

/// The documents whose label is not the same, by the labels of both runs.
func flips(_ before: [String: String], _ after: [String: String]) -> [String: [String]] {
  var flips: [String: [String]] = [:]
  for (id, label) in after {
    if let old = before[id], old != label { flips[id] = [old, label] }
  }
  return flips
}

extension RunComparison {
  /// The flips by id, an empty text for no label.
  var flipsByID: [String: [String]] {
    Dictionary(
      uniqueKeysWithValues: (documents?.flips ?? []).map {
        ($0.id, [$0.before ?? "", $0.after ?? ""])
      })
  }
}
