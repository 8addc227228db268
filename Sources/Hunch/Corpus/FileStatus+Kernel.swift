#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

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
