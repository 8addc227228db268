enum ASCIIRun {
  /// The index of the first byte from `start` on that is not ASCII, or one at most 31 before it;
  /// the number of bytes if there is none.
  static func end(in bytes: [UInt8], from start: Int) -> Int {
    precondition(start >= 0 && start <= bytes.count)
    return bytes.withUnsafeBytes { buffer in
      // SAFETY: all reads lie below `count`, the length of the buffer, which outlives the closure.
      let count = buffer.count
      var index = start
      while index + 32 <= count {
        let first = buffer.loadUnaligned(fromByteOffset: index, as: SIMD2<UInt64>.self)
        let second = buffer.loadUnaligned(fromByteOffset: index + 16, as: SIMD2<UInt64>.self)
        let union = first | second
        if (union.x | union.y) & 0x8080_8080_8080_8080 != 0 { return index }
        index += 32
      }
      while index + 8 <= count {
        let word = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        if word & 0x8080_8080_8080_8080 != 0 { return index }
        index += 8
      }
      // What is left is looked at together with bytes before it: a loop over so few is guessed
      // wrongly too often.
      if index < count, count - start >= 8 {
        let word = buffer.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        if word & 0x8080_8080_8080_8080 == 0 { return count }
      }
      while index < count, buffer[index] < 0x80 { index += 1 }
      return index
    }
  }
}
