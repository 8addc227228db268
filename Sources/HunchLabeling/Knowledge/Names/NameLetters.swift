internal import Foundation
internal import HunchText

/// What comparing names needs to know of letters beside ``CharacterTable``.
enum NameLetters {
  /// How a scalar takes part in names: the raw values of ``CharacterTable/WordClass``, and white
  /// space as a kind of its own.
  enum Kind {
    static let separator: UInt8 = 0
    static let word: UInt8 = 1
    static let unspaced: UInt8 = 2
    static let white: UInt8 = 3
  }

  /// The kind of each scalar below U+10000.
  static let kinds: [UInt8] = (0..<0x10000).map { value in
    let scalar = UInt32(value)
    if isWhite(scalar) { return Kind.white }
    return CharacterTable.wordClass(of: scalar).rawValue
  }

  static func kind(of scalar: UInt32) -> UInt8 {
    scalar < 0x10000 ? kinds[Int(scalar)] : CharacterTable.wordClass(of: scalar).rawValue
  }

  /// White space by Unicode's property.
  static func isWhite(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
      0x3000:
      true
    default: false
    }
  }

  // MARK: - Diacritics

  /// Appends what is left of a scalar without its diacritics: nothing of a mark.
  static func strip(_ scalar: UInt32, into scalars: inout [UInt32]) {
    if scalar < 0xC0 || bare.index(forKey: scalar) == nil { return scalars.append(scalar) }
    scalars += bare[scalar] ?? []
  }

  /// The scalars that are not the same without diacritics.
  private static let bare: [UInt32: [UInt32]] = {
    var bare: [UInt32: [UInt32]] = [
      0xD8: [0x4F], 0xF8: [0x6F], 0x110: [0x44], 0x111: [0x64], 0x126: [0x48], 0x127: [0x68],
      0x141: [0x4C], 0x142: [0x6C], 0x166: [0x54], 0x167: [0x74],
      0x1FE: [0x4F], 0x1FF: [0x6F],
    ]
    for range in [0xC0...0x22FF, 0xFB1D...0xFB4F, 0xFE20...0xFE2F] as [ClosedRange<UInt32>] {
      for value in range where bare[value] == nil {
        guard let scalar = Unicode.Scalar(value) else { continue }
        let parts = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
        let kept = parts.filter { !isDiacritic($0.value) }
        if kept.count < parts.count { bare[value] = kept.map(\.value) }
      }
    }
    return bare
  }()

  private static func isDiacritic(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x300...0x36F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F,
      0x591...0x5BD, 0x5BF, 0x5C1, 0x5C2, 0x5C4, 0x5C5, 0x5C7, 0x64B...0x655, 0x670:
      true
    default: false
    }
  }
}
