import ArgumentParser
import Foundation
import Hunch
import HunchServer

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Answer HTTP requests with the trained classifier.",
    discussion: """
      POST /predict takes {"text": "…"} and answers with label and probabilities, as 'hunch \
      predict' writes them; {"texts": ["…", …]} or ["…", …] gets {"predictions": […]}. GET /health \
      tells the model and its labels, GET /metrics what was answered, for Prometheus. Errors are \
      {"error": {"code": …, "message": …}}.

      The model is loaded once: from --model, or from the project, where a classifier that is not \
      stored yet is trained first. The address is printed on standard output when requests are \
      accepted, with --format json as one object. Nothing is written about requests.

      Ctrl-C or SIGTERM: requests under way are answered for at most --grace seconds, then the \
      server ends with status 0; a second one ends it at once, with 130.

      Examples:
        hunch serve examples/support-messages --port 8080
        hunch serve --model support.model --host 0.0.0.0
        curl http://127.0.0.1:8080/predict --json '{"text": "where is my card"}'
      """)

  @Option(help: "A model file to use instead of a project.", completion: .file())
  var model: String?

  @Argument(help: "The project, unless --model is given (default: .).", completion: .directory)
  var directory: String?

  @Option(help: "The address to listen on: 0.0.0.0 is every network of this machine.")
  var host = "127.0.0.1"

  @Option(help: "The TCP port; 0 takes a free one.")
  var port = 8080

  @Option(
    help: ArgumentHelp(
      "A name or address that clients use for this server; may be repeated.",
      discussion: """
        Requests whose 'Host' is neither that nor the value of --host nor this machine's own \
        (localhost, 127.0.0.1, ::1) are refused.
        """, valueName: "name"))
  var allowHost: [String] = []

  @Option(help: "The most bytes that the body of a request may have.")
  var bodyLimit = 1 << 20

  @Option(help: "The most texts that a request may have.")
  var textLimit = 10_000

  @Option(help: "The seconds that requests under way have when the server is stopped.")
  var grace = 10

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if model != nil, directory != nil {
      throw ValidationError("serve takes a project or --model, not both.")
    }
    if !(0...65_535).contains(port) { throw ValidationError("--port takes 0 to 65535.") }
    if bodyLimit < 1 || bodyLimit > Int(Int32.max) {
      throw ValidationError("--body-limit takes 1 to \(Int32.max) bytes.")
    }
    if textLimit < 1 { throw ValidationError("--text-limit takes a whole number from 1.") }
    if !(0...86_400).contains(grace) { throw ValidationError("--grace takes 0 to 86400 seconds.") }
  }

  func run() async throws {
    var options = ServerOptions(host: host, port: port)
    options.allowedHosts = allowHost
    options.bodyLimit = bodyLimit
    options.textLimit = textLimit
    options.threads = common.threads ?? ProcessInfo.processInfo.activeProcessorCount
    options.grace = .seconds(grace)
    let server = try PredictionServer(try predictor(), options)
    let (stops, stop) = AsyncStream.makeStream(of: Void.self)
    Interrupts.install(Interrupts.stops) { stop.finish() }
    let format = common.output.format
    try await server.run(
      onListening: { address in
        do {
          try Console.output(try Self.announcement(address, format))
        } catch {
          // Whoever reads the address has gone; requests may come nevertheless.
        }
      },
      untilStopped: { for await _ in stops {} })
    note("stopped")
  }

  /// The classifier of the file or of the project, whose workspace is free again afterwards.
  private func predictor() throws -> Predictor {
    if let model {
      let predictor = try Predictor(modelFile: model)
      if predictor.columns != nil { throw HunchError.servesTextsAlone(model) }
      note("serving \(model): \(Self.summary(predictor))")
      return predictor
    }
    let project = ProjectOptions(directory ?? ".", common)
    let session = try project.session()
    if !session.project.configuration.features.isEmpty {
      throw HunchError.servesTextsAlone(project.directory)
    }
    let trained = try TrainedClassifier(session)
    let report = trained.report
    let predictor = try Predictor(trained)
    note(
      report.reused
        ? "serving the stored classifier: \(Self.summary(predictor))"
        : "no classifier was stored for the project as it is; serving one trained now: "
          + Self.summary(predictor))
    return predictor
  }

  private static func summary(_ predictor: Predictor) -> String {
    "\(predictor.labels.count) classes, trained on "
      + "\(Figures.count(predictor.training.documents)) documents"
  }

  private static func announcement(
    _ address: ServerAddress, _ format: OutputFormat
  ) throws -> String {
    switch format {
    case .text: return "listening on \(address.url)\n"
    case .json:
      let line = Announcement(url: address.url, host: address.host, port: address.port)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(line), as: UTF8.self) + "\n"
    }
  }

  private func note(_ text: String) {
    if !common.output.quiet { Console.error("\(text)\n") }
  }
}

/// Where the server listens, for scripts.
private struct Announcement: Encodable {
  var url: String
  var host: String
  var port: Int
}

extension HunchError {
  fileprivate static func servesTextsAlone(_ path: String) -> HunchError {
    .modelFile(
      path: path,
      problem: "the classifier looks at columns or embeddings beside the text ('features:'), which "
        + "requests do not carry; 'hunch predict' takes them from the fields of its input")
  }
}
