import ArgumentParser
import Foundation
import Hunch

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make a project of your own: rules, configuration, a corpus.",
    discussion: """
      Makes a folder with hunch.yaml, rules.swift (rules with examples that 'hunch test' runs), a \
      corpus, a README and what editors need. '--from' imports your documents in place of the small \
      corpus, and writes the classes that it finds in a column, or those of '--labels', into the \
      rules.

      Examples:
        hunch new my-task
        hunch new my-task --from messages.csv --text body --label topic
        hunch new my-task --from messages.csv --text body --labels complaint,question,other
      """)

  @Argument(help: "The folder to make.", completion: .directory)
  var directory: String

  @Option(help: "A file with documents: .csv, .tsv or .jsonl.", completion: .file())
  var from: String?

  @Option(help: "The column with the text (with --from).")
  var text: String?

  @Option(help: "The column that identifies a document (default: id, or the rows are numbered).")
  var id: String?

  @Option(help: "The column with the classes of documents where they are known.")
  var label: String?

  @Option(help: "The column with train, valid or test.")
  var split: String?

  @Option(help: "The classes, with commas between them (default: those in the label column).")
  var labels: String?

  @Flag(name: .shortAndLong, help: "Do not say what to do next.")
  var quiet = false

  func validate() throws {
    if from == nil {
      for (name, value) in [
        ("text", text), ("id", id), ("label", label), ("split", split), ("labels", labels),
      ] where value != nil {
        throw ValidationError("--\(name) goes with --from FILE.")
      }
    } else if text == nil {
      throw ValidationError("--from needs --text COLUMN, the column with the text.")
    } else if label == nil, labels == nil {
      throw ValidationError(
        "--from needs the classes: --label COLUMN, where some are known, or --labels first,second.")
    }
  }

  func run() throws {
    let cancellation = Cancellation()
    Interrupts.install(cancellation)
    let source = from.map { file in
      NewProject.Source(
        file: file, text: text ?? "", id: id, label: label, split: split,
        labels: labels.map { list in
          list.split(separator: ",", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
          }
        } ?? [])
    }
    let made = try NewProject(directory: directory).create(
      from: source, progress: ProgressBar(quiet: quiet).progress
    ) { cancellation.isCancelled }
    // Editors can wait; without modules or a folder for them 'hunch editor' says why.
    _ = try? EditorFiles.write(in: directory)
    if quiet { return }
    let folder = ShellWord.quoted(directory)
    let rejected = made.report.map(\.rejected) ?? 0
    try Console.output(
      """
      made \(directory)
        rules.swift    the labeling functions, for \(made.labels.joined(separator: ", ")): change them
        hunch.yaml     where the documents are
        corpus.sqlite  \(Figures.count(made.documents)) documents\
      \(rejected > 0 ? "; \(Figures.count(rejected)) rows were rejected: see 'hunch import'" : "")
      next:
        hunch run \(folder)
        hunch watch \(folder)    # runs again whenever you save rules.swift

      """)
  }
}
