#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The files that SQLite keeps beside a database.
package enum DatabaseFiles {
  /// The write-ahead log of a database. It stands beside the file that symbolic links lead to.
  package static func log(of path: String) -> String { file(path) + "-wal" }

  /// The rollback journal of a database, likewise.
  static func journal(of path: String) -> String { file(path) + "-journal" }

  private static func file(_ path: String) -> String {
    // SAFETY: with no buffer given `realpath` allocates the text that it returns, with its end; it
    // is copied and freed here and nowhere else.
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

/// What the system knows of a file without reading it.
package struct FileStatus: CustomStringConvertible {
  /// Identity, size and times to the nanosecond.
  package let description: String
  /// In bytes.
  package let size: Int
  /// The latest change of the content or of what the system knows of the file, in seconds since
  /// 1970.
  let lastChange: Double

  /// `nil` if there is no such file.
  package init?(path: String) {
    var status = stat()
    // SAFETY: `stat` fills the structure that it is given, which outlives the call.
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
    #else
      let (modified, changed) = (status.st_mtim, status.st_ctim)
    #endif
    size = Int(status.st_size)
    description =
      "\(status.st_dev):\(status.st_ino):\(status.st_size):"
      + "\(modified.tv_sec).\(modified.tv_nsec):\(changed.tv_sec).\(changed.tv_nsec)"
    lastChange = max(Double(modified.tv_sec), Double(changed.tv_sec)) + 1
  }
}
