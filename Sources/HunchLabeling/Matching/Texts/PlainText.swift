internal import Foundation
internal import HunchText

/// Texts as keywords are compared with them: what only looks different is written in one way.
///
/// - A run of white space is one space.
/// - Curly apostrophes are `'`, curly quotation marks `"`; the hyphens U+2010 and U+2011 are `-`.
/// - Full-width, half-width and mathematical letters and Latin ligatures are the letters that they
///   stand for (Unicode's compatibility decompositions of the kinds *wide*, *narrow* and *font*, and
///   U+FB00 to U+FB06). Superscripts, fractions and letters in circles are signs of their own.
/// - Soft hyphens, word joiners and variation selectors are left out.
///
/// Most texts are plain. They are searched as they are; the others once more, in their plain form.
enum PlainText {
  /// What keywords have in them, so that its other ways of writing matter.
  struct Needs: OptionSet, Sendable {
    var rawValue: UInt8
    static let spaces = Needs(rawValue: 1)
    static let apostrophes = Needs(rawValue: 2)
    static let quotes = Needs(rawValue: 4)
    static let hyphens = Needs(rawValue: 8)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// What a plain keyword has in it.
    init(_ keyword: String) {
      self = []
      for byte in keyword.utf8 {
        switch byte {
        case 0x20: insert(.spaces)
        case 0x27: insert(.apostrophes)
        case 0x22: insert(.quotes)
        case 0x2D: insert(.hyphens)
        default: break
        }
      }
    }
  }

  /// A keyword in its plain form; as it is written if nothing would be left of it.
  static func keyword(_ word: String) -> (text: String, isPlain: Bool) {
    let text = plain(word)
    return text.isEmpty ? (word, false) : (text, true)
  }

  static func plain(_ text: String) -> String {
    var bytes: [UInt8] = []
    let source = Array(text.utf8)
    write(source, 0..<source.count) { scalar, _ in
      if let scalar { UTF8Decoding.encode(scalar, into: &bytes) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The documents whose plain form is another, ascending, and these forms.
  ///
  /// - Complexity: O(bytes).
  static func others(
    in batch: TextBatch, _ needs: Needs
  ) -> (documents: [Int], texts: TextBatch) {
    let rare = RareScalars(in: scalars) { scalar, _ in isOther(scalar, needs) }
    let documents = rare.documents(of: batch, blanks: needs.contains(.spaces))
    var texts = TextBatch()
    var bytes: [UInt8] = []
    for document in documents {
      bytes.removeAll(keepingCapacity: true)
      write(batch.bytes, batch.range(at: document)) { scalar, _ in
        if let scalar { UTF8Decoding.encode(scalar, into: &bytes) }
      }
      texts.append(repairing: bytes)
    }
    return (documents, texts)
  }

  static func write(_ bytes: [UInt8], _ range: Range<Int>, _ emit: TextForm.Emit) {
    var index = range.lowerBound
    var isSpaced = false
    while index < range.upperBound {
      let (scalar, next) = UTF8Decoding.scalar(in: bytes, at: index)
      let source = index..<next
      index = next
      if NameLetters.isWhite(scalar) {
        emit(isSpaced ? nil : 0x20, source)
        isSpaced = true
        continue
      }
      if isIgnored(scalar) {
        emit(nil, source)
        continue
      }
      isSpaced = false
      if let form = punctuation(scalar) {
        emit(form, source)
      } else if isCompatible(scalar) {
        for part in compatible(scalar) { emit(part, source) }
      } else {
        emit(scalar, source)
      }
    }
  }

  /// What is not plain stands in these alone, and in ASCII.
  private static let scalars: [ClosedRange<UInt32>] = [
    0x85...0xAD, 0x2BC...0x2BC, 0x1680...0x180F, 0x2000...0x2149, 0x3000...0x3000, 0xFB00...0xFB06,
    0xFE00...0xFFEE, 0x1D400...0x1D7FF, 0xE0100...0xE01EF,
  ]

  private static func isOther(_ scalar: UInt32, _ needs: Needs) -> Bool {
    if NameLetters.isWhite(scalar) { return needs.contains(.spaces) }
    switch punctuation(scalar) {
    // U+02BC is a letter: it joins what it stands between.
    case 0x27: return needs.contains(.apostrophes) || scalar == 0x2BC
    case 0x22: return needs.contains(.quotes)
    case 0x2D: return needs.contains(.hyphens)
    default: return isIgnored(scalar) || isCompatible(scalar)
    }
  }

  private static func punctuation(_ scalar: UInt32) -> UInt32? {
    switch scalar {
    case 0x2018, 0x2019, 0x201B, 0x2BC: 0x27
    case 0x201C, 0x201D, 0x201F: 0x22
    case 0x2010, 0x2011: 0x2D
    default: nil
    }
  }

  private static func isIgnored(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0xAD, 0x180B...0x180D, 0x180F, 0x2060, 0xFE00...0xFE0F, 0xFEFF, 0xE0100...0xE01EF: true
    default: false
    }
  }

  private static func isCompatible(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0xFB00...0xFB06, 0xFF01...0xFFEE, 0x1D400...0x1D7FF: true
    // Letters of the mathematical alphabets that had been encoded before.
    case 0x2102, 0x210A...0x2113, 0x2115, 0x2119...0x211D, 0x2124, 0x2128, 0x212C, 0x212D,
      0x212F...0x2131, 0x2133, 0x2134, 0x2139, 0x213C...0x2140, 0x2145...0x2149:
      true
    default: false
    }
  }

  private static func compatible(_ scalar: UInt32) -> [UInt32] {
    if scalar < 0xFF5F, scalar > 0xFF00 { return [scalar - 0xFEE0] }
    guard let scalar = Unicode.Scalar(scalar) else { return [] }
    return String(scalar).precomposedStringWithCompatibilityMapping.unicodeScalars.map(\.value)
  }
}
