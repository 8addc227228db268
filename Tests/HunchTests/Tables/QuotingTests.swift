import Foundation
import Hunch
import ProjectSupport
import Testing

/// What quotes mean in files by programs that do not quote.
@Suite struct QuotingTests {
  /// Whether a file is read as its lines stand.
  private func isReadAsWritten(
    _ lines: [String], blockSize: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = try Folder()
    let path = try folder.write("t.tsv", lines.joined(separator: "\n") + "\n")
    let rows = lines.map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    let reading = Reading(path, blockSize: blockSize)
    #expect(reading.columns == rows[0], sourceLocation: sourceLocation)
    #expect(
      reading.outcomes
        == rows.dropFirst().enumerated().map { .row($1, line: $0 + 2) },
      sourceLocation: sourceLocation)
  }

  static let plain: [[String]] = [
    // The quote that closes is in front of a text.
    ["id\ttext\tlabel", "1\t\"odd, she wrote\ta", "2\tfine\tb", "3\t\"quoted\" word\ta"],
    // It is a whole field, or the end of a later text.
    ["id\ttext\tlabel", "7\t\"odd, she wrote\ta", "8\tfine\tb", "9\t\"\ta", "10\tfine\tb"],
    ["id\ttext\tlabel", "7\t\"Ann\ta", "8\tfine\tb", "9\tBob\"\ta", "10\tfine\tb"],
    // It is in the first column, in the last one, in the only one, or nowhere.
    ["text\tlabel", "\"odd\ta", "fine\tb", "42\"\ta", "fine\tb"],
    ["id\ttext", "1\t\"odd", "2\tfine", "3\t42\"", "4\tfine"],
    ["text", "\"odd", "fine", "42\"", "fine"],
    ["id\ttext", "1\tfine", "2\t\"odd", "3\tfine"],
    // Only some rows are whole in quotes.
    ["id\ttext", "1\tfine", "2\t\"Great!\"", "3\tso so"],
    ["id\ttext", "1\t\"Great!\"", "2\tfine", "3\t\"So so\""],
    ["id\ttext\tlabel", "1\tx\t\"a", "2\t\"y\tb\"", "3\tz\tc"],
  ]

  @Test(arguments: plain, [1, 3, 1 << 16])
  func tabsWithoutQuoting(_ lines: [String], blockSize: Int) throws {
    try isReadAsWritten(lines, blockSize: blockSize)
  }

  @Test func everyLineOfALongFileIsARow() throws {
    var lines = ["id\ttext\tlabel"]
    for row in 0..<3_000 {
      lines.append("\(row)\t\(row == 700 || row == 2_500 ? "\"odd" : "fine")\tab\(row % 2)")
    }
    try isReadAsWritten(lines, blockSize: 1 << 12)
  }

  static let quoted: [(text: String, rows: [[String]])] = [
    ("\"id\"\t\"text\"\n\"1\"\t\"x\ty\"\n\"2\"\t\"a\nb\"\n", [["1", "x\ty"], ["2", "a\nb"]]),
    ("\"id\"\t\"text\"\n1\t\"x\"\n2\t\"two\n3\tlines\"\n", [["1", "x"], ["2", "two\n3\tlines"]]),
    ("id\ttext\n\"1\"\t\"x\"\n\"2\"\t\"y\"\n", [["1", "x"], ["2", "y"]]),
    ("id\ttext\n1\t\"x\"\n2\t\"y z\"\n3\t\n", [["1", "x"], ["2", "y z"], ["3", ""]]),
    ("id\ttext\tn\n1\tx\t1\n2\t\"a\nb c\"\t2\n", [["1", "x", "1"], ["2", "a\nb c", "2"]]),
    (
      "id\ttext\n1\tx\n2\t\"say \"\"no\"\"\"\n3\t\"a\tb\"\n",
      [["1", "x"], ["2", "say \"no\""], ["3", "a\tb"]]
    ),
    ("\"text\"\n\"x\ny\"\n\"z\"\n", [["x\ny"], ["z"]]),
  ]

  @Test(arguments: quoted.indices, [1, 3, 1 << 16])
  func tabsWithQuoting(_ index: Int, blockSize: Int) throws {
    let folder = try Folder()
    let reading = Reading(
      try folder.write("t.tsv", Self.quoted[index].text), blockSize: blockSize)
    #expect(reading.outcomes.count == Self.quoted[index].rows.count)
    #expect(reading.rows == Self.quoted[index].rows)
  }

  @Test(arguments: [1, 3, 1 << 16])
  func commasWithoutQuotingAreNoticed(blockSize: Int) throws {
    let folder = try Folder()
    // Text behind the quote that closes.
    let tail = "id,text,label\n1,\"odd she wrote,a\n2,fine,b\n3,\"so\" it is,a\n4,fine,b\n"
    #expect(
      Reading(try folder.write("tail.csv", tail), blockSize: blockSize).outcomes == [
        .bad(.unterminatedQuote(column: "text"), line: 2), .row(["2", "fine", "b"], line: 3),
        .bad(.textAfterQuote(column: "text"), line: 4), .row(["4", "fine", "b"], line: 5),
      ])
    // A well-formed field over lines that are rows.
    for code in ["", "ab-"] {
      let rows =
        "id,text,label\n\(code)7,\"odd,a\n\(code)81,fine,b\n\(code)9,a 42\",a\n\(code)3,x,b\n"
      #expect(
        Reading(try folder.write("rows.csv", rows), blockSize: blockSize).outcomes == [
          .bad(.unterminatedQuote(column: "text"), line: 2),
          .row(["\(code)81", "fine", "b"], line: 3), .row(["\(code)9", "a 42\"", "a"], line: 4),
          .row(["\(code)3", "x", "b"], line: 5),
        ])
    }
    let last = "id,text,label\n1,fine,b\n2,\"odd,a\n3,fine,b\n"
    #expect(
      Reading(try folder.write("last.csv", last), blockSize: blockSize).outcomes == [
        .row(["1", "fine", "b"], line: 2), .bad(.unterminatedQuote(column: "text"), line: 3),
        .row(["3", "fine", "b"], line: 4),
      ])
  }

  @Test func textsOfSeveralLinesStayWhole() throws {
    let folder = try Folder()
    for text in [
      "Dear all,\nwell, yes\nand, no", "1. first, then\n2. second, last", "a,b\nc,d\ne,f",
      "\n\n", "12 apples\n13 pears",
    ] {
      let path = try folder.write("t.csv", "id,text,label\n5,\"\(text)\",x\n6,y,z\n")
      #expect(Reading(path).rows == [["5", text, "x"], ["6", "y", "z"]])
    }
  }

  @Test func separatorsAtTheEndOfALineAddNothing() throws {
    let folder = try Folder()
    for header in ["a,b", "a,b,", "a,b,,"] {
      let path = try folder.write("t.csv", header + "\n1,2\n3,4,\n5,6,,\"\"\n7\n8,9,10\n")
      let reading = Reading(path)
      #expect(reading.columns == ["a", "b"])
      #expect(
        reading.outcomes == [
          .row(["1", "2"], line: 2), .row(["3", "4"], line: 3), .row(["5", "6"], line: 4),
          .bad(.fieldCount(found: 1, expected: 2), line: 5),
          .bad(.fieldCount(found: 3, expected: 2), line: 6),
        ])
    }
  }
}
