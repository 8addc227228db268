import Foundation
import TestSupport
import Testing

/// What `docs/relations.md` shows is what the commands print.
@Suite("The guide to relations", .serialized)
struct RelationsGuideTests {
  /// A command of the guide and the lines that it shows of the output.
  struct Step: Sendable {
    var command: String
    var shown: [String]
  }

  /// The commands of the guide, in order, with the output below them; `…` stands for lines left
  /// out.
  static func steps() throws -> [Step] {
    let guide = try String(
      contentsOf: Repository.root.appendingPathComponent("docs/relations.md"), encoding: .utf8)
    var steps: [Step] = []
    var isInside = false
    for line in guide.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isInside = line == "```console"
      } else if isInside, line.hasPrefix("$ ") {
        steps.append(Step(command: String(line.dropFirst(2)), shown: []))
      } else if isInside, let last = steps.last, last.command.hasSuffix("\\") {
        steps[steps.count - 1].command += "\n" + line
      } else if isInside, line != "…", !line.isEmpty {
        steps[steps.count - 1].shown.append(String(line))
      }
    }
    return steps
  }

  /// The example's source files in a folder of the same name.
  private func example() throws -> Folder {
    let folder = try Folder()
    let source = Repository.root.appendingPathComponent("examples/acquisitions")
    for name in [
      "hunch.yaml", "sentences.jsonl", "companies.csv", "deals.csv", "competitors.csv",
      "partners.csv", "gold.csv",
    ] {
      try folder.write(
        "examples/acquisitions/\(name)",
        String(contentsOf: source.appendingPathComponent(name), encoding: .utf8))
    }
    let rules = "labeling-functions/Acquisitions.swift"
    try folder.write(
      rules,
      String(contentsOf: Repository.root.appendingPathComponent(rules), encoding: .utf8))
    return folder
  }

  private func shell(_ command: String, in folder: Folder) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = folder.url
    var environment = ProcessInfo.processInfo.environment
    let tools = URL(fileURLWithPath: HunchBinary.path).deletingLastPathComponent().path
    environment["PATH"] = tools + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
    environment["COLUMNS"] = "100"
    process.environment = environment
    process.standardOutput = FileHandle(forWritingAtPath: try folder.write(".out", ""))
    process.standardError = FileHandle(forWritingAtPath: try folder.write(".err", ""))
    try process.run()
    process.waitUntilExit()
    let errors = try folder.text(".err")
    #expect(process.terminationStatus == 0, "\(command): \(errors)")
    return try folder.text(".out")
  }

  @Test("every command works and prints the lines shown")
  func commands() throws {
    let folder = try example()
    let steps = try Self.steps()
    #expect(steps.count >= 8)
    for step in steps {
      var printed = try shell(step.command, in: folder).split(separator: "\n").map(Self.lasting)[
        ...]
      for line in step.shown {
        let place = printed.firstIndex(of: Self.lasting(line[...]))
        #expect(place != nil, "\(step.command) does not print: \(line)")
        if let place { printed = printed[(place + 1)...] }
      }
    }
  }

  /// A line without what differs from run to run.
  private static func lasting(_ line: Substring) -> String {
    String(line.replacing(/\s+\([\d.,]+ (ms|s|µs)\)/, with: ""))
  }

  @Test("both models beat known deals alone, the frequent class, and training on gold alone")
  func figures() throws {
    let folder = try example()
    for step in try Self.steps().prefix(2) { _ = try shell(step.command, in: folder) }
    let report = try JSONSerialization.jsonObject(
      with: Data(
        try shell("hunch evaluate examples/acquisitions --format json", in: folder).utf8))
    let scores = try #require(report as? [String: Any])
    func score(_ model: String, _ key: String = "macro_f1") throws -> Double {
      try #require((scores[model] as? [String: Any])?[key] as? Double)
    }
    _ = try shell("hunch export examples/acquisitions votes --output v.csv", in: folder)
    let baseline = try knownDealsAlone(in: folder)
    #expect(try score("label_model_all") > baseline.distant + 0.15)
    #expect(try score("classifier") > baseline.distant + 0.05)
    #expect(try score("classifier") > baseline.frequent + 0.25)
    #expect(try score("classifier", "accuracy") > baseline.frequentAccuracy + 0.01)
    let goldOnly = try score("gold_only")
    #expect(try score("classifier") > goldOnly + 0.1)
  }

  @Test("a new deal evaluates what looks at deals; a document without its mentions is counted")
  func changes() throws {
    let folder = try example()
    for step in try Self.steps().prefix(2) { _ = try shell(step.command, in: folder) }
    let apply = "hunch apply examples/acquisitions"
    _ = try shell(apply, in: folder)
    let deals = "examples/acquisitions/deals.csv"
    try folder.write(deals, try folder.text(deals) + "Norvane,Westerling,2024\n")
    #expect(
      try shell(apply, in: folder).contains("votes evaluated (known_deal, known_reverse), "))
    let candidates = "examples/acquisitions/candidates.jsonl"
    try folder.write(
      candidates,
      try folder.text(candidates)
        + #"{"id":"x","text":"Nobody.","first":"norvane","second":"belltrick","split":"train"}"#
        + "\n")
    _ = try shell(try Self.steps()[1].command + " --replace", in: folder)
    let report = try shell("hunch apply examples/acquisitions 2>&1", in: folder)
    #expect(
      report.contains("bought_by could not be evaluated on 1 documents and abstains there: the"))
    #expect(!report.contains("known_deal could"))
  }

  /// Macro-F1 on the test split of `known_deal` read as "every other pair is no deal", and of always
  /// naming the frequent class.
  private func knownDealsAlone(
    in folder: Folder
  ) throws -> (distant: Double, frequent: Double, frequentAccuracy: Double) {
    func table(_ name: String) throws -> [[String]] {
      try folder.text(name).split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
    }
    let test = Set(
      try folder.text("examples/acquisitions/sentences.jsonl").split(separator: "\n")
        .filter { $0.contains("\"split\": \"test\"") }
        .map {
          String($0.split(separator: ":")[1].prefix { $0 != "," }).trimmingCharacters(
            in: .whitespaces)
        })
    let votes = try table("v.csv")
    let column = try #require(votes[0].firstIndex(of: "known_deal"))
    let known = Set(votes.dropFirst().filter { $0[column] == "0" }.map { $0[0] })
    var (hits, false_, missed, other) = (0.0, 0.0, 0.0, 0.0)
    for row in try table("examples/acquisitions/gold.csv").dropFirst()
    where test.contains(String(row[0].prefix { $0 != ":" })) {
      switch (known.contains(row[0]), row[1] == "acquisition") {
      case (true, true): hits += 1
      case (true, false): false_ += 1
      case (false, true): missed += 1
      case (false, false): other += 1
      }
    }
    let all = hits + false_ + missed + other
    #expect(all > 500)
    func f1(_ right: Double, _ wrong: Double) -> Double { 2 * right / (2 * right + wrong) }
    return (
      (f1(hits, false_ + missed) + f1(other, false_ + missed)) / 2,
      f1(other + false_, hits + missed) / 2, (other + false_) / all
    )
  }
}
