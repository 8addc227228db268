import Foundation
import HunchModels

/// Keeps what is too large for memory in nameless files beside the workspace.
///
/// A file loses its name right after it is made, so the system frees it when it is closed, however
/// the process ends.
struct SpillDirectory: SpillStorage {
  /// The workspace's path, for the place and for errors.
  let workspace: String

  func makeFile() throws -> any SpillFile { try NamelessFile(beside: workspace) }
}

private final class NamelessFile: SpillFile {
  private let workspace: String
  private let descriptor: Int32

  init(beside workspace: String) throws(HunchError) {
    self.workspace = workspace
    let path = "\(workspace)-spill-\(UUID().uuidString)"
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw Self.unwritable(workspace) }
    unlink(path)
  }

  deinit { close(descriptor) }

  func append(_ bytes: [UInt8]) throws {
    // SAFETY: the buffer is that of `bytes`, which outlives the closure; `write` only reads, and
    // only `count - done` bytes from `done` on, which lie in it.
    try bytes.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) in
      var done = 0
      while done < buffer.count {
        let written = write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if written < 0 {
          if errno == EINTR { continue }
          throw Self.unwritable(workspace)
        }
        done += written
      }
    }
  }

  func read(at offset: Int, count: Int) throws -> [UInt8] {
    // SAFETY: the buffer has room for `count` bytes and `pread` writes at most `count - done` of
    // them from `done` on; exactly the bytes written are declared initialized.
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      var done = 0
      defer { initialized = done }
      while done < count {
        let size = pread(
          descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
        if size < 0, errno == EINTR { continue }
        if size <= 0 {
          let problem = size < 0 ? String(cString: strerror(errno)) : "it is shorter than written"
          throw HunchError.unreadable(path: "\(workspace) (temporary file)", problem: problem)
        }
        done += size
      }
    }
  }

  private static func unwritable(_ workspace: String) -> HunchError {
    .workspaceUnwritable(path: workspace, problem: String(cString: strerror(errno)))
  }
}
