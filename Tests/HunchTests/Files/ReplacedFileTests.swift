import Foundation
import Hunch
import ProjectSupport
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
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func mode(_ name: String) -> mode_t {
    var status = stat()
    return stat(folder.path(name), &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  private func isLink(_ name: String) -> Bool { OwnFiles.isLink(folder.path(name)) }

  @Test(
    "the new file is as private as the old one",
    arguments: [0o600, 0o640, 0o664, 0o444] as [mode_t]
  )
  func modes(mode: mode_t) throws {
    try folder.write("a", "old")
    #expect(chmod(folder.path("a"), mode) == 0)
    try ReplacedFile.write(Array("new".utf8), to: folder.path("a"))
    #expect(try folder.text("a") == "new")
    #expect(self.mode("a") == mode)
    // Where there was none, the caller and the user's mask decide.
    try ReplacedFile.write([], to: folder.path("b"), mode: 0o600)
    #expect(self.mode("b") == 0o600)
    #expect(try folder.names == ["a", "b"])
  }

  @Test("a link is followed where it was named, and refused in the place of a file of ours")
  func links() throws {
    try folder.write("victim", "victim")
    for (name, target) in [("link", "victim"), ("dangling", "nothing")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path(name), withDestinationPath: target)
      #expect(isLink(name))
      #expect(throws: HunchError.self) {
        try ReplacedFile.write(Array("new".utf8), to: folder.path(name), links: .refused)
      }
      #expect(isLink(name))
    }
    #expect(try folder.text("victim") == "victim")
    #expect(!FileManager.default.fileExists(atPath: folder.path("nothing")))
    try ReplacedFile.write(Array("new".utf8), to: folder.path("link"))
    #expect(isLink("link"))
    #expect(try folder.text("victim") == "new")
  }

  @Test("what is abandoned leaves the old file and nothing else")
  func abandoned() throws {
    try folder.write("a", "old")
    do {
      let file = try ReplacedFile(path: folder.path("a"))
      #expect(file.descriptor >= 0)
      #expect(try folder.names.count == 2)
    }
    #expect(try folder.text("a") == "old")
    #expect(try folder.names == ["a"])
    #expect(throws: HunchError.self) { try ReplacedFile.write([], to: folder.directory) }
    #expect(throws: HunchError.self) { try ReplacedFile.write([], to: folder.path("no/file")) }
  }
}
