/// The bytes at the end of an array under construction, with room reserved for all that will come.
// SAFETY: the memory is that which `append(to:capacity:_:)` gets from the array and is only used
// while it does; the buffer cannot be copied and so does not leave the closure. `count` bytes from
// its beginning are initialised, as the array is told. Every write is preceded by a
// check against `capacity`; reads of the source are inside the array, which the range given is
// checked against.
struct ByteBuffer: ~Copyable {
  private let memory: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private(set) var count = 0

  private init(_ memory: UnsafeMutablePointer<UInt8>, capacity: Int) {
    (self.memory, self.capacity) = (memory, capacity)
  }

  /// Adds the bytes that a closure appends to an array.
  ///
  /// - Parameter capacity: The most bytes that it may append; the system provides the memory as it
  ///   is written to, and what the array has already is used first.
  static func append(
    to bytes: inout [UInt8], capacity: Int, _ body: (inout ByteBuffer) -> Void
  ) {
    bytes.append(addingCapacity: max(1, capacity)) { span in
      span.withUnsafeMutableBufferPointer { memory, count in
        guard let base = memory.baseAddress else { return }
        var buffer = ByteBuffer(base, capacity: memory.count)
        body(&buffer)
        count = buffer.count
      }
    }
  }

  /// Appends the folded ASCII characters of a range up to the first other one.
  ///
  /// - Returns: Where it stopped: the end of the range or the first byte that is not ASCII.
  mutating func foldASCII(_ source: [UInt8], _ range: Range<Int>) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= source.count)
    precondition(range.count <= capacity - count, "room for the whole text was reserved")
    return source.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return range.lowerBound }
      var index = range.lowerBound
      // Eight bytes at a time, the last of them with what follows the range, which is overwritten.
      let target = UnsafeMutableRawPointer(memory + count) - index
      let limit = min(range.upperBound, buffer.count - 7, index + capacity - count - 7)
      while index < limit {
        let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
        guard word & 0x8080_8080_8080_8080 == 0 else { break }
        // The top bit of each byte says whether it is from A on, and whether it is beyond Z.
        let fromA = word &+ 0x3F3F_3F3F_3F3F_3F3F
        let beyondZ = word &+ 0x2525_2525_2525_2525
        let capitals = fromA & ~beyondZ & 0x8080_8080_8080_8080
        target.storeBytes(of: word | capitals >> 2, toByteOffset: index, as: UInt64.self)
        index += 8
      }
      index = min(index, range.upperBound)
      while index < range.upperBound, base[index] < 0x80 {
        let byte = base[index]
        let folded = byte &- 0x41 < 26 ? byte | 0x20 : byte
        target.storeBytes(of: folded, toByteOffset: index, as: UInt8.self)
        index += 1
      }
      count += index - range.lowerBound
      return index
    }
  }

  mutating func append(byte: UInt8) {
    precondition(count < capacity, "room for the whole text was reserved")
    memory[count] = byte
    count += 1
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
}
