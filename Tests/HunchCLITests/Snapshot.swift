import Foundation
import TestSupport
import Testing

/// Compares output with a file in `Tests/Fixtures/Snapshots`.
///
/// `RECORD_SNAPSHOTS=1 swift test` writes the files anew; look at the difference before committing.
enum Snapshot {
  private static let folder = Repository.root.appendingPathComponent("Tests/Fixtures/Snapshots")

  static func check(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appendingPathComponent("\(name).txt")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return
    }
    let expected = try String(decoding: Data(contentsOf: file), as: UTF8.self)
    #expect(text == expected, "differs from \(name).txt", sourceLocation: sourceLocation)
  }
}
