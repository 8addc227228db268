import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// Where documents come from: tables, views and queries, whatever their names and keys are.
@Suite struct CorpusSourceTests {
  /// A configuration for a table or query and its columns.
  private func yaml(
    _ source: String, id: String = "id", text: String = "text", more: String = ""
  ) -> String {
    """
    pack: sample
    corpus:
      path: corpus.sqlite
      \(source)
      id: \(id)
      text: \(text)
    \(more)
    """
  }

  /// The exported votes of the sample pack, without the header.
  private func votes(_ yaml: String, _ sql: String) throws -> [[String]] {
    let project = try TestProject(yaml)
    try project.execute(sql)
    return Array(try project.apply(samplePack).votes.dropFirst())
  }

  private func failure(_ yaml: String, _ sql: String, _ pack: RulePack = samplePack) throws
    -> Shown?
  {
    let project = try TestProject(yaml)
    try project.execute(sql)
    return project.failure { _ = try project.apply(pack) }
  }

  private static let rows = "VALUES ('b', 'hello'), ('a', 'offer'), ('c', '')"

  // MARK: - Sources

  @Test func tablesWithIntegerAndTextIDs() throws {
    #expect(
      try votes(
        yaml("table: documents"),
        """
        CREATE TABLE documents(id INTEGER PRIMARY KEY, text TEXT);
        INSERT INTO documents VALUES (-5, 'offer'), (9223372036854775807, 'hello'), (0, 'x');
        """) == [["-5", "1", "-1"], ["0", "-1", "-1"], ["9223372036854775807", "-1", "0"]])
    #expect(
      try votes(
        yaml("table: documents"),
        "CREATE TABLE documents(id TEXT, text TEXT); INSERT INTO documents \(Self.rows)")
        == [["b", "-1", "0"], ["a", "1", "-1"], ["c", "-1", "-1"]])
  }

  @Test func tablesWithoutRowID() throws {
    #expect(
      try votes(
        yaml("table: documents"),
        """
        CREATE TABLE documents(id TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID;
        INSERT INTO documents \(Self.rows)
        """) == [["a", "1", "-1"], ["b", "-1", "0"], ["c", "-1", "-1"]])
  }

  @Test func views() throws {
    #expect(
      try votes(
        yaml("table: Shown"),
        """
        CREATE TABLE documents(id TEXT, text TEXT); INSERT INTO documents \(Self.rows);
        CREATE VIEW shown AS SELECT id, upper(text) AS text FROM documents WHERE id < 'c';
        """) == [["b", "-1", "0"], ["a", "1", "-1"]])
  }

  @Test(arguments: [
    "SELECT id, text FROM documents ORDER BY id DESC;",
    "SELECT id, text FROM documents ORDER BY id DESC -- the latest first",
    "  WITH d AS (SELECT * FROM documents) SELECT * FROM d ORDER BY id DESC ; ",
    "SELECT id, 'x' AS other, text FROM documents UNION ALL SELECT 'z', 1, 'hello' WHERE 0 ORDER BY id DESC",
  ])
  func queries(_ query: String) throws {
    #expect(
      try votes(
        yaml("query: \"\(query)\""),
        "CREATE TABLE documents(id TEXT, text TEXT); INSERT INTO documents \(Self.rows)")
        == [["c", "-1", "-1"], ["b", "-1", "0"], ["a", "1", "-1"]])
  }

  @Test func strangeNames() throws {
    #expect(
      try votes(
        yaml(
          "table: 'my \"docs\" 表'", id: "'document id'", text: "'select'",
          more: "  gold: 'the \"truth\"'\n  split: 'größe'"),
        #"""
        CREATE TABLE "my ""docs"" 表"(
          "document id" TEXT, "select" TEXT, "the ""truth""" TEXT, "größe" TEXT);
        INSERT INTO "my ""docs"" 表" VALUES ('it''s', 'offer', 'spam', 'test'), ('2', 'x', NULL, '');
        """#) == [["it's", "1", "-1"], ["2", "-1", "-1"]])
  }

  @Test func namesAreFoundInAnyCaseAndComposition() throws {
    // SQLite takes a quoted name that it does not know for a text: every document would get the
    // name of the column as its text.
    let sql = """
      CREATE TABLE Mails(Id INTEGER PRIMARY KEY, "HÉLLO" TEXT);
      INSERT INTO Mails VALUES (1, 'offer'), (2, 'x');
      """
    for text in ["HÉLLO", "he\u{301}llo", "Héllo", "'HE\u{301}LLO'"] {
      #expect(
        try votes(yaml("table: MAILS", id: "ID", text: text), sql)
          == [["1", "1", "-1"], ["2", "-1", "-1"]], "\(text)")
    }
  }

  @Test func otherEncodingsOfTheDatabase() throws {
    #expect(
      try votes(
        yaml("table: documents"),
        """
        PRAGMA encoding = 'UTF-16le';
        CREATE TABLE documents(id TEXT, text TEXT);
        INSERT INTO documents VALUES ('ключ', 'offer — ёж 👍');
        """) == [["ключ", "1", "-1"]])
  }

  @Test func fieldsMayHaveTheNamesOfOtherRoles() throws {
    let project = try TestProject(
      yaml("table: documents", id: "key", text: "body", more: "  gold: truth\n  split: part"))
    try project.execute(
      """
      CREATE TABLE documents(key TEXT, body TEXT, truth TEXT, part TEXT, id TEXT, text TEXT,
        gold INTEGER, split TEXT, "od d" REAL);
      INSERT INTO documents VALUES
        ('k1', 'b1', 'ham', 'train', 'i1', 't1', 7, 's1', 0.5),
        ('k2', 'b2', NULL, NULL, 'i2', 't2', 8, 's2', NULL);
      """)
    let pack = RulePack("sample", for: Verdict.self) {
      Heuristic("ident", reading: Field<String>("id")) { $1 == "i1" ? .ham : nil }
      Heuristic("text", reading: Field<String>("text")) {
        $0.text == "b2" && $1 == "t2" ? .ham : nil
      }
      Heuristic("gold", reading: Field<Int>("gold")) { $1 == 7 ? .spam : nil }
      Heuristic("split", reading: Field<String>("SPLIT")) { $1 == "s2" ? .spam : nil }
      Heuristic("odd", reading: Field<Double>("od d")) { $1 == 0.5 ? .ham : nil }
      Heuristic("key", reading: Field<String>("key")) { $1 == "k2" ? .ham : nil }
    }
    #expect(
      try project.apply(pack).votes.dropFirst()
        == [["k1", "0", "-1", "1", "-1", "0", "-1"], ["k2", "-1", "0", "-1", "1", "-1", "0"]])
  }

  // MARK: - What is not there

  private static let two = "CREATE TABLE documents(id INTEGER PRIMARY KEY, text TEXT, body TEXT);"

  @Test func noFile() throws {
    let project = try TestProject()
    #expect(
      project.failure { _ = try project.apply(samplePack) }
        == Shown(
          "DIR/corpus.sqlite: no such corpus",
          hint: "check 'corpus: path:' in hunch.yaml, or make one with 'hunch import'",
          .inputMissing))
    #expect(!FileManager.default.fileExists(atPath: project.path("corpus.sqlite")))
  }

  @Test func notADatabase() throws {
    let project = try TestProject()
    try project.write("corpus.sqlite", String(repeating: "id,text\n1,hello\n", count: 100))
    #expect(
      project.failure { _ = try project.apply(samplePack) }
        == Shown(
          "DIR/corpus.sqlite: cannot be read as SQLite: file is not a database", .badData))
  }

  @Test func missingTables() throws {
    #expect(
      try failure(yaml("table: document"), Self.two)
        == Shown(
          "DIR/corpus.sqlite: no table or view 'document'", hint: "did you mean 'documents'?",
          .badConfiguration))
    #expect(
      try failure(yaml("table: mails"), Self.two)
        == Shown(
          "DIR/corpus.sqlite: no table or view 'mails'", hint: "it has: documents",
          .badConfiguration))
  }

  @Test func missingColumns() throws {
    func missing(_ key: String, _ column: String, _ hint: String) -> Shown {
      Shown(
        "DIR/corpus.sqlite: no column '\(column)' in table 'documents' ('corpus: \(key):' in "
          + "hunch.yaml)", hint: hint, .badConfiguration)
    }
    let all = "it has: id, text, body"
    #expect(
      try failure(yaml("table: documents", id: "key"), Self.two) == missing("id", "key", all))
    #expect(
      try failure(yaml("table: documents", text: "txt"), Self.two)
        == missing("text", "txt", "did you mean 'text'?"))
    #expect(
      try failure(yaml("table: documents", more: "  gold: bodi"), Self.two)
        == missing("gold", "bodi", "did you mean 'body'?"))
    #expect(
      try failure(yaml("table: documents", more: "  split: part"), Self.two)
        == missing("split", "part", all))
    #expect(
      try failure(yaml("query: SELECT 1 AS id"), Self.two)
        == Shown(
          "DIR/corpus.sqlite: no column 'text' in the query ('corpus: text:' in hunch.yaml)",
          hint: "it has: id", .badConfiguration))
  }

  @Test func missingFields() throws {
    let pack = RulePack("sample", for: Verdict.self) {
      Heuristic("a", reading: Field<Int>("bodys")) { _, _ in .ham }
      Heuristic("b", reading: Field<Int>("bodys"), Field<Int>("text")) { _, _, _ in .ham }
    }
    #expect(
      try failure(yaml("table: documents"), Self.two, pack)
        == Shown(
          "DIR/corpus.sqlite: no column 'bodys', which a, b read", hint: "did you mean 'body'?",
          .badConfiguration))
  }

  @Test func queriesThatFail() throws {
    func failing(_ problem: String) -> Shown {
      Shown("DIR/corpus.sqlite: the corpus query fails: \(problem)", .badConfiguration)
    }
    #expect(
      try failure(yaml("query: SELECT id FROM nowhere"), Self.two)
        == failing("no such table: nowhere"))
    #expect(
      try failure(yaml("query: SELECT idd AS id, text FROM documents"), Self.two)
        == failing("no such column: idd"))
    #expect(
      try failure(yaml("query: DELETE FROM documents"), Self.two)
        == failing("near \"DELETE\": syntax error"))
  }

  @Test func emptyCorpora() throws {
    let hint = "import documents with 'hunch import', or check 'corpus:' in hunch.yaml"
    #expect(
      try failure(yaml("table: documents"), Self.two)
        == Shown("DIR/corpus.sqlite: table 'documents' has no documents", hint: hint, .badData))
    #expect(
      try failure(yaml("query: SELECT * FROM documents"), Self.two)
        == Shown("DIR/corpus.sqlite: the query has no documents", hint: hint, .badData))
  }
}
