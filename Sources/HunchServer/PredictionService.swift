import Foundation
import Hunch
import HunchText
import Synchronization

/// Answers requests with a ``Predictor``, apart from how they come in. Used by all threads.
final class PredictionService: Sendable {
  /// The texts of a large request that are held as features at a time.
  private static let piece = 64
  /// A session that a long text made larger is not kept for the next request.
  private static let largestSession = 1 << 20

  private let predictor: Predictor
  private let encoder: PredictionEncoder
  private let idle = Mutex([Predictor.Session]())

  /// What `GET /health` answers.
  let health: [UInt8]

  /// Creates a service.
  ///
  /// - Throws: `EncodingError` when a label cannot be written.
  init(_ predictor: Predictor, bodyLimit: Int) throws {
    self.predictor = predictor
    encoder = try PredictionEncoder(labels: predictor.labels)
    health = try Self.encode(
      Health(
        labels: predictor.labels, bodyLimit: bodyLimit,
        model: .init(
          documents: predictor.training.documents, features: predictor.training.features,
          iterations: predictor.training.iterations, converged: predictor.training.converged)))
  }

  /// The answer to the body of a request.
  ///
  /// - Throws: ``RequestProblem``; `EncodingError` for a probability that is not finite.
  /// - Complexity: O(bytes × lengths of n-grams + features × classes).
  func answer(_ body: [UInt8]) throws -> [UInt8] {
    switch try PredictionRequest(body) {
    case .one(let text): try predict(text)
    case .many(let texts): try predict(texts)
    }
  }

  /// The answer to a request with a problem.
  func answer(_ problem: RequestProblem) -> [UInt8] {
    let error = Failure.Details(
      code: problem.code, message: problem.message,
      routes: problem == .noRoute ? Route.all : nil)
    // Strings and lists of strings can be encoded.
    return (try? Self.encode(Failure(error: error))) ?? []
  }

  private func predict(_ text: String) throws -> [UInt8] {
    var session = idle.withLock { $0.popLast() } ?? Predictor.Session(predictor)
    _ = session.label(of: text)
    var output: [UInt8] = []
    try encoder.appendObject(session.probabilities[...], to: &output)
    output.append(UInt8(ascii: "\n"))
    if session.memory <= Self.largestSession { idle.withLock { $0.append(session) } }
    return output
  }

  private func predict(_ texts: [String]) throws -> [UInt8] {
    let classes = predictor.labels.count
    var output = Array("{\"predictions\":[".utf8)
    for begin in stride(from: 0, to: texts.count, by: Self.piece) {
      let batch = TextBatch(texts[begin..<min(begin + Self.piece, texts.count)])
      let probabilities = predictor.probabilities(batch)
      for document in 0..<batch.count {
        if begin + document > 0 { output.append(UInt8(ascii: ",")) }
        let row = probabilities[document * classes..<(document + 1) * classes]
        try encoder.appendObject(row, to: &output)
      }
    }
    output.append(contentsOf: "]}\n".utf8)
    return output
  }

  private static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
  }
}

/// The answer of `GET /health`.
private struct Health: Encodable {
  struct Model: Encodable {
    var documents: Int
    var features: Int
    var iterations: Int
    var converged: Bool
  }

  let status = "ok"
  var labels: [String]
  var bodyLimit: Int
  var model: Model
}

/// The answer to a request with a problem.
private struct Failure: Encodable {
  struct Details: Encodable {
    var code: String
    var message: String
    var routes: [String]?
  }

  var error: Details
}
