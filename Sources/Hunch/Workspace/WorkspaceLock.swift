import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keeps a second process out of a workspace.
///
/// The lock is an `flock` on a file beside the workspace, so the system releases it however the
/// holder ends; the file holds the holder's process id for the message.
final class WorkspaceLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Throws: ``HunchError/workspaceBusy(path:holder:)`` when another process has it.
  init(workspace: String) throws(HunchError) {
    let path = workspace + "-lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .workspaceUnwritable(path: workspace, problem: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = FileManager.default.contents(atPath: path)
        .map { String(decoding: $0, as: UTF8.self).filter(\.isNumber) }
      close(descriptor)
      throw .workspaceBusy(path: workspace, holder: holder.flatMap { $0.isEmpty ? nil : $0 })
    }
    let text = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  deinit { close(descriptor) }
}
