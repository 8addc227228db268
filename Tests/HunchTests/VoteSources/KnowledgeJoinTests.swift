import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// Knowledge bases of several tables.
@Suite struct KnowledgeJoinTests {
  private static let yaml =
    TestProject.yaml + """

      knowledge:
        companies:
          path: companies.csv
          key: id
          names: [name, { column: also, separator: "|" }]
          join:
            - { path: countries.jsonl, key: code, on: country, prefix: country_ }
            - { sqlite: kb.sqlite, table: aliases, key: company, names: [alias] }
            - { path: tags.tsv, key: company, columns: [tag] }
      """

  private func sample(_ yaml: String = yaml) throws -> TestProject {
    let project = try TestProject(yaml)
    try project.makeCorpus([
      "Volkswagen", "VW", "the people's car", "V.A.G.", "Nokia", "nokian", "Acme Inc", "DE",
    ])
    try project.write(
      "companies.csv",
      "id,name,also,country\n1,Volkswagen,VW| V.A.G. ||,DE\n2,Nokia,,FI\n3,Acme Inc,,\n")
    try project.write(
      "countries.jsonl",
      #"""
      {"code": "DE", "name": "Germany", "people": 84}
      {"code": "FI", "name": "Finland", "people": 6}
      {"code": "FR", "name": "France"}
      """#)
    try project.execute(
      """
      CREATE TABLE aliases(company INTEGER, alias TEXT);
      INSERT INTO aliases VALUES (1, 'The People''s Car'), (2, 'Nokian'), (2, NULL), (9, 'Nobody');
      """, in: "kb.sqlite")
    try project.write(
      "tags.tsv", "company\ttag\tid\n1\tspam\t8\n1\tham\t8\n1\tham\t9\n2\tspam\t7\n")
    return project
  }

  private func votes(_ project: TestProject, _ rule: some Rule<Verdict>) throws -> [String] {
    let pack = RulePack("sample", for: Verdict.self) { rule }
    return try project.apply(pack).votes.dropFirst().map { $0[1] }
  }

  @Test func separatorsAreBytes() throws {
    let project = try TestProject(
      TestProject.yaml + """

        knowledge:
          metals: { path: metals.csv, key: id, names: [{ column: name, separator: "\\n" }] }
        """)
    try project.makeCorpus(["gold", "Au", "silver"])
    try project.write("metals.csv", "id,name\n1,\"Gold\r\nAu\"\n")
    #expect(
      try votes(project, Gazetteer<Verdict>("metal", in: "metals", votes: .ham))
        == ["0", "0", "-1"])
  }

  @Test func aJoinWithoutAnyKeyOfTheBaseIsSaid() throws {
    let project = try sample()
    try project.write("tags.tsv", "company\ttag\tid\nVolkswagen\tspam\t8\n")
    let pack = RulePack("sample", for: Verdict.self) {
      Gazetteer<Verdict>("any", in: "companies", votes: .ham)
    }
    let warnings = try project.apply(pack).report.warnings
    #expect(warnings.count == 1 && warnings[0].contains("no 'company' of a joined table"))
  }

  @Test func namesAndAttributesOfAllTables() throws {
    let project = try sample()
    #expect(
      try votes(project, Gazetteer<Verdict>("any", in: "companies", votes: .ham))
        == ["0", "0", "0", "0", "0", "0", "0", "-1"])
    #expect(
      try votes(
        project,
        Gazetteer<Verdict>(
          "german", in: "companies", where: "country_name", is: "Germany", votes: .ham))
        == ["0", "0", "0", "0", "-1", "-1", "-1", "-1"])
    #expect(
      try votes(project, Gazetteer<Verdict>("tagged", in: "companies", classColumn: "tag"))
        == ["0", "0", "0", "0", "1", "1", "-1", "-1"])
    #expect(
      try votes(
        project,
        Gazetteer<Verdict>("closure", in: "companies") { company in
          if company.all("tag").count == 3 { return .ham }
          return company.double("country_people") == 6 && company.key == "2"
            && company["alias"] == "Nokian" ? .spam : nil
        }) == ["0", "0", "0", "0", "1", "1", "-1", "-1"])
  }

  @Test func whatIsWrong() throws {
    let rule = Gazetteer<Verdict>("any", in: "companies", votes: .ham)
    func failure(_ old: String, _ new: String) throws -> Shown? {
      let project = try sample(Self.yaml.replacing(old, with: new))
      return project.failure { _ = try votes(project, rule) }
    }
    func bad(_ problem: String) -> Shown {
      Shown("knowledge base 'companies': \(problem)", .badConfiguration)
    }
    #expect(
      try failure("key: code", "key: cod")
        == bad("countries.jsonl has no column 'cod'; did you mean 'code'?"))
    #expect(
      try failure("on: country", "on: contry")
        == bad("companies.csv has no column 'contry'; did you mean 'country'?"))
    #expect(
      try failure("names: [alias]", "names: [alais]")
        == bad("kb.sqlite, table aliases has no column 'alais'; did you mean 'alias'?"))
    #expect(
      try failure("columns: [tag]", "columns: [tags]")
        == bad("tags.tsv has no column 'tags'; did you mean 'tag'?"))
    #expect(
      try failure(", columns: [tag]", "")
        == bad(
          "tags.tsv has a column 'id' that another table has too; give the join a 'prefix', or "
            + "name the 'columns' to take"))
    #expect(
      try failure("path: tags.tsv", "path: none.tsv")
        == Shown("DIR/none.tsv: no such file", .inputMissing))
    #expect(
      try failure("table: aliases", "table: alias")
        == bad("DIR/kb.sqlite: no such table: alias"))
    let unknown = try failure("prefix:", "prefx:")
    #expect(
      unknown?.message.hasSuffix("unknown key 'prefx' in 'knowledge: companies: join'") == true)
    #expect(unknown?.hint == "did you mean 'prefix'?")
    #expect(
      try failure("separator: \"|\"", "separator: ''")?.message.hasSuffix(
        "'separator' must be what stands between names, such as '|'") == true)
    #expect(try failure("[alias]", "alias")?.status == .badConfiguration)
  }
}
