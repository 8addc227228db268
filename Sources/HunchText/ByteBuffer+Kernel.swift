/// Bytes under construction, with room reserved for all that will come.
// SAFETY: the memory is allocated here, freed in `finish` or `deinit`, and never leaves the type,
// which cannot be copied. Every write is preceded by a check against `capacity`; reads of the
// source are inside the range that the caller gives, which is checked against the array.
struct ByteBuffer: ~Copyable {
  private let memory: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private(set) var count = 0

  /// Reserves memory; the system provides it as it is written to.
  init(capacity: Int) {
    self.capacity = capacity
    memory = .allocate(capacity: max(1, capacity))
  }

  deinit { memory.deallocate() }

  /// Appends the folded ASCII characters of a range up to the first other one.
  ///
  /// - Returns: Where it stopped: the end of the range or the first byte that is not ASCII.
  mutating func foldASCII(_ source: [UInt8], _ range: Range<Int>) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= source.count)
    precondition(range.count <= capacity - count, "room for the whole text was reserved")
    return source.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return range.lowerBound }
      var index = range.lowerBound
      var target = memory + count
      while index + 8 <= range.upperBound {
        let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
        guard word & 0x8080_8080_8080_8080 == 0 else { break }
        // The top bit of each byte says whether it is from A on, and whether it is beyond Z.
        let fromA = word &+ 0x3F3F_3F3F_3F3F_3F3F
        let beyondZ = word &+ 0x2525_2525_2525_2525
        let capitals = fromA & ~beyondZ & 0x8080_8080_8080_8080
        UnsafeMutableRawPointer(target).storeBytes(of: word | capitals >> 2, as: UInt64.self)
        index += 8
        target += 8
      }
      while index < range.upperBound, base[index] < 0x80 {
        let byte = base[index]
        target.pointee = byte &- 0x41 < 26 ? byte | 0x20 : byte
        index += 1
        target += 1
      }
      count = target - memory
      return index
    }
  }

  /// Appends a scalar as UTF-8 and returns its length.
  mutating func append(_ scalar: UInt32) -> Int {
    precondition(capacity - count >= 4, "room for the whole text was reserved")
    let target = memory + count
    let length: Int
    if scalar < 0x80 {
      target[0] = UInt8(truncatingIfNeeded: scalar)
      length = 1
    } else if scalar < 0x800 {
      target[0] = UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
      target[1] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
      length = 2
    } else if scalar < 0x10000 {
      target[0] = UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
      target[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
      target[2] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
      length = 3
    } else {
      target[0] = UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
      target[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F)
      target[2] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
      target[3] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
      length = 4
    }
    count += length
    return length
  }

  /// The bytes as an array.
  consuming func finish() -> [UInt8] {
    [UInt8](UnsafeBufferPointer(start: memory, count: count))
  }
}
