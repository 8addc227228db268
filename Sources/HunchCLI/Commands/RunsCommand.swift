import ArgumentParser
import Hunch

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the recorded runs, with what changed from one to the next.",
    discussion: """
      'hunch run' records every run in the workspace: its configuration, its functions by \
      fingerprint, its figures, and the labels of its documents. The last \(RunHistory.kept) are \
      kept. A run that is the same as the last is not recorded again, but counted.

      In 'changed', +2 −1 ~3 counts functions that were added, removed and changed.

      Example: hunch runs examples/support-messages --limit 5
      """)

  @OptionGroup var project: ProjectOptions
  @Option(help: "The most runs to list; the last ones are.") var limit = 20

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit takes a whole number from 1.") }
  }

  func run() throws {
    let listing = try RunHistory(project.work().project).listing(limit: limit)
    try project.common.output.show(listing) { $0.runs(listing) }
  }
}
