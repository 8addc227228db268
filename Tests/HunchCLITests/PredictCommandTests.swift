import Foundation
import Testing

@Suite("hunch predict")
struct PredictCommandTests {
  private func predict(
    _ arguments: [String], in folder: Folder, input: String = ""
  ) throws -> (status: Int32, lines: [[String: Any]], errors: String) {
    let outcome = try HunchBinary.run(
      ["predict", "--model", "m.model"] + arguments, in: folder, input: input)
    let lines = try outcome.output.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
    return (outcome.status, lines, outcome.errors)
  }

  @Test("tables are read by their header, which is no document", arguments: ["csv", "tsv"])
  func tables(ending: String) throws {
    let folder = try Projects.fruitModel()
    let rows = [
      ["number", "body", "price"], ["a", "ripe plum", "1.50"], ["b", "lime", ""],
      ["c", "too", "many", "fields"], ["d", "", "x"],
    ]
    let text = rows.map { $0.joined(separator: ending == "csv" ? "," : "\t") }
      .joined(separator: "\n")
    try folder.write("docs.\(ending)", "\u{FEFF}" + text)
    let options = ["--text", "body", "--id", "number", "--keep", "price"]
    let found = try predict(["docs.\(ending)"] + options, in: folder)
    #expect(found.status == 65)
    #expect(found.lines.map { $0["id"] as? String } == ["a", "b", "d"])
    #expect(found.lines.map { $0["price"] as? String } == ["1.50", "", "x"])
    #expect(found.errors.hasPrefix("hunch: docs.\(ending):4: 4 fields where the header has 3\n"))
    let piped = try predict(["-", "--input-format", ending] + options, in: folder, input: text)
    #expect(piped.lines.count == 3)
    let missing = try predict(["docs.\(ending)"], in: folder)
    #expect(missing.status == 65 && missing.lines.isEmpty)
    #expect(missing.errors.hasPrefix("hunch: docs.\(ending): no column 'text'\n"))
  }

  @Test("--output takes its name when all is written, and stays as it was when that fails")
  func output() throws {
    let folder = try Projects.fruitModel()
    try folder.write("o", "before")
    let lines = "{\"text\": \"plum\", \"id\": 3}\n{\"text\": null}\n"
    #expect(try predict(["--output", "o", "--strict"], in: folder, input: lines).status == 65)
    #expect(try folder.text("o") == "before")
    let found = try predict(["--output", "o"], in: folder, input: lines)
    #expect(found.status == 65 && found.lines.isEmpty)
    #expect(try folder.text("o").hasPrefix("{\"id\":3,\"label\":\""))
    #expect(try folder.text("o").split(separator: "\n").count == 1)
    #expect(try predict(["--output", "no/where"], in: folder, input: lines).status == 73)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(names.allSatisfy { !$0.hasSuffix(".tmp") })
  }

  @Test("64: options that say nothing or take a name that answers have")
  func usage() throws {
    let folder = try Projects.fruitModel()
    for options in [
      ["--input-format", "lines", "--keep", "a"], ["--keep", "label"], ["--keep", "a,b,a"],
      ["--id", "number", "--keep", "id"], ["--input-format", "xml"], ["--output", ""],
    ] {
      #expect(try predict(options, in: folder).status == 64, "\(options)")
    }
  }

  @Test("a field to be given back that lines lack is counted")
  func absent() throws {
    let folder = try Projects.fruitModel()
    let found = try predict(
      ["--keep", "a"], in: folder, input: "{\"text\": \"x\", \"a\": 1}\n{\"text\": \"y\"}")
    #expect(found.status == 0 && found.lines.count == 2)
    #expect(found.errors == "hunch: 1 line has no 'a', and neither has the answer\n")
  }

  @Test(
    "a line of more than 64 MB is an error and takes little memory", .enabled(if: Faults.areHeavy))
  func longLine() throws {
    let folder = try Projects.fruitModel()
    let outcome = try Shell.run(
      "(ulimit -v 6000000; head -c 300000000 /dev/zero | tr '\\0' 'a' | cat - .tail "
        + "| \"$HUNCH\" predict --model m.model) >.stdout 2>.stderr",
      in: try {
        try folder.write(".tail", "\nplum\n"); return folder
      }())
    #expect(outcome.status == 65, "\(outcome.errors)")
    #expect(outcome.output.split(separator: "\n").count == 1)
    #expect(outcome.errors.hasPrefix("hunch: standard input:1: the line is longer than 67108864"))
  }

  @Test("ids that begin with '-' are ids")
  func negativeIDs() throws {
    let folder = try Folder()
    try folder.write("d.csv", "id,text\n-5,ripe plum\n7,sour lime\n-q9,honey\n")
    try folder.write("v.csv", "id,f\n-5,a\n7,b\n-q9,a\n")
    try folder.write(
      "hunch.yaml",
      """
      labels: [a, b]
      corpus: { path: c.sqlite, table: documents, id: id, text: text }
      votes: [{ path: v.csv }]

      """)
    _ = try HunchBinary.succeed(["import", "d.csv", "--into", "c.sqlite"], in: folder)
    for arguments in [
      ["explain", ".", "-5"], ["explain", ".", "--", "-5"], ["explain", ".", "-5", "--top", "2"],
      ["explain", "--top", "2", ".", "-5"],
    ] {
      let text = try HunchBinary.succeed(arguments, in: folder)
      #expect(text.hasPrefix("Document  -5"), "\(arguments): \(text)")
    }
    let behind = try HunchBinary.succeed(["explain", ".", "--", "-q9"], in: folder)
    #expect(behind.hasPrefix("Document  -q9"))
    for arguments in [["-q9"], ["7", "--tip", "3"]] {
      let outcome = try HunchBinary.run(["explain", "."] + arguments, in: folder)
      #expect(outcome.status == 64, "\(arguments)")
    }
    let label = try HunchBinary.succeed(["label", ".", "--document", "-5"], in: folder)
    #expect(label.contains("stored 0 repair labels, 1 of 1 left"))
    let removed = try HunchBinary.run(["label", ".", "--remove", "-5"], in: folder)
    #expect(!removed.errors.contains("Missing value"), "\(removed.errors)")
  }

  @Test("64: two ids, with what stands behind '--' named")
  func severalIDs() throws {
    let outcome = try HunchBinary.run(["explain", ".", "7", "--tip"], in: try Folder())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("explain takes one id, not '7' '--tip'."))
    #expect(outcome.errors.contains("hunch explain DIR -- ID"))
  }
}
