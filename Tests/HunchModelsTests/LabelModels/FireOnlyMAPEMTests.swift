import HunchModels
import TestSupport
import Testing

struct FireOnlyMAPEMTests {
  @Test func firstRoundByHand() throws {
    // One function votes class 0 on both documents: f = 1, m = (0.999, 0.5),
    // θ₀ = (2 + 0.999) / (2 + 1), θ₁ = (0 + 0.5) / (0 + 1).
    let votes = DenseVotes(rows: [[0], [0]], functionCount: 1, classCount: 2).compressed()
    let model = FireOnlyMAPEM(.init(rounds: EMOptions(maximumRounds: 1)))
    let fit = try model.fit(votes.patterns, counts: votes.counts)
    let first = 2.999 / 3
    #expect(abs(fit.posteriors(of: votes.patterns)[0] - first / (first + 0.5)) < 1e-12)
    #expect(fit.iterations == 1)
    #expect(!fit.converged)
    #expect(fit.history.count == 1)
    #expect(abs(fit.history[0] - (1 - first / (first + 0.5))) < 1e-12)
    #expect(
      fit.warnings == [
        .classWithoutVotes(1), .tooFewFunctions(1),
        .notConverged(rounds: 1, change: fit.history[0]),
      ])
  }

  @Test(arguments: 0..<24 as Range<UInt64>)
  func equalsTheFormulasDocumentByDocument(seed: UInt64) throws {
    var random = SplitMix64(seed: 77 + seed)
    let classes = 2 + random.below(4)
    let (votes, _) = DenseVotes.random(
      documents: 20 + random.below(200), functions: 1 + random.below(8), classes: classes,
      seed: seed, coverage: 0.1 + 0.6 * random.uniform())
    let raw = (0..<classes).map { _ in 0.2 + random.uniform() }
    let balance = raw.map { $0 / raw.reduce(0, +) }
    let weights = (0..<votes.functionCount).map { _ in 0.25 + random.uniform() }
    let usesDefaults = seed % 2 == 0
    let given = usesDefaults ? nil : balance
    var oracle = DenseMAPEM(
      balance: given ?? [Double](repeating: 1 / Double(classes), count: classes))
    var parameters = EMPrior()
    if !usesDefaults {
      oracle.weights = weights
      oracle.accuracy = 0.6
      oracle.strength = 0.3
      parameters.functionWeights = weights
      parameters.priorAccuracy = 0.6
      parameters.priorStrength = 0.3
    }
    let compressed = votes.compressed()
    let fit = try FireOnlyMAPEM(parameters).fit(
      compressed.patterns, counts: compressed.counts, classBalance: given)
    let expected = oracle.posteriors(votes)
    #expect(fit.iterations == expected.rounds)
    for (document, row) in expected.rows.enumerated() {
      let found = fit.posterior(of: compressed.ids[document], in: compressed.patterns)
      for (label, value) in (row ?? oracle.balance).enumerated() {
        #expect(abs(found[label] - value) < 1e-9)
      }
    }
  }

  @Test func evidenceExplainsThePosterior() throws {
    let (votes, _) = DenseVotes.random(documents: 300, functions: 6, classes: 3, seed: 5)
    let compressed = votes.compressed()
    let patterns = compressed.patterns
    let fit = try FireOnlyMAPEM().fit(
      patterns, counts: compressed.counts, classBalance: [0.5, 0.3, 0.2])
    let posteriors = fit.posteriors(of: patterns)
    for pattern in 0..<patterns.count {
      var scores = fit.classBalance.map { logarithm($0) }
      for entry in patterns.entries(of: pattern) {
        let evidence = try #require(
          fit.logEvidence(
            function: Int(patterns.functions[entry]), vote: Int(patterns.votes[entry])))
        #expect(abs(evidence.reduce(0, +)) < 1e-9)
        for label in 0..<3 { scores[label] += evidence[label] }
      }
      let top = scores.max() ?? 0
      let sum = scores.reduce(0) { $0 + exponential($1 - top) }
      for label in 0..<3 {
        let share = exponential(scores[label] - top) / sum
        #expect(abs(share - posteriors[pattern * 3 + label]) < 1e-9)
      }
    }
    let silent = try FireOnlyMAPEM().fit(
      DenseVotes(rows: [[0, -1]], functionCount: 2, classCount: 2).compressed().patterns,
      counts: [1])
    #expect(silent.logEvidence(function: 0, vote: 1) == nil)
    #expect(silent.logEvidence(function: 1, vote: 0) == nil)
  }

  @Test func patternsWithoutDocumentsDoNotChangeTheFit() throws {
    let (votes, _) = DenseVotes.random(documents: 200, functions: 5, classes: 3, seed: 9)
    let plain = votes.compressed()
    let fit = try FireOnlyMAPEM().fit(plain.patterns, counts: plain.counts)
    let (other, _) = DenseVotes.random(documents: 200, functions: 5, classes: 3, seed: 10)
    var both = votes
    both.rows += other.rows
    let joined = both.compressed()
    var counts = [Int](repeating: 0, count: joined.patterns.count)
    for id in joined.ids.prefix(200) { counts[id] += 1 }
    let wide = try FireOnlyMAPEM().fit(joined.patterns, counts: counts)
    let widePosteriors = wide.posteriors(of: joined.patterns)
    #expect(joined.patterns.count > plain.patterns.count)
    for (index, value) in fit.posteriors(of: plain.patterns).enumerated() {
      #expect(abs(value - widePosteriors[index]) < 1e-12)
    }
    #expect(widePosteriors.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test func aVoteThatOccursOnlyElsewhereCountsAsThePriorSays() throws {
    // Function 1 votes on the second document only, which has no weight.
    let votes = DenseVotes(rows: [[0, -1], [-1, 1]], functionCount: 2, classCount: 2).compressed()
    let fit = try FireOnlyMAPEM().fit(votes.patterns, counts: [10, 0])
    #expect(fit.posteriors(of: votes.patterns)[3] > 0.5)
    #expect(fit.functions[1].accuracy == nil)
    #expect(fit.functions[1].interval == nil)
    #expect(fit.warnings.contains(.functionNeverVotes(1)))
  }

  @Test func priorAccuracyOfOneFunctionIsUsed() throws {
    let (votes, _) = DenseVotes.random(documents: 400, functions: 4, classes: 2, seed: 3)
    let compressed = votes.compressed()
    func accuracy(_ prior: Double) throws -> Double? {
      var table = [Double](repeating: 0.75, count: 8)
      table[0] = prior
      table[1] = prior
      return try FireOnlyMAPEM(.init(functionPriorAccuracies: table))
        .fit(compressed.patterns, counts: compressed.counts).functions[0].accuracy
    }
    let low = try #require(try accuracy(0.55))
    let high = try #require(try accuracy(0.95))
    #expect(low < high)
  }

  @Test func weightZeroSilencesAFunction() throws {
    let votes = DenseVotes(rows: [[0, 1], [0, 1], [0, -1]], functionCount: 2, classCount: 2)
      .compressed()
    let fit = try FireOnlyMAPEM(.init(functionWeights: [1, 0]))
      .fit(votes.patterns, counts: votes.counts)
    let posteriors = fit.posteriors(of: votes.patterns)
    #expect(abs(posteriors[0] - posteriors[2]) < 1e-12)
  }

  @Test func rejectsParametersOutsideTheirRange() {
    let votes = DenseVotes(rows: [[0, 1]], functionCount: 2, classCount: 2).compressed()
    let bad: [(EMPrior, FitError)] = [
      (
        .init(priorAccuracy: 1),
        .hyperParameter(name: "priorAccuracy", value: 1, range: "between 0 and 1")
      ),
      (
        .init(priorStrength: -1),
        .hyperParameter(name: "priorStrength", value: -1, range: "0 or more")
      ),
      (
        .init(rounds: EMOptions(tolerance: 0)),
        .hyperParameter(name: "tolerance", value: 0, range: "above 0")
      ),
      (
        .init(rounds: EMOptions(maximumRounds: 0)),
        .hyperParameter(name: "maximumRounds", value: 0, range: "1 or more")
      ),
      (
        .init(functionWeights: [1]),
        .hyperParameterCount(name: "functionWeights", expected: 2, found: 1)
      ),
      (
        .init(functionWeights: [1, -2]),
        .hyperParameter(name: "functionWeights", value: -2, range: "0 or more")
      ),
      (
        .init(functionPriorAccuracies: [0.5]),
        .hyperParameterCount(name: "functionPriorAccuracies", expected: 4, found: 1)
      ),
    ]
    for (parameters, error) in bad {
      #expect(throws: error) {
        try FireOnlyMAPEM(parameters).fit(votes.patterns, counts: votes.counts)
      }
      #expect(!error.description.isEmpty)
    }
  }

  @Test func noPriorStillGivesNumbers() throws {
    let (votes, _) = DenseVotes.random(documents: 50, functions: 4, classes: 3, seed: 8)
    let compressed = votes.compressed()
    let fit = try FireOnlyMAPEM(.init(priorStrength: 0)).fit(
      compressed.patterns, counts: compressed.counts)
    #expect(fit.posteriors(of: compressed.patterns).allSatisfy { $0.isFinite })
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func posteriorsComputedAgainGiveTheSameBits(seed: UInt64) throws {
    let (votes, _) = DenseVotes.random(documents: 500, functions: 8, classes: 4, seed: seed)
    let compressed = votes.compressed()
    let kept = try FireOnlyMAPEM().fit(compressed.patterns, counts: compressed.counts)
    let recomputed = try FireOnlyMAPEM(
      .init(rounds: EMOptions(posteriorMemory: 0))
    )
    .fit(compressed.patterns, counts: compressed.counts)
    #expect(kept.iterations > 2)
    #expect(kept == recomputed)
  }
}
