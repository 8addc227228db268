import Foundation

/// Keeps a second process out of a workspace.
///
/// The lock is an `flock` on a file beside the workspace, so the system releases it however the
/// holder ends; the file holds the holder's process id for the message. It stands beside the file
/// itself, not beside a symbolic link to it, so that all names of a workspace have one lock. The
/// lock file itself is never a link: what is behind one would be written over.
final class WorkspaceLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Throws: ``HunchError/workspaceBusy(path:holder:)`` when another process has it,
  ///   ``HunchError/workspaceUnwritable(path:problem:)`` where there can be none,
  ///   ``HunchError/linkInPlace(path:)``.
  init(workspace: String) throws(HunchError) {
    let path = OwnFiles.target(of: workspace) + "-lock"
    try OwnFiles.check(path)
    // Not `descriptor` yet: once that is set, `deinit` runs where this throws, and a descriptor
    // that is closed twice may be another file's by then.
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard opened >= 0 else {
      throw .workspaceUnwritable(path: workspace, problem: String(cString: strerror(errno)))
    }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(opened)
      if code != EWOULDBLOCK {
        throw .workspaceUnwritable(path: workspace, problem: String(cString: strerror(code)))
      }
      throw .workspaceBusy(path: workspace, holder: Self.holder(path))
    }
    let text = Array("\(getpid())\n".utf8)
    _ = ftruncate(opened, 0)
    _ = pwrite(opened, text, text.count, 0)
    descriptor = opened
  }

  /// Releases the lock before the descriptor is closed: a child of this process that is being started has
  /// a copy of the descriptor for a moment, and would keep the lock as long.
  deinit {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// The process id in the file; `nil` where there is none.
  ///
  /// Whoever takes the lock writes its id a moment later, so an id of a process that is no more is
  /// read again for a little while.
  private static func holder(_ path: String) -> String? {
    var holder: String?
    for attempt in 0..<10 {
      if attempt > 0 { usleep(10_000) }
      let text = FileManager.default.contents(atPath: path)
        .map { String(decoding: $0, as: UTF8.self).filter(\.isNumber) }
      holder = text.flatMap { $0.isEmpty ? nil : $0 }
      if let process = holder.flatMap(pid_t.init), kill(process, 0) == 0 || errno == EPERM { break }
    }
    return holder
  }
}
