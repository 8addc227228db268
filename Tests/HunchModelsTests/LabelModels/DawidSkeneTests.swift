import HunchModels
import TestSupport
import Testing

struct DawidSkeneTests {
  // MARK: - The formulas, slow and plain

  /// Dawid and Skene's model with missing votes, for functions that all vote for several classes.
  struct Dense {
    var classes: Int
    var given: [Double]?
    var isBalanceLearned = false
    var diagonal = 0.75
    var pseudoVotes = 8.0
    var strength = 0.05

    /// The posterior of each covered document, nil for the others, the confusion matrices by
    /// function, class and vote, the class balance, and the rounds needed.
    func fit(
      _ votes: DenseVotes
    ) -> (rows: [[Double]?], confusion: [[[Double]]], balance: [Double], rounds: Int) {
      var rows = votes.voteShares()
      let covered = rows.indices.filter { rows[$0] != nil }
      let start = given ?? [Double](repeating: 1 / Double(classes), count: classes)
      var balance = start
      var confusion: [[[Double]]] = []
      var rounds = 0
      var change = Double.infinity
      while change >= 1e-5, rounds < 500 {
        if isBalanceLearned {
          balance = (0..<classes).map { label in
            let mass = covered.reduce(0.0) { $0 + (rows[$1]?[label] ?? 0) }
            let total = Double(covered.count)
            return (mass + 0.1 * total / Double(classes)) / (1.1 * total)
          }
        }
        confusion = matrices(votes, rows, start)
        change = 0
        for document in covered {
          let next = posterior(votes.rows[document], confusion, balance)
          for (new, old) in zip(next, rows[document] ?? []) { change = max(change, abs(new - old)) }
          rows[document] = next
        }
        rounds += 1
      }
      return (rows, confusion, balance, rounds)
    }

    private func matrices(
      _ votes: DenseVotes, _ rows: [[Double]?], _ balance: [Double]
    ) -> [[[Double]]] {
      (0..<votes.functionCount).map { function in
        let total = Double(votes.rows.count { $0[function] >= 0 })
        return (0..<classes).map { label in
          let prior = pseudoVotes + strength * total * balance[label]
          var counts = (0..<classes).map { vote in
            prior * (vote == label ? diagonal : (1 - diagonal) / Double(classes - 1))
          }
          for (document, row) in votes.rows.enumerated() where row[function] >= 0 {
            counts[row[function]] += rows[document]?[label] ?? 0
          }
          let sum = counts.reduce(0, +)
          return counts.map { $0 / sum }
        }
      }
    }

    private func posterior(
      _ row: [Int], _ confusion: [[[Double]]], _ balance: [Double]
    ) -> [Double] {
      var product = balance
      for (function, vote) in row.enumerated() where vote >= 0 {
        for label in balance.indices { product[label] *= confusion[function][label][vote] }
      }
      let sum = product.reduce(0, +)
      return product.map { $0 / sum }
    }
  }

