/// Why a service over HTTP gives no answer that can be used. Neither texts, keys nor secret parts of
/// addresses occur in it.
public enum ServiceFailure: Error, Equatable {
  /// The service cannot be reached, or broke off, however often it was tried.
  case unreachable(problem: String, attempts: Int)
  /// The service did not answer in time, however often it was tried.
  case timedOut(seconds: Int, attempts: Int)
  /// The service refuses the request.
  case refused(status: Int)
  /// The service is overloaded or broken, however often it was tried.
  case overloaded(status: Int, attempts: Int)
  /// The answer is not what the interface demands.
  case badAnswer(String)

  /// How a command that meets this failure ends.
  var status: ExitStatus {
    switch self {
    case .refused: .badConfiguration
    case .badAnswer: .badData
    case .unreachable, .timedOut, .overloaded: .inputOutput
    }
  }

  /// What went wrong.
  var words: String {
    switch self {
    case .unreachable(let problem, let attempts): "\(problem) (\(attempts) attempts)"
    case .timedOut(let seconds, let attempts):
      "no answer within \(seconds) seconds (\(attempts) attempts)"
    case .refused(let status): "the request was refused with status \(status)"
    case .overloaded(let status, let attempts):
      "the service answers with status \(status) (\(attempts) attempts)"
    case .badAnswer(let problem): "the answer cannot be used: \(problem)"
    }
  }
}
