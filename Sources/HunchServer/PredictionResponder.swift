import HTTPTypes
import HummingbirdCore
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
  /// - Throws: What the connection throws when it brings no HTTP.
  func respond(
    to request: Request, _ writer: consuming ResponseWriter, on channel: any Channel
  ) async throws {
    let began = NIODeadline.now()
    let connection = connections[channel]
    connection?.enter(.receiving)
    let route = Route(rawValue: request.uri.path)
    let response = try await response(to: request, route, connection)
    connection?.enter(.sending)
    do {
      try await writer.write(response: response.head, body: response.body)
    } catch is HTTPParserError {
      // To the server, this error means that an answer is still to be written.
      throw BrokenOff()
    }
    connection?.enter(.idle)
    service.metrics.count(
      route, status: response.status.code,
      seconds: Double((NIODeadline.now() - began).nanoseconds) / 1e9)
  }

  /// The connection brought something else than HTTP while an answer was written.
  private struct BrokenOff: Error {}

  /// The answer to a request, with the time that goes with each.
  private func response(
    to request: Request, _ route: Route?, _ connection: Connection?
  ) async throws -> Response {
    var response: Response
    do {
      response = try await routed(request, route, connection)
    } catch let error as HTTPParserError {
      throw error
    } catch {
      response = Response(status: .internalServerError)
    }
    response.headers[.date] = ResponseDate.now()
    return response
  }

  private func routed(
    _ request: Request, _ route: Route?, _ connection: Connection?
  ) async throws -> Response {
    do {
      try hosts.check(request.head)
      guard let route else { throw RequestProblem.noRoute }
      guard route.takes(request.method) else {
        throw RequestProblem.wrongMethod(allowed: route.allowed)
      }
      switch route {
      case .health: return get(request, "application/json", service.health)
      case .metrics:
        let text = Array(service.metrics.text(connections).utf8)
        return get(request, "text/plain; version=0.0.4; charset=utf-8", text)
      case .predict:
        let body = try await body(of: request)
        connection?.enter(.working)
        return streamed(try await answer(body), connection)
      }
    } catch let problem as RequestProblem {
      return response(problem)
    } catch is EncodingError {
      return response(.failed)
    }
  }

  /// The whole body of a request.
  ///
  /// - Throws: ``RequestProblem``; what the connection throws.
  private func body(of request: Request) async throws -> [UInt8] {
    if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
      throw RequestProblem.compressed
    }
    if let type = request.headers[.contentType], !Self.isJSON(type) {
      throw RequestProblem.wrongType
    }
    // A length that is said beforehand need not be waited for.
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > bodyLimit {
      throw RequestProblem.tooLarge(limit: bodyLimit)
    }
    do {
      return [UInt8](buffer: try await request.body.collect(upTo: bodyLimit))
    } catch is NIOTooManyBytesError {
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
    _ answer: PredictionService.Answer, _ connection: Connection?
  ) -> Response {
    if answer.isComplete { return response(.ok, "application/json", answer.bytes) }
    let (service, threads) = (service, threads)
    return Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody { writer in
        var answer = answer
        while true {
          try await writer.write(ByteBuffer(bytes: answer.bytes))
          if answer.isComplete { break }
          connection?.enter(.working)
          let last = answer
          answer = try await threads.runIfActive { try service.next(last) }
          connection?.enter(.sending)
        }
        try await writer.finish(nil)
      })
  }

  private func response(_ problem: RequestProblem) -> Response {
    var response = response(problem.status, "application/json", service.answer(problem))
    if case .wrongMethod(let allowed) = problem { response.headers[.allow] = allowed }
    return response
  }

  private func get(_ request: Request, _ type: String, _ body: [UInt8]) -> Response {
    let response = response(.ok, type, body)
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func response(
    _ status: HTTPResponse.Status, _ type: String, _ body: [UInt8]
  ) -> Response {
    Response(
      status: status, headers: [.contentType: type],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }
}
