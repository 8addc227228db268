import Foundation

/// A file of answers, which takes its name once all of them are written: a run that fails leaves
/// the old file as it was. Standard output, pipes and devices are written directly.
public final class PredictionOutput {
  private let path: String
  private let target: TargetFile
  private var isOpen = true

  /// Creates the file.
  ///
  /// - Throws: ``TableError/cannotCreate(path:problem:)``.
  public init(path: String) throws(TableError) {
    self.path = path
    target = try TargetFile(path: path)
  }

  deinit { discard() }

  /// Writes bytes.
  ///
  /// - Throws: ``TableError`` where the disk is full, or a pipe was closed.
  public func write(_ bytes: [UInt8]) throws(TableError) {
    try OutputFile(path: path, descriptor: target.descriptor).write(bytes)
  }

  /// Gives the file its name; its bytes are on disk then.
  ///
  /// - Throws: ``TableError/unwritable(path:problem:)``; the old file stands as before.
  public func finish() throws(TableError) {
    defer { discard() }
    guard let temporary = target.temporary else { return }
    if fsync(target.descriptor) != 0 || rename(temporary, target.path) != 0 {
      throw .unwritable(path: path, problem: SystemError.text(errno))
    }
  }

  /// Closes the file and removes what was not finished.
  private func discard() {
    if !isOpen { return }
    isOpen = false
    close(target.descriptor)
    if let temporary = target.temporary { unlink(temporary) }
  }
}
