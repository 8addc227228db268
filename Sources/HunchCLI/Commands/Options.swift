public import ArgumentParser
import Foundation
public import Hunch
import HunchServices
import HunchLabeling

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

extension Split: ExpressibleByArgument {
  /// Reads the word of an option.
  public init?(argument: String) { self.init(named: argument) }
  /// The words that the option takes.
  public static var allValueStrings: [String] { allCases.map(\.name) }
}

/// The options of every command that works on a project.
struct ProjectOptions: ParsableArguments {
  @Argument(help: "The project: a folder with hunch.yaml.", completion: .directory)
  var directory = "."

  @OptionGroup var common: CommonOptions

  init() {}

  /// The options of a command that takes the folder among its own arguments.
  init(_ directory: String, _ common: CommonOptions) {
    self.directory = directory
    self.common = common
  }

  /// The project with what the command line says of it.
  private func project(_ cancellation: Cancellation) throws -> Project {
    var project = try Project(
      directory: directory, packs: Packs.all, workspace: common.workspace,
      compilation: common.output.compilation(cancellation))
    if let seed = common.seed { project.configuration.seed = seed }
    return project
  }

  /// The project, opened.
  ///
  /// - Parameter isQuiet: Whether to say nothing when interrupted.
  func session(
    isQuiet: Bool = false, _ change: (inout Project) throws -> Void = { _ in }
  ) throws -> Session {
    let work = try work(isQuiet: isQuiet, change)
    return try Session(work.project, options: work.options)
  }

  /// The votes of its functions, without asking anybody.
  func votes(_ change: (inout Project) throws -> Void = { _ in }) throws -> CountedDocuments {
    try AppliedVotes(session(change)).counted()
  }

  /// Its probabilistic labels.
  func labels(_ change: (inout Project) throws -> Void = { _ in }) throws -> FittedLabels {
    try FittedLabels(session(change))
  }

  /// Its classifier.
  func classifier(
    _ change: (inout Project) throws -> Void = { _ in }
  ) throws -> TrainedClassifier {
    try TrainedClassifier(session(change))
  }

  /// The project, and how to work on it.
  func work(
    isQuiet: Bool = false, _ change: (inout Project) throws -> Void = { _ in }
  ) throws -> (project: Project, options: SessionOptions) {
    let cancellation = Cancellation()
    if isQuiet { Interrupts.installQuietly(cancellation) } else { Interrupts.install(cancellation) }
    var project = try project(cancellation)
    try change(&project)
    var options = try common.predictionOptions()
    options.cancellation = cancellation
    options.progress = ProgressBar(quiet: common.output.quiet).progress
    return (project, options)
  }
}

/// How a command prints.
struct OutputOptions: ParsableArguments {
  @Option(help: "How to print results: text or json.")
  var format = OutputFormat.text

  @Flag(name: .shortAndLong, help: "Print no progress and no warnings.")
  var quiet = false

  @Flag(help: "Print without colour (as NO_COLOR does).")
  var noColor = false

  /// How rule files are compiled: with a line on a terminal, and warnings.
  func compilation(_ cancellation: Cancellation) -> RuleCompilation {
    var compilation = RuleCompilation()
    compilation.isStopped = { cancellation.isCancelled }
    if quiet { return compilation }
    compilation.warn = { Console.error($0) }
    if Console.isErrorTerminal {
      compilation.isCompiling = {
        Console.error($0 ? "compiling the rules …" : TerminalText.Signal.eraseLine.mark)
      }
    }
    return compilation
  }

  /// Text for people.
  var text: ReportText { ReportText(style: .standardOutput(noColor: noColor)) }

  /// Prints a report in the format asked for.
  func show(_ report: some Encodable, _ render: (ReportText) -> String) throws {
    switch format {
    case .json: try Console.output(ReportJSON.encode(report))
    case .text:
      let text = self.text
      try Console.output(render(text))
      text.flushWarnings(quiet: quiet)
    }
  }
}

