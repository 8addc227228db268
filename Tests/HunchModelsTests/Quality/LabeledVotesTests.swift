import Foundation
import HunchModels
import TestSupport
import Testing

/// Figures are over the documents that they are said to be over.
struct LabeledVotesTests {
  private static func folder(
    labels: String = #"["no", "yes"]"#, documents: [String], votes: [String]
  ) throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("hunch-labeled-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in [
      ("labels.json", labels), ("documents.jsonl", documents.joined(separator: "\n")),
      ("votes.csv", votes.joined(separator: "\r\n") + "\n"),
    ] {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    return folder
  }

  private static func line(_ id: Int, _ split: String, gold: String?) -> String {
    let gold = gold.map { "\"\($0)\"" } ?? "null"
    return #"{"id": \#(id), "split": "\#(split)", "text": "t\#(id)", "gold": \#(gold)}"#
  }

  @Test func coveredTrainingDocumentsWithGoldAreScored() throws {
    let folder = try Self.folder(
      documents: [
        Self.line(0, "train", gold: "yes"), Self.line(1, "train", gold: nil),
        Self.line(2, "train", gold: "no"), Self.line(3, "test", gold: "yes"),
        Self.line(4, "train", gold: "no"),
      ],
      votes: ["id,a,b", "4,-1,-1", "0,1,-1", "1,0,1", "2,1,-1", "3,0,0"])
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(LabeledCorpus.isPresent(in: folder))
    let corpus = try LabeledCorpus(folder)
    #expect(corpus.labels == ["no", "yes"])
    #expect(corpus.functionCount == 2)
    #expect(corpus.train.texts == ["t0", "t1", "t2", "t4"])
    #expect(corpus.train.votes == [[1, -1], [0, 1], [1, -1], [-1, -1]])
    #expect(corpus.test.gold == [1])
    let votes = corpus.labeledVotes
    #expect(votes.documents == 4)
    #expect(votes.coverage == 0.75)
    let (figures, fit) = try votes.score(MajorityVote())
    #expect(figures.documents == 2)
    #expect(figures.accuracy == 0.5)
    #expect(figures.brier == 1)
    #expect(fit.functions.map(\.votes) == [3, 1])
  }

  @Test func otherSplitsAreScoredWhereTrainingHasNoGold() throws {
    let folder = try Self.folder(
      documents: [
        Self.line(0, "train", gold: nil), Self.line(1, "valid", gold: "no"),
        Self.line(2, "test", gold: "yes"),
      ],
      votes: ["id,a", "0,1", "1,1", "2,1"])
    defer { try? FileManager.default.removeItem(at: folder) }
    let votes = try LabeledCorpus(folder).labeledVotes
    #expect(votes.documents == 1)
    let (figures, fit) = try votes.score(MajorityVote())
    #expect(figures.documents == 2)
    #expect(figures.accuracy == 0.5)
    #expect(fit.functions.map(\.votes) == [1])
  }

  @Test func damagedFilesAreErrorsWithAPlace() throws {
    func expect(
      _ error: LabeledCorpusError, labels: String = #"["no", "yes"]"#,
      documents: [String] = [Self.line(0, "train", gold: "no")], votes: [String] = ["id,a", "0,1"]
    ) throws {
      let folder = try Self.folder(labels: labels, documents: documents, votes: votes)
      defer { try? FileManager.default.removeItem(at: folder) }
      #expect(throws: error) { try LabeledCorpus(folder) }
      #expect(error.description.hasPrefix(error.file))
    }
    try expect(.init(file: "labels.json", line: nil), labels: "{}")
    try expect(.init(file: "votes.csv", line: 2), votes: ["id,a", "0,2"])
    try expect(.init(file: "votes.csv", line: 2), votes: ["id,a", "0,x"])
    try expect(.init(file: "votes.csv", line: 2), votes: ["id,a", "0,1,1"])
    try expect(.init(file: "documents.jsonl", line: 1), votes: ["id,a", "1,1"])
    try expect(
      .init(file: "documents.jsonl", line: 1), documents: [Self.line(0, "train", gold: "maybe")])
    try expect(
      .init(file: "documents.jsonl", line: 2),
      documents: [Self.line(0, "train", gold: "no"), "{"])
    #expect(!LabeledCorpus.isPresent(in: FileManager.default.temporaryDirectory))
  }

  @Test func onlyProbabilitiesAreScored() throws {
    let votes = LabeledVotes(
      DenseVotes(rows: [[-1], [0], [1]], functionCount: 1, classCount: 2), gold: [0, 0, -1])
    for row in [[.nan, 1], [0.5, 0.4], [1.5, -0.5], [1]] as [[Double]] {
      #expect(throws: ScoringError.notProbabilities(pattern: 1)) {
        try votes.score { $1 = row }
      }
    }
    // Pattern 2 has no gold label, so nobody asks for its posterior.
    let figures = try votes.score { $1 = $0 == 1 ? [0.5, 0.5] : [.nan, .nan] }
    #expect(figures.documents == 1)
    #expect(figures.accuracy == 1, "a tie goes to the first class")
    let silent = LabeledVotes(
      DenseVotes(rows: [[-1]], functionCount: 1, classCount: 2), gold: [0])
    #expect(throws: ScoringError.nothingToScore) { try silent.score(MajorityVote()) }
  }

  @Test func meansAreTakenFigureByFigure() throws {
    var accumulator = MetricsAccumulator(classCount: 2)
    accumulator.add([1, 0], gold: 0)
    let one = QualityFigures(try #require(accumulator.metrics()))
    accumulator.add([1, 0], gold: 1, count: 2)
    let other = QualityFigures(try #require(accumulator.metrics()))
    let mean = try #require(QualityFigures.mean([one, other]))
    #expect(mean.documents == 2)
    #expect(abs(mean.accuracy - (1 + 1.0 / 3) / 2) < 1e-12)
    #expect(abs(mean.brier - 2.0 / 3) < 1e-12)
    #expect(QualityFigures.mean([]) == nil)
  }
}
