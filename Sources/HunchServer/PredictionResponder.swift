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
  let bodyLimit: Int
  let threads: NIOThreadPool

  /// Answers a request.
  ///
  /// - Throws: What the connection throws when it brings no HTTP.
  func respond(
    to request: Request, _ writer: consuming ResponseWriter
  ) async throws {
    let response = try await response(to: request)
    do {
      try await writer.write(response: response.head, body: response.body)
    } catch is HTTPParserError {
      // To the server, this error means that an answer is still to be written.
      throw BrokenOff()
    }
  }

  /// The connection brought something else than HTTP while an answer was written.
  private struct BrokenOff: Error {}

  /// The answer to a request, with the time that goes with each.
  private func response(to request: Request) async throws -> Response {
    var response: Response
    do {
      response = try await routed(request)
    } catch let error as HTTPParserError {
      throw error
    } catch {
      response = Response(status: .internalServerError)
    }
    response.headers[.date] = ResponseDate.now()
    return response
  }

  private func routed(_ request: Request) async throws -> Response {
    do {
      guard let route = Route(rawValue: request.uri.path) else { throw RequestProblem.noRoute }
      guard route.takes(request.method) else {
        throw RequestProblem.wrongMethod(allowed: route.allowed)
      }
      switch route {
      case .health:
        let response = response(.ok, service.health)
        return request.method == .head ? response.createHeadResponse() : response
      case .predict:
        return response(.ok, try await answer(try await body(of: request)))
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

  private func answer(_ body: [UInt8]) async throws -> [UInt8] {
    if body.count < Self.largeBody { return try service.answer(body) }
    return try await threads.runIfActive { try service.answer(body) }
  }

  private func response(_ problem: RequestProblem) -> Response {
    var response = response(problem.status, service.answer(problem))
    if case .wrongMethod(let allowed) = problem { response.headers[.allow] = allowed }
    return response
  }

  private func response(_ status: HTTPResponse.Status, _ json: [UInt8]) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
  }
}
