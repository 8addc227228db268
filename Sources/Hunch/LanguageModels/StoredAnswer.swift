/// What is kept of an answer to one question about one text.
struct StoredAnswer: Sendable, Codable, Equatable {
  var content: String
  /// The tokens that the request took, where it asked this question first.
  var promptTokens: Int?
  var answerTokens: Int?
  /// The likeliest tokens at the first place with their log-probabilities.
  var firstTokens: [ChatAnswer.Token]

  init(
    content: String, promptTokens: Int? = nil, answerTokens: Int? = nil,
    firstTokens: [ChatAnswer.Token] = []
  ) {
    self.content = content
    self.promptTokens = promptTokens
    self.answerTokens = answerTokens
    self.firstTokens = firstTokens
  }
}
