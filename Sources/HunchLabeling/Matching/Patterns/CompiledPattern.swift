/// A regular expression, compiled by PCRE2 to machine code where the platform allows.
///
/// Matching needs scratch memory, which ``PatternMatcher`` owns: a compiled pattern is immutable
/// and all threads may use it at once.
package final class CompiledPattern: Sendable {
  /// The numbers of the groups of each name: more than one if the pattern allows duplicates.
  let numbers: [String: [Int]]

  let code: PatternCode

  /// Compiles a regular expression.
  ///
  /// - Parameters:
  ///   - source: PCRE2 syntax.
  ///   - options: How it is read.
  ///   - captures: Whether the groups' texts are wanted. Without them, groups without a name are
  ///     compiled as non-capturing wherever that cannot change what matches, which is faster.
  /// - Throws: What is wrong with the pattern and where.
  package init(
    _ source: String, options: PatternOptions, captures: Bool = false
  ) throws(PatternSyntaxError) {
    let isPlain = !captures && Self.canDropNumberedGroups(source)
    code = try PatternCode(
      source, options: options, dropsNumberedGroups: isPlain, wantsMachineCode: true)
    numbers = Dictionary(grouping: code.nameTable(), by: \.name).mapValues { $0.map(\.number) }
  }

  /// Reads a regular expression only to say what is wrong with it.
  package static func check(
    _ source: String, options: PatternOptions
  ) throws(PatternSyntaxError) {
    _ = try PatternCode(
      source, options: options, dropsNumberedGroups: false, wantsMachineCode: false)
  }

  /// Whether making groups without a name non-capturing cannot change what the pattern matches.
  ///
  /// That holds if nothing in the pattern refers to a group. The test looks at adjacent characters
  /// only and so errs on the safe side, for example where a backslash is itself escaped:
  /// - a backslash before a digit may be a back-reference, and whether `\12` is one or an octal
  ///   code depends on the number of groups; `\g` and `\k` refer to groups;
  /// - `(?` before anything but the harmless kinds listed may be a recursion, a subroutine call or
  ///   a condition;
  /// - `(*` may be a verb or a setting.
  package static func canDropNumberedGroups(_ source: String) -> Bool {
    let scalars = Array(source.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : " "
      if scalar == "\\" {
        if "123456789gk".unicodeScalars.contains(next) { return false }
      } else if scalar == "(" {
        if next == "*" { return false }
        if next == "?" {
          let kind = index + 2 < scalars.count ? scalars[index + 2] : " "
          if !":=!<>|#imsxn-^'P".unicodeScalars.contains(kind) { return false }
          let third = index + 3 < scalars.count ? scalars[index + 3] : " "
          if kind == "P" && third != "<" { return false }
          if kind == "-" && third.properties.numericType != nil { return false }
        }
      }
    }
    return true
  }
}

/// A document on which a pattern could not be decided.
package struct PatternFailure: Error, Sendable, Hashable {
  package var document: Int

  /// PCRE2's error code, below -1; see ``PatternMatcher/describe(code:)``.
  package var code: Int32

  package init(document: Int, code: Int32) {
    self.document = document
    self.code = code
  }
}

/// What a regular expression matched: the text of the match and of its groups.
///
/// For example, in the closure of a rule with the pattern `(?<amount>\d+) dollars`:
///
///     match["amount"].flatMap { Int($0) }
public struct PatternMatch: Sendable {
  private let groups: [String?]
  private let numbers: [String: [Int]]

  init(groups: [String?], numbers: [String: [Int]]) {
    self.groups = groups
    self.numbers = numbers
  }

  /// The whole match.
  public var text: String { (groups.first ?? nil) ?? "" }

  /// The text of a named group; `nil` if it took no part in the match or does not exist.
  ///
  /// Where several groups have the name, the first that took part counts.
  public subscript(_ name: String) -> String? {
    for number in numbers[name] ?? [] {
      if let text = self[number] { return text }
    }
    return nil
  }

  /// The text of a group by number, 0 being the whole match; `nil` if it took no part in the match
  /// or does not exist.
  public subscript(_ index: Int) -> String? {
    groups.indices.contains(index) ? groups[index] : nil
  }
}
