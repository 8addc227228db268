import Foundation
package import HunchLabeling

/// Files of what was compiled of knowledge bases: a header with the sizes of all parts, the parts,
/// and a checksum. Numbers are written as they stand in memory, which the first one tells.
package enum KnowledgeFile {
  static let version = 1

  private static let magic: UInt64 = 0x6275_6E63_682D_6B62

  // MARK: - Writing

  /// Replaces a file; leaves nothing behind where that fails.
  package static func write(_ parts: KnowledgeParts, to path: String) {
    let texts = parts.texts.map { Array($0.utf8) }
    let counts: [[Int]] = [
      [parts.numbers.count], texts.map(\.count), parts.bytes.map(\.count),
      parts.narrow.map(\.count), parts.rows.map(\.count), parts.wide.map(\.count),
    ]
    do {
      let file = try ReplacedFile(path: path, links: .refused)
      var writer = Writer(output: OutputFile(path: path, descriptor: file.descriptor))
      try writer.write([magic, UInt64(version)] + counts.map { UInt64($0.count) })
      try writer.write(counts.flatMap { $0 }.map { UInt64($0) })
      try writer.write(parts.numbers)
      for text in texts { try writer.write(text) }
      for part in parts.wide { try writer.write(part) }
      for part in parts.narrow { try writer.write(part) }
      for part in parts.rows { try writer.write(part) }
      for part in parts.bytes { try writer.write(part) }
      try writer.write([writer.checksum.value])
      try file.publish()
    } catch {
      // It is compiled again next time.
    }
  }

  private struct Writer {
    let output: OutputFile
    private(set) var checksum = Checksum()

    // SAFETY: the bytes are used only while the array's buffer lives, in the closure.
    mutating func write<Element: BitwiseCopyable>(_ part: [Element]) throws {
      try part.withUnsafeBytes { bytes in
        checksum.add(bytes)
        try output.write(bytes)
      }
    }
  }

  // MARK: - Reading

  /// What a file holds; `nil` if it is not there, damaged or of another version.
  package static func read(_ path: String) -> KnowledgeParts? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    // SAFETY: `fstat` fills the structure that it is given, which outlives the call.
    guard fstat(descriptor, &status) == 0 else { return nil }
    var reader = Reader(descriptor: descriptor, left: Int(status.st_size))
    guard let header = reader.read(8, of: UInt64.self), header[0] == magic,
      header[1] == UInt64(version), header[2] == 1, header[3...].allSatisfy({ $0 < 1 << 20 }),
      let sizes = reader.read(header[2...].reduce(0) { $0 + Int($1) }, of: UInt64.self)
    else { return nil }
    var counts = sizes.map { Int(clamping: $0) }[...]
    var kinds: [[Int]] = []
    for count in header[2...] {
      kinds.append(Array(counts.prefix(Int(count))))
      counts = counts.dropFirst(Int(count))
    }
    guard let numbers = reader.read(kinds[0][0], of: Int.self),
      let texts = reader.read(kinds[1], of: UInt8.self),
      let wide = reader.read(kinds[5], of: UInt64.self),
      let narrow = reader.read(kinds[3], of: UInt32.self),
      let rows = reader.read(kinds[4], of: Int32.self),
      let bytes = reader.read(kinds[2], of: UInt8.self)
    else { return nil }
    let checksum = reader.checksum.value
    guard reader.read(1, of: UInt64.self) == [checksum], reader.left == 0 else { return nil }
    var parts = KnowledgeParts()
    (parts.numbers, parts.wide, parts.narrow, parts.rows) = (numbers, wide, narrow, rows)
    (parts.bytes, parts.texts) = (bytes, texts.map { String(decoding: $0, as: UTF8.self) })
    return parts
  }

  // SAFETY: the array is made with room for `count` elements, of which `size` bytes are read, and all
  // of them are declared initialized only when all have been read; the element types have no invalid
  // bit patterns. `size` is at most what the file has left, so a wrong count takes no memory.
  private struct Reader {
    let descriptor: Int32
    private(set) var left: Int
    private(set) var checksum = Checksum()

    mutating func read<Element: BitwiseCopyable>(
      _ counts: [Int], of type: Element.Type
    ) -> [[Element]]? {
      var parts: [[Element]] = []
      for count in counts {
        guard let part = read(count, of: type) else { return nil }
        parts.append(part)
      }
      return parts
    }

    mutating func read<Element: BitwiseCopyable>(
      _ count: Int, of type: Element.Type
    ) -> [Element]? {
      let stride = MemoryLayout<Element>.stride
      guard count >= 0, count <= left / stride else { return nil }
      let size = count * stride
      left -= size
      var isRead = false
      let part = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        let raw = UnsafeMutableRawBufferPointer(buffer)
        var done = 0
        while done < size {
          let received = Foundation.read(
            descriptor, raw.baseAddress.map { $0 + done }, min(size - done, 1 << 26))
          if received < 0, errno == EINTR { continue }
          if received <= 0 { return }
          done += received
        }
        checksum.add(UnsafeRawBufferPointer(rebasing: raw[..<size]))
        initialized = count
        isRead = true
      }
      return isRead ? part : nil
    }
  }

  /// A checksum of eight bytes at a time in four lanes, about as fast as memory: it finds damage, and
  /// withstands no adversary.
  struct Checksum {
    private var lanes = SIMD4<UInt64>(1, 2, 3, 4)
    private var length: UInt64 = 0

    var value: UInt64 {
      var sum = length
      for lane in 0..<4 { sum = (sum ^ lanes[lane] ^ lanes[lane] >> 32) &* Self.factor }
      return sum ^ sum >> 29
    }

    private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

    // SAFETY: loads of 32 and 8 bytes begin at least as many before the end of the buffer.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
      length &+= UInt64(bytes.count)
      var index = 0
      var lanes = self.lanes
      let factors = SIMD4<UInt64>(repeating: Self.factor)
      while index + 32 <= bytes.count {
        let words = bytes.loadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self)
        lanes = (lanes ^ words) &* factors
        lanes ^= lanes &>> 29
        index += 32
      }
      var lane = 0
      while index < bytes.count {
        var word: UInt64 = 0x80
        for place in index..<min(index + 7, bytes.count) { word = word << 8 | UInt64(bytes[place]) }
        lanes[lane & 3] = (lanes[lane & 3] ^ word) &* Self.factor
        lanes[lane & 3] ^= lanes[lane & 3] >> 29
        lane += 1
        index += 7
      }
      self.lanes = lanes
    }
  }
}
