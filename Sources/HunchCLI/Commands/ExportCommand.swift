public import ArgumentParser
import Foundation
public import Hunch

extension ExportKind: ExpressibleByArgument {}
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
    let pipeline = try project.pipeline(labelModel.change)
    let rows = try pipeline.export(
      kind, to: output, format: tableFormat, date: date ?? "", isSafe: safe)
    if kind == .labels, !common.output.quiet {
      let damaged = try pipeline.labels().damaged.count
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
