import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import TestSupport
import Testing

/// Slices, buckets and the documents of one function, against obvious counts.
@Suite struct EvaluationListsTests {
  private static let yaml = TestProject.configuration(columns: [.gold, .split])

  private static let pack = RulePack("sample", for: Verdict.self) {
    Keywords("offers", ["offer", "prize"], votes: .spam)
    Keywords("thanks", ["thanks", "song"], votes: .ham)
    Keywords("links", ["www"], votes: .spam)
    Keywords("never", ["xyzzy"], votes: .ham)
  } slices: {
    Slice("short") { Heuristic { $0.words.count < 4 } }.described("few words")
    Slice("offer or link") {
      Keywords(["offer"])
      Keywords(["www"])
    }
    Slice("nobody") { Keywords(["xyzzy"]) }
  }

  private struct Row {
    var id: Int
    var text: String
    var gold: String
    var split: String
  }

  private static func rows(_ count: Int = 900) -> [Row] {
    var random = SplitMix64(seed: 5)
    let words = [["thanks", "song", "love"], ["offer", "prize", "www"]]
    return (1...count).map { id in
      let truth = random.below(2)
      let text = (0..<1 + random.below(6)).map { _ in
        random.below(3) == 0
          ? "filler" : words[random.below(6) == 0 ? 1 - truth : truth][random.below(3)]
      }.joined(separator: " ")
      return Row(
        id: id, text: text, gold: ["ham", "spam"][truth],
        split: ["train", "train", "valid", "test"][random.below(4)])
    }
  }

  private static func project(_ rows: [Row], gold: (Row) -> Bool = { _ in true }) throws
    -> TestProject
  {
    try TestProject(
      yaml,
      documents: rows.map {
        TestDocument($0.id, $0.text, split: $0.split, gold: gold($0) ? $0.gold : nil)
      })
  }

  private static func isShort(_ text: String) -> Bool { text.split(separator: " ").count < 4 }

  /// The figures of a slice are those of a corpus in which only its documents have gold: gold
  /// labels that measure change no model.
  @Test func aSliceIsScoredAsIfItWereAll() throws {
    let rows = Self.rows()
    let members: [(Row) -> Bool] = [
      { Self.isShort($0.text) }, { $0.text.contains("offer") || $0.text.contains("www") },
    ]
    let report = try Self.project(rows).pipeline(Self.pack).evaluate(split: .test)
    #expect(report.slices.map(\.name) == ["short", "offer or link", "nobody"])
    #expect(report.slices[0].summary == "few words")
    for (slice, isMember) in zip(report.slices, members) {
      let alone = try Self.project(rows, gold: isMember).pipeline(Self.pack).evaluate(split: .test)
      #expect(slice.documents == alone.documents && slice.documents > 20)
      #expect(slice.labelModel?.metrics == alone.labelModel?.metrics)
      #expect(slice.labelModelAll?.metrics == alone.labelModelAll?.metrics)
      #expect(slice.classifier?.metrics == alone.classifier?.metrics)
      #expect(slice.labelModel?.coverage == alone.labelModel?.coverage)
    }
    #expect(report.slices[2].documents == 0 && report.slices[2].classifier == nil)
  }

  /// A slice is no labeling function: it changes no count, no label and no probability.
  @Test func slicesReachNoModel() throws {
    let rows = Self.rows()
    let bare = RulePack("sample", for: Verdict.self) {
      Keywords("offers", ["offer", "prize"], votes: .spam)
      Keywords("thanks", ["thanks", "song"], votes: .ham)
      Keywords("links", ["www"], votes: .spam)
      Keywords("never", ["xyzzy"], votes: .ham)
    }
    var exports: [String] = []
    for pack in [Self.pack, bare] {
      let project = try Self.project(rows)
      let pipeline = try project.pipeline(pack)
      let applied = try pipeline.apply()
      #expect(applied.functions == 4 && applied.evaluations == 4 * rows.count)
      #expect(try pipeline.analyze(split: nil).functions.count == 4)
      _ = try pipeline.export(.predictions, to: project.path("p.csv"))
      _ = try pipeline.export(.posteriors, to: project.path("q.csv"))
      _ = try pipeline.export(.votes, to: project.path("v.csv"))
      exports.append(
        try project.text("p.csv") + project.text("q.csv") + project.text("v.csv"))
    }
    #expect(exports[0] == exports[1])
  }

