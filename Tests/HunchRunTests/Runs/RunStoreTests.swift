import Foundation
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// What the workspace keeps of runs, and for how long.
@Suite struct RunStoreTests {
  private static let file = "hunch.workspace"

  private func count(_ sample: RunSample, _ table: String) throws -> Int {
    try #require(try sample.project.value("SELECT COUNT(*) FROM \(table)", in: Self.file))
  }

  @Test func onlyTheLastRunsAreKept() throws {
    let sample = try RunSample(60)
    var pieces: Int?
    for number in 1...(RunHistory.kept + 4) {
      _ = try sample.project.pipeline(RunSample.pack(free: ["word\(number % 40)", "n\(number)"]))
        .run()
      if number == RunHistory.kept { pieces = try count(sample, "run_pieces") }
    }
    let runs = try sample.history().runs()
    #expect(runs.map(\.number) == Array(5...104))
    #expect(try count(sample, "runs") == 100 && count(sample, "run_details") == 100)
    // Pieces that only the forgotten runs needed went with them; all runs can be compared.
    #expect(try count(sample, "run_pieces") <= (pieces ?? 0) + 4)
    #expect(try sample.compare(5, 104).documents?.shared == 60)
  }

  @Test func documentsOfOldRunsGoWhenTheyTakeTooMuch() throws {
    let sample = try RunSample(600)
    for number in 1...6 {
      var options = SessionOptions(threads: 2)
      options.runBytes = 4_000
      let project = try sample.project.project(RunSample.pack(free: ["word\(number)"]))
      _ = try ProjectSteps(project, options: options).run()
    }
    let bytes: Int = try #require(
      try sample.project.value("SELECT SUM(LENGTH(content)) FROM run_pieces", in: Self.file))
    // The two last always stay.
    #expect(bytes < 12_000)
    #expect(try sample.history().runs().count == 6)
    #expect(try sample.compare(5, 6).documents != nil)
    let old = try sample.compare(1, 6)
    #expect(old.documents == nil && old.evaluation == nil)
    #expect(old.functions.map(\.name) == ["free"])
    // A run whose documents went is recorded anew.
    #expect(try sample.run(RunSample.pack(free: ["word1"])).record.run.sameAs == 1)
  }

  @Test func aWorkspaceFromBeforeGetsTheTables() throws {
    let sample = try RunSample(60)
    try sample.run()
    try sample.project.execute(
      """
      DROP TABLE run_details; DROP TABLE run_pieces;
      UPDATE runs SET configuration = 'as it was', functions = 'free 1234', figures = '{}'
      """, in: Self.file)
    #expect(try sample.history().runs().isEmpty)
    #expect(
      sample.project.failure { _ = try sample.compare() }?.message
        == "no run of this project is recorded")
    let record = try sample.run().record
    #expect(record.run.number == 2 && record.comparison == nil)
    #expect(try sample.history().runs().map(\.number) == [2])
  }

  @Test func votesLongForgottenAreSaidToBe() throws {
    let sample = try RunSample(300)
    try sample.run()
    try sample.run(RunSample.pack(free: ["cash"]))
    try sample.project.execute(
      """
      DELETE FROM votes WHERE key & 4294967295 IN (SELECT id FROM functions WHERE fingerprint NOT IN
        (SELECT json_extract(value, '$.fingerprint') FROM
         json_each((SELECT functions FROM runs WHERE id = 2))))
      """, in: Self.file)
    let comparison = try sample.compare()
    let documents = try #require(comparison.documents)
    #expect(documents.flipped > 0 && documents.causes?.unknown == documents.flipped)
    #expect(comparison.functions[0].flipped == nil)
    #expect(documents.flips.contains { !$0.votes.isEmpty })
    #expect(documents.flips.allSatisfy { $0.votes.allSatisfy { !$0.isBeforeKnown } })
  }

  @Test func damagedPiecesAreFound() throws {
    let sample = try RunSample(300)
    try sample.run()
    try sample.run(RunSample.pack(free: ["cash"]))
    let names: String = try #require(
      try sample.project.value("SELECT group_concat(name, '|') FROM run_pieces", in: Self.file))
    for name in names.split(separator: "|") where !name.hasPrefix("ids") {
      let bytes: Data = try #require(
        try sample.project.value(
          "SELECT content FROM run_pieces WHERE name = '\(name)'", in: Self.file))
      var damaged = bytes
      damaged[damaged.count / 2] ^= 4
      try sample.project.execute(
        "UPDATE run_pieces SET content = ? WHERE name = ?", [damaged, String(name)], in: Self.file)
      #expect(
        sample.project.failure { _ = try sample.compare() }
          == Shown(
            "DIR/hunch.workspace is damaged: what a run says of documents is not what was stored",
            hint:
              "save the labels of 'hunch label' with 'hunch export DIR labels', delete it and run again: "
              + "all but these and the list of runs is computed anew",
            .badData),
        "\(name)")
      try sample.project.execute(
        "UPDATE run_pieces SET content = ? WHERE name = ?", [bytes, String(name)], in: Self.file)
    }
    #expect(try sample.compare().documents?.shared == 300)
  }

  @Test func recordingDoesNotChangeWhatIsLearned() throws {
    // Training collects labels in a run, and does not alone.
    let sample = try RunSample()
    do {
      let alone = try sample.project.pipeline(RunSample.pack())
      _ = try alone.export(.model, to: sample.project.path("alone.model"))
    }
    for suffix in ["", "-wal"] {
      try? FileManager.default.removeItem(atPath: sample.project.path(Self.file + suffix))
    }
    let run = try sample.project.pipeline(RunSample.pack())
    _ = try run.run()
    _ = try run.export(.model, to: sample.project.path("run.model"))
    #expect(try sample.project.bytes("alone.model") == sample.project.bytes("run.model"))
  }
}
