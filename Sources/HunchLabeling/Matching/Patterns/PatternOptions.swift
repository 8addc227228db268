/// How a regular expression is read.
///
/// Patterns are Unicode throughout: `\w`, `\d`, `\s`, `\b` and case follow Unicode properties.
/// PCRE2 counts letters, numbers and the underscore as `\w`, but not combining marks, so a
/// decomposed accent ends a word there.
public struct PatternOptions: OptionSet, Sendable, Hashable {
  /// The options as bits.
  public let rawValue: UInt32

  /// Creates options from bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Upper and lower case are different letters; without this option they are not.
  public static let caseSensitive = PatternOptions(rawValue: 1)

  /// `^` and `$` match at the beginning and end of every line, not of the text alone.
  public static let multiline = PatternOptions(rawValue: 2)

  /// `.` matches the newline too.
  public static let dotMatchesNewlines = PatternOptions(rawValue: 4)

  /// White space in the pattern is ignored, and what follows `#` on a line is a comment.
  public static let extended = PatternOptions(rawValue: 8)
}
