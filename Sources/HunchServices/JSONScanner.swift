import Hunch

/// Reads JSON as it comes in, a byte at a time, and keeps of it only the number, the literal or the
/// name that is under way.
struct JSONScanner {
  /// What a byte ended or began.
  enum Event: Equatable {
    case nothing
    case beginObject, endObject, beginArray, endArray
    /// The name of a member: ``JSONScanner/token``, or nothing of it where it is long or has escapes.
    case name
    /// A number: ``JSONScanner/token``.
    case number
    case string
    /// `true`, `false` or `null`: ``JSONScanner/token``.
    case literal
  }

  /// What is no JSON, or deeper than any answer.
  struct Malformed: Error {}

  private enum State {
    case value, valueOrEnd, name, nameOrEnd, colon, next, done
    /// In a string, behind a backslash in it, and before so many hexadecimal digits.
    case string, escape, hex(Int)
    /// In a number or a literal.
    case word
  }

  private static let deepest = 64
  private static let longestToken = 64
  private static let literals = ["true", "false", "null"].map { Array($0.utf8) }

  private var state = State.value
  /// Whether each open container is an object.
  private var isObject: [Bool] = []
  /// Whether the string under way is the name of a member.
  private var isName = false
  private var isTokenWhole = true

  /// The bytes of the name, number or literal that the last event is about.
  private(set) var token: [UInt8] = []

  /// Whether one whole value was read, and nothing else.
  var isDone: Bool {
    if case .done = state { return true }
    return false
  }

  /// Takes a byte.
  ///
  /// - Returns: What it ended or began: a number, and then what comes behind it, are two events of
  ///   one byte.
  mutating func take(_ byte: UInt8) throws(Malformed) -> (Event, Event) {
    var first = Event.nothing
    if case .word = state {
      if Self.isOfWord(byte) {
        keep(byte)
        if !isTokenWhole { throw Malformed() }
        return (.nothing, .nothing)
      }
      if JSONObjectScanner.isNumber(token) {
        first = .number
      } else if Self.literals.contains(token) {
        first = .literal
      } else {
        throw Malformed()
      }
      close()
    }
    return (first, try step(byte))
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
  }

  private mutating func begin(_ state: State, isName: Bool = false) {
    self.state = state
    self.isName = isName
    token.removeAll(keepingCapacity: true)
    isTokenWhole = true
  }

  private mutating func keep(_ byte: UInt8) {
    isTokenWhole = isTokenWhole && token.count < Self.longestToken
    if isTokenWhole { token.append(byte) }
  }

  private mutating func step(_ byte: UInt8) throws(Malformed) -> Event {
    switch state {
    case .string: return try string(byte)
    case .escape:
      state = byte == UInt8(ascii: "u") ? .hex(4) : .string
      if !"\"\\/bfnrtu".utf8.contains(byte) { throw Malformed() }
      return .nothing
    case .hex(let left):
      state = left == 1 ? .string : .hex(left - 1)
      let isDigit = byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
      if !isDigit { throw Malformed() }
      return .nothing
    default: break
    }
    if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { return .nothing }
    switch (state, byte) {
    case (.valueOrEnd, UInt8(ascii: "]")), (.next, UInt8(ascii: "]")):
      return try end(isObject: false)
    case (.nameOrEnd, UInt8(ascii: "}")), (.next, UInt8(ascii: "}")):
      return try end(isObject: true)
    case (.value, _), (.valueOrEnd, _): return try value(byte)
    case (.name, UInt8(ascii: "\"")), (.nameOrEnd, UInt8(ascii: "\"")):
      begin(.string, isName: true)
    case (.colon, UInt8(ascii: ":")): state = .value
    case (.next, UInt8(ascii: ",")): state = isObject.last == true ? .name : .value
    default: throw Malformed()
    }
    return .nothing
  }

  private mutating func string(_ byte: UInt8) throws(Malformed) -> Event {
    switch byte {
    case UInt8(ascii: "\""):
      if !isName {
        close()
        return .string
      }
      if !isTokenWhole { token.removeAll(keepingCapacity: true) }
      state = .colon
      return .name
    case UInt8(ascii: "\\"):
      state = .escape
      isTokenWhole = false
    case 0..<0x20: throw Malformed()
    default: if isName { keep(byte) }
    }
    return .nothing
  }

  private mutating func value(_ byte: UInt8) throws(Malformed) -> Event {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      if isObject.count == Self.deepest { throw Malformed() }
      isObject.append(byte == UInt8(ascii: "{"))
      state = byte == UInt8(ascii: "{") ? .nameOrEnd : .valueOrEnd
      return byte == UInt8(ascii: "{") ? .beginObject : .beginArray
    case UInt8(ascii: "\""): begin(.string)
    default:
      if !Self.isOfWord(byte) { throw Malformed() }
      begin(.word)
      keep(byte)
    }
    return .nothing
  }

  private mutating func end(isObject: Bool) throws(Malformed) -> Event {
    guard self.isObject.popLast() == isObject else { throw Malformed() }
    close()
    return isObject ? .endObject : .endArray
  }

  /// Goes on behind a value.
  private mutating func close() { state = isObject.isEmpty ? .done : .next }
}
