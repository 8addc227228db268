import ArgumentParser
import Hunch

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Say what a model file holds and where it comes from.",
    discussion: """
      A model file is what 'hunch export DIR model --output FILE' writes. It names its classes, the \
      corpus and labeling functions by their hashes, the label model, how it was calibrated, and \
      its figures on gold labels at the time. It holds no text.

      Example: hunch model support.model
      """)

  @Argument(help: "The model file.", completion: .file()) var file: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    let report = try Predictor(modelFile: file).report
    try output.show(report) { $0.model(file, report) }
  }
}
