import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the place that output goes to can show.
struct Style: Sendable {
  /// Whether to use colour and weight.
  var usesColor: Bool
  /// How many characters fit on a line.
  var width: Int

  /// No colour, the width that piped tables are laid out for.
  static let plain = Style(usesColor: false, width: 100)

  /// The style of standard output: colour on a terminal unless `NO_COLOR` or the flag says no.
  static func standardOutput(noColor: Bool) -> Style {
    guard Console.isOutputTerminal else { return .plain }
    let environment = ProcessInfo.processInfo.environment
    let forbidden = noColor || !(environment["NO_COLOR"] ?? "").isEmpty
    return Style(
      usesColor: !forbidden && environment["TERM"] != "dumb",
      width: min(max(terminalWidth() ?? 100, 60), 140))
  }

  private static func terminalWidth() -> Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// How a piece of text stands out: one of the signals that change how the text after them looks.
  typealias Tone = TerminalText.Signal

  /// The text between signals for a tone, or as it is where there is no colour.
  func paint(_ text: String, _ tone: Tone?) -> String {
    guard usesColor, let tone, !text.isEmpty else { return text }
    return tone.mark + text + Tone.plain.mark
  }
}
