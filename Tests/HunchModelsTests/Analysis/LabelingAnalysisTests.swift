import HunchModels
import TestSupport
import Testing

struct LabelingAnalysisTests {
  /// Five documents, three functions.
  static let votes = DenseVotes(
    rows: [[0, 0, -1], [0, 1, -1], [-1, 1, -1], [-1, -1, -1], [0, 0, 1]], functionCount: 3,
    classCount: 2)

  @Test func countsByHand() throws {
    let compressed = Self.votes.compressed()
    let analysis = try LabelingAnalysis(
      compressed.counted(gold: [0, 0, 1, 1, -1]), hasGold: true)
    #expect(analysis.documents == 5)
    #expect(analysis.covered == 4)
    #expect(analysis.overlapping == 3)
    #expect(analysis.conflicting == 2)
    #expect(analysis.coverage == 0.8)
    #expect(analysis.overlaps == 0.6)
    #expect(analysis.conflicts == 0.4)
    let first = analysis.functions[0]
    #expect(first.votesByClass == [3, 0])
    #expect(first.polarity == [0])
    #expect(first.covered == 3)
    #expect(first.overlapping == 3)
    #expect(first.conflicting == 2)
    #expect(first.correct == 2)
    #expect(first.incorrect == 0)
    #expect(first.empiricalAccuracy == 1)
    let second = analysis.functions[1]
    #expect(second.polarity == [0, 1])
    #expect(second.overlaps == 0.6)
    #expect(second.conflicts == 0.4)
    #expect(second.correct == 2)
    #expect(second.incorrect == 1)
    let third = analysis.functions[2]
    #expect(third.coverage == 0.2)
    #expect(third.correct == nil)
    #expect(third.incorrect == nil)
    #expect(third.empiricalAccuracy == nil)
    #expect(third.empiricalAccuracyInterval == nil)
  }

  @Test func hasNoAccuracyWithoutGoldAndNoFractionsWithoutDocuments() throws {
    let compressed = Self.votes.compressed()
    let plain = try LabelingAnalysis(compressed.counted())
    #expect(plain.functions.allSatisfy { $0.correct == nil && $0.empiricalAccuracy == nil })
    let none = try LabelingAnalysis(
      CountedVotes(compressed.patterns, counts: compressed.counts.map { _ in 0 }))
    #expect(none.documents == 0)
    #expect(none.coverage == 0)
    #expect(none.functions.allSatisfy { $0.coverage == 0 && $0.polarity.isEmpty })
  }

  @Test func listsConflictsByHand() throws {
    let compressed = Self.votes.compressed()
    let found = try LabelingAnalysis.conflicts(compressed.counted())
    let conflicts = found.pairs
    #expect(found.total == 3)
    #expect(conflicts.map(\.first) == [0, 0, 1])
    #expect(conflicts.map(\.second) == [1, 2, 2])
    #expect(conflicts.map(\.disagreements) == [1, 1, 1])
    #expect(conflicts.map(\.agreements) == [2, 0, 0])
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func equalsTheDefinitionsOnTheRawMatrix(seed: UInt64) throws {
    var random = SplitMix64(seed: 1000 + seed)
    let (votes, truth) = DenseVotes.random(
      documents: 1 + random.below(300), functions: 1 + random.below(9),
      classes: 2 + random.below(4), seed: seed, coverage: random.uniform())
    let gold = truth.map { random.below(3) == 0 ? -1 : $0 }
    let compressed = votes.compressed()
    let analysis = try LabelingAnalysis(compressed.counted(gold: gold), hasGold: true)
    let rows = votes.rows
    func others(_ row: [Int], _ function: Int) -> [Int] {
      row.indices.filter { $0 != function && row[$0] >= 0 }
    }
    #expect(analysis.covered == rows.count { $0.contains { $0 >= 0 } })
    #expect(analysis.overlapping == rows.count { $0.count { $0 >= 0 } > 1 })
    #expect(analysis.conflicting == rows.count { Set($0.filter { $0 >= 0 }).count > 1 })
    for function in 0..<votes.functionCount {
      let result = analysis.functions[function]
      let fired = rows.filter { $0[function] >= 0 }
      #expect(result.covered == fired.count)
      #expect(result.polarity == Set(fired.map { $0[function] }).sorted())
      #expect(result.overlapping == fired.count { !others($0, function).isEmpty })
      #expect(
        result.conflicting
          == fired.count { row in others(row, function).contains { row[$0] != row[function] } })
      let judged = zip(rows, gold).filter { $0[function] >= 0 && $1 >= 0 }
      let correct = judged.count { $0[function] == $1 }
      #expect(result.correct == (judged.isEmpty ? nil : correct))
      #expect(result.incorrect == (judged.isEmpty ? nil : judged.count - correct))
    }
    try expectConflicts(of: votes, compressed)
  }

  private func expectConflicts(of votes: DenseVotes, _ compressed: CompressedVotes) throws {
    let all = try LabelingAnalysis.conflicts(compressed.counted())
    let conflicts = all.pairs
    // Counted one function at a time, and cut to half.
    let limit = conflicts.count / 2
    let strips = try LabelingAnalysis.conflicts(compressed.counted(), limit: limit, memory: 1)
    #expect(strips.pairs == Array(conflicts.prefix(limit)))
    #expect(strips.total == all.total)
    #expect(all.total == conflicts.count)
    var pairs = 0
    for first in 0..<votes.functionCount {
      for second in first + 1..<max(first + 1, votes.functionCount) {
        let both = votes.rows.indices.filter {
          votes.rows[$0][first] >= 0 && votes.rows[$0][second] >= 0
        }
        let differing = both.filter { votes.rows[$0][first] != votes.rows[$0][second] }
        let found = conflicts.first { $0.first == first && $0.second == second }
        #expect((found?.disagreements ?? 0) == differing.count)
        guard let found else { continue }
        pairs += 1
        #expect(found.agreements == both.count - differing.count)
      }
    }
    #expect(conflicts.count == pairs)
    for (one, next) in zip(conflicts, conflicts.dropFirst()) {
      #expect(
        one.disagreements > next.disagreements
          || (one.disagreements == next.disagreements
            && (one.first, one.second) < (next.first, next.second))
      )
    }
  }
}

struct WilsonTests {
  @Test func equalsPublishedValues() throws {
    // 81 of 263: Newcombe 1998, table I, method 3.
    let interval = try #require(Wilson.interval(successes: 81, trials: 263))
    #expect(abs(interval.lower - 0.2553) < 5e-5)
    #expect(abs(interval.upper - 0.3662) < 5e-5)
    let none = try #require(Wilson.interval(successes: 0, trials: 20))
    #expect(none.lower == 0)
    #expect(abs(none.upper - 0.1611) < 5e-5)
  }

  @Test func needsTrials() {
    #expect(Wilson.interval(successes: 0, trials: 0) == nil)
    #expect(Wilson.interval(successes: .nan, trials: 3) == nil)
  }

  @Test func staysWithinBoundsAroundTheShare() throws {
    for trials in 1...40 {
      for successes in 0...trials {
        let interval = try #require(
          Wilson.interval(successes: Double(successes), trials: Double(trials)))
        let share = Double(successes) / Double(trials)
        #expect(interval.lower >= 0 && interval.upper <= 1)
        #expect(interval.lower <= share + 1e-12 && share <= interval.upper + 1e-12)
      }
    }
  }
}
