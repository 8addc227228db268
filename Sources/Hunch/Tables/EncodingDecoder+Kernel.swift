import Foundation

/// Turns bytes of a named encoding into UTF-8, piece by piece, with the system's `iconv`.
final class EncodingDecoder {
  private let handle: iconv_t
  /// Bytes of a character whose end is not read yet.
  private var pending: [UInt8] = []

  /// What stands for bytes that are no character: never part of UTF-8, so that the row is rejected.
  private static let invalid: UInt8 = 0xFF

  /// Creates a decoder; `nil` where the system does not know the encoding.
  // SAFETY: `iconv_open` reads two NUL-terminated strings and returns a descriptor, or the pointer
  // with all bits set, which is told apart by its bits and never used.
  init?(_ name: String) {
    guard let handle = iconv_open("UTF-8", name), Int(bitPattern: handle) != -1 else { return nil }
    self.handle = handle
  }

  deinit { iconv_close(handle) }

  /// The bytes as UTF-8.
  ///
  /// - Parameter isLast: Whether nothing follows, so that half a character is an invalid one.
  func decode(_ bytes: ArraySlice<UInt8>, isLast: Bool) -> [UInt8] {
    var input = pending + bytes
    var output: [UInt8] = []
    // No known encoding gives more than four bytes for one, but for a few that give several marks.
    var block = [UInt8](repeating: 0, count: max(64, input.count * 4))
    var read = 0
    while read < input.count {
      let (taken, made, code) = convert(&input, from: read, into: &block)
      output += block[..<made]
      read += taken
      if code == EILSEQ {
        output.append(Self.invalid)
        read += 1
      } else if code == EINVAL {
        break
      }
    }
    pending = Array(input[min(read, input.count)...])
    if isLast, !pending.isEmpty {
      pending = []
      output.append(Self.invalid)
    }
    return output
  }

  // SAFETY: both pointers come from arrays that live and do not move inside the closures; the
  // counts given are those of the bytes behind each pointer, and `iconv` steps over no more than
  // these. `start` is less than the input's count.
  private func convert(
    _ input: inout [UInt8], from start: Int, into block: inout [UInt8]
  ) -> (taken: Int, made: Int, code: Int32) {
    input.withUnsafeMutableBytes { source in
      block.withUnsafeMutableBytes { target in
        var from = source.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self)
        var to = target.baseAddress?.assumingMemoryBound(to: CChar.self)
        var fromLeft = source.count - start
        var toLeft = target.count
        errno = 0
        let result = iconv(handle, &from, &fromLeft, &to, &toLeft)
        let code = result == -1 ? errno : 0
        return (source.count - start - fromLeft, target.count - toLeft, code)
      }
    }
  }
}
