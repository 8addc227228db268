import Foundation
import Hunch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes to the two standard streams.
enum Console {
  /// Writes results.
  ///
  /// - Throws: A failure to write, except that a reader that has gone ends the command quietly.
  static func output(_ text: String) throws { try output(Data(text.utf8)) }

  static func output(_ data: Data) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: data)
    } catch {
      // The error that Foundation throws keeps the system's own beneath it.
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
      if cause.code == Int(EPIPE) { throw OutputClosed() }
      throw TableError.unwritable(
        path: "standard output", problem: String(cString: strerror(Int32(cause.code))))
    }
  }

  /// Writes progress, warnings and errors.
  static func error(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}

/// Standard output cannot be written any more, as when it is piped into `head`.
struct OutputClosed: Error {}

/// Turns Ctrl-C into a request to stop at the next safe point; a second one stops at once.
enum Interrupts {
  static func install(_ cancellation: Cancellation) {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler {
      if cancellation.isCancelled { exit(ExitStatus.interrupted.rawValue) }
      cancellation.cancel()
      Console.error("\nstopping; press Ctrl-C again to stop at once\n")
    }
    source.resume()
    keep(source)
  }

  private static func keep(_ source: any DispatchSourceSignal) {
    // The source lives as long as the process: its only owner is its own handler.
    source.setCancelHandler { _ = source }
  }
}
