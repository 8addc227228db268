/// What a service is sent of a text.
enum ServiceText {
  /// Texts are cut off behind so many bytes: services refuse longer ones, and models look at less.
  private static let longest = 16 << 10

  /// The part of a text that is sent; nil for white space, which says nothing.
  static func sent(_ text: ArraySlice<UInt8>) -> String? {
    var end = min(text.endIndex, text.startIndex + longest)
    // Not inside a scalar.
    while end > text.startIndex, end < text.endIndex, text[end] & 0xC0 == 0x80 { end -= 1 }
    let sent = String(decoding: text[..<end], as: UTF8.self)
    return sent.allSatisfy(\.isWhitespace) ? nil : sent
  }
}
