import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// Knowledge bases from files and tables.
@Suite struct KnowledgeSourceTests {
  private static let pack = RulePack("sample", for: Verdict.self) {
    Gazetteer("named", in: "names", classColumn: "class")
  }

  private func project(_ base: String) throws -> TestProject {
    let project = try TestProject(TestProject.yaml + "\nknowledge:\n  names: \(base)\n")
    try project.makeCorpus(["ada and bob", "Bob", "nobody", "ÉMILE"])
    return project
  }

  private func votes(_ project: TestProject) throws -> [String] {
    try project.apply(Self.pack).votes.dropFirst().map { $0[1] }
  }

  private static let expected = ["-1", "1", "-1", "0"]

  @Test func files() throws {
    let csv = try project("{ path: names.csv, key: name }")
    try csv.write("names.csv", "class,name\nham,Ada\nspam,bob\n,nobody\nham,émile\n")
    #expect(try votes(csv) == Self.expected)
    let tsv = try project("{ path: names.tsv, key: name }")
    try tsv.write("names.tsv", "name\tclass\nAda\tham\nbob\tspam\nemile\tham\ne\u{301}mile\tham\n")
    #expect(try votes(tsv) == Self.expected)
    let jsonl = try project("{ path: names.jsonl, key: name }")
    try jsonl.write(
      "names.jsonl",
      """
      {"name": "Ada", "class": "ham"}
      {"name": "bob", "class": "spam", "more": [1, 2]}
      {"name": "Émile", "class": "ham"}
      {"class": "ham"}
      """)
    #expect(try votes(jsonl) == Self.expected)
  }

  @Test func tables() throws {
    let project = try project("{ sqlite: kb.sqlite, table: 'the \"names\"', key: name }")
    try project.execute(
      #"""
      CREATE TABLE "the ""names"""(name TEXT, class TEXT, number REAL, raw BLOB);
      INSERT INTO "the ""names""" VALUES
        ('Ada', 'ham', 1.5, NULL), ('bob', 'spam', NULL, x'00'), (NULL, 'ham', 1, 1),
        ('émile', 'ham', 1, ''), ('nobody', NULL, 1, '');
      """#, in: "kb.sqlite")
    let before = try project.bytes("kb.sqlite")
    #expect(try votes(project) == Self.expected)
    #expect(try project.bytes("kb.sqlite") == before)
  }

  @Test func basesThatNoRuleUsesAreNotRead() throws {
    let project = try project("{ path: names.csv, key: name }\n  other: { path: none.csv, key: k }")
    try project.write("names.csv", "class,name\nham,Ada\nspam,bob\nham,émile\n")
    #expect(try votes(project) == Self.expected)
  }

  @Test func whatIsMissing() throws {
    func failure(_ base: String) throws -> Shown? {
      let project = try project(base)
      try project.write("names.csv", "class,name\nham,Ada\n")
      try project.execute("CREATE TABLE names(name)", in: "kb.sqlite")
      return project.failure { _ = try project.apply(Self.pack) }
    }
    #expect(
      try failure("{ path: none.csv, key: name }")
        == Shown("DIR/none.csv: no such file", .inputMissing))
    #expect(
      try failure("{ sqlite: none.sqlite, table: names, key: name }")
        == Shown("DIR/none.sqlite: no such file", .inputMissing))
    #expect(
      try failure("{ sqlite: kb.sqlite, table: persons, key: name }")
        == Shown(
          "knowledge base 'names': DIR/kb.sqlite: no such table: persons", .badConfiguration))
    #expect(
      try failure("{ sqlite: kb.sqlite, table: names, key: name }")
        == Shown("knowledge base 'names': kb.sqlite, table names has no rows", .badConfiguration))
    #expect(
      try failure("{ path: names.csv, key: nmae }")
        == Shown(
          "knowledge base 'names': names.csv has no column 'nmae'; did you mean 'name'?",
          .badConfiguration))
  }

  @Test func aBaseThatIsNotConfigured() throws {
    let project = try TestProject()
    try project.makeCorpus(["a"])
    let pack = RulePack("sample", for: Verdict.self) {
      Gazetteer("named", in: "names", votes: .ham, fileID: "Rules/Example.swift", line: 4)
    }
    #expect(
      project.failure { _ = try project.apply(pack) }
        == Shown(
          "Rules/Example.swift:4: rule 'named' looks into the knowledge base 'names', which "
            + "hunch.yaml does not name", .badConfiguration))
  }

  @Test func aRowWithAnUnknownClass() throws {
    let project = try project("{ path: names.csv, key: name }")
    try project.write("names.csv", "class,name\nham,Ada\nSpam,bob\n")
    let shown = project.failure { _ = try project.apply(Self.pack) }
    #expect(shown?.status == .badConfiguration)
    #expect(
      shown?.message.hasSuffix(
        "rule 'named': row 2 of the knowledge base 'names' (names.csv) has a value in column "
          + "'class' that is no class; the classes are ham, spam. Correct it, or say what the "
          + "values mean with 'classes:'") == true)
  }
}
