import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// Classes with scores, and probabilities, that a model gave.
@Suite struct ScoreSourceTests {
  private static func yaml(_ votes: String) -> String {
    TestProject.configuration(labels: ["ham", "spam"], votes: [votes])
  }

  private func project(_ rows: String, _ votes: String, name: String = "bert.csv") throws
    -> TestProject
  {
    let project = try TestProject(Self.yaml(votes))
    try project.makeCorpus((0..<12).map { "text \($0)" })
    try project.write(name, rows)
    return project
  }

  private func failure(_ rows: String, _ votes: String) throws -> Shown? {
    let project = try project(rows, votes)
    return project.failure { _ = try project.apply() }
  }

  private static let scored = "{ path: bert.csv, label: class, score: p }"
  private static let twoColumns = "{ path: bert.csv, probabilities: { ham: a, spam: b } }"

  /// Twelve documents; odd ones spam, with scores from .51 to .62.
  private static let rows =
    "id,class,p\n"
    + (1...12).map { "\($0),\($0 % 2 == 1 ? "spam" : "ham"),0.\(50 + $0)\n" }.joined()

  @Test func bandsHoldAThirdOfTheVotesForEachClass() throws {
    let (_, votes) = try project(Self.rows, Self.scored).apply()
    #expect(votes[0] == ["id", "bert.low", "bert.mid", "bert.high"])
    for document in 1...12 {
      let band = (document - 1) / 4
      var expected = ["-1", "-1", "-1"]
      expected[band] = document % 2 == 1 ? "1" : "0"
      #expect(Array(votes[document][1...]) == expected)
    }
  }

  @Test func oneBandIsAPlainFunction() throws {
    let plain = try project(
      Self.rows, "{ path: bert.csv, label: class, score: p, bands: 1, name: model }")
    #expect(try plain.apply().votes[0] == ["id", "model"])
    let unscored = try project(Self.rows, "{ path: bert.csv, label: class }")
    #expect(try unscored.apply().votes.prefix(2) == [["id", "bert"], ["1", "1"]])
  }

