import Foundation

/// A file of answers, which takes its name once all of them are written: a run that fails leaves
/// the old file as it was. Standard output, pipes and devices are written directly.
package final class PredictionOutput {
  private let path: String
  private let file: ReplacedFile

  /// Creates the file.
  ///
  /// - Throws: ``TableError/cannotCreate(path:problem:)``.
  package init(path: String) throws(TableError) {
    self.path = path
    do { file = try ReplacedFile(path: path) } catch {
      throw .cannotCreate(path: path, problem: error.text)
    }
  }

  /// Writes bytes.
  ///
  /// - Throws: ``TableError`` where the disk is full, or a pipe was closed.
  package func write(_ bytes: [UInt8]) throws(TableError) {
    try OutputFile(path: path, descriptor: file.descriptor).write(bytes)
  }

  /// Gives the file its name; its bytes are on disk then.
  ///
  /// - Throws: ``TableError/unwritable(path:problem:)``; the old file stands as before.
  package func finish() throws(TableError) {
    do { try file.publish() } catch { throw .unwritable(path: path, problem: error.text) }
  }
}
