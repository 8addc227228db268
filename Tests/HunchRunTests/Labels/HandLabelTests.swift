import Foundation
import Hunch
import ProjectSupport
import TestSupport
import Testing

/// Labels of the workspace count as a gold column with the same labels does, and stored work stays
/// valid where it does not depend on them.
@Suite struct HandLabelTests {
  private func json(_ report: some Encodable) throws -> String {
    String(decoding: try ReportJSON.encode(report), as: UTF8.self)
  }

  /// All that depends on gold, without the word on where it comes from.
  private func reports(_ pipeline: ProjectSteps) throws -> [String] {
    var analyses = try [nil, Split.train, .valid, .test].map { try pipeline.analyze(split: $0) }
    for index in analyses.indices { analyses[index].workspaceLabels = nil }
    var evaluations = try Split.allCases.map {
      try pipeline.evaluate(split: $0, EvaluationRequest(worst: WorstRequest(count: 5)))
    }
    for index in evaluations.indices { evaluations[index].workspaceLabels = nil }
    return try analyses.map(json) + evaluations.map(json) + [json(pipeline.fit())]
  }

  private func exports(_ project: TestProject, _ pipeline: ProjectSteps) throws -> [String] {
    try [ExportKind.posteriors, .predictions].map { kind in
      _ = try pipeline.export(kind, to: project.path("\(kind).csv"))
      return try project.text("\(kind).csv")
    }
  }

  /// Which documents have a label by hand: two of three.
  private func given(_ item: LabelSample.Item) -> (label: String?, use: String?) {
    let number = Int(item.id.drop { !$0.isNumber }) ?? 0
    if number % 3 == 0 { return (nil, nil) }
    return (LabelSample.classes[item.truth], number % 2 == 0 ? "repair" : "audit")
  }

  /// A gold column that says the opposite where somebody has given a label.
  private func contradicted(_ item: LabelSample.Item) -> (label: String?, use: String?) {
    given(item).label == nil ? (nil, nil) : (LabelSample.classes[1 - item.truth], nil)
  }

  private func give(_ sample: LabelSample, _ project: TestProject, _ pipeline: ProjectSteps) throws
  {
    var rows: [String] = []
    for item in sample.items {
      if case (let label?, let use?) = given(item) { rows.append("\(item.id),\(label),\(use)") }
    }
    try project.write("given.csv", (["id,label,use"] + rows).joined(separator: "\n"))
    #expect(try pipeline.importLabels(project.path("given.csv")).added == rows.count)
  }

  @Test("a gold column with the same labels gives the same bytes", arguments: ["", "d"])
  func sameAsAColumn(prefix: String) throws {
    let sample = LabelSample(prefix: prefix)
    let oracle = try sample.project { given($0) }
    let expected = try reports(oracle.pipeline())
    let expectedExports = try exports(oracle, oracle.pipeline())
    for isContradicted in [false, true] {
      let gold: LabelSample.Gold? = isContradicted ? { self.contradicted($0) } : nil
      let project = try sample.project(gold)
      let pipeline = try project.pipeline()
      try give(sample, project, pipeline)
      #expect(try reports(pipeline) == expected)
      #expect(try exports(project, pipeline) == expectedExports)
      let labels = try #require(try pipeline.analyze(split: nil).workspaceLabels)
      let items = sample.items.map { given($0) }
      #expect(labels.audit == items.count { $0.use == "audit" })
      #expect(labels.repair == items.count { $0.use == "repair" })
      let overridden: Int = isContradicted ? labels.audit + labels.repair : 0
      #expect(labels.replaced == overridden && labels.differing == overridden)
      #expect(labels.unknownClass == 0 && labels.notInCorpus == 0 && labels.damaged == 0)
      let valid = try #require(try pipeline.evaluate(split: .valid).workspaceLabels)
      let audited = sample.items.filter { $0.split == "valid" && given($0).use == "audit" }
      #expect(valid.audit == audited.count)
    }
  }

  @Test("explain shows the label")
  func explained() throws {
    let sample = LabelSample(60)
    let project = try sample.project()
    let pipeline = try project.pipeline()
    let id = try #require(sample.items.first(where: \.isCovered)?.id)
    #expect(try pipeline.explain(id: id).gold == nil)
    _ = try pipeline.give("b", to: id, for: .audit)
    #expect(try pipeline.explain(id: id).gold == "b")
  }