  /// Thresholds are those of the exported probabilities of development labels, and what they come to
  /// elsewhere is counted there.
  @Test func precisionIsThatOfExportedPredictions() throws {
    let rows = Self.rows()
    let project = try Self.project(rows)
    let pipeline = try project.pipeline(Self.pack)
    let goal = PrecisionGoal(0.9)
    let report = try pipeline.evaluate(split: .test, EvaluationRequest(precision: goal))
    let precision = try #require(report.precision)
    #expect(precision.chosenOn == "valid" && precision.precision == 0.9 && !precision.certain)
    #expect(precision.classes.map(\.label) == ["ham", "spam"])

    _ = try pipeline.export(.predictions, to: project.path("predictions.csv"))
    let predictions = try project.rows("predictions.csv")
    for (label, found) in precision.classes.enumerated() {
      let column = try #require(predictions[0].firstIndex(of: found.label))
      let other = try #require(predictions[0].firstIndex(of: ["spam", "ham"][label]))
      func taken(_ split: String, from least: Double) throws -> (
        all: Int, documents: Int, right: Int
      ) {
        let those = rows.indices.filter { rows[$0].split == split }
        let answered = try those.filter {
          let cells = predictions[$0 + 1]
          let mine = try #require(Double(cells[column]))
          let theirs = try #require(Double(cells[other]))
          return (mine, 1 - label) > (theirs, label) && Float(mine) >= Float(least)
        }
        return (those.count, answered.count, answered.count { rows[$0].gold == found.label })
      }
      let threshold = try #require(found.threshold)
      for (split, answers) in [("valid", found.chosen), ("test", found.evaluated)] {
        let expected = try taken(split, from: threshold)
        #expect(answers.documents == expected.documents)
        #expect(answers.precision == Double(expected.right) / Double(expected.documents))
        #expect(answers.coverage == Double(expected.documents) / Double(expected.all))
      }
      #expect(try #require(found.chosen.precision) >= 0.9)
    }
    #expect(
      precision.evaluated.documents == precision.classes.reduce(0) { $0 + $1.evaluated.documents })

