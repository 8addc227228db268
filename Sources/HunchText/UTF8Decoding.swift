/// Reads and writes scalars in arrays of UTF-8.
public enum UTF8Decoding {
  /// The scalar that begins at `index` of valid UTF-8, and the index after it.
  @inlinable
  public static func scalar(in bytes: [UInt8], at index: Int) -> (value: UInt32, next: Int) {
    let first = UInt32(bytes[index])
    if first < 0x80 { return (first, index + 1) }
    let second = UInt32(bytes[index + 1] & 0x3F)
    if first < 0xE0 { return ((first & 0x1F) << 6 | second, index + 2) }
    let third = UInt32(bytes[index + 2] & 0x3F)
    if first < 0xF0 { return ((first & 0x0F) << 12 | second << 6 | third, index + 3) }
    let fourth = UInt32(bytes[index + 3] & 0x3F)
    return ((first & 0x07) << 18 | second << 12 | third << 6 | fourth, index + 4)
  }

  /// The scalar that ends before `index` of valid UTF-8.
  ///
  /// - Precondition: `index` is greater than 0 and stands between two scalars.
  @inlinable
  public static func scalar(in bytes: [UInt8], before index: Int) -> UInt32 {
    var start = index - 1
    while bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return scalar(in: bytes, at: start).value
  }

  /// Appends a scalar as UTF-8.
  @inlinable
  public static func encode(_ scalar: UInt32, into bytes: inout [UInt8]) {
    if scalar < 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: scalar))
      return
    }
    if scalar < 0x800 {
      bytes.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
    } else {
      if scalar < 0x10000 {
        bytes.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
      } else {
        bytes.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
        bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
      }
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
    }
    bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
  }

  /// Whether the bytes from `start` to the end are well-formed UTF-8 (Unicode 15, table 3-7).
  static func isValid(_ bytes: [UInt8], from start: Int) -> Bool {
    var index = ASCIIRun.end(in: bytes, from: start)
    let end = bytes.count
    while index < end {
      let first = bytes[index]
      if first < 0x80 {
        index += 1
        continue
      }
      let length: Int
      var lowest: UInt8 = 0x80
      var highest: UInt8 = 0xBF
      switch first {
      case 0xC2...0xDF: length = 2
      case 0xE0: (length, lowest) = (3, 0xA0)
      case 0xED: (length, highest) = (3, 0x9F)
      case 0xE1...0xEF: length = 3
      case 0xF0: (length, lowest) = (4, 0x90)
      case 0xF1...0xF3: length = 4
      case 0xF4: (length, highest) = (4, 0x8F)
      default: return false
      }
      guard index + length <= end, bytes[index + 1] >= lowest, bytes[index + 1] <= highest else {
        return false
      }
      for offset in 2..<max(2, length) where bytes[index + offset] & 0xC0 != 0x80 { return false }
      index += length
    }
    return true
  }
}
