/// Finds the members of one JSON object (RFC 8259) and checks its grammar.
///
/// Values are not decoded: the scanner only says where they lie. Nested values are checked too.
///
/// A lenient scanner also takes what Python and others write though it is no JSON: `NaN`,
/// `Infinity` and `-Infinity`, which are like `null`, and half a surrogate pair in an escape, which
/// ``text(_:_:_:)`` gives as U+FFFD.
package struct JSONObjectScanner {
  /// What a value is, as far as its bytes must be read differently.
  enum Kind {
    case string, null, other
  }

  /// Where a key or value lies; a string without its quotes.
  struct Text {
    var range: Range<Int>
    var hasEscapes = false
  }

  /// One member of the object.
  struct Member {
    var key: Text
    var kind: Kind
    var value: Text
  }

  /// Why the scan stopped.
  enum Failure: Error, Equatable {
    case expected(String, at: Int)
    case notAnObject
  }

  /// Nested values deeper than this are refused, so that no file can exhaust the stack.
  static let depthLimit = 512

  private(set) var members: [Member] = []
  /// Where a number that is not finite stands inside the nested values.
  private(set) var notFinite: [Range<Int>] = []
  private let isLenient: Bool
  private var index = 0
  private var end = 0

  init(isLenient: Bool = false) { self.isLenient = isLenient }

  /// Scans the object that makes up a range of the bytes, white space around it included.
  mutating func scan(_ bytes: [UInt8], _ range: Range<Int>) throws(Failure) {
    members.removeAll(keepingCapacity: true)
    notFinite.removeAll(keepingCapacity: true)
    (index, end) = (range.lowerBound, range.upperBound)
    skipSpace(bytes)
    if !take(Self.openBrace, bytes) {
      // Whether it is JSON at all decides about the message.
      try skipValue(bytes, depth: 0)
      try finish(bytes)
      throw .notAnObject
    }
    skipSpace(bytes)
    if !take(Self.closeBrace, bytes) {
      repeat { try member(bytes) } while try goesOn(bytes, until: Self.closeBrace)
    }
    try finish(bytes)
  }

  private mutating func finish(_ bytes: [UInt8]) throws(Failure) {
    skipSpace(bytes)
    if index < end { throw .expected("the end of the line", at: index) }
  }

  private mutating func member(_ bytes: [UInt8]) throws(Failure) {
    let key = try takeKey(bytes)
    let start = index
    if peek(bytes) == Self.quote {
      members.append(Member(key: key, kind: .string, value: try takeString(bytes)))
      return
    }
    try skipValue(bytes, depth: 0)
    let isNull = bytes[start] == UInt8(ascii: "n") || notFinite.last?.lowerBound == start
    members.append(
      Member(key: key, kind: isNull ? .null : .other, value: Text(range: start..<index)))
  }

  /// Steps over a key with its colon, and the white space around them.
  private mutating func takeKey(_ bytes: [UInt8]) throws(Failure) -> Text {
    skipSpace(bytes)
    if peek(bytes) != Self.quote {
      throw .expected(
        peek(bytes) == UInt8(ascii: "'") ? Self.doubleQuotes : "a key in quotes", at: index)
    }
    let key = try takeString(bytes)
    skipSpace(bytes)
    if !take(UInt8(ascii: ":"), bytes) { throw .expected("a colon", at: index) }
    skipSpace(bytes)
    return key
  }

  /// What is expected where a single quote stands, as Python prints its dictionaries.
  static let doubleQuotes = "double quotes, not single ones,"

  /// Steps over a comma, or over the end of the object or array.
  private mutating func goesOn(_ bytes: [UInt8], until close: UInt8) throws(Failure) -> Bool {
    skipSpace(bytes)
    if take(close, bytes) { return false }
    if take(UInt8(ascii: ","), bytes) { return true }
    throw .expected("a comma or a closing bracket", at: index)
  }

  private mutating func skipValue(_ bytes: [UInt8], depth: Int) throws(Failure) {
    switch peek(bytes) {
    case Self.quote: _ = try takeString(bytes)
    case Self.openBrace: try skipContainer(bytes, Self.closeBrace, depth: depth)
    case Self.openBracket: try skipContainer(bytes, Self.closeBracket, depth: depth)
    case UInt8(ascii: "t"): try skipWord("true", bytes)
    case UInt8(ascii: "f"): try skipWord("false", bytes)
    case UInt8(ascii: "n"): try skipWord("null", bytes)
    case UInt8(ascii: "'"): throw .expected(Self.doubleQuotes, at: index)
    default:
      let start = index
      if isLenient, stepOverNotFinite(bytes) {
        notFinite.append(start..<index)
      } else {
        try skipNumber(bytes)
      }
    }
  }

  /// Steps over `NaN`, `Infinity` or `-Infinity`.
  private mutating func stepOverNotFinite(_ bytes: [UInt8]) -> Bool {
    for word in ["NaN", "Infinity", "-Infinity"]
    where bytes[index..<end].starts(with: word.utf8) {
      index += word.utf8.count
      return true
    }
    return false
  }

  private mutating func skipContainer(
    _ bytes: [UInt8], _ close: UInt8, depth: Int
  ) throws(Failure) {
    if depth == Self.depthLimit { throw .expected("fewer nested values", at: index) }
    index += 1
    skipSpace(bytes)
    if take(close, bytes) { return }
    repeat {
      skipSpace(bytes)
      if close == Self.closeBrace { _ = try takeKey(bytes) }
      try skipValue(bytes, depth: depth + 1)
    } while try goesOn(bytes, until: close)
  }

  private mutating func skipWord(_ word: StaticString, _ bytes: [UInt8]) throws(Failure) {
    let text = word.description
    guard end - index >= text.utf8.count,
      bytes[index..<index + text.utf8.count].elementsEqual(text.utf8)
    else { throw .expected("a value", at: index) }
    index += text.utf8.count
  }

  private mutating func skipNumber(_ bytes: [UInt8]) throws(Failure) {
    let start = index
    _ = take(UInt8(ascii: "-"), bytes)
    if !take(UInt8(ascii: "0"), bytes), skipDigits(bytes) == 0 {
      throw .expected("a value", at: start)
    }
    if take(UInt8(ascii: "."), bytes), skipDigits(bytes) == 0 {
      throw .expected("a digit", at: index)
    }
    if take(UInt8(ascii: "e"), bytes) || take(UInt8(ascii: "E"), bytes) {
      if !take(UInt8(ascii: "+"), bytes) { _ = take(UInt8(ascii: "-"), bytes) }
      if skipDigits(bytes) == 0 { throw .expected("a digit", at: index) }
    }
  }

  /// Whether some bytes are a number (RFC 8259, 6).
  package static func isNumber(_ bytes: [UInt8]) -> Bool {
    var scanner = JSONObjectScanner()
    scanner.end = bytes.count
    return (try? scanner.skipNumber(bytes)) != nil && scanner.index == bytes.count
  }

  private mutating func skipDigits(_ bytes: [UInt8]) -> Int {
    let start = index
    while index < end, bytes[index] &- UInt8(ascii: "0") < 10 { index += 1 }
    return index - start
  }

  private mutating func takeString(_ bytes: [UInt8]) throws(Failure) -> Text {
    index += 1
    let start = index
    var hasEscapes = false
    while index < end {
      let byte = bytes[index]
      if byte == Self.quote {
        index += 1
        return Text(range: start..<index - 1, hasEscapes: hasEscapes)
      }
      if byte < 0x20 { throw .expected("an escape for a control character", at: index) }
      if byte == Self.backslash {
        hasEscapes = true
        try skipEscape(bytes)
      } else {
        index += 1
      }
    }
    throw .expected("a closing quote", at: index)
  }

  private mutating func skipEscape(_ bytes: [UInt8]) throws(Failure) {
    let start = index
    index += 1
    switch peek(bytes) {
    case Self.quote, Self.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      index += 1
    case UInt8(ascii: "u"):
      index += 1
      let unit = try hexadecimal(bytes)
      // Half a pair is read by itself; the escape behind it, of whatever kind, is the next one.
      if isLenient || unit & 0xF800 != 0xD800 { return }
      guard unit < 0xDC00, take(Self.backslash, bytes), take(UInt8(ascii: "u"), bytes),
        try hexadecimal(bytes) & 0xFC00 == 0xDC00
      else { throw .expected("both halves of a surrogate pair", at: start) }
    default: throw .expected("a valid escape", at: start)
    }
  }

  private mutating func hexadecimal(_ bytes: [UInt8]) throws(Failure) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Self.digit(peek(bytes)) else {
        throw .expected("four hexadecimal digits", at: index)
      }
      unit = unit << 4 | digit
      index += 1
    }
    return unit
  }

  private mutating func skipSpace(_ bytes: [UInt8]) {
    while index < end, Self.isSpace(bytes[index]) { index += 1 }
  }

  /// Steps over a byte if it is the next one.
  private mutating func take(_ byte: UInt8, _ bytes: [UInt8]) -> Bool {
    guard index < end, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  /// The byte under the index; 0, which begins nothing in JSON, at the end.
  private func peek(_ bytes: [UInt8]) -> UInt8 { index < end ? bytes[index] : 0 }
}

