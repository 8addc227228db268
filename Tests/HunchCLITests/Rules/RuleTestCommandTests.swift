import Foundation
import Testing

@Suite("hunch test")
struct RuleTestCommandTests {
  private static let rules = """
    import HunchLabeling

    enum Taste: String, LabelSet { case sweet, sour }

    let fruit = RulePack("fruit", for: Taste.self) {
      Keywords("honeyed", ["honey", "jam"], votes: .sweet)
        .expects(["fig jam": .sweet, "jammed": nil])
      Heuristic("sharp", reading: Field<String>("label")) { text, label in
        label == "sour" || text.contains("sharp") ? .sour : nil
      }
      .expects([
        Example("lime", fields: ["label": "sour"]): .sour,
        "sharp": .sweet,
        "plum": .sour,
      ])
      Keywords("silent", ["nothing of the kind"], votes: .sour)
    }

    """

  private func project(_ checks: String, rules: String = rules) throws -> Folder {
    let folder = try Projects.fruit()
    try folder.write("rules.swift", rules)
    try folder.write(
      "hunch.yaml",
      "rules: rules.swift\ncorpus: { path: corpus.sqlite, table: notes, id: id, text: text, "
        + "gold: label, split: split }\n" + checks)
    return folder
  }

  @Test("1: an example that fails has a line with its place")
  func examples() throws {
    let folder = try project("")
    let outcome = try HunchBinary.run(["test"], in: folder)
    #expect(outcome.status == 1)
    #expect(
      outcome.output == """
        rules.swift:11: sharp: example 2 should vote sweet and votes sour
        rules.swift:11: sharp: example 3 should vote sour and abstains
        failed: 5 examples, 2 failed

        """)
    #expect(outcome.errors.isEmpty)
    // Neither documents nor a workspace are needed.
    try FileManager.default.removeItem(atPath: folder.path("corpus.sqlite"))
    let json = try HunchBinary.run(["test", ".", "--format", "json"], in: folder)
    #expect(json.status == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.path("hunch.workspace")))
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(report["examples"] as? Int == 5)
    let failed = try #require(report["failed"] as? [[String: Any]])
    #expect(failed.count == 2)
    #expect(
      Set(failed[1].keys) == ["function", "example", "expected", "voted", "file", "line"])
    #expect(failed[1]["voted"] is NSNull)
    #expect(failed[1]["file"] as? String == "rules.swift" && failed[1]["line"] as? Int == 11)
  }

  @Test("checks are figures of analyze and evaluate, on development labels")
  func checks() throws {
    let right = Self.rules.replacing("\"sharp\": .sweet", with: "\"sharp\": .sour")
      .replacing("\"plum\": .sour", with: "\"plum\": nil")
    let folder = try project(
      """
      checks:
        rules_that_never_vote: 0
        coverage: 0.5
        label_model: { macro_f1: 0.9, log_loss: 0.001 }
        functions:
          sharp: { empirical_accuracy: 0.9 }
          silent: { empirical_accuracy: 0.1 }

      """, rules: right)
    let outcome = try HunchBinary.run(["test", "--format", "json"], in: folder)
    #expect(outcome.status == 1, "\(outcome.errors)")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let checks = try #require(report["checks"] as? [[String: Any]])
    #expect(
      checks.map { $0["name"] as? String } == [
        "rules_that_never_vote", "coverage", "label_model.macro_f1", "label_model.log_loss",
        "functions.sharp.empirical_accuracy", "functions.silent.empirical_accuracy",
      ])
    #expect(checks.map { $0["passed"] as? Bool } == [false, true, true, false, true, false])
    #expect(
      checks.map { $0["split"] as? String } == ["all", "all", "train", "train", "train", "train"])
    #expect(checks.map { $0["line"] as? Int } == [4, 5, 6, 6, 8, 9])
    #expect(checks[0]["actual"] as? Double == 1 && checks[5]["actual"] is NSNull)
    let text = try HunchBinary.run(["test"], in: folder)
    #expect(
      text.output.hasPrefix(
        "hunch.yaml:4: rules_that_never_vote is 1 (all) and should be at most 0\n"))
    #expect(
      text.output.hasSuffix(
        "hunch.yaml:9: functions.silent.empirical_accuracy is not known (train) and should be at "
          + "least 0.100\nfailed: 5 examples; 6 checks, 3 failed\n"))
  }

  @Test("a split can be named; 78 for figures that do not exist, 0 where all hold")
  func splits() throws {
    let folder = try project(
      "checks: { split: test, classifier: { accuracy: 0.1 } }\n",
      rules: Self.rules
        .replacing("\"sharp\": .sweet,\n", with: "").replacing("\"plum\": .sour,", with: ""))
    #expect(
      try HunchBinary.succeed(["test"], in: folder) == "passed: 3 examples; 1 check\n")
    for (check, words) in [
      ("{ label_model: { macro_f2: 1 } }", "'macro_f2'"),
      ("{ functions: { shape: { coverage: 1 } } }", "'shape'"),
      ("{ label_model: 1 }", "'label_model'"), ("{ covrage: 1 }", "did you mean 'coverage'?"),
      ("{ coverage: much }", "must be a number"), ("{ split: some }", "train, valid or test"),
    ] {
      let other = try project("checks: \(check)\n")
      let outcome = try HunchBinary.run(["test"], in: other)
      #expect(outcome.status == 78 && outcome.errors.contains(words), "\(outcome.errors)")
    }
  }

  @Test("nothing to test is said")
  func nothing() throws {
    let folder = try Projects.fruit()
    #expect(
      try HunchBinary.succeed(["test"], in: folder)
        == "nothing to test: no 'expects' beside the rules, and no 'checks' in hunch.yaml\n")
  }
}
