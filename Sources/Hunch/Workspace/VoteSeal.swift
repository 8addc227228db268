/// Tells the votes of one function on one chunk from all other votes and from damaged ones.
///
/// SQLite does not notice when bytes of its file change, be it by a failing disk or by a copy that
/// was interrupted. Votes therefore carry a checksum that also covers whose votes they are: by the
/// chunk's content and the function's fingerprint, not by the numbers that stand for them in the
/// file.
package struct VoteSeal: Sendable {
  private let start: UInt64

  /// The seal of a function's votes on a chunk.
  package init(chunk: String, function: String) {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for text in [chunk, function] {
      for byte in text.utf8 { state = Self.step(state, byte) }
      state = Self.step(state, 0xFF)  // in no text, so the two cannot run into each other
    }
    start = state
  }

  /// The bytes with their checksum behind them.
  package func sealed(_ bytes: [UInt8]) -> [UInt8] {
    let sum = checksum(bytes[...])
    return bytes + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
  }

  /// The bytes that were sealed; `nil` where they are others, or another's.
  package func opened(_ sealed: [UInt8]) -> [UInt8]? {
    guard sealed.count >= 4 else { return nil }
    let bytes = sealed.dropLast(4)
    let sum = checksum(bytes)
    for (index, byte) in sealed.suffix(4).enumerated()
    where byte != UInt8(truncatingIfNeeded: sum >> (8 * index)) { return nil }
    return Array(bytes)
  }

  /// FNV-1a in 64 bits, folded to 32.
  private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var state = start
    for byte in bytes { state = Self.step(state, byte) }
    return UInt32(truncatingIfNeeded: state ^ (state >> 32))
  }

  private static func step(_ state: UInt64, _ byte: UInt8) -> UInt64 {
    (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }
}
