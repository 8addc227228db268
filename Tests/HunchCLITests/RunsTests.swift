import Foundation
import Testing

@Suite("Runs on the command line")
struct RunsTests {
  /// Fruit notes with two runs: the second with other votes of one function on two documents.
  private func twoRuns() throws -> Folder {
    let folder = try Projects.fruit()
    _ = try HunchBinary.succeed(["run"], in: folder)
    let votes = try folder.text("votes.csv")
      .replacing("5,sweet,,,", with: "5,sour,,,").replacing("6,,sour,sour,", with: "6,,,,")
    try folder.write("votes.csv", votes)
    _ = try HunchBinary.succeed(["run"], in: folder)
    return folder
  }

  /// Without times, which are others every time.
  private func timeless(_ text: String) -> String {
    text.replacing(/\d\d-\d\d \d\d:\d\d/, with: "MM-DD hh:mm")
  }

  @Test("the list of runs and their comparison")
  func tables() throws {
    let folder = try twoRuns()
    let list = try HunchBinary.succeed(["runs"], in: folder)
    try Snapshot.check(timeless(list), "fruit-runs")
    let comparison = try HunchBinary.succeed(["compare", ".", "--texts"], in: folder)
    try Snapshot.check(timeless(comparison), "fruit-compare")
    for line in (list + comparison).split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    #expect(
      try HunchBinary.succeed(["compare", ".", "1", "2", "--texts"], in: folder) == comparison)
    #expect(try HunchBinary.succeed(["compare", ".", "1", "--texts"], in: folder) == comparison)
    #expect(
      try HunchBinary.succeed(["compare", ".", "2", "2"], in: folder)
        .hasSuffix("the two runs are the same\n"))
  }

  @Test("what a run says of the one before it")
  func lines() throws {
    let folder = try Projects.fruit()
    #expect(try HunchBinary.succeed(["run"], in: folder).contains("\nrecorded as run 1\n"))
    #expect(
      try HunchBinary.succeed(["run"], in: folder)
        .contains("\nthe same as run 1, for the 2nd time\n"))
    let other = try HunchBinary.succeed(["run", "--label-model", "majority"], in: folder)
    #expect(other.contains("\nrun 2, against run 1: label_model, "))
    #expect(other.contains("'hunch compare . 1 2'"))
    let back = try HunchBinary.succeed(["run"], in: folder)
    #expect(back.contains("run 3, against run 2: the same as run 1, label_model, "))
    let run = try HunchBinary.json(["run"], in: folder)
    let record = try #require(run["record"] as? [String: Any])
    #expect(record["number"] as? Int == 3 && record["times"] as? Int == 2)
    #expect(record["same_as"] as? Int == 1)
  }

  @Test("the JSON has the documented keys")
  func json() throws {
    let folder = try twoRuns()
    let list = try HunchBinary.json(["runs"], in: folder)
    let runs = try #require(list["runs"] as? [[String: Any]])
    #expect(runs.count == 2)
    #expect(
      Set(runs[1].keys) == [
        "number", "started", "last", "times", "documents", "functions", "coverage", "label_model",
        "split", "label_model_scores", "classifier_scores", "changes",
      ])
    let comparison = try HunchBinary.json(["compare"], in: folder)
    #expect(
      Set(comparison.keys) == [
        "before", "after", "identical", "functions", "reordered", "settings", "data", "moved",
        "documents", "evaluation",
      ])
    let moved = try #require(comparison["moved"] as? [String: Any])
    #expect(Set(moved.keys) == ["class_balance", "uncovered", "weights"])
    #expect((moved["uncovered"] as? [Double])?.map { ($0 * 12).rounded() } == [0, 1])
    let documents = try #require(comparison["documents"] as? [String: Any])
    #expect(
      Set(documents.keys) == [
        "shared", "only_before", "only_after", "flipped", "transitions", "causes", "flips",
      ])
    let evaluation = try #require(comparison["evaluation"] as? [String: Any])
    let classifier = try #require(evaluation["classifier"] as? [String: Any])
    let accuracy = try #require(classifier["accuracy"] as? [String: Any])
    #expect(
      Set(accuracy.keys)
        == ["before", "after", "difference", "interval", "p_value", "verdict"])
    #expect((classifier["macro_f1"] as? [String: Any])?["verdict"] is String)
    let functions = try #require(comparison["functions"] as? [[String: Any]])
    #expect(functions.allSatisfy { $0["change"] as? String == "changed" })
  }

  @Test("64: wrong numbers of runs")
  func usage() throws {
    let folder = try twoRuns()
    for arguments in [
      ["compare", ".", "1", "9"], ["compare", ".", "1", "2", "3"], ["compare", ".", "first"],
      ["compare", "--count", "-1"], ["runs", "--limit", "0"], ["compare", ".", "1", "1", "2"],
      ["watch", "--format", "json"],
    ] {
      #expect(try HunchBinary.run(arguments, in: folder).status == 64, "\(arguments)")
    }
    #expect(try HunchBinary.run(["runs"], in: Projects.fruit()).status == 64)
  }
}
