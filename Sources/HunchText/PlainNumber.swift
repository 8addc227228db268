/// Numbers as people and programs write them in cells.
package enum PlainNumber {
  /// The number that a text writes in decimal; nil for anything else, such as `0x10` or `nan`.
  ///
  /// - Complexity: O(bytes), one look at texts that begin with a letter.
  package static func value(_ text: String) -> Double? {
    let isPlain = text.utf8.allSatisfy { byte in
      byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E")
    }
    guard isPlain, let number = Double(text), number.isFinite else { return nil }
    return number
  }

  /// A whole number without a fraction, others with all digits.
  package static func text(_ number: Double) -> String {
    // Beyond 2⁵³ not every whole number is a double, so digits would be made up.
    number.magnitude <= 0x1p53 && number == number.rounded()
      ? String(Int64(number)) : String(number)
  }
}
