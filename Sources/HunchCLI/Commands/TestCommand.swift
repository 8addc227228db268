import ArgumentParser
import Hunch

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the examples beside the rules, and the checks of hunch.yaml.",
    discussion: """
      Examples stand beside rules: .expects(["lost my card": .card, "sim card": nil]). Checks stand \
      in hunch.yaml and name any figure of 'analyze' and 'evaluate', by the keys of their JSON:

        checks:
          rules_that_never_vote: 0
          coverage: 0.8
          label_model: { macro_f1: 0.75, log_loss: 0.6 }
          functions: { mentions_card: { empirical_accuracy: 0.7 } }

      Figures are the least that is demanded; of log_loss, brier, ece, conflicts, incorrect and \
      rules_that_never_vote the most. They are measured on development labels (valid, else train) \
      unless 'split:' among the checks names another split. One line a failure; status 1 if there \
      is one.

      Example: hunch test examples/support-messages
      """)

  @OptionGroup var project: ProjectOptions

  func run() throws {
    let work = try project.work()
    let report = try RuleTests.run(work.project, options: work.options)
    try project.common.output.show(report) { $0.tested(report, in: work.project) }
    if !report.passed { throw ExitCode(ExitStatus.checkFailed.rawValue) }
  }
}

extension ReportText {
  /// A line for each failure, and one that counts.
  func tested(_ report: RuleTestReport, in project: Project) -> String {
    var lines: [String] = []
    for failure in report.failed {
      let expected = failure.expected.map { "should vote \($0)" } ?? "should abstain"
      let voted = failure.voted.map { "votes \($0)" } ?? "abstains"
      lines.append(
        "\(project.resolve(failure.file)):\(failure.line): \(failure.function): example "
          + "\(failure.example) \(expected) and \(voted)")
    }
    for check in report.checks where !check.passed {
      let actual = check.actual.map { "\(Self.number($0))" } ?? "not known"
      let bound = check.actual.map { $0 > check.required } ?? false ? "at most" : "at least"
      lines.append(
        "\(project.resolve("hunch.yaml")):\(check.line): \(check.name) is \(actual) (\(check.split)) "
          + "and should be \(bound) \(Self.number(check.required))")
    }
    func count(_ number: Int, _ noun: String, failed: Int) -> String {
      Figures.count(number, noun) + (failed == 0 ? "" : ", \(Figures.count(failed)) failed")
    }
    var parts: [String] = []
    if report.examples > 0 {
      parts.append(count(report.examples, "example", failed: report.failed.count))
    }
    if report.skipped > 0 {
      parts.append("\(Figures.count(report.skipped)) not run, since they ask a language model")
    }
    if !report.checks.isEmpty {
      parts.append(
        count(report.checks.count, "check", failed: report.checks.count { !$0.passed }))
    }
    lines.append(
      parts.isEmpty
        ? "nothing to test: no 'expects' beside the rules, and no 'checks' in hunch.yaml"
        : (report.passed ? "passed: " : "failed: ") + parts.joined(separator: "; "))
    return lines.map { $0 + "\n" }.joined()
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9 ? Figures.fixed(value, 0) : Figures.fixed(value, 3)
  }
}
