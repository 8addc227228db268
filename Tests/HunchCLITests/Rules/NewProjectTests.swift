import Foundation
import Testing

@Suite("A project of one's own")
struct NewProjectTests {
  @Test(
    "any name of a folder works, and what is made runs and passes its tests",
    arguments: ["my-task", "hunch", "My Task!", "2nd", "ё", "a\"b\\c", "HunchLabeling"])
  func names(name: String) throws {
    let folder = try Folder()
    let words = try HunchBinary.succeed(["new", name], in: folder)
    #expect(words.contains("\n  hunch run ") && words.contains("33 documents"))
    #expect(
      try HunchBinary.succeed(["test", name], in: folder) == "passed: 8 examples; 2 checks\n")
    let run = try HunchBinary.json(["run", name], in: folder)
    #expect((run["apply"] as? [String: Any])?["documents"] as? Int == 33)
    #expect(try HunchBinary.run(["new", name], in: folder).status == 73)
    #expect(
      FileManager.default.fileExists(atPath: folder.path("\(name)/compile_commands.json")))
  }

  @Test("'.' is the folder that one stands in, if it is empty")
  func here() throws {
    let folder = try Folder()
    let inner = folder.url.appendingPathComponent("inner")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    let process = try HunchBinary.process(["new", "."], in: folder)
    process.currentDirectoryURL = inner
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try folder.text("inner/rules.swift").contains("RulePack(\"inner\""))
  }

  @Test("from a file of one's own, with the classes of a column or of the command line")
  func from() throws {
    let folder = try Folder()
    var rows = "key,body,topic,part\n"
    let labels = ["my card", "class", "2nd", "été", "my-card", "fee"]
    for number in 0..<60 {
      rows += "\(number),\"text, \(labels[number % 6]) \(number)\",\(labels[number % 6]),"
      rows += number < 40 ? "train\n" : "test\n"
    }
    try folder.write("m.csv", rows)
    let arguments = [
      "--from", "m.csv", "--text", "body", "--id", "key", "--label", "topic", "--split", "part",
    ]
    let words = try HunchBinary.succeed(["new", "mine"] + arguments, in: folder)
    #expect(words.contains("60 documents"))
    let rules = try folder.text("mine/rules.swift")
    for line in [
      "case label2nd = \"2nd\"", "case labelClass = \"class\"", "case fee\n",
      "case myCard = \"my card\"", "case myCard2 = \"my-card\"", "= \"été\"",
    ] {
      #expect(rules.contains(line), "\(line)")
    }
    let run = try HunchBinary.json(["run", "mine"], in: folder)
    #expect((run["evaluate"] as? [String: Any])?["split"] as? String == "test")
    #expect((run["analyze"] as? [String: Any])?["coverage"] as? Double ?? 0 > 0.5)

    _ = try HunchBinary.succeed(
      ["new", "given", "--from", "m.csv", "--text", "body", "--labels", "b, a"], in: folder)
    #expect(try folder.text("given/rules.swift").contains("  case b\n  case a\n"))
    #expect(try !folder.text("given/hunch.yaml").contains("gold"))
    #expect(try HunchBinary.succeed(["projects", "given"], in: folder).contains("classes: b, a\n"))
  }

  @Test("what is wrong is said, and nothing is left behind")
  func wrong() throws {
    let folder = try Folder()
    try folder.write("m.csv", "id,body,topic\n1,a,x\n2,b,x\n")
    for (arguments, status, words) in [
      (["--text", "body"], 64, "--text goes with --from"),
      (["--from", "m.csv"], 64, "--from needs --text"),
      (["--from", "m.csv", "--text", "body"], 64, "--from needs the classes"),
      (["--from", "none.csv", "--text", "body", "--labels", "a,b"], 66, "none.csv"),
      (["--from", "m.csv", "--text", "bodi", "--labels", "a,b"], 65, "bodi"),
      (["--from", "m.csv", "--text", "body", "--label", "tpic"], 64, "did you mean 'topic'?"),
      (["--from", "m.csv", "--text", "body", "--label", "topic"], 64, "has 1"),
      (["--from", "m.csv", "--text", "body", "--labels", "a,a"], 64, "different classes"),
      (
        ["--from", "m.csv", "--text", "body", "--label", "topic", "--labels", "a,b"], 64,
        "none of the classes a, b"
      ),
    ] as [([String], Int32, String)] {
      let outcome = try HunchBinary.run(["new", "mine"] + arguments, in: folder)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("mine")))
    }
  }
}
