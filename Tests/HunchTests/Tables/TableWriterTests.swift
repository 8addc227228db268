import Foundation
import Hunch
import ProjectSupport
import TestSupport
import Testing

@Suite struct TableWriterTests {
  static let values: [TableValue] = [
    .text("a,b"), .integer(-3), .real(0.1), .boolean(true), .null, .text(""),
  ]
  static let columns = ["t", "i", "r", "b", "n", "e"]

  private func write(
    _ folder: Folder, _ name: String, _ columns: [String], _ rows: [[TableValue]]
  ) throws -> String {
    let writer = try TableWriter(path: folder.path(name), columns: columns)
    for row in rows { try writer.write(row) }
    try writer.finish()
    return try folder.text(name)
  }

  @Test func csvQuotesWhatNeedsIt() throws {
    let folder = try Folder()
    #expect(
      try write(folder, "t.csv", Self.columns, [Self.values])
        == "t,i,r,b,n,e\n\"a,b\",-3,0.1,true,,\n")
    let text = try write(
      folder, "u.csv", ["a\"b", "c"],
      [
        [.text("\r"), .text("tab\t")], [.text("x\ny"), .text("\"")],
        [.real(1e300), .real(0.1 + 0.2)],
      ])
    #expect(
      text
        == "\"a\"\"b\",c\n\"\r\",\"tab\t\"\n\"x\ny\",\"\"\"\"\n1e+300,0.30000000000000004\n")
  }

  @Test func tsvQuotesTabs() throws {
    let folder = try Folder()
    #expect(
      try write(folder, "t.tsv", ["a", "b"], [[.text("x\ty"), .text("1,2")]])
        == "a\tb\n\"x\ty\"\t1,2\n")
  }

  @Test func whatATSVReaderMayMistakeIsQuotedThroughout() throws {
    let folder = try Folder()
    let rows: [[TableValue]] = [[.integer(1), .text("Al\tpos\n2\tbo"), .text("x"), .null]]
    #expect(
      try write(folder, "t.tsv", ["a", "b", "c", "d"], rows)
        == "a\tb\tc\td\n\"1\"\t\"Al\tpos\n2\tbo\"\t\"x\"\t\"\"\n")
    #expect(Reading(folder.path("t.tsv")).rows == [["1", "Al\tpos\n2\tbo", "x", ""]])
    #expect(try write(folder, "one.tsv", ["a"], [[.text("x\ny")]]) == "\"a\"\n\"x\ny\"\n")
    #expect(Reading(folder.path("one.tsv")).rows == [["x\ny"]])
  }

  @Test func namesWithSeparatorsDoNotNameTheSeparator() throws {
    let folder = try Folder()
    let columns = ["id", "a;b;c", "x|y|z"]
    _ = try write(folder, "t.csv", columns, [[.integer(1), .text("p;q"), .text("r|s|t")]])
    #expect(Reading(folder.path("t.csv")).columns == columns)
    #expect(Reading(folder.path("t.csv")).rows == [["1", "p;q", "r|s|t"]])
  }

  @Test(arguments: [TableFormat.csv, .tsv, .jsonl])
  func formulasAreMarkedAsTextsOnRequest(format: TableFormat) throws {
    let folder = try Folder()
    let path = folder.path("t." + format.rawValue)
    let texts = ["=1+1", "+x", "-x", "@a", "\tb", "\rc", "-5", "+1.5", "-1e3", "a=b", "'", ""]
    let marked = [
      "'=1+1", "'+x", "'-x", "'@a", "'\tb", "'\rc", "-5", "+1.5", "-1e3", "a=b", "'", "",
    ]
    for isSafe in [false, true] {
      let writer = try TableWriter(path: path, columns: ["=t", "n"], isSafe: isSafe)
      for text in texts { try writer.write([.text(text), .real(-0.5)]) }
      try writer.finish()
      let isMarked = isSafe && format != .jsonl
      let reading = Reading(path)
      #expect(reading.columns == [isMarked ? "'=t" : "=t", "n"])
      #expect(reading.rows.map { $0[0] } == (isMarked ? marked : texts))
      #expect(reading.rows.allSatisfy { $0[1] == "-0.5" })
    }
  }

  @Test func leftoversOfKilledWritersAreRemoved() throws {
    let folder = try Folder()
    let gone = try Process.run(URL(fileURLWithPath: "/bin/true"), arguments: [])
    gone.waitUntilExit()
    let dead = gone.processIdentifier
    let kept = [
      "t.csv.\(getpid())-1.tmp", "t.csv.\(dead)-x.tmp", "t.csv.\(dead)-1.tmp.bak",
      "t.csvx.\(dead)-1.tmp", "u.csv.\(dead)-1.tmp", "t.csv.0-1.tmp", "t.csv.-1-1.tmp",
    ]
    for name in kept { _ = try folder.write(name, "x") }
    let other = try folder.write("other", "y")
    let link = folder.path("t.csv.\(dead)-2.tmp")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: other)
    let directory = folder.path("t.csv.\(dead)-3.tmp")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    _ = try folder.write("t.csv.\(dead)-1.tmp", "left")
    // Whoever still writes, in a container for example, holds the lock.
    let locked = open(try folder.write("t.csv.\(dead)-4.tmp", "locked"), O_RDONLY)
    defer { close(locked) }
    #expect(flock(locked, LOCK_EX | LOCK_NB) == 0)
    _ = try write(folder, "t.csv", ["a"], [])
    let links = ["t.csv.\(dead)-2.tmp", "t.csv.\(dead)-3.tmp", "t.csv.\(dead)-4.tmp"]
    #expect(try folder.names == (kept + links + ["other", "t.csv"]).sorted())
    #expect(try folder.text("other") == "y")
  }

  @Test func jsonlKeepsTypes() throws {
    let folder = try Folder()
    #expect(
      try write(folder, "t.jsonl", Self.columns, [Self.values])
        == "{\"t\":\"a,b\",\"i\":-3,\"r\":0.1,\"b\":true,\"n\":null,\"e\":\"\"}\n")
    let text = try write(
      folder, "u.jsonl", ["a\"b"],
      [[.text("\u{0}\u{1F}\"\\\n\r\t\u{8}\u{C}/é👍")], [.real(.nan)], [.real(-.infinity)]])
    #expect(
      text
        == "{\"a\\\"b\":\"\\u0000\\u001f\\\"\\\\\\n\\r\\t\\b\\f/é👍\"}\n"
        + "{\"a\\\"b\":null}\n{\"a\\\"b\":null}\n")
  }

  @Test func emptyRowsOfOneColumnAreNotEmptyLines() throws {
    let folder = try Folder()
    #expect(try write(folder, "t.csv", ["a"], [[.null], [.text("")]]) == "a\n\"\"\n\"\"\n")
    #expect(Reading(folder.path("t.csv")).rows == [[""], [""]])
  }

  @Test(arguments: TableFormat.allCases, 0..<40)
  func whatIsWrittenIsReadBack(format: TableFormat, seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let folder = try Folder()
    let path = folder.path("t." + format.rawValue)
    let width = Int.random(in: 1...4, using: &random)
    let columns = (0..<width).map { "\($0)" + random.text() }
    let rows = (0..<Int.random(in: 1...30, using: &random)).map { _ in
      (0..<width).map { _ in random.text() }
    }
    let writer = try TableWriter(path: path, columns: columns)
    for row in rows { try writer.write(row.map { .text($0) }) }
    try writer.finish()
    for blockSize in [1, 2, 3, 7, 1 << 16] {
      let reading = Reading(path, blockSize: blockSize)
      #expect(reading.columns == columns)
      #expect(reading.rows == rows)
    }
  }

  @Test(arguments: 0..<20)
  func numbersAreReadBackExactly(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let numbers = (0..<50).compactMap { _ in
      let number = Double(bitPattern: random.next())
      return number.isFinite ? number : nil
    }
    let folder = try Folder()
    for name in ["t.csv", "t.jsonl"] {
      let writer = try TableWriter(path: folder.path(name), columns: ["x"])
      for number in numbers { try writer.write([.real(number)]) }
      try writer.finish()
      #expect(Reading(folder.path(name)).rows.map { $0[0].flatMap(Double.init) } == numbers)
    }
  }

  @Test func anAbandonedWriteLeavesTheOldFile() throws {
    let folder = try Folder()
    let path = try folder.write("t.csv", "old\n")
    do {
      let writer = try TableWriter(path: path, columns: ["a"])
      for _ in 0..<100_000 { try writer.write([.text("new")]) }
      #expect(try folder.names.count == 2)
    }
    #expect(try folder.names == ["t.csv"])
    #expect(try folder.text("t.csv") == "old\n")
  }

  @Test func linksAndPermissionsStay() throws {
    let folder = try Folder()
    let path = try folder.write("real.csv", "old\n")
    chmod(path, 0o600)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.csv"), withDestinationPath: path)
    _ = try write(folder, "link.csv", ["a"], [])
    #expect(try folder.text("real.csv") == "a\n")
    let kind = try FileManager.default.attributesOfItem(atPath: folder.path("link.csv"))[.type]
    #expect(kind as? FileAttributeType == .typeSymbolicLink)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test func whatCannotBeCreatedIsNamed() throws {
    let folder = try Folder()
    func failure(_ path: String, _ columns: [String] = ["a"]) -> TableError? {
      do throws(TableError) {
        _ = try TableWriter(path: path, columns: columns)
        return nil
      } catch { return error }
    }
    #expect(failure(folder.path("none/t.csv"))?.status == .cannotCreate)
    #expect(failure("t.xlsx") == .unknownFormat(path: "t.xlsx"))
    #expect(failure("t.csv", ["a", "a"]) == .duplicateColumn(path: "t.csv", column: "a"))
    try FileManager.default.createDirectory(
      atPath: folder.path("d.csv"), withIntermediateDirectories: false)
    #expect(failure(folder.path("d.csv"))?.status == .cannotCreate)
  }

  @Test func aClosedPipeIsATypedError() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    let writer = try TableWriter(
      path: "-", format: .csv, columns: ["a"], standardOutput: ends[1])
    defer { close(ends[1]) }
    #expect(throws: TableError.brokenPipe(path: "-")) {
      for _ in 0..<100_000 { try writer.write([.text("some text")]) }
      try writer.finish()
    }
    #expect(TableError.brokenPipe(path: "-").status == .inputOutput)
  }

  @Test func devicesAreWrittenDirectly() throws {
    let writer = try TableWriter(path: "/dev/null", format: .csv, columns: ["a"])
    try writer.write([.integer(1)])
    try writer.finish()
    let kind = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type]
    #expect(kind as? FileAttributeType == .typeCharacterSpecial)
  }
}
