import Foundation
import Hunch
import HunchLabeling
import HunchModels
import ProjectSupport
import Testing

/// What `hunch fit` says of a fit, and labels for another class balance than the model's.
@Suite struct FitReportTests {
  private static let functions = ["good", "fair", "weak", "twin", "other"]

  /// 240 documents with votes of five functions; the fourth does mostly what the third does.
  private func project(_ yaml: String = "") throws -> TestProject {
    var documents: [TestDocument] = []
    for id in 0..<240 {
      let label = id * 7 % 10 < 6 ? 0 : 1
      func vote(_ wrong: Int, _ silent: Int, _ shift: Int) -> String {
        let key = (id * 31 + shift * 17) % 60
        if key % 10 < silent { return "" }
        return String((id * 13 + shift * 29) % 10 < wrong ? 1 - label : label)
      }
      let weak = vote(4, 4, 3)
      let twin = id % 4 == 0 ? vote(4, 4, 5) : weak
      let row = [vote(1, 4, 1), vote(2, 4, 2), weak, twin, vote(3, 7, 4)]
      documents.append(
        TestDocument(
          id, "text \(id % 12) \(label)", gold: ["ham", "spam"][label], votes: row))
    }
    return try TestProject(
      TestProject.configuration(
        labels: ["ham", "spam"], columns: [.gold], votes: ["votes.csv"], more: yaml),
      documents: documents, functions: Self.functions)
  }

  private func fit(_ yaml: String = "") throws -> FitReport {
    let project = try project(yaml)
    return try withExtendedLifetime(project) { try project.pipeline().fit() }
  }

  /// The implied accuracy stands beside the measured one, that of `hunch analyze` on all splits.
  @Test func accuraciesAreMeasuredWhereThereIsGold() throws {
    let project = try project()
    do {
      let pipeline = try project.pipeline()
      let analysis = try pipeline.analyze(split: nil)
      for (function, figures) in zip(try pipeline.fit().functions, analysis.functions) {
        let gold = try #require(function.gold)
        #expect(gold.correct == figures.gold?.correct)
        #expect(gold.empiricalAccuracy == figures.gold?.empiricalAccuracy)
        #expect(gold.empiricalAccuracyInterval == figures.gold?.empiricalAccuracyInterval)
      }
    }
    try project.execute("UPDATE documents SET gold = NULL")
    #expect(try project.pipeline().fit().functions.allSatisfy { $0.gold == nil })
  }

  // MARK: - Groups

  @Test func declaredGroupsCountAsOneAndAreReported() throws {
    let plain = try fit("label_model: map-em")
    let grouped = try fit("label_model: map-em\nfunction_groups: [[weak, twin]]")
    #expect(plain.functions.map(\.accuracy) != grouped.functions.map(\.accuracy))
    let pair = try #require(grouped.dependencies.first { $0.functions == ["weak", "twin"] })
    #expect(pair.kind == "declared")
    #expect(!grouped.warnings.contains { $0.contains("function_groups'") })
  }

