import HunchModels
import TestSupport
import Testing

struct LeftOutFunctionsTests {
  /// Every document labeled twice for each of its votes, by patterns of one document.
  private func oracle(
    _ fit: FittedLabelModel, _ votes: DenseVotes, _ decision: DecisionRule
  ) -> [LeftOut] {
    func posterior(_ row: [Int]) -> [Double] {
      let one = DenseVotes(
        rows: [row], functionCount: votes.functionCount, classCount: votes.classCount
      ).compressed()
      return fit.posterior(of: 0, in: one.patterns)
    }
    var functions = [LeftOut](repeating: LeftOut(), count: votes.functionCount)
    for row in votes.rows {
      let complete = posterior(row)
      for function in row.indices where row[function] >= 0 {
        var rest = row
        rest[function] = -1
        let without = posterior(rest)
        for (one, other) in zip(complete, without) {
          functions[function].change = max(functions[function].change, abs(one - other))
        }
        if rest.allSatisfy({ $0 < 0 }) {
          functions[function].lost += 1
        } else if decision.label(complete) != decision.label(without) {
          functions[function].changed += 1
        }
      }
    }
    return functions
  }

  private struct LeftOut: Equatable {
    var changed = 0
    var change = 0.0
    var lost = 0
  }

  private func check(
    _ fit: FittedLabelModel, _ votes: DenseVotes, _ decision: DecisionRule = .mostProbable
  ) throws {
    let found = try fit.leavingOutFunctions(
      in: votes.compressed().counted(), decision: decision)
    #expect(
      found.map {
        LeftOut(changed: $0.changedLabels, change: $0.largestChange, lost: $0.coverageLost)
      }
        == oracle(fit, votes, decision))
  }

  @Test(arguments: LabelModel.compared.map(\.name))
  func agreesWithLabelingEveryDocumentAgain(_ name: String) throws {
    let model = try #require(LabelModel.algorithm(name))
    for (seed, classes) in [(1, 2), (2, 3), (3, 5)] {
      let (votes, _) = DenseVotes.random(
        documents: 300, functions: 9, classes: classes, seed: UInt64(seed))
      let fit = try model.fit(votes.compressed().counted(), classBalance: nil)
      try check(fit, votes)
      var decision = [Double](repeating: 0.5 / Double(classes - 1), count: classes)
      decision[classes - 1] = 0.5
      try check(fit, votes, DecisionRule(decision: decision, training: fit.classBalance))
    }
  }

  @Test("patterns of more votes than are labeled at once")
  func manyVotes() throws {
    let (votes, _) = DenseVotes.random(
      documents: 12, functions: 320, classes: 3, seed: 7, coverage: 0.95)
    let fit = try FireOnlyMAPEM().fit(votes.compressed().counted(), classBalance: nil)
    try check(fit, votes)
  }

  @Test func byHand() throws {
    // Two against one, one against one, and one alone.
    let votes = DenseVotes(
      rows: [[0, 0, 1], [0, -1, 1], [-1, -1, 1], [-1, -1, -1]], functionCount: 3, classCount: 2)
    let fit = try MajorityVote().fit(votes.compressed().counted(), classBalance: [0.5, 0.5])
    let found = try fit.leavingOutFunctions(in: votes.compressed().counted())
    // Without function 0 the first document is a tie, which goes to class 0, and the second one
    // changes from the tie to class 1.
    #expect(found.map(\.changedLabels) == [1, 0, 0])
    #expect(found.map(\.coverageLost) == [0, 0, 1])
    for (found, change) in zip(found.map(\.largestChange), [0.5, 1.0 / 6, 0.5]) {
      #expect(abs(found - change) < 1e-12)
    }
  }

  @Test(
    .enabled(if: Repository.sharedData("trec") != nil, "needs ../shared or HUNCH_SHARED"),
    arguments: ["youtube", "trec"])
  func realVotes(_ name: String) throws {
    let set = try LabeledCorpus(#require(Repository.sharedData(name)))
    let votes = DenseVotes(
      rows: set.train.votes, functionCount: set.functionCount, classCount: set.labels.count)
    let fit = try AdaptiveModel().fit(votes.compressed().counted(), classBalance: nil)
    try check(fit, votes)
  }
}
