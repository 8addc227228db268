struct SwiftTokens {
  let bytes: [UInt8]
  let tokens: [SwiftToken]

  /// Splits a source; nil if it was not understood.
  init?(_ source: String) {
    var lexer = SwiftLexer(source)
    guard let tokens = lexer.allTokens() else { return nil }
    (self.bytes, self.tokens) = (lexer.bytes, tokens)
  }

  /// The text of a token; empty where there is none.
  func text(_ index: Int) -> String {
    guard tokens.indices.contains(index) else { return "" }
    return String(decoding: bytes[tokens[index].start..<tokens[index].end], as: UTF8.self)
  }

  func kind(_ index: Int) -> SwiftToken.Kind? {
    tokens.indices.contains(index) ? tokens[index].kind : nil
  }

  /// The token behind one, or behind the brackets that it opens.
  func after(_ index: Int) -> Int {
    (tokens[index].kind == .open ? tokens[index].partner : index) + 1
  }

  /// The tokens of a range that stand in no brackets of it, opening ones among them.
  func outer(_ range: Range<Int>) -> some Sequence<Int> {
    sequence(first: range.lowerBound) { after($0) }.prefix { range.contains($0) }
  }
}

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