extension JSONObjectScanner {
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")
  static let openBrace = UInt8(ascii: "{")
  static let closeBrace = UInt8(ascii: "}")
  static let openBracket = UInt8(ascii: "[")
  static let closeBracket = UInt8(ascii: "]")

  /// Whether a byte is white space between values.
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private static func digit(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// Decodes a string that ``scan(_:_:)`` found well-formed; `nil` where it is not UTF-8.
  static func text(_ bytes: [UInt8], _ text: Text, _ scratch: inout [UInt8]) -> String? {
    let range = text.range
    if range.isEmpty { return "" }
    if !text.hasEscapes { return String(validating: bytes[range], as: UTF8.self) }
    scratch.removeAll(keepingCapacity: true)
    var index = range.lowerBound
    while index < range.upperBound {
      if bytes[index] != backslash {
        scratch.append(bytes[index])
        index += 1
      } else if bytes[index + 1] != UInt8(ascii: "u") {
        scratch.append(simpleEscape(bytes[index + 1]))
        index += 2
      } else {
        let (scalar, length) = escapedScalar(bytes, index, range.upperBound)
        scratch.append(contentsOf: String(Character(scalar)).utf8)
        index += length
      }
    }
    return String(validating: scratch, as: UTF8.self)
  }

  private static func simpleEscape(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: byte
    }
  }

  /// The scalar that one `\u` escape, or two for a surrogate pair, stands for.
  private static func escapedScalar(
    _ bytes: [UInt8], _ index: Int, _ end: Int
  ) -> (Unicode.Scalar, Int) {
    func unit(_ start: Int) -> UInt32 {
      (start..<start + 4).reduce(0) { $0 << 4 | UInt32(digit(bytes[$1]) ?? 0) }
    }
    let first = unit(index + 2)
    if first & 0xFC00 == 0xD800, index + 12 <= end, bytes[index + 6] == backslash,
      bytes[index + 7] == UInt8(ascii: "u"), unit(index + 8) & 0xFC00 == 0xDC00
    {
      let value = 0x10000 + (first & 0x3FF) << 10 + unit(index + 8) & 0x3FF
      return (Unicode.Scalar(value) ?? "\u{FFFD}", 12)
    }
    return (Unicode.Scalar(first) ?? "\u{FFFD}", 6)
  }
}
