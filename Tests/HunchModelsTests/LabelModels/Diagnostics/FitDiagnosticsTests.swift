import HunchModels
import TestSupport
import Testing

struct FitDiagnosticsTests {
  /// Labels and majority votes of single documents.
  private func differing(
    _ fit: FittedLabelModel, _ votes: DenseVotes, _ decision: DecisionRule
  ) -> (covered: Int, differing: Int) {
    let compressed = votes.compressed()
    var (covered, differing) = (0, 0)
    for (row, id) in zip(votes.rows, compressed.ids) where row.contains(where: { $0 >= 0 }) {
      covered += 1
      let counts = (0..<votes.classCount).map { label in row.count { $0 == label } }
      let most = counts.max() ?? 0
      guard counts.count(where: { $0 == most }) == 1 else { continue }
      let label = decision.label(fit.posterior(of: id, in: compressed.patterns))
      if counts[label] != most { differing += 1 }
    }
    return (covered, differing)
  }

  @Test(arguments: 1..<6)
  func countsLabelsThatAreNotTheMajoritys(_ seed: Int) throws {
    let (votes, _) = DenseVotes.random(
      documents: 500, functions: 8, classes: 2 + seed % 3, seed: UInt64(seed), coverage: 0.5)
    let counted = votes.compressed().counted()
    var share = [Double](repeating: 0.2 / Double(votes.classCount - 1), count: votes.classCount)
    share[0] = 0.8
    for model in [FireOnlyMAPEM(), WeightedMajority(), Triplet()] as [any LabelModelAlgorithm] {
      let fit = try model.fit(counted, classBalance: nil)
      for decision in [
        DecisionRule.mostProbable, DecisionRule(decision: share, training: fit.classBalance),
      ] {
        let found = try fit.diagnostics(in: counted, decision: decision)
        let expected = differing(fit, votes, decision)
        #expect(found.covered == expected.covered)
        #expect(found.differingFromMajority == expected.differing)
        let isWarned = found.warnings.contains {
          if case .differsFromMajority = $0 { true } else { false }
        }
        #expect(isWarned == (5 * expected.differing > expected.covered))
      }
    }
  }

  @Test func aPoorFitIsWarnedOf() throws {
    let setting = try #require(SyntheticSetting.named("dependent-k2"))
    let votes = setting.draw(seed: 1).votes.compressed().counted()
    let found = try FireOnlyMAPEM().fit(votes, classBalance: nil).diagnostics(in: votes)
    let figure = try #require(found.goodness.rootMeanSquare)
    #expect(found.warnings == [.poorFit(figure)])
  }

  @Test func majorityVoteDoesNotDifferFromItself() throws {
    let (votes, _) = DenseVotes.random(documents: 200, functions: 6, classes: 3, seed: 9)
    let counted = votes.compressed().counted()
    let fit = try MajorityVote().fit(counted, classBalance: nil)
    #expect(try fit.diagnostics(in: counted).differingFromMajority == 0)
  }

  /// A class with one function: its balance is half assumed unless it is given.
  @Test func anAssumedClassBalanceIsWarnedOf() throws {
    let setting = try #require(SyntheticSetting.named("uneven-functions-k2"))
    let votes = setting.draw(seed: 2).votes.compressed().counted()
    let free = try AdaptiveModel().fit(votes, classBalance: nil)
    #expect(free.warnings == [.classBalanceAssumed([0])])
    #expect(try AdaptiveModel().fit(votes, classBalance: [0.5, 0.5]).warnings == [])
    let even = try #require(SyntheticSetting.named("independent-k2"))
    let known = try AdaptiveModel().fit(
      even.draw(seed: 2).votes.compressed().counted(), classBalance: nil)
    #expect(known.warnings == [])
  }
}

struct DecisionRuleTests {
  @Test func theMostProbableClassByDefault() {
    #expect(DecisionRule.mostProbable.label([0.2, 0.5, 0.3]) == 1)
    #expect(DecisionRule.mostProbable.label([0.4, 0.2, 0.4]) == 0)
    #expect(DecisionRule(decision: [0.5, 0.5], training: [0.5, 0.5]) == .mostProbable)
  }

  /// Bayes' rule with the likelihood of the votes taken apart from the class balance.
  @Test func isThatOfThePosteriorWithTheOtherBalance() {
    var random = SplitMix64(seed: 5)
    func shares(_ count: Int) -> [Double] {
      let raw = (0..<count).map { _ in 0.05 + random.uniform() }
      let sum = raw.reduce(0, +)
      return raw.map { $0 / sum }
    }
    for _ in 0..<500 {
      let count = 2 + random.below(5)
      let (training, decision) = (shares(count), shares(count))
      let likelihood = (0..<count).map { _ in random.uniform() }
      func posterior(_ balance: [Double]) -> [Double] {
        let joint = zip(balance, likelihood).map { $0 * $1 }
        let sum = joint.reduce(0, +)
        return joint.map { $0 / sum }
      }
      let rule = DecisionRule(decision: decision, training: training)
      let other = posterior(decision)
      #expect(rule.label(posterior(training)) == other.firstIndex(of: other.max() ?? 0))
    }
  }
}
