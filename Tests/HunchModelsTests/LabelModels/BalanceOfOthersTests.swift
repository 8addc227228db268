import HunchModels
import TestSupport
import Testing

/// Six functions that tell a rare class, and an annotator who is right three times of four about a
/// third of the documents.
struct BalanceOfOthersTests {
  private static let annotator = 6

  private func votes(seed: UInt64, withAnnotator: Bool = true) -> CompressedVotes {
    var random = SplitMix64(seed: seed)
    let rows = (0..<6000).map { _ in
      let truth = random.uniform() < 0.12 ? 1 : 0
      var row = (0..<6).map { _ in
        random.uniform() < 0.4 ? (random.uniform() < 0.85 ? truth : 1 - truth) : -1
      }
      let isAsked = random.uniform() < 1.0 / 3
      let answer = random.uniform() < 0.75 ? truth : 1 - truth
      row.append(isAsked && withAnnotator ? answer : -1)
      return row
    }
    return DenseVotes(rows: rows, functionCount: 7, classCount: 2).compressed()
  }

  private func fit(
    _ votes: CompressedVotes, leavingOut functions: [Int], classBalance: [Double]? = nil
  ) throws -> FittedLabelModel {
    var evidence = Evidence(classBalance: classBalance)
    evidence.annotators = functions
    return try LabelModel.adaptive.fit(votes.counted(), given: evidence)
  }

  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"),
    arguments: 1...3 as ClosedRange<UInt64>)
  func theBalanceIsThatOfTheOthers(seed: UInt64) throws {
    let (all, others) = (votes(seed: seed), votes(seed: seed, withAnnotator: false))
    let alone = try AdaptiveModel().fit(others.patterns, counts: others.counts)
    try #require(alone.learnedPrior?.isBalanceLearned == true)
    let fit = try fit(all, leavingOut: [Self.annotator])
    for (one, other) in zip(fit.classBalance, alone.classBalance) {
      #expect(abs(one - other) < 1e-6)
    }
    #expect(fit.learnedPrior?.isBalanceLearned == true)
    #expect(fit.learnedPrior?.isBalanceGiven == false)
    // The annotator votes all the same.
    let given = try AdaptiveModel()
      .fit(all.patterns, counts: all.counts, classBalance: fit.classBalance)
    #expect(fit.posteriors(of: all.patterns) == given.posteriors(of: all.patterns))
    #expect(fit.functions[Self.annotator].votes > 1500)
  }

  @Test func aGivenBalanceIsKept() throws {
    let all = votes(seed: 4)
    let fit = try fit(all, leavingOut: [Self.annotator], classBalance: [0.6, 0.4])
    #expect(fit.classBalance == [0.6, 0.4])
    let plain = try AdaptiveModel()
      .fit(all.patterns, counts: all.counts, classBalance: [0.6, 0.4])
    #expect(fit.posteriors(of: all.patterns) == plain.posteriors(of: all.patterns))
  }

  /// Without others, and with others that do not tell the balance.
  @Test(arguments: [Array(0...6), Array(1...6)])
  func allVotesTellItElse(functions: [Int]) throws {
    let all = votes(seed: 5)
    let fit = try fit(all, leavingOut: functions)
    let plain = try AdaptiveModel().fit(all.patterns, counts: all.counts)
    #expect(fit.posteriors(of: all.patterns) == plain.posteriors(of: all.patterns))
    #expect(fit.classBalance == plain.classBalance)
  }
}
