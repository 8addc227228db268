/// The type that a column of an imported table is given.
package enum ColumnType: String, Codable, Sendable {
  /// Integers of 64 bits.
  case integer = "INTEGER"
  /// Doubles.
  case real = "REAL"
  /// Text in UTF-8.
  case text = "TEXT"
}

/// Finds the narrowest type that gives every value of a column back as it was written.
///
/// - `INTEGER`: all values are integers as a program prints them (no leading zero, no plus sign, no
///   `-0`) that fit 64 bits.
/// - `REAL`: all values are finite numbers as a program prints doubles, with as many digits as it
///   takes to tell them apart: `0.5` and `2.0`, but not `2`, `.5`, `0.50` or `1e5`.
/// - `TEXT`: anything else, strings of JSON, and columns without a value.
struct TypeInference {
  /// The type for the values seen so far.
  private(set) var type = ColumnType.text
  private var hasValue = false

  /// Takes a value that is not empty into account.
  mutating func note(_ value: String, isString: Bool = false) {
    if hasValue, type == .text { return }
    let found = isString ? .text : Self.type(of: value)
    type = !hasValue || found == type ? found : .text
    hasValue = true
  }

  private static func type(of value: String) -> ColumnType {
    // Most texts do not begin like a number, and no number is this long.
    guard let first = value.utf8.first, first == UInt8(ascii: "-") || first &- 0x30 < 10,
      value.utf8.count <= 32
    else { return .text }
    if let number = Int64(value) { return String(number) == value ? .integer : .text }
    guard let number = Double(value), number.isFinite else { return .text }
    return String(number) == value ? .real : .text
  }
}
