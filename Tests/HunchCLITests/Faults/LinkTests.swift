import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A project that somebody else made may hold symbolic links in the places of files that Hunch
/// writes without being told to.
@Suite("Links in a project")
struct LinkTests {
  private func link(_ name: String, to target: String, in folder: Folder) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(name), withDestinationPath: target)
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  @Test(
    "what stands beside the workspace is never a link",
    arguments: ["-lock", "-wal", "-shm", "-journal", ".rules", ".knowledge"])
  func besideTheWorkspace(ending: String) throws {
    let folder = try Projects.fruit()
    let outside = try Folder()
    try outside.write("victim", "precious\n")
    try outside.write("kept/0123.base", "precious\n")
    let name = "hunch.workspace" + ending
    let isFolder = ending.hasPrefix(".")
    for target in [outside.path(isFolder ? "kept" : "victim"), outside.path("nothing")] {
      try link(name, to: target, in: folder)
      for command in ["apply", "run", "predict"] {
        let outcome = try HunchBinary.run([command, "."], in: folder, input: "ripe\n")
        #expect(outcome.status == 73, "\(command): \(outcome.errors)")
        #expect(
          outcome.errors.contains(
            "\(name) is a symbolic link in the place of a file or folder of Hunch's own"),
          "\(command): \(outcome.errors)")
        #expect(outcome.errors.contains("remove the link"))
      }
      try FileManager.default.removeItem(atPath: folder.path(name))
    }
    #expect(try outside.text("victim") == "precious\n")
    #expect(try outside.text("kept/0123.base") == "precious\n")
    #expect(!FileManager.default.fileExists(atPath: outside.path("nothing")))
    #expect(try HunchBinary.run(["apply", "."], in: folder).status == 0)
  }

  @Test("the lock stands beside the file behind a workspace that is a link")
  func lockBehindLink() throws {
    let folder = try Projects.fruit()
    let outside = try Folder()
    try outside.write("victim", "precious\n")
    try link("hunch.workspace", to: outside.path("w"), in: folder)
    try FileManager.default.createSymbolicLink(
      atPath: outside.path("w-lock"), withDestinationPath: "victim")
    #expect(try HunchBinary.run(["apply", "."], in: folder).status == 73)
    #expect(try outside.text("victim") == "precious\n")
  }

  @Test("a report follows a link that was named, not one that stood there")
  func report() throws {
    let folder = try Projects.fruit()
    let outside = try Folder()
    try outside.write("victim", "precious\n")
    try link("report.html", to: outside.path("victim"), in: folder)
    let refused = try HunchBinary.run(["report", "."], in: folder)
    #expect(refused.status == 73)
    #expect(refused.errors.contains("report.html is a symbolic link"))
    #expect(try outside.text("victim") == "precious\n")
    _ = try HunchBinary.succeed(["report", ".", "--output", "report.html"], in: folder)
    #expect(try outside.text("victim").hasPrefix("<!"))
  }

  @Test(
    "editor files are not written through links", arguments: ["compile_commands.json", ".rules"])
  func editor(name: String) throws {
    let folder = try Folder()
    let outside = try Folder()
    try outside.write("victim", "precious\n")
    try folder.write("rules.swift", "let nothing = 0\n")
    try folder.write(
      "hunch.yaml", "rules: rules.swift\ncorpus: { path: c.sqlite, table: t, id: id, text: text }\n"
    )
    let isStore = name == ".rules"
    try link(
      isStore ? "hunch.workspace.rules" : name, to: outside.path(isStore ? "" : "victim"),
      in: folder)
    let outcome = try HunchBinary.run(["editor", "."], in: folder)
    #expect(outcome.status == 73)
    #expect(outcome.errors.contains("is a symbolic link"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: outside.url.path) == ["victim"])
    #expect(try outside.text("victim") == "precious\n")
  }

  @Test("other people's files in a folder of ours stay")
  func foreignFiles() throws {
    let folder = try Projects.fruit()
    try folder.write("hunch.workspace.knowledge/notes.txt", "precious\n")
    _ = try HunchBinary.succeed(["apply", "."], in: folder)
    #expect(try folder.text("hunch.workspace.knowledge/notes.txt") == "precious\n")
  }

  @Test("files that are replaced keep their permissions, new ones get what the user's mask allows")
  func permissions() throws {
    let folder = try Projects.fruit()
    let commands = [
      ("m.model", ["export", ".", "model", "--output", "m.model"]),
      ("v.csv", ["export", ".", "votes", "--output", "v.csv"]),
      ("r.html", ["report", ".", "--output", "r.html"]),
    ]
    for (name, command) in commands {
      try folder.write(name, "old\n")
      #expect(chmod(folder.path(name), 0o600) == 0)
      _ = try HunchBinary.succeed(command, in: folder)
      #expect(try Data(contentsOf: folder.url.appendingPathComponent(name)) != Data("old\n".utf8))
      #expect(mode(folder.path(name)) == 0o600, "\(name)")
    }
    let quoted = "'\(HunchBinary.path)'"
    for (mask, expected) in [("002", 0o664), ("022", 0o644), ("077", 0o600)] as [(String, mode_t)] {
      let fresh = try Projects.fruit()
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.currentDirectoryURL = fresh.url
      process.arguments = [
        "-c",
        "umask \(mask); \(quoted) import notes.csv --into new.sqlite --quiet >/dev/null 2>&1; "
          + "\(quoted) report . --quiet >/dev/null 2>&1; "
          + "\(quoted) export . model --output m.model --quiet",
      ]
      try process.run()
      process.waitUntilExit()
      for name in [
        "new.sqlite", "hunch.workspace", "hunch.workspace-lock", "report.html", "m.model",
      ] {
        #expect(mode(fresh.path(name)) == expected, "umask \(mask): \(name)")
      }
    }
  }
}
