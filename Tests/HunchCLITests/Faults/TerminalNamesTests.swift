import Foundation
import Testing

/// Names and ids with characters that drive a terminal: escape sequences, the bell, both blocks of
/// control characters, marks of direction, line separators.
@Suite("Names that would drive a terminal")
struct TerminalNamesTests {
  private static let wild =
    "x\u{1B}[31m\u{7}\u{8}\r\u{9B}2J\u{85}\u{202E}\u{2066}\u{200F}\u{61C}\u{2028}\u{7F}"
    + (Unicode.Scalar(0xFDD0 as UInt32).map { String($0) } ?? "") + "y"
  private static let visible = "x␛[31m␇␈␍"

  private func drivers(_ text: String) -> [String] {
    text.unicodeScalars.filter { scalar in
      switch scalar.value {
      case 0x09, 0x0A: false
      case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069,
        0xFDD0...0xFDEF:
        true
      default: false
      }
    }.map { String($0.value, radix: 16) }
  }

  private func quoted(_ cell: String) -> String { "\"\(cell)\"" }

  /// Classes, functions, ids and a file whose names are wild.
  private func project() throws -> Folder {
    let folder = try Folder()
    let wild = Self.wild
    var rows = "id,text,label,split\n"
    var votes = "id,\(quoted("f" + wild)),\(quoted("g" + wild)),h\n"
    for index in 0..<16 {
      let (id, label) = (quoted("d\(index)" + wild), quoted((index % 2 == 0 ? "a" : "b") + wild))
      rows += "\(id),\(index % 2 == 0 ? "ripe" : "sharp") fruit,\(label),train\n"
      votes += "\(id),\(label),\(index % 3 == 0 ? quoted("a" + wild) : ""),\(label)\n"
    }
    try folder.write("notes.csv", rows)
    try folder.write("v.csv", votes)
    var label = ""
    for scalar in wild.unicodeScalars {
      if (0x20..<0x7F).contains(scalar.value) {
        label.unicodeScalars.append(scalar)
      } else {
        // Four digits, as YAML wants them.
        let digits: String = String(0x10000 + scalar.value, radix: 16)
        label += "\\u" + digits.dropFirst()
      }
    }
    try folder.write(
      "hunch.yaml",
      """
      labels: ["a\(label)", "b\(label)"]
      corpus: { path: c.sqlite, table: notes, id: id, text: text, gold: label, split: split }
      votes: [{ path: v.csv }]

      """)
    _ = try HunchBinary.succeed(
      ["import", "notes.csv", "--into", "c.sqlite", "--table", "notes"], in: folder)
    return folder
  }

  @Test("tables, warnings and sentences show them")
  func reports() throws {
    let folder = try project()
    let commands = [
      ["run", "."], ["apply", ".", "--dry-run"], ["analyze", "."],
      ["analyze", ".", "--function", "f" + Self.wild],
      ["conflicts", "."], ["fit", "."], ["evaluate", ".", "--buckets"],
      ["evaluate", ".", "--worst", "3"], ["explain", ".", "d3" + Self.wild], ["runs", "."],
    ]
    for command in commands {
      let outcome = try HunchBinary.run(command, in: folder)
      #expect(drivers(outcome.output) == [], "\(command)")
      #expect(drivers(outcome.errors) == [], "\(command)")
      if command[0] != "runs", command[0] != "apply" {
        #expect(outcome.output.contains("x␛["), "\(command): \(outcome.output) \(outcome.errors)")
      }
    }
  }

  @Test("JSON has them escaped and gives them back; CSV has them as they are")
  func machines() throws {
    let folder = try project()
    let text = try HunchBinary.succeed(["analyze", ".", "--format", "json"], in: folder)
    #expect(drivers(text) == [])
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let functions = try #require(report["functions"] as? [[String: Any]])
    let names = functions.compactMap { $0["name"] as? String }
    #expect(names.contains { $0.unicodeScalars.elementsEqual(("f" + Self.wild).unicodeScalars) })
    _ = try HunchBinary.succeed(["export", ".", "votes", "--output", "out.csv"], in: folder)
    #expect(try folder.text("out.csv").unicodeScalars.contains("\u{1B}"))
  }

  @Test("errors show them, each in one line")
  func errors() throws {
    let wild = Self.wild + "\n"
    let folder = try Projects.fruit()
    try folder.write("bad.csv", "id,\(quoted("n" + wild))\n1,\(quoted("v" + wild))\n")
    let yaml = Projects.fruitConfiguration.replacing("votes.csv", with: "bad.csv")
    try folder.write("bad/hunch.yaml", "x\u{7}: 1\n")
    try folder.write("hunch2/hunch.yaml", "labels: [a, b]\n\"k\\e[31m\\u202e\": 1\n")
    let cases: [[String]] = [
      ["run", "no" + wild], ["explain", ".", "d" + wild],
      ["analyze", ".", "--function", "f" + wild],
      ["nonsense" + wild], ["run", ".", "--un" + wild], ["run", ".", "--threads", "t" + wild],
      ["run", "hunch2"], ["run", "bad"], ["import", "no" + wild, "--into", "c.sqlite"],
      ["import", "bad.csv", "--into", "c.sqlite", "--id", "i" + wild],
      ["export", ".", "votes", "--output", "no" + wild + "/v.csv"],
      ["predict", "--model", "m" + wild],
    ]
    for command in cases {
      let outcome = try HunchBinary.run(command, in: folder)
      #expect(outcome.status != 0, "\(command)")
      #expect(drivers(outcome.errors + outcome.output) == [], "\(command): \(outcome.errors)")
      #expect(!outcome.errors.isEmpty)
      if outcome.errors.hasPrefix("hunch: ") {
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("  ") }, "\(outcome.errors)")
      }
    }
    try folder.write("hunch.yaml", yaml)
    let outcome = try HunchBinary.run(["apply", "."], in: folder)
    #expect(outcome.status == 65)
    #expect(drivers(outcome.errors) == [])
    #expect(outcome.errors.contains(Self.visible), "\(outcome.errors)")
  }
}
