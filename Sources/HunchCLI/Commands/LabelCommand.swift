import ArgumentParser
import Hunch

struct LabelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label", abstract: "Give gold labels by hand, one document at a time.",
    discussion: """
      audit labels measure: accuracies and scores. On the test split they are test labels, on the \
      others development labels. They are drawn at random, from the first of test, valid and train \
      that has documents without gold. repair labels go to the label model and the \
      classifier and measure nothing. They are of the documents that 'hunch suggest documents' lists \
      first, never of the test split.

      Every answer is stored in the workspace at once, and the next run uses it. A label given here \
      counts in place of the corpus's. What is skipped comes again next time. Where standard input \
      is no terminal, keys are read from it, one on each line.

      Examples:
        hunch label examples/support-messages --count 50
        hunch label examples/support-messages --repair
        hunch label examples/support-messages --document 17 --document 23
        hunch label examples/support-messages --list
        hunch label examples/support-messages --import labels.csv --audit
        hunch export examples/support-messages labels --output labels.csv
      """)

  @OptionGroup var project: ProjectOptions
  @Flag(help: "Labels that measure (default).") var audit = false
  @Flag(help: "Labels that models learn from (default with --document, as those were chosen).")
  var repair = false
  @Option(help: "The most documents to ask for.") var count = 20
  @Option(help: "Only documents of a split: train, valid or test.") var split: Split?
  @Option(
    name: .customLong("document"), parsing: .unconditionalSingleValue,
    help: "Ask for this document; may be repeated.")
  var documents: [String] = []
  @Flag(help: "Show texts even where standard output is no terminal.") var texts = false
  @Flag(help: "List the labels of the workspace.") var list = false
  @Option(
    parsing: .unconditionalSingleValue,
    help: "Take the label of a document out of the workspace; may be repeated.")
  var remove: [String] = []
  @Option(
    name: .customLong("import"),
    help: ArgumentHelp(
      "Store the labels of a file with columns id, label and, optionally, use and time.",
      valueName: "file"),
    completion: .file())
  var file: String?
  @Option(help: "csv, tsv or jsonl (default: by the file's ending).") var tableFormat: TableFormat?

  func validate() throws {
    if audit, repair { throw ValidationError("--audit and --repair exclude each other.") }
    if count < 1 { throw ValidationError("--count takes a whole number from 1.") }
    if [list, !remove.isEmpty, file != nil, !documents.isEmpty].count(where: { $0 }) > 1 {
      throw ValidationError("--list, --remove, --import and --document exclude each other.")
    }
    if repair, split == .test {
      throw ValidationError("--repair takes no documents of the test split: it would spoil scores.")
    }
    if split != nil, !documents.isEmpty {
      throw ValidationError("--split and --document exclude each other.")
    }
    if tableFormat != nil, file == nil {
      throw ValidationError("--table-format goes with --import.")
    }
  }

  /// What the labels are for. Documents that somebody picked are no random sample, and what is no
  /// random sample does not measure.
  private var use: GoldUse { repair || !documents.isEmpty && !audit ? .repair : .audit }

  func run() throws {
    let output = project.common.output
    let session = try project.session()
    let labeling = HandLabeling(session)
    if list || !remove.isEmpty {
      if !remove.isEmpty { try labeling.remove(remove) }
      let report = try labeling.labels()
      return try output.show(report) { $0.labels(report) }
    }
    if let file {
      let report = try labeling.importFile(
        file, format: tableFormat, use: audit ? .audit : repair ? .repair : nil)
      return try output.show(report) { $0.imported(report) }
    }
    let request = LabelRequest(use: use, count: count, split: split, documents: documents)
    let tasks = try labeling.tasks(request)
    if use == .repair, let test = tasks.first(where: { $0.split == .test }) {
      throw ValidationError(
        "Document \(Excerpt.visible(test.id)) is of the test split: a repair label there would spoil "
          + "scores. --audit measures.")
    }
    var answers = LabelSession(tasks: tasks, classes: session.project.labels)
    let isInterrupted = try tasks.isEmpty ? false : ask(&answers, labeling)
    let summary = LabelSummary(answers, use)
    try output.show(summary) { text in
      tasks.isEmpty
        ? nothing : text.ended(answers, use: use, directory: project.directory)
    }
    if isInterrupted { throw HunchError.interrupted }
  }

  private var nothing: String {
    use == .audit
      ? "no document\(split.map { " of split \($0.name)" } ?? "") is without a gold label\n"
      : "no document of \(split?.name ?? "train") is without a gold label; test is never asked for\n"
  }

  /// Goes through the documents until their end or the person's.
  ///
  /// - Returns: Whether it was Ctrl-C.
  private func ask(_ session: inout LabelSession, _ labeling: HandLabeling) throws -> Bool {
    let stop = Cancellation()
    Interrupts.install(Interrupts.endings) { stop.cancel() }
    let isRaw = RawTerminal.begin()
    defer { RawTerminal.restore() }
    var input = KeyInput(isRaw: isRaw) { stop.isCancelled }
    while true {
      try show(session, isRaw)
      if session.isAtEnd, !isRaw { return stop.isCancelled }
      switch input.next() {
      case .interrupt: return true
      case .end: return stop.isCancelled
      case .key(let key):
        let action = session.press(key)
        // Where lines are answers, each is one: half of a code, or two answers, would shift the rest.
        if !isRaw, action == .unknown || input.isLineRead == !session.pending.isEmpty {
          throw LabelError.unknownKey(
            line: input.line,
            known: (session.keys.codes + ["s", "u", "v", "q"]).joined(separator: " "))
        }
        switch action {
        case .quit: return false
        case .none, .unknown: break
        case .give(let document, let label):
          session.stored(
            label, replacing: try labeling.give(label, to: session.tasks[document].id, for: use))
        case .takeBack(_, let former?): _ = try labeling.put(former)
        case .takeBack(let document, nil):
          try labeling.remove([session.tasks[document].id])
        }
      }
    }
  }

  /// Draws the session: over the last screen on a terminal, below it elsewhere. With JSON, standard
  /// output is for the summary alone.
  private func show(_ session: LabelSession, _ isRaw: Bool) throws {
    let output = project.common.output
    if output.format == .json, !isRaw { return }
    let isTerminal = output.format == .json ? Console.isErrorTerminal : Console.isOutputTerminal
    let screen =
      (isTerminal ? TerminalText.Signal.eraseScreen.mark : "")
      + output.text.screen(session, use: use, texts: texts || isTerminal, keys: isTerminal)
    if output.format == .json { Console.error(screen) } else { try Console.output(screen) }
  }
}

/// What a session did, without a word of the documents.
struct LabelSummary: Encodable {
  struct Label: Encodable {
    var id: String
    var label: String
  }

  var use: String
  var asked: Int
  var skipped: Int
  var left: Int
  var labels: [Label]

  init(_ session: LabelSession, _ use: GoldUse) {
    self.use = use.name
    asked = session.tasks.count
    skipped = session.skipped
    left = session.tasks.count - session.position
    labels = session.given.map { Label(id: session.tasks[$0.document].id, label: $0.label) }
  }
}
