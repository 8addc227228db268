import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("Exit status and messages")
struct ExitStatusTests {
  /// Runs a command that must fail, and compares its message with a snapshot.
  private func fail(
    _ arguments: [String], in folder: Folder, status: Int32, _ snapshot: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try HunchBinary.run(arguments, in: folder)
    #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    try Snapshot.check(outcome.errors, "error-\(snapshot)", sourceLocation: sourceLocation)
  }

  @Test("64: usage")
  func usage() throws {
    let folder = try Projects.fruit()
    try fail(["analyze", "--split", "dev"], in: folder, status: 64, "unknown-split")
    try fail(["run", "--threads", "0"], in: folder, status: 64, "no-threads")
    try fail(["explain", ".", "99"], in: folder, status: 64, "unknown-document")
    try fail(["frobnicate"], in: folder, status: 64, "unknown-command")
    try fail(
      ["import", "notes.csv", "--into", "x.sqlite", "--join", "nokey"], in: folder, status: 64,
      "bad-join")
  }

  @Test("An option that there is none of is named, and its value is no file too many")
  func unknownOptions() throws {
    let folder = try Folder()
    for place in [["--model", "m.model"], ["."]] {
      let words = ["predict"] + place + ["--threshold", "0.5", "in.csv"]
      let outcome = try HunchBinary.run(words, in: folder)
      #expect(
        outcome.status == 64 && outcome.errors.contains("--threshold"), "\(outcome.errors)")
    }
    let many = try HunchBinary.run(["predict", "--model", "m.model", "a.csv", "b.csv"], in: folder)
    #expect(many.status == 64 && many.errors.contains("--model takes one input file"))
  }

  @Test("More threads or classes than there can be")
  func limits() throws {
    let folder = try Projects.fruit()
    for threads in ["-1", "4097", "2147483648", "9223372036854775807"] {
      let outcome = try HunchBinary.run(["run", ".", "--threads=\(threads)"], in: folder)
      #expect(outcome.status == 64 && outcome.errors.contains("from 1 to 4096"), "\(threads)")
    }
    func names(_ count: Int) -> String {
      "[sweet, sour, " + (2..<count).map { "c\($0)" }.joined(separator: ", ") + "]"
    }
    let yaml = try folder.text("hunch.yaml")
    try folder.write("hunch.yaml", yaml.replacing("[sweet, sour]", with: names(32_768)))
    let outcome = try HunchBinary.run(["run"], in: folder)
    #expect(outcome.status == 78 && outcome.errors.contains("at most 32767 class names"))
    try folder.write("hunch.yaml", yaml.replacing("[sweet, sour]", with: names(32_767)))
    let applied = try HunchBinary.run(["apply", ".", "--format", "json"], in: folder)
    #expect(applied.status == 0, "\(applied.errors)")
  }

  @Test("65: bad data")
  func badData() throws {
    let folder = try Projects.fruit()
    try folder.write("votes.csv", "id,honeyed\n1,sweet\n2,bitter\n")
    try fail(["run"], in: folder, status: 65, "bad-vote")
    try folder.write("votes.csv", "id,honeyed\n1,sweet\n1,sour\n")
    try fail(["run"], in: folder, status: 65, "second-vote")
    try folder.write("model", "HUNCH? no")
    try fail(["predict", "--model", "model"], in: folder, status: 65, "no-model")
  }

  @Test("65: the corpus is no database, the workspace is no workspace")
  func damagedFiles() throws {
    let folder = try Projects.fruit()
    try folder.write("hunch.workspace", String(repeating: "not a workspace. ", count: 400))
    try fail(["run"], in: folder, status: 65, "workspace-damaged")
    try FileManager.default.removeItem(atPath: folder.path("hunch.workspace"))
    try folder.write("corpus.sqlite", String(repeating: "not a database. ", count: 400))
    try fail(["run"], in: folder, status: 65, "corpus-damaged")
  }

  @Test("66: input missing")
  func missing() throws {
    let folder = try Projects.fruit()
    try fail(["run", "nowhere"], in: folder, status: 66, "no-project")
    try fail(["predict", "--model", "nowhere"], in: folder, status: 66, "no-model-file")
    try fail(["import", "no.csv", "--into", "x.sqlite"], in: folder, status: 66, "no-import-file")
    try FileManager.default.removeItem(atPath: folder.path("corpus.sqlite"))
    try fail(["run"], in: folder, status: 66, "no-corpus")
  }

  @Test("73: cannot create output")
  func cannotCreate() throws {
    let folder = try Projects.fruit()
    try fail(
      ["export", ".", "votes", "--output", "no/such/folder.csv"], in: folder, status: 73,
      "cannot-create")
    try fail(["new", "."], in: folder, status: 73, "exists")
    try fail(
      ["import", "notes.csv", "--into", "corpus.sqlite", "--table", "notes"], in: folder,
      status: 73, "table-exists")
  }

  @Test("75: workspace in use; the holder is named")
  func busy() throws {
    let folder = try Projects.fruit()
    let lock = open(folder.path("hunch.workspace-lock"), O_RDWR | O_CREAT, 0o644)
    defer { close(lock) }
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let holder = Array("4711\n".utf8)
    #expect(write(lock, holder, holder.count) == holder.count)
    try fail(["apply"], in: folder, status: 75, "workspace-busy")
    #expect(flock(lock, LOCK_UN) == 0)
    _ = try HunchBinary.succeed(["apply"], in: folder)
  }

  @Test(
    "78: bad configuration",
    arguments: [
      ("unknown-key", "corpis: {}\n"),
      ("no-corpus-key", "labels: [a, b]\n"),
      ("unknown-pack", "pack: spam\ncorpus: { path: corpus.sqlite, table: t, id: id, text: x }\n"),
      (
        "unknown-table",
        "labels: [sweet, sour]\ncorpus: { path: corpus.sqlite, table: nodes, id: id, text: text }\n"
          + "votes: [{ path: votes.csv }]\n"
      ),
      (
        "unknown-column",
        "labels: [sweet, sour]\ncorpus: { path: corpus.sqlite, table: notes, id: id, text: txt }\n"
          + "votes: [{ path: votes.csv }]\n"
      ),
      ("unknown-model", Projects.fruitConfiguration + "label_model: maybe\n"),
      ("bad-yaml", "labels: [a, b\n"),
    ])
  func configuration(name: String, yaml: String) throws {
    let folder = try Projects.fruit()
    try folder.write("hunch.yaml", yaml)
    try fail(["run"], in: folder, status: 78, "configuration-\(name)")
  }

  @Test("130: interrupted; what was finished is kept and a rerun completes")
  func interrupted() throws {
    let folder = try Projects.supportMessages()
    let line = try folder.text("messages.jsonl").split(separator: "\n")[0]
    var rows = "id,text,label,split,page,channel\n"
    rows.reserveCapacity(12_000_000)
    for id in 0..<200_000 { rows += "\(id),my card \(id) and \(line.count) fees,,train,,\n" }
    try folder.write("many.csv", rows)
    _ = try HunchBinary.succeed(
      ["import", "many.csv", "--into", "corpus.sqlite", "--table", "messages", "--replace"],
      in: folder)
    // A run may end before the signal arrives; the next one starts from nothing again.
    var outcome = try interruptedApply(in: folder)
    for _ in 0..<9 where outcome.status == 0 { outcome = try interruptedApply(in: folder) }
    #expect(outcome.status == 130)
    #expect(outcome.errors.contains("hunch: interrupted"))
    let apply = try HunchBinary.json(["apply", "."], in: folder)
    #expect(apply["documents"] as? Int == 200_000)
    let evaluations = try #require(apply["evaluations"] as? Int)
    let reused = try #require(apply["reused"] as? Int)
    let functions = try #require(apply["functions"] as? Int)
    #expect(evaluations + reused == 200_000 * functions)
  }

  /// Starts `apply` with an empty workspace and sends it SIGINT as soon as it has one.
  private func interruptedApply(in folder: Folder) throws -> HunchBinary.Outcome {
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: folder.path("hunch.workspace\(suffix)"))
    }
    let process = try HunchBinary.process(["apply", ".", "--threads", "1"], in: folder)
    try process.run()
    while !FileManager.default.fileExists(atPath: folder.path("hunch.workspace-wal")),
      process.isRunning
    { usleep(1_000) }
    process.interrupt()
    process.waitUntilExit()
    return try HunchBinary.outcome(process, in: folder)
  }
}
