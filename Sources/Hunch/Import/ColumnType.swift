/// The type that a column of an imported table is given.
public enum ColumnType: String, Codable, Sendable {
  /// Integers of 64 bits.
  case integer = "INTEGER"
  /// Doubles.
  case real = "REAL"
  /// Text in UTF-8.
  case text = "TEXT"
}

/// Finds the narrowest type that keeps every value of a column.
///
/// - `INTEGER`: all values are integers as a program writes them (no leading zero, no plus sign, no
///   `-0`) that fit 64 bits.
/// - `REAL`: all values are numbers as JSON writes them, with at most 17 significant digits, finite,
///   and integers among them no larger than 2⁵³, so that a double holds each of them.
/// - `TEXT`: anything else, and columns without a value.
struct TypeInference {
  private var isText = false
  private var hasReal = false
  private var hasInteger = false
  private var hasLargeInteger = false

  /// The type for the values seen so far.
  var type: ColumnType {
    if isText || (hasReal && hasLargeInteger) { return .text }
    if hasReal { return .real }
    return hasInteger ? .integer : .text
  }

  /// Takes a value that is not empty into account.
  mutating func note(_ value: String) {
    if isText { return }
    var form = NumberForm(value.utf8)
    switch form.classify() {
    case .integer:
      hasInteger = true
      if form.digits > 15 { noteLong(value) }
    case .real:
      if form.hasExponent, Double(value)?.isFinite != true { isText = true }
      hasReal = true
    case .text: isText = true
    }
  }

  private mutating func noteLong(_ value: String) {
    guard let number = Int64(value) else {
      isText = true
      return
    }
    if number.magnitude > 1 << 53 { hasLargeInteger = true }
  }
}

/// Reads a value as a JSON number.
private struct NumberForm {
  enum Kind { case integer, real, text }

  private var bytes: Substring.UTF8View.SubSequence
  /// The significant digits before the exponent, leading zeros left out.
  private(set) var digits = 0
  private(set) var hasExponent = false

  init(_ bytes: String.UTF8View) { self.bytes = bytes[...] }

  mutating func classify() -> Kind {
    let isNegative = step(over: UInt8(ascii: "-"))
    let isZero = bytes.first == UInt8(ascii: "0")
    let whole = stepOverDigits()
    if whole == 0 || (isZero && whole > 1) { return .text }
    if bytes.isEmpty { return isZero && isNegative ? .text : .integer }
    if step(over: UInt8(ascii: ".")), stepOverDigits() == 0 { return .text }
    if step(over: UInt8(ascii: "e")) || step(over: UInt8(ascii: "E")) {
      hasExponent = true
      if !step(over: UInt8(ascii: "-")) { _ = step(over: UInt8(ascii: "+")) }
      let significant = digits
      if stepOverDigits() == 0 { return .text }
      digits = significant
    }
    return bytes.isEmpty && digits <= 17 ? .real : .text
  }

  private mutating func step(over byte: UInt8) -> Bool {
    guard bytes.first == byte else { return false }
    bytes.removeFirst()
    return true
  }

  private mutating func stepOverDigits() -> Int {
    var count = 0
    while let byte = bytes.first, byte &- UInt8(ascii: "0") < 10 {
      if digits > 0 || byte != UInt8(ascii: "0") { digits += 1 }
      count += 1
      bytes.removeFirst()
    }
    return count
  }
}
