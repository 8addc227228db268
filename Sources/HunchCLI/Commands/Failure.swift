import ArgumentParser
import Foundation
import Hunch

/// Ends the command for an error: the message on standard error, the status of `docs/interface.md`.
enum Failure {
  static func exit(with error: any Error) -> Never {
    // Whoever read the output has seen enough, as when it is piped into `head`.
    if case .brokenPipe = error as? TableError { Foundation.exit(0) }
    guard let reportable = error as? any ReportableError else { exit(asParserOf: error) }
    let text = reportable.description
    Console.error("hunch: \(reportable.hasLines ? text : Excerpt.visible(text))\n")
    if let hint = reportable.hint { Console.error("  \(Excerpt.visible(hint))\n") }
    Foundation.exit(reportable.status.rawValue)
  }

  /// What the argument parser has to say: help and versions are results, all else is a failure. It
  /// repeats words of the command line.
  private static func exit(asParserOf error: any Error) -> Never {
    let text = HunchCommand.fullMessage(for: error)
    let code = HunchCommand.exitCode(for: error)
    if !text.isEmpty {
      if code == .success { try? Console.output(text + "\n") } else { Console.error(text + "\n") }
    }
    Foundation.exit(code.rawValue)
  }
}
