import Foundation
import Hunch
import ProjectSupport
import TestSupport
import Testing

/// The documents that an evaluation lists, against a sort of all of them.
@Suite struct WorstDocumentsTests {
  private static let yaml = TestProject.configuration(
    labels: ["a", "b"], columns: [.gold, .split, .use], votes: ["votes.csv"])

  /// Documents of all splits, more than a chunk holds; the train split has no gold labels, and some
  /// of those of the valid split are repair gold. Texts repeat, so that there are ties.
  private func sample(_ count: Int = 5000) throws -> (project: TestProject, gold: [Int?]) {
    var random = SplitMix64(seed: 9)
    var documents: [TestDocument] = []
    var audit: [Int?] = []
    for id in 1...count {
      let truth = random.below(2)
      let split = ["train", "valid", "test"][random.below(3)]
      let hasGold = split != "train" && random.below(3) > 0
      let isRepair = split == "valid" && random.below(4) == 0
      let text = "secret\u{1}word\(random.below(4) > 0 ? truth : 1 - truth) \(random.below(20))"
      audit.append(hasGold && !isRepair ? truth : nil)
      let cast = (0..<3).map { function in
        random.below(2) == 0 ? -1 : random.below(10) < 7 + function ? truth : 1 - truth
      }
      documents.append(
        TestDocument(
          id, text, split: split, gold: hasGold ? ["a", "b"][truth] : nil,
          use: isRepair ? "repair" : nil, votes: cast.map(String.init)))
    }
    return (
      try TestProject(Self.yaml, documents: documents, functions: ["f0", "f1", "f2"]), audit
    )
  }

  /// The ids that are to be listed, from the exported probabilities of all documents.
  private func expected(
    _ project: TestProject, _ pipeline: ProjectSteps, _ gold: [Int?], _ split: String
  ) throws -> (losses: [(String, Double)], divergences: [(String, Double)]) {
    _ = try pipeline.export(.posteriors, to: project.path("posteriors.csv"))
    _ = try pipeline.export(.predictions, to: project.path("predictions.csv"))
    let posteriors = try project.rows("posteriors.csv").dropFirst()
    let predictions = try project.rows("predictions.csv").dropFirst()
    var losses: [(id: String, value: Double)] = []
    var divergences = losses
    for (place, (one, other)) in zip(posteriors, predictions).enumerated() where one[1] == split {
      let p = one.suffix(2).compactMap(Double.init)
      let q = other.suffix(2).compactMap(Double.init)
      if let label = gold[place] { losses.append((one[0], -log(max(q[label], 1e-6)))) }
      if one[2] == "false" || one[2] == "0" { continue }
      // H(m) − (H(p) + H(q)) / 2, another form of the same figure.
      func entropy(_ row: [Double]) -> Double {
        -row.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }
      }
      let mean = zip(p, q).map { ($0 + $1) / 2 }
      divergences.append((one[0], entropy(mean) - (entropy(p) + entropy(q)) / 2))
    }
    return (losses.sorted { $0.value > $1.value }, divergences.sorted { $0.value > $1.value })
  }

  @Test(arguments: ["test", "valid", "train"], [1, 7, 100_000])
  func listsWhatASortOfAllFinds(split: String, count: Int) throws {
    let (project, gold) = try sample()
    let pipeline = try project.pipeline()
    let report = try pipeline.evaluate(
      split: Split(named: split), EvaluationRequest(worst: WorstRequest(count: count)))
    let lists = try #require(report.worst)
    let (losses, divergences) = try expected(project, pipeline, gold, split)
    #expect((lists.worst == nil) == (split == "train"))
    #expect(lists.worst?.count ?? 0 == min(count, losses.count))
    for (listed, right) in zip(lists.worst ?? [], losses) {
      #expect(abs(listed.loss - right.1) < 1e-6)
    }
    #expect(lists.disagreements.count == min(count, divergences.count))
    for (listed, right) in zip(lists.disagreements, divergences) {
      #expect(abs(listed.divergence - right.1) < 1e-6)
    }
    #expect(lists.disagreements.allSatisfy { $0.document.labelModel != nil })
    // Equal figures stand in corpus order; each document's figure is its own.
    let lossOf = Dictionary(uniqueKeysWithValues: losses.map { ($0.0, $0.1) })
    for listed in lists.worst ?? [] {
      #expect(abs(listed.loss - (lossOf[listed.document.id] ?? .nan)) < 1e-6)
    }
    for (one, next) in zip(lists.worst ?? [], (lists.worst ?? []).dropFirst())
    where one.loss == next.loss {
      #expect((Int(one.document.id) ?? 0) < (Int(next.document.id) ?? 0))
    }
  }

  @Test func nothingElseChangesAndThreadsDoNotMatter() throws {
    let (project, _) = try sample(900)
    let plain = try project.pipeline().evaluate(split: .valid)
    var listed = try project.pipeline(threads: 1).evaluate(
      split: .valid, EvaluationRequest(worst: WorstRequest(count: 5)))
    let lists = listed.worst
    listed.worst = nil
    #expect(try ReportJSON.encode(listed) == ReportJSON.encode(plain))
    let again = try project.pipeline(threads: 3).evaluate(
      split: .valid, EvaluationRequest(worst: WorstRequest(count: 5)))
    #expect(again.worst == lists)
  }

  @Test func textsAreShownOnlyIfAskedFor() throws {
    let (project, _) = try sample(900)
    let pipeline = try project.pipeline()
    let silent = try ReportJSON.encode(
      pipeline.evaluate(split: .test, EvaluationRequest(worst: WorstRequest(count: 5))))
    #expect(!String(decoding: silent, as: UTF8.self).contains("secret"))
    let shown = try pipeline.evaluate(
      split: .test, EvaluationRequest(worst: WorstRequest(count: 5, texts: true)))
    for listed in try #require(shown.worst?.worst) {
      let text = try #require(listed.document.text)
      #expect(text.hasPrefix("secret\u{2401}word") && text.count <= Excerpt.length)
    }
  }

  @Test func aSplitWithoutDocumentsIsStillAnError() throws {
    let (project, _) = try sample(90)
    try project.execute("UPDATE documents SET split = 'test'")
    #expect(
      project.failure {
        _ = try project.pipeline().evaluate(
          split: .valid, EvaluationRequest(worst: WorstRequest(count: 5)))
      }?.status == .badData)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
  func theHeapKeepsWhatASortKeeps(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let values = (0..<300).map { _ in Double(random.below(12)) }
    for limit in [0, 1, 2, 17, 299, 300, 1000] {
      var heap = Largest<Int>(limit: limit)
      for (place, value) in values.enumerated() { heap.add(value, place) }
      let sorted = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
      #expect(heap.sorted().map(\.element) == Array(sorted.prefix(limit)))
    }
  }
}
