/// A regular expression that cannot be compiled.
public struct PatternSyntaxError: Error, Sendable, Hashable {
  /// The reason, in PCRE2's words.
  public let message: String

  /// The pattern.
  public let pattern: String

  /// Where in the pattern reading stopped: the number of characters before the place.
  public let offset: Int

  /// Creates an error.
  public init(message: String, pattern: String, offset: Int) {
    self.message = message
    self.pattern = pattern
    self.offset = offset
  }
}

extension PatternSyntaxError: CustomStringConvertible {
  /// The reason, and the line of the pattern with a caret under the place.
  public var description: String {
    var lineNumber = 1
    var before: [Character] = []
    for character in pattern.prefix(offset) {
      if character.isNewline {
        lineNumber += 1
        before = []
      } else {
        before.append(character)
      }
    }
    let after = pattern.dropFirst(offset).prefix { !$0.isNewline }
    let isLong = before.count + after.count > Self.width
    let head =
      isLong && before.count > Self.width / 2 ? "…" + before.suffix(Self.width / 2) : before[...]
    let tail = isLong && after.count > Self.width / 2 ? after.prefix(Self.width / 2) + "…" : after
    let place = pattern.contains(where: \.isNewline) ? "line \(lineNumber), " : ""
    return """
      \(message) (\(place)character \(before.count + 1))
        \(String(head))\(tail)
        \(head.map(Self.blank).joined())^
      """
  }

  /// The longest line that is shown whole, in characters.
  private static let width = 76

  /// White space as wide as a character is on a terminal.
  private static func blank(_ character: Character) -> String {
    if character == "\t" { return "\t" }
    guard let scalar = character.unicodeScalars.first else { return "" }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return "  "
    default:
      return " "
    }
  }
}