  @Test(arguments: 0..<16 as Range<UInt64>)
  func equalsTheFormulasDocumentByDocument(seed: UInt64) throws {
    var random = SplitMix64(seed: 300 + seed)
    let crowd = Crowd(
      seed: seed, documents: 60 + random.below(200), workers: 5 + random.below(4),
      votesPerDocument: 3, classes: 2 + random.below(3))
    // The planted workers that vote for one class almost always are made to vote otherwise too.
    var votes = crowd.votes
    for document in votes.rows.indices where document % 9 == 0 {
      votes.rows[document] = votes.rows[document].map { vote in
        vote < 0 ? vote : (vote + 1) % votes.classCount
      }
    }
    var oracle = Dense(classes: votes.classCount, isBalanceLearned: true)
    if seed % 2 == 1 {
      let raw = (0..<votes.classCount).map { _ in 0.2 + random.uniform() }
      oracle.given = raw.map { $0 / raw.reduce(0, +) }
      oracle.isBalanceLearned = false
    }
    let compressed = votes.compressed()
    let fit = try DawidSkene().fit(
      compressed.patterns, counts: compressed.counts, classBalance: oracle.given)
    let expected = oracle.fit(votes)
    #expect(fit.iterations == expected.rounds)
    for (one, other) in zip(fit.classBalance, expected.balance) { #expect(abs(one - other) < 1e-9) }
    let tables = try #require(fit.rule as? ConfusionTables)
    for (function, matrix) in expected.confusion.enumerated() {
      let found = try #require(tables.confusion(of: function))
      for (one, other) in zip(found, matrix.flatMap { $0 }) { #expect(abs(one - other) < 1e-9) }
    }
    for (document, row) in expected.rows.enumerated() {
      let found = fit.posterior(of: compressed.ids[document], in: compressed.patterns)
      for (label, value) in (row ?? expected.balance).enumerated() {
        #expect(abs(found[label] - value) < 1e-9)
      }
    }
    let recomputed = try DawidSkene(
      .init(fireOnly: .init(rounds: EMOptions(posteriorMemory: 0)))
    )
    .fit(compressed.patterns, counts: compressed.counts, classBalance: oracle.given)
    #expect(recomputed == fit)
  }

  // MARK: - Crowds with known truth

  @Test(arguments: [[0.25, 0.25, 0.25, 0.25], [0.6, 0.2, 0.1, 0.1]], 0..<3 as Range<UInt64>)
  func beatsMajorityVoteOnCrowds(balance: [Double], seed: UInt64) throws {
    let crowd = Crowd(
      seed: seed, documents: 2000, workers: 30, votesPerDocument: 5, classes: 4, balance: balance)
    let compressed = crowd.votes.compressed(blockSize: 2000)
    let fit = try DawidSkene().fit(compressed.patterns, counts: compressed.counts)
    let majority = try MajorityVote().fit(compressed.patterns, counts: compressed.counts)
    let learned = try compressed.metrics(of: fit, gold: crowd.gold)
    let baseline = try compressed.metrics(of: majority, gold: crowd.gold)
    #expect(learned.accuracy > baseline.accuracy + 0.03)
    #expect(learned.macroF1 > baseline.macroF1 + 0.03)
    #expect(learned.logLoss < 0.6 * baseline.logLoss)
    #expect(learned.ece < 0.05)
    // The prior draws the largest share 0.03 towards equal ones.
    for (found, share) in zip(fit.classBalance, balance) { #expect(abs(found - share) < 0.06) }
    let tables = try #require(fit.rule as? ConfusionTables)
    var error = 0.0
    var cells = 0
    for (worker, truth) in crowd.confusion.enumerated() {
      guard let found = tables.confusion(of: worker) else { continue }
      for label in 0..<4 {
        #expect(abs(found[label * 4..<(label + 1) * 4].reduce(0, +) - 1) < 1e-9)
        for vote in 0..<4 {
          error += balance[label] * abs(found[label * 4 + vote] - truth[label][vote])
        }
      }
      cells += 4
    }
    #expect(cells >= 4 * 25)
    #expect(error / Double(cells) < 0.04)
    // The worker who calls class 0 class 1 and the other way round is found out.
    let confused = try #require(tables.confusion(of: Crowd.confused))
    #expect(confused[1] > 0.7 && confused[0] < 0.25)
    #expect(confused[4] > 0.7 && confused[5] < 0.25)
  }

  @Test func fewVotesAreNoWorseThanMajority() throws {
    var learned = 0.0
    var baseline = 0.0
    for seed in 0..<10 as Range<UInt64> {
      let crowd = Crowd(
        seed: 40 + seed, documents: 100, workers: 30, votesPerDocument: 3, classes: 4)
      let compressed = crowd.votes.compressed()
      let fit = try DawidSkene().fit(compressed.patterns, counts: compressed.counts)
      let majority = try MajorityVote().fit(compressed.patterns, counts: compressed.counts)
      learned += try compressed.metrics(of: fit, gold: crowd.gold).accuracy / 10
      baseline += try compressed.metrics(of: majority, gold: crowd.gold).accuracy / 10
    }
    #expect(learned > baseline)
  }

  // MARK: - Functions that vote for one class

  @Test func isFireOnlyWhereFunctionsVoteForOneClass() throws {
    let (mixed, _) = DenseVotes.random(documents: 500, functions: 8, classes: 3, seed: 21)
    var votes = mixed
    votes.rows = mixed.rows.map { row in
      row.enumerated().map { $1 == $0 % 3 ? $1 : -1 }
    }
    let compressed = votes.compressed()
    let fit = try DawidSkene().fit(compressed.patterns, counts: compressed.counts)
    let fires = try FireOnlyMAPEM().fit(compressed.patterns, counts: compressed.counts)
    #expect(fit.rule.parameters == fires.rule.parameters)
    #expect(fit.classBalance == fires.classBalance)
    #expect((fit.rule as? ConfusionTables)?.confusion(of: 0) == nil)
    #expect((fit.rule as? ConfusionTables)?.confusion(of: 99) == nil)
  }

  @Test func rulesAndWorkersTogether() throws {
    // Four rules for one class each beside seven workers of whom three vote on each document.
    let crowd = Crowd(
      seed: 5, documents: 1500, workers: 8, votesPerDocument: 3, classes: 4)
    var random = SplitMix64(seed: 6)
    var votes = DenseVotes(rows: [], functionCount: 12, classCount: 4)
    for (row, label) in zip(crowd.votes.rows, crowd.gold) {
      let rules = (0..<4).map { rule in
        random.uniform() < (rule == label ? 0.4 : 0.05) ? rule : -1
      }
      votes.rows.append(row + rules)
    }
    let compressed = votes.compressed()
    let fit = try DawidSkene().fit(compressed.patterns, counts: compressed.counts)
    let majority = try MajorityVote().fit(compressed.patterns, counts: compressed.counts)
    let learned = try compressed.metrics(of: fit, gold: crowd.gold)
    let baseline = try compressed.metrics(of: majority, gold: crowd.gold)
    #expect(learned.accuracy > baseline.accuracy + 0.05)
    for rule in 0..<4 {
      let evidence = try #require(fit.logEvidence(function: 8 + rule, vote: rule))
      #expect(evidence.indices.allSatisfy { $0 == rule || evidence[$0] < evidence[rule] - 1 })
    }
  }

  @Test func theClassBalanceIsLearnedOnlyWhereItCanBe() throws {
    let crowd = Crowd(
      seed: 2, documents: 800, workers: 12, votesPerDocument: 5, classes: 4,
      balance: [0.55, 0.15, 0.15, 0.15])
    let compressed = crowd.votes.compressed()
    let free = try DawidSkene().fit(compressed.patterns, counts: compressed.counts)
    #expect(free.classBalance[0] > 0.45)
    let given = try DawidSkene().fit(
      compressed.patterns, counts: compressed.counts, classBalance: [0.3, 0.3, 0.2, 0.2])
    #expect(given.classBalance == [0.3, 0.3, 0.2, 0.2])
    let thin = Crowd(
      seed: 2, documents: 800, workers: 12, votesPerDocument: 2, classes: 4,
      balance: [0.55, 0.15, 0.15, 0.15]
    ).votes.compressed()
    let fixed = try DawidSkene().fit(thin.patterns, counts: thin.counts)
    #expect(fixed.classBalance == [0.25, 0.25, 0.25, 0.25])
  }

  @Test func rejectsParametersOutsideTheirRange() {
    let votes = DenseVotes(rows: [[0, 1]], functionCount: 2, classCount: 2).compressed()
    let bad: [(DawidSkene.HyperParameters, FitError)] = [
      (
        .init(fireOnly: .init(priorAccuracy: 2)),
        .hyperParameter(name: "priorAccuracy", value: 2, range: "between 0 and 1")
      ),
      (
        .init(leastSecondaryShare: 0),
        .hyperParameter(name: "leastSecondaryShare", value: 0, range: "between 0 and 1")
      ),
      (
        .init(priorDiagonal: 1),
        .hyperParameter(name: "priorDiagonal", value: 1, range: "between 0 and 1")
      ),
      (
        .init(priorVotes: -1), .hyperParameter(name: "priorVotes", value: -1, range: "0 or more")
      ),
      (
        .init(priorStrength: -1),
        .hyperParameter(name: "priorStrength", value: -1, range: "0 or more")
      ),
      (
        .init(balancePriorStrength: 0),
        .hyperParameter(name: "balancePriorStrength", value: 0, range: "above 0")
      ),
    ]
    for (parameters, error) in bad {
      #expect(throws: error) {
        try DawidSkene(parameters).fit(votes.patterns, counts: votes.counts)
      }
    }
  }

  @Test func noPriorStillGivesNumbers() throws {
    let (votes, _) = DenseVotes.random(documents: 50, functions: 5, classes: 3, seed: 8)
    let compressed = votes.compressed()
    let model = DawidSkene(
      .init(fireOnly: .init(priorStrength: 0), priorVotes: 0, priorStrength: 0))
    let fit = try model.fit(compressed.patterns, counts: compressed.counts)
    #expect(fit.posteriors(of: compressed.patterns).allSatisfy { $0.isFinite })
    #expect(fit.rule.parameters.allSatisfy { $0.isFinite })
  }
}
