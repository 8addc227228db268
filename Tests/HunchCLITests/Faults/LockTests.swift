import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("One writer at a time")
struct LockTests {
  /// Starts a command that holds the workspace until it is killed, and waits until it does.
  private func hold(_ folder: Folder, workspace: String = "hunch.workspace") throws -> Process {
    // A pipe that nobody reads: the export waits for a reader with the workspace in its hands.
    #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
    let process = try HunchBinary.process(
      [
        "export", ".", "votes", "--output", "pipe", "--table-format", "csv", "--workspace",
        workspace,
      ], in: folder)
    try process.run()
    let lock = folder.path(workspace + "-lock")
    let pid = "\(process.processIdentifier)\n"
    while process.isRunning, (try? String(contentsOfFile: lock, encoding: .utf8)) != pid {
      usleep(2_000)
    }
    return process
  }

  private func end(_ process: Process) {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Runs `analyze` in the folder of the holder without touching the holder's streams.
  private func analyze(_ folder: Folder, _ workspace: String) throws -> HunchBinary.Outcome {
    let own = try Folder()
    return try HunchBinary.run(
      ["analyze", folder.url.path, "--workspace", folder.path(workspace)], in: own)
  }

  @Test("a second process is told the holder's pid, and gets in once that is killed")
  func held() throws {
    let folder = try Projects.fruit()
    let holder = try hold(folder)
    let refused = try analyze(folder, "hunch.workspace")
    #expect(refused.status == 75)
    #expect(
      refused.errors.contains("is in use by another process (pid \(holder.processIdentifier))"))
    #expect(refused.output.isEmpty)
    end(holder)
    #expect(try folder.text("hunch.workspace-lock") == "\(holder.processIdentifier)\n")
    #expect(try analyze(folder, "hunch.workspace").status == 0)
  }

  @Test(
    "whatever stands in the lock file", arguments: ["", "1\n", "99999999\n", "no number", "\u{0}"])
  func staleContent(text: String) throws {
    let folder = try Projects.fruit()
    try folder.write("hunch.workspace-lock", text)
    #expect(try analyze(folder, "hunch.workspace").status == 0)
  }

  @Test("of processes that start at once exactly one works at a time, and the work is done once")
  func race() throws {
    let project = try MessageProject(chunks: 4)
    var folders: [Folder] = []
    var processes: [Process] = []
    for _ in 0..<4 {
      let own = try Folder()
      let process = try HunchBinary.process(
        [
          "apply", project.folder.url.path, "--format", "json", "--workspace",
          project.folder.path("shared"),
        ], in: own)
      folders.append(own)
      processes.append(process)
    }
    for process in processes { try process.run() }
    for process in processes { process.waitUntilExit() }
    let outcomes = try zip(processes, folders).map { try HunchBinary.outcome($0, in: $1) }
    let winners = outcomes.filter { $0.status == 0 }
    #expect(!winners.isEmpty)
    var evaluations = 0
    for winner in winners {
      let report = try JSONSerialization.jsonObject(with: Data(winner.output.utf8))
      evaluations += try #require((report as? [String: Any])?["evaluations"] as? Int)
    }
    let columns = try project.contents("shared").votes.count / 4
    #expect(evaluations == (columns - MessageProject.slices) * project.documents)
    for loser in outcomes where loser.status != 0 {
      #expect(loser.status == 75)
      #expect(loser.errors.contains("is in use by another process"))
    }
  }

  @Test("a symbolic link and the file that it names are one workspace")
  func link() throws {
    let folder = try Projects.fruit()
    try FileManager.default.createDirectory(
      atPath: folder.path("real"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: "real/workspace")
    let holder = try hold(folder, workspace: "real/workspace")
    let refused = try analyze(folder, "link")
    #expect(refused.status == 75)
    #expect(refused.errors.contains("(pid \(holder.processIdentifier))"))
    end(holder)
    #expect(try analyze(folder, "link").status == 0)
    let isLink = try FileManager.default.attributesOfItem(atPath: folder.path("link"))[.type]
    #expect(isLink as? FileAttributeType == .typeSymbolicLink)
    #expect(!FileManager.default.fileExists(atPath: folder.path("link-lock")))
  }

  @Test("a link to a workspace that is not there yet is filled behind the link")
  func danglingLink() throws {
    let folder = try Projects.fruit()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: folder.path("later"))
    #expect(try analyze(folder, "link").status == 0)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(files.filter { $0.hasPrefix("l") }.sorted() == ["later", "later-lock", "link"])
  }

  @Test("a folder as workspace is refused and left alone")
  func aFolder() throws {
    let folder = try Projects.fruit()
    try FileManager.default.createDirectory(
      atPath: folder.path("taken"), withIntermediateDirectories: false)
    let outcome = try HunchBinary.run(["apply", ".", "--workspace", "taken"], in: folder)
    #expect(outcome.status == 73)
    #expect(
      outcome.errors == """
        hunch: taken cannot be written: it is a folder
          name another place with --workspace

        """)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("taken")).isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder.path("taken-lock")))
  }

  /// What a shell must begin with so that permissions count, `nil` where that cannot be had.
  private static let unprivileged: String? = {
    if geteuid() != 0 { return "" }
    let setpriv = "/usr/bin/setpriv"
    guard FileManager.default.isExecutableFile(atPath: setpriv) else { return nil }
    return "\(setpriv) --reuid=65534 --regid=65534 --clear-groups"
  }()

  /// Whether another user may run the binary and see the folder at all.
  private func canRun(_ user: String, in folder: Folder) throws -> Bool {
    try Shell.run("\(user) \"$HUNCH\" --version >/dev/null && \(user) cat hunch.yaml", in: folder)
      .status == 0
  }

  @Test("a folder that cannot be written: another place helps")
  func readOnly() throws {
    let folder = try Projects.fruit()
    let elsewhere = try Folder()
    for path in [folder.url.path, elsewhere.url.path] { chmod(path, 0o777) }
    guard let user = Self.unprivileged, try canRun(user, in: folder) else {
      print("skipped: no user without privileges can run the binary here")
      return
    }
    chmod(folder.url.path, 0o555)
    defer { chmod(folder.url.path, 0o755) }
    var outcome = try Shell.run("\(user) \"$HUNCH\" apply .", in: folder)
    #expect(outcome.status == 73)
    #expect(
      outcome.errors == """
        hunch: hunch.workspace cannot be written: Permission denied
          name another place with --workspace

        """)
    outcome = try Shell.run(
      "\(user) \"$HUNCH\" apply . --workspace '\(elsewhere.path("w"))'", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    // A corpus with a write-ahead log needs files beside it.
    chmod(folder.url.path, 0o777)
    try MessageProject.setJournal("wal", of: folder.path("corpus.sqlite"))
    chmod(folder.url.path, 0o555)
    outcome = try Shell.run(
      "\(user) \"$HUNCH\" apply . --workspace '\(elsewhere.path("w"))'", in: folder)
    #expect(outcome.status == 74)
    #expect(outcome.errors.contains("SQLite cannot open it where it stands"))
    #expect(outcome.errors.contains("PRAGMA journal_mode = DELETE"))
  }
}
