import Foundation
import GRDB
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// Ids, gold labels, keys and categories that are stored in one way and written in another, and
/// corpora that are not where or what they seem.
@Suite struct CorpusKeysTests {
  private static let yaml = TestProject.yaml

  private func shown(_ sql: String, _ yaml: String = yaml) throws -> Shown? {
    let project = try TestProject(yaml)
    try project.execute(sql)
    return project.failure { _ = try project.apply(samplePack) }
  }

  // MARK: - Ids

  @Test(arguments: [
    "id PRIMARY KEY, text", "id UNIQUE, text", "id BLOB PRIMARY KEY, text", "id, text",
  ])
  func aKeyWithoutATypeMayHoldOneIDTwice(columns: String) throws {
    let values = "INSERT INTO documents VALUES (1, 'hello'), ('1', 'offer')"
    #expect(
      try shown("CREATE TABLE documents(\(columns)); \(values)")
        == Shown(
          "DIR/corpus.sqlite: the id '1' occurs more than once",
          hint: "name a column with unique values in 'corpus: id:'", .badData))
  }

  @Test(arguments: ["rowid", "ROWID", "oid", "_rowid_"])
  func theNumberOfARowAsID(name: String) throws {
    let project = try TestProject(Self.yaml.replacing("id: id", with: "id: \(name)"))
    try project.execute(
      "CREATE TABLE documents(text TEXT); INSERT INTO documents VALUES ('hello'), ('offer')")
    #expect(
      try project.apply(samplePack).votes.dropFirst() == [["1", "-1", "0"], ["2", "1", "-1"]])
  }

  @Test func aTableWithoutNumbersOfRows() throws {
    let shown = try shown(
      "CREATE TABLE documents(key TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID",
      Self.yaml.replacing("id: id", with: "id: rowid"))
    #expect(shown?.status == .badConfiguration)
    #expect(shown?.message.contains("no column 'rowid'") == true)
  }

  // MARK: - Gold

  private func gold(_ values: String, labels: String, type: String) throws -> TestProject {
    let project = try TestProject(
      TestProject.configuration("labels: \(labels)", columns: [.gold], votes: ["v.csv"]))
    try project.execute(
      """
      CREATE TABLE documents(id INTEGER PRIMARY KEY, text TEXT, gold \(type));
      INSERT INTO documents(gold, text) VALUES \(values)
      """)
    try project.write("v.csv", "id,f\n1,\n")
    return project
  }

  @Test(arguments: [
    ("(1), (2), (NULL)", "REAL"), ("('1.0'), (' 2 '), (' ')", "TEXT"), ("(1), ('2'), ('')", ""),
  ])
  func goldOfNumberedClasses(values: String, type: String) throws {
    let project = try gold(
      values.replacing(")", with: ", '')"), labels: "[\"1\", \"2\"]", type: type)
    let tasks = try project.pipeline().labelTasks(
      LabelRequest(use: .audit, count: 3, documents: ["1", "2", "3"]))
    #expect(tasks.map(\.gold) == ["1", "2", nil])
  }

  @Test(arguments: [
    ("'Ham'", "'Ham'", "write 'ham': case counts in class names"), ("0", "'0'", nil),
    ("'\(String(repeating: "x", count: 50))'", "'\(String(repeating: "x", count: 39))…'", nil),
  ])
  func aBadGoldLabelIsShown(value: String, shown: String, hint: String?) throws {
    let project = try gold("(\(value), '')", labels: "[ham, spam]", type: "")
    #expect(
      project.failure { _ = try project.apply() }
        == Shown(
          "DIR/corpus.sqlite: document '1': the gold label \(shown) is none of ham, spam",
          hint: hint, .badData))
  }

  @Test(arguments: [
    ("labels:\n- ham\n- \"\"\n", 3), ("labels: [\" \", b]\n", 1), ("labels:\n- a\n- b\n- a\n", 4),
  ])
  func classesWithoutNamesOfTheirOwn(labels: String, line: Int) throws {
    let project = try TestProject(labels + "corpus: { path: c, table: t, id: id, text: text }\n")
    let shown = try #require(project.failure { _ = try project.pipeline() })
    #expect(shown.status == .badConfiguration)
    #expect(
      shown.message.hasPrefix(
        "DIR/hunch.yaml:\(line): 'labels' must be a list of at least two different class names"))
  }

  private enum Blank: String, LabelSet { case ham, nothing = "" }

  @Test func aRulePackWithAClassWithoutAName() throws {
    let project = try TestProject()
    let pack = RulePack("sample", for: Blank.self) { Keywords("hello", ["hello"], votes: .ham) }
    #expect(project.failure { _ = try project.pipeline(pack) }?.status == .badConfiguration)
  }

  // MARK: - Queries

  @Test(arguments: [
    "SELECT * FROM documents ORDER BY random() LIMIT 20",
    "SELECT * FROM documents ORDER BY random()",
    "SELECT id, text || random() AS text FROM documents",
  ])
  func aQueryThatGivesOtherDocumentsEachTime(query: String) throws {
    let project = try TestProject(
      Self.yaml.replacing("table: documents", with: "query: \"\(query)\""))
    try project.makeCorpus((0..<200).map { "hello \($0)" })
    for _ in 0..<2 {
      let shown = try #require(
        project.failure { _ = try project.pipeline(samplePack).train() })
      #expect(shown.status == .badConfiguration)
      #expect(shown.message.hasSuffix("gives other documents each time it is read"))
      #expect(shown.hint?.contains("ORDER BY") == true)
    }
  }

  @Test func aQueryWhoseTableWasChanged() throws {
    let project = try TestProject(
      Self.yaml.replacing("table: documents", with: "query: SELECT * FROM documents"))
    try project.makeCorpus((0..<20).map { "hello \($0)" })
    let pipeline = try project.pipeline(samplePack)
    _ = try pipeline.apply()
    try project.append(["offer"])
    #expect(
      project.failure { _ = try pipeline.train() }
        == Shown(
          "DIR/corpus.sqlite: the corpus changed during the run",
          hint: "run again: what was finished is kept", .inputOutput))
  }

  // MARK: - Links

  private func linked(_ yaml: String, _ file: String) throws -> TestProject {
    let project = try TestProject(yaml)
    try FileManager.default.createDirectory(
      atPath: project.path("real"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: project.path("hop.sqlite"), withDestinationPath: "real/\(file)")
    try FileManager.default.createSymbolicLink(
      atPath: project.path(file), withDestinationPath: "hop.sqlite")
    return project
  }

  @Test func aLogBehindALink() throws {
    let project = try linked(Self.yaml, "corpus.sqlite")
    let writer = try DatabaseQueue(path: project.path("real/corpus.sqlite"))
    defer { try? writer.close() }
    try writer.writeWithoutTransaction { db in
      try db.execute(
        sql: """
          PRAGMA journal_mode = WAL;
          CREATE TABLE documents(id INTEGER PRIMARY KEY, text TEXT);
          INSERT INTO documents(text) VALUES ('hello'), ('x'), ('x');
          PRAGMA wal_checkpoint(TRUNCATE);
          """)
    }
    func votes() throws -> [String] {
      let pipeline = try project.pipeline(samplePack, secondsLater: 60)
      _ = try pipeline.export(.votes, to: project.path("e.csv"))
      _ = try pipeline.fit()
      return try project.rows("e.csv").dropFirst().map { $0[1] }
    }
    #expect(try votes() == ["-1", "-1", "-1"])
    #expect(try votes() == ["-1", "-1", "-1"])
    try writer.write { try $0.execute(sql: "UPDATE documents SET text = 'offer' WHERE id > 1") }
    #expect(try votes() == ["-1", "1", "1"])
  }

  @Test func aKnowledgeBaseBehindALink() throws {
    let project = try linked(
      Self.yaml + "\nknowledge:\n  names: { sqlite: kb.sqlite, table: names, key: name }\n",
      "kb.sqlite")
    try project.makeCorpus(["ada", "bob"])
    let writer = try DatabaseQueue(path: project.path("real/kb.sqlite"))
    defer { try? writer.close() }
    try writer.writeWithoutTransaction { db in
      try db.execute(
        sql: """
          PRAGMA journal_mode = WAL;
          CREATE TABLE names(name TEXT);
          INSERT INTO names VALUES ('ada');
          PRAGMA wal_checkpoint(TRUNCATE);
          """)
    }
    let pack = RulePack("sample", for: Verdict.self) {
      KeyLookup("known", key: Field("text"), in: "names", votes: .spam)
    }
    func votes() throws -> [String] {
      var options = SessionOptions(threads: 1)
      options.compiledKnowledgeBytes = 0
      options.now = { Date(timeIntervalSinceNow: 60) }
      let pipeline = try ProjectSteps(project.project(pack), options: options)
      _ = try pipeline.export(.votes, to: project.path("e.csv"))
      return try project.rows("e.csv").dropFirst().map { $0[1] }
    }
    #expect(try votes() == ["1", "-1"])
    try writer.write { try $0.execute(sql: "INSERT INTO names VALUES ('bob')") }
    #expect(try votes() == ["1", "1"])
  }

  // MARK: - Keys and categories

  @Test(arguments: ["REAL", "INTEGER", "TEXT"], ["desk\n1\n2.50\n", "desk\n1.0\n2.5\n"])
  func keysAreNumbersHoweverTheyAreWritten(type: String, file: String) throws {
    let project = try TestProject(
      Self.yaml + "\nknowledge:\n  desks: { path: desks.csv, key: desk }\n")
    try project.execute(
      """
      CREATE TABLE documents(id INTEGER PRIMARY KEY, text TEXT, desk \(type));
      INSERT INTO documents(text, desk) VALUES ('', 1), ('', 7), ('', NULL), ('', '1')
      """)
    try project.write("desks.csv", file)
    let pack = RulePack("sample", for: Verdict.self) {
      KeyLookup("known", key: Field("desk"), in: "desks", votes: .spam)
    }
    #expect(try project.apply(pack).votes.dropFirst().map { $0[1] } == ["1", "-1", "-1", "1"])
  }

  /// A column of each type, and how its values may stand in lines to be predicted.
  static let categories: [(type: String, values: [String], lines: [[String]])] = [
    (
      "REAL", ["1", "2", "2.5"],
      [["1", "1.0", "\"1\"", "\"1.0\"", "true"], ["2", "2.0"], ["2.5"]]
    ),
    (
      "INTEGER", ["1", "0", "3"],
      [["1", "1.0", "\"1\"", "true"], ["0", "false"], ["3", "\"3.0\""]]
    ),
    ("", ["1", "'x'", "2.0"], [["1", "1.0"], ["\"x\""], ["2", "\"2\"", "2.0"]]),
    ("TEXT", ["'true'", "'false'", "'1.50'"], [["true", "\"true\""], ["false"], ["1.5"]]),
    ("BOOLEAN", ["TRUE", "FALSE", "NULL"], [["true", "1"], ["false", "0"], ["null"]]),
  ]

  @Test(arguments: categories.indices)
  func whatTrainingStoredIsWhatPredictLooksUp(index: Int) throws {
    let (type, values, lines) = Self.categories[index]
    let project = try TestProject(
      TestProject.configuration(
        labels: ["red", "green", "blue"], votes: ["v.csv"],
        more: "features: { categorical: [desk] }"))
    try project.execute(
      "CREATE TABLE documents(id INTEGER PRIMARY KEY, text TEXT, desk \(type))")
    var votes = "id,a,b\n"
    for document in 0..<90 {
      try project.execute(
        "INSERT INTO documents(text, desk) VALUES ('message', \(values[document % 3]))")
      votes += "\(document + 1),\(document % 3),\(document % 3)\n"
    }
    try project.write("v.csv", votes)
    let pipeline = try project.pipeline()
    _ = try pipeline.export(.predictions, to: project.path("p.csv"))
    let rows = try project.rows("p.csv")
    let predictor = try Predictor(pipeline.classifier())
    var stream = try PredictionStream(predictor, path: "in", threads: 1)
    var output: [UInt8] = []
    let input = lines.joined().map { "{\"text\":\"message\",\"desk\":\($0)}\n" }.joined()
    try stream.append(Array(input.utf8)) { output += $0 }
    try stream.finish { output += $0 }
    struct Line: Decodable { var probabilities: [String: Double] }
    let found = try output.split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(Line.self, from: Data($0)).probabilities
    }
    var expected: [[Double?]] = []
    for (desk, spellings) in lines.enumerated() {
      for _ in spellings { expected.append(rows[desk + 1].suffix(3).map { Double($0) }) }
    }
    #expect(found.map { [$0["red"], $0["green"], $0["blue"]] } == expected)
    #expect(rows[1...3].map { $0[2] } == ["red", "green", "blue"])
  }
}
