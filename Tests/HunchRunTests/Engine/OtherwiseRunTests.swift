import Hunch
import HunchLabeling
import ProjectSupport
import TestSupport
import Testing

/// A rule that votes where no other does, through whole runs.
@Suite struct OtherwiseRunTests {
  private static func pack(_ words: [String], otherwise: Verdict? = .ham) -> RulePack {
    RunSample.pack(
      free: words,
      extra: otherwise.map { [Otherwise("else", votes: $0).definition] } ?? [])
  }

  /// The votes as exported, by id, and the names of the functions.
  private func votes(
    _ sample: RunSample, _ pack: RulePack
  ) throws -> (names: [String], rows: [String: [String]]) {
    let pipeline = try sample.project.pipeline(pack)
    _ = try pipeline.export(.votes, to: sample.project.path("out.csv"))
    let rows = try sample.project.rows("out.csv")
    return (
      Array(rows[0].dropFirst()),
      Dictionary(uniqueKeysWithValues: rows.dropFirst().map { ($0[0], Array($0.dropFirst())) })
    )
  }

  @Test func followsTheOtherRulesAndIsNeverEvaluated() throws {
    let sample = try RunSample(300)
    for words in [["free"], ["free", "cash"], ["nowhere"]] {
      let pack = Self.pack(words)
      let (names, rows) = try votes(sample, pack)
      let place = try #require(names.firstIndex(of: "else"))
      #expect(rows.count == 300)
      for (id, votes) in rows {
        let others = votes.indices.filter { $0 != place && votes[$0] != "-1" }
        #expect(votes[place] == (others.isEmpty ? "0" : "-1"), "document \(id)")
      }
      let report = try sample.project.pipeline(pack).analyze(split: nil)
      #expect(report.coverage == 1)
      let function = report.functions[place]
      #expect(function.kind == "otherwise" && function.overlaps == 0 && function.conflicts == 0)
      #expect(function.votes == rows.values.count { $0[place] != "-1" })
    }
    // Only the rule that changed has votes to be found again.
    let plan = try sample.project.pipeline(Self.pack(["lunch"])).apply()
    #expect(plan.evaluatedFunctions == ["free"])
  }

  @Test func aComparisonFindsItsVotesAgain() throws {
    let sample = try RunSample()
    let before = try sample.run(Self.pack(["free"], otherwise: nil))
    let after = try sample.run(Self.pack(["free"], otherwise: .ham))
    let comparison = try sample.compare()
    #expect(comparison.functions.map(\.name) == ["else"])
    let flips = try #require(comparison.documents).flips
    let byVotes = flips.filter { !$0.votes.isEmpty }
    #expect(!byVotes.isEmpty && byVotes.allSatisfy { $0.cause == .votes })
    for flip in byVotes {
      #expect(flip.votes.map(\.function) == ["else"])
      #expect(flip.votes.map(\.after) == ["ham"])
    }
    #expect(before.labels.count == after.labels.count)
    // What the class is changes the votes, too.
    try sample.run(Self.pack(["free"], otherwise: .spam))
    let changed = try sample.compare()
    #expect(changed.functions.map(\.change) == [.changed])
    let votes = try #require(changed.documents).flips.flatMap(\.votes)
    #expect(!votes.isEmpty && votes.allSatisfy { $0.before == "ham" && $0.after == "spam" })
  }
}
