import HummingbirdCore
import NIOCore
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The open connections: closes those that take too long, and keeps room for new ones.
final class Connections: Sendable {
  /// Why a connection was closed from this side.
  enum Reason: String, CaseIterable {
    /// No request for some time.
    case idle
    /// A body that does not end.
    case slowBody = "slow_body"
    /// An answer that is not read.
    case slowReader = "slow_reader"
    /// Room for a new one.
    case room
  }

  /// A request that has been under way for less may not be cut off for room.
  private static let protected = TimeAmount.milliseconds(50)
  /// How often room is made while there is none.
  private static let pressure = Duration.milliseconds(25)
  /// So many more connections than the limit are accepted until others are closed.
  private static let margin = 16
  /// Descriptors that are left to all but connections.
  private static let descriptors = 32

  private struct State {
    var connections: [ObjectIdentifier: Connection] = [:]
    var accepted = 0
    var isMakingRoom = false
    var closed = [Int](repeating: 0, count: Reason.allCases.count)
  }

  private let state = Mutex(State())
  private let limit: Int
  private let idle: TimeAmount
  private let body: TimeAmount
  private let reader: TimeAmount

  init(_ options: ServerOptions) {
    limit = max(1, min(options.connectionLimit, Self.most()))
    idle = TimeAmount(options.idleTimeout)
    body = TimeAmount(options.bodyTimeout)
    reader = TimeAmount(options.readerTimeout)
  }

  /// How many connections the descriptors of this process allow.
  private static func most() -> Int {
    var limits = rlimit()
    #if canImport(Glibc)
      let known = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0
    #else
      let known = getrlimit(RLIMIT_NOFILE, &limits) == 0
    #endif
    guard known, limits.rlim_cur < 1 << 20 else { return .max }
    return Int(limits.rlim_cur) - descriptors - margin
  }

  /// The connections that are open.
  var count: Int { state.withLock { $0.connections.count } }

  /// How many connections were closed for each reason.
  var closed: [(reason: Reason, count: Int)] {
    let counts = state.withLock { $0.closed }
    return Array(zip(Reason.allCases, counts))
  }

  subscript(channel: any Channel) -> Connection? {
    state.withLock { $0.connections[ObjectIdentifier(channel)] }
  }

  fileprivate func add(_ channel: any Channel) {
    state.withLock { $0.connections[ObjectIdentifier(channel)] = Connection(channel) }
  }

  fileprivate func remove(_ channel: any Channel) {
    _ = state.withLock { $0.connections.removeValue(forKey: ObjectIdentifier(channel)) }
  }

  /// Closes what takes too long, again and again until the task is cancelled.
  func watch() async {
    let shortest = min(idle, body, reader)
    let pause = max(Duration(shortest) / 4, .milliseconds(10))
    while (try? await Task.sleep(for: min(pause, .seconds(5)))) != nil { closeLate() }
  }

  private func closeLate() {
    let now = NIODeadline.now()
    for connection in state.withLock({ Array($0.connections.values) }) {
      let (phase, since) = connection.current
      let reason: Reason
      switch phase {
      case .idle where now - since > idle: reason = .idle
      case .receiving where now - since > body: reason = .slowBody
      case .sending where now - since > reader: reason = .slowReader
      default: continue
      }
      close(connection, reason)
    }
  }

  private func close(_ connection: Connection, _ reason: Reason) {
    guard connection.end() else { return }
    let index = Reason.allCases.firstIndex(of: reason) ?? 0
    state.withLock { $0.closed[index] += 1 }
    connection.channel.close(promise: nil)
  }

  /// Closes one connection if there are more than the limit: the one that has been without a request
  /// for longest, else the request that has been waiting for its client for longest.
  private func makeRoom() {
    let connections = state.withLock { $0.accepted > limit ? Array($0.connections.values) : [] }
    let now = NIODeadline.now()
    var chosen: (connection: Connection, isBusy: Bool, since: NIODeadline)?
    for connection in connections {
      let (phase, since) = connection.current
      let isBusy = phase != .idle
      if phase == .working || phase == .ended { continue }
      if isBusy, now - since < Self.protected { continue }
      if let chosen, (chosen.isBusy ? 1 : 0, chosen.since) <= (isBusy ? 1 : 0, since) { continue }
      chosen = (connection, isBusy, since)
    }
    if let chosen { close(chosen.connection, .room) }
  }

  /// Makes room while there are more connections than the limit.
  private func makeRoomRepeatedly() {
    let isFirst = state.withLock { state in
      defer { state.isMakingRoom = true }
      return !state.isMakingRoom
    }
    if !isFirst { return }
    Task {
      while state.withLock({ state in
        state.isMakingRoom = state.accepted > limit
        return state.isMakingRoom
      }) {
        for _ in 0..<Self.margin { makeRoom() }
        try? await Task.sleep(for: Self.pressure)
      }
    }
  }
}

extension Connections: AvailableConnectionsDelegate {
  func connectionOpened() {
    let isOver = state.withLock { state in
      state.accepted += 1
      return state.accepted > limit
    }
    if isOver {
      makeRoom()
      makeRoomRepeatedly()
    }
  }

  func connectionClosed() { state.withLock { $0.accepted -= 1 } }

  func isAcceptingNewConnections() -> Bool {
    state.withLock { $0.accepted < limit + Self.margin }
  }
}

/// What an open connection is at.
final class Connection: Sendable {
  enum Phase {
    /// Waiting for a request.
    case idle
    /// Waiting for the rest of a request.
    case receiving
    /// Computing an answer.
    case working
    /// Waiting for the client to read.
    case sending
    /// Being closed.
    case ended
  }

  let channel: any Channel
  private let state = Mutex((phase: Phase.idle, since: NIODeadline.now()))

  init(_ channel: any Channel) { self.channel = channel }

  /// The phase and since when it has lasted.
  var current: (phase: Phase, since: NIODeadline) { state.withLock { $0 } }

  /// Begins a phase, also the same one anew.
  func enter(_ phase: Phase) {
    let now = NIODeadline.now()
    state.withLock { if $0.phase != .ended { $0 = (phase, now) } }
  }

  /// Begins the last phase; false if it has begun before.
  fileprivate func end() -> Bool {
    state.withLock { state in
      defer { state.phase = .ended }
      return state.phase != .ended
    }
  }
}

/// Enters a connection into the list while it is open.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private let connections: Connections

  init(_ connections: Connections) { self.connections = connections }

  func handlerAdded(context: ChannelHandlerContext) { connections.add(context.channel) }

  func channelInactive(context: ChannelHandlerContext) {
    connections.remove(context.channel)
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { connections.remove(context.channel) }
}
