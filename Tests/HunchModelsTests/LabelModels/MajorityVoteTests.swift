import HunchModels
import TestSupport
import Testing

struct MajorityVoteTests {
  @Test func sharesByHand() throws {
    let votes = DenseVotes(
      rows: [[0, 0, 1], [2, -1, -1], [-1, -1, -1]], functionCount: 3, classCount: 3
    ).compressed()
    let fit = try MajorityVote().fit(
      votes.patterns, counts: votes.counts, classBalance: [0.2, 0.3, 0.5])
    let expected = [2.0 / 3, 1.0 / 3, 0, 0, 0, 1, 0.2, 0.3, 0.5]
    for (found, value) in zip(fit.posteriors(of: votes.patterns), expected) {
      #expect(abs(found - value) < 1e-12)
    }
    #expect(abs((fit.functions[0].accuracy ?? 0) - (2.0 / 3 + 1) / 2) < 1e-12)
    #expect(fit.functions[0].votes == 2)
    #expect(fit.logEvidence(function: 2, vote: 1) == [0, 1, 0])
    #expect(fit.logLikelihood == nil)
    #expect(fit.warnings.contains(.worseThanChance(function: 2, accuracy: 1.0 / 3)))
  }
}

struct ClassBalanceTests {
  @Test func smoothsByOne() {
    #expect(classBalance(fromGold: [8, 0]) == [0.9, 0.1])
    #expect(classBalance(fromGold: [0, 0, 0, 0]) == [0.25, 0.25, 0.25, 0.25])
    #expect(classBalance(fromGold: []) == [])
  }
}

struct FitWarningTests {
  @Test func describesWithNamesOrIndices() {
    let functions = ["short"]
    let labels = ["ham"]
    let cases: [(FitWarning, String)] = [
      (.functionNeverVotes(0), "short never votes"),
      (.functionNeverVotes(3), "function 3 never votes"),
      (.classWithoutVotes(0), "no labeling function votes for ham"),
      (.classWithoutVotes(2), "no labeling function votes for class 2"),
      (
        .noVotes,
        "no labeling function votes on any document; every label is the class balance"
      ),
      (
        .tooFewFunctions(2),
        "only 2 of the labeling functions vote; with fewer than 3, accuracies are assumed, not "
          + "learned"
      ),
      (
        .littleOverlap(0.0123),
        "only 1.2 % of the covered documents have two votes; accuracies are mostly assumed, not "
          + "learned"
      ),
      (
        .votesWithoutTriplets(3, of: 40),
        "3 of the 40 pairs of a function and a class it votes for overlap with too few other "
          + "functions; their accuracies are assumed, not learned"
      ),
      (
        .worseThanChance(function: 0, accuracy: 0.25),
        "short agrees with the other functions no better than chance (agreement-implied accuracy "
          + "25.0 %)"
      ),
      (
        .notConverged(rounds: 500, change: 0.004),
        "stopped after 500 rounds while labels still changed by up to 0.4 %"
      ),
    ]
    for (warning, text) in cases {
      #expect(warning.description(functions: functions, labels: labels) == text)
    }
  }
}
