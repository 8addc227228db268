import HunchModels
import TestSupport
import Testing

struct GoodnessOfFitTests {
  /// What is expected of every pair of outcomes, from documents × functions, in slow loops.
  private struct Oracle {
    struct Pair {
      var place: [Int]
      var observed: Int
      var expected: Double
      var residual: Double
    }

    var pairs: [Pair] = []

    var rootMeanSquare: Double {
      (pairs.reduce(0) { $0 + $1.residual * $1.residual } / Double(pairs.count)).squareRoot()
    }

    init(_ fit: FittedLabelModel, _ votes: DenseVotes) {
      let compressed = votes.compressed()
      let documents = votes.rows.indices.filter { votes.rows[$0].contains { $0 >= 0 } }
      let posteriors = documents.map {
        fit.posterior(of: compressed.ids[$0], in: compressed.patterns)
      }
      func firing(_ function: Int, _ vote: Int?, _ label: Int) -> Double {
        var sum = 0.0
        for (place, document) in documents.enumerated() {
          let found = votes.rows[document][function]
          if vote.map({ $0 == found }) ?? (found >= 0) { sum += posteriors[place][label] }
        }
        return sum
      }
      let classes = 0..<votes.classCount
      let mass = classes.map { label in posteriors.reduce(0) { $0 + $1[label] } }
      // Fixed-point rounds fall to the root from above.
      let covered = classes.map { label in
        let rates = (0..<votes.functionCount).map { firing($0, nil, label) / mass[label] }
        var share = 1.0
        for _ in 0..<100_000 { share = 1 - rates.reduce(1) { $0 * (1 - share * $1) } }
        return share
      }
      for first in 0..<votes.functionCount {
        for second in first + 1..<max(first + 1, votes.functionCount) {
          for (vote, other) in classes.flatMap({ vote in classes.map { (vote, $0) } }) {
            var (expected, variance) = (0.0, 0.0)
            for label in classes {
              let (one, two) = (firing(first, vote, label), firing(second, other, label))
              let both = covered[label] * one * two / mass[label]
              expected += both
              variance += both * (1 - both / mass[label])
            }
            guard expected >= 5 else { continue }
            let observed = documents.count {
              votes.rows[$0][first] == vote && votes.rows[$0][second] == other
            }
            pairs.append(
              Pair(
                place: [first, vote, second, other], observed: observed, expected: expected,
                residual: (Double(observed) - expected) / max(1, variance).squareRoot()))
          }
        }
      }
    }
  }

  private func check(_ fit: FittedLabelModel, _ votes: DenseVotes) throws {
    let found = try fit.goodnessOfFit(in: votes.compressed().counted())
    let oracle = Oracle(fit, votes)
    #expect(found.pairs == oracle.pairs.count)
    #expect(abs(try #require(found.rootMeanSquare) - oracle.rootMeanSquare) < 1e-9)
    let worst = oracle.pairs.sorted { abs($0.residual) > abs($1.residual) }.prefix(5)
    #expect(found.worst.count == worst.count)
    for (pair, expected) in zip(found.worst, worst) {
      #expect([pair.first, pair.firstVote, pair.second, pair.secondVote] == expected.place)
      #expect(pair.observed == expected.observed)
      #expect(abs(pair.expected - expected.expected) < 1e-8)
      #expect(abs(pair.residual - expected.residual) < 1e-8)
    }
  }

  @Test(arguments: ["map-em", "triplet", "dawid-skene", "weighted-majority", "majority"])
  func agreesWithDenseLoops(_ name: String) throws {
    let model = try #require(LabelModel.algorithm(name))
    for (seed, classes) in [(1, 2), (2, 3), (3, 4)] {
      let (votes, _) = DenseVotes.random(
        documents: 400, functions: 7, classes: classes, seed: UInt64(seed), coverage: 0.5)
      try check(try model.fit(votes.compressed().counted(), classBalance: nil), votes)
    }
    let (votes, _) = PlantedVotes.oneSided(8, classes: 2, documents: 500, seed: 4)
    try check(try model.fit(votes.compressed().counted(), classBalance: nil), votes)
  }

  @Test(.enabled(if: Repository.sharedData("youtube") != nil, "needs ../shared or HUNCH_SHARED"))
  func realVotes() throws {
    let set = try LabeledCorpus(#require(Repository.sharedData("youtube")))
    let votes = DenseVotes(
      rows: set.train.votes, functionCount: set.functionCount, classCount: set.labels.count)
    try check(try FireOnlyMAPEM().fit(votes.compressed().counted(), classBalance: nil), votes)
  }

  private func figure(_ model: any LabelModelAlgorithm, _ name: String) throws -> GoodnessOfFit {
    let setting = try #require(SyntheticSetting.named(name))
    let votes = setting.draw(seed: 3).votes.compressed().counted()
    return try model.fit(votes, classBalance: nil).goodnessOfFit(in: votes)
  }

  @Test(arguments: [
    "independent-k2", "independent-k4", "independent-k10", "unipolar-k2", "unipolar-k4",
    "adversarial-k2", "crowd-k4", "rare-class-k5", "broad-function-k2",
  ])
  func independentFunctionsAreExplained(_ name: String) throws {
    let figure = try #require(try figure(AdaptiveModel(), name).rootMeanSquare)
    #expect(figure > 0.6 && figure < 1.25)
  }

  @Test(arguments: ["dependent-k2", "dependent-k4", "copies-k2", "near-copies-k4"])
  func dependentFunctionsAreNot(_ name: String) throws {
    let plain = try figure(FireOnlyMAPEM(), name)
    #expect(plain.isPoor)
    #expect(plain.worst.count == 5)
    #expect(plain.worst.allSatisfy { $0.residual > 3 })
    // Those that a model knows of are left out of what it must explain.
    let known = try figure(CorrelatedMAPEM(), name)
    #expect(!known.isPoor)
    #expect(known.pairs < plain.pairs)
  }

  @Test func copiesThatCountAsOneAreLeftOut() throws {
    let setting = try #require(SyntheticSetting.named("copies-k2"))
    let votes = setting.draw(seed: 3).votes.compressed().counted()
    let fit = try AdaptiveModel().fit(votes, classBalance: nil)
    #expect(fit.groups == [[4, 5, 6, 7, 8]])
    #expect(try #require(try fit.goodnessOfFit(in: votes).rootMeanSquare) < 1.25)
  }

  @Test func withoutPairsThereIsNoFigure() throws {
    let alone = DenseVotes(
      rows: (0..<60).map { [$0 % 2 == 0 ? 0 : -1, $0 % 2 == 1 ? 1 : -1] }, functionCount: 2,
      classCount: 2)
    let empty = DenseVotes(rows: [], functionCount: 2, classCount: 2)
    for votes in [alone, empty] {
      let fit = try FireOnlyMAPEM().fit(votes.compressed().counted(), classBalance: nil)
      let found = try fit.goodnessOfFit(in: votes.compressed().counted())
      #expect(found.rootMeanSquare == nil && found.pairs == 0 && found.worst == [])
    }
  }
}
