import Foundation

/// A file open for reading, or standard input.
final class InputFile {
  let path: String
  private let descriptor: Int32
  private let isOwned: Bool

  init(path: String) throws(TableError) {
    self.path = path
    isOwned = path != TablePath.standard
    descriptor = isOwned ? open(path, O_RDONLY | O_CLOEXEC) : 0
    if descriptor < 0 {
      throw errno == ENOENT
        ? .missing(path: path) : .unreadable(path: path, problem: SystemError.text(errno))
    }
  }

  deinit { if isOwned { close(descriptor) } }

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
    isOwned = true
  }

  /// Whether the file can be read a second time.
  var isRewindable: Bool { lseek(descriptor, 0, SEEK_CUR) >= 0 }

  /// Goes back to the beginning.
  func rewind() throws(TableError) {
    if lseek(descriptor, 0, SEEK_SET) < 0 {
      throw .unreadable(path: path, problem: SystemError.text(errno))
    }
  }

  /// Reads up to `count` bytes into `buffer` from `offset` on; 0 at the end of the file.
  // SAFETY: the precondition keeps the bytes that `read` may write inside the buffer, which lives
  // and does not move for the length of the closure.
  func read(into buffer: inout [UInt8], at offset: Int, count: Int) throws(TableError) -> Int {
    precondition(offset >= 0 && count >= 0 && offset + count <= buffer.count)
    while true {
      let received = buffer.withUnsafeMutableBytes { bytes in
        Foundation.read(descriptor, bytes.baseAddress?.advanced(by: offset), count)
      }
      if received >= 0 { return received }
      if errno != EINTR {
        throw .unreadable(path: path, problem: SystemError.text(errno))
      }
    }
  }

  /// A copy of a file that cannot be rewound, such as a pipe, in a temporary file without a name.
  func spooled() throws(TableError) -> InputFile {
    let template = NSTemporaryDirectory() + "hunch-spool-XXXXXX"
    var name = Array(template.utf8CString)
    // SAFETY: `mkstemp` replaces the six X of the NUL-terminated array in place.
    let copy = name.withUnsafeMutableBufferPointer { characters -> Int32 in
      guard let base = characters.baseAddress else { return -1 }
      let descriptor = mkstemp(base)
      if descriptor >= 0 { unlink(base) }
      return descriptor
    }
    if copy < 0 { throw .cannotCreate(path: template, problem: SystemError.text(errno)) }
    let file = InputFile(path: path, descriptor: copy)
    let output = OutputFile(path: template, descriptor: copy)
    var block = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let received = try read(into: &block, at: 0, count: block.count)
      if received == 0 { break }
      try output.write(block[..<received])
    }
    try file.rewind()
    return file
  }
}

/// Writes bytes to a descriptor that somebody else opened and closes.
struct OutputFile {
  let path: String
  let descriptor: Int32

  // SAFETY: `sent` never exceeds the buffer's count, so that address and length stay inside it.
  func write(_ bytes: some Collection<UInt8>) throws(TableError) {
    let code: Int32? = bytes.withContiguousStorageIfAvailable { buffer in
      var sent = 0
      while sent < buffer.count {
        let count = Foundation.write(
          descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
        if count >= 0 { sent += count } else if errno != EINTR { return errno }
      }
      return 0
    }
    guard let code else { return try write(Array(bytes)) }
    if code == EPIPE { throw .brokenPipe(path: path) }
    if code != 0 { throw .unwritable(path: path, problem: SystemError.text(code)) }
  }
}

/// The system's words for its error codes.
enum SystemError {
  static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
