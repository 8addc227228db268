import Foundation
import Hunch
import ProjectSupport
import TestSupport
import Testing

/// Which documents somebody is asked to label.
@Suite struct LabelChoiceTests {
  private func ids(
    _ pipeline: ProjectSteps, _ use: GoldUse, _ count: Int, _ split: Split? = nil
  ) throws -> [String] {
    try pipeline.labelTasks(LabelRequest(use: use, count: count, split: split)).map(\.id)
  }

  @Test("an audit sample goes on where it ended, and depends on the seed alone")
  func resumable() throws {
    let sample = LabelSample(400)
    let project = try sample.project()
    let all = try ids(project.pipeline(), .audit, 1_000)
    let test = sample.items.filter { $0.split == "test" }.map(\.id)
    #expect(Set(all) == Set(test) && all.count == test.count && all != test)
    do {
      let pipeline = try project.pipeline(threads: 1)
      #expect(try ids(pipeline, .audit, 5) == Array(all[..<5]))
      for id in all[..<3] { _ = try pipeline.give("a", to: id, for: .audit) }
    }
    #expect(try ids(project.pipeline(), .audit, 5) == Array(all[3..<8]))
    // Further documents find their places between the others.
    try project.execute("INSERT INTO documents(id, text, split) VALUES (1000, 'x', 'test')")
    #expect(
      try ids(project.pipeline(), .audit, 1_000).filter { $0 != "1000" } == Array(all[3...]))
    let seeded = try project.pipeline { $0.configuration.seed = 1 }
    #expect(try ids(seeded, .audit, 20) != Array(all[3..<23]))
  }

  @Test("every document is as likely as any other")
  func uniform() throws {
    let sample = LabelSample(60)
    let project = try sample.project()
    var drawn: [String: Int] = [:]
    for seed in 0..<400 {
      let pipeline = try project.pipeline(secondsLater: 10) {
        $0.configuration.seed = UInt64(seed)
      }
      for id in try ids(pipeline, .audit, 10, .train) { drawn[id, default: 0] += 1 }
    }
    let train = sample.items.filter { $0.split == "train" }
    let expected = 400.0 * 10 / Double(train.count)
    let chi = train.reduce(0.0) { sum, item in
      let difference = Double(drawn[item.id] ?? 0) - expected
      return sum + difference * difference / expected
    }
    // Drawn without replacement, so the sum is below that of chi squared with so many degrees.
    #expect(chi < Double(train.count) + 4 * (2 * Double(train.count)).squareRoot(), "\(chi)")
  }

  @Test("the split is the one that evaluation looks at, as long as it has documents without gold")
  func splits() throws {
    let sample = LabelSample(100)
    let project = try sample.project { item in
      item.split == "test" ? (LabelSample.classes[item.truth], nil) : (nil, nil)
    }
    let pipeline = try project.pipeline()
    func splits(_ request: LabelRequest) throws -> Set<Split> {
      Set(try pipeline.labelTasks(request).map(\.split))
    }
    #expect(try splits(LabelRequest(use: .audit, count: 9)) == [.valid])
    #expect(try splits(LabelRequest(use: .audit, count: 9, split: .train)) == [.train])
    #expect(try splits(LabelRequest(use: .audit, count: 9, split: .test)) == [])
    #expect(try splits(LabelRequest(use: .repair, count: 9)) == [.train])
    #expect(try splits(LabelRequest(use: .repair, count: 9, split: .valid)) == [.valid])
    #expect(try splits(LabelRequest(use: .repair, count: 9, split: .test)) == [])
  }

  @Test("repair asks for the documents that are suggested, and goes on after a label")
  func suggested() throws {
    let project = try LabelSample(500).project()
    let pipeline = try project.pipeline()
    let suggested = try pipeline.suggestDocuments(.value, count: 20, split: .train).documents
    #expect(suggested.count == 20)
    #expect(try ids(pipeline, .repair, 20) == suggested.map(\.id))
  }

  @Test("documents that were asked for come as asked for, each once")
  func named() throws {
    let sample = LabelSample(30)
    let project = try sample.project()
    let pipeline = try project.pipeline()
    let tasks = try pipeline.labelTasks(
      LabelRequest(use: .repair, count: 1, documents: ["9", "4", "9"]))
    #expect(tasks.map(\.id) == ["9", "4"])
    let nine = sample.items[8]
    #expect(tasks[0].text == nine.text && tasks[0].split.name == nine.split)
    #expect(
      tasks[0].votes.map { [$0.function, $0.label] }
        == nine.votes.indices.filter { nine.votes[$0] >= 0 }.map {
          ["f\($0)", LabelSample.classes[nine.votes[$0]]]
        })
    #expect(
      project.failure {
        _ = try pipeline.labelTasks(LabelRequest(use: .repair, count: 1, documents: ["9", "31"]))
      } == Shown("no document with the id '31'", .usage))
  }
}