  @Test("only what depends on a label is computed again", arguments: [0.0, 10])
  func caches(secondsLater: Double) throws {
    let sample = LabelSample()
    let project = try sample.project { item in
      item.split == "test" ? (LabelSample.classes[item.truth], nil) : (nil, nil)
    }
    // Each step is a process of its own: it opens the project, works, and closes it.
    func fresh<Result>(_ work: (ProjectSteps) throws -> Result) throws -> Result {
      try work(project.pipeline(secondsLater: secondsLater))
    }
    _ = try fresh { try $0.run() }
    let plain = try fresh { try exports(project, $0) }
    let evaluated = try fresh { try json($0.evaluate(split: .test)) }
    let document = try #require(sample.items.first { $0.split == "train" && $0.isCovered })

    // An audit label measures and teaches nothing.
    _ = try fresh { try $0.give("a", to: document.id, for: .audit) }
    try fresh { (audited: ProjectSteps) throws in
      #expect(try audited.apply().evaluations == 0)
      #expect(try audited.train().reused)
      #expect(try audited.evaluate(split: .train).documents == 1)
    }

    // A repair label teaches.
    let other = document.truth == 0 ? "b" : "a"
    _ = try fresh { try $0.give(other, to: document.id, for: .repair) }
    try fresh { (repaired: ProjectSteps) throws in
      #expect(try repaired.apply().evaluations == 0)
      #expect(try repaired.fit().calibration.goldDocuments == 1)
      #expect(try !repaired.train().reused)
      #expect(try exports(project, repaired) != plain)
      #expect(try repaired.analyze(split: .train).goldDocuments == 0)
    }
    #expect(try fresh { try $0.train().reused })

    // Without it everything is as before, and the classifier of then serves again.
    try fresh { try $0.removeLabels(of: [document.id]) }
    try fresh { (after: ProjectSteps) throws in
      #expect(try after.train().reused)
      #expect(try exports(project, after) == plain)
      #expect(try json(after.evaluate(split: .test)) == evaluated)
    }
  }

  @Test("labels given to an open pipeline count at once")
  func atOnce() throws {
    let project = try LabelSample(60).project()
    let pipeline = try project.pipeline()
    #expect(try pipeline.analyze(split: nil).goldDocuments == 0)
    _ = try pipeline.give("a", to: "1", for: .audit)
    #expect(try pipeline.analyze(split: nil).goldDocuments == 1)
    try pipeline.removeLabels(of: ["1"])
    #expect(try pipeline.analyze(split: nil).goldDocuments == 0)
  }

  @Test("a marked label of the valid split keeps its use")
  func validSplit() throws {
    let sample = LabelSample(200)
    let project = try sample.project { (LabelSample.classes[$0.truth], nil) }
    let document = try #require(sample.items.first { $0.split == "valid" && $0.isCovered })
    let pipeline = try project.pipeline { $0.configuration.labelModelGold = .valid }
    #expect(try pipeline.analyze(split: .valid).goldDocuments == 0)
    _ = try pipeline.give("a", to: document.id, for: .audit)
    #expect(try pipeline.analyze(split: .valid).goldDocuments == 1)
  }

  @Test("an id is found as it is written, not as it counts")
  func ids() throws {
    let project = try TestProject(
      TestProject.configuration(labels: ["a", "b"], votes: ["votes.csv"]))
    try project.execute(
      """
      CREATE TABLE documents(id, text TEXT);
      INSERT INTO documents VALUES (7, 'x'), ('07', 'x'), ('8', 'x'), ('e\u{301}', 'x'), ('é', 'x'),
        (-9223372036854775808, 'x')
      """)
    try project.write("votes.csv", "id,f\n7,a\n07,a\n8,b\n")
    let pipeline = try project.pipeline()
    for id in ["7", "07", "8", "e\u{301}", "é", "-9223372036854775808"] {
      _ = try pipeline.give("a", to: id, for: .audit)
      #expect(try pipeline.analyze(split: nil).goldDocuments == 1, "\(id)")
      let tasks = try pipeline.labelTasks(
        LabelRequest(use: .audit, count: 1, documents: ["7", "07", "8", "e\u{301}", "é"]))
      #expect(
        tasks.map { $0.gold != nil }
          == ["7", "07", "8", "e\u{301}", "é"].map {
            Array($0.utf8) == Array(id.utf8)
          })
      try pipeline.removeLabels(of: [id])
    }
    for id in ["+7", "007", "9", "E\u{301}"] {
      _ = try pipeline.give("a", to: id, for: .audit)
      #expect(try pipeline.analyze(split: nil).workspaceLabels?.notInCorpus == 1, "\(id)")
      try pipeline.removeLabels(of: [id])
    }
  }
}
