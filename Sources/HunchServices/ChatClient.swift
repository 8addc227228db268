import Foundation
package import Hunch

/// Asks a service with the interface of OpenAI's `/v1/chat/completions` over HTTP.
///
/// What passes by itself is tried again, with growing waits; also an answer that is not what the
/// interface demands. Texts and key go to the named address alone.
package final class ChatClient: ChatModel {
  /// The environment variable with the address of the service, such as `http://localhost:8000/v1`.
  package static let addressVariable = "HUNCH_LLM_URL"
  /// The environment variable with the key that is sent as a bearer token.
  package static let keyVariable = "HUNCH_LLM_KEY"

  /// No answer that was asked for has so many bytes.
  private static let largestAnswer = 4 << 20
  /// No request takes so many tokens; counts above are no counts.
  private static let mostTokens = 100_000_000

  private let model: String
  private let service: JSONService

  /// What makes clients of the service that the environment names; nil where it names none.
  ///
  /// - Returns: Takes the model's name and how long to wait for an answer; throws
  ///   ``ChatError/badAddress(variable:)``.
  package static func connector(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> (@Sendable (_ model: String, _ timeout: Duration) throws -> any ChatModel)? {
    guard let url = environment[addressVariable], !url.isEmpty else { return nil }
    return { model, timeout in
      var patience = chatPatience
      patience.answer = timeout
      return try ChatClient(
        url: url, model: model, key: environment[keyVariable], patience: patience)
    }
  }

  /// Some more than one broken answer, which a model can give by chance.
  package static var chatPatience: JSONService.Patience {
    var patience = JSONService.Patience()
    patience.badAnswers = 3
    return patience
  }

  /// - Parameters:
  ///   - url: The address of the service without `/chat/completions`; a query stays behind that.
  ///   - key: Sent as a bearer token; nil or empty for none.
  package init(
    url: String, model: String, key: String?, patience: JSONService.Patience
  ) throws(ChatError) {
    guard var parts = URLComponents(string: url), ["http", "https"].contains(parts.scheme),
      !(parts.host ?? "").isEmpty, (1...65_535).contains(parts.port ?? 443)
    else { throw .badAddress(variable: Self.addressVariable) }
    while parts.path.hasSuffix("/") { parts.path.removeLast() }
    if !parts.path.hasSuffix("/chat/completions") { parts.path += "/chat/completions" }
    guard let address = parts.string else { throw .badAddress(variable: Self.addressVariable) }
    self.model = model
    service = JSONService(url: address, key: key, patience: patience)
  }

  /// The answer to a request.
  ///
  /// - Throws: ``ChatError``, ``HunchError/interrupted``, or what `tries` throws.
  package func answer(
    _ request: ChatRequest, tries: ServiceTries, isCancelled: () -> Bool
  ) throws -> ChatAnswer {
    let body = try JSONEncoder().encode(Body(request, model: model))
    do {
      return try service.post(
        body, largestAnswer: Self.largestAnswer, tries: tries, isCancelled: isCancelled
      ) { WholeAnswer(decode: Self.decoded) }
    } catch let failure as ServiceFailure {
      throw ChatError.service(failure, endpoint: service.endpoint)
    }
  }

  // MARK: - The interface of the service

  private struct Body: Encodable {
    var model: String
    var messages: [ChatRequest.Message]
    var maxTokens: Int
    var temperature: Double
    var logprobs: Bool?
    var topLogprobs: Int?

    enum CodingKeys: String, CodingKey {
      case model, messages, temperature, logprobs
      case maxTokens = "max_tokens"
      case topLogprobs = "top_logprobs"
    }

    init(_ request: ChatRequest, model: String) {
      self.model = model
      messages = request.messages
      maxTokens = request.answerTokens
      temperature = request.temperature
      if request.likeliestTokens > 0 {
        logprobs = true
        topLogprobs = request.likeliestTokens
      }
    }
  }

  private struct Answer: Decodable {
    struct Choice: Decodable {
      struct Message: Decodable { var content: String? }
      struct Probabilities: Decodable {
        struct Place: Decodable {
          var top: [Token]?
          enum CodingKeys: String, CodingKey { case top = "top_logprobs" }
        }
        struct Token: Decodable {
          var token: String
          var logprob: Double
        }
        var content: [Place]?
      }
      var message: Message
      var logprobs: Lenient<Probabilities>?
    }
    struct Usage: Decodable {
      var promptTokens: Int?
      var completionTokens: Int?
      enum CodingKeys: String, CodingKey {
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
      }
    }
    /// What an answer can do without: nil where it is not as it should be.
    struct Lenient<Value: Decodable>: Decodable {
      var value: Value?
      init(from decoder: any Decoder) { value = try? Value(from: decoder) }
    }
    var choices: [Choice]
    var usage: Lenient<Usage>?
  }

  private static func decoded(_ bytes: [UInt8]) throws(ServiceFailure) -> ChatAnswer {
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)),
      let choice = answer.choices.first
    else { throw .badAnswer("it is not JSON with 'choices' of 'message's") }
    func counted(_ tokens: Int?) -> Int? {
      tokens.flatMap { (0...mostTokens).contains($0) ? $0 : nil }
    }
    let likeliest = choice.logprobs?.value?.content?.first?.top?.prefix(20) ?? []
    let usage = answer.usage?.value
    return ChatAnswer(
      // A model that refuses to answer says nothing.
      content: choice.message.content ?? "",
      promptTokens: counted(usage?.promptTokens),
      answerTokens: counted(usage?.completionTokens),
      firstTokens: likeliest.filter(\.logprob.isFinite).map {
        ChatAnswer.Token(text: $0.token, logProbability: min(0, $0.logprob))
      })
  }
}
