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

      Examples:
        hunch predict examples/support-messages messages.jsonl
        echo "where is my card" | hunch predict --model support.model
      """)

  @Option(help: "A model file to use instead of a project.", completion: .file())
  var model: String?

  @Argument(
    help: ArgumentHelp(
      "The project (unless --model is given) and the input file (default: standard input).",
      valueName: "DIR] [FILE"))
  var inputs: [String] = []

  @OptionGroup var common: CommonOptions

  private static let batch = 512

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
      predictor = try Predictor(modelFile: model)
      file = inputs.first
    } else {
      let project = ProjectOptions(inputs.first ?? ".", common)
      predictor = try Predictor(project.pipeline())
      file = inputs.count > 1 ? inputs[1] : nil
    }
    try predict(predictor, from: file)
  }

  private func predict(_ predictor: Predictor, from file: String?) throws {
    let path = file ?? "standard input"
    var reader = try LineReader(path: file)
    var texts: [String] = []
    var number = 0
    while let line = try reader.next() {
      number += 1
      texts.append(try Predictor.text(of: line, path: path, number: number))
      if texts.count == Self.batch { try flush(&texts, predictor) }
    }
    try flush(&texts, predictor)
  }

  private func flush(_ texts: inout [String], _ predictor: Predictor) throws {
    var lines = ""
    for prediction in predictor.predict(texts) {
      lines += try PredictionLine(prediction, predictor.labels).json + "\n"
    }
    texts = []
    if !lines.isEmpty { try Console.output(lines) }
  }
}

/// One line of the output of `predict`.
private struct PredictionLine: Encodable {
  var label: String
  var probabilities: [String: Double]

  init(_ prediction: Predictor.Prediction, _ labels: [String]) {
    label = prediction.label
    probabilities = Dictionary(uniqueKeysWithValues: zip(labels, prediction.probabilities))
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