    // The figures are those without the question, and the same labels serve where there are no others.
    var plain = report
    plain.precision = nil
    #expect(try ReportJSON.encode(pipeline.evaluate(split: .test)) == ReportJSON.encode(plain))
    let same = try pipeline.evaluate(split: .valid, EvaluationRequest(precision: goal)).precision
    #expect(same?.chosenOn == "valid" && same?.chosen == precision.chosen)
    #expect(same?.evaluated == same?.chosen)
  }

  /// Buckets are the confusion matrix, split up by votes.
  @Test func bucketsSumUpToTheConfusionMatrix() throws {
    let rows = Self.rows()
    let project = try Self.project(rows)
    let pipeline = try project.pipeline(Self.pack)
    let report = try pipeline.evaluate(split: .valid, EvaluationRequest(buckets: true))
    let buckets = try #require(report.buckets)
    let confusion = try #require(report.classifier?.metrics.confusion)
    var counts = [[0, 0], [0, 0]]
    let labels = ["ham", "spam"]
    for bucket in buckets.buckets {
      let gold = try #require(labels.firstIndex(of: bucket.gold))
      let predicted = try #require(labels.firstIndex(of: bucket.predicted))
      counts[gold][predicted] = bucket.documents
      #expect(bucket.patterns.reduce(0) { $0 + $1.documents } == bucket.documents)
      #expect(bucket.patterns.map(\.documents) == bucket.patterns.map(\.documents).sorted(by: >))
    }
    #expect(counts == confusion && buckets.documents == report.documents)
    let isError = buckets.buckets.map { $0.gold != $0.predicted }
    #expect(isError == isError.sorted { $0 && !$1 } && isError.contains(true))

    // Who voted what on them, from the exported votes.
    _ = try pipeline.export(.votes, to: project.path("votes.csv"))
    let votes = try project.rows("votes.csv")
    _ = try pipeline.export(.predictions, to: project.path("predictions.csv"))
    let predictions = try project.rows("predictions.csv")
    let column = try #require(predictions[0].firstIndex(of: "label"))
    for bucket in buckets.buckets {
      let members = rows.indices.filter {
        rows[$0].split == "valid" && rows[$0].gold == bucket.gold
          && predictions[$0 + 1][column] == bucket.predicted
      }
      #expect(members.count == bucket.documents)
      for fired in bucket.functions {
        let function = try #require(votes[0].firstIndex(of: fired.function))
        let label = try #require(labels.firstIndex(of: fired.vote))
        let hits = members.filter { votes[$0 + 1][function] == "\(label)" }
        #expect(hits.count == fired.documents)
        let all = rows.indices.filter {
          rows[$0].split == "valid" && votes[$0 + 1][function] == "\(label)"
        }
        #expect(all.count == fired.documentsOverall)
      }
      let silent = members.filter { votes[$0 + 1].dropFirst().allSatisfy { $0 == "-1" } }
      #expect(silent.count == bucket.withoutVotes)
      for pattern in bucket.patterns {
        for id in pattern.exampleIds {
          #expect(members.contains { "\(rows[$0].id)" == id })
        }
      }
    }
  }

  @Test func oneFunctionWithItsDocuments() throws {
    let rows = Self.rows()
    let pipeline = try Self.project(rows) { $0.split != "train" }.pipeline(Self.pack)
    let report = try pipeline.function(named: "offers", split: nil, count: 4, texts: true)
    #expect(report.function.name == "offers" && report.neighbours.count == 2)
    #expect(report.hits.count == 4 && report.mistakes.count == 4)
    let byID = Dictionary(uniqueKeysWithValues: rows.map { ("\($0.id)", $0) })
    for document in report.hits + report.mistakes + report.overruled {
      let row = try #require(byID[document.id])
      #expect(row.split == document.split && row.split != "test" && document.vote == "spam")
      #expect(document.passage?.text == row.text)
      let matched = document.passage?.parts.filter(\.isMatch).map(\.text) ?? []
      #expect(!matched.isEmpty)
      #expect(matched.allSatisfy { $0.contains("offer") || $0.contains("prize") })
      #expect(document.others.contains { $0.function == "links" } == row.text.contains("www"))
    }
    #expect(report.mistakes.allSatisfy { $0.gold == "ham" })
    #expect(report.overruled.allSatisfy { $0.gold == nil && $0.labelModel.label == "ham" })
    #expect(report.hits.allSatisfy { $0.gold == "spam" || $0.labelModel.label == "spam" })
    let test = try pipeline.function(named: "offers", split: .test)
    #expect((test.hits + test.mistakes).allSatisfy { $0.split == "test" && $0.passage == nil })
    #expect(throws: HunchError.self) { try pipeline.function(named: "offer", split: nil) }
  }

  /// The mean contribution of a listed word is the mean of what `explain` says of the texts.
  @Test func strongestWordsAreWhatTheyAddWhereTheyOccur() throws {
    let project = try Self.project(Self.rows())
    let pipeline = try project.pipeline(Self.pack)
    let html = try pipeline.htmlReport()
    let outline = try HTMLOutline(html)
    #expect(outline.text.contains("Words that speak most for each class"))
    #expect(html.contains("<code>offer</code>") && html.contains("<code>song</code>"))
    #expect(html.contains("<mark>"))
  }
}
