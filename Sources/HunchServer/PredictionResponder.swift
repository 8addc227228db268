import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

/// Turns HTTP requests into answers of a ``PredictionService``.
struct PredictionResponder: HTTPResponder {
  /// Nothing is known of a request but itself.
  struct Context: InitializableFromSource {
    init() {}
    init(source: ApplicationRequestContextSource) {}
  }

  /// Bodies from this many bytes on are answered on threads of their own, first come, first served:
  /// that much work would keep small requests waiting (`docs/performance.md`).
  static let largeBody = 1 << 12

  let service: PredictionService
  let bodyLimit: Int
  let threads: NIOThreadPool

  func respond(to request: Request, context: Context) async throws -> Response {
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
