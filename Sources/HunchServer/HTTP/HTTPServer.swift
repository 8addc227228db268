import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP/1.1 server on swift-nio that answers every request with one function.
///
/// Connections are kept open, requests of one connection are answered one after the other, and what
/// takes too long is closed (``Connections``).
package struct HTTPServer: Sendable {
  /// Answers a request by ``HTTPExchange/answer(_:)``.
  package typealias Responder = @Sendable (HTTPExchange) async throws -> Void

  /// The connections that the system keeps until they are accepted: of more, clients try again after
  /// a second.
  private static let backlog: Int32 = 1_024

  private let options: ServerOptions
  /// The connections that are open.
  let connections: Connections

  package init(_ options: ServerOptions) {
    self.options = options
    connections = Connections(options)
  }

  /// Serves until it is told to stop, or the task is cancelled.
  ///
  /// Told to stop, it accepts no more connections, answers the requests under way for at most
  /// ``ServerOptions/grace``, and closes what is left. What goes wrong with single connections is
  /// their clients' business.
  ///
  /// - Parameters:
  ///   - onListening: Called once connections are accepted.
  ///   - untilStopped: Returns when the server is to stop.
  ///   - respond: Answers a request.
  /// - Throws: ``ServerError`` when it cannot listen.
  package func run(
    onListening: @Sendable (ServerAddress) async -> Void,
    untilStopped: @escaping @Sendable () async -> Void,
    respond: @escaping Responder
  ) async throws {
    let server = try await listen()
    let port = server.channel.localAddress?.port ?? options.port
    await onListening(ServerAddress(host: options.host, port: port))
    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        await untilStopped()
        connections.stop()
        server.channel.close(promise: nil)
        try? await Task.sleep(for: options.grace)
        connections.closeAll()
      }
      tasks.addTask { await connections.watch() }
      await withDiscardingTaskGroup { group in
        try? await server.executeThenClose { accepted in
          for try await channel in accepted {
            group.addTask { await serve(channel, respond) }
          }
        }
      }
      tasks.cancelAll()
    }
  }

  private typealias HTTPChannel = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

  private func listen() async throws -> NIOAsyncChannel<HTTPChannel, Never> {
    do {
      return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .serverChannelOption(.backlog, value: Self.backlog)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.allowRemoteHalfClosure, value: true)
        .serverChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(AcceptingHandler(connections))
          }
        }
        .bind(host: options.host, port: options.port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline(
              withPipeliningAssistance: false, withErrorHandling: false)
            return try HTTPChannel(
              wrappingChannelSynchronously: channel,
              configuration: .init(isOutboundHalfClosureEnabled: true))
          }
        }
    } catch {
      throw failure(error)
    }
  }

  /// Answers the requests of a connection until it ends.
  private func serve(_ channel: HTTPChannel, _ respond: Responder) async {
    // An error means that the client is gone, or was cut off.
    try? await withTaskCancellationHandler {
      try await channel.executeThenClose { parts, writer in
        guard let connection = connections[channel.channel] else { return }
        try await exchange(HTTPParts(parts, writer), connection, respond)
        // What was written is sent before the rest of the connection is closed, by its client.
        writer.finish()
        try await channel.channel.closeFuture.get()
      }
    } onCancel: {
      channel.channel.close(promise: nil)
    }
  }

  private func exchange(
    _ parts: HTTPParts, _ connection: Connection, _ respond: Responder
  ) async throws {
    do {
      while let head = try await parts.head() {
        let exchange = HTTPExchange(
          head, parts, connection, isLast: !head.isKeepAlive || head.version != .http1_1)
        connection.enter(.receiving)
        try await respond(exchange)
        connection.enter(.idle)
        if !exchange.isAwaited { try await parts.skipBody() }
        if exchange.isLast || connections.isStopping { break }
      }
    } catch is HTTPParserError where !parts.isAnswering {
      let headers = HTTPHeaders([("Connection", "close"), ("Content-Length", "0")])
      try await parts.write([
        .head(HTTPResponseHead(version: .http1_1, status: .badRequest, headers: headers)),
        .end(nil),
      ])
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

/// Enters accepted connections into the list, and accepts no more while it is full.
private final class AcceptingHandler: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias OutboundIn = Never

  private let connections: Connections
  private var context: ChannelHandlerContext?
  private var isWaiting = false

  init(_ connections: Connections) { self.connections = connections }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let channel = unwrapInboundIn(data)
    connections.add(channel)
    let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
    channel.closeFuture.hop(to: context.eventLoop).whenComplete { _ in
      handler.value.remove(channel)
    }
    context.fireChannelRead(data)
  }

  private func remove(_ channel: any Channel) {
    connections.remove(channel)
    if !isWaiting || !connections.hasRoom { return }
    isWaiting = false
    context?.read()
  }

  func read(context: ChannelHandlerContext) {
    if connections.hasRoom { context.read() } else { isWaiting = true }
  }

  // One connection that could not be accepted is no reason to accept no others.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
