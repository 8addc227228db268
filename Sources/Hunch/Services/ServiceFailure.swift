/// Why a service over HTTP gives no answer that can be used. Neither texts, keys nor secret parts of
/// addresses occur in it.
package enum ServiceFailure: Error, Equatable {
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
  /// No encrypted connection can be made to the service that it is.
  case insecure(problem: String)
  /// The address is not that of a service over HTTP.
  case badAddress
  /// The library that speaks HTTP is not on this machine, or has no memory.
  case noLibrary

  /// How a command that meets this failure ends.
  var status: ExitStatus {
    switch self {
    case .refused, .badAddress, .noLibrary: .badConfiguration
    case .badAnswer: .badData
    case .unreachable, .timedOut, .overloaded, .insecure: .inputOutput
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
    case .insecure(let problem): "no encrypted connection: \(problem)"
    case .badAddress: "this is not the address of a service, such as https://api.example.com/v1"
    case .noLibrary: "services are asked with libcurl, which cannot be opened"
    }
  }

  /// What to do about what has to do neither with the service nor with what is asked of it.
  var remedy: String? {
    switch self {
    case .insecure:
      "SSL_CERT_FILE or CURL_CA_BUNDLE names a file with further certificates to trust"
    case .noLibrary: "install it, on Debian and Ubuntu with 'apt-get install libcurl4'"
    case .unreachable, .timedOut, .refused, .overloaded, .badAnswer, .badAddress: nil
    }
  }
}
