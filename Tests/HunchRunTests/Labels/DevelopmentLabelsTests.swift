import Hunch
import ProjectSupport
import Testing

/// Tables that functions are tuned by use development labels; whoever tunes by the test split has
/// nothing left to test with.
@Suite struct DevelopmentLabelsTests {
  private let sample = LabelSample()

  /// The votes of a function with gold labels of some splits, right and wrong ones.
  private func judged(_ function: Int, _ splits: Set<String>) -> [Int] {
    let voted = sample.items.filter { splits.contains($0.split) && $0.votes[function] >= 0 }
    let right = voted.count { $0.votes[function] == $0.truth }
    return [right, voted.count - right]
  }

  private func project(goldOf splits: Set<String>) throws -> TestProject {
    try sample.project { item in
      (splits.contains(item.split) ? LabelSample.classes[item.truth] : nil, nil)
    }
  }

  @Test(arguments: [["train", "valid", "test"], ["valid", "test"], ["train", "test"]])
  func `right and wrong are counted on train and valid`(_ splits: [String]) throws {
    let project = try project(goldOf: Set(splits))
    let pipeline = try project.pipeline()
    let development = Set(splits).subtracting(["test"])
    let analyzed = try pipeline.analyze(split: nil)
    #expect(analyzed.documents == sample.items.count)
    #expect(analyzed.goldDocuments == sample.items.count { development.contains($0.split) })
    let fitted = try pipeline.fit()
    for function in 0..<4 {
      let expected = judged(function, development)
      for gold in [analyzed.functions[function].gold, fitted.functions[function].gold] {
        #expect([gold?.correct, gold?.incorrect] == expected.map(Optional.some))
      }
    }
    // Those who ask for the test split get it.
    let test = try pipeline.analyze(split: .test)
    #expect(
      [test.functions[0].gold?.correct, test.functions[0].gold?.incorrect]
        == judged(0, ["test"]).map(Optional.some))
  }

  @Test func `a run ends with the test split and finds fault by the valid split`() throws {
    let project = try project(goldOf: ["valid", "test"])
    let run = try project.pipeline().run()
    #expect(run.evaluate?.split == "test")
    let models = try #require(run.findings.first { $0.kind == .models })
    let valid = sample.items.count { $0.split == "valid" }
    #expect(models.text.contains("\(valid) documents with gold of the valid split"))
    #expect(!run.findings.contains { $0.text.contains("test split") })
  }

  @Test func `gold labels of the test split alone measure nothing while functions are written`()
    throws
  {
    let project = try project(goldOf: ["test"])
    let pipeline = try project.pipeline()
    let analyzed = try pipeline.analyze(split: nil)
    #expect(analyzed.goldDocuments == 0 && analyzed.functions.allSatisfy { $0.gold == nil })
    #expect(try pipeline.fit().functions.allSatisfy { $0.gold == nil })
    let finding = try #require(analyzed.findings.first { $0.kind == .noGold })
    let test = sample.items.count { $0.split == "test" }
    #expect(finding.text.hasPrefix("All gold labels (\(test)) are of the test split"))
    #expect(try pipeline.evaluate(split: nil).split == "test")
    let report = try pipeline.htmlReport()
    #expect(report.contains("No document outside the test split has a gold label"))
    #expect(!report.contains("accuracy on all"))
  }
}
