/// Turns texts into embeddings: vectors of one length in which texts that mean alike are near.
package protocol TextEmbedder: Sendable {
  /// Called before texts are handed over, and before anything shows how far that is.
  ///
  /// May be called more than once, and on several threads at a time.
  ///
  /// - Throws: What keeps texts from being sent.
  func prepare() throws

  /// The embeddings of some texts, in their order.
  ///
  /// May be called on several threads at a time.
  ///
  /// - Parameter isCancelled: Asked again and again while waiting; true ends the wait.
  /// - Throws: ``EmbeddingError``, or ``HunchError/interrupted``.
  func embed(_ texts: [String], isCancelled: () -> Bool) throws -> [[Float]]
}

extension TextEmbedder {
  /// Nothing to prepare by default.
  package func prepare() throws {}
}

/// Why there are no embeddings. Neither texts nor keys occur in it.
package enum EmbeddingError: ReportableError, Equatable {
  /// This program cannot fetch embeddings.
  case noClient(endpoint: String)
  /// The service gives no answer that can be used.
  case service(ServiceFailure, endpoint: String)
  /// An embedding has another length than those before.
  case wrongLength(endpoint: String, expected: Int, found: Int)

  package var status: ExitStatus {
    switch self {
    case .noClient: .badConfiguration
    case .service(let failure, _): failure.status
    case .wrongLength: .badData
    }
  }

  package var description: String {
    switch self {
    case .noClient(let endpoint):
      "the classifier looks at embeddings from \(endpoint), which must not be asked for them"
    case .service(.refused(let status), let endpoint):
      "\(endpoint): the request for embeddings was refused with status \(status)"
    case .service(.badAnswer(let problem), let endpoint):
      "\(endpoint): the answer holds no embeddings: \(problem)"
    case .service(let failure, let endpoint): "\(endpoint): \(failure.words)"
    case .wrongLength(let endpoint, let expected, let found):
      "\(endpoint): an embedding has \(found) numbers, and those before it have \(expected)"
    }
  }

  package var hint: String? {
    switch self {
    case .noClient:
      "give each line an 'embedding'; or 'hunch predict --fetch-embeddings' sends texts to that "
        + "address"
    case .service(.unreachable, _), .service(.timedOut, _), .service(.overloaded, _):
      "check that the service runs, and run again: what was embedded is kept"
    case .service(.refused(401), _), .service(.refused(403), _):
      "set the environment variable HUNCH_EMBEDDINGS_KEY to a key that is valid there"
    case .service(.refused, _): "check 'url' and 'model' in 'features: embeddings:'"
    case .service(.badAddress, _): "check 'url' in 'features: embeddings:'"
    case .service(.badAnswer, _): "check that 'url' names a service like OpenAI's /v1/embeddings"
    case .service(let failure, _): failure.remedy
    case .wrongLength: "has the model behind the name changed? Delete the workspace to begin anew"
    }
  }
}
