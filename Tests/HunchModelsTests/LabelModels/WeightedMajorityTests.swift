import HunchModels
import TestSupport
import Testing

struct WeightedMajorityTests {
  /// The formulas written down for single documents: slow and plain.
  struct Dense {
    var balance: [Double]
    var accuracy = 0.8
    var strength = 1.0
    var weights: [Double]?

    /// The posterior of each covered document, nil for the others, and the rounds needed.
    func posteriors(_ votes: DenseVotes) -> (rows: [[Double]?], rounds: Int) {
      var rows = votes.voteShares()
      let covered = rows.indices.filter { rows[$0] != nil }
      var rounds = 0
      var change = Double.infinity
      while !covered.isEmpty, change >= 1e-5, rounds < 500 {
        let learned = accuracies(votes, rows)
        change = 0
        for document in covered {
          let next = posterior(votes.rows[document], learned)
          for (new, old) in zip(next, rows[document] ?? []) { change = max(change, abs(new - old)) }
          rows[document] = next
        }
        rounds += 1
      }
      return (rows, rounds)
    }

    private func accuracies(_ votes: DenseVotes, _ rows: [[Double]?]) -> [Double] {
      (0..<votes.functionCount).map { function in
        var right = 0.0
        var total = 0.0
        for (document, row) in votes.rows.enumerated() where row[function] >= 0 {
          right += rows[document]?[row[function]] ?? 0
          total += 1
        }
        return total > 0
          ? (right + strength * total * accuracy) / (total + strength * total) : accuracy
      }
    }

    private func posterior(_ row: [Int], _ accuracies: [Double]) -> [Double] {
      var logs = balance.map { logarithm($0) }
      for (function, vote) in row.enumerated() where vote >= 0 {
        for label in balance.indices {
          let likelihood =
            label == vote
            ? accuracies[function] : (1 - accuracies[function]) / Double(balance.count - 1)
          logs[label] += (weights?[function] ?? 1) * logarithm(likelihood)
        }
      }
      let top = logs.max() ?? 0
      let sum = logs.reduce(0) { $0 + exponential($1 - top) }
      return logs.map { exponential($0 - top) / sum }
    }
  }

  @Test(arguments: 0..<16 as Range<UInt64>)
  func equalsTheFormulasDocumentByDocument(seed: UInt64) throws {
    var random = SplitMix64(seed: 900 + seed)
    let classes = 2 + random.below(5)
    let (votes, _) = DenseVotes.random(
      documents: 20 + random.below(200), functions: 1 + random.below(8), classes: classes,
      seed: seed, coverage: 0.1 + 0.6 * random.uniform())
    let raw = (0..<classes).map { _ in 0.2 + random.uniform() }
    let usesDefaults = seed % 2 == 0
    let given = usesDefaults ? nil : raw.map { $0 / raw.reduce(0, +) }
    var oracle = Dense(
      balance: given ?? [Double](repeating: 1 / Double(classes), count: classes))
    var parameters = EMPrior(priorAccuracy: 0.8)
    if !usesDefaults {
      let weights = (0..<votes.functionCount).map { _ in 0.25 + random.uniform() }
      (oracle.weights, oracle.accuracy, oracle.strength) = (weights, 0.6, 0.3)
      (parameters.functionWeights, parameters.priorAccuracy, parameters.priorStrength) =
        (weights, 0.6, 0.3)
    }
    let compressed = votes.compressed()
    let model = WeightedMajority(parameters)
    let fit = try model.fit(compressed.patterns, counts: compressed.counts, classBalance: given)
    let expected = oracle.posteriors(votes)
    #expect(fit.iterations == expected.rounds)
    for (document, row) in expected.rows.enumerated() {
      let found = fit.posterior(of: compressed.ids[document], in: compressed.patterns)
      for (label, value) in (row ?? oracle.balance).enumerated() {
        #expect(abs(found[label] - value) < 1e-9)
      }
    }
    var withoutMemory = parameters
    withoutMemory.rounds.posteriorMemory = 0
    let recomputed = try WeightedMajority(withoutMemory)
      .fit(compressed.patterns, counts: compressed.counts, classBalance: given)
    #expect(recomputed == fit)
  }

