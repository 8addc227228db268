import HunchModels
import HunchText

/// Numbers that stand for bytes, spread evenly and the same on every machine. They are for samples and
/// for telling data apart by chance, not against whoever wants two to be equal.
enum StableHash {
  /// 128 bits.
  // SAFETY: eight bytes are loaded only where so many are left; the others are read one by one. The
  // pointer does not leave the call.
  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt128 {
    var one = VisitingOrder.hash(bytes.count)
    var other = ~one
    func mix(_ word: UInt64) {
      one = (one ^ word) &* 0xBF58_476D_1CE4_E5B9
      one ^= one >> 29
      other = (other ^ word) &* 0x94D0_49BB_1331_11EB
      other ^= other >> 31
    }
    var place = 0
    while place + 8 <= bytes.count {
      mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
      place += 8
    }
    var last: UInt64 = 0
    for (index, byte) in bytes[place...].enumerated() { last |= UInt64(byte) << UInt64(8 * index) }
    mix(last)
    one = VisitingOrder.hash(Int(truncatingIfNeeded: one))
    other = VisitingOrder.hash(Int(truncatingIfNeeded: other))
    return UInt128(one) << 64 | UInt128(other)
  }

  /// The same of a text in UTF-8.
  // SAFETY: the pointer does not leave the closure.
  static func hash(_ text: String) -> UInt128 {
    var text = text
    return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
  }

  /// The sum of the hashes of texts, modulo 2¹²⁸: the same in any order and however texts are cut into
  /// batches.
  static func sum(_ texts: TextBatch) -> UInt128 {
    texts.bytes.withUnsafeBytes { bytes in
      (0..<texts.count).reduce(0) { sum, text in
        sum &+ hash(UnsafeRawBufferPointer(rebasing: bytes[texts.range(at: text)]))
      }
    }
  }
}
