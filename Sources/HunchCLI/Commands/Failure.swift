import ArgumentParser
import Foundation
import Hunch

/// Ends the command for an error: the message on standard error, the status of `docs/interface.md`.
enum Failure {
  static func exit(with error: any Error) -> Never {
    // Whoever read the output has seen enough, as when it is piped into `head`.
    if case .brokenPipe = error as? TableError { Foundation.exit(0) }
    guard let reportable = error as? any ReportableError else {
      HunchCommand.exit(withError: error)
    }
    Console.error("hunch: \(reportable.description)\n")
    if let hint = reportable.hint { Console.error("  \(hint)\n") }
    Foundation.exit(reportable.status.rawValue)
  }
}
