/// A language model that answers a conversation.
package protocol ChatModel: Sendable {
  /// The answer to a request.
  ///
  /// May be called on several threads at a time.
  ///
  /// - Parameters:
  ///   - tries: Hears of every single request, since one that fails is tried again.
  ///   - isCancelled: Asked again and again while waiting; true ends the wait.
  /// - Throws: ``ChatError``, ``HunchError/interrupted``, or what `tries` throws.
  func answer(
    _ request: ChatRequest, tries: ServiceTries, isCancelled: () -> Bool
  ) throws -> ChatAnswer
}

/// What a language model is asked. Equal requests to one model get one answer.
package struct ChatRequest: Sendable, Hashable {
  /// One turn of the conversation.
  package struct Message: Sendable, Hashable, Codable {
    /// Who speaks: `system`, `user` or `assistant`.
    package var role: String
    /// What is said.
    package var content: String

    package init(role: String, content: String) {
      self.role = role
      self.content = content
    }
  }

  /// The turns, in order.
  package var messages: [Message]
  /// The most tokens that the answer may have.
  package var answerTokens: Int
  /// How freely the answer is drawn; at 0 the likeliest one is given.
  package var temperature: Double
  /// How many of the likeliest tokens come with log-probabilities at each place; 0 for none.
  package var likeliestTokens: Int

  /// Creates a request for the likeliest answer.
  package init(
    _ messages: [Message], answerTokens: Int, temperature: Double = 0, likeliestTokens: Int = 0
  ) {
    self.messages = messages
    self.answerTokens = answerTokens
    self.temperature = temperature
    self.likeliestTokens = likeliestTokens
  }
}

/// What a language model answered.
package struct ChatAnswer: Sendable, Hashable, Codable {
  /// A token of the answer with its natural logarithm of probability.
  package struct Token: Sendable, Hashable, Codable {
    /// The token's text.
    package var text: String
    /// The natural logarithm of its probability.
    package var logProbability: Double

    package init(text: String, logProbability: Double) {
      self.text = text
      self.logProbability = logProbability
    }
  }

  /// The text of the answer.
  package var content: String
  /// The tokens read, as the service counts them; nil where it does not say.
  package var promptTokens: Int?
  /// The tokens written, likewise.
  package var answerTokens: Int?
  /// The likeliest tokens at the first place, where they were asked for and given.
  package var firstTokens: [Token]

  package init(
    content: String, promptTokens: Int? = nil, answerTokens: Int? = nil, firstTokens: [Token] = []
  ) {
    self.content = content
    self.promptTokens = promptTokens
    self.answerTokens = answerTokens
    self.firstTokens = firstTokens
  }
}
