/// A place in a source file, as `#line` and `#column` give it.
package struct SourcePosition: Hashable, Sendable {
  /// The line, from 1.
  package var line: Int

  /// The column, from 1, in bytes of UTF-8.
  package var column: Int

  /// Creates a position.
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
  package init(source: String, calls: [SourcePosition]) {
    var lexer = SwiftLexer(source)
    guard let tokens = lexer.allTokens() else {
      remainder = source  // misread: no spans, and every change counts
      return
    }
    var lineStarts = [0]
    for (index, byte) in lexer.bytes.enumerated() where byte == 0x0A {
      lineStarts.append(index + 1)
    }
    var tokenAt: [Int: Int] = [:]
    for (index, token) in tokens.enumerated() where token.kind == .open {
      tokenAt[token.start] = index
    }
    let parser = CallParser(tokens: tokens, bytes: lexer.bytes)
    var isCovered = [Bool](repeating: false, count: tokens.count)
    lineStarts.append(lexer.bytes.count + 1)
    for call in calls where call.line >= 1 && call.line < lineStarts.count && call.column >= 1 {
      // A column behind the end of its line is not a place on the next one.
      guard call.column <= lineStarts[call.line] - lineStarts[call.line - 1],
        let open = tokenAt[lineStarts[call.line - 1] + call.column - 1],
        let range = parser.call(openedAt: open)
      else { continue }
      for index in range { isCovered[index] = true }
      let examples = parser.examples(in: range)
      spans[call] = parser.text(of: range, skipping: { examples.contains($0) })
    }
    guard !tokens.isEmpty else {
      remainder = ""
      return
    }
    remainder = parser.text(of: 0...(tokens.count - 1), isBlock: true) { isCovered[$0] }
  }

  /// The source of the call at a place, or `nil` if it was not found with certainty: then the
  /// whole file has to stand for it.
  package func span(at position: SourcePosition) -> String? { spans[position] }
}

/// A token of Swift source.
struct SwiftToken {
  enum Kind { case word, string, symbol, open, close, punctuation }

  var kind: Kind
  var start: Int
  var end: Int
  /// Whether white space or a comment stands before it.
  var hasSpaceBefore: Bool
  var hasNewlineBefore: Bool
  /// The token with the other bracket of a pair.
  var partner = 0
}

/// Splits Swift source into tokens; gives up rather than guess.
struct SwiftLexer {
  let bytes: [UInt8]
  private var position = 0
  private var previous: SwiftToken?
  private var isCertain = true

  init(_ source: String) { bytes = Array(source.utf8) }

  /// All tokens with their brackets paired, or `nil` if the source was not understood.
  mutating func allTokens() -> [SwiftToken]? {
    if isNext("#!") { skipLine() }
    var tokens: [SwiftToken] = []
    var opened: [Int] = []
    while let token = next() {
      tokens.append(token)
      if token.kind == .open { opened.append(tokens.count - 1) }
      guard token.kind == .close else { continue }
      guard let open = opened.popLast(), isPair(bytes[tokens[open].start], bytes[token.start])
      else { return nil }
      tokens[open].partner = tokens.count - 1
      tokens[tokens.count - 1].partner = open
    }
    return isCertain && opened.isEmpty ? tokens : nil
  }

  private func isPair(_ open: UInt8, _ close: UInt8) -> Bool {
    // In ASCII "(" and ")" differ by 1, the other brackets by 2.
    close == open + (open == UInt8(ascii: "(") ? 1 : 2)
  }

  private func byte(_ offset: Int = 0) -> UInt8 {
    position + offset < bytes.count ? bytes[position + offset] : 0
  }

  private func isNext(_ text: String) -> Bool {
    bytes[min(position, bytes.count)...].starts(with: text.utf8)
  }

  private mutating func next() -> SwiftToken? {
    let newlineAndSpace = skipSpace()
    guard position < bytes.count, isCertain else { return nil }
    var token = SwiftToken(
      kind: .punctuation, start: position, end: position,
      hasSpaceBefore: newlineAndSpace.space, hasNewlineBefore: newlineAndSpace.newline)
    token.kind = lex(token)
    token.end = min(position, bytes.count)
    previous = token
    return token
  }

