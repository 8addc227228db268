import Foundation
package import HunchModels

/// Files in the temporary folder, removed with the objects.
package struct TemporaryStorage: SpillStorage {
  private final class File: SpillFile, @unchecked Sendable {
    private let path: String
    private let handle: FileHandle

    init() throws {
      let url = FileManager.default.temporaryDirectory
        .appendingPathComponent("hunch-benchmark-\(UUID().uuidString)")
      try Data().write(to: url)
      path = url.path
      handle = try FileHandle(forUpdating: url)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func append(_ bytes: [UInt8]) throws {
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(bytes))
    }

    func read(at offset: Int, count: Int) throws -> [UInt8] {
      try handle.seek(toOffset: UInt64(offset))
      return [UInt8](try handle.read(upToCount: count) ?? Data())
    }
  }

  /// Creates a storage without files.
  package init() {}

  /// A new file.
  package func makeFile() throws -> any SpillFile { try File() }
}
