import Foundation
import NIOCore
import Synchronization

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

  /// A connection that has been without a request for less is not closed for room: its first one may
  /// be on its way. The second time holds while others wait to be accepted.
  private static let youngest = (TimeAmount.milliseconds(75), TimeAmount.milliseconds(20))
  /// Likewise one whose request has waited for its client for less. The second time holds while others
  /// wait and there are connections without a request.
  private static let quickest = (TimeAmount.milliseconds(50), TimeAmount.seconds(1))
  /// How often room is made while there is none.
  private static let pressure = Duration.milliseconds(2)
  /// So many more connections than the limit are accepted until others are closed.
  private static let margin = 16
  /// Descriptors that are left to all but connections.
  private static let descriptors = 32

  private struct State {
    var connections: [ObjectIdentifier: Connection] = [:]
    /// How many of them are being closed from this side.
    var ended = 0
    var isMakingRoom = false
    var isStopping = false
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

  /// Enters a connection that was accepted; its descriptor is in use until it is removed.
  func add(_ channel: any Channel) {
    let isLate = state.withLock { state in
      state.connections[ObjectIdentifier(channel)] = Connection(channel)
      return state.isStopping
    }
    if isLate { channel.close(promise: nil) }
    if isOver { makeRoomRepeatedly() }
  }

  /// Strikes a connection that is closed.
  func remove(_ channel: any Channel) {
    state.withLock { state in
      let removed = state.connections.removeValue(forKey: ObjectIdentifier(channel))
      if removed?.current.phase == .ended { state.ended -= 1 }
    }
  }

  /// Whether one more connection may be accepted.
  var hasRoom: Bool { state.withLock { $0.connections.count < limit + Self.margin } }

  /// Whether connections end with the request that they are at.
  var isStopping: Bool { state.withLock { $0.isStopping } }

  /// Closes the connections without a request, and lets the others end with theirs.
  func stop() {
    let connections = state.withLock { state in
      state.isStopping = true
      return Array(state.connections.values)
    }
    for connection in connections where connection.current.phase == .idle {
      connection.channel.close(promise: nil)
    }
  }

  /// Closes every connection.
  func closeAll() {
    let connections = state.withLock { Array($0.connections.values) }
    for connection in connections { connection.channel.close(promise: nil) }
  }

  /// Whether there are more connections than there may be, without those that are being closed.
  private var isOver: Bool { state.withLock { $0.connections.count - $0.ended > limit } }

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
    let index = Reason.allCases.firstIndex(of: reason) ?? 0
    let isOpen = state.withLock { state in
      let id = ObjectIdentifier(connection.channel)
      guard state.connections[id] === connection, connection.end() else { return false }
      state.closed[index] += 1
      state.ended += 1
      return true
    }
    if !isOpen { return }
    connection.channel.close(promise: nil)
  }

  /// Closes the connection that has been without a request for longest. Where hardly any is without
  /// one, it is that whose request has waited for its client for longest.
  ///
  /// - Returns: Whether there was one to close.
  private func makeRoom() -> Bool {
    let now = NIODeadline.now()
    var idle: [(since: NIODeadline, connection: Connection)] = []
    var waiting: [(since: NIODeadline, connection: Connection)] = []
    for connection in state.withLock({ Array($0.connections.values) }) {
      let (phase, since) = connection.current
      switch phase {
      case .idle: idle.append((since, connection))
      case .receiving, .sending: waiting.append((since, connection))
      case .working, .ended: break
      }
    }
    let isUrgent = !hasRoom
    if let oldest = idle.min(by: { $0.since < $1.since }),
      now - oldest.since >= (isUrgent ? Self.youngest.1 : Self.youngest.0)
    {
      close(oldest.connection, .room)
      return true
    }
    let hasNewcomersAlone = idle.count <= Self.margin
    if hasNewcomersAlone || isUrgent, let slowest = waiting.min(by: { $0.since < $1.since }),
      now - slowest.since >= (hasNewcomersAlone ? Self.quickest.0 : Self.quickest.1)
    {
      close(slowest.connection, .room)
      return true
    }
    return false
  }

  /// Makes room until there are no more connections than there may be.
  private func makeRoomRepeatedly() {
    let isFirst = state.withLock { state in
      defer { state.isMakingRoom = true }
      return !state.isMakingRoom
    }
    if !isFirst { return }
    Task {
      while true {
        while isOver, makeRoom() {}
        let isDone = state.withLock { state in
          state.isMakingRoom = state.connections.count - state.ended > limit
          return !state.isMakingRoom
        }
        if isDone { return }
        try? await Task.sleep(for: Self.pressure)
      }
    }
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
