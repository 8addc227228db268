package import Hunch
import NIOPosix

/// Serves a ``Hunch/Predictor`` over HTTP.
///
/// For example, a server that stops after an hour:
///
///     let server = try PredictionServer(predictor, ServerOptions(port: 0))
///     try await server.run(
///       onListening: { address in print(address.url) },
///       untilStopped: { try? await Task.sleep(for: .seconds(3_600)) })
///
/// Routes: `POST /predict` with `{"text": "…"}`, `{"texts": ["…", …]}` or `["…", …]`;
/// `GET /health`; `GET /metrics` for Prometheus. Answers and errors are JSON. Nothing is written
/// anywhere about requests.
package struct PredictionServer: Sendable {
  private let options: ServerOptions
  private let service: PredictionService

  /// Creates a server.
  ///
  /// - Throws: `EncodingError` when a label cannot be written as JSON.
  package init(_ predictor: Predictor, _ options: ServerOptions = ServerOptions()) throws {
    self.options = options
    service = try PredictionService(predictor, options)
  }

  /// Serves until it is told to stop.
  ///
  /// Then it accepts no more connections, answers the requests under way for at most
  /// ``ServerOptions/grace``, and closes what is left.
  ///
  /// - Parameters:
  ///   - onListening: Called once connections are accepted.
  ///   - untilStopped: Returns when the server is to stop.
  /// - Throws: ``ServerError`` when it cannot listen.
  package func run(
    onListening: @escaping @Sendable (ServerAddress) async -> Void,
    untilStopped: @escaping @Sendable () async -> Void
  ) async throws {
    let threads = NIOThreadPool(numberOfThreads: max(1, options.threads))
    threads.start()
    do {
      try await serve(threads, onListening, untilStopped)
    } catch {
      try? await threads.shutdownGracefully()
      throw error
    }
    try? await threads.shutdownGracefully()
  }

  private func serve(
    _ threads: NIOThreadPool, _ onListening: @Sendable (ServerAddress) async -> Void,
    _ untilStopped: @escaping @Sendable () async -> Void
  ) async throws {
    let server = HTTPServer(options)
    let responder = PredictionResponder(
      service: service, hosts: HostPolicy([options.host] + options.allowedHosts),
      connections: server.connections, bodyLimit: options.bodyLimit, threads: threads)
    try await server.run(
      onListening: onListening, untilStopped: untilStopped,
      respond: { request in try await responder.respond(to: request) })
  }
}
