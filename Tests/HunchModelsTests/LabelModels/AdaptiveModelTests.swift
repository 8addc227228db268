import HunchModels
import TestSupport
import Testing

/// What pairs of functions tell ``AdaptiveModel`` before it fits.
struct AdaptiveModelTests {
  private func draws(_ name: String) throws -> SyntheticDraws {
    SyntheticDraws(try #require(SyntheticSetting.named(name)), seeds: 1..<4)
  }

  /// The aim is 0.02 with ten functions of coverage 0.4 on 10,000 documents.
  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"), arguments: [2, 4, 10])
  func recoversAccuraciesOfIndependentFunctions(classes: Int) throws {
    let draws = SyntheticDraws(
      .independent(classes: classes, documents: 10_000), seeds: 0..<3)
    let score = try draws.score(AdaptiveModel())
    #expect(try #require(score.accuracyError) < 0.012)
    let ideal = try draws.score(oracleKnowing: .functions).figures
    #expect(score.figures.accuracy > ideal.accuracy - 0.01)
    #expect(score.figures.ece < 0.02)
  }

  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"))
  func learnsASkewedBalanceThatPairsShow() throws {
    let draws = try draws("skewed-multipolar-k2")
    for votes in draws.draws {
      let fit = try AdaptiveModel().fit(votes.patterns, counts: votes.counts)
      let prior = try #require(fit.learnedPrior)
      #expect(prior.isBalanceLearned)
      #expect(abs(fit.classBalance[0] - 0.9) < 0.15)
      #expect(try #require(prior.overdispersion) < 2)
    }
    let learned = try draws.score(AdaptiveModel()).figures.macroF1
    #expect(learned > (try draws.score(MajorityVote()).figures.macroF1) - 0.005)
    #expect(learned > (try draws.score(FireOnlyMAPEM()).figures.macroF1) + 0.05)
  }

  /// With one function for a class, a rare class and an inaccurate function look alike: shares are
  /// half way between equal ones and those that accuracies imply, however many functions there are.
  @Test func aBalanceFromOneFunctionOfAClassIsHalfBelieved() throws {
    for votes in try draws("uneven-functions-k2").draws {
      let fit = try AdaptiveModel().fit(votes.patterns, counts: votes.counts)
      #expect(abs(fit.classBalance[1] - 0.5) < 0.2)
      #expect(fit.warnings.contains(.classBalanceAssumed([0])))
    }
  }

  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"))
  func tellsDependentFunctionsFromIndependentOnes() throws {
    func dispersion(_ name: String) throws -> Double {
      let votes = try draws(name).draws[0]
      let fit = try AdaptiveModel().fit(votes.patterns, counts: votes.counts)
      return try #require(fit.learnedPrior?.overdispersion)
    }
    for name in ["independent-k2", "independent-k10", "unipolar-k4", "adversarial-k2"] {
      #expect(try dispersion(name) < 1.5)
    }
    for name in ["dependent-k2", "dependent-k4", "class-dependent-k3"] {
      #expect(try dispersion(name) > 4)
    }
  }

  /// Copies of a bad function beside good ones cost nothing against the same functions without
  /// the copies.
  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"),
    arguments: [("copies-k2", 5), ("near-copies-k4", 9)])
  func copiesCountOnce(name: String, distinct: Int) throws {
    let setting = try #require(SyntheticSetting.named(name))
    var (with, without) = (0.0, 0.0)
    for seed in 1..<6 as Range<UInt64> {
      let (votes, gold) = setting.draw(seed: seed)
      let single = DenseVotes(
        rows: votes.rows.map { Array($0.prefix(distinct)) }, functionCount: distinct,
        classCount: votes.classCount)
      // The same documents are scored in both.
      let known = gold.indices.map { row in
        single.rows[row].contains { $0 >= 0 } ? gold[row] : -1
      }
      let compressed = votes.compressed()
      let fit = try AdaptiveModel().fit(compressed.patterns, counts: compressed.counts)
      with += try accuracy(fit, compressed, known) / 5
      let fewer = single.compressed()
      let other = try AdaptiveModel().fit(fewer.patterns, counts: fewer.counts)
      without += try accuracy(other, fewer, known) / 5
      #expect(try #require(fit.learnedPrior?.overdispersion) < 2)
    }
    #expect(with > without - 0.005)
  }

