/// Reads the part of PCRE2's syntax that people write, and refuses the rest.
///
///     pattern     = branch ("|" branch)*
///     branch      = (atom quantifier?)*
///     quantifier  = ("*" | "+" | "?" | "{" n "}" | "{" n "," m? "}") ("?" | "+")?
///     atom        = character | "." | class | anchor | escape | quoted | group
///     anchor      = "^" | "$" | \A | \Z | \z | \b | \B | \K
///     escape      = \ and a sign | \a \e \f \n \r \t | \xhh | \x{h…}
///                 | \d \D \h \H \N \R \s \S \v \V \w \W \X | \p… | \P… | \1 … \9 | \k…
///     quoted      = \Q … \E
///     class       = "[" "^"? "]"? (character | range | escape | [:name:])* "]"
///     group       = "(" pattern ")" | "(?" kind pattern ")" | "(?#" … ")" | "(?" flags ")"
///     kind        = ":" | ">" | "|" | "=" | "!" | "<=" | "<!" | name | flags ":"
///     flags       = "^"? any of i m n s x J U, some after "-"
///
/// Everything else throws ``Refusal``: verbs `(*…)`, recursion, subroutine calls, conditions,
/// callouts, `\G`, `\C`, octal and control escapes, and whatever versions of PCRE2 read
/// differently. A refused pattern has no required literals and is tried on every document; an
/// error here can cost speed, never a match, as long as what *is* accepted is read as PCRE2 does.
/// The pattern has been compiled by PCRE2, so its brackets match.
struct PatternParser {
  /// Thrown where a pattern is not understood.
  struct Refusal: Error {}

  private let source: [Unicode.Scalar]
  private var index = 0
  private var isExtended: Bool
  private var isQuoted = false
  private var depth = 0

  /// Reads a pattern.
  ///
  /// - Returns: `nil` if it is not understood.
  static func parse(_ source: String, options: PatternOptions) -> PatternNode? {
    var parser = PatternParser(source, isExtended: options.contains(.extended))
    guard let node = try? parser.alternation(), parser.index == parser.source.count else {
      return nil
    }
    return node
  }

  private init(_ source: String, isExtended: Bool) {
    self.source = Array(source.unicodeScalars)
    self.isExtended = isExtended
  }

  // MARK: - Structure

