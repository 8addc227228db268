import Foundation
import Hunch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes to the two standard streams. All text for people passes here and is made visible on the
/// way; see ``TerminalText``.
enum Console {
  /// Whether results go to a terminal.
  static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether progress, warnings and errors do.
  static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes results for people.
  ///
  /// - Throws: ``TableError``; of these, a closed pipe ends the command quietly.
  static func output(_ text: String) throws {
    try output(Data(TerminalText.shown(text, onTerminal: isOutputTerminal).utf8))
  }

  /// Writes a text that other programs read: as it is, but for a terminal, where it is made visible.
  static func document(_ text: String) throws {
    if isOutputTerminal { try output(text) } else { try output(Data(text.utf8)) }
  }

  /// Writes data as it is.
  static func output(_ data: Data) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: data)
    } catch {
      throw TableError.standardOutput(error)
    }
  }

  /// Writes progress, warnings and errors.
  static func error(_ text: String) {
    let shown = TerminalText.shown(text, onTerminal: isErrorTerminal)
    try? FileHandle.standardError.write(contentsOf: Data(shown.utf8))
  }
}

/// Turns Ctrl-C into a request to stop at the next safe point; a second one stops at once.
enum Interrupts {
  private struct State {
    var stop: @Sendable () -> Void = {}
    var isStopping = false
    var isQuiet = false
    var signals: Set<Int32> = []
  }

  /// What asks a server to stop.
  static let stops = [SIGINT, SIGTERM]
  /// What asks somebody at a terminal to stop.
  static let endings = stops + [SIGHUP]

  private static let state = Mutex(State())

  /// Whether somebody has asked for a stop.
  static var isStopping: Bool { state.withLock { $0.isStopping } }

  /// Makes a file that outgrows its limit (`ulimit -f`) an error of writing, as a full disk is.
  static func ignoreFileSizeLimit() { signal(SIGXFSZ, SIG_IGN) }

  static func install(_ cancellation: Cancellation) {
    install([SIGINT]) { cancellation.cancel() }
  }

  /// Stops without a word, in a command that others start.
  static func installQuietly(_ cancellation: Cancellation) {
    state.withLock { $0.isQuiet = true }
    install(cancellation)
  }

  /// Asks to stop at the first of some signals, and ends the process at the second.
  ///
  /// - Parameter stop: From now on asked instead of what was installed before.
  static func install(_ signals: [Int32], stop: @escaping @Sendable () -> Void) {
    signal(SIGPIPE, SIG_IGN)
    let added = state.withLock { state in
      state.stop = stop
      defer { state.signals.formUnion(signals) }
      return Set(signals).subtracting(state.signals)
    }
    for number in added {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { received() }
      source.resume()
      keep(source)
    }
  }

  private static func received() {
    let stop = state.withLock { state -> (@Sendable () -> Void)? in
      defer { state.isStopping = true }
      return state.isStopping ? nil : state.stop
    }
    guard let stop else { exit(ExitStatus.interrupted.rawValue) }
    stop()
    if state.withLock({ $0.isQuiet }) { return }
    Console.error("\nstopping; press Ctrl-C again to stop at once\n")
  }

  private static func keep(_ source: any DispatchSourceSignal) {
    // The source lives as long as the process: its only owner is its own handler.
    source.setCancelHandler { _ = source }
  }
}
