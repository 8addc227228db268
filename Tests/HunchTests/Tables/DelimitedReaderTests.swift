import Foundation
import Hunch
import ProjectSupport
import TestSupport
import Testing

@Suite struct DelimitedReaderTests {
  /// A file, and the header and rows that it stands for.
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var text: String
    var columns: [String]
    var rows: [[String]]

    init(_ name: String, _ text: String, _ columns: [String], _ rows: [[String]]) {
      testDescription = name
      (self.text, self.columns, self.rows) = (text, columns, rows)
    }
  }

  static let cases = [
    Case("line feeds", "a,b\n1,2\n3,4\n", ["a", "b"], [["1", "2"], ["3", "4"]]),
    Case("CRLF", "a,b\r\n1,2\r\n3,4\r\n", ["a", "b"], [["1", "2"], ["3", "4"]]),
    Case("lone returns", "a,b\r1,2\r3,4\r", ["a", "b"], [["1", "2"], ["3", "4"]]),
    Case(
      "mixed line ends", "a,b\r1,2\n3,4\r\n5,6", ["a", "b"],
      [["1", "2"], ["3", "4"], ["5", "6"]]),
    Case("no last line end", "a,b\n1,2", ["a", "b"], [["1", "2"]]),
    Case("no rows", "a,b", ["a", "b"], []),
    Case("quoted", "\"a\",b\n\"1\",\"2\"\n", ["a", "b"], [["1", "2"]]),
    Case("delimiter in quotes", "a,b\n\"1,2\",3\n", ["a", "b"], [["1,2", "3"]]),
    Case(
      "doubled quotes", "a,b\n\"say \"\"no\"\"\",\"\"\"\"\n", ["a", "b"], [["say \"no\"", "\""]]),
    Case("line ends in quotes", "a,b\n\"1\n2\r\n3\r4\",5\n", ["a", "b"], [["1\n2\r\n3\r4", "5"]]),
    Case("line end in the header", "\"a\nb\",c\n1,2\n", ["a\nb", "c"], [["1", "2"]]),
    Case(
      "empty fields", "a,b,c\n,,\n\"\",,\"\"\n", ["a", "b", "c"], [["", "", ""], ["", "", ""]]),
    Case("empty last field at the end", "a,b\n1,", ["a", "b"], [["1", ""]]),
    Case("quoted empty line of one column", "a\n\"\"\nx\n", ["a"], [[""], ["x"]]),
    Case(
      "empty lines", "\n\r\na,b\n\n\n1,2\r\n\r\n\n3,4\n\n", ["a", "b"], [["1", "2"], ["3", "4"]]),
    Case("spaces stay", " a ,b\n 1 ,\t2\n", [" a ", "b"], [[" 1 ", "\t2"]]),
    Case("quote inside a plain field", "a,b\nx\"y,5\"\n", ["a", "b"], [["x\"y", "5\""]]),
    Case("space before a quote", "a,b\n \"x\",y\n", ["a", "b"], [[" \"x\"", "y"]]),
    Case("byte-order mark", "\u{FEFF}a,b\n1,2\n", ["a", "b"], [["1", "2"]]),
    Case("byte-order mark before a quote", "\u{FEFF}\"a\",b\n1,2\n", ["a", "b"], [["1", "2"]]),
    Case("mark inside the file", "a\n\u{FEFF}x\n", ["a"], [["\u{FEFF}x"]]),
    Case("Unicode", "größe,名\n\"ü,ö\",👍🏽\n", ["größe", "名"], [["ü,ö", "👍🏽"]]),
    Case("NUL", "a,b\nx\u{0}y,\"\u{0}\"\n", ["a", "b"], [["x\u{0}y", "\u{0}"]]),
    Case("quote closes at the end of the file", "a,b\n1,\"2\"", ["a", "b"], [["1", "2"]]),
  ]

  @Test(arguments: cases, [1, 2, 3, 7, 1 << 16])
  func readsByTheStandard(_ test: Case, blockSize: Int) throws {
    let folder = try Folder()
    let reading = Reading(try folder.write("t.csv", test.text), blockSize: blockSize)
    #expect(reading.failure == nil)
    #expect(reading.columns == test.columns)
    #expect(reading.rows == test.rows)
    #expect(reading.outcomes.count == test.rows.count)
  }

  @Test func tabsDifferInTheDelimiterAlone() throws {
    let folder = try Folder()
    let path = try folder.write("t.tsv", "a\tb\n1,2\t\"x\ty\"\nsay \"no\"\t\"\"\n")
    #expect(Reading(path).rows == [["1,2", "x\ty"], ["say \"no\"", ""]])
    #expect(Reading(try folder.write("t.tab", "a\tb\n1\t2\n")).columns == ["a", "b"])
  }

  @Test(arguments: [1, 2, 3, 7, 1 << 16])
  func badRowsAreNamedAndPassedOver(blockSize: Int) throws {
    let folder = try Folder()
    let text = "a,b\n1,2\n3\n\"x\ny\",z\n\"p\"q,r\n4,5,6\n\n7,8\r\n9,\"open\n10,11\n12,13\n"
    let reading = Reading(try folder.write("t.csv", text), blockSize: blockSize)
    #expect(
      reading.outcomes == [
        .row(["1", "2"], line: 2), .bad(.fieldCount(found: 1, expected: 2), line: 3),
        .row(["x\ny", "z"], line: 4), .bad(.textAfterQuote(column: "a"), line: 6),
        .bad(.fieldCount(found: 3, expected: 2), line: 7), .row(["7", "8"], line: 9),
        .bad(.unterminatedQuote(column: "b"), line: 10), .row(["10", "11"], line: 11),
        .row(["12", "13"], line: 12),
      ])
  }

  @Test func rowsAreNumberedWithTheBadOnes() throws {
    let folder = try Folder()
    let reader = try TableReader(path: try folder.write("t.csv", "a,b\n1,2\n3\n4,5\n"))
    #expect(try reader.next()?.number == 1)
    #expect(throws: TableError.self) { try reader.next() }
    #expect(reader.lastRowText == "3\n")
    let row = try reader.next()
    #expect(row?.number == 3)
    #expect(row?.line == 4)
    #expect(reader.lastRowText == "4,5\n")
    #expect(try reader.next() == nil)
    #expect(try reader.next() == nil)
  }

  @Test(arguments: [1, 5, 1 << 16])
  func invalidUTF8IsABadRow(blockSize: Int) throws {
    let folder = try Folder()
    var bytes = Array("a,b\n1,2\n".utf8)
    bytes += [0x78, 0x2C, 0xC3, 0x28, 0x0A]
    bytes += [0xED, 0xA0, 0x80, 0x2C, 0x79, 0x0A]
    bytes += Array("3,4\n".utf8)
    let reading = Reading(try folder.write("t.csv", bytes), blockSize: blockSize)
    #expect(
      reading.outcomes == [
        .row(["1", "2"], line: 2), .bad(.invalidUTF8(column: "b"), line: 3),
        .bad(.invalidUTF8(column: "a"), line: 4), .row(["3", "4"], line: 5),
      ])
  }

  @Test(arguments: [1, 3, 7, 64, 1 << 16])
  func rowsBeyondTheLimitArePassedOver(blockSize: Int) throws {
    let folder = try Folder()
    let long = String(repeating: "x", count: 100)
    let text = "a,b\n1,\(long)\n2,\"\(long)\"\n3,\"open\n4,5\n\(long)\n6,7\n"
    let reading = Reading(try folder.write("t.csv", text), blockSize: blockSize, limit: 50)
    #expect(
      reading.outcomes == [
        .bad(.tooLong(limit: 50), line: 2), .bad(.tooLong(limit: 50), line: 3),
        .bad(.unterminatedQuote(column: "b"), line: 4), .row(["4", "5"], line: 5),
        .bad(.tooLong(limit: 50), line: 6), .row(["6", "7"], line: 7),
      ])
  }

  @Test func hugeFieldsAreReadWhole() throws {
    let folder = try Folder()
    let long = String(repeating: "lorem \"ipsum\"\n", count: 100_000)
    let quoted = long.replacingOccurrences(of: "\"", with: "\"\"")
    let path = try folder.write("t.csv", "a,b\n1,\"\(quoted)\"\n2,x\n")
    #expect(
      Reading(path).outcomes == [.row(["1", long], line: 2), .row(["2", "x"], line: 100_003)])
  }

  @Test func chosenColumnsComeInTheOrderWanted() throws {
    let folder = try Folder()
    let path = try folder.write("t.csv", "a,b,c\n1,2,3\n")
    #expect(Reading(path, columns: ["c", "a"]).rows == [["3", "1"]])
    let failure = try #require(Reading(path, columns: ["B"]).failure)
    #expect(failure == .missingColumn(path: path, column: "B", known: ["a", "b", "c"]))
    #expect(failure.hint == "did you mean 'b'?")
  }

  @Test func structuralErrors() throws {
    let folder = try Folder()
    let empty = try folder.write("empty.csv", "\n\n")
    #expect(Reading(empty).failure == .empty(path: empty))
    let double = try folder.write("double.csv", "a,b,a\n")
    #expect(Reading(double).failure == .duplicateColumn(path: double, column: "a"))
    let missing = folder.path("missing.csv")
    #expect(Reading(missing).failure == .missing(path: missing))
    #expect(Reading(missing).failure?.status == .inputMissing)
    #expect(Reading(folder.path("x.xlsx")).failure?.status == .usage)
    #expect(Reading("-").failure == .unknownFormat(path: "-"))
    let header = try folder.write("header.csv", "a,\"b\n1,2\n")
    #expect(
      Reading(header).failure
        == .badHeader(path: header, line: 1, problem: .unterminatedQuote(column: nil)))
    #expect(Reading(folder.directory, format: .csv).failure?.status == .inputOutput)
  }

  @Test func messagesNameThePlaceAndNotTheContent() {
    let error = TableError.badRow(
      path: "a.csv", line: 7, problem: .textAfterQuote(column: "text"))
    #expect(error.description == "a.csv:7: column 'text': text after a closing quote")
    #expect(error.hint == "write a quote inside a quoted field as two quotes")
    let count = TableError.badRow(
      path: "a.csv", line: 7, problem: .fieldCount(found: 1, expected: 3))
    #expect(count.description == "a.csv:7: 1 field where the header has 3")
  }

  @Test(arguments: 0..<400)
  func agreesWithTheNaiveReader(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let alphabet: [[UInt8]] = [
      [0x61], [0x62], [0x2C], [0x2C], [0x22], [0x22], [0x0A], [0x0A], [0x0D], [0x0D, 0x0A],
      [0xC3, 0xA9], [0xC3],
    ]
    var bytes = Array("h,i\n".utf8)
    if seed % 10 == 0 { bytes = [] }
    for _ in 0..<Int.random(in: 0...60, using: &random) {
      bytes += alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
    }
    let folder = try Folder()
    let path = try folder.write("t.csv", bytes)
    let expected = NaiveDelimited.read(bytes, path: path)
    for blockSize in [1, 2, 3, 7, 1 << 16] {
      let reading = Reading(path, blockSize: blockSize)
      #expect(reading == expected, "block size \(blockSize): \(bytes)")
    }
  }
}
