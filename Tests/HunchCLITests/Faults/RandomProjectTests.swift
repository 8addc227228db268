import Foundation
import TestSupport
import Testing

/// Whatever a valid project holds: figures that are numbers, or an error that says what is wrong.
@Suite struct RandomProjectTests {
  @Test(arguments: 0..<Faults.projects / 10)
  func project(_ ten: Int) throws {
    for seed in ten * 10..<ten * 10 + 10 { try check(seed: seed) }
  }

  private static let statuses: Set<Int32> = [0, 64, 65, 66, 73, 74, 75, 78]

  private func check(seed: Int) throws {
    let project = try RandomProject(seed: seed)
    let trial = Trial(project: project, seed: seed)
    let first = try trial.run(["run", ".", "--format", "json", "--threads", "1"])
    let second = try trial.run(
      ["run", ".", "--format", "json", "--threads", "2", "--workspace", "other.workspace"])
    #expect(first.status == second.status, "seed \(seed)")
    if first.status == 0 {
      #expect(
        trial.withoutTimes(first.output) == trial.withoutTimes(second.output), "seed \(seed)")
    }
    for kind in ["votes", "posteriors", "predictions"] {
      try trial.export(kind, "csv")
      try trial.export(kind, "jsonl")
    }
    if try trial.run(["export", ".", "model", "--output", "m.model"]).status == 0 {
      let answer = try trial.run(
        ["predict", "--model", "m.model"], input: "{\"text\": \"ripe \\u00a35\"}\nsour card\n\n")
      if answer.status == 0 { trial.checkLines(answer.output) }
    }
    var random = SplitMix64(seed: seed + 1_000_000)
    let others = [
      ["analyze"], ["conflicts"], ["evaluate"], ["fit"], ["fit", "--label-model", "majority"],
      ["train"], ["runs"], ["workers"], ["compare"],
    ]
    for _ in 0..<2 {
      let words = random.pick(others)
      let outcome = try trial.run([words[0], "."] + words.dropFirst() + ["--format", "json"])
      if outcome.status == 0 { trial.checkJSON(outcome.output) }
    }
    if let id = project.ids.randomElement(using: &random) {
      let outcome = try trial.run(["explain", ".", "--format", "json", "--", id])
      if outcome.status == 0 { trial.checkJSON(outcome.output) }
    }
    if random.below(3) == 0 { _ = try trial.run(["report", ".", "--output", "r.html"]) }
  }

  /// A project at work, and what everything that it prints is held to.
  private struct Trial {
    let project: RandomProject
    let seed: Int

    func run(_ arguments: [String], input: String = "") throws -> HunchBinary.Outcome {
      let outcome = try HunchBinary.run(arguments + ["--quiet"], in: project.folder, input: input)
      let what = "seed \(seed): \(arguments.joined(separator: " "))"
      #expect(
        RandomProjectTests.statuses.contains(outcome.status),
        "\(what) ends with \(outcome.status): \(outcome.errors.prefix(400))")
      #expect(outcome.status == 0 || !outcome.errors.isEmpty, "\(what) fails without a word")
      return outcome
    }

    func export(_ kind: String, _ ending: String) throws {
      let name = "\(kind).\(ending)"
      guard try run(["export", ".", kind, "--output", name]).status == 0 else { return }
      let text = try project.folder.text(name)
      if ending == "jsonl" { return checkLines(text) }
      let (rows, first) = (Self.rows(text), kind == "posteriors" ? 4 : 3)
      #expect(rows.count == project.ids.count + 1, "seed \(seed): rows of \(name)")
      #expect(rows.allSatisfy { $0.count == rows[0].count }, "seed \(seed): cells of \(name)")
      guard kind != "votes" else { return }
      for row in rows.dropFirst() { checkShares(row.dropFirst(first).map { Double($0) }, name) }
    }

    /// Each line an object; probabilities sum to 1.
    func checkLines(_ text: String) {
      for line in text.split(separator: "\n") { checkJSON(String(line)) }
    }

    func checkJSON(_ text: String) {
      let value = try? JSONSerialization.jsonObject(with: Data(text.utf8))
      #expect(value != nil, "seed \(seed): no JSON: \(text.prefix(200))")
      if let shares = (value as? [String: Any])?["probabilities"] as? [String: Double] {
        checkShares(shares.values.map { $0 }, "JSON")
      }
    }

    private func checkShares(_ shares: [Double?], _ what: String) {
      let values = shares.compactMap(\.self)
      let sum = values.reduce(0, +)
      #expect(
        values.count == shares.count && values.allSatisfy { (0...1).contains($0) }
          && abs(sum - 1) < 1e-5,
        "seed \(seed): probabilities of \(what) are \(shares)")
    }

    /// The report of a run without what clocks say.
    func withoutTimes(_ text: String) -> [String] {
      text.split(separator: "\n").map(String.init).filter {
        !$0.contains("seconds") && !$0.contains(/\d:\d\dZ"/)
      }
    }

    /// The cells of CSV with quotes.
    private static func rows(_ text: String) -> [[String]] {
      var (rows, row, cell, isQuoted) = ([[String]](), [String](), "", false)
      for character in text.unicodeScalars {
        switch character {
        case "\"": isQuoted.toggle()
        case "," where !isQuoted:
          row.append(cell)
          cell = ""
        case "\n" where !isQuoted:
          rows.append(row + [cell])
          (row, cell) = ([], "")
        default: cell.unicodeScalars.append(character)
        }
      }
      return rows
    }
  }
}
