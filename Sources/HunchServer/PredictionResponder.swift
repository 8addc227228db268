import NIOCore
import NIOHTTP1
import NIOPosix

/// Turns HTTP requests into answers of a ``PredictionService``.
struct PredictionResponder: Sendable {
  /// Bodies from this many bytes on are answered on threads of their own, first come, first served:
  /// that much work would keep small requests waiting (`docs/performance.md`).
  static let largeBody = 1 << 12

  let service: PredictionService
  let hosts: HostPolicy
  let connections: Connections
  let bodyLimit: Int
  let threads: NIOThreadPool

  /// Answers a request.
  ///
  /// - Throws: What the connection throws.
  func respond(to request: HTTPExchange) async throws {
    let route = Route(rawValue: request.path)
    let answer: HTTPAnswer
    do {
      answer = try await routed(request, route)
    } catch let problem as RequestProblem {
      answer = self.answer(problem)
    } catch is EncodingError {
      answer = self.answer(.failed)
    }
    try await request.answer(answer)
    service.metrics.count(
      route, status: Int(answer.status.code),
      seconds: Double((NIODeadline.now() - request.began).nanoseconds) / 1e9)
  }

  private func routed(_ request: HTTPExchange, _ route: Route?) async throws -> HTTPAnswer {
    try hosts.check(request)
    guard let route else { throw RequestProblem.noRoute }
    guard route.takes(request.head.method) else {
      throw RequestProblem.wrongMethod(allowed: route.allowed)
    }
    switch route {
    case .health: return HTTPAnswer(.ok, "application/json", .whole(service.health))
    case .metrics:
      let text = Array(service.metrics.text(connections).utf8)
      return HTTPAnswer(.ok, "text/plain; version=0.0.4; charset=utf-8", .whole(text))
    case .predict:
      let body = try await body(of: request)
      request.connection.enter(.working)
      return streamed(try await answer(body), request.connection)
    }
  }

  /// The whole body of a request.
  ///
  /// - Throws: ``RequestProblem``; what the connection throws.
  private func body(of request: HTTPExchange) async throws -> [UInt8] {
    if let encoding = request[header: "Content-Encoding"], encoding.lowercased() != "identity" {
      throw RequestProblem.compressed
    }
    if let type = request[header: "Content-Type"], !Self.isJSON(type) {
      throw RequestProblem.wrongType
    }
    do {
      return try await request.body(upTo: bodyLimit)
    } catch is HTTPExchange.TooLarge {
      throw RequestProblem.tooLarge(limit: bodyLimit)
    }
  }

  private static func isJSON(_ type: String) -> Bool {
    if type == "application/json" { return true }
    let name = type.prefix { $0 != ";" }.lowercased()
    return name.split { $0 == " " || $0 == "\t" } == ["application/json"]
  }

  private func answer(_ body: [UInt8]) async throws -> PredictionService.Answer {
    if body.count < Self.largeBody { return try service.answer(body) }
    return try await threads.runIfActive { try service.answer(body) }
  }

  /// An answer that is computed as far as the client has read it.
  private func streamed(
    _ answer: PredictionService.Answer, _ connection: Connection
  ) -> HTTPAnswer {
    if answer.isComplete { return HTTPAnswer(.ok, "application/json", .whole(answer.bytes)) }
    var last = answer
    return HTTPAnswer(
      .ok, "application/json",
      .parts(answer.bytes) {
        if last.isComplete { return nil }
        connection.enter(.working)
        let done = last
        last = try await threads.runIfActive { try service.next(done) }
        connection.enter(.sending)
        return last.bytes
      })
  }

  private func answer(_ problem: RequestProblem) -> HTTPAnswer {
    var answer = HTTPAnswer(problem.status, "application/json", .whole(service.answer(problem)))
    if case .wrongMethod(let allowed) = problem {
      answer.headers.add(name: "Allow", value: allowed)
    }
    return answer
  }
}
