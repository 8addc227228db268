/// Finds the few documents of a batch that hold something rare, so that all others need no second
/// look: eight ASCII characters are passed at a time.
package struct RareScalars: Sendable {
  /// For each byte, whether a scalar that begins with it may be rare; never for ASCII.
  private let leads: [Bool]
  private let isRare: @Sendable (_ scalar: UInt32, _ before: UInt32?) -> Bool

  /// Says what is rare.
  ///
  /// - Parameters:
  ///   - scalars: Ranges beyond ASCII outside of which nothing is rare.
  ///   - isRare: Whether a scalar in one of the ranges is, given the one before it in the document.
  package init(
    in scalars: [ClosedRange<UInt32>],
    where isRare: @escaping @Sendable (_ scalar: UInt32, _ before: UInt32?) -> Bool
  ) {
    var leads = [Bool](repeating: false, count: 256)
    var bytes: [UInt8] = []
    for range in scalars {
      // Scalars of one block of 64 begin with the same byte.
      for block in range.lowerBound >> 6...range.upperBound >> 6 {
        bytes.removeAll(keepingCapacity: true)
        UTF8Decoding.encode(block << 6, into: &bytes)
        leads[Int(bytes[0])] = true
      }
    }
    (self.leads, self.isRare) = (leads, isRare)
  }

  /// The documents with a rare scalar, ascending.
  ///
  /// - Parameter blanks: Whether white space of ASCII is rare too, but for single spaces.
  /// - Complexity: O(bytes).
  // SAFETY: words are read at places of which seven more bytes lie below `count`, the length of the
  // buffer; single bytes are read below `count`, and `leads` has an entry for every byte. Both
  // buffers outlive the closures. Scalars are decoded by code that checks its bounds.
  package func documents(of batch: TextBatch, blanks: Bool) -> [Int] {
    var found: [Int] = []
    var document = 0
    let (bytes, offsets) = (batch.bytes, batch.offsets)
    bytes.withUnsafeBytes { buffer in
      leads.withUnsafeBufferPointer { leads in
        let count = buffer.count
        var index = 0
        while index < count {
          var end = min(index + 8, count)
          if end == index + 8 {
            let word = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if !Self.isSuspect(word, blanks: blanks) {
              // A space at the end may have another behind it.
              let last = UInt8(truncatingIfNeeded: word >> 56)
              index = blanks && last == 0x20 && index + 8 < count ? index + 7 : end
              if index + 1 != end { continue }
              end = min(end + 1, count)
            }
          }
          while index < end {
            let byte = buffer[index]
            if byte < 0x80 ? blanks && byte <= 0x20 : leads[Int(byte)] {
              while offsets[document + 1] <= index { document += 1 }
              if isRare(bytes, index, offsets[document]) {
                found.append(document)
                // The rest of the document has nothing to add.
                index = offsets[document + 1]
                break
              }
            }
            index += 1
          }
        }
      }
    }
    return found
  }

  /// Whether one of eight bytes is not ASCII or, if asked for, a control character or a space behind
  /// a space; sometimes where none is.
  @inline(__always)
  private static func isSuspect(_ word: UInt64, blanks: Bool) -> Bool {
    let tops: UInt64 = 0x8080_8080_8080_8080
    if word & tops != 0 { return true }
    if !blanks { return false }
    let controls = (word &- 0x2020_2020_2020_2020) & tops
    let others = word ^ 0x2020_2020_2020_2020
    let spaces = (others &- 0x0101_0101_0101_0101) & ~others & tops
    return (controls | spaces & spaces << 8) != 0
  }

  private func isRare(_ bytes: [UInt8], _ index: Int, _ start: Int) -> Bool {
    let byte = bytes[index]
    if byte < 0x80 {
      if byte == 0x20 { return index > start && bytes[index - 1] == 0x20 }
      return (0x09...0x0D).contains(byte)
    }
    let scalar = UTF8Decoding.scalar(in: bytes, at: index).value
    return isRare(scalar, index > start ? UTF8Decoding.scalar(in: bytes, before: index) : nil)
  }
}
