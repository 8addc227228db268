import ArgumentParser
import Hunch

struct WorkersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workers",
    abstract: "Show how the workers of a crowd answer: agreement, accuracy, spam.",
    discussion: """
      For votes of many people ('votes: - { path: FILE, worker: COLUMN, … }'). Each worker is \
      judged against what the others say of the same documents. Nobody is called a spammer before \
      the 95 % interval of the skill says so. With gold labels, also the measured accuracy.

      Examples:
        hunch workers my-project
        hunch workers my-project --count 20
      """)

  @OptionGroup var project: ProjectOptions
  @Option(help: "The most workers to list, spammers first (default: all).") var count: Int?

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count takes a whole number from 1.") }
  }

  func run() throws {
    let report = try WorkersReport(project.votes())
    try project.common.output.show(report) { $0.workers(report, limit: count) }
  }
}
