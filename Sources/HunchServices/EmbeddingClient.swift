import Foundation
import Hunch
import Synchronization

/// Asks a service with the interface of OpenAI's `/v1/embeddings` over HTTP.
///
/// What passes by itself is tried again, with growing waits. Texts and key go to the named address
/// alone.
package final class EmbeddingClient: TextEmbedder {
  /// The environment variable with the key that is sent as a bearer token.
  package static let keyVariable = "HUNCH_EMBEDDINGS_KEY"

  /// The numbers of an embedding before one was seen: four times those of the largest known ones.
  private static let mostNumbers = 16_384
  /// The bytes of a number with comma, line break and indentation, of the rest of an embedding, and
  /// of the rest of an answer.
  private static let (numberBytes, embeddingBytes, answerBytes) = (48, 1 << 10, 64 << 10)

  private let model: String
  private let service: JSONService
  /// The numbers of an embedding, once one was seen.
  private let length = Mutex<Int?>(nil)

  /// - Parameters:
  ///   - key: Sent as a bearer token; nil or empty for none. By default that of the environment.
  ///   - environment: May name a file of trusted certificates.
  ///   - libraries: Names of what speaks HTTP; nil for the system's.
  package init(
    url: String, model: String,
    key: String? = ProcessInfo.processInfo.environment[EmbeddingClient.keyVariable],
    patience: JSONService.Patience = JSONService.Patience(),
    environment: [String: String] = ProcessInfo.processInfo.environment,
    libraries: [String]? = nil
  ) {
    self.model = model
    service = JSONService(
      url: url, key: key, patience: patience, environment: environment, libraries: libraries)
  }

  /// The embeddings of some texts, in their order.
  ///
  /// - Throws: ``EmbeddingError``, or ``HunchError/interrupted``.
  package func embed(_ texts: [String], isCancelled: () -> Bool) throws -> [[Float]] {
    let body = try JSONEncoder().encode(Request(model: model, input: texts))
    do {
      let embeddings = try service.post(
        body, largestAnswer: largestAnswer(to: texts.count), isCancelled: isCancelled
      ) { EmbeddingReader(count: texts.count) }
      if let first = embeddings.first { length.withLock { $0 = first.count } }
      return embeddings
    } catch let failure as ServiceFailure {
      throw EmbeddingError.service(failure, endpoint: service.endpoint)
    }
  }

  /// The most bytes that an answer needs; one that has more is not read to its end.
  ///
  /// - Parameter texts: The number of embeddings that were asked for.
  package func largestAnswer(to texts: Int) -> Int {
    let numbers = length.withLock { $0 } ?? Self.mostNumbers
    return texts * (numbers * Self.numberBytes + Self.embeddingBytes) + Self.answerBytes
  }

  // MARK: - The interface of the service

  private struct Request: Encodable {
    var model: String
    var input: [String]
    var encodingFormat = "float"

    enum CodingKeys: String, CodingKey {
      case model, input
      case encodingFormat = "encoding_format"
    }
  }
}
