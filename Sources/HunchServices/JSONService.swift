import CCurl
package import Foundation
import Hunch
import Synchronization

/// Posts JSON to a service over HTTP and waits for the answer.
///
/// What passes by itself is tried again: status 408, 429 and 5xx, a connection that cannot be made
/// or breaks off, and an answer that does not come in time. Waits double from one try to the next;
/// where the service says how long to wait (`Retry-After`), that counts. Redirects are not followed,
/// so that texts and key go to the named address alone, by way of the proxy that the environment
/// names (`https_proxy`, `no_proxy` and so on), if it names one; never so to this machine.
package final class JSONService: Sendable {
  /// How long to wait for what.
  package struct Patience: Sendable {
    /// The tries of one request, 1 or more.
    package var attempts = 7
    /// Those of a request whose answers are not what the interface demands.
    package var badAnswers = 1
    /// The wait before the second try, which doubles with each.
    package var firstWait = Duration.milliseconds(500)
    /// No wait is longer.
    package var longestWait = Duration.seconds(60)
    /// The time for a connection, and for the whole of an answer.
    package var connect = Duration.seconds(10)
    package var answer = Duration.seconds(120)

    package init() {}
  }

  /// The longest time until a stop is heard.
  private static let step = Duration.milliseconds(50)

  /// The address without name and password; nil for what is no address of a service.
  private let address: (url: String, isLoopback: Bool)?
  private let authorization: String?
  private let patience: Patience
  private let certificates: String?
  private let library: CurlLibrary?
  /// Connections that wait for their next request.
  private let idle = Mutex([CurlConnection]())

  /// The address without what may be a secret.
  let endpoint: String

  /// - Parameters:
  ///   - key: Sent as a bearer token; nil or empty for none.
  ///   - libraries: Names of what speaks HTTP; nil for the system's.
  init(
    url: String, key: String?, patience: Patience,
    environment: [String: String] = ProcessInfo.processInfo.environment,
    libraries: [String]? = nil
  ) {
    let parts = URLComponents(string: url)
    if let key, !key.isEmpty {
      authorization = "Bearer \(key)"
    } else if let name = parts?.user {
      let login = Data("\(name):\(parts?.password ?? "")".utf8).base64EncodedString()
      authorization = "Basic \(login)"
    } else {
      authorization = nil
    }
    if let parts, let origin = ServiceOrigin(url) {
      // From its parts, so that the host is the one that was judged, however an address is read.
      let query = parts.percentEncodedQuery.map { "?" + $0 } ?? ""
      address = ("\(origin)\(parts.percentEncodedPath)\(query)", origin.isLoopback)
    } else {
      address = nil
    }
    endpoint = ServiceAddress.shown(url)
    self.patience = patience
    certificates = ["CURL_CA_BUNDLE", "SSL_CERT_FILE"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty }
    self.library = libraries.map { CurlLibrary(names: $0) } ?? CurlLibrary.system
  }

  /// The answer to a request.
  ///
  /// - Parameters:
  ///   - largestAnswer: An answer of more bytes is none.
  ///   - tries: Hears of every single request.
  ///   - reader: Makes what reads an answer, for every try.
  /// - Throws: ``ServiceFailure``, ``HunchError/interrupted`` or what `tries` throws.
  func post<Reader: AnswerReader>(
    _ body: Data, largestAnswer: Int, tries: ServiceTries = ServiceTries(),
    isCancelled: () -> Bool, reader: () -> Reader
  ) throws -> Reader.Answer {
    guard let address else { throw ServiceFailure.badAddress }
    guard let library else { throw ServiceFailure.noLibrary }
    let request = CurlConnection.Request(
      url: address.url, body: [UInt8](body),
      authorization: authorization.map { "Authorization: \($0)" }, largestAnswer: largestAnswer,
      connect: patience.connect, whole: patience.answer, isDirect: address.isLoopback,
      certificates: certificates)
    var (attempt, badAnswers) = (1, 0)
    while true {
      try tries.willSend()
      do throws(Failure) {
        return try send(request, attempt, library, isCancelled, reader())
      } catch {
        try tries.didFail(error.mayCost)
        if error.isBadAnswer { badAnswers += 1 }
        if error.isFinal || badAnswers >= patience.badAnswers || attempt >= patience.attempts {
          throw error.reason
        }
        try Self.sleep(min(error.wait ?? backOff(attempt), patience.longestWait), isCancelled)
        attempt += 1
      }
    }
  }

  /// Why one try brought no answer.
  private struct Failure: Error {
    var reason: any Error
    var mayCost = false
    /// Whether further tries are of no use.
    var isFinal = false
    /// Whether there was an answer, which is not what the interface demands.
    var isBadAnswer = false
    /// How long the service says to wait.
    var wait: Duration?
  }

  /// Sends a request and reads the whole answer.
  private func send<Reader: AnswerReader>(
    _ request: CurlConnection.Request, _ attempt: Int, _ library: CurlLibrary,
    _ isCancelled: () -> Bool,
    _ reader: Reader
  ) throws(Failure) -> Reader.Answer {
    var reader = reader
    guard let connection = idle.withLock({ $0.popLast() }) ?? library.connection(),
      connection.begin(request)
    else { throw Failure(reason: ServiceFailure.noLibrary, isFinal: true) }
    defer { idle.withLock { $0.append(connection) } }
    var isStopped = false
    // An answer that is on its way is worth a moment: it may be paid for.
    var nextCheck = ContinuousClock.now + Self.step
    do throws(ServiceFailure) {
      while !isStopped {
        let isUnderWay = try connection.step(Self.step) { bytes throws(ServiceFailure) in
          try reader.read(bytes)
        }
        if !isUnderWay { break }
        if ContinuousClock.now < nextCheck { continue }
        isStopped = isCancelled()
        nextCheck = .now + Self.step
      }
    } catch {
      _ = connection.end()
      throw Failure(reason: error, mayCost: true, isBadAnswer: true)
    }
    let end = connection.end()
    if isStopped {
      throw Failure(reason: HunchError.interrupted, mayCost: connection.wasSent, isFinal: true)
    }
    guard end == CCURL_ANSWERED else { throw failure(end, connection, request, attempt) }
    switch connection.status {
    case 200..<300:
      do throws(ServiceFailure) { return try reader.finish() } catch {
        throw Failure(reason: error, mayCost: true, isBadAnswer: true)
      }
    case 408, 429, 500...:
      throw Failure(
        reason: ServiceFailure.overloaded(status: connection.status, attempts: attempt),
        wait: Self.wait(connection.retryAfter, now: Date()))
    default:
      throw Failure(reason: ServiceFailure.refused(status: connection.status), isFinal: true)
    }
  }

  /// What it means that there is no answer. In words of our own: others might hold a header or an
  /// address.
  private func failure(
    _ end: ccurl_outcome, _ connection: CurlConnection, _ request: CurlConnection.Request,
    _ attempt: Int
  ) -> Failure {
    func again(_ problem: String) -> Failure {
      Failure(
        reason: ServiceFailure.unreachable(problem: problem, attempts: attempt),
        mayCost: connection.wasSent)
    }
    func final(_ reason: ServiceFailure) -> Failure { Failure(reason: reason, isFinal: true) }
    switch end {
    case CCURL_NO_CONNECTION: return again("the service cannot be reached")
    case CCURL_NO_CONNECTION_IN_TIME:
      return again("the service cannot be reached within \(patience.connect.components.seconds) s")
    case CCURL_PROXY_REFUSES:
      let problem = "the proxy refuses the connection with status \(connection.status)"
      return final(.unreachable(problem: problem, attempts: attempt))
    case CCURL_NO_ANSWER_IN_TIME:
      let seconds = Int(patience.answer.components.seconds)
      return Failure(
        reason: ServiceFailure.timedOut(seconds: seconds, attempts: attempt),
        mayCost: connection.wasSent)
    case CCURL_INCOMPLETE:
      return again("the connection was closed before the answer was complete")
    case CCURL_NOT_HTTP: return again("the answer is not HTTP")
    case CCURL_TOO_LARGE:
      let size = request.largestAnswer
      let shown = size < 1 << 20 ? "\(size >> 10) KiB" : "\(size >> 20) MiB"
      return Failure(
        reason: ServiceFailure.badAnswer("it is larger than \(shown)"),
        mayCost: connection.wasSent, isFinal: true)
    case CCURL_BAD_ADDRESS: return final(.badAddress)
    default:
      guard let problem = Self.insecurities[end.rawValue] else {
        return again("the connection broke off")
      }
      return final(.insecure(problem: problem))
    }
  }

  /// Why there is no encrypted connection: that does not pass by itself.
  private static let insecurities: [ccurl_outcome.RawValue: String] = [
    CCURL_NO_TRUST.rawValue: "the certificate is signed by nobody that this machine trusts",
    CCURL_EXPIRED.rawValue: "the certificate has expired",
    CCURL_OTHER_HOST.rawValue: "the certificate is for another host",
    CCURL_NO_HANDSHAKE.rawValue: "the TLS handshake failed; does the service speak HTTPS?",
    CCURL_NO_CERTIFICATES.rawValue: "the file with trusted certificates cannot be read",
  ]

  private func backOff(_ attempt: Int) -> Duration {
    patience.firstWait * (1 << min(attempt - 1, 20))
  }

  private static func sleep(_ duration: Duration, _ isCancelled: () -> Bool) throws {
    let end = ContinuousClock.now + duration
    while true {
      if isCancelled() { throw HunchError.interrupted }
      let rest = ContinuousClock.now.duration(to: end)
      if rest <= .zero { return }
      let slice = min(rest, .milliseconds(50)).components
      Thread.sleep(
        forTimeInterval: Double(slice.seconds) + Double(slice.attoseconds) * 1e-18)
    }
  }

  /// The wait that a `Retry-After` asks for: seconds, or a date (RFC 9110, 10.2.3).
  package static func wait(_ header: String?, now: Date) -> Duration? {
    guard let header = header?.trimmingCharacters(in: .whitespacesAndNewlines) else { return nil }
    if let seconds = Double(header) {
      return seconds.isFinite ? .milliseconds(Int64(min(max(seconds, 0), 86_400) * 1000)) : nil
    }
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "GMT")
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
    return format.date(from: header).map {
      .milliseconds(Int64(min(max($0.timeIntervalSince(now), 0), 86_400) * 1000))
    }
  }
}
