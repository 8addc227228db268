import ArgumentParser
import Foundation
import Hunch

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Run again whenever a rule or a file is saved.",
    discussion: """
      Watches hunch.yaml, the rule files, vote files, knowledge bases and the corpus. After a save \
      it compiles the rules if they changed, runs, and prints the table of functions, those that \
      changed first, with their figures before and after. Every run is recorded, so 'hunch runs' \
      and 'hunch compare' know it.

      What is wrong is shown, and watching goes on. Ctrl-C ends.

      Example: hunch watch examples/support-messages
      """)

  @OptionGroup var project: ProjectOptions
  @OptionGroup var labelModel: LabelModelOptions

  func validate() throws {
    if project.common.output.format == .json {
      throw ValidationError("'hunch watch' prints text; 'hunch run' prints JSON.")
    }
  }

  func run() throws {
    let cancellation = Cancellation()
    Interrupts.installQuietly(cancellation)
    // The same words do the run, in a process of its own.
    var words = Array(CommandLine.arguments.dropFirst())
    if let place = words.firstIndex(of: Self.configuration.commandName ?? "") {
      words[place] = WatchedRunCommand.configuration.commandName ?? ""
    }
    let style = project.common.output.text.style
    try WatchLoop(
      options: project, words: words, style: style,
      isStopped: { cancellation.isCancelled },
      executable: Bundle.main.executablePath ?? CommandLine.arguments[0]
    ).run()
  }
}

/// One run of 'hunch watch', in the program with the new rules.
struct WatchedRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watched-run", abstract: "Run as 'hunch watch' does.", shouldDisplay: false)

  @OptionGroup var project: ProjectOptions
  @OptionGroup var labelModel: LabelModelOptions

  func run() throws {
    do {
      let session = try project.session(isQuiet: true, labelModel.change)
      let job = ProjectRun(session)
      let text = project.common.output.text
      let before = try session.history.runs(limit: 1).first
      _ = try job.run { stage in
        switch stage {
        case .apply(let report): try Console.output(text.watched(report))
        case .analyze(let report):
          try Console.output(text.watched(report, job.functions(report), before))
        case .fit, .findings: break
        case .train(let report): try Console.output(text.watched(report))
        case .evaluate(let report): try Console.output(text.watched(report, before))
        case .record(let outcome):
          try Console.output(text.record(outcome, directory: project.directory))
        }
        text.flushWarnings(quiet: project.common.output.quiet)
      }
    } catch HunchError.interrupted {
      // The watch ended this run, and starts the next.
      throw ExitCode(ExitStatus.interrupted.rawValue)
    }
  }
}
