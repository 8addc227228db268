import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Files that nobody named and that Hunch makes, replaces and deletes by itself.
///
/// A folder that somebody else made may hold symbolic links under their names: whoever follows these
/// writes over, or deletes, what they point to. So they are never followed.
package enum OwnFiles {
  /// Whether a path is a symbolic link, to something or to nothing.
  package static func isLink(_ path: String) -> Bool {
    var status = stat()
    var name = path
    // With a slash behind it the system would look behind the link.
    while name.count > 1, name.hasSuffix("/") { name.removeLast() }
    return lstat(name, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Throws where one of some paths is a symbolic link.
  package static func check(_ paths: String...) throws(HunchError) {
    for path in paths where isLink(path) { throw .linkInPlace(path: path) }
  }

  /// Throws where a file or folder beside a workspace is a symbolic link.
  ///
  /// The workspace itself may be one. Its lock and SQLite's files stand beside the file behind it.
  static func check(besideWorkspace path: String) throws(HunchError) {
    let target = target(of: path)
    try check(
      target + "-lock", target + "-wal", target + "-shm", target + "-journal",
      rules(ofWorkspace: path), knowledge(ofWorkspace: path))
  }

  /// The folder for the compiled rules of a workspace.
  package static func rules(ofWorkspace path: String) -> String { path + ".rules" }

  /// The folder for the compiled knowledge bases of a workspace.
  static func knowledge(ofWorkspace path: String) -> String { path + ".knowledge" }

  /// The file behind any symbolic links, whether it exists or not.
  static func target(of path: String) -> String {
    var target = path
    for _ in 0..<32 {
      guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: target) else {
        break
      }
      let folder = target.lastIndex(of: "/").map { target[...$0] } ?? ""
      target = next.hasPrefix("/") ? next : folder + next
    }
    return target
  }

  /// Makes an empty file with the permissions that the user's mask allows, unless there is one: what
  /// SQLite makes by itself is never writable for a group. SQLite says where this cannot be done.
  static func makeEmpty(_ path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor >= 0 { close(descriptor) }
  }
}