  /// Moves behind the token that begins here and tells what it is.
  private mutating func lex(_ token: SwiftToken) -> SwiftToken.Kind {
    switch byte() {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
      position += 1
      return .open
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
      position += 1
      return .close
    case UInt8(ascii: "\""):
      return lexString(hashes: 0)
    case UInt8(ascii: "#"):
      return lexHash()
    case UInt8(ascii: "`"):
      repeat { position += 1 } while position < bytes.count && byte() != UInt8(ascii: "`")
      position += 1
      return .word
    case UInt8(ascii: "/"):
      return lexSlash(token)
    case let first where Self.isWord(first):
      while Self.isWord(byte()) { position += 1 }
      return .word
    case let first where Self.isSymbol(first) || isNext(".."):
      while Self.isSymbol(byte()) || (byte() == UInt8(ascii: ".") && first == byte()) {
        if isNext("//") || isNext("/*") { break }
        // A slash inside an operator may as well begin a regex literal.
        if byte() == UInt8(ascii: "/") { isCertain = false }
        position += 1
      }
      return .symbol
    default:
      position += 1
      return .punctuation
    }
  }

  /// Letters, digits, `_`, `$`, `@` and everything that is not ASCII.
  private static func isWord(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
      || [UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "@")].contains(byte)
  }

  private static func isSymbol(_ byte: UInt8) -> Bool { "/=-+!*%<>&|^~?".utf8.contains(byte) }

  // MARK: - White space and comments

  private mutating func skipSpace() -> (space: Bool, newline: Bool) {
    let start = position
    var newline = false
    while position < bytes.count, isCertain {
      switch byte() {
      case 0x0A, 0x0D:
        newline = true
        position += 1
      case 0x20, 0x09, 0x0B, 0x0C, 0x00:
        position += 1
      case UInt8(ascii: "/") where isNext("//"):
        skipLine()
      case UInt8(ascii: "/") where isNext("/*"):
        newline = skipBlockComment() || newline
      default:
        return (position > start, newline)
      }
    }
    return (position > start, newline)
  }

  private mutating func skipLine() {
    while position < bytes.count, byte() != 0x0A, byte() != 0x0D { position += 1 }
  }

  /// Returns whether the comment spans lines.
  private mutating func skipBlockComment() -> Bool {
    var depth = 0
    var newline = false
    repeat {
      if isNext("/*") {
        depth += 1
        position += 2
      } else if isNext("*/") {
        depth -= 1
        position += 2
      } else {
        newline = newline || byte() == 0x0A
        position += 1
      }
    } while depth > 0 && position < bytes.count
    if depth > 0 { isCertain = false }
    return newline
  }

  // MARK: - Literals

  /// A directive, a macro, a raw string or an extended regex literal.
  private mutating func lexHash() -> SwiftToken.Kind {
    var hashes = 0
    while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
    position += hashes
    switch byte() {
    case UInt8(ascii: "\""):
      return lexString(hashes: hashes)
    case UInt8(ascii: "/"):
      position += 1
      // Behind a line break the literal spans lines; otherwise it ends on this one.
      let spansLines = byte() == 0x0A || byte() == 0x0D
      skip(until: "/" + String(repeating: "#", count: hashes), spansLines: spansLines)
      return .string
    default:
      // Places are not those of the file behind a `#sourceLocation`.
      if isNext("sourceLocation") || hashes > 1 { isCertain = false }
      while Self.isWord(byte()) { position += 1 }
      return .word
    }
  }

  /// Moves behind a delimiter; a backslash takes the meaning from the next character.
  private mutating func skip(until delimiter: String, spansLines: Bool) {
    while position < bytes.count, spansLines || byte() != 0x0A {
      if isNext(delimiter) {
        position += delimiter.utf8.count
        return
      }
      position += byte() == UInt8(ascii: "\\") ? 2 : 1
    }
    isCertain = false
  }

  private mutating func lexString(hashes: Int) -> SwiftToken.Kind {
    let isMultiline = isNext("\"\"\"")
    let pounds = String(repeating: "#", count: hashes)
    let delimiter = (isMultiline ? "\"\"\"" : "\"") + pounds
    let escape = "\\" + pounds
    position += isMultiline ? 3 : 1
    while position < bytes.count, isMultiline || byte() != 0x0A, isCertain {
      if isNext(delimiter) {
        position += delimiter.utf8.count
        return .string
      }
      if isNext(escape) {
        position += escape.utf8.count
        if byte() == UInt8(ascii: "(") { skipInterpolation() } else { position += 1 }
      } else {
        position += 1
      }
    }
    isCertain = false
    return .string
  }

  /// Moves behind the parenthesis that ends an interpolation.
  private mutating func skipInterpolation() {
    let outer = previous
    var depth = 0
    repeat {
      guard let token = next() else {
        isCertain = false
        return
      }
      if token.kind == .open { depth += 1 }
      if token.kind == .close { depth -= 1 }
    } while depth > 0
    previous = outer
  }

  /// Decides whether a slash divides or begins a regex literal.
  private mutating func lexSlash(_ token: SwiftToken) -> SwiftToken.Kind {
    let isFollowedBySpace = [0x20, 0x09, 0x0A, 0x0D, 0x00].contains(byte(1))
    if isFollowedBySpace || (followsOperand && !token.hasNewlineBefore) {
      position += 1
      while Self.isSymbol(byte()), !isNext("//"), !isNext("/*") { position += 1 }
      return .symbol
    }
    if followsOperand { isCertain = false }
    position += 1
    let start = position
    skip(until: "/", spansLines: false)
    let content = bytes[min(start, bytes.count)..<max(start, min(position - 1, bytes.count))]
    if !isPlainRegex(content) { isCertain = false }
    return .string
  }

  /// Whether the compiler surely takes this between two slashes as a regular expression: it takes
  /// the slashes as operators if brackets do not pair, and refuses space at the end.
  private func isPlainRegex(_ content: ArraySlice<UInt8>) -> Bool {
    var groups = 0
    var isInClass = false
    var isEscaped = false
    for byte in content {
      if isEscaped {
        isEscaped = false
        continue
      }
      switch byte {
      case UInt8(ascii: "\\"): isEscaped = true
      case UInt8(ascii: "["): isInClass = true
      case UInt8(ascii: "]"): isInClass = false
      case UInt8(ascii: "(") where !isInClass: groups += 1
      case UInt8(ascii: ")") where !isInClass: groups -= 1
      default: break
      }
      if groups < 0 { return false }
    }
    return !content.isEmpty && content.last != 0x20 && groups == 0 && !isInClass
  }

  /// Whether what came last is a value, so that a slash behind it divides.
  private var followsOperand: Bool {
    guard let previous else { return false }
    switch previous.kind {
    case .string, .close: return true
    case .open, .punctuation, .symbol: return false
    case .word:
      let word = String(decoding: bytes[previous.start..<previous.end], as: UTF8.self)
      return !Self.wordsBeforeValues.contains(word)
    }
  }

  private static let wordsBeforeValues: Set<String> = [
    "as", "await", "case", "catch", "do", "else", "guard", "if", "in", "is", "return", "switch",
    "throw", "try", "where", "while",
  ]
}

/// Finds where calls begin and end among tokens, and writes tokens as normalised text.
private struct CallParser {
  let tokens: [SwiftToken]
  let bytes: [UInt8]

  private func text(_ index: Int) -> String {
    guard tokens.indices.contains(index) else { return "" }
    return String(decoding: bytes[tokens[index].start..<tokens[index].end], as: UTF8.self)
  }

  private func kind(_ index: Int) -> SwiftToken.Kind? {
    tokens.indices.contains(index) ? tokens[index].kind : nil
  }

  /// The tokens of the call whose first argument list or trailing closure opens at a token.
  func call(openedAt open: Int) -> ClosedRange<Int>? {
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
  func examples(in range: ClosedRange<Int>) -> Set<Int> {
    var found: Set<Int> = []
    var index = range.lowerBound
    while index <= range.upperBound {
      if text(index) == ".", text(index + 1) == "expects", text(index + 2) == "(" {
        found.formUnion(index...tokens[index + 2].partner)
      }
      index = kind(index) == .open ? tokens[index].partner + 1 : index + 1
    }
    return found
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
  func text(
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
