/// Cuts long lists of rules into functions, so that they compile in linear time.
///
/// The list of a rule pack is one function for the compiler, whose type checker takes quadratic time
/// for its statements, and its optimiser more (`docs/performance.md` has the times). Rules move into
/// functions of twenty at the end of the file, which are not optimised since they run once; closures
/// in them are. Places stay as they were, by `#sourceLocation`, and what remains of the file keeps
/// its lines.
///
/// Only lists of many plain calls are cut, in which nothing is declared. Whoever compiles the result
/// falls back to the source as it is where that fails, so the text need not be understood for sure.
package enum LongPacks {
  /// How many rules make one function.
  static let length = 20

  /// The source with long lists cut; nil where there is none.
  ///
  /// - Parameters:
  ///   - source: The text of a file.
  ///   - fileName: The name that places in it have.
  /// - Complexity: O(bytes).
  package static func cut(_ source: String, fileName: String) -> String? {
    var lexer = SwiftLexer(source)
    guard let tokens = lexer.allTokens() else { return nil }
    let cutter = Cutter(bytes: lexer.bytes, tokens: tokens)
    var output: [UInt8] = []
    var functions: [UInt8] = []
    var copied = 0
    var count = 0
    for list in cutter.lists() {
      for run in cutter.runs(in: list.body) {
        let range = tokens[run.lowerBound].start..<tokens[run.upperBound].end
        let name = "hunchRules\(count)"
        count += 1
        output += lexer.bytes[copied..<range.lowerBound]
        output += "\(name)()".utf8
        output += lexer.bytes[range].filter { $0 == UInt8(ascii: "\n") }
        copied = range.upperBound
        // The first line begins where it began, so that columns stay.
        let lineStart = lexer.bytes[..<range.lowerBound].lastIndex(of: UInt8(ascii: "\n"))
        let column = range.lowerBound - (lineStart.map { $0 + 1 } ?? 0)
        let line = 1 + lexer.bytes[..<range.lowerBound].count { $0 == UInt8(ascii: "\n") }
        functions +=
          """

          @_optimize(none) @RuleBuilder<\(list.label)> private func \(name)() -> [RuleDefinition] {
          #sourceLocation(file: "\(fileName)", line: \(line))

          """.utf8
        functions += repeatElement(UInt8(ascii: " "), count: column)
        functions += lexer.bytes[range]
        functions += "\n#sourceLocation()\n}\n".utf8
      }
    }
    if count == 0 { return nil }
    return String(decoding: output + lexer.bytes[copied...] + functions, as: UTF8.self)
  }
}

/// Finds the lists of rule packs and the statements in them.
private struct Cutter {
  let bytes: [UInt8]
  let tokens: [SwiftToken]

  private func text(_ index: Int) -> String {
    guard tokens.indices.contains(index) else { return "" }
    return String(decoding: bytes[tokens[index].start..<tokens[index].end], as: UTF8.self)
  }

  /// The lists behind `RulePack(…, for: Label.self, …)` at the top level: the label type and the
  /// braces.
  func lists() -> [(label: String, body: ClosedRange<Int>)] {
    var lists: [(label: String, body: ClosedRange<Int>)] = []
    var index = 0
    while index < tokens.count {
      if text(index) == "RulePack", text(index + 1) == "(" {
        let close = tokens[index + 1].partner
        if text(close + 1) == "{", let label = label(in: index + 2..<close) {
          lists.append((label, close + 1...tokens[close + 1].partner))
        }
      }
      index = tokens[index].kind == .open ? tokens[index].partner + 1 : index + 1
    }
    return lists
  }

  private func label(in arguments: Range<Int>) -> String? {
    var index = arguments.lowerBound
    while index < arguments.upperBound {
      if text(index) == "for", text(index + 1) == ":" {
        var end = index + 2
        while end < arguments.upperBound, text(end) != "," { end += 1 }
        guard end - index > 4, text(end - 1) == "self", text(end - 2) == "." else { return nil }
        return String(
          decoding: bytes[tokens[index + 2].start..<tokens[end - 3].end], as: UTF8.self)
      }
      index = tokens[index].kind == .open ? tokens[index].partner + 1 : index + 1
    }
    return nil
  }

  /// Runs of statements that are plain calls, by their tokens; none in a list that declares
  /// something, or is short.
  func runs(in body: ClosedRange<Int>) -> [ClosedRange<Int>] {
    var statements: [ClosedRange<Int>] = []
    var start = body.lowerBound + 1
    var index = start
    while index < body.upperBound {
      if ["let", "var", "#if", "#sourceLocation", ";"].contains(text(index)) { return [] }
      let last = tokens[index].kind == .open ? tokens[index].partner : index
      let next = last + 1
      if next >= body.upperBound || isStart(next) {
        statements.append(start...last)
        start = next
      }
      index = next
    }
    if statements.count < 2 * LongPacks.length { return [] }
    var runs: [ClosedRange<Int>] = []
    var run: [ClosedRange<Int>] = []
    func finish() {
      if let first = run.first, let last = run.last, run.count > 1 {
        runs.append(first.lowerBound...last.upperBound)
      }
      run = []
    }
    for statement in statements {
      if isCall(statement) { run.append(statement) } else { finish() }
      if run.count == LongPacks.length { finish() }
    }
    finish()
    return runs
  }

  /// Whether a statement begins: on a new line, with what is no member or operator.
  private func isStart(_ index: Int) -> Bool {
    tokens[index].hasNewlineBefore && tokens[index].kind == .word && text(index) != "else"
      && tokens[index - 1].kind != .symbol && text(index - 1) != ","
  }

  /// Whether a statement is a call of a name with a capital letter, as those of rules are.
  private func isCall(_ statement: ClosedRange<Int>) -> Bool {
    let first = text(statement.lowerBound)
    let second = text(statement.lowerBound + 1)
    return first.first.map { $0.isUppercase } ?? false && (second == "(" || second == "{")
  }
}
