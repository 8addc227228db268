/// Turns texts into embeddings: vectors of one length in which texts that mean alike are near.
public protocol TextEmbedder: Sendable {
  /// The embeddings of some texts, in their order.
  ///
  /// May be called on several threads at a time.
  ///
  /// - Parameter isCancelled: Asked again and again while waiting; true ends the wait.
  /// - Throws: ``EmbeddingError``, or ``HunchError/interrupted``.
  func embed(_ texts: [String], isCancelled: () -> Bool) throws -> [[Float]]
}

/// Why there are no embeddings. Neither texts nor keys occur in it.
public enum EmbeddingError: ReportableError, Equatable {
  /// This program cannot fetch embeddings.
  case noClient(endpoint: String)
  /// The service cannot be reached, or broke off, however often it was tried.
  case unreachable(endpoint: String, problem: String, attempts: Int)
  /// The service did not answer in time, however often it was tried.
  case timedOut(endpoint: String, seconds: Int, attempts: Int)
  /// The service refuses the request.
  case refused(endpoint: String, status: Int)
  /// The service is overloaded or broken, however often it was tried.
  case overloaded(endpoint: String, status: Int, attempts: Int)
  /// The answer is not what the interface demands.
  case badAnswer(endpoint: String, problem: String)
  /// An embedding has another length than those before.
  case wrongLength(endpoint: String, expected: Int, found: Int)

  /// How a command that meets this failure ends.
  public var status: ExitStatus {
    switch self {
    case .noClient, .refused: .badConfiguration
    case .badAnswer, .wrongLength: .badData
    case .unreachable, .timedOut, .overloaded: .inputOutput
    }
  }

  /// What went wrong and where.
  public var description: String {
    switch self {
    case .noClient(let endpoint):
      "the classifier looks at embeddings from \(endpoint), which must not be asked for them"
    case .unreachable(let endpoint, let problem, let attempts):
      "\(endpoint): \(problem) (\(attempts) attempts)"
    case .timedOut(let endpoint, let seconds, let attempts):
      "\(endpoint): no answer within \(seconds) seconds (\(attempts) attempts)"
    case .refused(let endpoint, let status):
      "\(endpoint): the request for embeddings was refused with status \(status)"
    case .overloaded(let endpoint, let status, let attempts):
      "\(endpoint): the service answers with status \(status) (\(attempts) attempts)"
    case .badAnswer(let endpoint, let problem):
      "\(endpoint): the answer holds no embeddings: \(problem)"
    case .wrongLength(let endpoint, let expected, let found):
      "\(endpoint): an embedding has \(found) numbers, and those before it have \(expected)"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .noClient:
      "give each line an 'embedding'; or 'hunch predict --fetch-embeddings' sends texts to that "
        + "address"
    case .unreachable, .timedOut, .overloaded:
      "check that the service runs, and run again: what was embedded is kept"
    case .refused(_, 401), .refused(_, 403):
      "set the environment variable HUNCH_EMBEDDINGS_KEY to a key that is valid there"
    case .refused: "check 'url' and 'model' in 'features: embeddings:'"
    case .badAnswer: "check that 'url' names a service like OpenAI's /v1/embeddings"
    case .wrongLength: "has the model behind the name changed? Delete the workspace to begin anew"
    }
  }
}
