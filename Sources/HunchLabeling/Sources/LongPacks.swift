/// Cuts long lists of rules into functions, so that they compile in linear time.
///
/// The list of a rule pack is one function for the compiler, whose type checker takes quadratic time
/// for its statements, and its optimiser more (`docs/performance.md` has the times). Rules move into
/// functions of twenty at the end of the file, and exceptions of theirs into functions of their own,
/// which are not optimised since they run once; closures of heuristics are. Places stay as they were,
/// by `#sourceLocation`, and what remains of the file keeps its lines.
///
/// Only lists of many plain calls are cut, in which nothing is declared. Whoever compiles the result
/// falls back to the source as it is where that fails, so the text need not be understood for sure.
package struct LongPacks {
  static let length = 20

  private let source: SwiftTokens
  private let fileName: String
  private var functions: [UInt8] = []
  private var count = 0

  /// The source with long lists cut; nil where there is none.
  ///
  /// - Parameters:
  ///   - source: The text of a file.
  ///   - fileName: The name that places in it have.
  /// - Complexity: O(bytes).
  package static func cut(_ source: String, fileName: String) -> String? {
    guard let tokens = SwiftTokens(source) else { return nil }
    var packs = LongPacks(source: tokens, fileName: fileName)
    let parts = packs.lists().flatMap { list in
      packs.runs(in: list.body).map { Part(rules: $0, label: list.label) }
    }
    let rest = packs.text(of: 0..<tokens.bytes.count, moving: parts)
    return parts.isEmpty ? nil : String(decoding: rest + packs.functions, as: UTF8.self)
  }

  /// Rules that become a function.
  private struct Part {
    var rules: Range<Int>
    var label: String
    /// The braces around exceptions: the function takes the place of the closure.
    var isClosure = false
  }

  /// Some bytes of the source, with the names of functions and empty lines in place of what moves.
  private mutating func text(of bytes: Range<Int>, moving parts: [Part]) -> [UInt8] {
    var output: [UInt8] = []
    var copied = bytes.lowerBound
    for part in parts {
      let place = self.bytes(
        part.isClosure ? part.rules.lowerBound - 1..<part.rules.upperBound + 1 : part.rules)
      output += source.bytes[copied..<place.lowerBound]
      output += (part.isClosure ? "(hunchRules\(count)" : "hunchRules\(count)(").utf8
      output += source.bytes[place].filter { $0 == UInt8(ascii: "\n") } + ")".utf8
      copied = place.upperBound
      move(part)
    }
    return output + source.bytes[copied..<bytes.upperBound]
  }

  private mutating func move(_ part: Part) {
    let name = "hunchRules\(count)"
    count += 1
    let exceptions = source.outer(part.rules).filter {
      source.text($0) == "." && source.text($0 + 1) == "unless" && source.text($0 + 2) == "{"
    }
    let bytes = bytes(part.rules)
    let rules = text(
      of: bytes,
      moving: exceptions.map {
        Part(rules: $0 + 3..<source.after($0 + 2) - 1, label: part.label, isClosure: true)
      }.filter { !$0.rules.isEmpty })
    // The first line begins where it began, so that columns stay.
    let before = source.bytes[..<bytes.lowerBound]
    let column = before.reversed().prefix { $0 != UInt8(ascii: "\n") }.count
    functions +=
      """

      @_optimize(none) @RuleBuilder<\(part.label)> private func \(name)() -> [RuleDefinition] {
      #sourceLocation(file: "\(fileName)", line: \(1 + before.count { $0 == UInt8(ascii: "\n") }))
      \(String(repeating: " ", count: column))\(String(decoding: rules, as: UTF8.self))
      #sourceLocation()
      }

      """.utf8
  }

  private func bytes(_ range: Range<Int>) -> Range<Int> {
    source.tokens[range.lowerBound].start..<source.tokens[range.upperBound - 1].end
  }

  // MARK: - Finding them

  /// The lists behind `RulePack(…, for: Label.self, …)` at the top level: the label type and what
  /// stands in the braces.
  private func lists() -> [(label: String, body: Range<Int>)] {
    source.outer(0..<source.tokens.count).compactMap { index in
      guard source.text(index) == "RulePack", source.text(index + 1) == "(" else { return nil }
      let open = source.after(index + 1)
      guard source.text(open) == "{", let label = label(in: index + 2..<open - 1) else {
        return nil
      }
      return (label, open + 1..<source.after(open) - 1)
    }
  }

  private func label(in arguments: Range<Int>) -> String? {
    let outer = Array(source.outer(arguments))
    guard
      let start = outer.first(where: { source.text($0) == "for" && source.text($0 + 1) == ":" })
    else { return nil }
    let end = outer.first { $0 > start && source.text($0) == "," } ?? arguments.upperBound
    guard end - start > 4, source.text(end - 1) == "self", source.text(end - 2) == "." else {
      return nil
    }
    return String(decoding: source.bytes[bytes(start + 2..<end - 2)], as: UTF8.self)
  }

  /// Runs of statements that are plain calls, by their tokens; none in a list that declares
  /// something, or is short.
  private func runs(in body: Range<Int>) -> [Range<Int>] {
    let outer = Array(source.outer(body))
    let declarations = ["let", "var", "#if", "#sourceLocation", ";"]
    let starts = outer.filter { $0 == body.lowerBound || isStart($0) } + [body.upperBound]
    if starts.count <= 2 * Self.length
      || outer.contains(where: { declarations.contains(source.text($0)) })
    {
      return []
    }
    var runs: [Range<Int>] = []
    var length = 0
    for (start, end) in zip(starts, starts.dropFirst()) {
      if !isCall(start) {
        length = 0
      } else if length % Self.length == 0 {
        runs.append(start..<end)
        length = 1
      } else {
        runs[runs.count - 1] = runs[runs.count - 1].lowerBound..<end
        length += 1
      }
    }
    return runs
  }

  /// Whether a statement begins: on a new line, with what is no member or operator.
  private func isStart(_ index: Int) -> Bool {
    let token = source.tokens[index]
    return token.hasNewlineBefore && token.kind == .word && source.text(index) != "else"
      && source.kind(index - 1) != .symbol && source.text(index - 1) != ","
  }

  /// Whether a statement is a call of a name with a capital letter, as those of rules are.
  private func isCall(_ start: Int) -> Bool {
    source.text(start).first.map { $0.isUppercase } ?? false
      && ["(", "{"].contains(source.text(start + 1))
  }
}