  private func accuracy(
    _ fit: FittedLabelModel, _ votes: CompressedVotes, _ gold: [Int]
  ) throws -> Double {
    var accumulator = MetricsAccumulator(classCount: votes.patterns.classCount)
    for (id, label) in zip(votes.ids, gold) where label >= 0 {
      accumulator.add(fit.posterior(of: id, in: votes.patterns), gold: label)
    }
    return try #require(accumulator.metrics()).accuracy
  }

  /// The common accuracy is the mean that the functions were drawn with.
  @Test func learnsHowOftenVotesAreRight() throws {
    for (name, accuracy) in [("independent-k4", 0.7575), ("unipolar-k4", 0.725)] {
      let votes = try draws(name).draws[0]
      let fit = try AdaptiveModel().fit(votes.patterns, counts: votes.counts)
      #expect(abs(try #require(fit.learnedPrior?.accuracy) - accuracy) < 0.03)
    }
  }

  @Test func aGivenBalanceIsKept() throws {
    for name in ["independent-k2", "copies-k2"] {
      let votes = try draws(name).draws[0]
      let fit = try AdaptiveModel().fit(
        votes.patterns, counts: votes.counts, classBalance: [0.3, 0.7])
      #expect(fit.classBalance == [0.3, 0.7])
      #expect(fit.learnedPrior?.isBalanceLearned == false)
    }
  }

  @Test func withoutPairsAccuraciesAreAssumed() throws {
    let votes = DenseVotes(
      rows: (0..<300).map { [$0 % 3 == 0 ? 0 : -1, $0 % 3 == 1 ? 1 : -1] }, functionCount: 2,
      classCount: 2
    ).compressed()
    let fit = try AdaptiveModel().fit(votes.patterns, counts: votes.counts)
    #expect(fit.learnedPrior?.accuracy == nil)
    #expect(fit.learnedPrior?.overdispersion == nil)
    #expect(fit.classBalance == [0.5, 0.5])
  }

  /// More patterns than the search looks at: it takes a sample of them, the fit takes all.
  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"))
  func searchesASampleOfManyPatterns() throws {
    let votes = try draws("independent-k4").draws[0]
    #expect(votes.patterns.count > 1500)
    let whole = try AdaptiveModel().fit(votes.patterns, counts: votes.counts)
    let sampled = try AdaptiveModel(searchedPatterns: 800)
      .fit(votes.patterns, counts: votes.counts)
    for (one, other) in zip(whole.functions, sampled.functions) {
      #expect(one.votes == other.votes)
      #expect(abs((one.accuracy ?? 0) - (other.accuracy ?? 0)) < 0.03)
    }
  }

  /// A hundred random gold labels.
  @Test func goldTellsAboutSingleFunctions() throws {
    let setting = try #require(SyntheticSetting.named("broad-function-k2"))
    let (votes, gold) = setting.draw(seed: 3)
    let compressed = votes.compressed()
    let known = gold.enumerated().map { $0.offset < 100 ? $0.element : -1 }
    let counted = try GoldVotes(compressed.counted(gold: known))
    let expected = (0..<100).count { compressed.patterns.isCovered(compressed.ids[$0]) }
    #expect(counted.documents == expected)
    let fit = try AdaptiveModel().fit(compressed.counted(), given: Evidence(gold: counted))
    #expect(fit.learnedPrior?.goldDocuments == expected)
    #expect(
      try MajorityVote().fit(compressed.counted(), given: Evidence(gold: counted))
        == MajorityVote().fit(compressed.counted(), classBalance: nil))
    for function in 0..<votes.functionCount {
      for label in 0..<2 {
        let fires = (0..<100).filter { votes.rows[$0][function] == label }
        #expect(counted.votes[function * 2 + label] == fires.count)
        #expect(counted.correct[function * 2 + label] == fires.count { gold[$0] == label })
      }
    }
  }
}
