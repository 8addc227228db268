import Foundation
import Hunch
import ProjectSupport
import Testing

/// Imports that would lose much, and what is said of them.
@Suite struct ImportLimitTests {
  private func file(_ folder: Folder, good: Int, bad: Int) throws -> String {
    let rows =
      (0..<good).map { "\($0),x\n" }.joined() + (0..<bad).map { "\($0 + good)\n" }.joined()
    return try folder.write("a.csv", "id,t\n" + rows)
  }

  @Test func aTenthMayBeRejectedAndNoMore() throws {
    let folder = try Folder()
    try folder.run([try file(folder, good: 18, bad: 2)])
    #expect(try folder.rows().count == 18)
    let bytes = try folder.bytes("corpus.sqlite")
    let path = try file(folder, good: 17, bad: 2)
    for replace in [true, false] {
      let failure = folder.failure([path]) {
        $0.replace = replace
        $0.table = replace ? "documents" : "other"
        $0.rejected = folder.path("bad.csv")
      }
      #expect(failure?.status == .badData)
      #expect(failure?.description.contains("2 of 19 rows") == true)
      #expect(failure?.description.contains("wrong number of fields") == true)
      #expect(failure?.hint?.contains("--keep-going") == true)
      #expect(try folder.bytes("corpus.sqlite") == bytes)
      #expect(Reading(folder.path("bad.csv")).rows.count == 2)
    }
    try folder.run([path]) {
      $0.replace = true
      $0.keepGoing = true
    }
    #expect(try folder.rows().count == 17)
  }

  @Test func aFailedImportMakesNoDatabase() throws {
    let folder = try Folder()
    let path = try file(folder, good: 1, bad: 1)
    #expect(folder.failure([path])?.status == .badData)
    #expect(try folder.names == ["a.csv"])
  }

  @Test func theTenthIsOfAllFiles() throws {
    let folder = try Folder()
    let large = try file(folder, good: 30, bad: 0)
    let small = try folder.write("b.csv", "id,t\n100,x\n1,again\n")
    let report = try folder.run([large, small])
    #expect(report.rejected == 1)
  }

  @Test func aJoinedFileCountsByItself() throws {
    let folder = try Folder()
    let path = try file(folder, good: 30, bad: 0)
    let joined = try folder.write(
      "j.csv", Array("id,city\n1,K".utf8) + [0xF6] + Array("ln\n2,x\n".utf8))
    let failure = folder.failure([path]) { $0.joins = [.init(file: joined, key: "id")] }
    #expect(failure?.description.contains("j.csv: 1 of 2 rows") == true)
    let report = try folder.run([path]) {
      $0.joins = [.init(file: joined, key: "id")]
      $0.dialect = TableDialect(encoding: "windows-1252")
    }
    #expect(report.joins[0].used == 2)
  }

  static let guesses: [(encoding: String, bytes: [UInt8])] = [
    ("windows-1252", [0x49, 0x74, 0x92, 0x73, 0x20, 0x93, 0x66, 0x69, 0x6E, 0x65, 0x94]),
    ("windows-1252", [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72, 0x73, 0x74, 0x72, 0x61, 0xDF, 0x65]),
    ("windows-1251", [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2, 0x2E, 0x20, 0xEC, 0xE8, 0xF0, 0x21]),
    ("gb18030", [0xCC, 0xAB, 0xB2, 0xEE, 0xC1, 0xCB]),
    ("shift_jis", [0x83, 0x5C, 0x83, 0x74, 0x83, 0x67]),
  ]

  @Test(arguments: guesses.indices)
  func theLikeliestEncodingIsNamed(_ index: Int) throws {
    let (encoding, bytes) = Self.guesses[index]
    let folder = try Folder()
    let path = try folder.write("a.csv", Array("id,t\n1,".utf8) + bytes)
    let hint = folder.failure([path])?.hint ?? ""
    #expect(hint.contains("--encoding \(encoding);"))
  }

  @Test(arguments: ["id,t\n", "id,t\n1\n2\n"], [true, false])
  func aTableIsNotReplacedByNothing(_ text: String, keepGoing: Bool) throws {
    let folder = try Folder()
    try folder.run([try folder.write("old.csv", "id,t\n1,a\n")])
    let bytes = try folder.bytes("corpus.sqlite")
    let failure = folder.failure([try folder.write("a.csv", text)]) {
      $0.replace = true
      $0.keepGoing = keepGoing
    }
    #expect(failure?.status == .badData)
    #expect(try folder.bytes("corpus.sqlite") == bytes)
  }

  @Test func jsonStringsStayStrings() throws {
    let folder = try Folder()
    let path = try folder.write(
      "a.jsonl",
      """
      {"id": "1", "s": "1.5", "n": 1.5, "m": 7, "x": 1}
      {"id": "2", "s": "2.5", "n": 2.0, "m": null, "x": "2"}
      {"id": "3", "s": null, "n": NaN, "m": 9007199254740993, "x": 3}
      """)
    let report = try folder.run([path])
    #expect(report.schema == ["id TEXT", "s TEXT", "n REAL", "m INTEGER", "x TEXT"])
    #expect(
      try folder.rows() == [
        ["'1'", "'1.5'", "1.5", "7", "'1'"], ["'2'", "'2.5'", "2.0", "NULL", "'2'"],
        ["'3'", "NULL", "NULL", "9007199254740993", "'3'"],
      ])
  }

  @Test func namesWithControlCharactersAreShownWithoutThem() throws {
    let folder = try Folder()
    let path = try folder.write("a.csv", "id,\u{1B}[31mred\u{0}\n1,x\n")
    for failure in [folder.failure([path]), folder.failure([path]) { $0.text = "\u{1B}x" }] {
      let shown = try #require(failure).description + (failure?.hint ?? "")
      #expect(shown.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }
  }

  @Test func leftoversOfKilledImportsAreRemoved() throws {
    let folder = try Folder()
    let gone = try Process.run(URL(fileURLWithPath: "/bin/true"), arguments: [])
    gone.waitUntilExit()
    let path = try folder.write("a.csv", "id,t\n1,x\n")
    for replace in [false, true] {
      _ = try folder.write("corpus.sqlite.\(gone.processIdentifier)-77.tmp", "half")
      try folder.run([path]) { $0.replace = replace }
      #expect(try folder.names == ["a.csv", "corpus.sqlite"])
    }
  }

  @Test func theHintNamesTheOptions() throws {
    let folder = try Folder()
    let path = try folder.write("a.csv", "id,t\n1,x\n")
    try folder.run([path])
    let hint = folder.failure([path])?.hint
    #expect(hint?.contains("--table") == true && hint?.contains("--replace") == true)
  }
}
