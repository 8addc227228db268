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
  /// - Throws: ``TableError``; of these, a closed pipe ends the command quietly.
  static func output(_ text: String) throws { try output(Data(text.utf8)) }

  static func output(_ data: Data) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: data)
    } catch {
      throw TableError.standardOutput(error)
    }
  }

  /// Writes progress, warnings and errors.
  static func error(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}

/// Turns Ctrl-C into a request to stop at the next safe point; a second one stops at once.
enum Interrupts {
  /// Makes a file that outgrows its limit (`ulimit -f`) an error of writing, as a full disk is.
  static func ignoreFileSizeLimit() { signal(SIGXFSZ, SIG_IGN) }

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
