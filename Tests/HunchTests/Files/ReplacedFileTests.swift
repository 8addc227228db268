import Foundation
import Hunch
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("Files that take another's place")
struct ReplacedFileTests {
  private let folder: String

  init() throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("hunch-files-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  private func mode(_ name: String) -> mode_t {
    var status = stat()
    return stat("\(folder)/\(name)", &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  private func isLink(_ name: String) -> Bool { OwnFiles.isLink("\(folder)/\(name)") }

  @Test(
    "the new file is as private as the old one",
    arguments: [0o600, 0o640, 0o664, 0o444] as [mode_t]
  )
  func modes(mode: mode_t) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("old".utf8).write(to: URL(fileURLWithPath: "\(folder)/a"))
    #expect(chmod("\(folder)/a", mode) == 0)
    try ReplacedFile.write(Array("new".utf8), to: "\(folder)/a")
    #expect(try text("a") == "new")
    #expect(self.mode("a") == mode)
    // Where there was none, the caller and the user's mask decide.
    try ReplacedFile.write([], to: "\(folder)/b", mode: 0o600)
    #expect(self.mode("b") == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a", "b"])
  }

  @Test("a link is followed where it was named, and refused in the place of a file of ours")
  func links() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("victim".utf8).write(to: URL(fileURLWithPath: "\(folder)/victim"))
    for (name, target) in [("link", "victim"), ("dangling", "nothing")] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/\(name)", withDestinationPath: target)
      #expect(isLink(name))
      #expect(throws: HunchError.self) {
        try ReplacedFile.write(Array("new".utf8), to: "\(folder)/\(name)", links: .refused)
      }
      #expect(isLink(name))
    }
    #expect(try text("victim") == "victim")
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/nothing"))
    try ReplacedFile.write(Array("new".utf8), to: "\(folder)/link")
    #expect(isLink("link"))
    #expect(try text("victim") == "new")
  }

  @Test("what is abandoned leaves the old file and nothing else")
  func abandoned() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("old".utf8).write(to: URL(fileURLWithPath: "\(folder)/a"))
    do {
      let file = try ReplacedFile(path: "\(folder)/a")
      #expect(file.descriptor >= 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
    }
    #expect(try text("a") == "old")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    #expect(throws: HunchError.self) { try ReplacedFile.write([], to: folder) }
    #expect(throws: HunchError.self) { try ReplacedFile.write([], to: "\(folder)/no/file") }
  }
}
