/// Why a language model does not answer. Neither texts, keys nor secret parts of addresses occur in
/// it.
public enum ChatError: ReportableError, Equatable {
  /// No service is named in the environment.
  case noService
  /// What is named is no address.
  case badAddress(variable: String)
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
  /// Nothing may be asked where nothing says how much it may cost.
  case noBudget
  /// The budget is spent.
  case budgetIsSpent(limit: String)
  /// Rules ask a language model, and none is named.
  case noModel(functions: [String])

  /// How a command that meets this failure ends.
  public var status: ExitStatus {
    switch self {
    case .noService, .badAddress, .refused, .noBudget, .budgetIsSpent, .noModel:
      .badConfiguration
    case .badAnswer: .badData
    case .unreachable, .timedOut, .overloaded: .inputOutput
    }
  }

  /// What went wrong and where.
  public var description: String {
    switch self {
    case .noService: "no service with a language model is named"
    case .badAddress(let variable):
      "the environment variable \(variable) holds no address of a service"
    case .unreachable(let endpoint, let problem, let attempts):
      "\(endpoint): \(problem) (\(attempts) attempts)"
    case .timedOut(let endpoint, let seconds, let attempts):
      "\(endpoint): no answer within \(seconds) seconds (\(attempts) attempts)"
    case .refused(let endpoint, 401), .refused(let endpoint, 403):
      "\(endpoint): the service refuses the key"
    case .refused(let endpoint, let status):
      "\(endpoint): the request was refused with status \(status)"
    case .overloaded(let endpoint, let status, let attempts):
      "\(endpoint): the service answers with status \(status) (\(attempts) attempts)"
    case .badAnswer(let endpoint, let problem):
      "\(endpoint): the answer cannot be used: \(problem)"
    case .noBudget: "'language_model: budget:' in hunch.yaml does not say what may be spent"
    case .budgetIsSpent(let limit):
      "the budget for \(limit) does not allow another request to the language model"
    case .noModel(let functions):
      "\(functions.joined(separator: ", ")) \(functions.count == 1 ? "asks" : "ask") a language "
        + "model, and hunch.yaml names none"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .noService, .badAddress:
      "set HUNCH_LLM_URL to the address of a service, such as http://localhost:8000/v1, and "
        + "HUNCH_LLM_KEY to its key if it wants one"
    case .unreachable, .timedOut, .overloaded:
      "check that the service runs, and run again: what was answered is kept"
    case .refused(_, 401), .refused(_, 403):
      "set the environment variable HUNCH_LLM_KEY to a key that is valid there"
    case .refused(_, 404):
      "check HUNCH_LLM_URL, which ends before /chat/completions, and 'language_model: model:'"
    case .refused(_, 400), .refused(_, 422):
      "check 'language_model: model:'; if the service knows no log-probabilities, set 'calibrate: "
        + "false' there"
    case .refused: "check HUNCH_LLM_URL and 'language_model: model:'"
    case .badAnswer:
      "check that HUNCH_LLM_URL names a service like OpenAI's, without /chat/completions"
    case .noBudget: "give one, such as 'budget: { requests: 1000 }'"
    case .budgetIsSpent(let limit): "raise 'language_model: budget: \(limit):' in hunch.yaml"
    case .noModel: "name it with 'language_model: { model: NAME }'"
    }
  }
}
