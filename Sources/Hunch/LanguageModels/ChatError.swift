/// Why a language model does not answer. Neither texts, keys nor secret parts of addresses occur in
/// it.
package enum ChatError: ReportableError, Equatable {
  /// No service is named in the environment.
  case noService
  /// What is named is no address.
  case badAddress(variable: String)
  /// The service gives no answer that can be used.
  case service(ServiceFailure, endpoint: String)
  /// Nothing may be asked where nothing says how much it may cost.
  case noBudget
  /// The budget is spent.
  case budgetIsSpent(limit: String)
  /// Rules ask a language model, and none is named.
  case noModel(functions: [String])

  package var status: ExitStatus {
    switch self {
    case .noService, .badAddress, .noBudget, .budgetIsSpent, .noModel: .badConfiguration
    case .service(let failure, _): failure.status
    }
  }

  package var description: String {
    switch self {
    case .noService: "no service with a language model is named"
    case .badAddress(let variable):
      "the environment variable \(variable) holds no address of a service"
    case .service(.refused(401), let endpoint), .service(.refused(403), let endpoint):
      "\(endpoint): the service refuses the key"
    case .service(let failure, let endpoint): "\(endpoint): \(failure.words)"
    case .noBudget: "'language_model: budget:' in hunch.yaml does not say what may be spent"
    case .budgetIsSpent(let limit):
      "the budget for \(limit) does not allow another request to the language model"
    case .noModel(let functions):
      "\(functions.joined(separator: ", ")) \(functions.count == 1 ? "asks" : "ask") a language "
        + "model, and hunch.yaml names none"
    }
  }

  package var hint: String? {
    switch self {
    case .noService, .badAddress:
      "set HUNCH_LLM_URL to the address of a service, such as http://localhost:8000/v1, and "
        + "HUNCH_LLM_KEY to its key if it wants one"
    case .service(.unreachable, _), .service(.timedOut, _), .service(.overloaded, _):
      "check that the service runs, and run again: what was answered is kept"
    case .service(.refused(401), _), .service(.refused(403), _):
      "set the environment variable HUNCH_LLM_KEY to a key that is valid there"
    case .service(.refused(404), _):
      "check HUNCH_LLM_URL, which ends before /chat/completions, and 'language_model: model:'"
    case .service(.refused(400), _), .service(.refused(422), _):
      "check 'language_model: model:'; if the service knows no log-probabilities, set 'calibrate: "
        + "false' there"
    case .service(.refused, _): "check HUNCH_LLM_URL and 'language_model: model:'"
    case .service(.badAddress, _): "check HUNCH_LLM_URL"
    case .service(.badAnswer, _):
      "check that HUNCH_LLM_URL names a service like OpenAI's, without /chat/completions"
    case .service(let failure, _): failure.remedy
    case .noBudget: "give one, such as 'budget: { requests: 1000 }'"
    case .budgetIsSpent(let limit): "raise 'language_model: budget: \(limit):' in hunch.yaml"
    case .noModel: "name it with 'language_model: { model: NAME }'"
    }
  }
}
