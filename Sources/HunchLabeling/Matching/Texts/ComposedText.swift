internal import Foundation
internal import HunchText

/// Texts in Unicode's normalization form C, in which patterns and keywords are looked for.
///
/// A text falls into pieces that are composed by themselves: each begins with a scalar that unites
/// with nothing before it. Only pieces with something in them that is not composed are touched.
package enum ComposedText {
  /// The batch with every document composed: the batch itself where all are.
  ///
  /// - Complexity: O(bytes); ASCII is passed eight bytes at a time.
  static func composed(_ batch: TextBatch) -> TextBatch {
    let rare = scalars.documents(of: batch, blanks: false)
    if rare.isEmpty { return batch }
    var result = TextBatch()
    var next = rare[...]
    for document in 0..<batch.count {
      let range = batch.range(at: document)
      if next.first == document {
        next = next.dropFirst()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        compose(batch.bytes, range) { scalar, _ in
          if let scalar { UTF8Decoding.encode(scalar, into: &bytes) }
        }
        result.append(repairing: bytes)
      } else {
        result.append(repairing: batch.bytes[range])
      }
    }
    return result
  }

  package static func composed(_ text: String) -> String {
    text.utf8.allSatisfy { $0 < 0x80 } ? text : composed(TextBatch([text])).text(at: 0)
  }

  /// Emits the scalars of a text composed.
  static func compose(_ bytes: [UInt8], _ range: Range<Int>, _ emit: TextForm.Emit) {
    var index = range.lowerBound
    while index < range.upperBound {
      let start = index
      var before: UInt32?
      var isComposed = true
      repeat {
        let (scalar, next) = UTF8Decoding.scalar(in: bytes, at: index)
        if before != nil, !joins(scalar) { break }
        if isRare(scalar, after: before) { isComposed = false }
        (before, index) = (scalar, next)
      } while index < range.upperBound
      if isComposed {
        var place = start
        while place < index {
          let (scalar, next) = UTF8Decoding.scalar(in: bytes, at: place)
          emit(scalar, place..<next)
          place = next
        }
      } else {
        let piece = String(decoding: bytes[start..<index], as: UTF8.self)
        for scalar in piece.precomposedStringWithCanonicalMapping.unicodeScalars {
          emit(scalar.value, start..<index)
        }
      }
    }
  }

  /// What is rare stands in these alone.
  private static let scalars = RareScalars(
    in: [
      0x300...0x3BF, 0x480...0x4BF, 0x580...0x33FF, 0xA640...0xABFF, 0xD7B0...0xD7FF,
      0xF900...0xFFFF, 0x10000...0x1EFFF, 0x20000...0x2FFFF,
    ]
  ) { isRare($0, after: $1) }

  /// Whether a scalar shows that a text may not be composed: it has another composed form, it may
  /// unite with what stands before it, or it is a mark that does not stand in its order.
  private static func isRare(_ scalar: UInt32, after before: UInt32?) -> Bool {
    if scalar < 0x300 { return false }
    let kind = kind(scalar)
    if kind & (Kind.unites | Kind.replaced) != 0 { return true }
    let order = kind & Kind.order
    return order != 0 && before.map { self.kind($0) & Kind.order > order } ?? false
  }

  /// Whether a scalar is composed together with what stands before it.
  private static func joins(_ scalar: UInt32) -> Bool {
    scalar >= 0x300 && kind(scalar) & (Kind.unites | Kind.order) != 0
  }

  private enum Kind {
    /// The canonical combining class.
    static let order: UInt16 = 0xFF
    static let unites: UInt16 = 0x100
    static let replaced: UInt16 = 0x200
  }

  private static func kind(_ scalar: UInt32) -> UInt16 {
    switch scalar {
    case ..<0x300: 0
    case 0x300..<0x2000: kinds[Int(scalar - 0x300)]
    // Punctuation, Han, Hangul syllables and emoji, of which there are many in a text.
    case 0x2002...0x20CF, 0x3001...0x3029, 0x3030...0x3098, 0x309B...0xA66E, 0xAC00...0xD7A3,
      0x1F000...0x1FAFF:
      0
    default: computedKind(scalar)
    }
  }

  private static let kinds = (0x300..<0x2000).map { computedKind(UInt32($0)) }

  private static func computedKind(_ value: UInt32) -> UInt16 {
    guard let scalar = Unicode.Scalar(value) else { return 0 }
    var kind = UInt16(scalar.properties.canonicalCombiningClass.rawValue)
    if scalar.properties.isFullCompositionExclusion { kind |= Kind.replaced }
    if unites(value) { kind |= Kind.unites }
    return kind
  }

  /// Whether some composed form ends with a scalar: Unicode's property `NFC_QC=Maybe`.
  private static func unites(_ value: UInt32) -> Bool {
    switch value {
    case 0x300...0x304, 0x306...0x30C, 0x30F, 0x311, 0x313...0x314, 0x31B, 0x323...0x328,
      0x32D...0x32E, 0x330...0x331, 0x338, 0x342, 0x345, 0x653...0x655, 0x93C, 0x9BE, 0x9D7,
      0xB3E, 0xB56...0xB57, 0xBBE, 0xBD7, 0xC56, 0xCC2, 0xCD5...0xCD6, 0xD3E, 0xD57, 0xDCA,
      0xDCF, 0xDDF, 0x102E, 0x1161...0x1175, 0x11A8...0x11C2, 0x1B35, 0x3099...0x309A, 0x110BA,
      0x11127, 0x1133E, 0x11357, 0x114B0, 0x114BA, 0x114BD, 0x115AF, 0x11930:
      true
    default: false
    }
  }
}
