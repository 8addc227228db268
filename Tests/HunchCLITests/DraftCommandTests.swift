import Foundation
import TestSupport
import Testing

/// `hunch draft` as a user runs it.
@Suite("hunch draft") struct DraftCommandTests {
  @Test("from a request on paper to a file that compiles")
  func compiles() throws {
    let folder = try Projects.fruit()
    let request = try HunchBinary.succeed(["draft", "--write-request", "-"], in: folder)
    #expect(request.contains("Answer with JSON alone"))
    // Texts that could end a literal, a comment or an identifier.
    let rules: [[String: Any]] = [
      ["name": "9 lives; drop", "class": "sweet", "keywords": ["honey", "\"", "\\(1)", "a\nb"]],
      ["name": "", "class": "sour", "pattern": ##"lemon|"#|\#(x)|a"##, "why": "\"#\n*/ import"],
      ["name": "ÄÖ", "class": "sour", "pattern": #"""lemon|grapefruit|vinegar"#],
      ["name": "nämes", "class": "sweet", "gazetteer": ["honey", "O'Neil, \"x\"\ny"]],
    ]
    try folder.write(
      "answer.txt",
      "```json\n"
        + String(
          decoding: try JSONSerialization.data(withJSONObject: ["rules": rules]), as: UTF8.self)
        + "\n```")
    let report = try HunchBinary.json(["draft", "--answers", "answer.txt"], in: folder)
    let functions = try #require(report["functions"] as? [[String: Any]])
    #expect(functions.count == 4)
    #expect(functions.contains { $0["accepted"] as? Bool == true })
    let file = try #require(report["file"] as? String)
    #expect(try folder.text(file).contains("drafted_"))
    let again = try HunchBinary.run(["draft", "--answers", "answer.txt"], in: folder)
    #expect(again.status == 73 && again.errors.contains("Drafted.swift exists already"))
    // A path of a single character has no folder, and one in the root has that.
    _ = try HunchBinary.succeed(["draft", "--answers", "answer.txt", "--out", "x"], in: folder)
    #expect(try folder.text("x").contains("drafted_"))
    for path in ["/", "no/x", ""] {
      let outcome = try HunchBinary.run(
        ["draft", "--answers", "answer.txt", "--out", path], in: folder)
      #expect(outcome.status == 73, "'\(path)': \(outcome.errors)")
    }
    // Without an address nobody is asked.
    let asked = try HunchBinary.run(
      ["draft", "--out", "New.swift", "--model", "some-model"], in: folder)
    #expect(asked.status == 78 && asked.errors.contains("HUNCH_LLM_URL"), "\(asked.errors)")
    try typecheck([file], in: folder)
  }

  @Test("the file of a project with a rule pack names the pack's enum")
  func compilesWithPack() throws {
    let folder = try Projects.supportMessages()
    try folder.write(
      "answer.txt",
      #"{"rules": [{"name": "arrears", "class": "loan", "keywords": ["arrears", "owing"]}]}"#)
    let text = try HunchBinary.succeed(
      ["draft", "--answers", "answer.txt", "--out", "Mine.swift"], in: folder)
    #expect(text.contains("1 of 1 by answer.txt pass what was checked on 1,138 documents"))
    #expect(!text.contains("hold"))
    try folder.write(
      "Labels.swift",
      """
      import HunchLabeling
      enum SupportTopic: String, LabelSet { case card, transfer, fees, access, account, loan }
      let pack = RulePack("mine", for: SupportTopic.self) { draftedRules() }

      """)
    try typecheck(["Mine.swift", "Labels.swift"], in: folder)
  }

  /// Compiles files against the module that rules import.
  private func typecheck(_ files: [String], in folder: Folder) throws {
    let modules = URL(fileURLWithPath: HunchBinary.path).deletingLastPathComponent()
      .appendingPathComponent("Modules").path
    guard FileManager.default.fileExists(atPath: "\(modules)/HunchLabeling.swiftmodule") else {
      return
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [
        "swiftc", "-typecheck", "-swift-version", "6", "-I", modules, "-I",
        Repository.root.appendingPathComponent("Sources/CPCRE2").path,
      ] + files.map(folder.path)
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let errors = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(errors)")
  }
}
