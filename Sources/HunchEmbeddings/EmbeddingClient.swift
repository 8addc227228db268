import AsyncHTTPClient
import Dispatch
package import Foundation
public import Hunch
import NIOCore
import NIOHTTP1

/// Asks a service with the interface of OpenAI's `/v1/embeddings` over HTTP.
///
/// What passes by itself is tried again: status 408, 429 and 5xx, a connection that cannot be made
/// or breaks off, and an answer that does not come in time. Waits double from one try to the next;
/// where the service says how long to wait (`Retry-After`), that counts. Redirects are not followed,
/// so that texts and key go to the named address alone.
public final class EmbeddingClient: TextEmbedder {
  /// The environment variable with the key that is sent as a bearer token.
  public static let keyVariable = "HUNCH_EMBEDDINGS_KEY"

  /// How long to wait for what.
  package struct Patience: Sendable {
    /// The tries of one request, 1 or more.
    package var attempts = 7
    /// The wait before the second try, which doubles with each.
    package var firstWait = Duration.milliseconds(500)
    /// No wait is longer.
    package var longestWait = Duration.seconds(60)
    /// The time for a connection, and for the whole of an answer.
    package var connect = Duration.seconds(10)
    package var answer = Duration.seconds(120)

    package init() {}
  }

  /// An answer larger than this is none: 64 texts take some megabytes.
  private static let largestAnswer = 256 << 20

  private let url: String
  private let model: String
  private let key: String?
  private let patience: Patience
  private let client: HTTPClient

  /// Creates a client for one model of one service, with the key of the environment if there is one.
  public convenience init(url: String, model: String) {
    self.init(
      url: url, model: model, key: ProcessInfo.processInfo.environment[Self.keyVariable],
      patience: Patience())
  }

  /// - Parameter key: Sent as a bearer token; nil or empty for none.
  package init(url: String, model: String, key: String?, patience: Patience) {
    self.url = url
    self.model = model
    self.key = key.flatMap { $0.isEmpty ? nil : $0 }
    self.patience = patience
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = TimeAmount(patience.connect)
    // Otherwise a connection that is refused is tried again in silence until the time is over.
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  deinit { try? client.syncShutdown() }

  /// The address without a query, which may hold a secret.
  private var endpoint: String { String(url.prefix { $0 != "?" && $0 != "#" }) }

  /// The embeddings of some texts, in their order.
  ///
  /// - Throws: ``EmbeddingError``, or ``HunchError/interrupted``.
  public func embed(_ texts: [String], isCancelled: () -> Bool) throws -> [[Float]] {
    let body = try JSONEncoder().encode(Request(model: model, input: texts))
    var attempt = 1
    while true {
      let outcome = try self.outcome(of: body, attempt, isCancelled)
      switch outcome {
      case .answer(let bytes): return try decoded(bytes, count: texts.count)
      case .failure(let error, let wait):
        if attempt >= patience.attempts { throw error }
        try Self.sleep(min(wait ?? backOff(attempt), patience.longestWait), isCancelled)
      }
      attempt += 1
    }
  }

  /// What came of one try, if it may be tried again.
  private enum Outcome {
    case answer([UInt8])
    case failure(EmbeddingError, wait: Duration?)
  }

  private func outcome(
    of body: Data, _ attempt: Int, _ isCancelled: () -> Bool
  ) throws -> Outcome {
    let response: HTTPClient.Response
    do {
      response = try send(body, isCancelled)
    } catch let error as HTTPClientError where Self.isTimeOut(error) {
      return .failure(
        .timedOut(
          endpoint: endpoint, seconds: Int(patience.answer.components.seconds), attempts: attempt),
        wait: nil)
    } catch let error as HunchError {
      throw error
    } catch {
      return .failure(
        .unreachable(endpoint: endpoint, problem: Self.words(for: error), attempts: attempt),
        wait: nil)
    }
    let status = Int(response.status.code)
    switch status {
    case 200..<300:
      return .answer(response.body.map { [UInt8]($0.readableBytesView) } ?? [])
    case 408, 429, 500...:
      return .failure(
        .overloaded(endpoint: endpoint, status: status, attempts: attempt),
        wait: Self.wait(response.headers.first(name: "Retry-After"), now: Date()))
    default: throw EmbeddingError.refused(endpoint: endpoint, status: status)
    }
  }

  /// Sends a request and waits for the whole answer.
  private func send(_ body: Data, _ isCancelled: () -> Bool) throws -> HTTPClient.Response {
    var request = try HTTPClient.Request(url: url, method: .POST)
    request.headers.add(name: "Content-Type", value: "application/json")
    request.headers.add(name: "Accept", value: "application/json")
    if let key { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
    request.body = .data(body)
    let task = client.execute(
      request: request,
      delegate: ResponseAccumulator(request: request, maxBodySize: Self.largestAnswer),
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

  /// Words of our own: those of an error might hold a header or an address.
  private static func words(for error: any Error) -> String {
    switch error as? HTTPClientError {
    case .remoteConnectionClosed?: return "the connection was closed before the answer was complete"
    default: break
    }
    if error is ResponseAccumulator.ResponseTooBigError { return "the answer is too large" }
    return error is HTTPParserError
      ? "the answer is not HTTP" : "the service cannot be reached"
  }

  // MARK: - The interface of the service

  private struct Request: Encodable {
    var model: String
    var input: [String]
    var encodingFormat = "float"

    enum CodingKeys: String, CodingKey {
      case model, input
      case encodingFormat = "encoding_format"
    }
  }

  private struct Answer: Decodable {
    struct Item: Decodable {
      var index: Int?
      var embedding: [Float]
    }
    var data: [Item]
  }

  private func decoded(_ bytes: [UInt8], count: Int) throws(EmbeddingError) -> [[Float]] {
    func bad(_ problem: String) -> EmbeddingError {
      .badAnswer(endpoint: endpoint, problem: problem)
    }
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes)) else {
      throw bad("it is not JSON with 'data' of 'embedding's")
    }
    guard answer.data.count == count else {
      throw bad("\(answer.data.count) embeddings for \(count) texts")
    }
    var embeddings = [[Float]](repeating: [], count: count)
    for (place, item) in answer.data.enumerated() {
      let index = item.index ?? place
      guard embeddings.indices.contains(index), embeddings[index].isEmpty else {
        throw bad("an 'index' does not fit")
      }
      guard !item.embedding.isEmpty, item.embedding.allSatisfy(\.isFinite) else {
        throw bad("an embedding is empty or holds what is no finite number")
      }
      embeddings[index] = item.embedding
    }
    return embeddings
  }
}

extension TimeAmount {
  fileprivate init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }
}
