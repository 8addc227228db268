import Foundation
import Hunch
import HunchText
import Synchronization

/// Answers requests with a ``Predictor``, apart from how they come in. Used by all threads.
final class PredictionService: Sendable {
  /// An answer from so many bytes on is sent in parts of about this size.
  static let part = 1 << 16
  /// The most texts that are held as features at a time.
  private static let piece = 64
  /// About how many bytes a probability takes with its key.
  private static let fieldBytes = 32
  /// A session that a long text made larger is not kept for the next request.
  private static let largestSession = 1 << 20

  private let predictor: Predictor
  private let encoder: PredictionEncoder
  private let textLimit: Int
  private let idle = Mutex([Predictor.Session]())

  /// What is counted.
  let metrics: ServerMetrics
  /// What `GET /health` answers.
  let health: [UInt8]

  /// Creates a service.
  ///
  /// - Throws: `EncodingError` when a label cannot be written.
  init(_ predictor: Predictor, _ options: ServerOptions) throws {
    self.predictor = predictor
    textLimit = options.textLimit
    encoder = try PredictionEncoder(labels: predictor.labels)
    metrics = ServerMetrics(labels: predictor.labels)
    health = try Self.encode(
      Health(
        labels: predictor.labels, bodyLimit: options.bodyLimit, textLimit: options.textLimit,
        model: .init(
          hash: predictor.hash, classes: predictor.labels.count,
          documents: predictor.training.documents, features: predictor.training.features,
          iterations: predictor.training.iterations, converged: predictor.training.converged)))
  }

  /// An answer of which a part is there and the rest is still to be computed.
  struct Answer: Sendable {
    /// The next part; empty after the last one.
    fileprivate(set) var bytes: [UInt8] = []
    /// The texts of a list, and how many of them are done.
    fileprivate var texts = TextBatch()
    fileprivate var done = 0

    /// Whether nothing follows the part.
    fileprivate(set) var isComplete = true
  }

  /// The answer to the body of a request, or the first part of it.
  ///
  /// - Throws: ``RequestProblem``; `EncodingError` for a probability that is not finite.
  /// - Complexity: O(bytes × lengths of n-grams + features × classes).
  func answer(_ body: [UInt8]) throws -> Answer {
    let request: PredictionRequest
    do {
      request = try PredictionRequest(body, limit: textLimit)
    } catch {
      throw RequestProblem.body(error)
    }
    switch request {
    case .one(let text): return Answer(bytes: try predict(text))
    case .many(let texts):
      var answer = Answer(
        bytes: Array("{\"predictions\":[".utf8), texts: texts, isComplete: false)
      try compute(&answer)
      return answer
    }
  }

  /// The part of an answer that follows.
  ///
  /// - Throws: `EncodingError` for a probability that is not finite.
  func next(_ answer: Answer) throws -> Answer {
    var answer = answer
    answer.bytes.removeAll(keepingCapacity: true)
    try compute(&answer)
    return answer
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
    let label = try encoder.appendObject(session.probabilities[...], to: &output)
    metrics.count(labels: CollectionOfOne(label))
    output.append(UInt8(ascii: "\n"))
    if session.memory <= Self.largestSession { idle.withLock { $0.append(session) } }
    return output
  }

  /// Adds the predictions of further texts to the bytes, until they make a part.
  private func compute(_ answer: inout Answer) throws {
    let classes = predictor.labels.count
    let piece = max(1, min(Self.piece, Self.part / (classes * Self.fieldBytes)))
    var labels: [Int] = []
    while answer.done < answer.texts.count, answer.bytes.count < Self.part {
      let end = min(answer.done + piece, answer.texts.count)
      var batch = TextBatch()
      for index in answer.done..<end {
        batch.append(repairing: answer.texts.bytes[answer.texts.range(at: index)])
      }
      let probabilities = predictor.probabilities(batch)
      for document in 0..<batch.count {
        if answer.done + document > 0 { answer.bytes.append(UInt8(ascii: ",")) }
        let row = probabilities[document * classes..<(document + 1) * classes]
        labels.append(try encoder.appendObject(row, to: &answer.bytes))
      }
      answer.done = end
    }
    metrics.count(labels: labels)
    if answer.done < answer.texts.count { return }
    answer.bytes.append(contentsOf: "]}\n".utf8)
    answer.texts = TextBatch()
    answer.isComplete = true
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
    var hash: String
    var classes: Int
    var documents: Int
    var features: Int
    var iterations: Int
    var converged: Bool
  }

  let status = "ok"
  var labels: [String]
  var bodyLimit: Int
  var textLimit: Int
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
