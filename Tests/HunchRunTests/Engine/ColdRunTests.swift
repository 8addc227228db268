import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Synchronization
import TestSupport
import Testing

/// A run on an empty workspace reads each text twice: to vote, and to learn or to score. What it comes
/// to is what its stages come to, each of which reads what it needs.
@Suite struct ColdRunTests {
  private static let count = 9_000

  private static let pack = RulePack("sample", for: Verdict.self) {
    Keywords("offer", ["offer", "prize"], votes: .spam)
    Keywords("winner", ["winner", "cash"], votes: .spam)
    Keywords("hello", ["hello", "thanks"], votes: .ham)
    Keywords("lunch", ["lunch", "meeting"], votes: .ham)
  }

  /// How documents are divided, and which of them have gold labels for which use.
  enum Shape: String, CaseIterable {
    case splits
    case oneSplit
    case withoutGold
    case repairGold
    case sparseGold
  }

  private func sample(_ shape: Shape, _ settings: String) throws -> TestProject {
    let project = try TestProject(
      TestProject.yaml + "\n  gold: gold\n  split: split\n  gold_use: gold_use\n" + settings)
    let words = (
      spam: ["offer", "prize", "winner", "cash", "free", "now", "urgent"],
      ham: ["hello", "thanks", "lunch", "meeting", "home", "later", "mother"]
    )
    let others = ["the", "and", "you", "to", "of", "it", "call", "me", "at", "we", "be", "see"]
    var random = SplitMix64(seed: 5)
    try project.makeCorpus(
      (0..<Self.count).map { number in
        let own = number % 3 == 0 ? words.spam : words.ham
        return (0..<3 + random.below(6)).map { _ in
          random.below(3) == 0 ? own[random.below(own.count)] : others[random.below(others.count)]
        }.joined(separator: " ")
      })
    try project.execute(
      """
      ALTER TABLE documents ADD COLUMN gold TEXT; ALTER TABLE documents ADD COLUMN split TEXT;
      ALTER TABLE documents ADD COLUMN gold_use TEXT;
      UPDATE documents SET gold = CASE WHEN id % 3 = 1 THEN 'spam' ELSE 'ham' END,
        split = CASE id % 5 WHEN 0 THEN 'test' WHEN 1 THEN 'valid' ELSE 'train' END
      """)
    switch shape {
    case .splits: break
    case .oneSplit: try project.execute("UPDATE documents SET split = NULL")
    case .withoutGold: try project.execute("UPDATE documents SET gold = NULL")
    case .repairGold:
      try project.execute("UPDATE documents SET gold_use = 'repair' WHERE id % 50 < 2")
    case .sparseGold:
      try project.execute("UPDATE documents SET gold = NULL WHERE id % 7 > 0")
    }
    return project
  }

  /// The project at work in a workspace of its own, and how many texts it reads.
  private func steps(
    _ project: TestProject, _ name: String, memory: Int? = nil, threads: Int = 2
  ) throws -> (steps: ProjectSteps, texts: Counter) {
    let texts = Counter()
    var options = SessionOptions(threads: threads)
    // As if nobody had written the corpus for a while.
    options.now = { Date(timeIntervalSinceNow: 60) }
    options.hearsTexts = { texts.add($0) }
    if let memory { options.trainingMemory = memory }
    let opened = try project.project(Self.pack, workspace: project.path(name))
    return (try ProjectSteps(opened, options: options), texts)
  }

  final class Counter: Sendable {
    private let sum = Mutex(0)
    func add(_ count: Int) { sum.withLock { $0 += count } }
    var value: Int { sum.withLock { $0 } }
  }

  private func figures(_ report: some Encodable) throws -> [Substring] {
    String(decoding: try ReportJSON.encode(report), as: UTF8.self).split(separator: "\n")
      .filter { !$0.contains("seconds") }
  }

  private func pieces(_ project: TestProject, _ workspace: String) throws -> String? {
    try project.value(
      "SELECT group_concat(name, ' ') FROM (SELECT name FROM run_pieces ORDER BY name)",
      in: workspace)
  }

  @Test(arguments: Shape.allCases) func textsAreReadTwice(_ shape: Shape) throws {
    let project = try sample(shape, "")
    let (steps, texts) = try steps(project, "cold")
    _ = try steps.run()
    if shape == .repairGold {
      // It is learned from before splits are scored, once for each classifier.
      #expect(texts.value <= 17 * Self.count / 5)
    } else {
      #expect(texts.value == 2 * Self.count)
    }
    let before = texts.value
    _ = try steps.run()
    // Splits that are scored are read again.
    #expect(texts.value - before <= Self.count)
  }

  @Test("models of votes alone read no more", arguments: [Shape.splits, .oneSplit])
  func withoutTexts(_ shape: Shape) throws {
    let project = try sample(shape, "label_model: map-em\n")
    let (steps, texts) = try steps(project, "cold")
    _ = try steps.run()
    #expect(texts.value <= 2 * Self.count)
  }

  @Test(
    "a run and its stages come to the same",
    arguments: Shape.allCases,
    [
      "", "label_model: map-em\n", "end_model: { documents: all }\n",
      "end_model: { documents: self-training, cut: 0.9 }\n",
    ])
  func sameAsStages(_ shape: Shape, _ settings: String) throws {
    let project = try sample(shape, settings)
    let together = try steps(project, "together").steps
    let run = try together.run()
    let apart = try steps(project, "apart", threads: 1).steps
    #expect(try run.train.epochs == apart.train().epochs)
    for (steps, name) in [(together, "one"), (apart, "two")] {
      #expect(try steps.export(.model, to: project.path(name)) == 0)
      #expect(try steps.export(.posteriors, to: project.path("\(name).csv")) == Self.count)
    }
    #expect(try project.bytes("one") == project.bytes("two"))
    #expect(try project.bytes("one.csv") == project.bytes("two.csv"))
    if let evaluated = run.evaluate {
      #expect(try figures(evaluated) == figures(apart.evaluate(split: nil)))
    } else {
      #expect(shape == .withoutGold)
    }
    // Labels are collected where texts are read, or by a pass of their own.
    let rerun = try apart.run()
    #expect(try figures(run.findings) == figures(rerun.findings))
    #expect(try pieces(project, "together") == pieces(project, "apart"))
  }

  /// Of documents that do not fit, features are hashed again.
  @Test(arguments: [60_000, 600_000, 3_000_000]) func withLittleMemory(_ bytes: Int) throws {
    let project = try sample(.oneSplit, "")
    let (together, texts) = try steps(project, "together", memory: bytes)
    let run = try together.run()
    #expect(texts.value > 2 * Self.count)
    let apart = try steps(project, "apart", memory: bytes, threads: 1).steps
    #expect(try figures(run.evaluate) == figures(apart.evaluate(split: nil)))
    for (steps, name) in [(together, "one"), (apart, "two")] {
      _ = try steps.export(.model, to: project.path(name))
    }
    #expect(try project.bytes("one") == project.bytes("two"))
  }
}
