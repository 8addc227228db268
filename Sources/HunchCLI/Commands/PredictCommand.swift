import ArgumentParser
import Foundation
import Hunch

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Label texts with the trained classifier.",
    discussion: """
      Reads JSON lines {"text": …} or plain lines from FILE or standard input and writes JSON \
      lines with label and probabilities, in the same order. With --model it needs nothing but \
      the model file ('hunch export DIR model --output FILE').

      A classifier that looks at columns ('features:' in hunch.yaml) takes them from fields of the \
      same names, and an embedding from 'embedding' or from the endpoint that it was trained with.

      Examples:
        hunch predict examples/support-messages messages.jsonl
        echo "where is my card" | hunch predict --model support.model
      """)

  @Option(help: "A model file to use instead of a project.", completion: .file())
  var model: String?

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

  /// The bytes read at a time: some thousand messages.
  private static let blockSize = 1 << 18

  func validate() throws {
    if inputs.count > (model == nil ? 2 : 1) {
      throw ValidationError(
        model == nil ? "predict takes a project and one file." : "--model takes one input file.")
    }
  }

  func run() throws {
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
      predictor = try Predictor(project.pipeline())
      file = inputs.count > 1 ? inputs[1] : nil
    }
    try predict(predictor, from: file)
  }

  private func predict(_ predictor: Predictor, from file: String?) throws {
    let handle: FileHandle
    if let file, file != "-" {
      guard let opened = FileHandle(forReadingAtPath: file) else {
        throw HunchError.inputMissing(path: file)
      }
      handle = opened
    } else {
      handle = .standardInput
    }
    var stream = try PredictionStream(
      predictor, path: file ?? "standard input",
      threads: common.threads ?? ProcessInfo.processInfo.activeProcessorCount)
    while let block = try handle.read(upToCount: Self.blockSize), !block.isEmpty {
      try stream.append(block) { try Console.output(Data($0)) }
    }
    try stream.finish { try Console.output(Data($0)) }
    if common.output.quiet { return }
    for (name, lines) in stream.absent.sorted(by: { $0.key < $1.key }) {
      let subject = lines == 1 ? "1 line has" : "\(Figures.count(lines)) lines have"
      Console.error("hunch: \(subject) no '\(name)', which counts as missing there\n")
    }
  }
}