  private mutating func alternation() throws -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    if depth > 100 { throw Refusal() }
    var branches: [PatternNode] = []
    repeat { branches.append(try branch()) } while take("|")
    return branches.count == 1 ? branches[0] : .alternation(branches)
  }

  private mutating func branch() throws -> PatternNode {
    var items: [PatternNode] = []
    while true {
      try skipIgnored()
      guard let next = peek, isQuoted || (next != "|" && next != ")") else { break }
      guard let item = try atom() else { continue }
      items.append(try quantified(item))
    }
    return items.count == 1 ? items[0] : .sequence(items)
  }

  private mutating func quantified(_ atom: PatternNode) throws -> PatternNode {
    try skipIgnored()
    guard !isQuoted, let next = peek else { return atom }
    let bounds: (min: Int, max: Int?)
    switch next {
    case "*": bounds = (0, nil)
    case "+": bounds = (1, nil)
    case "?": bounds = (0, 1)
    case "{":
      guard let counted = try bracedBounds() else { return atom }
      bounds = counted
    default: return atom
    }
    index += 1
    // PCRE2 10.42 takes `( |^){0}a` for anchored, so that it matters where a search begins.
    if bounds.max == 0 { throw Refusal() }
    if !take("?"), !take("+") {
      // Whether a sign after white space belongs to the quantifier depends on the version.
      try skipIgnored()
      if !isQuoted, let sign = peek, "*+?".unicodeScalars.contains(sign) { throw Refusal() }
    }
    return .repeated(atom, min: bounds.min, max: bounds.max)
  }

  /// The bounds between braces; leaves the closing one to be read. `nil` for a plain brace.
  private mutating func bracedBounds() throws -> (min: Int, max: Int?)? {
    let close = source[index...].firstIndex(of: "}") ?? source.endIndex
    let inside = source[(index + 1)..<close]
    guard let first = inside.first else { return nil }
    // Whether `{,3}` and `{ 3 }` are quantifiers depends on the version.
    if first == "," || first == " " || first == "\t" { throw Refusal() }
    guard Self.isDigit(first) else { return nil }
    let parts = inside.split(separator: ",", omittingEmptySubsequences: false)
    guard close < source.endIndex, parts.count <= 2, let min = Self.number(parts[0]) else {
      throw Refusal()
    }
    var max: Int? = min
    if parts.count == 2 {
      max = parts[1].isEmpty ? nil : Self.number(parts[1])
      if max == nil, !parts[1].isEmpty { throw Refusal() }
    }
    index = close
    return (min, max)
  }

  /// Steps over what does not count: comments, `\E`, white space in extended patterns.
  private mutating func skipIgnored() throws {
    while let next = peek {
      if next == "\\", peek(1) == "E" {
        isQuoted = false
        index += 2
      } else if isQuoted {
        return
      } else if next == "\\", peek(1) == "Q" {
        isQuoted = true
        index += 2
      } else if next == "(", peek(1) == "?", peek(2) == "#" {
        index = (source[index...].firstIndex(of: ")") ?? source.endIndex - 1) + 1
      } else if isExtended, next == "#" {
        index = source[index...].firstIndex(of: "\n") ?? source.endIndex
      } else if isExtended, ASCIISet.space.contains(next.value) {
        index += 1
      } else if isExtended, next.value == 0x85 || (0x200E...0x2029).contains(next.value) {
        throw Refusal()
      } else {
        return
      }
    }
  }

  /// One atom; `nil` for what only changes how the rest is read.
  private mutating func atom() throws -> PatternNode? {
    let next = try advance()
    if isQuoted { return .scalar(next.value) }
    switch next {
    case ".": return .set(.anything)
    case "^", "$": return .anchor
    case "[": return try characterClass()
    case "(": return try group()
    case "\\": return try escape()
    case "*", "+", "?": throw Refusal()
    case "{":
      index -= 1
      if try bracedBounds() != nil { throw Refusal() }  // a quantifier on a quantifier
      index += 1
      return .scalar(next.value)
    default: return .scalar(next.value)
    }
  }

  // MARK: - Groups

  private mutating func group() throws -> PatternNode? {
    if peek == "*" { throw Refusal() }
    guard take("?") else { return try groupBody() }
    let kind = try advance()
    switch kind {
    case ":", ">", "|": return try groupBody()
    case "=", "!": return try look(isAhead: true, isNegative: kind == "!")
    case "<":
      if take("=") { return try look(isAhead: false, isNegative: false) }
      if take("!") { return try look(isAhead: false, isNegative: true) }
      return try named(closing: ">")
    case "'": return try named(closing: "'")
    case "P":
      if take("<") { return try named(closing: ">") }
      guard take("=") else { throw Refusal() }
      try skip(through: ")")
      return .anything
    default:
      index -= 1
      return try flags()
    }
  }

  private mutating func named(closing: Unicode.Scalar) throws -> PatternNode {
    guard let first = peek, first == "_" || first.properties.isAlphabetic else { throw Refusal() }
    try skip(through: closing)
    return try groupBody()
  }

  private mutating func look(isAhead: Bool, isNegative: Bool) throws -> PatternNode {
    .look(isAhead: isAhead, isNegative: isNegative, try groupBody())
  }

  /// Reads to the closing bracket; flags set inside end there.
  private mutating func groupBody(isExtendedBehind: Bool? = nil) throws -> PatternNode {
    let isExtendedBehind = isExtendedBehind ?? isExtended
    let body = try alternation()
    isExtended = isExtendedBehind
    guard take(")") else { throw Refusal() }
    return body
  }

  /// `(?i)` holds to the end of the enclosing group, `(?i:…)` for its own.
  private mutating func flags() throws -> PatternNode? {
    let wasExtended = isExtended
    var isSet = true
    var sawExtended = false
    while true {
      switch try advance() {
      case "^": (isExtended, isSet) = (false, true)
      case "-": isSet = false
      case "i", "m", "n", "s", "J", "U": break
      case "x":
        if sawExtended { throw Refusal() }  // `xx` ignores blanks inside classes too
        sawExtended = true
        isExtended = isSet
      case ")": return nil
      case ":":
        return try groupBody(isExtendedBehind: wasExtended)
      default: throw Refusal()
      }
    }
  }

  // MARK: - Escapes and classes

  private mutating func escape() throws -> PatternNode? {
    let next = try advance()
    if let scalar = try literalEscape(next) { return .scalar(scalar) }
    if let set = try setEscape(next) { return .set(set) }
    switch next {
    case "A", "Z", "z": return .anchor
    case "b": return .boundary
    case "B", "K": return .empty
    case "R": return .repeated(.set(ScalarSet(ascii: .verticalSpace)), min: 1, max: 2)
    case "X": return .anything
    case "1"..."9":
      if let digit = peek, Self.isDigit(digit) { throw Refusal() }  // or an octal code
      return .anything
    case "k":
      let closings: [Unicode.Scalar: Unicode.Scalar] = ["{": "}", "<": ">", "'": "'"]
      guard let closing = closings[try advance()] else { throw Refusal() }
      try skip(through: closing)
      return .anything
    default: throw Refusal()
    }
  }

  /// The one character that an escape stands for, inside and outside classes.
  private mutating func literalEscape(_ next: Unicode.Scalar) throws -> UInt32? {
    if next == "x" { return try hexadecimal() }
    return Self.controls[next] ?? (ASCIISet.word.contains(next.value) ? nil : next.value)
  }

  private static let controls: [Unicode.Scalar: UInt32] = [
    "a": 0x07, "e": 0x1B, "f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09,
  ]

  private mutating func hexadecimal() throws -> UInt32 {
    var digits = ""
    if take("{") {
      while let next = peek, next != "}" { digits.unicodeScalars.append(try advance()) }
      guard take("}") else { throw Refusal() }
    } else {
      while digits.count < 2, let next = peek, next.properties.isASCIIHexDigit {
        digits.unicodeScalars.append(try advance())
      }
    }
    guard let value = UInt32(digits, radix: 16), Unicode.Scalar(value) != nil else {
      throw Refusal()
    }
    return value
  }

  /// The class that an escape stands for, inside and outside brackets.
  private mutating func setEscape(_ next: Unicode.Scalar) throws -> ScalarSet? {
    if let set = Self.classes[String(next).lowercased()].map(ScalarSet.init(ascii:)) {
      return next.properties.isLowercase ? set : set.complement
    }
    switch next {
    case "N":
      if peek == "{" { throw Refusal() }
      return .anything
    case "p", "P":
      if take("{") { try skip(through: "}") } else { _ = try advance() }
      return .anything
    default: return nil
    }
  }

  /// Small letters stand for a class, capitals for all that is not in it.
  private static let classes: [String: ASCIISet] = [
    "d": .digits, "w": .word, "s": .space, "h": .horizontalSpace, "v": .verticalSpace,
  ]

  private mutating func characterClass() throws -> PatternNode {
    let isNegated = take("^")
    var set = ScalarSet(possible: [], certain: [], members: [])
    var isFirst = true
    var isClassQuoted = false
    while true {
      var next = try advance()
      if next == "\\", peek == "E" {
        index += 1
        isClassQuoted = false
        // PCRE2 reads on as if `\E` were not there: a range, or a negation at the beginning.
        if peek == "-" || (isFirst && peek == "^") { throw Refusal() }
        continue
      }
      if !isClassQuoted {
        if next == "]", !isFirst { break }
        if next == "\\", peek == "Q" {
          index += 1
          isClassQuoted = true
          continue
        }
        isFirst = false
        if next == "[", let kind = peek, ":.=".unicodeScalars.contains(kind) {
          if kind != ":" { throw Refusal() }
          set.formUnion(try namedClass())
          continue
        }
        if next == "\\" {
          next = try advance()
          if let escaped = try setEscape(next) {
            set.formUnion(escaped)
            if peek == "-", peek(1) != "]" { throw Refusal() }
            continue
          }
          guard let value = next == "b" ? 0x08 : try literalEscape(next),
            let scalar = Unicode.Scalar(value)
          else { throw Refusal() }
          next = scalar
        }
      }
      isFirst = false
      if !isClassQuoted, peek == "-", let end = peek(1), end != "]" {
        index += 1
        set.formUnion(try range(from: next.value))
      } else {
        set.formUnion(ScalarSet(next.value))
      }
    }
    return .set(isNegated ? set.complement : set)
  }

  private mutating func range(from lower: UInt32) throws -> ScalarSet {
    var next = try advance()
    if next == "[" { throw Refusal() }
    if next == "\\" {
      next = try advance()
      guard next != "Q", next != "E", let value = try literalEscape(next),
        let scalar = Unicode.Scalar(value)
      else { throw Refusal() }
      next = scalar
    }
    guard lower <= next.value else { throw Refusal() }
    let written = ASCIISet(lower...next.value)
    var possible = written
    // Both cases of every letter; the two letters beyond ASCII that fold into it.
    for letter: UInt32 in 0x61...0x7A {
      if written.contains(letter) { possible.insert(ASCIISet(letter & 0xDF)) }
      if written.contains(letter & 0xDF) { possible.insert(ASCIISet(letter)) }
    }
    if next.value >= 0x80 { possible.formUnion(.foldedInto) }
    return ScalarSet(possible: possible, certain: written.subtracting(.foldedInto))
  }

  /// `[:name:]` inside brackets.
  private mutating func namedClass() throws -> ScalarSet {
    guard let close = source[index...].dropFirst().firstIndex(of: ":"),
      close + 1 < source.endIndex, source[close + 1] == "]",
      source[(index + 1)..<close].allSatisfy({ $0 == "^" || $0.properties.isLowercase })
    else { throw Refusal() }
    index = close + 2
    return .anything
  }

  // MARK: - Scalars

  private var peek: Unicode.Scalar? { peek(0) }

  private func peek(_ offset: Int) -> Unicode.Scalar? {
    index + offset < source.count ? source[index + offset] : nil
  }

  private mutating func advance() throws -> Unicode.Scalar {
    guard let next = peek else { throw Refusal() }
    index += 1
    return next
  }

  private mutating func take(_ expected: Unicode.Scalar) -> Bool {
    guard peek == expected else { return false }
    index += 1
    return true
  }

  private mutating func skip(through closing: Unicode.Scalar) throws {
    guard let end = source[index...].firstIndex(of: closing) else { throw Refusal() }
    index = end + 1
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    ASCIISet.digits.contains(scalar.value)
  }

  private static func number(_ digits: ArraySlice<Unicode.Scalar>) -> Int? {
    digits.allSatisfy(isDigit) ? Int(String(String.UnicodeScalarView(digits))) : nil
  }
}
