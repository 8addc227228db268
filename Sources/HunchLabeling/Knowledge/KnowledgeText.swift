internal import Foundation
internal import HunchText

/// How keys are compared.
enum KnowledgeText {
  static func trimmed(_ text: String) -> String {
    guard text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return text }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  static func trimmed(_ cell: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let first = cell.first, let last = cell.last else { return cell }
    if first > 0x20, first < 0x80, last > 0x20, last < 0x80 { return cell }
    return Array(trimmed(String(decoding: cell, as: UTF8.self)).utf8)[...]
  }

  /// The parts of a text between occurrences of a separator, byte by byte: characters of the text may
  /// begin within the separator, as in "\r\n".
  static func parts(_ text: String, separator: String) -> [String] {
    let (bytes, ends) = (Array(text.utf8), Array(separator.utf8))
    if ends.isEmpty { return [text] }
    var parts: [String] = []
    var (start, place) = (0, 0)
    while place + ends.count <= bytes.count {
      if bytes[place] == ends[0], bytes[place..<place + ends.count].elementsEqual(ends) {
        parts.append(String(decoding: bytes[start..<place], as: UTF8.self))
        place += ends.count
        start = place
      } else {
        place += 1
      }
    }
    parts.append(String(decoding: bytes[start...], as: UTF8.self))
    return parts
  }

  /// A trimmed key as it is compared: decomposed and folded.
  static func normalized(_ key: ArraySlice<UInt8>) -> [UInt8] {
    if key.allSatisfy({ $0 < 0x80 }) { return key.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 } }
    let text = String(decoding: key, as: UTF8.self)
    return Array(CaseFolding.folded(text.decomposedStringWithCanonicalMapping).utf8)
  }
}
