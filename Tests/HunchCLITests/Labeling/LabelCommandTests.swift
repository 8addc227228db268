import Foundation
import TestSupport
import Testing

/// `hunch label` with keys from a pipe, its files, and how it fails.
@Suite("Labeling without a terminal")
struct LabelCommandTests {
  /// The fruit notes without gold labels.
  static func fruit() throws -> Folder {
    try Projects.fruit(yaml: Projects.fruitConfiguration.replacing("gold: label, ", with: ""))
  }

  private func listed(_ folder: Folder) throws -> [String] {
    let report = try HunchBinary.json(["label", ".", "--list"], in: folder)
    let labels = try #require(report["labels"] as? [[String: Any]])
    return labels.map { "\($0["id"] ?? "") \($0["label"] ?? "") \($0["use"] ?? "")" }
  }

  @Test("keys from a pipe, one on each line")
  func piped() throws {
    let folder = try Self.fruit()
    let arguments = ["label", "--document", "2", "--document", "3", "--document", "7", "--texts"]
    let text = try HunchBinary.succeed(arguments, in: folder, input: "v\nw\nu\no\n\n \nW\n")
    try Snapshot.check(text, "fruit-label")
    #expect(try listed(folder).sorted() == ["2 sour repair", "7 sweet repair"])
    let without = try HunchBinary.run(
      arguments.dropLast() + ["--audit"], in: folder, input: "q\n")
    #expect(without.status == 0 && !without.output.contains("lemon"))
    #expect(without.output.hasSuffix("stored 0 audit labels, 3 of 3 left\n"))
  }

  @Test("a summary as JSON, without a word of the documents")
  func summary() throws {
    let folder = try Self.fruit()
    let outcome = try HunchBinary.run(
      ["label", "--count", "3", "--texts", "--format", "json"], in: folder, input: "o\ns\nq\n")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let summary = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(Set(summary.keys) == ["use", "asked", "skipped", "left", "labels"])
    #expect(summary["use"] as? String == "audit" && summary["asked"] as? Int == 3)
    #expect(summary["skipped"] as? Int == 1 && summary["left"] as? Int == 1)
    let labels = try #require(summary["labels"] as? [[String: String]])
    #expect(try listed(folder) == labels.map { "\($0["id"] ?? "") \($0["label"] ?? "") audit" })
  }