  @Test func firstRoundByHand() throws {
    // Two votes for class 0 of three classes: p = (2 + 2 · 0.8) / 4 = 0.9, odds 0.9 · 2 / 0.1 = 18.
    let votes = DenseVotes(rows: [[0], [0]], functionCount: 1, classCount: 3).compressed()
    let fit = try WeightedMajority(.init(priorAccuracy: 0.8, rounds: EMOptions(maximumRounds: 1)))
      .fit(votes.patterns, counts: votes.counts)
    #expect(abs(fit.posteriors(of: votes.patterns)[0] - 18.0 / 20) < 1e-12)
    #expect(fit.iterations == 1 && !fit.converged)
    // Both documents have probability (0.9 + 0.05 + 0.05) / 3.
    #expect(abs((fit.logLikelihood ?? 0) - 2 * logarithm(1.0 / 3)) < 1e-12)
    let evidence = try #require(fit.logEvidence(function: 0, vote: 0))
    #expect(abs(evidence[0] - evidence[1] - logarithm(18)) < 1e-12)
  }

  @Test(arguments: [2, 4])
  func recoversAccuracies(classes: Int) throws {
    // The prior draws accuracies towards 0.8 by half; with less of it they come out.
    let accuracies = (0..<10).map { 0.6 + 0.035 * Double($0) }
    let (votes, _) = DenseVotes.independent(
      seed: 3, documents: 10_000, accuracies: accuracies, classes: classes, coverage: 0.4)
    let compressed = votes.compressed(blockSize: 5000)
    let fit = try WeightedMajority(.init(priorAccuracy: 0.8, priorStrength: 0.02))
      .fit(compressed.patterns, counts: compressed.counts)
    for (estimate, accuracy) in zip(fit.functions, accuracies) {
      #expect(abs((estimate.accuracy ?? 0) - accuracy) < 0.025)
    }
  }

  @Test func oneGoodFunctionOutweighsThreeBadOnes() throws {
    let accuracies = [0.95, 0.9, 0.55, 0.55, 0.55]
    let (votes, gold) = DenseVotes.independent(
      seed: 11, documents: 4000, accuracies: accuracies, classes: 2, coverage: 0.9)
    let compressed = votes.compressed(blockSize: 4000)
    func accuracy(_ model: some LabelModelAlgorithm) throws -> Double {
      let fit = try model.fit(compressed.patterns, counts: compressed.counts)
      return try compressed.metrics(of: fit, gold: gold).accuracy
    }
    #expect(try accuracy(WeightedMajority()) > accuracy(MajorityVote()) + 0.05)
  }

  @Test func rejectsParametersOutsideTheirRange() {
    let votes = DenseVotes(rows: [[0, 1]], functionCount: 2, classCount: 2).compressed()
    let bad: [(EMPrior, FitError)] = [
      (
        .init(priorAccuracy: 0),
        .hyperParameter(name: "priorAccuracy", value: 0, range: "between 0 and 1")
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
    ]
    for (parameters, error) in bad {
      #expect(throws: error) {
        try WeightedMajority(parameters).fit(votes.patterns, counts: votes.counts)
      }
    }
  }

  @Test func noPriorStillGivesNumbers() throws {
    let votes = DenseVotes(
      rows: [[0, 0], [0, 0], [1, 1], [1, 0]], functionCount: 2, classCount: 2
    ).compressed()
    let fit = try WeightedMajority(.init(priorAccuracy: 0.8, priorStrength: 0))
      .fit(votes.patterns, counts: votes.counts)
    #expect(fit.posteriors(of: votes.patterns).allSatisfy { $0.isFinite })
    #expect(fit.rule.parameters.allSatisfy { $0.isFinite })
  }
}
