import Foundation
import Hunch

/// Reads a file or standard input line by line, in constant memory.
struct LineReader {
  private let handle: FileHandle
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  /// Opens a file; `nil` and `-` are standard input.
  init(path: String?) throws(HunchError) {
    guard let path, path != "-" else {
      handle = .standardInput
      return
    }
    guard let handle = FileHandle(forReadingAtPath: path) else { throw .inputMissing(path: path) }
    self.handle = handle
  }

  /// The next line without its line break (LF or CRLF), or `nil` at the end. What is not valid
  /// UTF-8 is read as U+FFFD.
  mutating func next() throws -> String? {
    while true {
      if let end = buffer[start...].firstIndex(of: 0x0A) {
        defer { start = end + 1 }
        return line(start..<end)
      }
      if isAtEnd {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return line(start..<buffer.count)
      }
      buffer.removeSubrange(..<start)
      start = 0
      let block = try handle.read(upToCount: 1 << 16) ?? Data()
      isAtEnd = block.isEmpty
      buffer.append(contentsOf: block)
    }
  }

  private func line(_ range: Range<Int>) -> String {
    let end = range.upperBound
    let hasReturn = !range.isEmpty && buffer[end - 1] == 0x0D
    return String(decoding: buffer[range.lowerBound..<(hasReturn ? end - 1 : end)], as: UTF8.self)
  }
}
