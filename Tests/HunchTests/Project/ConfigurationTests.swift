import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// What `hunch.yaml` may say, and the exact words in which a mistake in it is answered.
@Suite struct ConfigurationTests {
  private static let corpus = """
    corpus:
      path: c.sqlite
      table: t
      id: i
      text: x
    """

  private func configuration(_ yaml: String) throws -> ProjectConfiguration {
    try TestProject(yaml).project(samplePack).configuration
  }

  private func failure(_ yaml: String) throws -> Shown? {
    let project = try TestProject(yaml)
    return project.failure { _ = try project.project(samplePack) }
  }

  private func invalid(_ line: Int, _ rest: String) -> Shown {
    Shown("DIR/hunch.yaml:\(line): \(rest)", .badConfiguration)
  }

  // MARK: - What is read

  @Test func everyKey() throws {
    let read = try configuration(
      """
      pack: sample
      labels: [ham, spam]
      corpus:
        path: sub/c.sqlite
        table: messages
        id: key
        text: body
        gold: truth
        split: part
      votes:
        - path: a.csv
        - path: /abs/b.csv
      knowledge:
        names: { path: names.csv, key: name }
        towns: { sqlite: kb.sqlite, table: towns, key: town }
      class_balance: estimate
      label_model: majority
      seed: 18446744073709551615
      """)
    #expect(read.pack == "sample")
    #expect(read.labels == ["ham", "spam"])
    #expect(read.corpus.path == "sub/c.sqlite")
    #expect(read.corpus.source == .table("messages"))
    #expect(read.corpus.id == "key")
    #expect(read.corpus.text == "body")
    #expect(read.corpus.gold == "truth")
    #expect(read.corpus.split == "part")
    #expect(read.votes == ["a.csv", "/abs/b.csv"].map { VoteConfiguration(path: $0) })
    #expect(read.knowledge.map(\.name) == ["names", "towns"])
    #expect(read.knowledge.map(\.key) == ["name", "town"])
    #expect(
      read.knowledge.map(\.source)
        == [.file("names.csv"), .sqlite(path: "kb.sqlite", table: "towns")])
    #expect(read.classBalance == .estimate)
    #expect(read.labelModel == "majority")
    #expect(read.seed == .max)
  }

  @Test func defaults() throws {
    let read = try configuration("pack: sample\n" + Self.corpus)
    #expect(read.labels == nil)
    #expect(read.corpus.gold == nil)
    #expect(read.corpus.split == nil)
    #expect(read.votes == [])
    #expect(read.knowledge == [])
    #expect(read.classBalance == nil)
    #expect(read.labelModel == "auto")
    #expect(read.seed == 0)
  }

  @Test func aQuery() throws {
    let read = try configuration(
      """
      pack: sample
      corpus: { path: c.sqlite, query: "SELECT * FROM t", id: i, text: x }
      """)
    #expect(read.corpus.source == .query("SELECT * FROM t"))
  }

  @Test func goldForTheLabelModel() throws {
    func gold(_ text: String) throws -> LabelModelGold? {
      try configuration("pack: sample\n\(Self.corpus)\n\(text)\n").labelModelGold
    }
    #expect(try gold("seed: 1") == nil)
    #expect(try gold("label_model_gold: none") == .unused)
    #expect(try gold("label_model_gold: valid") == .valid)
    for wrong in ["test", "train", "true"] {
      #expect(throws: HunchError.self) { try gold("label_model_gold: \(wrong)") }
    }
  }

  @Test func formsOfTheClassBalance() throws {
    func balance(_ text: String) throws -> ClassBalance? {
      try configuration("pack: sample\n\(Self.corpus)\nclass_balance: \(text)\n").classBalance
    }
    #expect(try balance("uniform") == .uniform)
    #expect(try balance("valid") == .valid)
    #expect(try balance("estimate") == .estimate)
    #expect(try balance("{ham: 0.9, spam: 1e-1}") == .given(["ham": 0.9, "spam": 0.1]))
  }

  @Test func formsOfTheDecisionBalance() throws {
    func balance(_ text: String) throws -> DecisionBalance {
      try configuration("pack: sample\n\(Self.corpus)\n\(text)\n").decisionBalance
    }
    #expect(try balance("seed: 1") == .same)
    #expect(try balance("decision_balance: same") == .same)
    #expect(try balance("decision_balance: uniform") == .uniform)
    #expect(
      try balance("decision_balance: {ham: 0.9, spam: 0.1}") == .given(["ham": 0.9, "spam": 0.1]))
  }

  @Test func groupsOfFunctions() throws {
    let read = try configuration(
      "function_groups:\n  - [a, b]\n  - [c, d, e]\npack: sample\n\(Self.corpus)")
    #expect(
      read.functionGroups == [
        FunctionGroup(["a", "b"], line: 2), FunctionGroup(["c", "d", "e"], line: 3),
      ])
    #expect(try configuration("pack: sample\n\(Self.corpus)").functionGroups == [])
  }

  @Test func pathsAreRelativeToTheFolder() throws {
    let project = try TestProject("pack: sample\n" + Self.corpus)
    let opened = try project.project(samplePack)
    #expect(opened.resolve("a/b.csv") == project.path("a/b.csv"))
    #expect(opened.resolve("/a/b.csv") == "/a/b.csv")
    #expect(opened.workspacePath == project.path("hunch.workspace"))
    #expect(try project.project(samplePack, workspace: "/tmp/w").workspacePath == "/tmp/w")
    #expect(opened.labels == ["ham", "spam"])
  }

  // MARK: - Keys

  @Test func unknownKeysNameTheLineAndTheNearestKey() throws {
    #expect(
      try failure("rule: sample\n" + Self.corpus)
        == Shown(
          "DIR/hunch.yaml:1: unknown key 'rule'", hint: "did you mean 'rules'?", .badConfiguration))
    #expect(
      try failure("pack: sample\ncorpus:\n  path: c\n  tabel: t\n")
        == Shown(
          "DIR/hunch.yaml:4: unknown key 'tabel' in 'corpus'", hint: "did you mean 'table'?",
          .badConfiguration))
    #expect(
      try failure("pack: sample\n\(Self.corpus)\nzebra: 1\n")
        == Shown(
          "DIR/hunch.yaml:7: unknown key 'zebra'",
          hint: "known are: \(Project.configurationKeys.joined(separator: ", "))",
          .badConfiguration))
    let file = try failure("\(Self.corpus)\nvotes:\n  - file: a.csv\n")
    #expect(file?.message == "DIR/hunch.yaml:7: unknown key 'file' in 'votes'")
    #expect(file?.hint?.hasPrefix("known are: path, ") == true)
    #expect(
      try failure("\(Self.corpus)\n  gold_label: l\n")?.hint
        == "did you mean 'gold'?")
    #expect(
      try failure("\(Self.corpus)\nknowledge:\n  kb: { path: a.csv, keys: k }\n")
        == Shown(
          "DIR/hunch.yaml:7: unknown key 'keys' in 'knowledge: kb'", hint: "did you mean 'key'?",
          .badConfiguration))
  }

  @Test func missingKeys() throws {
    func missing(_ key: String, _ reason: String) -> Shown {
      Shown("DIR/hunch.yaml: '\(key)' is missing: \(reason)", .badConfiguration)
    }
    #expect(try failure("") == missing("corpus", "the file is empty"))
    #expect(try failure("# nothing yet\n") == missing("corpus", "the file is empty"))
    #expect(
      try failure("pack: sample\n") == missing("corpus", "it says where the documents are"))
    #expect(
      try failure(Self.corpus)
        == missing("labels", "without rules the classes must be named"))
    let reasons = [
      "path": "the SQLite file with the documents", "id": "the column with the documents' ids",
      "text": "the column with the documents' texts",
      "table": "name a table or view, or give a 'query'",
    ]
    for (key, reason) in reasons {
      let lines = Self.corpus.split(separator: "\n").filter { !$0.hasPrefix("  \(key):") }
      #expect(
        try failure("pack: sample\n" + lines.joined(separator: "\n"))
          == missing("corpus: \(key)", reason))
    }
  }

  @Test func duplicateKeys() throws {
    let shown = try failure("rules: a.swift\n\(Self.corpus)\nrules: b.swift\n")
    #expect(
      shown == Shown("DIR/hunch.yaml: not valid YAML: 'rules' given twice", .badConfiguration))
    #expect(
      try failure("pack: sample\ncorpus:\n  path: a\n  path: b\n")
        == Shown("DIR/hunch.yaml: not valid YAML: 'path' given twice", .badConfiguration))
  }

  // MARK: - Values

  @Test func wrongTypes() throws {
    let mapping = "a list of 'key: value' lines"
    #expect(try failure("- a\n- b\n") == invalid(1, "'hunch.yaml' must be \(mapping)"))
    #expect(try failure("corpus: c.sqlite\n") == invalid(1, "'corpus' must be \(mapping)"))
    #expect(
      try failure("pack: [a]\n" + Self.corpus) == invalid(1, "'pack' must be a single value"))
    #expect(
      try failure("pack: sample\ncorpus:\n  path: [a]\n  table: t\n")
        == invalid(3, "'path' must be a single value"))
    for votes in ["a.csv", "\n  path: a.csv"] {
      #expect(
        try failure("pack: sample\nvotes: \(votes)\n\(Self.corpus)")?.message
          .hasSuffix("'votes' must be a list of '- path: FILE'") == true)
    }
    #expect(
      try failure("pack: sample\nvotes:\n  - {}\n\(Self.corpus)")
        == invalid(3, "'votes' must be a list of '- path: FILE'"))
    #expect(
      try failure("pack: sample\nknowledge: [a]\n\(Self.corpus)")
        == invalid(2, "'knowledge' must be names with '{ path: FILE, key: COLUMN }'"))
  }

  @Test(arguments: ["-1", "1.5", "many", "18446744073709551616", "''"])
  func badSeeds(_ seed: String) throws {
    #expect(
      try failure("seed: \(seed)\n\(Self.corpus)")
        == invalid(1, "'seed' must be a whole number that is not negative"))
  }

  @Test(arguments: ["ham", "[ham]", "[]", "[ham, spam, ham]", "{ham: 1}"])
  func badLabels(_ labels: String) throws {
    #expect(
      try failure("labels: \(labels)\n\(Self.corpus)")
        == invalid(1, "'labels' must be a list of at least two different class names"))
  }

  @Test(arguments: ["equal", "[0.5, 0.5]", "{ham: much, spam: little}"])
  func badClassBalances(_ balance: String) throws {
    let shown = try failure("class_balance: \(balance)\n\(Self.corpus)")
    #expect(shown?.message.hasPrefix("DIR/hunch.yaml:1: 'class_balance' must be ") == true)
    #expect(shown?.status == .badConfiguration)
  }

  @Test(arguments: ["valid", "estimate", "[0.5, 0.5]", "{ham: much, spam: little}"])
  func badDecisionBalances(_ balance: String) throws {
    let shown = try failure("decision_balance: \(balance)\n\(Self.corpus)")
    #expect(shown?.message.hasPrefix("DIR/hunch.yaml:1: 'decision_balance' must be ") == true)
    #expect(shown?.status == .badConfiguration)
  }

  @Test(arguments: ["a", "[a, b]", "[[a]]", "[[a, a]]", "[[a, [b]]]", "{a: b}"])
  func badGroups(_ groups: String) throws {
    let shown = try failure("function_groups: \(groups)\n\(Self.corpus)")
    #expect(shown?.message.hasPrefix("DIR/hunch.yaml:1: 'function_groups' must be ") == true)
    #expect(shown?.status == .badConfiguration)
  }

  @Test func aFunctionInTwoGroups() throws {
    #expect(
      try failure("function_groups:\n  - [a, b]\n  - [c, a]\n\(Self.corpus)")
        == invalid(3, "'function_groups' must be groups of which 'a' is in one only"))
  }

  @Test func tableAndQuery() throws {
    #expect(
      try failure("pack: sample\ncorpus: { path: c, table: t, query: q, id: i, text: x }\n")
        == invalid(2, "'corpus' must be either a 'table' or a 'query', not both"))
  }

  @Test func badKnowledge() throws {
    let start = "'knowledge: kb' must be given a"
    func failure(_ base: String) throws -> Shown? {
      try self.failure("pack: sample\nknowledge:\n  kb: \(base)\n\(Self.corpus)")
    }
    #expect(try failure("{ path: a.csv }") == invalid(3, "\(start) 'key' column"))
    for base in [
      "{ key: k }", "{ path: a, sqlite: b, table: t, key: k }", "{ sqlite: b, key: k }",
      "{ table: t, key: k }", "{ path: a, table: t, key: k }",
    ] {
      #expect(try failure(base) == invalid(3, "\(start) 'path', or 'sqlite' and 'table'"))
    }
  }

  @Test func notYAML() throws {
    let shown = try failure("pack: sample\ncorpus: {\n")
    #expect(shown?.message.hasPrefix("DIR/hunch.yaml:") == true)
    #expect(shown?.message.contains(": not valid YAML: ") == true)
    #expect(shown?.status == .badConfiguration)
    let project = try TestProject()
    try project.write("hunch.yaml", [0x72, 0xFF, 0xFE])
    #expect(
      project.failure { _ = try project.project(samplePack) }
        == Shown(
          "DIR/hunch.yaml: not valid YAML: the file is not readable UTF-8", .badConfiguration))
  }

  // MARK: - Packs

  @Test func noFile() throws {
    let project = try TestProject()
    try FileManager.default.removeItem(atPath: project.path("hunch.yaml"))
    #expect(
      project.failure { _ = try project.project(samplePack) }
        == Shown(
          "DIR/hunch.yaml: no such file",
          hint: "give a folder that holds hunch.yaml, or make one with 'hunch new DIR'",
          .inputMissing))
  }

  @Test func unknownPacks() throws {
    let project = try TestProject("pack: simple\n" + Self.corpus)
    let message = "no rule pack named 'simple' is part of this program"
    #expect(
      project.failure { _ = try project.project(samplePack) }
        == Shown(message, hint: "did you mean 'sample'?", .badConfiguration))
    #expect(
      project.failure { _ = try project.project() }
        == Shown(
          message,
          hint: "name the files with rules in hunch.yaml: 'rules: rules.swift' (docs/migration.md)",
          .badConfiguration))
  }

  @Test func labelsThatDifferFromThePacks() throws {
    #expect(
      try failure("pack: sample\nlabels: [spam, ham]\n" + Self.corpus)
        == Shown(
          "'labels' in hunch.yaml (spam, ham) differ from the rule pack's (ham, spam)",
          hint: "remove 'labels' from hunch.yaml: the pack's are used", .badConfiguration))
  }

  @Test func wrongRulesAreReportedAtOnce() throws {
    let project = try TestProject("pack: sample\n" + Self.corpus)
    let wrong = RulePack("sample", for: Verdict.self) {
      Keywords("a", [], votes: .ham, fileID: "Rules/Example.swift", line: 3)
    }
    #expect(
      project.failure { _ = try project.project(wrong) }
        == Shown(
          "Rules/Example.swift:3: rule 'a' has no keywords, or one that is blank and would match "
            + "anything", .badConfiguration))
  }

  @Test func whatTheEndModelLearnsFrom() throws {
    func endModel(_ text: String) throws -> EndModelConfiguration {
      try configuration("pack: sample\n\(Self.corpus)\n\(text)\n").endModel
    }
    #expect(try endModel("") == EndModelConfiguration())
    let found = try endModel(
      "end_model: { documents: self-training, weights: confidence, cut: 0.9 }")
    #expect(found.documents == .selfTraining && found.weighsConfidence && found.cut == 0.9)
    #expect(try endModel("end_model: { documents: all }").documents == .all)
    #expect(try endModel("end_model: { beyond_memory: stream }").streams)
    #expect(throws: HunchError.self) {
      try endModel("end_model: { beyond_memory: stream }\nfeatures: { numeric: [n] }")
    }
    #expect(try endModel("end_model: { training: parameter-free }").isParameterFree)
    #expect(try !endModel("end_model: { training: automatic }").isParameterFree)
    #expect(throws: HunchError.self) {
      try endModel("end_model: { training: parameter-free }\nfeatures: { numeric: [n] }")
    }
    for wrong in [
      "training: sgd", "training: parameter-free, weights: confidence",
      "training: parameter-free, documents: self-training", "documents: some", "weights: 2",
      "cut: 0", "cut: 1.5", "cut: x", "share: 0.9",
      "beyond_memory: disk", "beyond_memory: stream, weights: confidence",
    ] {
      #expect(throws: HunchError.self) { try endModel("end_model: { \(wrong) }") }
    }
  }

  @Test func featuresAreColumnsThatTellNoClassAway() throws {
    func features(_ text: String) throws {
      _ = try configuration(
        """
        labels: [a, b]
        corpus: { path: c.sqlite, table: t, id: id, text: body, gold: label, split: part }
        features: { \(text) }
        """)
    }
    try features("numeric: [price], categorical: [channel]")
    for column in ["id", "body", "label", "part", "text", "embedding"] {
      #expect(throws: HunchError.self) { try features("categorical: [\(column)]") }
    }
    for url in ["http://u:p@host/v1", "http://host/v1?key=secret", "host"] {
      #expect(throws: HunchError.self) {
        try features("embeddings: { url: \"\(url)\", model: m }")
      }
    }
    try features("embeddings: { url: \"http://host/v1/embeddings\", model: m }")
  }
}
