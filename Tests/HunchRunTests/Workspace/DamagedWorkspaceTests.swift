import Foundation
import GRDB
import Hunch
import HunchLabeling
import ProjectSupport
import TestSupport
import Testing

/// Whatever happens to the workspace's file: the same votes as ever, or an error that names the
/// file and says what to do. Never a crash, never other votes.
@Suite struct DamagedWorkspaceTests {
  private static let file = "hunch.workspace"

  private static let pack = RulePack("sample", for: Verdict.self) {
    Keywords("offer", ["offer", "prize"], votes: .spam)
    Keywords("hello", ["hello", "thanks"], votes: .ham)
    Pattern("number", #"\bnumber \d*[02468]\b"#, votes: .spam)
    Heuristic("short") { $0.words.count < 4 ? .ham : nil }
  }

  private static func texts(_ count: Int) -> [String] {
    let words = ["offer", "prize", "hello", "thanks", "number 4", "number 7", "rain", "sun"]
    var random = SplitMix64(seed: 3)
    return (0..<count).map { _ in
      (0..<(1 + random.below(5))).map { _ in random.pick(words) }.joined(separator: " ")
    }
  }

  /// A project after a whole run, with the exports that a rerun must reproduce.
  private struct Sample {
    let project: TestProject
    let workspace: [UInt8]
    let exports: [String]

    init() throws {
      project = try TestProject()
      try project.makeCorpus(DamagedWorkspaceTests.texts(5_000))
      _ = try project.pipeline(DamagedWorkspaceTests.pack).run()
      exports = try Self.exports(project)
      workspace = try project.bytes(DamagedWorkspaceTests.file)
    }

    static func exports(_ project: TestProject) throws -> [String] {
      let pipeline = try project.pipeline(DamagedWorkspaceTests.pack)
      return try [ExportKind.votes, .posteriors, .predictions].map { kind in
        _ = try pipeline.export(kind, to: project.path("\(kind).csv"))
        return try project.text("\(kind).csv")
      }
    }

    /// Puts a file in the workspace's place, with or without a log.
    func put(_ bytes: [UInt8], wal: [UInt8]? = nil, shm: [UInt8]? = nil) throws {
      for (suffix, bytes) in [("", bytes), ("-wal", wal), ("-shm", shm)] {
        let path = project.path(DamagedWorkspaceTests.file + suffix)
        try? FileManager.default.removeItem(atPath: path)
        if let bytes { try project.write(DamagedWorkspaceTests.file + suffix, bytes) }
      }
    }

    /// The same results, or an error as it should be; returns the error.
    @discardableResult
    func check(
      _ what: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Shown? {
      var found: [String] = []
      let shown = project.failure { found = try Self.exports(project) }
      guard let shown else {
        let differ = zip(found, exports).map { $0 != $1 }
        #expect(differ == [false, false, false], "\(what)", sourceLocation: sourceLocation)
        return nil
      }
      #expect(shown.status == .badData, "\(what): \(shown)", sourceLocation: sourceLocation)
      #expect(
        shown.message.hasPrefix("DIR/\(DamagedWorkspaceTests.file) is damaged: ")
          && shown.hint
            == "save the labels of 'hunch label' with 'hunch export DIR labels', delete it and run again: "
            + "all but these and the list of runs is computed anew"
          || shown == DamagedWorkspaceTests.foreign
          // The damage may hit the number of the format.
          || shown.message.hasPrefix(
            "DIR/\(DamagedWorkspaceTests.file) was written by a newer Hunch (format "),
        "\(what): \(shown)", sourceLocation: sourceLocation)
      #expect(
        FileManager.default.fileExists(atPath: project.path(DamagedWorkspaceTests.file)),
        sourceLocation: sourceLocation)
      return shown
    }
  }

  private static let foreign = Shown(
    "DIR/\(file) exists already and is no workspace of Hunch", hint: "choose another --workspace",
    .badData)