/// How a command on a project works.
struct CommonOptions: ParsableArguments {
  /// More threads than any machine has cores; each takes memory.
  static let mostThreads = 4096

  @Option(
    help: "The workspace file (default: hunch.workspace in the project).", completion: .file())
  var workspace: String?

  @Option(help: "The number of threads (default: all cores). Results do not depend on it.")
  var threads: Int?

  @Option(help: "The seed of everything drawn at random (default: the configuration's, or 0).")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Let texts be sent to a service that the project or a model file names; may be repeated.",
      discussion: """
        Needed once for an address: it is remembered in ~/.config/hunch/services. Where somebody \
        sits at a terminal, the question is asked there. This machine, and what environment \
        variables name, need no leave.
        """, valueName: "url"))
  var allowService: [String] = []

  @OptionGroup var output: OutputOptions

  /// What work without a project needs: threads, and how to reach services.
  func predictionOptions() throws -> SessionOptions {
    var options = SessionOptions()
    if let threads { options.threads = threads }
    options.chatModel = ChatClient.connector()
    let consent = try ServiceConsent(allowService)
    options.embedder = { url, model in
      ConsentingEmbedder(
        embedder: EmbeddingClient(url: url, model: model), url: url, consent: consent)
    }
    return options
  }

  func validate() throws {
    if let threads, !(1...Self.mostThreads ~= threads) {
      throw ValidationError("--threads takes a whole number from 1 to \(Self.mostThreads).")
    }
  }
}

/// The options that change the label model.
struct LabelModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The label model: \(LabelModelChoice.names.joined(separator: ", ")).",
      discussion: LabelModelChoice.help))
  var labelModel: String?

  @Option(
    help: ArgumentHelp(
      "uniform, estimate, valid, or shares such as ham=0.9,spam=0.1.",
      discussion: """
        The class balance that the label model assumes among documents with votes. valid: that of \
        the gold labels of the valid split. estimate: learned from the votes. Without it, adaptive \
        learns it where the votes tell and other models take equal shares.
        """))
  var classBalance: String?

  @Option(
    help: ArgumentHelp(
      "same, uniform, or shares such as ham=0.9,spam=0.1.",
      discussion: """
        The class balance where labels are used: the label of a document is the most probable \
        class there. Probabilities stay those of the class balance. same: no difference (default).
        """))
  var decisionBalance: String?

  @Option(
    help: ArgumentHelp(
      "none or valid (default: the configuration's label_model_gold, or repair gold).",
      discussion: """
        valid: the gold labels of the valid split go to the label model: to the accuracies of \
        functions, and from 100 on to its temperature and the model that auto takes. They measure \
        nothing then. Without it, labels that 'corpus: gold_use:' marks as repair go there.
        """))
  var labelModelGold: LabelModelGold?

  /// Which gold labels the label model may see.
  enum LabelModelGold: String, ExpressibleByArgument, CaseIterable {
    case none
    case valid
  }

  /// Puts what the command line says into a project.
  func change(_ project: inout Project) throws {
    if let labelModel { project.configuration.labelModel = labelModel }
    if let labelModelGold {
      project.configuration.labelModelGold = labelModelGold == .valid ? .valid : .unused
    }
    if let classBalance {
      project.configuration.classBalance =
        try ClassBalance(named: classBalance)
        ?? .given(shares(classBalance, "--class-balance takes uniform, estimate, valid"))
    }
    if let decisionBalance {
      project.configuration.decisionBalance =
        try DecisionBalance(named: decisionBalance)
        ?? .given(shares(decisionBalance, "--decision-balance takes same, uniform"))
    }
  }

  /// Reads shares by class.
  ///
  /// - Parameter others: What the option takes beside them, for the message.
  private func shares(_ text: String, _ others: String) throws -> [String: Double] {
    var shares: [String: Double] = [:]
    for part in text.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, let share = Double(pair[1]) else {
        throw ValidationError("\(others), or shares such as ham=0.9,spam=0.1.")
      }
      shares[String(pair[0])] = share
    }
    return shares
  }
}
