import AsyncHTTPClient
import Dispatch
package import Foundation
import Hunch
import NIOCore
import NIOHTTP1
import NIOPosix

/// Posts JSON to a service over HTTP and waits for the answer.
///
/// What passes by itself is tried again: status 408, 429 and 5xx, a connection that cannot be made
/// or breaks off, and an answer that does not come in time. Waits double from one try to the next;
/// where the service says how long to wait (`Retry-After`), that counts. Redirects are not followed,
/// so that texts and key go to the named address alone.
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

  private let url: String
  private let authorization: String?
  private let patience: Patience
  private let largestAnswer: Int
  private let client: HTTPClient

  /// - Parameters:
  ///   - key: Sent as a bearer token; nil or empty for none.
  ///   - largestAnswer: An answer of more bytes is none.
  init(url: String, key: String?, patience: Patience, largestAnswer: Int) {
    var address = URLComponents(string: url)
    if let key, !key.isEmpty {
      authorization = "Bearer \(key)"
    } else if let name = address?.user {
      let login = Data("\(name):\(address?.password ?? "")".utf8).base64EncodedString()
      authorization = "Basic \(login)"
    } else {
      authorization = nil
    }
    address?.user = nil
    address?.password = nil
    self.url = address?.string ?? url
    self.patience = patience
    self.largestAnswer = largestAnswer
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = TimeAmount(patience.connect)
    // Otherwise a connection that is refused is tried again in silence until the time is over.
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  deinit { try? client.syncShutdown() }

  /// The address without what may be a secret.
  var endpoint: String { ServiceAddress.shown(url) }

  /// The answer to a request.
  ///
  /// - Parameters:
  ///   - tries: Hears of every single request.
  ///   - decode: Reads an answer; throws ``ServiceFailure/badAnswer(_:)`` for what is none.
  /// - Throws: ``ServiceFailure``, ``HunchError/interrupted`` or what `tries` throws.
  func post<Answer>(
    _ body: Data, tries: ServiceTries = ServiceTries(), isCancelled: () -> Bool,
    decode: ([UInt8]) throws(ServiceFailure) -> Answer
  ) throws -> Answer {
    var attempt = 1
    var badAnswers = 0
    while true {
      try tries.willSend()
      var failure: ServiceFailure
      var wait: Duration?
      switch try outcome(of: body, attempt, tries, isCancelled) {
      case .answer(let bytes):
        do { return try decode(bytes) } catch { failure = error }
        try tries.didFail(true)
        badAnswers += 1
        if badAnswers >= patience.badAnswers { throw failure }
      case .failure(let error, let pause, let mayCost):
        try tries.didFail(mayCost)
        (failure, wait) = (error, pause)
      }
      if attempt >= patience.attempts { throw failure }
      try Self.sleep(min(wait ?? backOff(attempt), patience.longestWait), isCancelled)
      attempt += 1
    }
  }

  /// What came of one try, if it may be tried again.
  private enum Outcome {
    case answer([UInt8])
    case failure(ServiceFailure, wait: Duration?, mayCost: Bool)
  }

  private func outcome(
    of body: Data, _ attempt: Int, _ tries: ServiceTries, _ isCancelled: () -> Bool
  ) throws -> Outcome {
    let response: HTTPClient.Response
    do {
      response = try send(body, isCancelled)
    } catch let error as HTTPClientError where Self.isTimeOut(error) {
      return .failure(
        .timedOut(seconds: Int(patience.answer.components.seconds), attempts: attempt),
        wait: nil, mayCost: error != .connectTimeout)
    } catch let error as HunchError {
      try tries.didFail(true)
      throw error
    } catch is ResponseAccumulator.ResponseTooBigError {
      try tries.didFail(true)
      throw ServiceFailure.badAnswer("it is larger than \(largestAnswer >> 20) MiB")
    } catch {
      return .failure(
        .unreachable(problem: Self.words(for: error), attempts: attempt),
        wait: nil, mayCost: !Self.isAboutConnecting(error))
    }
    let status = Int(response.status.code)
    switch status {
    case 200..<300:
      return .answer(response.body.map { [UInt8]($0.readableBytesView) } ?? [])
    case 408, 429, 500...:
      return .failure(
        .overloaded(status: status, attempts: attempt),
        wait: Self.wait(response.headers.first(name: "Retry-After"), now: Date()),
        mayCost: false)
    default:
      try tries.didFail(false)
      throw ServiceFailure.refused(status: status)
    }
  }

  /// Sends a request and waits for the whole answer.
  private func send(_ body: Data, _ isCancelled: () -> Bool) throws -> HTTPClient.Response {
    guard (1...65_535).contains(URLComponents(string: url)?.port ?? 443) else {
      throw HTTPClientError.invalidURL
    }
    var request = try HTTPClient.Request(url: url, method: .POST)
    request.headers.add(name: "Content-Type", value: "application/json")
    request.headers.add(name: "Accept", value: "application/json")
    if let authorization { request.headers.add(name: "Authorization", value: authorization) }
    request.body = .data(body)
    let task = client.execute(
      request: request,
      delegate: ResponseAccumulator(request: request, maxBodySize: largestAnswer),
      deadline: .now() + TimeAmount(patience.answer))
    let done = DispatchSemaphore(value: 0)
    task.futureResult.whenComplete { _ in done.signal() }
    while done.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
      if isCancelled() {
        task.fail(reason: HTTPClientError.cancelled)
        throw HunchError.interrupted
      }
    }
    return try task.wait()
  }

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
    guard let header = header?.trimmingCharacters(in: .whitespaces) else { return nil }
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

  private static func isTimeOut(_ error: HTTPClientError) -> Bool {
    [
      .readTimeout, .writeTimeout, .deadlineExceeded, .connectTimeout,
      .getConnectionFromPoolTimeout,
    ].contains(error)
  }

  /// Whether no connection could be made, so that nothing was sent. After anything else the service may
  /// have worked.
  private static func isAboutConnecting(_ error: any Error) -> Bool {
    if error is NIOConnectionError { return true }
    guard let code = (error as? IOError)?.errnoCode else { return false }
    return [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL].contains(code)
  }

  /// Words of our own: those of an error might hold a header or an address.
  private static func words(for error: any Error) -> String {
    switch error as? HTTPClientError {
    case .remoteConnectionClosed?: return "the connection was closed before the answer was complete"
    default: break
    }
    if error is HTTPParserError { return "the answer is not HTTP" }
    return error is IOError && !isAboutConnecting(error)
      ? "the connection broke off" : "the service cannot be reached"
  }
}

extension TimeAmount {
  fileprivate init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }
}
