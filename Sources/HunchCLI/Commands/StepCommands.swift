import ArgumentParser
import Hunch

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Do the whole job: apply, analyze, fit, train, evaluate.",
    discussion: """
      Prints each table as it is ready. Run it again after every change of a rule: only what \
      changed is computed.

      Example: hunch run examples/support-messages
      """)

  @OptionGroup var project: ProjectOptions
  @OptionGroup var labelModel: LabelModelOptions

  func run() throws {
    let job = ProjectRun(try project.session(labelModel.change))
    let text = project.common.output.text
    let isText = project.common.output.format == .text
    var recorded = ""
    let report = try job.run { stage in
      guard isText else { return }
      switch stage {
      case .apply(let report): try Console.output(text.apply(report) + "\n")
      case .analyze(let report): try Console.output(text.analyze(report) + "\n")
      case .fit(let report): try Console.output(text.fit(report) + "\n")
      case .train(let report): try Console.output(text.train(report) + "\n")
      case .evaluate(let report): try Console.output(text.evaluate(report) + "\n")
      case .findings(let findings):
        let words = text.findings(findings, directory: project.directory)
        try Console.output(words.isEmpty ? "" : words + "\n")
      case .record(let outcome): recorded = text.record(outcome, directory: project.directory)
      }
      text.flushWarnings(quiet: project.common.output.quiet)
    }
    guard isText else { return try Console.output(ReportJSON.encode(report)) }
    if report.evaluate == nil {
      try Console.output(
        "no gold labels that measure, so nothing to evaluate; name their column with "
          + "'corpus: gold:', or give some with 'hunch label'\n")
    }
    try Console.output(
      recorded
        + "'hunch report \(ShellWord.quoted(project.directory))' shows all of it, with documents, as one HTML page\n"
    )
  }
}

struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Run the labeling functions; only what changed.",
    discussion: """
      Votes are stored by the content of function and documents, so a changed function is \
      evaluated anew, an edited or appended document costs the few thousand that stand beside it, \
      and a renamed function costs nothing.

      Example: hunch apply examples/support-messages --explain
      """)

  @OptionGroup var project: ProjectOptions

  @Flag(help: "Say which functions would be evaluated on how many documents, and why; do nothing.")
  var explain = false

  func run() throws {
    if explain {
      let plan = try project.session().applyPlan()
      return try project.common.output.show(plan) { $0.plan(plan) }
    }
    let report = try Asking(AppliedVotes(project.session())).withinBudget().report
    try project.common.output.show(report) { $0.apply(report) }
  }
}

struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Show how often each function votes, overlaps, conflicts and is right.",
    discussion: """
      coverage: it votes. overlaps: another function votes too. conflicts: another function votes \
      for another class. All are fractions of all documents. With gold labels, accuracy is the \
      share of its votes that are right, with Wilson's 95 % interval.

      Functions that findings name come first. With --function, one function with documents: \
      where it is wrong, where the label model overrules it, and where nothing speaks against it. \
      Test documents are not shown unless --split test asks for them.

      Examples:
        hunch analyze examples/support-messages --split valid
        hunch analyze examples/support-messages --function long_email --texts
      """)

  @OptionGroup var project: ProjectOptions
  @Option(help: "Only the documents of a split: train, valid or test.") var split: Split?

  @Option(help: "One function with documents behind its figures.") var function: String?
  @Option(help: "With --function, the most documents of each sort (default: 5).") var count: Int?
  @Flag(help: "With --function, show parts of the texts.") var texts = false

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count takes a whole number from 1.") }
    if function == nil, texts || count != nil {
      throw ValidationError("--texts and --count go with --function.")
    }
  }

  func run() throws {
    if let function {
      let report = try FunctionReport(
        project.labels(), named: function, split: split, count: count ?? 5, texts: texts)
      return try project.common.output.show(report) {
        $0.function(report, directory: project.directory)
      }
    }
    let report = try Analysis(project.votes(), split: split).report
    try project.common.output.show(report) {
      let findings = $0.findings(report.findings, directory: project.directory)
      return $0.analyze(report) + (findings.isEmpty ? "" : "\n" + findings)
    }
  }
}

struct ConflictsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conflicts", abstract: "List pairs of functions that disagree, with documents.",
    discussion: "Example: hunch conflicts examples/support-messages --examples 3")

  @OptionGroup var project: ProjectOptions
  @Option(help: "Only the documents of a split: train, valid or test.") var split: Split?
  @Option(help: "The most example documents of a pair.") var examples = 5

  func validate() throws {
    if examples < 0 { throw ValidationError("--examples takes a whole number from 0.") }
  }

  func run() throws {
    let report = try ConflictsReport(project.votes(), split: split, examples: examples)
    try project.common.output.show(report) { $0.conflicts(report) }
  }
}

struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Learn how far to trust each function, without gold labels.",
    discussion: "Example: hunch fit examples/support-messages --label-model majority")

  @OptionGroup var project: ProjectOptions
  @OptionGroup var labelModel: LabelModelOptions

  func run() throws {
    let report = try project.labels(labelModel.change).report()
    try project.common.output.show(report) { $0.fit(report) }
  }
}

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train the classifier on the probabilistic labels.",
    discussion: "Example: hunch train examples/support-messages")

  @OptionGroup var project: ProjectOptions
  @OptionGroup var labelModel: LabelModelOptions

  func run() throws {
    let report = try project.classifier(labelModel.change).report
    try project.common.output.show(report) { $0.train(report) }
  }
}

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Score label model and classifier against gold labels.",
    discussion: """
      Without --split, the first of test, valid and train that has gold labels.

      Slices of the rule pack are scored one by one.

      With --precision, also from which probability of a class on the classifier is right that \
      often, and how many documents that leaves. It is chosen on the gold labels of the valid \
      split, where there are some, and measured on the split that is scored.

      With --buckets, also which classes are taken for which, and which functions voted on those \
      documents.

      With --worst, also the documents on which the classifier is most wrong, and the documents \
      with votes on which it and the label model differ most. The latter need no gold labels: \
      --split may then name a split without.

      Examples:
        hunch evaluate examples/support-messages --split test --format json
        hunch evaluate examples/support-messages --precision 0.95
        hunch evaluate examples/support-messages --split valid --buckets
        hunch evaluate examples/support-messages --split valid --worst 10
      """)

  @OptionGroup var project: ProjectOptions
  @OptionGroup var labelModel: LabelModelOptions
  @Option(help: "The split to score: train, valid or test.") var split: Split?
  @Option(help: "Say how sure the classifier has to be to be right that often, such as 0.95.")
  var precision: Double?
  @Flag(help: "With --precision, let the lower end of its 95 % interval reach that.")
  var certain = false
  @Option(help: "List so many documents of the largest loss, and of the largest disagreement.")
  var worst: Int?
  @Flag(help: "Show the beginnings of the texts of listed documents.") var texts = false
  @Flag(help: "List errors by gold class, predicted class and the functions that voted.")
  var buckets = false

  func validate() throws {
    if let worst, worst < 1 { throw ValidationError("--worst takes a whole number from 1.") }
    if texts, worst == nil { throw ValidationError("--texts goes with --worst.") }
    if let precision, !(precision > 0 && precision <= 1) {
      throw ValidationError("--precision takes a share above 0 and up to 1, such as 0.95.")
    }
    if certain, precision == nil { throw ValidationError("--certain goes with --precision.") }
  }

  func run() throws {
    let request = EvaluationRequest(
      worst: worst.map { WorstRequest(count: $0, texts: texts) }, buckets: buckets,
      precision: precision.map { PrecisionGoal($0, isCertain: certain) })
    let votes = try project.votes(labelModel.change)
    let evaluated = try request.split(split, of: votes)
    let report = try EvaluateReport(
      TrainedClassifier(FittedLabels(votes, training: true)), split: evaluated, request)
    try project.common.output.show(report) { $0.evaluate(report) }
  }
}

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Say why a document got its label.",
    discussion: """
      Shows the votes and the log weight that each adds to every class, the posterior, and the \
      features of the text that speak most for and against the classifier's choice. Features are \
      hashed: where different ones of the text share a weight, their rows say so.

      Example: hunch explain examples/support-messages 17
      """)

  @Argument(help: "The project: a folder with hunch.yaml.", completion: .directory)
  var directory: String
  // All that no option takes, so that an id may begin with '-'.
  @Argument(
    parsing: .allUnrecognized, help: ArgumentHelp("The document's id.", valueName: "id"))
  var ids: [String]
  @Option(help: "The most features to show for and against, each.") var top = 10
  @Flag(help: "Show the text.") var texts = false
  @OptionGroup var common: CommonOptions

  mutating func validate() throws {
    if ids.first == "--" { ids.removeFirst() }
    guard ids.count == 1 else {
      throw ValidationError(
        "explain takes one id, not \(ids.map { "'\($0)'" }.joined(separator: " ")). One that begins "
          + "with '-' like an option stands behind '--': hunch explain DIR -- ID")
    }
    if top < 0 { throw ValidationError("--top takes a whole number from 0.") }
  }

  func run() throws {
    let project = ProjectOptions(directory, common)
    let classifier = try project.classifier()
    let report = try ExplainReport(classifier, id: ids[0], top: top, texts: texts)
    let labels = classifier.session.project.labels
    try common.output.show(report) { $0.explain(report, labels: labels) }
  }
}
