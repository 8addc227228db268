import HunchModels
package import HunchText

/// Numbers that stand for bytes, spread evenly and the same on every machine. They are for samples and
/// for telling data apart by chance, not against whoever wants two to be equal.
package enum StableHash {
  /// 128 bits.
  // SAFETY: eight bytes are loaded only where so many are left, or the last eight where there are so
  // many; else they are read one by one. The pointer does not leave the call.
  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt128 {
    func word(_ place: Int) -> UInt64 {
      let missing = place + 8 - bytes.count
      if missing >= 8 { return 0 }
      if bytes.count >= 8 {
        let start = place - max(0, missing)
        let word = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        return UInt64(littleEndian: word) >> UInt64(8 * max(0, missing))
      }
      var word: UInt64 = 0
      for index in place..<bytes.count {
        word |= UInt64(bytes[index]) << UInt64(8 * (index - place))
      }
      return word
    }
    // Both halves of the product of two words, as in wyhash (Wang Yi).
    var state = UInt64(truncatingIfNeeded: bytes.count)
    var sum = ~state
    for place in stride(from: 0, to: bytes.count, by: 16) {
      let factor = word(place) ^ 0xBF58_476D_1CE4_E5B9
      let product = (word(place + 8) ^ state ^ 0x94D0_49BB_1331_11EB)
        .multipliedFullWidth(by: factor)
      state = product.high ^ product.low
      sum = sum &* 0x9E37_79B9_7F4A_7C15 &+ state
    }
    let one = VisitingOrder.hash(Int(truncatingIfNeeded: state))
    return UInt128(one) << 64 | UInt128(VisitingOrder.hash(Int(truncatingIfNeeded: sum)))
  }

  /// The same of a text in UTF-8.
  // SAFETY: the pointer does not leave the closure.
  package static func hash(_ text: String) -> UInt128 {
    var text = text
    return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
  }

  /// The sum of the hashes of texts, modulo 2¹²⁸: the same in any order and however texts are cut into
  /// batches.
  package static func sum(_ texts: TextBatch) -> UInt128 {
    texts.bytes.withUnsafeBytes { bytes in
      (0..<texts.count).reduce(0) { sum, text in
        sum &+ hash(UnsafeRawBufferPointer(rebasing: bytes[texts.range(at: text)]))
      }
    }
  }
}
