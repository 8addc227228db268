import ArgumentParser
import Hunch

struct SuggestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suggest", abstract: "Say what to do next: label documents, add functions.",
    discussion: """
      Label what 'suggest documents' lists, paste what 'suggest functions' lists, run again. Labels \
      given this way are repair gold: they teach the models and measure nothing.

      Examples:
        hunch suggest documents examples/support-messages --texts
        hunch suggest functions examples/support-messages --class card
      """,
    subcommands: [SuggestDocumentsCommand.self, SuggestFunctionsCommand.self])
}

struct SuggestDocumentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "documents", abstract: "List documents whose labels would tell most.",
    discussion: """
      By value: documents of whose votes there are many, of which the models are unsure and few are \
      labelled, spread over the patterns of votes, and over the words of documents without a vote. \
      Documents of the test split and documents with a gold label are never listed.

      Examples:
        hunch suggest documents examples/support-messages --by conflicted --texts
        hunch suggest documents examples/support-messages --ids
      """)

  @OptionGroup var project: ProjectOptions
  @Option(help: "What to look for: value, conflicted or uncovered.") var by = DocumentChoice.value
  @Option(help: "The most documents.") var count = 10
  @Option(help: "Only documents of a split: train or valid.") var split: Split?
  @Flag(help: "Show the beginnings of the texts.") var texts = false
  @Flag(help: "Print the ids alone, one on a line.") var ids = false

  func validate() throws {
    if count < 1 { throw ValidationError("--count takes a whole number from 1.") }
    if split == .test {
      throw ValidationError("--split takes train or valid: documents of test only measure.")
    }
    if ids, project.common.output.format == .json {
      throw ValidationError("--ids does not go with --format json.")
    }
  }

  func run() throws {
    let report = try DocumentSuggestions(
      project.labels(), by, count: count, split: split, texts: texts)
    if ids {
      return try Console.document(report.documents.map { $0.id + "\n" }.joined())
    }
    try project.common.output.show(report) { $0.suggestions(report) }
  }
}

struct SuggestFunctionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "functions", abstract: "Suggest labeling functions, ready to paste.",
    discussion: """
      Groups of keywords that would cover documents without a vote, decide documents on which \
      functions disagree, or mend what repair gold contradicts. Precision is estimated from repair \
      gold and from what the models say of the other documents; gold labels that measure and \
      documents of the test split play no part in it.

      Example: hunch suggest functions examples/support-messages --count 3
      """)

  @OptionGroup var project: ProjectOptions
  @Option(help: "The most functions.") var count = 5
  @Option(
    name: .customLong("class"), parsing: .unconditional, help: "Only functions for a class.")
  var label: String?

  func validate() throws {
    if count < 1 { throw ValidationError("--count takes a whole number from 1.") }
  }

  func run() throws {
    let report = try FunctionSuggestions(project.labels(), count: count, for: label)
    try project.common.output.show(report) { $0.suggestions(report) }
  }
}

extension DocumentChoice: ExpressibleByArgument {}
