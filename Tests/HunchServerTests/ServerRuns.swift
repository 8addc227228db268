import Foundation
import Hunch
import HunchModels
import HunchServer
import HunchText
import TestSupport
import Testing

/// A server in this process, on a port of its own.
enum ServerRuns {
  static let labels = ["sweet", "so\"ur", "é"]

  /// A small classifier.
  static let predictor: Result<Predictor, any Error> = Result {
    var trainer = TextClassifierTrainer(labels: labels)
    for (label, word) in ["honey", "lime", "mango"].enumerated() {
      for other in ["ripe", "so", "plum", "日本"] {
        var posteriors: [Float] = [0.1, 0.1, 0.1]
        posteriors[label] = 0.8
        trainer.add(TextBatch(["\(word) \(other)"]), posteriors: posteriors)
      }
    }
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).model")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(try trainer.train().encoded()).write(to: url)
    return try Predictor(modelFile: url.path)
  }

  /// Runs a server while a body speaks to it, and stops it.
  static func run(
    _ change: (inout ServerOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (_ port: Int, _ stop: @Sendable () -> Void) throws -> Void
  ) async throws {
    try await serve(change) { port, stop in try await waiting { try body(port, stop) } }
  }

  /// Does what waits for the server on a thread of its own, since the server may need all those
  /// on which tasks run.
  static func waiting(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      Thread.detachNewThread { done.resume(with: Result { try body() }) }
    }
  }

  /// Runs a server while a body is at work that does not block its thread, and stops it.
  static func serve(
    _ change: (inout ServerOptions) -> Void = { _ in },
    _ body:
      @escaping @Sendable (_ port: Int, _ stop: @escaping @Sendable () -> Void) async throws -> Void
  ) async throws {
    var options = ServerOptions(port: 0)
    options.threads = 2
    change(&options)
    let server = try PredictionServer(try predictor.get(), options)
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    let (stops, stop) = AsyncStream.makeStream(of: Void.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { port.finish() }
        try await server.run(
          onListening: { port.yield($0.port) }, untilStopped: { for await _ in stops {} })
      }
      group.addTask {
        defer { stop.finish() }
        for await port in ports { return try await body(port) { stop.finish() } }
      }
      try await group.waitForAll()
    }
  }

  /// What the server must answer to a list of texts, by Foundation's JSON.
  static func expected(_ texts: [String]) throws -> [String] {
    struct Line: Encodable {
      var label: String
      var probabilities: [String: Double]
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try predictor.get().predict(texts).map { prediction in
      let values = zip(labels, prediction.probabilities)
      return String(
        decoding: try encoder.encode(
          Line(
            label: prediction.label, probabilities: Dictionary(uniqueKeysWithValues: values))),
        as: UTF8.self)
    }
  }

  /// A body of JSON.
  static func json(_ value: Any) throws -> [UInt8] {
    [UInt8](try JSONSerialization.data(withJSONObject: value))
  }
}
