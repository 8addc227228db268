import Foundation
import GRDB
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How much the fault tests do. `make faults` asks for all of it.
enum Faults {
  /// The processes that the kill test ends; `HUNCH_KILLS`.
  static let kills = ProcessInfo.processInfo.environment["HUNCH_KILLS"].flatMap(Int.init) ?? 10

  /// The projects that are made up, a multiple of ten; `HUNCH_PROJECTS`.
  static let projects =
    ProcessInfo.processInfo.environment["HUNCH_PROJECTS"].flatMap(Int.init) ?? 20

  /// Whether the large inputs are run, too; `HUNCH_FAULTS`.
  static let areHeavy = ProcessInfo.processInfo.environment["HUNCH_FAULTS"] != nil
}

/// A project with the rules of support-messages and a corpus of made-up messages.
struct MessageProject {
  /// Documents per chunk of the corpus.
  static let chunk = 4_096
  /// The slices of its rule pack, which are stored beside the votes and not counted.
  static let slices = 3

  /// The votes of labeling functions among so many stored columns, of which a chunk has one for each
  /// function and slice.
  static func votes(columns: Int, functions: Int) -> Int {
    columns / (functions + slices) * functions * chunk
  }

  let folder: Folder
  let documents: Int

  /// Makes a corpus of whole chunks, so that every stored vote stands for as many documents.
  init(chunks: Int) throws {
    documents = chunks * Self.chunk
    folder = try Folder()
    try Projects.copy(
      ["hunch.yaml", "products.csv", "pages.csv", "crowd.csv"], ofExample: "support-messages",
      to: folder)
    try Projects.shareCompiledRules(with: folder)
    let count = documents
    try Self.write(folder.path("corpus.sqlite")) { db in
      try db.execute(sql: Self.schema)
      try Self.insert(0..<count, db)
    }
  }

  static let schema =
    "CREATE TABLE messages(id INTEGER PRIMARY KEY, text, label, split, page, channel)"

  /// Runs statements on a database and closes it.
  static func write(_ path: String, _ body: (Database) throws -> Void) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write(body)
    try queue.close()
  }

  /// Adds messages of words that the rules know and others, in all splits, some with gold.
  static func insert(_ ids: Range<Int>, _ db: Database) throws {
    let words = """
      my card was declined stolen pin transfer standing order sent money to the wrong account fee \
      charged £3 how much does it cost app crashed on new phone password statement joint savings \
      mortgage loan repayment limit arrived pending salary not yet where when please help thanks
      """.split(separator: " ").map(String.init)
    let labels = ["card", "transfer", "fees", "access", "account", "loan"]
    var random = SplitMix64(seed: 7)
    let insert = try db.makeStatement(sql: "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)")
    for id in ids {
      let text = (0..<(2 + random.below(10))).map { _ in random.pick(words) }
        .joined(separator: " ")
      let split = random.pick(["train", "train", "train", "valid", "test"])
      try insert.execute(arguments: [
        id, text, split == "train" ? nil : random.pick(labels), split,
        random.pick(["cards", "fees", nil]), random.pick(["email", "chat"]),
      ])
    }
  }

  /// Removes a workspace and all that stands beside it.
  func forget(_ workspace: String = "hunch.workspace") {
    for suffix in ["", "-wal", "-shm", "-lock", "-journal"] {
      try? FileManager.default.removeItem(atPath: folder.path(workspace + suffix))
    }
  }

  /// Exports a table and returns its bytes.
  func export(
    _ kind: String, workspace: String = "hunch.workspace",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Data {
    let name = kind == "model" ? "out.model" : "out.csv"
    let outcome = try HunchBinary.run(
      ["export", ".", kind, "--output", name, "--workspace", workspace, "--quiet"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)", sourceLocation: sourceLocation)
    defer { try? FileManager.default.removeItem(atPath: folder.path(name)) }
    return try Data(contentsOf: folder.url.appendingPathComponent(name))
  }

  /// What a workspace holds, looked at in a copy so that its log is left for the next run.
  func contents(_ workspace: String = "hunch.workspace") throws -> WorkspaceContents {
    let copy = try Folder()
    for suffix in ["", "-wal"] {
      let file = folder.path(workspace + suffix)
      if FileManager.default.fileExists(atPath: file) {
        try FileManager.default.copyItem(atPath: file, toPath: copy.path("w" + suffix))
      }
    }
    guard FileManager.default.fileExists(atPath: copy.path("w")) else { return .init() }
    let queue = try DatabaseQueue(path: copy.path("w"))
    defer { try? queue.close() }
    return try queue.read { db in
      var contents = WorkspaceContents()
      contents.integrity = try String.fetchOne(db, sql: "PRAGMA integrity_check") ?? ""
      guard try db.tableExists("counters") else { return contents }
      contents.votes = try String.fetchAll(
        db,
        sql: """
          SELECT c.content || ' ' || f.fingerprint || ' ' || hex(v.votes) FROM votes v
          JOIN chunks c ON c.id = v.key >> 32 JOIN functions f ON f.id = v.key & 4294967295
          ORDER BY 1
          """)
      contents.orphans =
        try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM votes").map { $0 - contents.votes.count }
        ?? 0
      contents.models = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM models") ?? 0
      contents.runs = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM runs") ?? 0
      return contents
    }
  }
}

/// What a workspace holds.
struct WorkspaceContents {
  var integrity = "ok"
  /// Chunk, function and votes, sorted.
  var votes: [String] = []
  /// Votes without a chunk or function.
  var orphans = 0
  var models = 0
  var runs = 0
}

/// A shell, for what a process can only be given from outside: limits, another user.
enum Shell {
  /// Runs a line with the binary as `$HUNCH`; the streams go to the folder's files.
  static func run(_ line: String, in folder: Folder) throws -> HunchBinary.Outcome {
    let process = try HunchBinary.process([], in: folder)
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.environment?["HUNCH"] = HunchBinary.path
    try process.run()
    process.waitUntilExit()
    return try HunchBinary.outcome(process, in: folder)
  }
}

extension MessageProject {
  /// Changes how a database keeps its transactions.
  static func setJournal(_ mode: String, of path: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = \(mode)") }
    try queue.close()
  }
}
