import ArgumentParser
import Foundation
public import Hunch

extension PredictionInput.Format: ExpressibleByArgument {}

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Label texts with the trained classifier.",
    discussion: """
      Reads documents from FILE or standard input and writes a JSON line for each, in the same \
      order: its id if it has one, the fields of --keep, label and probabilities. Documents are \
      rows of CSV or TSV, JSON objects one on a line, or plain lines, by the file's ending. Of \
      other files and of standard input the first line tells: JSON if it is an object with a text, \
      else plain lines. With --model it needs nothing but the model file ('hunch export DIR model \
      --output FILE').

      A line that cannot be read is reported by its number and has no answer; all others have \
      theirs, and the status is 65.

      A classifier that looks at columns ('features:' in hunch.yaml) takes them from fields of the \
      same names, and an embedding from 'embedding' or from the endpoint that it was trained with.

      Examples:
        hunch predict examples/support-messages messages.jsonl
        hunch predict examples/support-messages tickets.csv --text body --keep date,channel
        echo "where is my card" | hunch predict --model support.model
      """)

  @Option(help: "A model file to use instead of a project.", completion: .file())
  var model: String?

  @Option(
    help: "lines, jsonl, csv or tsv (default: by the file's ending, or by the first line).")
  var inputFormat: PredictionInput.Format?

  @Option(help: "The field that holds the text (default: text).") var text: String?

  @Option(help: "The field that identifies a document (default: id, if there is one).")
  var id: String?

  @Option(
    help: ArgumentHelp(
      "Fields to give back with the answers, separated by commas; may be repeated.",
      valueName: "fields"))
  var keep: [String] = []

  @Option(
    name: .shortAndLong, help: "The file to write (default: standard output).",
    completion: .file())
  var output: String?

  @Flag(help: "End at the first line that cannot be read.") var strict = false

  @Flag(
    help: """
      Let a model file that looks at embeddings ask the service that it names for those of the \
      input: texts, and the key in HUNCH_EMBEDDINGS_KEY, are sent there.
      """)
  var fetchEmbeddings = false

  @Argument(
    help: ArgumentHelp(
      "The project (unless --model is given) and the input file (default: standard input).",
      valueName: "DIR] [FILE"))
  var inputs: [String] = []

  @OptionGroup var common: CommonOptions

  /// What the options say of the input.
  private var input: PredictionInput {
    PredictionInput(
      format: inputFormat, text: text, id: id,
      keep: keep.flatMap { $0.split(separator: ",").map(String.init) })
  }

  func validate() throws {
    if inputFormat == .lines, text != nil || id != nil || !keep.isEmpty {
      throw ValidationError("--text, --id and --keep name fields, and plain lines have none.")
    }
    if let name = input.takenName {
      throw ValidationError(
        "--keep \(name): an answer has one '\(name)' only; give the field another name.")
    }
    if output == "" { throw ValidationError("--output takes the name of a file, or -.") }
  }

  func run() throws {
    // Not before: the value of an option that there is none of would be taken for a file.
    if inputs.count > (model == nil ? 2 : 1) {
      throw ValidationError(
        model == nil ? "predict takes a project and one file." : "--model takes one input file.")
    }
    let predictor: Predictor
    let file: String?
    if let model {
      var options = try common.predictionOptions()
      // Whoever made the file chose the address.
      if !fetchEmbeddings { options.embedder = nil }
      predictor = try Predictor(modelFile: model, options: options)
      file = inputs.first
    } else {
      let project = ProjectOptions(inputs.first ?? ".", common)
      predictor = try Predictor(project.classifier())
      file = inputs.count > 1 ? inputs[1] : nil
    }
    try predict(predictor, from: file ?? "-")
  }

  private func predict(_ predictor: Predictor, from file: String) throws {
    let strict = strict
    var stream = try PredictionStream(
      predictor, path: file,
      threads: common.threads ?? ProcessInfo.processInfo.activeProcessorCount, input: input
    ) { problem in
      if strict { throw problem }
      Console.error("hunch: \(problem.description)\n")
    }
    if let output, output != "-" {
      let target = try PredictionOutput(path: output)
      try stream.run { try target.write($0) }
      try target.finish()
    } else {
      try stream.run { try Console.output(Data($0)) }
    }
    if !common.output.quiet { note(stream.absent, predictor) }
    if stream.unread > 0 {
      throw HunchError.linesUnread(
        path: file == "-" ? "standard input" : file, count: stream.unread)
    }
  }

  /// Says which fields lines did not have.
  private func note(_ absent: [String: Int], _ predictor: Predictor) {
    let columns = (predictor.columns?.numeric ?? []) + (predictor.columns?.categorical ?? [])
    for (name, lines) in absent.sorted(by: { $0.key < $1.key }) {
      let subject = lines == 1 ? "1 line has" : "\(Figures.count(lines)) lines have"
      let isKept = input.id == name || input.keep.contains(name)
      let meaning =
        isKept && !columns.contains(name)
        ? "and neither has the answer" : "which counts as missing there"
      Console.error("hunch: \(subject) no '\(name)', \(meaning)\n")
    }
  }
}
