import Foundation
import GRDB
import Hunch
import HunchLabeling
import HunchModels
import HunchText
import ProjectSupport
import TestSupport
import Testing

/// What stands in files of Hunch's own, changed and sealed again: the same results as ever, or an
/// error. Never a trap, and no more memory than a file of that size is worth.
@Suite struct MutationTests {
  /// `HUNCH_MUTATIONS` asks for more.
  static let mutations =
    ProcessInfo.processInfo.environment["HUNCH_MUTATIONS"].flatMap(Int.init) ?? 40

  private static func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    if bytes.isEmpty { bytes = [0] }
    let place = random.below(bytes.count)
    switch random.below(4) {
    case 0: bytes[place] ^= 1 << UInt8(random.below(8))
    case 1: bytes[place] = random.pick([0, 1, 2, 3, 0x7F, 0x80, 0xFF])
    case 2: bytes.removeLast(1 + random.below(min(8, bytes.count)))
    default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
    }
  }

  /// Some number in place of another.
  private static func odd<Number: FixedWidthInteger>(
    _ number: Number, _ random: inout SplitMix64
  ) -> Number {
    random.pick([
      0, 1, Number.max, Number.min, number &+ 1, number &- 1, number << 3,
      Number(truncatingIfNeeded: random.next()),
    ])
  }

  /// Nothing but an error that can be shown.
  private static func attempt(_ project: TestProject, _ what: String, _ work: () throws -> Void) {
    guard let shown = project.failure(work) else { return }
    #expect(shown.status != .internalError, "\(what): \(shown)")
  }

  // MARK: - Compiled knowledge

  private static let pack = RulePack("sample", for: Verdict.self) {
    Gazetteer("named", in: "names", classColumn: "class", options: .plurals)
    KeyLookup("page", key: Field("text"), in: "names", classColumn: "class")
  }

  private static func mutate(_ parts: inout KnowledgeParts, _ random: inout SplitMix64) {
    func change<Number: FixedWidthInteger>(_ numbers: inout [Number]) {
      switch random.below(4) {
      case 0: numbers.append(odd(0, &random))
      case 1: if !numbers.isEmpty { numbers.removeLast() }
      default:
        if numbers.isEmpty { return }
        let place = random.below(numbers.count)
        numbers[place] = odd(numbers[place], &random)
      }
    }
    func change<Number: FixedWidthInteger>(_ lists: inout [[Number]]) {
      if lists.isEmpty { return }
      change(&lists[random.below(lists.count)])
    }
    switch random.below(6) {
    case 0: change(&parts.numbers)
    case 1: change(&parts.bytes)
    case 2: change(&parts.narrow)
    case 3: change(&parts.rows)
    case 4: change(&parts.wide)
    default: if !parts.texts.isEmpty { parts.texts.swapAt(0, random.below(parts.texts.count)) }
    }
  }

  @Test func knowledge() throws {
    let project = try TestProject(
      TestProject.yaml + "\nknowledge:\n  names: { path: names.csv, key: name }\n")
    try project.makeCorpus(["Ada Lovelace met bobs", "bob", "nobody"])
    try project.write("names.csv", "name,class\nada  lovelace,ham\nBob,spam\nEve Smith,ham\n")
    func votes() throws {
      var options = SessionOptions(threads: 1)
      options.compiledKnowledgeBytes = 0
      options.now = { Date(timeIntervalSinceNow: 60) }
      let pipeline = try ProjectSteps(project.project(Self.pack), options: options)
      _ = try pipeline.apply()
    }
    try votes()
    let folder = project.path("hunch.workspace.knowledge")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .filter { !$0.hasSuffix(".state") }.map { "\(folder)/\($0)" }
    let sound = try files.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    for seed in 0..<Self.mutations {
      var random = SplitMix64(seed: seed)
      let place = random.below(files.count)
      if random.below(4) == 0 {
        // The sizes in the header are looked at before the checksum.
        var bytes = sound[place]
        bytes[random.below(min(200, bytes.count))] = UInt8(truncatingIfNeeded: random.next())
        try bytes.write(to: URL(fileURLWithPath: files[place]))
      } else {
        var parts = try #require(KnowledgeFile.read(files[place]))
        for _ in 0..<random.pick([1, 1, 2]) { Self.mutate(&parts, &random) }
        KnowledgeFile.write(parts, to: files[place])
      }
      try project.execute("DELETE FROM documents WHERE id > 3")
      try project.execute("INSERT INTO documents VALUES (4, 'bob and Ada Lovelace \(seed)')")
      Self.attempt(project, "seed \(seed)") { try votes() }
      for (path, bytes) in zip(files, sound) { try bytes.write(to: URL(fileURLWithPath: path)) }
    }
  }

  /// The longest name is no longer than the longest spelling: a scan keeps room for it.
  @Test func aNameOfTerabytes() throws {
    let project = try TestProject(
      TestProject.yaml + "\nknowledge:\n  names: { path: names.csv, key: name }\n")
    try project.makeCorpus(["Ada Lovelace", "bob"])
    try project.write("names.csv", "name,class\nada  lovelace,ham\nBob,spam\n")
    let (_, votes) = try project.apply(Self.pack)
    let folder = project.path("hunch.workspace.knowledge")
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasSuffix(".names") {
      var parts = try #require(KnowledgeFile.read("\(folder)/\(name)"))
      parts.numbers[1] = 40 << 32
      KnowledgeFile.write(parts, to: "\(folder)/\(name)")
    }
    try project.execute("INSERT INTO documents(text) VALUES ('bob')")
    let (_, after) = try project.apply(Self.pack)
    #expect(Array(after.dropLast()) == votes)
  }

  // MARK: - Workspace

  private static let configuration = TestProject.configuration(
    labels: ["ham", "spam"], votes: ["votes.csv"])

  private static func sample() throws -> TestProject {
    let project = try TestProject(configuration)
    let words = ["offer", "prize", "hello", "thanks", "number", "rain"]
    try project.makeCorpus((0..<70).map { "\(words[$0 % 6]) \(words[$0 / 6 % 6])" })
    let rows = (0..<70).map { index in
      "\(index + 1),\(index % 6 < 2 ? "spam" : "ham"),\(index % 5 == 0 ? "spam" : "")"
    }
    try project.write("votes.csv", (["id,f,g"] + rows).joined(separator: "\n"))
    return project
  }

  /// Models of other classes, and models that are damaged, are trained again.
  @Test func anotherModel() throws {
    let project = try Self.sample()
    func predictions() throws -> String {
      let pipeline = try project.pipeline()
      _ = try pipeline.export(.predictions, to: project.path("p.csv"))
      return try project.text("p.csv")
    }
    let sound = try predictions()
    var trainer = TextClassifierTrainer(labels: ["a", "b", "c"])
    trainer.add(TextBatch(["one", "two", "three"]), posteriors: [1, 0, 0, 0, 1, 0, 0, 0, 1])
    let other = try trainer.train().encoded()
    let file = "hunch.workspace"
    // Without a seal, with that of another key, and with its own.
    for kind in 0..<3 {
      let queue = try DatabaseQueue(path: project.path(file))
      try queue.write { db in
        for key in try String.fetchAll(db, sql: "SELECT key FROM models") {
          let seal = VoteSeal(chunk: kind == 1 ? "other" : key, function: "model")
          try db.execute(
            sql: "UPDATE models SET model = ? WHERE key = ?",
            arguments: [Data(kind == 0 ? other : seal.sealed(other)), key])
        }
      }
      try queue.close()
      #expect(try predictions() == sound, "case \(kind)")
    }
  }

  @Test func workspace() throws {
    let project = try Self.sample()
    _ = try project.pipeline().run()
    let path = project.path("hunch.workspace")
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))
    for seed in 0..<Self.mutations {
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
      try sound.write(to: URL(fileURLWithPath: path))
      var random = SplitMix64(seed: seed)
      let queue = try DatabaseQueue(path: path)
      try queue.write { db in try Self.mutate(db, &random) }
      try queue.close()
      Self.attempt(project, "seed \(seed)") {
        let pipeline = try project.pipeline(secondsLater: seed % 2 == 0 ? 60 : 0)
        _ = try pipeline.run()
        _ = try pipeline.export(.predictions, to: project.path("p.csv"))
      }
    }
  }

  private static func mutate(_ db: Database, _ random: inout SplitMix64) throws {
    switch random.below(3) {
    case 0:
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT v.key, v.votes, c.content, f.fingerprint FROM votes v
          JOIN chunks c ON c.id = v.key >> 32 JOIN functions f ON f.id = v.key & 4294967295
          """)
      let row = random.pick(rows)
      let seal = VoteSeal(chunk: row[2], function: row[3])
      var bytes = seal.opened([UInt8](row[1] as Data)) ?? []
      mutate(&bytes, &random)
      try db.execute(
        sql: "UPDATE votes SET votes = ? WHERE key = ?",
        arguments: [Data(seal.sealed(bytes)), row[0] as Int64])
    case 1:
      let row = random.pick(try Row.fetchAll(db, sql: "SELECT key, model FROM models"))
      let seal = VoteSeal(chunk: row[0], function: "model")
      var bytes = seal.opened([UInt8](row[1] as Data)) ?? []
      mutate(&bytes, &random)
      try db.execute(
        sql: "UPDATE models SET model = ? WHERE key = ?",
        arguments: [Data(seal.sealed(bytes)), row[0] as String])
    default:
      let column = random.pick(["position", "documents", "texts", "repaired", "without_text"])
      try db.execute(
        sql: "UPDATE layout SET \(column) = ?",
        arguments: [random.pick([0, -1, 1, 71, 1 << 40, .max, .min] as [Int64])])
    }
  }
}