  @Test func thresholdsMakeItAbstain() throws {
    let given = try project(
      Self.rows,
      "{ path: bert.csv, label: class, score: p, bands: 1, thresholds: { spam: 0.58 } }")
    #expect(
      try given.apply().votes.dropFirst().map { $0[1] } == [
        "-1", "0", "-1", "0", "-1", "0", "-1", "0", "1", "0", "1", "0",
      ])
    let quantile = try project(
      Self.rows,
      "{ path: bert.csv, label: class, score: p, bands: 1, thresholds: { quantile: 0.5 } }")
    #expect(
      try quantile.apply().votes.dropFirst().map { $0[1] == "-1" }
        == (1...12).map { $0 <= 6 })
  }

  @Test func probabilities() throws {
    let rows = "id,a,b\n1,0.9,0.1\n2,0.2,0.8\n3,,\n4,0.5,0.5\n"
    #expect(
      try project(rows, Self.twoColumns.replacing(" } }", with: " }, bands: 1 }")).apply()
        .votes.prefix(5).map { $0[1] } == ["bert", "0", "1", "-1", "0"])
    // The class that has no column gets the rest.
    let rest = try project(
      rows, "{ path: bert.csv, probabilities: { spam: b }, bands: 1 }")
    #expect(try rest.apply().votes.prefix(5).map { $0[1] } == ["bert", "0", "1", "-1", "0"])
    let jsonl = try project(
      "{\"id\": 2, \"x\": 0.25, \"y\": 0.75}\n",
      "{ path: p.jsonl, name: net, probabilities: { ham: x, spam: y }, bands: 1 }",
      name: "p.jsonl")
    #expect(try jsonl.apply().votes.prefix(3).map { $0[1] } == ["net", "-1", "1"])
  }

  @Test(arguments: ["-0.1", "1.2", "x", "nan", "inf", ""])
  func whatIsNoProbability(_ cell: String) throws {
    #expect(
      try failure("id,class,p\n1,ham,0.5\n2,spam,\(cell)\n", Self.scored)
        == Shown(
          "DIR/bert.csv:3: column 'p': not a probability: a number from 0 to 1", .badData))
  }

  @Test func sumsFarFromOne() throws {
    #expect(
      try failure("id,a,b\n1,0.5,0.5\n2,0.5,0.4\n", Self.twoColumns)
        == Shown(
          "DIR/bert.csv:3: column 'a, b': the probabilities sum to 0.900, not to 1", .badData))
    #expect(try failure("id,a,b\n1,0.504,0.5\n", Self.twoColumns) == nil)
    #expect(try failure("id,a,b\n1,0.9,0.2\n", Self.twoColumns)?.status == .badData)
  }

  @Test func otherMistakes() throws {
    #expect(
      try failure("id,class,p\n1,eggs,0.5\n", Self.scored)?.message.hasPrefix(
        "DIR/bert.csv:2: column 'class': not a class") == true)
    #expect(
      try failure(Self.rows + "3,spam,0.5\n", Self.scored)
        == Shown("DIR/bert.csv:14: a second row for the same id", .badData))
    #expect(
      try failure(Self.rows, "{ path: bert.csv, probabilities: { eggs: p } }")?.status
        == .badConfiguration)
    #expect(
      try failure(
        Self.rows, "{ path: bert.csv, label: class, score: p, thresholds: valid }")
        == Shown(
          "DIR/hunch.yaml: 'thresholds: valid' needs gold labels that the label model may see, "
            + "and there are none",
          hint: "set 'label_model_gold: valid', or give some with 'hunch label', or use "
            + "'thresholds: auto'", .badConfiguration))
  }

  /// Scores from .5 up: votes below .8 are wrong, the others right.
  private func judged(_ audit: Bool) throws -> TestProject {
    let project = try TestProject(
      TestProject.configuration(
        labels: ["ham", "spam"], columns: [.gold, .split],
        votes: ["{ path: bert.csv, label: class, score: p, bands: 1, thresholds: valid }"],
        more: "label_model_gold: valid"),
      documents: (1...200).map { id in
        // Test labels that would choose another threshold.
        let isSpam = id % 100 >= 60 || audit && id > 100
        return TestDocument(
          id, "text \(id - 1)", split: id <= 100 ? "valid" : "test",
          gold: isSpam ? "spam" : "ham")
      })
    try project.write(
      "bert.csv",
      "id,class,p\n"
        + (1...200).map { "\($0),spam,\(0.5 + Double($0 % 100) / 200)\n" }.joined())
    return project
  }

  @Test func goldThatTheLabelModelMaySeeChoosesThresholds() throws {
    let (report, votes) = try judged(false).apply()
    #expect(votes.dropFirst().map { $0[1] } == (1...200).map { $0 % 100 >= 60 ? "1" : "-1" })
    #expect(report.warnings == [])
    #expect(try judged(true).apply().votes == votes)
  }

  @Test func theLabelModelLearnsWhatBandsAreWorth() throws {
    // Three rules that are right; the scores are right where they are high and blind where not.
    let project = try TestProject(
      TestProject.configuration(
        labels: ["ham", "spam"], votes: ["rules.csv", Self.scored], more: "label_model: adaptive"))
    try project.makeCorpus((0..<600).map { "\($0)" })
    var (rules, scores) = ("id,a,b,c\n", "id,class,p\n")
    for id in 1...600 {
      let label = id % 2
      func rule(_ step: Int) -> String {
        id % step == 0 ? "\(1 - label)" : id % 3 == 0 ? "" : "\(label)"
      }
      rules += "\(id),\(rule(7)),\(rule(11)),\(rule(13))\n"
      let isSure = id % 5 < 2
      let vote = isSure ? label : (id / 2) % 2
      scores += "\(id),\(vote),\(isSure ? 0.95 : 0.55)\n"
    }
    try project.write("rules.csv", rules)
    try project.write("bert.csv", scores)
    let fit = try project.pipeline().fit()
    func accuracy(_ name: String) throws -> Double {
      try #require(fit.functions.first { $0.name == name }?.accuracy)
    }
    #expect(try accuracy("bert.high") > accuracy("bert.mid") + 0.2)
  }

  @Test func anUnchangedFileCostsNothing() throws {
    let project = try project(Self.rows, Self.scored)
    _ = try project.apply()
    #expect(try project.apply().report.evaluations == 0)
    let reasons = try project.pipeline().explainApply().functions.map(\.reason)
    #expect(reasons == ["stored", "stored", "stored"])
    try project.write("bert.csv", Self.rows.replacing("0.51", with: "0.50"))
    #expect(
      try project.pipeline().explainApply().functions.map(\.reason)
        == ["changed: scores", "changed: scores", "changed: scores"])
  }
}
