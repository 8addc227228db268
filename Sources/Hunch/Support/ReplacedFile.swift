package import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that takes the place of another in one step.
///
/// It is written under another name beside its target and takes the target's name when
/// ``publish()`` succeeds: a write that fails or is abandoned leaves the old file as it was. The new
/// file has the permissions of the one that it replaces, or else what the user's mask allows. A
/// target that is no file, such as a pipe or a device, is written directly.
package final class ReplacedFile {
  /// What happens where the target is a symbolic link.
  package enum Links: Sendable {
    /// The file behind it is replaced: the user named the link.
    case followed
    /// Nothing is written: the name is one of Hunch's own, and whoever made the folder made the link.
    case refused
  }

  /// What the system said.
  package struct Problem: Error {
    package let text: String
    /// Whether the target is a link that is not followed.
    package var isLink = false
  }

  /// Where to write.
  package let descriptor: Int32
  /// The target behind any links that are followed.
  private let target: String
  /// The name that the file has until then; `nil` where the target is written directly.
  private var temporary: String?
  private var isOpen = true

  /// Makes the file under its other name.
  ///
  /// - Parameter mode: The permissions of a file that replaces none, less the user's mask.
  package init(
    path: String, links: Links = .followed, mode: mode_t = 0o666
  ) throws(Problem) {
    if links == .refused, OwnFiles.isLink(path) {
      throw Problem(text: "it is a symbolic link", isLink: true)
    }
    var status = stat()
    let exists = stat(path, &status) == 0
    let kind = status.st_mode & S_IFMT
    if exists, kind == S_IFDIR { throw Problem(text: SystemError.text(EISDIR)) }
    if exists, kind != S_IFREG {
      signal(SIGPIPE, SIG_IGN)
      (target, temporary) = (path, nil)
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      target = exists ? URL(fileURLWithPath: path).resolvingSymlinksInPath().path : path
      let file = Leftovers.create(beside: target, mode: mode)
      (temporary, descriptor) = (file.path, file.descriptor)
      // The new file is as private as the one that it replaces.
      if descriptor >= 0, exists { fchmod(descriptor, status.st_mode & 0o7777) }
    }
    if descriptor < 0 {
      isOpen = false
      throw Problem(text: SystemError.text(errno))
    }
  }

  deinit { discard() }

  /// Gives the file its name; its bytes are on the disk before.
  package func publish() throws(Problem) {
    guard let temporary else { return discard() }
    if fsync(descriptor) != 0 || rename(temporary, target) != 0 {
      let problem = Problem(text: SystemError.text(errno))
      discard()
      throw problem
    }
    self.temporary = nil
    discard()
  }

  /// Closes the file and removes what was written so far, unless it has its name.
  package func discard() {
    if !isOpen { return }
    isOpen = false
    close(descriptor)
    if let temporary { unlink(temporary) }
    temporary = nil
  }

  /// Replaces a file by some bytes.
  ///
  /// - Throws: ``HunchError/cannotCreate(path:problem:)``, ``HunchError/linkInPlace(path:)``, or
  ///   ``TableError/brokenPipe(path:)`` where the target is a pipe that nobody reads.
  package static func write(
    _ bytes: some Collection<UInt8>, to path: String, links: Links = .followed,
    mode: mode_t = 0o666
  ) throws {
    do {
      let file = try ReplacedFile(path: path, links: links, mode: mode)
      try OutputFile(path: path, descriptor: file.descriptor).write(bytes)
      try file.publish()
    } catch let problem as Problem {
      if problem.isLink { throw HunchError.linkInPlace(path: path) }
      throw HunchError.cannotCreate(path: path, problem: problem.text)
    } catch TableError.unwritable(_, let problem) {
      throw HunchError.cannotCreate(path: path, problem: problem)
    }
  }
}