  @Test("the next commands use the labels and say so")
  func used() throws {
    let folder = try Self.fruit()
    #expect(try HunchBinary.run(["evaluate"], in: folder).status == 65)
    try folder.write("l.csv", "id,label\n9,sweet\n10,sour\n11,sweet\n12,sour\n")
    #expect(
      try HunchBinary.succeed(["label", "--import", "l.csv", "--audit"], in: folder)
        == "Labels  4 rows: 4 new, 0 in place of another label, 0 known\n")
    let evaluated = try HunchBinary.succeed(["evaluate"], in: folder)
    #expect(evaluated.hasPrefix("Evaluation  split test, 4 documents with gold\n"))
    #expect(evaluated.contains("\ngold labels from the workspace: 4 audit, 0 repair\n"))
    let analyzed = try HunchBinary.run(["analyze"], in: folder)
    #expect(analyzed.output.contains("\ngold labels from the workspace: 4 audit, 0 repair\n"))
    #expect(analyzed.errors.isEmpty)
    _ = try HunchBinary.succeed(
      ["export", ".", "labels", "--output", "out.csv", "--quiet"], in: folder)
    #expect(try folder.text("out.csv").hasPrefix("id,label,use,time\n"))
    _ = try HunchBinary.succeed(["label", "--remove", "9", "--remove", "10"], in: folder)
    #expect(try listed(folder) == ["11 sweet audit", "12 sour audit"])
    _ = try HunchBinary.succeed(["label", "--import", "out.csv"], in: folder)
    #expect(try listed(folder).count == 4)
    // A class less and a document less: said once, and never a crash.
    try folder.write(
      "hunch.yaml",
      Projects.fruitConfiguration.replacing("gold: label, ", with: "")
        .replacing("[sweet, sour]", with: "[sweet, sour, bitter]"))
    try folder.write("m.csv", "id,label,use\n1,bitter,audit\n")
    _ = try HunchBinary.succeed(["label", "--import", "m.csv"], in: folder)
    try folder.write(
      "hunch.yaml", Projects.fruitConfiguration.replacing("gold: label, ", with: ""))
    let warned = try HunchBinary.run(["analyze"], in: folder)
    #expect(
      warned.errors == """
        warning: 1 labels of the workspace are of classes that the project does not have, and not used:
                 'hunch label DIR --list'

        """)
    let list = try HunchBinary.run(["label", "--list"], in: folder)
    #expect(list.output.hasPrefix("Labels  5 in the workspace\n"))
    #expect(list.errors == "warning: no class of the project, so not used: bitter\n")
  }

  @Test("a line is one answer, and a test document gets no repair label")
  func refused() throws {
    let folder = try Projects.fruit()
    let keys = try HunchBinary.run(
      ["label", "--document", "1", "--document", "2"], in: folder, input: "ww\nw\n")
    #expect(keys.status == 65 && keys.errors.contains(":1:"))
    #expect(try listed(folder).isEmpty)
    let test = try HunchBinary.run(["label", "--document", "9"], in: folder, input: "w\n")
    #expect(test.status == 64 && test.errors.contains("test split"))
    #expect(try listed(folder).isEmpty)
    // A number that no list can have is none that overflows.
    let most = try HunchBinary.run(
      ["suggest", "functions", "--count", "\(Int.max)"], in: folder)
    #expect(most.status == 0)
  }

  @Test("a damaged label is said to be one, and left out")
  func damaged() throws {
    let folder = try Self.fruit()
    try folder.write("l.csv", "id,label\n9,sweet\n10,sour\n")
    _ = try HunchBinary.succeed(["label", "--import", "l.csv", "--audit"], in: folder)
    try MessageProject.write(folder.path("hunch.workspace")) { db in
      try db.execute(sql: "UPDATE labels SET label = 'sour' WHERE id = '9'")
    }
    let outcome = try HunchBinary.run(["export", ".", "labels", "-o", "o.csv"], in: folder)
    #expect(outcome.status == 0 && outcome.errors.hasSuffix("wrote 1 rows to o.csv\n"))
    #expect(outcome.errors.hasPrefix("warning: 1 damaged labels are left out"))
    let list = try HunchBinary.run(["label", "--list"], in: folder)
    #expect(list.errors == "warning: damaged, so not used: 9\n")
    let analyzed = try HunchBinary.run(["analyze"], in: folder)
    #expect(analyzed.output.contains("\ngold labels from the workspace: 1 audit, 0 repair\n"))
    #expect(
      analyzed.errors.contains("warning: 1 labels of the workspace are damaged, and not used"))
    _ = try HunchBinary.succeed(["label", "--remove", "9"], in: folder)
    #expect(try listed(folder) == ["10 sour audit"])
  }

  @Test("a label counts in place of the corpus's")
  func overrides() throws {
    let folder = try Projects.fruit()
    try folder.write("l.csv", "id,label\n9,sour\n10,sour\n")
    _ = try HunchBinary.succeed(["label", "--import", "l.csv", "--audit"], in: folder)
    let text = try HunchBinary.succeed(["evaluate"], in: folder)
    #expect(
      text.contains(
        "\ngold labels from the workspace: 2 audit, 0 repair; 2 in place of the corpus's, 1 of "
          + "another class\n"))
    #expect(try HunchBinary.json(["explain", ".", "9"], in: folder)["gold"] as? String == "sour")
  }

  @Test("what is wrong ends with a status and a message, and stores nothing")
  func failures() throws {
    let folder = try Self.fruit()
    func fail(_ arguments: [String], _ status: Int32, _ message: String, input: String = "") throws
    {
      let outcome = try HunchBinary.run(["label"] + arguments, in: folder, input: input)
      #expect(outcome.status == status && outcome.errors.contains(message), "\(outcome)")
    }
    try fail(["--audit", "--repair"], 64, "--audit and --repair exclude each other")
    try fail(["--count", "0"], 64, "--count takes")
    try fail(["--list", "--remove", "3"], 64, "exclude each other")
    try fail(["--repair", "--split", "test"], 64, "--repair takes no documents of the test split")
    try fail(["--table-format", "csv"], 64, "--table-format goes with --import")
    try fail(["--document", "99"], 64, "no document with the id '99'")
    try fail(["--remove", "3"], 64, "the workspace has no label of the document '3'")
    try fail(["--import", "none.csv"], 66, "none.csv: no such file")
    try folder.write("l.csv", "id,label\n1,sweet\n2,bitter\n")
    try fail(["--import", "l.csv", "--audit"], 65, "l.csv:3: column 'label': none of the classes")
    try folder.write("l.csv", "id,label\n1,sweet\n")
    try fail(["--import", "l.csv"], 65, "l.csv:2: column 'use': empty: say --audit or --repair")
    #expect(try listed(folder) == [])
    try fail(
      ["--document", "2", "--document", "3"], 65, "standard input:3: not a key",
      input: "o\n\nlemon so sharp\n")
    #expect(try listed(folder) == ["2 sour repair"])
    let nothing = try HunchBinary.run(
      ["label", "--split", "valid"], in: folder, input: "w\n")
    #expect(nothing.status == 0)
    #expect(nothing.output == "no document of split valid is without a gold label\n")
  }
}
