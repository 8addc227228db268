import Foundation

/// Temporary files and folders beside their targets, which a process that is killed leaves behind.
enum Leftovers {
  /// Makes a temporary file or folder, after removing those that were left.
  ///
  /// - Returns: Its path, and a descriptor that locks it as long as it is open; a negative one where
  ///   it cannot be made.
  static func create(
    beside target: String, mode: mode_t, isFolder: Bool = false
  ) -> (path: String, descriptor: Int32) {
    remove(beside: target, areFolders: isFolder)
    let path = "\(target).\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
    if isFolder, mkdir(path, mode) != 0 { return (path, -1) }
    let flags = isFolder ? O_RDONLY : O_WRONLY | O_CREAT | O_EXCL
    let descriptor = open(path, flags | O_CLOEXEC, mode)
    if descriptor >= 0 { flock(descriptor, LOCK_EX | LOCK_NB) }
    return (path, descriptor)
  }

  /// Removes the temporary files, or folders, of processes that are no more.
  ///
  /// Only what ``create(beside:mode:isFolder:)`` names for this very target, and belongs to this
  /// user, is removed; links are neither followed nor removed.
  static func remove(beside target: String, areFolders: Bool = false) {
    let url = URL(fileURLWithPath: target)
    let prefix = url.lastPathComponent + "."
    let folder = url.deletingLastPathComponent().path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(prefix) && name.hasSuffix(".tmp") {
      guard let process = process(name.dropFirst(prefix.count).dropLast(4)) else { continue }
      let path = folder + "/" + name
      var status = stat()
      let isOurs =
        lstat(path, &status) == 0 && status.st_mode & S_IFMT == (areFolders ? S_IFDIR : S_IFREG)
        && status.st_uid == geteuid()
      guard isOurs, kill(process, 0) != 0, errno == ESRCH else { continue }
      // The number may be that of a process elsewhere: whoever still writes holds the lock.
      let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        try? FileManager.default.removeItem(atPath: path)
      }
      close(descriptor)
    }
  }

  /// The process in `1234-5678`.
  private static func process(_ text: Substring) -> pid_t? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, UInt32(parts[1]) != nil,
      parts.allSatisfy({ $0.utf8.allSatisfy { $0 &- 0x30 < 10 } })
    else { return nil }
    return pid_t(parts[0]).flatMap { $0 > 0 ? $0 : nil }
  }
}
