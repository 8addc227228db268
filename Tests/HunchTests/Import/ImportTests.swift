import Foundation
import GRDB
import Hunch
import ProjectSupport
import Synchronization
import TestSupport
import Testing

@Suite struct ImportTests {
  @Test func aFileBecomesATable() throws {
    let folder = try Folder()
    let path = try folder.write(
      "a.csv", "id,body,stars,score,city\n7,\"x, \"\"y\"\"\nz\",5,1.0,Ulm\n3,,-2,2.5,\n5,ü,,,\n")
    let report = try folder.run([path]) { $0.text = "body" }
    #expect(
      try folder.rows() == [
        ["3", "''", "-2", "2.5", "NULL"], ["5", "'ü'", "NULL", "NULL", "NULL"],
        ["7", "'x, \"y\"\nz'", "5", "1.0", "'Ulm'"],
      ])
    #expect(
      report.schema
        == ["id INTEGER", "body TEXT", "stars INTEGER", "score REAL", "city TEXT"])
    #expect(report.database == folder.database && report.table == "documents")
    #expect(report.rows == 3 && report.read == 3 && report.rejected == 0)
    #expect(report.withoutText == 1)
    #expect(report.files.map(\.path) == [path])
    #expect(report.files.map(\.summary) == ["3 3 0"])
    #expect(try folder.names == ["a.csv", "corpus.sqlite"])
  }

  @Test func rowsWithoutIDAreNumbered() throws {
    let folder = try Folder()
    let report = try folder.run([try folder.write("a.tsv", "text\tn\na\t1\nbad\nb\t2\n")]) {
      $0.keepGoing = true
    }
    #expect(report.schema == ["id INTEGER", "text TEXT", "n INTEGER"])
    #expect(try folder.rows() == [["1", "'a'", "1"], ["2", "'b'", "2"]])
    #expect(report.files.map(\.summary) == ["3 2 1, wrong number of fields 1"])
    #expect(report.withoutText == nil)
  }

  @Test func textKeysKeepTheOrderOfTheFile() throws {
    let folder = try Folder()
    let path = try folder.write("a.csv", "key,text\nb,1\n007,2\na,3\n7,4\n")
    let report = try folder.run([path]) {
      $0.id = "key"; $0.text = "text"
    }
    #expect(report.schema == ["key TEXT", "text TEXT"])
    #expect(
      try folder.query("SELECT * FROM documents ORDER BY rowid")
        == [["'b'", "'1'"], ["'007'", "'2'"], ["'a'", "'3'"], ["'7'", "'4'"]])
    #expect(try folder.query("SELECT key FROM documents WHERE key = '007'").count == 1)
  }

  @Test func duplicateAndMissingIDsAreRejected() throws {
    let folder = try Folder()
    let first = try folder.write("a.csv", "id,t\n1,a\n2,b\n1,c\n,d\n")
    let second = try folder.write("b.csv", "t,id\ne,2\nf,3\n")
    let report = try folder.run([first, second]) { $0.keepGoing = true }
    #expect(try folder.rows() == [["1", "'a'"], ["2", "'b'"], ["3", "'f'"]])
    #expect(report.files.map(\.path) == [first, second])
    #expect(
      report.files.map(\.summary)
        == ["4 2 2, duplicate id 1, no id 1", "2 1 1, duplicate id 1"])
    #expect(report.rows == 3 && report.read == 6 && report.rejected == 3)
  }

  @Test func rejectedRowsAreWrittenOnRequest() throws {
    let folder = try Folder()
    let path = try folder.write("a.csv", "id,t\n1,a\n1,\"b\nc\"\n2\n\"3\"x,d\n4,e\n")
    try folder.run([path]) {
      $0.rejected = folder.path("bad.csv")
      $0.keepGoing = true
    }
    #expect(
      Reading(folder.path("bad.csv")).rows == [
        [path, "3", "duplicate id"], [path, "5", "1 field where the header has 2"],
        [path, "6", "column 'id': text after a closing quote"],
      ])
    try folder.run([path]) {
      $0.rejected = folder.path("bad.jsonl")
      $0.rejectedContent = true
      $0.keepGoing = true
      $0.replace = true
    }
    #expect(
      Reading(folder.path("bad.jsonl")).rows.map { $0[3] }
        == ["1,\"b\nc\"\n", "2\n", "\"3\"x,d\n"])
  }

  @Test func filesMayOrderTheirColumnsDifferently() throws {
    let folder = try Folder()
    let files = [
      try folder.write("a.csv", "id,x,y\n1,a,b\n"),
      try folder.write("b.tsv", "y\tid\tx\nd\t2\tc\n"),
      try folder.write("c.jsonl", "{\"x\": \"e\", \"id\": 3}\n"),
    ]
    try folder.run(files)
    #expect(
      try folder.rows()
        == [["1", "'a'", "'b'"], ["2", "'c'", "'d'"], ["3", "'e'", "NULL"]])
  }

  @Test func jsonValuesAreStoredByTheirMeaning() throws {
    let folder = try Folder()
    let path = try folder.write(
      "a.jsonl",
      """
      {"text": "x\\u0000y", "n": 1, "r": 1e3, "b": true, "o": {"k": [1]}, "e": ""}
      {"text": null, "n": null, "r": 2}
      {"text": "", "n": 9223372036854775807, "r": -0.5, "b": false}
      oops
      """)
    let report = try folder.run([path]) {
      $0.text = "text"
      $0.keepGoing = true
    }
    #expect(
      report.schema
        == ["id INTEGER", "text TEXT", "n INTEGER", "r TEXT", "b TEXT", "o TEXT", "e TEXT"])
    #expect(
      try folder.query("SELECT id, hex(text), n, r, b, o, e FROM documents") == [
        ["1", "'780079'", "1", "'1e3'", "'true'", "'{\"k\": [1]}'", "NULL"],
        ["2", "''", "NULL", "'2'", "NULL", "NULL", "NULL"],
        ["3", "''", "9223372036854775807", "'-0.5'", "'false'", "NULL", "NULL"],
      ])
    #expect(
      try folder.query("SELECT typeof(text) FROM documents")
        == [["'text'"], ["'null'"], ["'text'"]])
    #expect(report.withoutText == 2)
    #expect(report.files.map(\.summary) == ["4 3 1, invalid JSON 1"])
  }

  static let types: [(values: [String], type: ColumnType)] = [
    (["0", "-1", "9223372036854775807", "-9223372036854775808"], .integer),
    (["1", "9223372036854775808"], .text), (["01"], .text), (["+1"], .text), (["-0"], .text),
    (["1", " 2"], .text), (["1.5", "2"], .text), (["1.5", "2.0"], .real), (["1.5", "x"], .text),
    (["x", "1"], .text),
    (["0.1", "-0.0", "1e-05", "1e+16"], .real), (["1e-3"], .text), (["1E+5"], .text),
    (["250.0", "250.00"], .text), (["1.10"], .text), (["1_000"], .text), (["infinity"], .text),
    (["4", "4.5", "5"], .text), (["0.5", "-.5"], .text), (["1."], .text), ([".5"], .text),
    (["5."], .text), (["1e"], .text),
    (["1e999"], .text), (["nan"], .text), (["inf"], .text), (["0x10"], .text),
    (["1.5", "007"], .text),
    (["0.1234567890123456789"], .text), (["0.30000000000000004"], .real),
    (["0.5", "9007199254740992.0"], .real), (["0.5", "9007199254740993"], .text),
    (["9007199254740993"], .integer), (["", ""], .text),
    (["", "1"], .integer), (["true"], .text), (["1,5"], .text), (["-"], .text), (["٣"], .text),
  ]

  @Test(arguments: types)
  func typesKeepEveryValue(values: [String], type: ColumnType) throws {
    let folder = try Folder()
    let writer = try TableWriter(path: folder.path("a.csv"), columns: ["x", "y"])
    for value in values { try writer.write([.text(value), .text("y")]) }
    try writer.finish()
    let report = try folder.run([folder.path("a.csv")])
    #expect(report.columns[1].type == type)
    let stored = try DatabaseQueue(path: folder.database).read { db in
      try Row.fetchAll(db, sql: "SELECT x FROM documents ORDER BY id").map {
        $0[0] as DatabaseValue
      }
    }
    for (value, stored) in zip(values, stored) {
      switch type {
      case _ where value.isEmpty: #expect(stored.isNull)
      case .integer: #expect(stored.storage == .int64(try #require(Int64(value))))
      case .real: #expect(stored.storage == .double(try #require(Double(value))))
      case .text: #expect(stored.storage == .string(value))
      }
    }
  }

  @Test(arguments: 0..<30)
  func randomTablesArriveWhole(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let folder = try Folder()
    let format = TableFormat.allCases[Int(seed) % 3].rawValue
    let rows = (0..<Int.random(in: 1...40, using: &random)).map { row in
      ["k\(row)", random.text(), random.text()]
    }
    let writer = try TableWriter(path: folder.path("a." + format), columns: ["id", "t", "u"])
    for row in rows { try writer.write(row.map { .text($0) }) }
    try writer.finish()
    try folder.run([folder.path("a." + format)]) {
      $0.text = "t"
      $0.batchSize = 7
    }
    let stored = try folder.query(
      "SELECT id, hex(t), coalesce(hex(u), '') FROM documents ORDER BY rowid")
    func hex(_ text: String) -> String {
      text.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        .uppercased()
    }
    // An unquoted number in `u` may have become one; hex() then shows its digits all the same.
    #expect(stored == rows.map { ["'\($0[0])'", "'\(hex($0[1]))'", "'\(hex($0[2]))'"] })
  }

  @Test func namesOfAllKinds() throws {
    let folder = try Folder()
    let columns = ["select", "a \"b\"", "größe", "x'y", "a;b--", "", "[c]", "100%"]
    let writer = try TableWriter(path: folder.path("a.csv"), columns: columns)
    try writer.write(columns.map { .text("v" + $0) })
    try writer.finish()
    let table = "my \"table\"; drop"
    let report = try folder.run([folder.path("a.csv")]) { $0.table = table }
    #expect(report.columns.map(\.name) == ["id"] + columns.map { $0.isEmpty ? "column_6" : $0 })
    #expect(try folder.rows(table) == [["1"] + columns.map { "'v\($0)'" }])
  }

  @Test func otherTablesStay() throws {
    let folder = try Folder()
    try folder.run([try folder.write("a.csv", "id,t\n1,a\n")])
    try folder.run([try folder.write("b.csv", "id,t\n2,b\n")]) { $0.table = "more" }
    try folder.run([folder.path("b.csv")]) { $0.replace = true }
    #expect(try folder.rows() == [["2", "'b'"]])
    #expect(try folder.rows("more") == [["2", "'b'"]])
  }

  @Test func theReportIsCodable() throws {
    let folder = try Folder()
    let report = try folder.run([try folder.write("a.csv", "id,t\n1,a\n1,b\n")]) {
      $0.keepGoing = true
    }
    let copy = try JSONDecoder().decode(ImportReport.self, from: JSONEncoder().encode(report))
    #expect(copy == report)
  }

  @Test func anEmptyTableIsATable() throws {
    let folder = try Folder()
    let report = try folder.run([try folder.write("a.csv", "id,t\n")])
    #expect(report.rows == 0)
    #expect(report.schema == ["id TEXT", "t TEXT"])
    #expect(try folder.rows().isEmpty)
  }

  @Test(arguments: [TableFormat.csv, .jsonl])
  func aPipeIsReadOnce(format: TableFormat) throws {
    let folder = try Folder()
    let pipe = folder.path("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    let objects = "{\"id\":1,\"t\":\"a\"}\n{\"id\":2,\"t\":\"b\"}\n"
    let text = format == .csv ? "id,t\n1,a\n2,b\n" : objects
    let writer = Thread {
      let handle = FileHandle(forWritingAtPath: pipe)
      handle?.write(Data(text.utf8))
      try? handle?.close()
    }
    writer.start()
    try folder.run([pipe]) { $0.format = format }
    #expect(try folder.rows() == [["1", "'a'"], ["2", "'b'"]])
  }

  @Test func progressAddsUpToTheRows() throws {
    let folder = try Folder()
    let path = try folder.write("a.csv", "id\n" + (0..<23).map { "\($0)\n" }.joined())
    let steps = StepLog()
    var request = ImportRequest(files: [path], database: folder.database)
    request.batchSize = 10
    let progress = StepProgress(
      onBegin: { step, _, _ in steps.add(step) }, onAdvance: { steps.add("\($0)") },
      onEnd: { steps.add("end") })
    _ = try Importer(request).run(progress: progress)
    #expect(
      steps.steps
        == ["read \(path)", "10", "10", "3", "end", "write documents", "10", "10", "3", "end"])
  }
}

/// What a progress was told.
private final class StepLog: Sendable {
  private let log = Mutex([String]())
  var steps: [String] { log.withLock { $0 } }
  func add(_ step: String) { log.withLock { $0.append(step) } }
}