  @Test(arguments: ["majority", "triplet"])
  func modelsThatCannotTakeGroupsSaySo(_ model: String) throws {
    let report = try fit("label_model: \(model)\nfunction_groups: [[weak, twin]]")
    #expect(
      report.warnings.contains(
        "\(model) counts the functions of 'function_groups' one by one: choose the label model "
          + "adaptive or correlated"))
    #expect(report.dependencies.contains { $0.kind == "declared" })
  }

  @Test func unknownFunctionsOfAGroup() throws {
    let project = try project("function_groups:\n  - [good, fair]\n  - [weak, twim]\n")
    #expect(
      project.failure { _ = try project.pipeline() }
        == Shown(
          "DIR/hunch.yaml:11: no labeling function named 'twim' ('function_groups')",
          hint: "did you mean 'twin'?", .badConfiguration))
    let far = try self.project("function_groups: [[good, zzzzzzzz]]")
    #expect(
      far.failure { _ = try far.pipeline() }?.hint == "it has: good, fair, weak, twin, other")
  }

  // MARK: - Leaving out and goodness of fit

  @Test func functionsSayWhatTheyChange() throws {
    let report = try fit("label_model: map-em")
    let object = try json(report)
    let functions = try #require(object["functions"] as? [[String: Any]])
    for (function, written) in zip(report.functions, functions) {
      #expect((0...1).contains(function.changedLabels + function.coverageLost))
      #expect((0...1).contains(function.largestChange))
      for (key, value) in [
        ("changed_labels", function.changedLabels), ("largest_change", function.largestChange),
        ("coverage_lost", function.coverageLost),
      ] {
        #expect(abs(try #require(written[key] as? Double) - value) < 1e-12)
      }
    }
    #expect(report.functions.contains { $0.changedLabels > 0 })
    #expect(report.functions.contains { $0.coverageLost > 0 })
  }

  @Test func goodnessOfFitInJSON() throws {
    let report = try fit("label_model: map-em")
    let goodness = try #require(try json(report)["goodness_of_fit"] as? [String: Any])
    let figure = try #require(report.goodnessOfFit.rms)
    #expect(abs(try #require(goodness["rms"] as? Double) - figure) < 1e-12)
    #expect(goodness["pairs"] as? Int == report.goodnessOfFit.pairs)
    let worst = try #require(goodness["worst"] as? [[String: Any]])
    #expect(worst.count == 5)
    #expect(Set(worst[0].keys) == ["functions", "labels", "observed", "expected", "z"])
    #expect(worst[0]["functions"] as? [String] == report.goodnessOfFit.worst[0].functions)
    #expect(report.majorityDifference >= 0)
  }

  private func json(_ report: FitReport) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: ReportJSON.encode(report)) as? [String: Any])
  }

  @Test func thePageSaysItToo() throws {
    let project = try project()
    func page(_ decision: DecisionBalance) throws -> String {
      try project.pipeline { $0.configuration.decisionBalance = decision }.htmlReport()
    }
    let (same, other) = (try page(.same), try page(.given(["ham": 0.25, "spam": 0.75])))
    #expect(same.contains("<dt>Goodness of fit</dt><dd>pairs of functions vote together "))
    #expect(same.contains("of the fitted documents would have another label and "))
    #expect(!same.contains("Balance for decisions"))
    #expect(other.contains("<dt>Balance for decisions</dt><dd>ham 25.0"))
  }

  // MARK: - Warnings

  @Test func copiesAreCountedAsTheModelDoes() throws {
    let project = try project()
    var lines = try project.text("votes.csv").split(separator: "\n").map(String.init)
    for (index, line) in lines.enumerated() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      lines[index] = index == 0 ? line + ",copy" : line + "," + cells[1]
    }
    try project.write("votes.csv", lines.joined(separator: "\n") + "\n")
    func warnings(_ model: String) throws -> [String] {
      try project.pipeline { $0.configuration.labelModel = model }.fit().warnings
        .filter { $0.contains("copies") }
    }
    let one = "them as one: keep one"
    let each = "each: keep one, or choose the label model adaptive or correlated"
    for (model, count) in [
      ("majority", each), ("map-em", each), ("triplet", each), ("adaptive", one),
      ("correlated", one),
    ] {
      #expect(
        try warnings(model) == [
          "good and copy are copies of each other, and \(model) counts \(count)"
        ])
    }
  }

  // MARK: - Decision balance

  @Test func labelsAreThoseOfTheDecisionBalance() throws {
    let project = try project("label_model: map-em\nclass_balance: uniform")
    let decisions: [(DecisionBalance, [Double])] = [
      (.same, [0.5, 0.5]), (.uniform, [0.5, 0.5]),
      (.given(["ham": 0.04, "spam": 0.96]), [0.04, 0.96]),
    ]
    var labels: [[String]] = []
    var probabilities: [[[String]]] = []
    for (decision, shares) in decisions {
      let pipeline = try project.pipeline { $0.configuration.decisionBalance = decision }
      let report = try pipeline.fit()
      #expect(report.classBalance == [0.5, 0.5])
      #expect(report.decisionBalance == shares)
      #expect(
        try json(report)["decision_balance"] as? [String: Double] == [
          "ham": shares[0], "spam": shares[1],
        ])
      _ = try pipeline.export(.posteriors, to: project.path("p.csv"))
      let rows = try project.rows("p.csv").dropFirst()
      labels.append(rows.map { $0[3] })
      probabilities.append(rows.map { Array($0[4...]) })
      var (right, covered) = (0, 0)
      for row in rows where row[2] == "true" || row[2] == "1" {
        let (ham, spam) = (try #require(Double(row[4])), try #require(Double(row[5])))
        let expected = ham * shares[0] >= spam * shares[1] ? "ham" : "spam"
        #expect(row[3] == expected)
        let id = try #require(Int(row[0]))
        covered += 1
        if expected == (id * 7 % 10 < 6 ? "ham" : "spam") { right += 1 }
        if covered <= 3 { #expect(try pipeline.explain(id: row[0]).label == expected) }
      }
      #expect(covered > 200)
      let metrics = try #require(try pipeline.evaluate(split: .train).labelModel).metrics
      #expect(abs(metrics.accuracy - Double(right) / Double(covered)) < 1e-12)
      let policy = try pipeline.evaluate(split: .train).policy
      #expect(policy.contains("decision balance") == (shares != [0.5, 0.5]))
    }
    #expect(labels[0] == labels[1])
    #expect(labels[0] != labels[2])
    #expect(probabilities[0] == probabilities[2])
  }

  @Test func calibrationIsThatOfTheProbabilities() throws {
    let project = try project("label_model: map-em\nclass_balance: uniform")
    func metrics(_ decision: DecisionBalance) throws -> ClassificationMetrics {
      let pipeline = try project.pipeline { $0.configuration.decisionBalance = decision }
      return try #require(try pipeline.evaluate(split: .train).labelModel).metrics
    }
    let (one, other) = (
      try metrics(.same), try metrics(.given(["ham": 0.04, "spam": 0.96]))
    )
    #expect(one.accuracy != other.accuracy)
    #expect(one.logLoss == other.logLoss && one.brier == other.brier && one.ece == other.ece)
    #expect(one.auc == other.auc)
  }

  @Test func badDecisionBalances() throws {
    let project = try project()
    for (shares, problem) in [
      (["ham": 1.0], "no share is given for class 'spam'"),
      (["ham": 0.5, "eggs": 0.5], "'eggs' is no class; the classes are ham, spam"),
      (["ham": 0.5, "spam": 0.75], "the shares must be positive and sum to 1, not 1.25"),
    ] {
      #expect(
        project.failure {
          _ = try project.pipeline { $0.configuration.decisionBalance = .given(shares) }
        } == Shown("decision balance: \(problem)", .badConfiguration))
    }
  }
}
