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
