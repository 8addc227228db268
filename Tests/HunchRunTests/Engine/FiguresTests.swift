import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import TestSupport
import Testing

/// The figures of the pipeline against straightforward computations from what it exports.
@Suite struct FiguresTests {
  private static let labels = ["a", "b", "c"]
  private static let splits = ["train", "valid", "test", ""]

  /// One document as the test made it, with the votes and probabilities that were exported.
  private struct Item {
    var id: String
    var gold: Int?
    var split: String
    var votes: [Int] = []
    var posterior: [Double] = []
    var prediction: [Double] = []
    var isCovered: Bool { votes.contains { $0 >= 0 } }
  }

  private struct Sample {
    var project: TestProject
    var pipeline: ProjectSteps
    var items: [Item]
    var names: [String]
  }

  /// A corpus with random votes that are right two times in three, gold for two thirds, and all
  /// splits.
  private func sample(_ seed: Int, labels: [String] = labels) throws -> Sample {
    var random = SplitMix64(seed: seed)
    let count = 300 + random.below(300)
    var items: [Item] = []
    var documents: [TestDocument] = []
    for number in 0..<count {
      let truth = random.below(labels.count)
      let gold = random.below(3) > 0 ? truth : nil
      let split = random.pick(Self.splits)
      items.append(
        Item(id: "d\(number)", gold: gold, split: split.isEmpty ? "train" : split))
      let votes = (0..<4).map { function -> String? in
        if random.below(function + 2) > 0 { return nil }
        return "\(random.below(3) > 0 ? truth : random.below(labels.count))"
      }
      documents.append(
        TestDocument(
          "d\(number)", "\(labels[truth]) \(random.text(words: 3))", split: split,
          gold: gold.map { labels[$0] }, votes: votes + [nil]))
    }
    let project = try TestProject(
      TestProject.configuration(
        labels: labels, columns: [.gold, .split], votes: ["votes.csv"]),
      documents: documents, functions: ["f0", "f1", "f2", "f3", "silent"])
    let pipeline = try project.pipeline()
    for (kind, name) in [(ExportKind.votes, "v"), (.posteriors, "p"), (.predictions, "q")] {
      #expect(try pipeline.export(kind, to: project.path("\(name).csv")) == count)
    }
    let votes = try project.rows("v.csv")
    let posteriors = try project.rows("p.csv")
    let predictions = try project.rows("q.csv")
    #expect(posteriors[0] == ["id", "split", "covered", "label"] + labels)
    #expect(predictions[0] == ["id", "split", "label"] + labels)
    for index in items.indices {
      for table in [votes, posteriors, predictions] {
        #expect(table[index + 1][0] == items[index].id)
      }
      items[index].votes = votes[index + 1].dropFirst().compactMap { Int($0) }
      items[index].posterior = posteriors[index + 1].dropFirst(4).compactMap { Double($0) }
      items[index].prediction = predictions[index + 1].dropFirst(3).compactMap { Double($0) }
      #expect(posteriors[index + 1][1] == items[index].split)
      let top = Self.top(items[index].posterior)
      #expect(
        posteriors[index + 1][3] == (items[index].isCovered ? labels[top] : ""))
    }
    return Sample(
      project: project, pipeline: pipeline, items: items, names: votes[0].dropFirst() + [])
  }

  private static func top(_ values: [Double]) -> Int {
    values.firstIndex(of: values.max() ?? 0) ?? 0
  }

  private func isNear(_ value: Double?, _ expected: Double, _ tolerance: Double = 1e-9) -> Bool {
    value.map { abs($0 - expected) <= tolerance * max(1, abs(expected)) } ?? false
  }

  // MARK: - Analysis

  @Test(arguments: 0..<4)
  func analysis(_ seed: Int) throws {
    let sample = try sample(seed)
    for split in [nil, Split.train, .valid, .test] {
      let items = sample.items.filter { split == nil || $0.split == split?.name }
      let report = try sample.pipeline.analyze(split: split)
      let total = Double(items.count)
      func share(_ condition: (Item) -> Bool) -> Double {
        Double(items.filter(condition).count) / total
      }
      func voted(_ item: Item) -> [Int] { item.votes.filter { $0 >= 0 } }
      #expect(report.documents == items.count)
      // Of all documents, development labels measure.
      func measures(_ item: Item) -> Bool {
        item.gold != nil && (split != nil || item.split != "test")
      }
      #expect(report.goldDocuments == items.filter(measures).count)
      #expect(report.coverage == share { $0.isCovered })
      #expect(report.overlaps == share { voted($0).count > 1 })
      #expect(report.conflicts == share { Set(voted($0)).count > 1 })
      #expect(report.functions.map(\.name) == sample.names)
      for (index, function) in report.functions.enumerated() {
        let voting = items.filter { $0.votes[index] >= 0 }
        #expect(function.votes == voting.count)
        #expect(function.coverage == Double(voting.count) / total)
        #expect(
          function.overlaps == Double(voting.filter { voted($0).count > 1 }.count) / total)
        #expect(
          function.conflicts == Double(voting.filter { Set(voted($0)).count > 1 }.count) / total)
        #expect(
          function.polarity == Set(voting.map { $0.votes[index] }).sorted().map { Self.labels[$0] })
        let judged = voting.filter(measures)
        let right = judged.filter { $0.votes[index] == $0.gold }.count
        let gold = try #require(function.gold)
        #expect(gold.correct == right)
        #expect(gold.incorrect == judged.count - right)
        guard !judged.isEmpty else {
          #expect(gold.empiricalAccuracy == nil && gold.empiricalAccuracyInterval == nil)
          continue
        }
        let (accuracy, count) = (Double(right) / Double(judged.count), Double(judged.count))
        #expect(isNear(gold.empiricalAccuracy, accuracy))
        // Wilson's interval: the accuracies that are 1.96 standard errors away from what was seen.
        let interval = try #require(gold.empiricalAccuracyInterval)
        for bound in [interval.lower, interval.upper] where bound > 0 && bound < 1 {
          let distance = abs(accuracy - bound) / (bound * (1 - bound) / count).squareRoot()
          #expect(isNear(distance, 1.959963984540054, 1e-6))
        }
      }
    }
  }

  @Test(arguments: 0..<4)
  func conflicts(_ seed: Int) throws {
    let sample = try sample(seed)
    for split in [nil, Split.test] {
      let items = sample.items.filter { split == nil || $0.split == split?.name }
      var expected: [[String]: [Int]] = [:]
      for first in sample.names.indices {
        for second in sample.names.indices where second > first {
          let both = items.filter { $0.votes[first] >= 0 && $0.votes[second] >= 0 }
          let agreeing = both.filter { $0.votes[first] == $0.votes[second] }.count
          if agreeing < both.count {
            expected[[sample.names[first], sample.names[second]]] = [
              both.count - agreeing, agreeing,
            ]
          }
        }
      }
      let report = try sample.pipeline.conflicts(split: split, examples: 2)
      #expect(report.pairs.count == expected.count)
      for pair in report.pairs {
        #expect(expected[pair.functions] == [pair.documents, pair.agreements])
      }
      let counts = report.pairs.map(\.documents)
      #expect(counts == counts.sorted(by: >))
      for pair in report.pairs {
        let columns = pair.functions.compactMap { sample.names.firstIndex(of: $0) }
        #expect(pair.exampleIds.count <= 2 && !pair.exampleIds.isEmpty)
        for id in pair.exampleIds {
          let votes = try #require(sample.items.first { $0.id == id }).votes
          #expect(votes[columns[0]] >= 0 && votes[columns[1]] >= 0)
          #expect(votes[columns[0]] != votes[columns[1]])
        }
      }
    }
  }

  // MARK: - Evaluation

  private func check(
    _ scored: EvaluateReport.Scored?, _ items: [Item], _ labels: [String],
    _ probabilities: KeyPath<Item, [Double]>, of total: Int
  ) throws {
    let scored = try #require(scored)
    let metrics = scored.metrics
    let count = Double(items.count)
    let classes = labels.count
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    var (logLoss, brier) = (0.0, 0.0)
    var bins = [[(confidence: Double, isRight: Bool)]](repeating: [], count: 10)
    for item in items {
      let values = item[keyPath: probabilities]
      let gold = try #require(item.gold)
      let predicted = Self.top(values)
      confusion[gold][predicted] += 1
      logLoss -= log(max(values[gold], 1e-6))
      for label in 0..<classes {
        let difference = values[label] - (label == gold ? 1 : 0)
        brier += difference * difference
      }
      bins[min(9, Int(values[predicted] * 10))].append((values[predicted], predicted == gold))
    }
    #expect(metrics.documents == items.count)
    #expect(isNear(scored.coverage, count / Double(total)))
    #expect(metrics.confusion == confusion)
    let right = (0..<classes).reduce(0) { $0 + confusion[$1][$1] }
    #expect(isNear(metrics.accuracy, Double(right) / count))
    #expect(isNear(metrics.logLoss, logLoss / count, 1e-6))
    #expect(isNear(metrics.brier, brier / count, 1e-6))
    let ece = bins.reduce(0) { sum, bin in
      let confidence = bin.reduce(0) { $0 + $1.confidence }
      return sum + abs(confidence - Double(bin.filter(\.isRight).count)) / count
    }
    #expect(isNear(metrics.ece, ece, 1e-6))
    var scores: [Double] = []
    for label in 0..<classes {
      let support = confusion[label].reduce(0, +)
      let predictions = confusion.reduce(0) { $0 + $1[label] }
      let hits = Double(confusion[label][label])
      let precision = predictions > 0 ? hits / Double(predictions) : 0
      let recall = support > 0 ? hits / Double(support) : 0
      let f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
      #expect(metrics.classes[label].support == support)
      #expect(isNear(metrics.classes[label].precision, precision))
      #expect(isNear(metrics.classes[label].recall, recall))
      #expect(isNear(metrics.classes[label].f1, f1))
      if support + predictions > 0 { scores.append(f1) }
    }
    #expect(isNear(metrics.macroF1, scores.reduce(0, +) / Double(scores.count)))
    if classes == 2 {
      var (wins, pairs) = (0.0, 0.0)
      for positive in items where positive.gold == 1 {
        for negative in items where negative.gold == 0 {
          let (up, down) = (
            positive[keyPath: probabilities][1], negative[keyPath: probabilities][1]
          )
          wins += up > down ? 1 : up == down ? 0.5 : 0
          pairs += 1
        }
      }
      #expect(isNear(metrics.auc, wins / pairs, 1e-6))
    } else {
      #expect(metrics.auc == nil)
    }
  }

  @Test(arguments: [(0, labels), (1, labels), (2, ["a", "b"]), (3, ["a", "b"])])
  func evaluation(_ seed: Int, _ labels: [String]) throws {
    let sample = try sample(seed, labels: labels)
    for split in Split.allCases {
      let items = sample.items.filter { $0.split == split.name && $0.gold != nil }
      let covered = items.filter(\.isCovered)
      #expect(!covered.isEmpty && covered.count < items.count)
      let report = try sample.pipeline.evaluate(split: split)
      #expect(report.split == split.name)
      #expect(report.documents == items.count)
      try check(report.labelModel, covered, labels, \.posterior, of: items.count)
      try check(report.labelModelAll, items, labels, \.posterior, of: items.count)
      try check(report.classifier, items, labels, \.prediction, of: items.count)
    }
    #expect(try sample.pipeline.evaluate(split: nil).split == "test")
  }

  @Test func theClassBalanceIsWhereItWasAsked() throws {
    let sample = try sample(5)
    func balance(_ value: ClassBalance) throws -> [Double] {
      let other = try ProjectSteps(
        changed(sample.project) { $0.configuration.classBalance = value })
      return try other.fit().classBalance
    }
    #expect(try balance(.uniform) == [1.0 / 3, 1.0 / 3, 1.0 / 3])
    #expect(
      try balance(.given(["c": 0.2, "a": 0.5, "b": 0.3])).elementsEqual([0.5, 0.3, 0.2]) {
        abs($0 - $1) < 1e-12
      })
    let valid = sample.items.filter { $0.split == "valid" }.compactMap(\.gold)
    let shares = (0..<3).map { label in
      Double(valid.filter { $0 == label }.count) / Double(valid.count)
    }
    // Smoothed a little, so that no class is impossible.
    #expect(try balance(.valid).elementsEqual(shares) { abs($0 - $1) < 0.02 })
    #expect(abs(try balance(.estimate).reduce(0, +) - 1) < 1e-9)
    for (shares, problem) in [
      (["a": 0.5, "b": 0.5], "no share is given for class 'c'"),
      (["a": 0.5, "b": 0.3, "d": 0.2], "'d' is no class; the classes are a, b, c"),
    ] {
      #expect(
        sample.project.failure { _ = try balance(.given(shares)) }
          == Shown("class balance: \(problem)", .badConfiguration))
    }
    for shares in [[0.5, 0.5, 0.5], [-0.5, 1, 0.5], [.nan, 0.5, 0.5], [0, 0, 0]] {
      let given = Dictionary(uniqueKeysWithValues: zip(Self.labels, shares))
      #expect(
        sample.project.failure { _ = try balance(.given(given)) }?.status == .badConfiguration)
    }
  }

  /// The project with another configuration and a workspace of its own.
  private func changed(
    _ project: TestProject, _ change: (inout Project) -> Void
  ) throws -> Project {
    var opened = try project.project(workspace: project.path("w\(UUID().uuidString)"))
    change(&opened)
    return opened
  }
}
