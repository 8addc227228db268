/// Writes numbers and texts as little-endian bytes.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ value: some FixedWidthInteger) {
    var rest = value
    for _ in 0..<value.bitWidth / 8 {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }
  mutating func write(_ value: Float) { write(value.bitPattern) }
  mutating func write(_ value: Double) { write(value.bitPattern) }
  mutating func write(_ value: Bool) { write(UInt8(value ? 1 : 0)) }
  mutating func write(_ text: String) {
    write(UInt32(truncatingIfNeeded: text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }
  mutating func write(_ values: [Float]) {
    var raw = RawBytes()
    raw.append(values.map { $0.bitPattern.littleEndian })
    bytes += raw.content
  }
  mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }
  mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }
}

/// Reads what ``ByteWriter`` writes, never past the end.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var index: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    index = bytes.startIndex
  }

  /// The number of bytes not read yet.
  var remaining: Int { bytes.endIndex - index }

  mutating func integer<Value: FixedWidthInteger>(
    _: Value.Type = Value.self
  ) throws(ModelFileError) -> Value {
    let size = Value.bitWidth / 8
    guard remaining >= size else { throw .invalidContent("a number is missing") }
    var value: Value = 0
    for offset in (0..<size).reversed() {
      value = value << 8 | Value(truncatingIfNeeded: bytes[index + offset])
    }
    index += size
    return value
  }

  /// A number that was written as 64 bits and is not negative.
  mutating func count() throws(ModelFileError) -> Int {
    guard let value = Int(exactly: try integer(UInt64.self)) else {
      throw .invalidContent("a number is too large")
    }
    return value
  }

  /// The number of elements of a table that follows, checked against the bytes that are left, so
  /// that a wrong number never leads to a large allocation.
  mutating func count(elementSize: Int) throws(ModelFileError) -> Int {
    let value = try count()
    guard value <= remaining / max(1, elementSize) else {
      throw .invalidContent("a table is longer than the file")
    }
    return value
  }

  mutating func float() throws(ModelFileError) -> Float { Float(bitPattern: try integer()) }
  mutating func double() throws(ModelFileError) -> Double { Double(bitPattern: try integer()) }
  mutating func bool() throws(ModelFileError) -> Bool { try integer(UInt8.self) == 1 }

  mutating func text() throws(ModelFileError) -> String {
    let length = Int(try integer(UInt32.self))
    guard length <= remaining else { throw .invalidContent("a text is longer than the file") }
    defer { index += length }
    return String(decoding: bytes[index..<index + length], as: UTF8.self)
  }

  mutating func bytes(_ count: Int) throws(ModelFileError) -> [UInt8] {
    guard count >= 0, count <= remaining else { throw .invalidContent("a table is missing") }
    defer { index += count }
    return Array(bytes[index..<index + count])
  }

  mutating func floats(_ count: Int) throws(ModelFileError) -> [Float] {
    guard count >= 0, count <= remaining / 4 else { throw .invalidContent("a table is missing") }
    var raw = RawBytes(try bytes(4 * count))
    let values = raw.next(count).map { Float(bitPattern: UInt32(littleEndian: $0)) }
    guard values.allSatisfy(\.isFinite) else { throw .invalidContent("a number is not finite") }
    return values
  }
}

/// CRC-32 as in ISO 3309, Ethernet and ZIP: polynomial 0x04C11DB7, reflected. It finds every
/// error of up to 32 bits in a row.
package enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
    }
  }

  /// The checksum of some bytes.
  package static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    let table = self.table
    var value: UInt32 = 0xFFFF_FFFF
    for byte in bytes { value = value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] }
    return ~value
  }
}
