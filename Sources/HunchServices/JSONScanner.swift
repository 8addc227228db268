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
    /// `true`, `false` or `null`.
    case literal
  }

  /// What is no JSON, or deeper than any answer.
  struct Malformed: Error {}

  private enum State {
    case value, valueOrEnd, name, nameOrEnd, colon, next, done
    case string(isName: Bool), escape(isName: Bool), hex(Int, isName: Bool)
    case number, literal(Int)
  }

  private static let deepest = 64
  private static let longestToken = 64
  private static let literals = ["true", "false", "null"].map { Array($0.utf8) }

  private var state = State.value
  /// Whether each open container is an object.
  private var isObject: [Bool] = []
  private var isTokenWhole = true

  /// The bytes of the name or number that the last event is about.
  private(set) var token: [UInt8] = []

  /// The number of open containers.
  var depth: Int { isObject.count }

  /// Whether one whole value was read, and nothing else.
  var isDone: Bool {
    if case .done = state { return true }
    return false
  }

  init() {}

  /// Takes a byte.
  ///
  /// - Returns: What it ended or began: a number, and then what comes behind it, are two events of
  ///   one byte.
  /// - Throws: ``Malformed``.
  mutating func take(_ byte: UInt8) throws(Malformed) -> (Event, Event) {
    var first = Event.nothing
    if case .number = state {
      if Self.isOfNumber(byte) {
        guard keep(byte) else { throw Malformed() }
        return (.nothing, .nothing)
      }
      guard isNumber else { throw Malformed() }
      close()
      first = .number
    }
    let (second, isAccepted) = step(byte)
    guard isAccepted else { throw Malformed() }
    return (first, second)
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  /// Keeps a byte of a token; false where it is too long.
  private mutating func keep(_ byte: UInt8) -> Bool {
    isTokenWhole = isTokenWhole && token.count < Self.longestToken
    if isTokenWhole { token.append(byte) }
    return isTokenWhole
  }

  private mutating func begin(_ state: State) {
    self.state = state
    token.removeAll(keepingCapacity: true)
    isTokenWhole = true
  }

  /// Whether the token has the form of a number (RFC 8259, 6).
  private var isNumber: Bool {
    var index = 0
    func digits() -> Int {
      let begin = index
      while index < token.count, token[index] &- UInt8(ascii: "0") < 10 { index += 1 }
      return index - begin
    }
    if token.first == UInt8(ascii: "-") { index += 1 }
    let isZero = index < token.count && token[index] == UInt8(ascii: "0")
    let whole = digits()
    if whole == 0 || isZero && whole > 1 { return false }
    if index < token.count, token[index] == UInt8(ascii: ".") {
      index += 1
      if digits() == 0 { return false }
    }
    if index < token.count, token[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < token.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(token[index]) {
        index += 1
      }
      if digits() == 0 { return false }
    }
    return index == token.count
  }

  private mutating func step(_ byte: UInt8) -> (Event, isAccepted: Bool) {
    switch state {
    case .string(let isName): return string(byte, isName)
    case .escape(let isName):
      if isName { isTokenWhole = false }
      if byte == UInt8(ascii: "u") {
        state = .hex(4, isName: isName)
        return (.nothing, true)
      }
      state = .string(isName: isName)
      return (.nothing, Array("\"\\/bfnrt".utf8).contains(byte))
    case .hex(let left, let isName):
      state = left == 1 ? .string(isName: isName) : .hex(left - 1, isName: isName)
      let isDigit = byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
      return (.nothing, isDigit)
    case .literal(let index):
      token.append(byte)
      let literal = Self.literals[index]
      guard literal.starts(with: token) else { return (.nothing, false) }
      if token.count < literal.count { return (.nothing, true) }
      close()
      return (.literal, true)
    default: break
    }
    if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { return (.nothing, true) }
    switch (state, byte) {
    case (.value, _), (.valueOrEnd, _):
      if case .valueOrEnd = state, byte == UInt8(ascii: "]") { return end(isObject: false) }
      return value(byte)
    case (.name, UInt8(ascii: "\"")), (.nameOrEnd, UInt8(ascii: "\"")):
      begin(.string(isName: true))
      return (.nothing, true)
    case (.nameOrEnd, UInt8(ascii: "}")): return end(isObject: true)
    case (.colon, UInt8(ascii: ":")):
      state = .value
      return (.nothing, true)
    case (.next, UInt8(ascii: ",")):
      state = isObject.last == true ? .name : .value
      return (.nothing, true)
    case (.next, UInt8(ascii: "]")): return end(isObject: false)
    case (.next, UInt8(ascii: "}")): return end(isObject: true)
    default: return (.nothing, false)
    }
  }

  private mutating func string(_ byte: UInt8, _ isName: Bool) -> (Event, isAccepted: Bool) {
    if byte == UInt8(ascii: "\"") {
      if !isName {
        close()
        return (.string, true)
      }
      if !isTokenWhole { token.removeAll(keepingCapacity: true) }
      state = .colon
      return (.name, true)
    }
    if byte == UInt8(ascii: "\\") {
      state = .escape(isName: isName)
      return (.nothing, true)
    }
    if isName { _ = keep(byte) }
    return (.nothing, byte >= 0x20)
  }

  private mutating func value(_ byte: UInt8) -> (Event, isAccepted: Bool) {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      let isObject = byte == UInt8(ascii: "{")
      if self.isObject.count == Self.deepest { return (.nothing, false) }
      self.isObject.append(isObject)
      state = isObject ? .nameOrEnd : .valueOrEnd
      return (isObject ? .beginObject : .beginArray, true)
    case UInt8(ascii: "\""):
      begin(.string(isName: false))
      return (.nothing, true)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      begin(.number)
      return (.nothing, keep(byte))
    default:
      guard let index = Self.literals.firstIndex(where: { $0[0] == byte }) else {
        return (.nothing, false)
      }
      begin(.literal(index))
      token.append(byte)
      return (.nothing, true)
    }
  }

  private mutating func end(isObject: Bool) -> (Event, isAccepted: Bool) {
    guard self.isObject.popLast() == isObject else { return (.nothing, false) }
    state = self.isObject.isEmpty ? .done : .next
    return (isObject ? .endObject : .endArray, true)
  }

  /// Ends a value that is no container.
  private mutating func close() { state = isObject.isEmpty ? .done : .next }
}
