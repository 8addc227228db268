/// A place in a source file, as `#line` and `#column` give it.
package struct SourcePosition: Hashable, Sendable {
  /// The line, from 1.
  package var line: Int

  /// The column, from 1, in bytes of UTF-8.
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// The source text of each rule of a file, and of what the rules share.
///
/// The fingerprint of a closure has to change with its source. With the text of the call that
/// declares the rule, and the rest of the file without any rule, a change inside one rule leaves
/// the fingerprints of the others alone.
///
/// As default arguments, `#line` and `#column` give the place of the call's opening parenthesis,
/// or of the brace of its trailing closure if it has no parentheses. A span reaches from the
/// beginning of the callee over the argument list, trailing closures and the members chained to
/// it. Comments, white space that means nothing, and chained examples (`.expects(…)`) are left out.
///
/// A call inside another one belongs to the outer span too: what the two share stands in neither
/// the inner span nor the remainder, so a fingerprint needs the span of the outermost rule.
///
/// Swift's grammar is only approximated. A span that ends too early is harmless, since what is
/// missing stands in the remainder; where the text may be misread, there is no span.
package struct SourceSpans: Sendable {
  /// The file without the spans. One mark stands where one or more spans without anything between
  /// them stood, so adding a rule next to another changes nothing.
  package let remainder: String

  private var spans: [SourcePosition: String] = [:]

  /// Finds the spans of some calls.
  ///
  /// - Parameters:
  ///   - source: The text of the whole file.
  ///   - calls: The places of the calls that declare rules.
  /// - Complexity: O(bytes + calls × tokens of their spans).
  package init(source text: String, calls: [SourcePosition]) {
    guard let source = SwiftTokens(text) else {
      remainder = text  // misread: no spans, and every change counts
      return
    }
    var lineStarts = [0]
    for (index, byte) in source.bytes.enumerated() where byte == 0x0A {
      lineStarts.append(index + 1)
    }
    var tokenAt: [Int: Int] = [:]
    for (index, token) in source.tokens.enumerated() where token.kind == .open {
      tokenAt[token.start] = index
    }
    var isCovered = [Bool](repeating: false, count: source.tokens.count)
    lineStarts.append(source.bytes.count + 1)
    for call in calls where call.line >= 1 && call.line < lineStarts.count && call.column >= 1 {
      // A column behind the end of its line is not a place on the next one.
      guard call.column <= lineStarts[call.line] - lineStarts[call.line - 1],
        let open = tokenAt[lineStarts[call.line - 1] + call.column - 1],
        let range = source.call(openedAt: open)
      else { continue }
      for index in range { isCovered[index] = true }
      let examples = source.examples(in: range)
      spans[call] = source.text(of: range, skipping: { examples.contains($0) })
    }
    guard !source.tokens.isEmpty else {
      remainder = ""
      return
    }
    remainder = source.text(of: 0...(source.tokens.count - 1), isBlock: true) { isCovered[$0] }
  }

  /// The source of the call at a place, or `nil` if it was not found with certainty: then the
  /// whole file has to stand for it.
  package func span(at position: SourcePosition) -> String? { spans[position] }
}

/// Finds where calls begin and end among tokens, and writes tokens as normalised text.
extension SwiftTokens {
  /// The tokens of the call whose first argument list or trailing closure opens at a token.
  fileprivate func call(openedAt open: Int) -> ClosedRange<Int>? {
    guard text(open) != "[", let start = startOfCallee(before: open), !isInHeader(start) else {
      return nil
    }
    return start...end(of: open)
  }

  /// The first token of the expression that is called.
  private func startOfCallee(before open: Int) -> Int? {
    var index = open - 1
    while true {
      switch kind(index) {
      case .close:
        index = tokens[index].partner - 1
        // A labelled trailing closure: go on with the closure before it.
        if text(index) == ":", kind(index - 1) == .word, text(index - 2) == "}" { index -= 2 }
      case .symbol where text(index).allSatisfy({ $0 == ">" }):
        guard let opened = startOfGenerics(endingAt: index) else { return nil }
        index = opened - 1
      case .word:
        if text(index - 1) != "." { return index }
        // An implicit member begins with its dot.
        guard canEndCallee(index - 2),
          !tokens[index - 1].hasSpaceBefore || tokens[index - 1].hasNewlineBefore
        else { return index - 1 }
        index -= 2
      default:
        return nil
      }
    }
  }

  /// Whether a member may follow a token: a name, a bracket, the end of generic arguments.
  private func canEndCallee(_ index: Int) -> Bool {
    switch kind(index) {
    case .word, .close: true
    case .symbol: text(index).allSatisfy { $0 == ">" }
    default: false
    }
  }

  /// The `<` of a generic argument list.
  private func startOfGenerics(endingAt end: Int) -> Int? {
    var depth = 0
    var index = end
    while index >= 0 {
      let token = text(index)
      switch tokens[index].kind {
      case .close: index = tokens[index].partner
      case .symbol where token != "->":
        depth += token.count { $0 == ">" } - token.count { $0 == "<" }
        if depth == 0 { return token == "<" ? index : nil }
      case .word, .symbol: break
      case .punctuation where [".", ",", ":"].contains(token): break
      default: return nil
      }
      index -= 1
    }
    return nil
  }

  /// Whether the call stands in the header of a statement, where a brace behind it begins the
  /// statement's body.
  private func isInHeader(_ start: Int) -> Bool {
    var index = start - 1
    while index >= 0 {
      let token = text(index)
      if tokens[index].kind == .open || token == ";" || token == "}" { return false }
      if tokens[index].kind == .close { index = tokens[index].partner }
      if ["catch", "for", "guard", "if", "switch", "while"].contains(token) { return true }
      index -= 1
    }
    return false
  }

  /// The last token of a call: argument lists, trailing closures, chained members.
  private func end(of open: Int) -> Int {
    var last = tokens[open].partner
    while true {
      let next = last + 1
      let isOnSameLine = kind(next) != nil && !tokens[next].hasNewlineBefore
      switch text(next) {
      case "{" where text(last) != "}":
        last = tokens[next].partner
      case "(" where isOnSameLine, "[" where isOnSameLine:
        last = tokens[next].partner
      case ".":
        guard kind(next + 1) == .word else { return last }
        last = next + 1
      case "?", "!":
        guard !tokens[next].hasSpaceBefore else { return last }
        last = next
      case let label where text(last) == "}" && kind(next) == .word && label != "default":
        guard text(next + 1) == ":", text(next + 2) == "{" else { return last }
        last = tokens[next + 2].partner
      default:
        return last
      }
    }
  }

  /// The tokens of the `.expects(…)` that are chained to a call: they do not change its votes.
  fileprivate func examples(in range: ClosedRange<Int>) -> Set<Int> {
    let calls = outer(Range(range)).filter {
      text($0) == "." && text($0 + 1) == "expects" && text($0 + 2) == "("
    }
    return Set(calls.flatMap { $0...tokens[$0 + 2].partner })
  }

  // MARK: - Normalised text

  /// The text of some tokens, with white space only where it means something: a line break between
  /// statements, and around operators, where it tells infix from prefix and postfix ones.
  ///
  /// - Parameters:
  ///   - range: The tokens.
  ///   - isBlock: Whether the range is a list of statements, not an expression.
  ///   - isLeftOut: Whether a token is left out; a run of those becomes one mark.
  ///   - isSkipped: Whether a token is left out without a mark.
  fileprivate func text(
    of range: ClosedRange<Int>, isBlock: Bool = false,
    leavingOut isLeftOut: (Int) -> Bool = { _ in false },
    skipping isSkipped: (Int) -> Bool = { _ in false }
  ) -> String {
    var output = ""
    var blocks = [isBlock]
    var wasMark = false
    for index in range where !isSkipped(index) {
      let isMark = isLeftOut(index)
      if isMark && wasMark { continue }
      if !isMark, kind(index) == .close { blocks.removeLast() }
      if index > range.lowerBound {
        let isStatement = blocks.last == true && separatesStatements(index)
        output += isStatement ? "\n" : separator(before: index, afterMark: wasMark, isMark: isMark)
      }
      output += isMark ? "\u{FFFC}" : text(index)
      if !isMark, kind(index) == .open { blocks.append(text(index) == "{") }
      wasMark = isMark
    }
    return output
  }

  /// Whether a line break before a token may end a statement: not inside brackets' edges, nor where
  /// an operand is still to come.
  private func separatesStatements(_ index: Int) -> Bool {
    tokens[index].hasNewlineBefore && !["}", "."].contains(text(index))
      && !["{", ";", ",", ":", "in"].contains(text(index - 1))
      && !isInfix(index) && !isInfix(index - 1)
  }

  private func isInfix(_ index: Int) -> Bool { placement(of: index) == (true, true) }

  private func separator(before index: Int, afterMark: Bool, isMark: Bool) -> String {
    let needsSpace = !isMark && placement(of: index).before
    let neededSpace = !afterMark && placement(of: index - 1).after
    let joins = (isMark || isWordLike(index)) && (afterMark || isWordLike(index - 1))
    return needsSpace || neededSpace || joins ? " " : ""
  }

  private func isWordLike(_ index: Int) -> Bool {
    kind(index) == .word || kind(index) == .string
  }

  /// On which sides an operator stands free, by the rules of the language: with space on both sides
  /// or on neither it is infix.
  private func placement(of index: Int) -> (before: Bool, after: Bool) {
    guard kind(index) == .symbol else { return (false, false) }
    let separators = [",", ";", ":", ""]
    let isBoundBefore =
      !tokens[index].hasSpaceBefore && kind(index - 1) != .open
      && !separators.contains(text(index - 1))
    let isFreeAfter =
      kind(index + 1) == nil || tokens[index + 1].hasSpaceBefore || kind(index + 1) == .close
      || separators.contains(text(index + 1)) || (isBoundBefore && text(index + 1) == ".")
    if isBoundBefore != isFreeAfter { return (true, true) }
    return (!isFreeAfter, isFreeAfter)
  }
}
