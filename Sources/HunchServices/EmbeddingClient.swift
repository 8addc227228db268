import Foundation
public import Hunch

/// Asks a service with the interface of OpenAI's `/v1/embeddings` over HTTP.
///
/// What passes by itself is tried again, with growing waits. Texts and key go to the named address
/// alone.
public final class EmbeddingClient: TextEmbedder {
  /// The environment variable with the key that is sent as a bearer token.
  public static let keyVariable = "HUNCH_EMBEDDINGS_KEY"

  private let model: String
  private let service: JSONService

  /// Creates a client for one model of one service, with the key of the environment if there is one.
  public convenience init(url: String, model: String) {
    self.init(
      url: url, model: model, key: ProcessInfo.processInfo.environment[Self.keyVariable],
      patience: JSONService.Patience())
  }

  /// - Parameter key: Sent as a bearer token; nil or empty for none.
  package init(url: String, model: String, key: String?, patience: JSONService.Patience) {
    self.model = model
    service = JSONService(url: url, key: key, patience: patience, largestAnswer: 256 << 20)
  }

  /// The embeddings of some texts, in their order.
  ///
  /// - Throws: ``EmbeddingError``, or ``HunchError/interrupted``.
  public func embed(_ texts: [String], isCancelled: () -> Bool) throws -> [[Float]] {
    let body = try JSONEncoder().encode(Request(model: model, input: texts))
    do {
      return try service.post(body, isCancelled: isCancelled) {
        bytes throws(ServiceFailure) in
        try Self.decoded(bytes, count: texts.count)
      }
    } catch let failure as ServiceFailure {
      throw EmbeddingError.service(failure, endpoint: service.endpoint)
    }
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

  private struct Answer: Decodable {
    struct Item: Decodable {
      var index: Int?
      var embedding: [Float]
    }
    var data: [Item]
  }

  private static func decoded(
    _ bytes: [UInt8], count: Int
  ) throws(ServiceFailure) -> [[Float]] {
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)) else {
      throw .badAnswer("it is not JSON with 'data' of 'embedding's")
    }
    guard answer.data.count == count else {
      throw .badAnswer("\(answer.data.count) embeddings for \(count) texts")
    }
    var embeddings = [[Float]](repeating: [], count: count)
    for (place, item) in answer.data.enumerated() {
      let index = item.index ?? place
      guard embeddings.indices.contains(index), embeddings[index].isEmpty else {
        throw .badAnswer("an 'index' does not fit")
      }
      guard !item.embedding.isEmpty, item.embedding.allSatisfy(\.isFinite) else {
        throw .badAnswer("an embedding is empty or holds what is no finite number")
      }
      embeddings[index] = item.embedding
    }
    return embeddings
  }
}
