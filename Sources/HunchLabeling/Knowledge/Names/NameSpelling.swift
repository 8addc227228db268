internal import Foundation
internal import HunchText

/// The spellings in which a name is searched for, as bytes of a text that ``NameTexts`` has prepared
/// for the same options.
struct NameSpelling {
  let options: GazetteerOptions

  /// The spellings without plurals, the decomposed one first: it stands for all names that are the
  /// same by Unicode's canonical equivalence. None for a name of white space.
  func forms(of name: some StringProtocol) -> [[UInt8]] {
    if name.utf8.allSatisfy({ $0 < 0x80 }) {
      let bytes = collapsed(Array(name.utf8))
      return bytes.isEmpty ? [] : [options.contains(.caseSensitive) ? bytes : Self.lowered(bytes)]
    }
    let base =
      options.isDisjoint(with: [.caseSensitive, .ignoringDiacritics])
      ? CaseFolding.folded(String(name)) : String(name)
    var forms: [[UInt8]] = []
    for form in [
      base.decomposedStringWithCanonicalMapping, base, base.precomposedStringWithCanonicalMapping,
    ] {
      let bytes = collapsed(prepared(form))
      if !bytes.isEmpty, !forms.contains(bytes) { forms.append(bytes) }
    }
    return forms
  }

  /// The plurals of a spelling; see ``GazetteerOptions/plurals``.
  static func plurals(of form: [UInt8]) -> [[UInt8]] {
    let last = form.suffix(2).filter(isLetter).map { $0 | 0x20 }
    guard last.count == 2 else { return [] }
    let vowels = Array("aeiou".utf8)
    switch (last[0], last[1]) {
    case (let before, UInt8(ascii: "y")) where !vowels.contains(before):
      return [form.dropLast() + Array("ies".utf8)]
    case (_, UInt8(ascii: "s")), (_, UInt8(ascii: "x")), (_, UInt8(ascii: "z")),
      (UInt8(ascii: "c"), UInt8(ascii: "h")), (UInt8(ascii: "s"), UInt8(ascii: "h")):
      return [form + Array("es".utf8)]
    case (_, UInt8(ascii: "o")):
      return [form + Array("s".utf8), form + Array("es".utf8)]
    default:
      return [form + Array("s".utf8)]
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  private static func lowered(_ bytes: [UInt8]) -> [UInt8] {
    bytes.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
  }

  private func prepared(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var scalars: [UInt32] = []
    for scalar in text.unicodeScalars {
      NameTexts.prepare(scalar.value, options, &scalars, into: &bytes)
    }
    return bytes
  }

  /// Without white space at the ends, one space for every run between.
  private func collapsed(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var isSpaced = false
    var index = 0
    while index < bytes.count {
      let (scalar, next) = UTF8Decoding.scalar(in: bytes, at: index)
      if NameLetters.isWhite(scalar) {
        isSpaced = !result.isEmpty
      } else {
        if isSpaced { result.append(0x20) }
        isSpaced = false
        result.append(contentsOf: bytes[index..<next])
      }
      index = next
    }
    return result
  }
}
