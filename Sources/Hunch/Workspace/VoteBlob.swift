package import HunchLabeling

/// One function's votes on one chunk, as bytes. Votes for one class stand here, others in
/// ``StoredVotes``.
///
/// The first byte names the encoding; the shortest of three is used:
/// - 0: abstains everywhere; nothing follows.
/// - 1: sparse: for each vote its document offset and class, two little-endian 16-bit numbers.
/// - 2: one class: the class as a 16-bit number, then one bit per document, lowest bit first.
/// - 3: dense: a 16-bit number per document, -1 where the function abstains.
package enum VoteBlob {
  package static func encode(_ column: VoteColumn, count: Int) -> [UInt8] {
    switch column {
    case .dense(let votes): return encode(votes)
    case .sparse(let documents, let vote):
      if documents.isEmpty || vote < 0 { return [0] }
      var bytes: [UInt8]
      if 4 * documents.count <= min(2 + (count + 7) / 8, 2 * count) {
        bytes = [1]
        bytes.reserveCapacity(1 + 4 * documents.count)
        for document in documents {
          append(UInt16(document), to: &bytes)
          append(UInt16(bitPattern: vote), to: &bytes)
        }
      } else {
        bytes = [2]
        append(UInt16(bitPattern: vote), to: &bytes)
        bytes.append(contentsOf: repeatElement(0, count: (count + 7) / 8))
        for document in documents { bytes[3 + Int(document) / 8] |= 1 << UInt8(document & 7) }
      }
      return bytes
    }
  }

  /// Encodes a column; an empty one abstains everywhere.
  package static func encode(_ column: [Int16]) -> [UInt8] {
    var votes = 0
    var isUnipolar = true
    var first: Int16 = -1
    for vote in column where vote >= 0 {
      if first < 0 { first = vote }
      if vote != first { isUnipolar = false }
      votes += 1
    }
    if votes == 0 { return [0] }
    let bitmapSize = isUnipolar ? 2 + (column.count + 7) / 8 : Int.max
    if 4 * votes <= min(bitmapSize, 2 * column.count) { return sparse(column) }
    return isUnipolar ? bitmap(column, first) : dense(column)
  }

  /// Decodes a column of `count` documents; empty when it abstains everywhere, `nil` when the
  /// bytes are not an encoding of such a column.
  package static func decode(_ bytes: [UInt8], count: Int) -> [Int16]? {
    guard let kind = bytes.first else { return nil }
    switch kind {
    case 0: return bytes.count == 1 ? [] : nil
    case 1: return decodeSparse(bytes, count)
    case 2: return decodeBitmap(bytes, count)
    case 3: return decodeDense(bytes, count)
    default: return nil
    }
  }

  // MARK: - Encodings

  private static func sparse(_ column: [Int16]) -> [UInt8] {
    var bytes: [UInt8] = [1]
    for (offset, vote) in column.enumerated() where vote >= 0 {
      append(UInt16(offset), to: &bytes)
      append(UInt16(bitPattern: vote), to: &bytes)
    }
    return bytes
  }

  private static func bitmap(_ column: [Int16], _ vote: Int16) -> [UInt8] {
    var bytes: [UInt8] = [2]
    append(UInt16(bitPattern: vote), to: &bytes)
    bytes.append(contentsOf: repeatElement(0, count: (column.count + 7) / 8))
    for (offset, vote) in column.enumerated() where vote >= 0 {
      bytes[3 + offset / 8] |= 1 << UInt8(offset % 8)
    }
    return bytes
  }

  private static func dense(_ column: [Int16]) -> [UInt8] {
    var bytes: [UInt8] = [3]
    for vote in column { append(UInt16(bitPattern: vote), to: &bytes) }
    return bytes
  }

  private static func decodeSparse(_ bytes: [UInt8], _ count: Int) -> [Int16]? {
    guard bytes.count % 4 == 1 else { return nil }
    var column = [Int16](repeating: -1, count: count)
    for start in stride(from: 1, to: bytes.count, by: 4) {
      let offset = Int(number(bytes, start))
      let vote = Int16(bitPattern: number(bytes, start + 2))
      guard offset < count, vote >= 0 else { return nil }
      column[offset] = vote
    }
    return column
  }

  private static func decodeBitmap(_ bytes: [UInt8], _ count: Int) -> [Int16]? {
    guard bytes.count == 3 + (count + 7) / 8 else { return nil }
    let vote = Int16(bitPattern: number(bytes, 1))
    guard vote >= 0 else { return nil }
    var column = [Int16](repeating: -1, count: count)
    for byte in 3..<bytes.count where bytes[byte] != 0 {
      for bit in 0..<8 where bytes[byte] & (1 << UInt8(bit)) != 0 {
        let offset = (byte - 3) * 8 + bit
        guard offset < count else { return nil }
        column[offset] = vote
      }
    }
    return column
  }

  private static func decodeDense(_ bytes: [UInt8], _ count: Int) -> [Int16]? {
    guard bytes.count == 1 + 2 * count else { return nil }
    var column = [Int16](repeating: -1, count: count)
    for offset in 0..<count {
      let vote = Int16(bitPattern: number(bytes, 1 + 2 * offset))
      guard vote >= -1 else { return nil }
      column[offset] = vote
    }
    return column
  }

  private static func append(_ number: UInt16, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: number))
    bytes.append(UInt8(truncatingIfNeeded: number >> 8))
  }

  private static func number(_ bytes: [UInt8], _ start: Int) -> UInt16 {
    UInt16(bytes[start]) | UInt16(bytes[start + 1]) << 8
  }
}