  @Test func truncated() throws {
    let sample = try Sample()
    let size = sample.workspace.count
    #expect(size > 40_000)
    for length in [
      0, 1, 15, 16, 50, 99, 100, 101, 511, 512, 4_095, 4_096, 4_097, size / 2,
      size / 2 / 4_096 * 4_096, size - 4_096, size - 1,
    ] {
      let bytes = Array(sample.workspace.prefix(length))
      try sample.put(bytes)
      let shown = try sample.check("\(length) bytes of \(size)")
      if shown != nil { #expect(try sample.project.bytes(Self.file) == bytes) }
      if [0, size - 1].contains(length) { #expect(shown == nil) }
      if length == size / 2 { #expect(shown != nil) }
    }
    try sample.put([])
    #expect(try sample.check("deleted and begun again") == nil)
  }

  /// Kinds of damage, each at a random place.
  private enum Damage: CaseIterable {
    case page, zeros, bytes, bits, votes

    func apply(to bytes: inout [UInt8], votes: [Int], _ random: inout SplitMix64) {
      switch self {
      case .page, .zeros:
        let start = random.below(bytes.count / 4_096) * 4_096
        for index in start..<(start + 4_096) {
          bytes[index] = self == .zeros ? 0 : UInt8.random(in: 0...255, using: &random)
        }
      case .bytes:
        let start = random.below(bytes.count - 64)
        for index in start..<(start + 64) {
          bytes[index] = UInt8.random(in: 0...255, using: &random)
        }
      case .bits:
        for _ in 0..<20 { bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8)) }
      case .votes:
        // Where votes, fingerprints and contents stand, not the larger model.
        let start = random.pick(votes) * 4_096
        for _ in 0..<3 { bytes[start + random.below(4_096)] ^= 1 << UInt8(random.below(8)) }
      }
    }
  }

  @Test func overwritten() throws {
    let sample = try Sample()
    let pages: [Int] = try {
      let queue = try DatabaseQueue(path: sample.project.path(Self.file))
      defer { try? queue.close() }
      return try queue.read {
        try Int.fetchAll(
          $0,
          sql: """
            SELECT rootpage - 1 FROM sqlite_master
            WHERE tbl_name IN ('votes', 'chunks', 'functions', 'layout', 'counters') AND rootpage
            """)
      }
    }()
    var random = SplitMix64(seed: 11)
    let isHeavy = ProcessInfo.processInfo.environment["HUNCH_FAULTS"] != nil
    var (refused, withstood) = (0, 0)
    for number in 0..<(isHeavy ? 1_000 : 50) {
      let damage = Damage.allCases[number % Damage.allCases.count]
      var bytes = sample.workspace
      damage.apply(to: &bytes, votes: pages, &random)
      try sample.put(bytes)
      if try sample.check("\(damage) \(number)") == nil { withstood += 1 } else { refused += 1 }
    }
    print("damaged workspaces: \(refused) refused, \(withstood) gave the same results")
    #expect(refused > 0)
    #expect(withstood > 0)
  }

  @Test func everyByteOfTheHeader() throws {
    let sample = try Sample()
    for index in 0..<100 {
      var bytes = sample.workspace
      bytes[index] ^= 0x03
      try sample.put(bytes)
      let shown = sample.project.failure {
        let found = try Sample.exports(sample.project)
        #expect(found == sample.exports)
      }
      // The number of the format stands there, too.
      if let shown { #expect(shown.status == .badData, "byte \(index): \(shown)") }
    }
  }

  /// The state of a process that was killed: what it committed last stands in the log.
  @Test func theLog() throws {
    let sample = try Sample()
    let (workspace, wal, shm) = try {
      try sample.put([])
      let pipeline = try sample.project.pipeline(Self.pack)
      _ = try pipeline.run()
      return (
        try sample.project.bytes(Self.file), try sample.project.bytes(Self.file + "-wal"),
        try sample.project.bytes(Self.file + "-shm")
      )
    }()
    #expect(wal.count > 40_000)
    try sample.put(workspace, wal: wal, shm: shm)
    #expect(try sample.check("as it was") == nil)
    let garbage = [UInt8](repeating: 0xA5, count: shm.count)
    for (what, index) in [
      ("none", nil), ("of zeros", [UInt8](repeating: 0, count: 32_768)),
      ("of garbage", garbage), ("cut", Array(shm.prefix(100))),
    ] {
      try sample.put(workspace, wal: wal, shm: index)
      #expect(try sample.check("index \(what)") == nil)
    }
    for length in [0, 1, 31, 32, 33, 4_000, 4_152, wal.count / 2, wal.count - 4_096, wal.count - 1]
    {
      try sample.put(workspace, wal: Array(wal.prefix(length)), shm: shm)
      try sample.check("log of \(length) bytes of \(wal.count)")
    }
    var random = SplitMix64(seed: 5)
    for number in 0..<10 {
      var changed = wal
      let start = random.below(wal.count - 64)
      for index in start..<(start + 64) { changed[index] ^= 0x5A }
      try sample.put(workspace, wal: changed, shm: shm)
      try sample.check("changed log \(number)")
    }
    try sample.put(sample.workspace, wal: wal, shm: shm)
    try sample.check("another workspace's log")
  }

  @Test(arguments: [
    "DELETE FROM votes WHERE key % 2 = 0", "DELETE FROM votes", "DELETE FROM chunks",
    "DELETE FROM functions", "DELETE FROM layout", "DELETE FROM counters", "DELETE FROM models",
    "UPDATE counters SET value = 9223372036854775807", "UPDATE counters SET value = 'x'",
    "UPDATE models SET model = x'00'", "UPDATE models SET model = 5",
    "UPDATE models SET model = substr(model, 1, length(model) / 2)",
    "UPDATE votes SET votes = 5", "UPDATE votes SET votes = 'text'", "UPDATE votes SET votes = x''",
    "UPDATE votes SET votes = substr(votes, 1, length(votes) - 1)",
    "UPDATE votes SET votes = votes || x'00'", "UPDATE votes SET votes = x'00'",
    "UPDATE votes SET votes = (SELECT votes FROM votes ORDER BY key DESC LIMIT 1)",
    "UPDATE functions SET id = id + 100", "UPDATE functions SET id = id + 9000000000",
    "UPDATE functions SET id = 10 - id", "UPDATE functions SET fingerprint = id",
    "UPDATE chunks SET id = id + 9000000000", "UPDATE chunks SET id = -id",
    "UPDATE chunks SET id = 100 - id", "UPDATE chunks SET content = id",
    "INSERT INTO chunks VALUES (9223372036854775807, 'x')",
    "INSERT INTO failures VALUES (4294967297, 'x', x'00'), (4294967297, -5, 'reason')",
    "DROP TABLE votes", "DROP TABLE runs", "DROP TABLE models",
    "ALTER TABLE votes RENAME COLUMN votes TO v",
  ])
  func rows(statement: String) throws {
    let sample = try Sample()
    try sample.project.execute(statement, in: Self.file)
    try sample.check(statement)
  }

  @Test func theFormatBefore() throws {
    let sample = try Sample()
    try sample.project.execute(
      "PRAGMA user_version = 1; UPDATE votes SET votes = x'00'", in: Self.file)
    #expect(try sample.check("format 1") == nil)
    #expect(try sample.project.value("PRAGMA user_version", in: Self.file) == 2)
    #expect(try sample.project.value("SELECT COUNT(*) FROM runs", in: Self.file) == 1)
  }

  @Test func aDatabaseOfAnotherProgram() throws {
    let project = try TestProject()
    try project.makeCorpus(["an offer"])
    for version in [-1, 0, 1, 2] {
      let name = "other\(version)"
      try project.execute(
        "CREATE TABLE votes(x); CREATE TABLE runs(x); PRAGMA user_version = \(version)", in: name)
      let before = try project.bytes(name)
      let shown = project.failure {
        _ = try ProjectSteps(project.project(Self.pack, workspace: project.path(name)))
      }
      #expect(
        shown
          == Shown(
            "DIR/\(name) exists already and is no workspace of Hunch",
            hint: "choose another --workspace", .badData))
      #expect(try project.bytes(name) == before)
    }
  }
}
