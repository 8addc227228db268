import HunchText

/// Beginnings of texts that are safe to print.
package enum Excerpt {
  /// The most Unicode scalars, and so characters, of an excerpt.
  package static let length = 80

  /// The beginning of a document; an ellipsis stands for the rest.
  ///
  /// - Complexity: O(length): no more is read than can be shown.
  static func beginning(
    of texts: TextBatch, _ document: Int, length: Int = Excerpt.length
  ) -> String {
    // A scalar takes up to four bytes; one more than can be shown tells that there is a rest.
    let read = texts.bytes[texts.range(at: document)].beginning(4 * (length + 1))
    let scalars = String(decoding: read, as: UTF8.self).unicodeScalars
    if scalars.count <= length { return visible(String(scalars)) }
    return visible(String(scalars.prefix(length - 1))) + "…"
  }

  /// The text with a visible sign for each character that would move the cursor, change colours or
  /// turn the direction of writing, one scalar for one.
  package static func visible(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { shown.append(visible(scalar)) }
    return String(shown)
  }

  private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    // Unicode has a picture of each control character of ASCII.
    case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
    case 0x7F: "\u{2421}"
    // The second block of control characters, line separators, marks of direction.
    // And what programs may use among themselves, as this one does for colours.
    case 0x80..<0xA0, 0x2028...0x202E, 0x200E...0x200F, 0x061C, 0x2066...0x2069, 0xFDD0...0xFDEF:
      "\u{FFFD}"
    default: scalar
    }
  }
}

extension ArraySlice<UInt8> {
  /// The first bytes of a text, at most so many, up to the end of a character.
  func beginning(_ limit: Int) -> ArraySlice<UInt8> {
    var end = Swift.min(endIndex, startIndex + limit)
    while end > startIndex, end < endIndex, self[end] & 0xC0 == 0x80 { end -= 1 }
    return self[..<end]
  }
}
