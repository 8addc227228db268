import HunchText

/// A part of a document on one line, with the words marked on which a vote rests.
public struct Passage: Sendable, Equatable {
  /// A run of characters.
  public struct Part: Sendable, Equatable {
    /// The characters.
    public var text: String
    /// Whether the vote rests on them.
    public var isMatch: Bool
  }

  /// The most Unicode scalars of a passage.
  package static let length = 320
  /// The bytes of a document that are looked at: what stands later is not shown.
  static let readBytes = 8 << 10

  /// The parts from the beginning to the end; an ellipsis stands for what is left out.
  public var parts: [Part]

  /// The characters.
  public var text: String { parts.map(\.text).joined() }

  /// The beginning of a document as it stands, as much as a passage may be taken from.
  static func source(_ texts: TextBatch, _ document: Int) -> String {
    let text = texts.bytes[texts.range(at: document)]
    let read = text.beginning(readBytes)
    return String(decoding: read, as: UTF8.self) + (read.count < text.count ? "…" : "")
  }

  /// Takes the beginning of a text, or, where the first match would be missing, the part around it.
  ///
  /// Runs of white space become one space.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - matches: Byte ranges of it in UTF-8, ascending.
  /// - Complexity: O(bytes).
  package init(_ text: String, matches: [Range<Int>], length: Int = Passage.length) {
    var scalars: [(scalar: Unicode.Scalar, isMatch: Bool)] = []
    var byte = 0
    var match = 0
    var gap: Bool?
    for scalar in text.unicodeScalars {
      while match < matches.count, matches[match].upperBound <= byte { match += 1 }
      let isMatch = match < matches.count && matches[match].contains(byte)
      byte += UTF8.width(scalar)
      if scalar.properties.isWhitespace {
        if !scalars.isEmpty { gap = (gap ?? true) && isMatch }
        continue
      }
      if let inMatch = gap { scalars.append((" ", inMatch)) }
      gap = nil
      scalars.append((scalar, isMatch))
    }
    var start = 0
    if let first = scalars.firstIndex(where: \.isMatch), first >= length * 3 / 4 {
      start = first - length / 5
      while start < first, scalars[start].scalar != " " { start += 1 }
      start = start == first ? first - length / 5 : start + 1
    }
    var end = min(scalars.count, start + length)
    if end < scalars.count, end > start, scalars[end - 1].scalar == " " { end -= 1 }
    parts = start > 0 ? [Part(text: "…", isMatch: false)] : []
    for (scalar, isMatch) in scalars[start..<end] {
      if let last = parts.last, last.isMatch == isMatch {
        parts[parts.count - 1].text.unicodeScalars.append(scalar)
      } else {
        parts.append(Part(text: String(Character(scalar)), isMatch: isMatch))
      }
    }
    if end < scalars.count { parts.append(Part(text: "…", isMatch: false)) }
  }
}
