import Foundation
import GRDB
import Hunch
import HunchLabeling
import ProjectSupport
import Testing

/// What stands in the columns of a corpus, sound and unsound.
@Suite struct CorpusContentTests {
  private static let full = TestProject.configuration(columns: [.gold, .split])

  private func project(
    _ values: String, columns: String = "id, text, gold, split", yaml: String = full
  ) throws -> TestProject {
    let project = try TestProject(yaml)
    try project.execute(
      "CREATE TABLE documents(\(columns)); INSERT INTO documents VALUES \(values)")
    return project
  }

  private func failure(
    _ values: String, columns: String = "id, text, gold, split", yaml: String = full
  ) throws -> Shown? {
    let project = try project(values, columns: columns, yaml: yaml)
    return project.failure { _ = try project.apply(samplePack) }
  }

  // MARK: - Ids

  private func duplicate(_ id: String) -> Shown {
    Shown(
      "DIR/corpus.sqlite: the id '\(id)' occurs more than once",
      hint: "name a column with unique values in 'corpus: id:'", .badData)
  }

  @Test func duplicateIDsInATableWithoutKey() throws {
    let rows = "(2, 'a', '', ''), (1, 'b', '', ''), (2, 'c', '', '')"
    #expect(try failure(rows) == duplicate("2"))
    #expect(try failure("(1, 'a', '', ''), ('1', 'b', '', '')") == duplicate("1"))
    // Of two NULLs none is a duplicate; they are another mistake.
    #expect(
      try failure("(NULL, '', '', ''), (NULL, '', '', ''), ('x', '', '', ''), ('x', '', '', '')")
        == duplicate("x"))
  }

  @Test func duplicateIDsInAView() throws {
    let project = try project(
      "(1, 'a', '', ''), (2, 'b', '', '')",
      yaml: Self.full.replacing("table: documents", with: "table: twice"))
    try project.execute(
      "CREATE VIEW twice AS SELECT * FROM documents UNION ALL SELECT * FROM documents WHERE id = 2")
    #expect(project.failure { _ = try project.apply(samplePack) } == duplicate("2"))
  }

  @Test func aPartialUniqueIndexProvesNothing() throws {
    let project = try project("(1, 'a', '', ''), (1, 'b', '', '')")
    try project.execute("CREATE UNIQUE INDEX some ON documents(id) WHERE text = 'a'")
    #expect(project.failure { _ = try project.apply(samplePack) } == duplicate("1"))
  }

  @Test func aUniqueIndexOfTwoColumnsProvesNothing() throws {
    let project = try project("(1, 'a', '', ''), (1, 'b', '', '')")
    try project.execute("CREATE UNIQUE INDEX some ON documents(id, text)")
    #expect(project.failure { _ = try project.apply(samplePack) } == duplicate("1"))
  }

  @Test func idsThatAreNone() throws {
    #expect(
      try failure("('a', '', '', ''), (NULL, '', '', '')")
        == Shown(
          "DIR/corpus.sqlite: row 2 has no id",
          hint: "give every document an id, or use a query that leaves such rows out", .badData))
    for id in ["x'00ff'", "1.5"] {
      #expect(
        try failure("('a', '', '', ''), (\(id), '', '', '')")
          == Shown("DIR/corpus.sqlite: row 2: the id is neither an integer nor a text", .badData))
    }
  }

  @Test func anEmptyTextIsAnID() throws {
    let project = try project("('', 'hello', '', '')")
    #expect(try project.apply(samplePack).votes.last == ["", "-1", "0"])
  }

  // MARK: - Splits and gold

  @Test func badSplits() throws {
    for split in ["'Train'", "'dev'", "1"] {
      #expect(
        try failure("('a', '', '', 'test'), ('b', '', '', \(split))")
          == Shown(
            "DIR/corpus.sqlite: document 'b': the split must be train, valid, test or NULL",
            .badData))
    }
  }

  @Test func badGold() throws {
    for gold in ["Hams", "1", "0", "h am"] {
      #expect(
        try failure("(1, '', ' ham', ''), (2, '', '\(gold)', '')")
          == Shown(
            "DIR/corpus.sqlite: document '2': the gold label '\(gold)' is none of ham, spam",
            .badData))
    }
  }

  @Test func noGoldAndNoSplit() throws {
    let project = try project(
      "(1, 'hello', 'ham', 'train'), (2, 'hello', NULL, NULL), (3, 'offer', '', ''), "
        + "(4, 'offer', 'ham', 'test')")
    let pipeline = try project.pipeline(samplePack)
    let all = try pipeline.analyze(split: nil)
    #expect(all.documents == 4)
    #expect(all.goldDocuments == 1, "that of the test split measures at the end")
    #expect(try pipeline.analyze(split: .train).documents == 3)
    #expect(try pipeline.analyze(split: .train).goldDocuments == 1)
    #expect(try pipeline.analyze(split: .test).documents == 1)
    #expect(try pipeline.analyze(split: .valid).documents == 0)
    #expect(all.functions.map { $0.gold?.correct } == [0, 1])
    #expect(all.functions.map { $0.gold?.incorrect } == [0, 0])
  }

  @Test func withoutGoldThereIsNothingToEvaluate() throws {
    let project = try TestProject()
    try project.makeCorpus(["hello", "offer", "hello friend"])
    let pipeline = try project.pipeline(samplePack)
    #expect(try pipeline.run().evaluate == nil)
    #expect(try pipeline.analyze(split: nil).functions.allSatisfy { $0.gold == nil })
    #expect(
      project.failure { _ = try pipeline.evaluate(split: nil) }
        == Shown(
          "no document of the split 'train, valid or test' has a gold label",
          hint: "set 'corpus: gold:' in hunch.yaml, label a few with 'hunch label', or choose "
            + "another --split", .badData))
    #expect(
      project.failure { _ = try pipeline.evaluate(split: .valid) }?.message
        == "no document of the split 'valid' has a gold label")
  }

  // MARK: - Texts

  @Test func textsThatAreNoTexts() throws {
    let project = try project(
      "(1, NULL, '', ''), (2, '', '', ''), (3, 12, '', ''), (4, 1.5, '', ''), "
        + "(5, x'6f66666572', '', ''), (6, x'', '', '')")
    let pack = RulePack("sample", for: Verdict.self) {
      Heuristic("empty") { $0.text.isEmpty ? .ham : nil }
      Heuristic("number") { $0.text == "12" || $0.text == "1.5" ? .ham : nil }
      Keywords("offer", ["offer"], votes: .spam)
    }
    let (report, votes) = try project.apply(pack)
    #expect(votes.dropFirst().map { $0[1] } == ["0", "0", "-1", "-1", "-1", "0"])
    #expect(votes.dropFirst().map { $0[2] } == ["-1", "-1", "0", "0", "-1", "-1"])
    #expect(votes.dropFirst().map { $0[3] } == ["-1", "-1", "-1", "-1", "1", "-1"])
    #expect(report.warnings == ["1 documents have no text (NULL) and count as empty"])
    // Said again when nothing is evaluated.
    #expect(try project.apply(pack).report.warnings == report.warnings)
  }

  @Test func invalidUTF8IsRepairedAndCounted() throws {
    let project = try project(
      "(1, CAST(x'6f66666572ff' AS TEXT), '', ''), (2, x'ed a0 80', '', ''), (3, 'ok', '', '')"
        .replacing("ed a0 80", with: "eda080"))
    let pack = RulePack("sample", for: Verdict.self) {
      Heuristic("one") { $0.text == "offer\u{FFFD}" ? .ham : nil }
      Heuristic("two") { $0.text.unicodeScalars.allSatisfy { $0.value == 0xFFFD } ? .ham : nil }
      Keywords("offer", ["offer"], votes: .spam)
    }
    let (report, votes) = try project.apply(pack)
    #expect(
      votes.dropFirst() == [
        ["1", "0", "-1", "1"], ["2", "-1", "0", "-1"], ["3", "-1", "-1", "-1"],
      ])
    #expect(
      report.warnings == ["2 documents are not valid UTF-8; what is wrong was read as U+FFFD"])
  }

  @Test func aTextMayHoldNUL() throws {
    let project = try project("(1, 'offer' || char(0) || 'hello', '', '')")
    let pack = RulePack("sample", for: Verdict.self) {
      Keywords("offer", ["offer"], votes: .spam)
      Keywords("hello", ["hello"], votes: .ham)
      Pattern("end", #"\x00hello$"#, votes: .ham)
      Heuristic("count") { $0.byteCount == 11 ? .ham : nil }
    }
    #expect(try project.apply(pack).votes.last == ["1", "1", "0", "0", "0"])
  }

  // MARK: - Read-only

  @Test(arguments: ["DELETE", "WAL"])
  func aRunLeavesTheFileAsItIs(_ journal: String) throws {
    let project = try project(
      "(1, 'hello', 'ham', 'train'), (2, 'offer', 'spam', 'test'), (3, 'thanks', 'ham', 'test')")
    try project.execute("PRAGMA journal_mode = \(journal)")
    let before = try project.bytes("corpus.sqlite")
    for _ in 0..<2 { _ = try project.pipeline(samplePack).run() }
    #expect(try project.bytes("corpus.sqlite") == before)
  }

  @Test func whatAnotherProgramIsWritingIsSeenOnceCommitted() throws {
    let project = try project("(1, 'hello', '', '')")
    try project.execute("PRAGMA journal_mode = WAL")
    let writer = try DatabaseQueue(path: project.path("corpus.sqlite"))
    try writer.write { try $0.execute(sql: "INSERT INTO documents VALUES (2, 'offer', '', '')") }
    let before = try project.bytes("corpus.sqlite")
    #expect(try project.apply(samplePack).votes.count == 3)
    #expect(try project.bytes("corpus.sqlite") == before)
    try writer.close()
  }

  @Test func aCorpusThatChangesDuringARunIsNoticed() throws {
    for change in [
      "INSERT INTO documents VALUES (9, 'hello', '', '')", "DELETE FROM documents WHERE id = 2",
    ] {
      let project = try project("(1, 'hello', '', ''), (2, 'offer', '', '')")
      let pipeline = try project.pipeline(samplePack)
      _ = try pipeline.apply()
      try project.execute(change)
      #expect(
        project.failure { _ = try pipeline.analyze(split: nil) }
          == Shown(
            "DIR/corpus.sqlite: the corpus changed during the run",
            hint: "run again: what was finished is kept", .inputOutput))
    }
  }

  // MARK: - Chunks

  private func layout(_ project: TestProject) throws -> String? {
    try project.value(
      "SELECT group_concat(documents, ' ') FROM (SELECT documents FROM layout ORDER BY position)",
      in: "hunch.workspace")
  }

  @Test(arguments: [(4_095, "4095"), (4_096, "4096"), (4_097, "4096 1"), (8_192, "4096 4096")])
  func chunksAtTheirBorders(_ count: Int, _ expected: String) throws {
    let project = try TestProject()
    let texts = (1...count).map { $0 % 3 == 0 ? "offer \($0)" : "hello \($0)" }
    try project.makeCorpus(texts)
    for _ in 0..<2 {
      let (report, votes) = try project.apply(samplePack)
      #expect(report.documents == count)
      #expect(try layout(project) == expected)
      let wanted = (1...count).map { $0 % 3 == 0 ? ["\($0)", "1", "-1"] : ["\($0)", "-1", "0"] }
      #expect(Array(votes.dropFirst()) == wanted)
    }
  }

  @Test func chunksOfLongDocuments() throws {
    let project = try TestProject()
    let megabytes = [9, 8, 1, 20, 1, 1]
    try project.makeCorpus(
      megabytes.enumerated().map { index, size in
        String(repeating: "x", count: size << 20) + (index % 2 == 0 ? " offer" : " hello")
      })
    // A document that is longer once repaired must not move the border either.
    try project.execute(
      "UPDATE documents SET text = CAST(text || x'ff' AS TEXT) WHERE id = 1")
    let pipeline = try project.pipeline(samplePack)
    #expect(try pipeline.apply().documents == 6)
    #expect(try pipeline.analyze(split: nil).coverage == 1)
    #expect(try pipeline.export(.votes, to: project.path("v.csv")) == 6)
    #expect(
      try project.rows("v.csv").dropFirst().map { $0[1] } == ["1", "-1", "1", "-1", "1", "-1"])
    #expect(try layout(project) == "2 2 2")
  }

  @Test func documentsJustBelowTheLimitOfAChunk() throws {
    // 16 MB less one byte, the last byte being invalid: repaired it reaches the limit.
    let project = try TestProject()
    try project.makeCorpus([String(repeating: "x", count: (16 << 20) - 2), "offer", "hello"])
    try project.execute(
      "UPDATE documents SET text = CAST(text || x'ff' AS TEXT) WHERE id = 1")
    #expect(try project.pipeline(samplePack).analyze(split: nil).documents == 3)
  }
}
