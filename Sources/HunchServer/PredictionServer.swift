import Foundation
package import Hunch
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

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
  /// The connections that the system keeps until they are accepted: of more, clients try again after
  /// a second.
  private static let backlog = 1_024

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
    _ threads: NIOThreadPool, _ onListening: @escaping @Sendable (ServerAddress) async -> Void,
    _ untilStopped: @escaping @Sendable () async -> Void
  ) async throws {
    let options = options
    // What goes wrong with single connections is their clients' business.
    let logger = Logger(label: "hunch") { _ in SwiftLogNoOpLogHandler() }
    let connections = Connections(options)
    let responder = PredictionResponder(
      service: service, hosts: HostPolicy([options.host] + options.allowedHosts),
      connections: connections, bodyLimit: options.bodyLimit, threads: threads)
    let server = try HTTPServerBuilder.http1(
      configuration: .init(additionalChannelHandlers: [ConnectionHandler(connections)])
    ).buildServer(
      configuration: ServerConfiguration(
        address: .hostname(options.host, port: options.port), backlog: Self.backlog,
        availableConnectionsDelegate: connections),
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger,
      responder: { request, writer, channel in
        try await responder.respond(to: request, writer, on: channel)
      },
      onServerRunning: { channel in
        await onListening(
          ServerAddress(host: options.host, port: channel.localAddress?.port ?? options.port))
      })
    var configuration = ServiceGroupConfiguration(services: [server], logger: logger)
    configuration.maximumGracefulShutdownDuration = options.grace
    let group = ServiceGroup(configuration: configuration)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        await untilStopped()
        await group.triggerGracefulShutdown()
      }
      tasks.addTask { await connections.watch() }
      defer { tasks.cancelAll() }
      do {
        try await group.run()
      } catch is CancellationError {
        // The grace is over.
      } catch {
        throw failure(error)
      }
    }
  }

  /// What an error of the system at the start means.
  private func failure(_ error: any Error) -> any Error {
    let address = ServerAddress(host: options.host, port: options.port)
    if error is SocketAddressError || error is SocketAddressError.UnknownHost {
      return ServerError.unknownHost(options.host)
    }
    guard let error = error as? IOError else { return error }
    switch error.errnoCode {
    case EADDRINUSE: return ServerError.portInUse(address)
    case EACCES, EPERM: return ServerError.portForbidden(address)
    case EADDRNOTAVAIL: return ServerError.unknownHost(options.host)
    default:
      return ServerError.cannotListen(
        address, problem: String(cString: strerror(error.errnoCode)))
    }
  }
}
