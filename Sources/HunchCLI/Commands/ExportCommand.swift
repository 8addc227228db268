import ArgumentParser
import Foundation
public import Hunch

/// What can be written to a file.
enum ExportKind: String, CaseIterable, ExpressibleByArgument {
  /// One column per function: class index or -1; where a class is named by a whole number, class name
  /// or nothing.
  case votes
  /// The label model's probabilities.
  case posteriors
  /// The classifier's probabilities.
  case predictions
  /// The classifier as a model file.
  case model
  /// The labels that were given by hand.
  case labels
}

extension TableFormat: ExpressibleByArgument {}

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write votes, posteriors, predictions, labels or the model to a file.",
    discussion: """
      votes: id and one column per function: class index and -1 where it abstains, or, where a
      class is called by a whole number, class name and nothing.
      posteriors: id, split, covered, label and the label model's probability of each class.
      predictions: id, split, label and the classifier's probability of each class.
      labels: id, label, use and time of the labels given with 'hunch label'.
      model: the classifier as one file for 'hunch predict --model' ('hunch model FILE' shows it).

      Tables are CSV, TSV or JSONL by the file's ending; '-' with --table-format is standard output.

      Example: hunch export examples/support-messages posteriors --output labels.csv
      """)

  @Argument(help: "The project: a folder with hunch.yaml.", completion: .directory)
  var directory: String
  @Argument(help: "votes, posteriors, predictions, labels or model.") var kind: ExportKind
  @Option(name: .shortAndLong, help: "The file to write.", completion: .file()) var output: String
  @Option(help: "csv, tsv or jsonl (default: by the file's ending).") var tableFormat: TableFormat?
  @Option(
    help: "A date such as 2026-11-21 for the model file to state (default: none).")
  var date: String?
  @Flag(
    help: """
      Put ' before texts of CSV and TSV that begin with =, +, -, @, a tab or a carriage return, \
      which spreadsheets take for formulas; numbers stay.
      """)
  var safe = false
  @OptionGroup var common: CommonOptions
  @OptionGroup var labelModel: LabelModelOptions

  func validate() throws {
    if safe, kind == .model { throw ValidationError("--safe is for tables.") }
    guard let date else { return }
    let isDate =
      date.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil
      && (try? Date(date, strategy: .iso8601.year().month().day())) != nil
    if kind != .model || !isDate {
      throw ValidationError("--date is for a model and has the form YYYY-MM-DD.")
    }
  }

  func run() throws {
    let project = ProjectOptions(directory, common)
    let session = try project.session(labelModel.change)
    let file = Export(to: output, format: tableFormat, isSafe: safe)
    var rows = 0
    switch kind {
    case .votes: rows = try file.votes(AppliedVotes(session))
    case .posteriors: rows = try file.posteriors(FittedLabels(session))
    case .predictions: rows = try file.predictions(TrainedClassifier(session))
    case .model: try file.model(TrainedClassifier(session), date: date ?? "")
    case .labels: rows = try file.labels(session)
    }
    if kind == .labels, !common.output.quiet {
      let damaged = try HandLabeling(session).labels().damaged.count
      if damaged > 0 {
        Console.error(
          "warning: \(Figures.count(damaged)) damaged labels are left out: 'hunch label DIR --list'\n"
        )
      }
    }
    guard !common.output.quiet, output != "-" else { return }
    Console.error(
      kind == .model ? "wrote \(output)\n" : "wrote \(Figures.count(rows)) rows to \(output)\n")
  }
}
