import ArgumentParser
import Hunch

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Say how two recorded runs differ.",
    discussion: """
      Functions and settings that are not the same; documents whose label flipped, and why: which \
      changed function votes differently on them; and figures on gold labels, each difference with \
      its 95 % interval and whether it is more than noise.

      Runs are named by their numbers in 'hunch runs'. Without numbers the last run is compared with \
      the one before it, with one number that run with the last.

      A difference that is called better or worse is so in 19 of 20 cases for a single comparison. \
      Whoever keeps the best of many changes by the same gold labels picks noise, too.

      Examples:
        hunch compare examples/support-messages
        hunch compare examples/support-messages 11 14 --count 50 --texts
      """)

  @Argument(help: "The project: a folder with hunch.yaml.", completion: .directory)
  var directory = "."
  @Argument(help: "The earlier run, and the later one (default: the last two).")
  var runs: [Int] = []
  @Option(help: "The most documents with a flipped label to list.") var count = 20
  @Flag(help: "Show the beginnings of the texts of listed documents.") var texts = false
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if runs.count > 2 { throw ValidationError("two runs are compared, not \(runs.count).") }
    if count < 0 { throw ValidationError("--count takes a whole number from 0.") }
  }

  func run() throws {
    let history = try RunHistory(ProjectOptions(directory, common).work().project)
    let comparison = try history.compare(
      runs.first, runs.count > 1 ? runs[1] : nil,
      RunComparisonRequest(count: count, texts: texts))
    try common.output.show(comparison) { $0.comparison(comparison) }
  }
}
