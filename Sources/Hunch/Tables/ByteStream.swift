/// A file seen through a window of bytes that moves forward.
///
/// The window begins at ``start``, where the row under way begins; it grows by whole blocks and
/// forgets what was consumed, so that memory follows the longest row, not the file.
final class ByteStream {
  /// The storage; valid between ``start`` and ``end``.
  private(set) var bytes: [UInt8] = []
  private(set) var start = 0
  private(set) var end = 0
  /// The line on which ``start`` stands, from 1.
  var line = 1
  private var isExhausted = false
  private var file: InputFile
  private let blockSize: Int

  init(_ file: InputFile, blockSize: Int) {
    self.file = file
    self.blockSize = max(1, blockSize)
  }

  var path: String { file.path }
  /// The bytes in the window.
  var available: Int { end - start }

  /// Appends a block to the window.
  ///
  /// - Returns: Whether there was anything left to read.
  func fill() throws(TableError) -> Bool {
    if isExhausted { return false }
    if start > 0 {
      bytes.moveToFront(start..<end)
      (start, end) = (0, available)
    }
    // A long row reads as much again as it has, so that its bytes are moved O(1) times each.
    let wanted = max(blockSize, min(end, 1 << 24))
    if bytes.count < end + wanted {
      bytes += [UInt8](repeating: 0, count: end + wanted - bytes.count)
    }
    let received = try file.read(into: &bytes, at: end, count: wanted)
    end += received
    isExhausted = received == 0
    return !isExhausted
  }

  /// Moves the beginning of the window forward.
  func consume(_ count: Int) { start += count }

  /// Skips a byte-order mark at the beginning of the file.
  func skipByteOrderMark() throws(TableError) {
    while available < 3, try fill() {}
    let mark = Array(bytes[start..<min(end, start + 3)])
    if mark == [0xEF, 0xBB, 0xBF] { consume(3) }
    if mark.starts(with: [0xFF, 0xFE]) || mark.starts(with: [0xFE, 0xFF]) {
      throw .notUTF8(path: path)
    }
  }

  /// Begins again, from a copy where the file itself cannot be read twice.
  func rewind() throws(TableError) {
    try file.rewind()
    (start, end, line, isExhausted) = (0, 0, 1, false)
  }

  /// Makes sure that the file can be read twice.
  func makeRewindable() throws(TableError) {
    if !file.isRewindable { file = try file.spooled() }
  }
}
