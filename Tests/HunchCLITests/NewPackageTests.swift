import Foundation
import Testing

@Suite("A package of one's own")
struct NewPackageTests {
  private func swift(_ arguments: [String], in folder: String) throws -> (
    status: Int32, text: String
  ) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["swift"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  @Test(
    "names of folders become names of packages",
    arguments: [
      ("my-task", "my-task"), ("My Task!", "my-task"), ("2nd", "rules-2nd"), ("ё", "rules"),
      ("a__b", "a-b"),
    ])
  func names(folderName: String, name: String) throws {
    let folder = try Folder()
    _ = try HunchBinary.succeed(["new", folderName], in: folder)
    #expect(
      try folder.read("\(folderName)/Package.swift").contains("\n  name: \"\(name)\",\n"))
    #expect(try folder.read("\(folderName)/hunch.yaml").hasPrefix("rules: \(name)\n"))
    #expect(
      try folder.read("\(folderName)/Sources/\(name)/Rules.swift").contains("RulePack(\"\(name)\""))
  }

  @Test("66: no sources of Hunch there")
  func noSources() throws {
    let folder = try Folder()
    let outcome = try HunchBinary.run(["new", "mine", "--hunch", "nowhere"], in: folder)
    #expect(outcome.status == 66)
    #expect(outcome.errors == "hunch: nowhere/Package.swift: no such file\n")
    #expect(!FileManager.default.fileExists(atPath: folder.path("mine")))
  }

  @Test("a package that was made elsewhere finds Hunch by a relative path too")
  func relativePath() throws {
    let folder = try Folder()
    try folder.write("hunch-sources/Package.swift", "")
    _ = try HunchBinary.succeed(["new", "mine", "--hunch", "hunch-sources"], in: folder)
    let package = try folder.read("mine/Package.swift")
    #expect(package.contains("path: \"\(folder.path("hunch-sources"))\")"))
  }

  @Test("the manifest is valid")
  func describe() throws {
    let folder = try Folder()
    _ = try HunchBinary.succeed(["new", "mine"], in: folder)
    let (status, text) = try swift(["package", "dump-package"], in: folder.path("mine"))
    #expect(status == 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["name"] as? String == "mine")
  }

  @Test(
    "it builds and runs",
    .enabled(
      if: ProcessInfo.processInfo.environment["HUNCH_BUILD_NEW_PACKAGE"] != nil,
      "builds everything again; set HUNCH_BUILD_NEW_PACKAGE"))
  func build() throws {
    let folder = try Folder()
    _ = try HunchBinary.succeed(["new", "mine"], in: folder)
    let (status, text) = try swift(
      ["run", "-c", "release", "mine", "run", "--format", "json"], in: folder.path("mine"))
    #expect(status == 0)
    let start = try #require(text.firstIndex(of: "{"))
    let run = try #require(
      try JSONSerialization.jsonObject(with: Data(text[start...].utf8)) as? [String: Any])
    #expect((run["apply"] as? [String: Any])?["documents"] as? Int == 33)
  }
}
