import Hunch

/// What is sent to a terminal, or to a file or pipe in place of one.
///
/// Names, ids and messages may hold anything, and some characters move the cursor, change colours or
/// turn the direction of writing. All of them become visible signs on the way out. What Hunch itself
/// asks of a terminal is written as ``Signal``s until then.
enum TerminalText {
  /// Something that a terminal does. As text it is a character that Unicode keeps for such use inside
  /// programs.
  enum Signal: UInt32, CaseIterable {
    case plain = 0xFDD0
    case heading, faint, good, doubtful, bad
    /// The cursor goes to the beginning of its line, which is erased.
    case eraseLine
    /// The whole screen is erased, and the cursor goes to its beginning.
    case eraseScreen

    /// The signal inside a text.
    var mark: String { Unicode.Scalar(rawValue).map { String(Character($0)) } ?? "" }

    var sequence: String {
      switch self {
      case .plain: "\u{1B}[0m"
      case .heading: "\u{1B}[1m"
      case .faint: "\u{1B}[2m"
      case .good: "\u{1B}[32m"
      case .doubtful: "\u{1B}[33m"
      case .bad: "\u{1B}[31m"
      case .eraseLine: "\r\u{1B}[K"
      case .eraseScreen: "\u{1B}[2J\u{1B}[H"
      }
    }
  }

  /// The text as it is sent: lines and tabs stay, signals are meant for terminals alone.
  static func shown(_ text: String, onTerminal: Bool) -> String {
    var shown = ""
    for (number, line) in text.split(separator: "\n" as Unicode.Scalar).enumerated() {
      if number > 0 { shown += "\n" }
      for (place, piece) in line.split(separator: "\t" as Unicode.Scalar).enumerated() {
        if place > 0 { shown += "\t" }
        var start = piece.startIndex
        for index in piece.indices {
          guard let signal = Signal(rawValue: piece[index].value) else { continue }
          shown += Excerpt.visible(String(piece[start..<index]))
          if onTerminal { shown += signal.sequence }
          start = piece.index(after: index)
        }
        shown += Excerpt.visible(String(piece[start...]))
      }
    }
    return shown
  }
}

extension String {
  /// The parts between separators, empty ones too. `Character` would hide a separator that something
  /// combines with, as LF does with CR.
  fileprivate func split(separator: Unicode.Scalar) -> [Substring.UnicodeScalarView] {
    unicodeScalars.split(separator: separator, omittingEmptySubsequences: false)
  }
}

extension Substring.UnicodeScalarView {
  fileprivate func split(separator: Unicode.Scalar) -> [Substring.UnicodeScalarView] {
    split(separator: separator, maxSplits: .max, omittingEmptySubsequences: false)
  }
}
