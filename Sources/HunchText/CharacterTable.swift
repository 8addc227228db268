/// What matching and features need to know of each Unicode scalar: its case folding and whether
/// it is part of a word.
///
/// Scalars below U+10000 are answered from a table that is built on first use (about 2 ms); the
/// others are computed.
public enum CharacterTable {
  /// How a scalar takes part in words.
  public enum WordClass: UInt8, Sendable {
    /// White space, punctuation, symbols.
    case separator = 0
    /// A letter, mark, number or the underscore.
    case word = 1
    /// A letter of a script that is written without spaces (Han, kana, Thai, Lao, Burmese,
    /// Khmer): it is a word by itself, and a word may begin or end at either side of it.
    case unspaced = 2
  }

  /// The word class of a scalar.
  public static func wordClass(of scalar: UInt32) -> WordClass {
    if scalar < 0x80 {
      return (scalar | 0x20) &- 0x61 < 26 || scalar &- 0x30 < 10 || scalar == 0x5F
        ? .word : .separator
    }
    if scalar < 0x10000 { return WordClass(rawValue: tables.classes[Int(scalar)]) ?? .separator }
    return computedClass(scalar)
  }

  /// The simple case folding of a scalar (Unicode 15, section 5.18): two scalars are the same
  /// letter, case aside, when their foldings are equal.
  ///
  /// Dotted capital İ and dotless ı fold to themselves, as in the default (not Turkic) foldings.
  public static func fold(_ scalar: UInt32) -> UInt32 {
    if scalar < 0x80 { return scalar &- 0x41 < 26 ? scalar | 0x20 : scalar }
    if scalar < 0x10000 { return tables.foldings[Int(scalar)] }
    return computedFolding(scalar)
  }

  /// Whether a word may begin or end between two neighbouring scalars.
  public static func isBoundary(_ before: WordClass, _ after: WordClass) -> Bool {
    before != .word || after != .word
  }

  private struct Tables {
    var classes: [UInt8]
    var foldings: [UInt32]
  }

  private static let tables: Tables = {
    var classes = [UInt8](repeating: WordClass.separator.rawValue, count: 0x10000)
    var foldings = (0..<0x10000).map(UInt32.init)
    for scalar: UInt32 in 0..<0x10000 {
      switch scalar {
      case 0x4E00...0x9FFF, 0x3400...0x4DBF:  // Han, uncased
        classes[Int(scalar)] = WordClass.unspaced.rawValue
      case 0xAC00...0xD7A3:  // Hangul syllables, uncased
        classes[Int(scalar)] = WordClass.word.rawValue
      case 0xD800...0xF8FF:  // surrogates and private use
        break
      default:
        classes[Int(scalar)] = computedClass(scalar).rawValue
        foldings[Int(scalar)] = computedFolding(scalar)
      }
    }
    return Tables(classes: classes, foldings: foldings)
  }()

  private static func computedClass(_ value: UInt32) -> WordClass {
    guard let scalar = Unicode.Scalar(value) else { return .separator }
    let isWord: Bool
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      isWord = true
    default:
      isWord = value == 0x5F
    }
    guard isWord else { return .separator }
    switch value {
    case 0x0E00...0x0EFF,  // Thai, Lao
      0x1000...0x109F, 0xA9E0...0xA9FF, 0xAA60...0xAA7F, 0x116D0...0x116FF,  // Burmese
      0x1780...0x17FF,  // Khmer
      0x3041...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9D, 0x1AFF0...0x1B16F,  // kana
      0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x3029, 0x3031...0x3035, 0x3038...0x303C,
      0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:  // Han
      return .unspaced
    default:
      return .word
    }
  }

  private static func computedFolding(_ value: UInt32) -> UInt32 {
    guard let scalar = Unicode.Scalar(value), scalar.properties.changesWhenCaseMapped,
      value != 0x131
    else { return value }
    let upper = single(scalar.properties.uppercaseMapping) ?? scalar
    let lower = single(upper.properties.lowercaseMapping)
    return (lower ?? scalar).value
  }

  private static func single(_ mapping: String) -> Unicode.Scalar? {
    mapping.unicodeScalars.count == 1 ? mapping.unicodeScalars.first : nil
  }
}
