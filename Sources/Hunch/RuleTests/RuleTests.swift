import HunchLabeling

/// What `hunch test` found: examples beside rules, and the checks of `hunch.yaml`.
package struct RuleTestReport: Encodable, Sendable {
  /// An example that a rule gets wrong. Its text stands beside the rule.
  package struct Failure: Encodable, Sendable {
    /// The function, or the slice.
    package var function: String
    /// The place of the example among the rule's, from 1.
    package var example: Int
    /// The class, or nil for abstaining.
    package var expected: String?
    /// The class, or nil for abstaining.
    package var voted: String?
    /// The file, relative to the project's folder.
    package var file: String
    /// The line of `expects`.
    package var line: Int

    enum CodingKeys: String, CodingKey { case function, example, expected, voted, file, line }

    /// Writes an abstention as null.
    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(function, forKey: .function)
      try container.encode(example, forKey: .example)
      try container.encode(expected, forKey: .expected)
      try container.encode(voted, forKey: .voted)
      try container.encode(file, forKey: .file)
      try container.encode(line, forKey: .line)
    }
  }

  /// A check and what it found.
  package struct Checked: Encodable, Sendable {
    /// The figure, such as `label_model.macro_f1`.
    package var name: String
    /// The split, or `all`.
    package var split: String
    /// The bound.
    package var required: Double
    /// The figure; nil where there is none for these documents.
    package var actual: Double?
    /// Whether it is good enough.
    package var passed: Bool
    /// The line of `hunch.yaml`.
    package var line: Int

    enum CodingKeys: String, CodingKey { case name, split, required, actual, passed, line }

    /// Writes a figure that is not there as null.
    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(split, forKey: .split)
      try container.encode(required, forKey: .required)
      try container.encode(actual, forKey: .actual)
      try container.encode(passed, forKey: .passed)
      try container.encode(line, forKey: .line)
    }
  }

  /// How many examples were run.
  package var examples: Int
  /// Examples of rules that ask a language model, which are not run.
  package var skipped: Int
  /// The examples that fail, in the order written.
  package var failed: [Failure]
  /// The checks, in the order written.
  package var checks: [Checked]

  /// Whether all examples and checks hold.
  package var passed: Bool { failed.isEmpty && checks.allSatisfy(\.passed) }
}

/// Runs the examples beside rules and the checks of a project.
package enum RuleTests {
  /// Runs all of them.
  ///
  /// Documents and a workspace are needed for checks alone.
  ///
  /// - Throws: ``HunchError`` for rules or knowledge bases that are wrong, checks of figures that do not
  ///   exist, and what the stages throw.
  package static func run(_ project: Project, options: SessionOptions) throws -> RuleTestReport {
    var report = RuleTestReport(examples: 0, skipped: 0, failed: [], checks: [])
    if let pack = project.pack, pack.definitions.contains(where: { !$0.examples.isEmpty }) {
      let knowledge = try KnowledgeSource(project: project, options: options).load()
      do {
        let result = try pack.runExamples(knowledge: knowledge)
        (report.examples, report.skipped) = (result.run, result.skipped)
        report.failed = result.failed.map { failure(pack, $0) }
      } catch {
        throw HunchError.rule(error)
      }
    }
    let checks = project.configuration.checks
    if !checks.all.isEmpty {
      report.checks = try run(checks, try Session(project, options: options))
    }
    return report
  }

  private static func failure(_ pack: RulePack, _ failed: FailedExample) -> RuleTestReport.Failure {
    let isSlice = failed.function >= pack.functions.count
    func name(_ vote: Int16) -> String? {
      guard pack.labels.indices.contains(Int(vote)) else { return nil }
      return isSlice ? "in the slice" : pack.labels[Int(vote)]
    }
    return RuleTestReport.Failure(
      function: pack.definitions[failed.function].name ?? "", example: failed.example.number,
      expected: name(failed.example.vote), voted: name(failed.voted),
      file: failed.example.place.fileID, line: failed.example.place.line)
  }

  private static func run(
    _ checks: Checks, _ session: Session
  ) throws -> [RuleTestReport.Checked] {
    let votes = try AppliedVotes(session).counted()
    let whole = try Analysis(votes, split: checks.split).report
    let development = checks.split ?? votes.developmentSplit
    var reports: [any Encodable] = []
    // Right and wrong are measured on development labels, the rest on all documents.
    if let development, checks.split == nil {
      reports.append(try Analysis(votes, split: development).report)
    }
    let figures = try CheckedFigures(
      reports + [
        SilentRules(whole),
        WholeFigures(
          coverage: whole.coverage, overlaps: whole.overlaps, conflicts: whole.conflicts),
      ] + (checks.split == nil ? [] : [whole])
        + (checks.all.contains(where: \.needsEvaluation)
          ? [
            try EvaluateReport(
              TrainedClassifier(FittedLabels(votes, training: true)), split: development)
          ] : []))
    return try checks.all.map { check in
      let isWhole = check.keys.count == 1 && checks.split == nil
      let split = isWhole ? "all" : development?.name ?? "all"
      var actual: Double?
      switch figures.figure(check.keys) {
      case .number(let value): actual = value
      case .none: break
      case .unknown(let key, let known):
        throw HunchError.unknownCheck(
          path: session.project.resolve("hunch.yaml"), line: check.line,
          name: key.isEmpty ? check.name : key, known: known)
      }
      return RuleTestReport.Checked(
        name: check.name, split: split, required: check.required, actual: actual,
        passed: actual.map(check.holds) ?? false, line: check.line)
    }
  }

  private struct SilentRules: Encodable {
    var rulesThatNeverVote: Int
    init(_ report: AnalyzeReport) {
      rulesThatNeverVote = report.functions.count { $0.votes == 0 }
    }
  }

  private struct WholeFigures: Encodable {
    var coverage: Double
    var overlaps: Double
    var conflicts: Double
  }
}
