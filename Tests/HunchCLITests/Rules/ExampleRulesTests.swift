import Foundation
import Hunch
import HunchLabeling
import LabelingFunctions
import TestSupport
import Testing

/// The rule files of the examples, compiled as `hunch` does, and as a part of this program.
@Suite("The rules of the examples")
struct ExampleRulesTests {
  @Test(
    "compile without a warning, and are the same as linked in",
    arguments: [
      (["SupportMessages.swift"], "support-messages"),
      (["SupportMessages.swift", "SupportQuestions.swift"], "support-questions"),
      (["DebianPackages.swift"], "debian-packages"), (["Acquisitions.swift"], "acquisitions"),
    ])
  func compiled(files: [String], name: String) throws {
    let folder = try Folder()
    for file in files {
      let source = Repository.root.appendingPathComponent("labeling-functions/\(file)")
      try folder.write(file, String(contentsOf: source, encoding: .utf8))
    }
    try folder.write(
      "hunch.yaml",
      "rules: [\(files.joined(separator: ", "))]\npack: \(name)\n"
        + "corpus: { path: c, table: t, id: id, text: text }\n")
    var compilation = RuleCompilation()
    compilation.warn = { Issue.record("\($0)") }
    let pack = try #require(
      try Project(directory: folder.url.path, compilation: compilation).pack)
    let linked = try #require(packs.first { $0.name == name })
    #expect(pack.labels == linked.labels && pack.summary == linked.summary)
    #expect(pack.definitions.map(\.name) == linked.definitions.map(\.name))
    #expect(pack.definitions.map(\.place.line) == linked.definitions.map(\.place.line))
    for (compiled, other) in zip(pack.definitions, linked.definitions) {
      #expect(compiled.sketch(labels: pack.labels) == other.sketch(labels: linked.labels))
    }
  }

  private struct Function: Decodable {
    var name: String
    var label: String
    var pattern: String
  }

  private struct Message: Decodable {
    var id: Int
    var text: String
  }

  @Test(
    "73 patterns in a file vote as their authors published",
    .enabled(
      if: Repository.sharedData("sms") != nil, "the shared data sets are not on this machine"))
  func published() throws {
    let data = try #require(Repository.sharedData("sms"))
    func file(_ name: String) throws -> Data {
      try Data(contentsOf: data.appendingPathComponent(name))
    }
    let functions = try JSONDecoder().decode([Function].self, from: file("lfs.json"))
    #expect(functions.count == 73)
    var rules = "import HunchLabeling\nenum Verdict: String, LabelSet { case ham, spam }\n"
    rules += "let sms = RulePack(\"sms\", for: Verdict.self) {\n"
    for function in functions {
      let pattern = "###\"\(function.pattern)\"###"
      rules += "  Pattern(\"\(function.name)\", \(pattern), votes: .\(function.label))\n"
    }
    let folder = try Folder()
    try folder.write("rules.swift", rules + "}\n")
    try folder.write(
      "hunch.yaml",
      "rules: rules.swift\ncorpus: { path: c.sqlite, table: documents, id: id, text: text }\n")
    let decoder = JSONDecoder()
    let encoder = JSONEncoder()
    let lines = try file("documents.jsonl").split(separator: 0x0A).map { line in
      let message = try decoder.decode(Message.self, from: line)
      return String(
        decoding: try encoder.encode(["id": "\(message.id)", "text": message.text]), as: UTF8.self)
    }
    try folder.write("m.jsonl", lines.joined(separator: "\n"))
    _ = try HunchBinary.succeed(
      ["import", "m.jsonl", "--into", "c.sqlite", "--id", "id", "--text", "text"], in: folder)
    _ = try HunchBinary.succeed(["export", ".", "votes", "--output", "v.csv"], in: folder)
    let published = String(decoding: try file("votes.csv"), as: UTF8.self)
    #expect(
      try folder.text("v.csv").split(whereSeparator: \.isNewline)
        == published.split(whereSeparator: \.isNewline))
  }

  @Test("votes are those of rules that are linked in, byte for byte")
  func votes() throws {
    let folder = try Projects.supportMessages()
    func export(_ packs: [RulePack], _ file: String) throws -> String {
      let project = try Project(directory: folder.url.path, packs: packs)
      let session = try Session(project, options: SessionOptions(threads: 2))
      _ = try Export(to: folder.path(file)).votes(AppliedVotes(session))
      return try folder.text(file)
    }
    let compiled = try export([], "compiled.csv")
    let yaml = try folder.text("hunch.yaml")
    try folder.write(
      "hunch.yaml", yaml.replacing("rules: SupportMessages.swift", with: "pack: support-messages"))
    for name in ["hunch.workspace", "hunch.workspace-lock"] {
      try FileManager.default.removeItem(atPath: folder.path(name))
    }
    #expect(try export([supportMessages], "linked.csv") == compiled)
    #expect(compiled.count > 10_000)
  }
}
