import HunchModels
import TestSupport
import Testing

struct TripletTests {
  // MARK: - The formulas, slow and plain

  /// The rates of each function and vote, given by documents, for few functions.
  struct Dense {
    var balance: [Double]
    var prior = 0.75
    var priorVotes = 30.0
    var highest = 0.97
    var leastCorrelation = 0.02

    func posteriors(_ votes: DenseVotes) -> [[Double]?] {
      let covered = votes.rows.filter { $0.contains { $0 >= 0 } }
      let precisions = (0..<votes.functionCount).map { function in
        balance.indices.map { precision(covered, function, $0) }
      }
      return votes.rows.map { row in
        guard row.contains(where: { $0 >= 0 }) else { return nil }
        var product = balance
        for (function, vote) in row.enumerated() where vote >= 0 {
          for label in balance.indices {
            let precision = precisions[function][vote]
            product[label] *=
              label == vote ? precision / balance[vote] : (1 - precision) / (1 - balance[vote])
          }
        }
        let sum = product.reduce(0, +)
        return product.map { $0 / sum }
      }
    }

    private func covariance(_ one: [Double], _ other: [Double]) -> Double {
      let total = Double(one.count)
      let products = zip(one, other).reduce(0.0) { $0 + $1.0 * $1.1 }
      return products / total - one.reduce(0, +) / total * other.reduce(0, +) / total
    }

    private func raised(_ value: Double, _ label: Int) -> Double {
      max(value, 1 - (1 - value) * 2 * (1 - balance[label]))
    }

    func precision(_ rows: [[Int]], _ function: Int, _ label: Int) -> Double {
      func signs(_ other: Int) -> [Double] {
        rows.map { $0[other] < 0 ? 0 : $0[other] == label ? 1 : -1 }
      }
      func together(_ one: Int, _ other: Int) -> Bool {
        rows.contains { $0[one] >= 0 && $0[other] >= 0 }
      }
      let fires = rows.map { $0[function] == label ? 1.0 : 0 }
      let share = fires.reduce(0, +) / Double(rows.count)
      let partners = (0..<rows[0].count).filter { other in
        other != function && rows.contains { $0[function] == label && $0[other] >= 0 }
      }
      var estimates: [Double] = []
      for one in partners {
        for other in partners where other > one && together(one, other) {
          let (a, b) = (signs(one), signs(other))
          let below = covariance(a, b)
          let scale = (covariance(a, a) * covariance(b, b)).squareRoot()
          if abs(below) <= leastCorrelation * scale { continue }
          let above = covariance(fires, a) * covariance(fires, b)
          estimates.append(
            abs(above / below / (balance[label] * (1 - balance[label]))).squareRoot())
        }
      }
      let base = raised(prior, label)
      guard !estimates.isEmpty else { return base }
      estimates.sort()
      let half = estimates.count / 2
      var difference = estimates[half]
      if estimates.count % 2 == 0 {
        // The median of squares is what is averaged.
        difference =
          ((estimates[half - 1] * estimates[half - 1] + difference * difference) / 2).squareRoot()
      }
      let counts = balance.indices.map { vote in rows.count { $0[function] == vote } }
      let isMixed =
        Double(counts.reduce(0, +) - (counts.max() ?? 0)) >= 0.02 * Double(counts.reduce(0, +))
      let sum = partners.reduce(0.0) { $0 + covariance(fires, signs($1)) }
      if isMixed && sum < 0 { difference = -difference }
      var value = balance[label] * (1 + (1 - balance[label]) * difference / share)
      let top = raised(highest, label)
      value = min(max(value, isMixed ? balance[label] * (1 - top) : balance[label]), top)
      let company = Double(
        rows.count { row in row[function] == label && row.count { $0 >= 0 } > 1 })
      return (company * value + priorVotes * base) / (company + priorVotes)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func equalsTheFormulasDocumentByDocument(seed: UInt64) throws {
    var random = SplitMix64(seed: 600 + seed)
    let classes = 2 + random.below(4)
    var (votes, _) = DenseVotes.random(
      documents: 20 + random.below(300), functions: 1 + random.below(9), classes: classes,
      seed: seed, coverage: 0.15 + 0.5 * random.uniform())
    if seed % 3 == 0 {
      votes.rows = votes.rows.map { $0.enumerated().map { $1 == $0 % classes ? $1 : -1 } }
    }
    let raw = (0..<classes).map { _ in 0.2 + random.uniform() }
    let given = seed % 2 == 0 ? nil : raw.map { $0 / raw.reduce(0, +) }
    let oracle = Dense(
      balance: given ?? [Double](repeating: 1 / Double(classes), count: classes))
    let compressed = votes.compressed()
    let fit = try Triplet().fit(
      compressed.patterns, counts: compressed.counts, classBalance: given)
    for (document, row) in oracle.posteriors(votes).enumerated() {
      let found = fit.posterior(of: compressed.ids[document], in: compressed.patterns)
      for (label, value) in (row ?? oracle.balance).enumerated() {
        #expect(abs(found[label] - value) < 1e-9)
      }
    }
  }

  // MARK: - Known truth

  /// The precision of a vote, from the rates that were learned.
  private func precision(_ fit: FittedLabelModel, _ function: Int, _ vote: Int) -> Double? {
    guard let evidence = fit.logEvidence(function: function, vote: vote) else { return nil }
    let weights = zip(evidence, fit.classBalance).map { exponential($0) * $1 }
    return weights[vote] / weights.reduce(0, +)
  }

  @Test(arguments: [2, 4], 0..<3 as Range<UInt64>)
  func recoversAccuracies(classes: Int, seed: UInt64) throws {
    let accuracies = (0..<10).map { 0.6 + 0.035 * Double($0) }
    let (votes, _) = DenseVotes.independent(
      seed: seed, documents: 10_000, accuracies: accuracies, classes: classes, coverage: 0.4)
    let compressed = votes.compressed(blockSize: 5000)
    let fit = try Triplet().fit(compressed.patterns, counts: compressed.counts)
    var error = 0.0
    for (function, accuracy) in accuracies.enumerated() {
      for vote in 0..<classes {
        let found = try #require(precision(fit, function, vote))
        error += abs(found - accuracy) / Double(10 * classes)
      }
    }
    #expect(error < 0.02)
  }

  /// What the published method, which takes no means off, cannot do.
  @Test func recoversRatesOfOneSidedFunctionsWithUnequalClasses() throws {
    var random = SplitMix64(seed: 4)
    let balance = [0.8, 0.2]
    let rates: [(vote: Int, right: Double, wrong: Double)] = [
      (0, 0.5, 0.2), (0, 0.4, 0.1), (0, 0.6, 0.3), (1, 0.5, 0.1), (1, 0.4, 0.05), (1, 0.6, 0.2),
      (0, 0.3, 0.05), (1, 0.3, 0.1),
    ]
    var votes = DenseVotes(rows: [], functionCount: rates.count + 1, classCount: 2)
    for _ in 0..<40_000 {
      let label = random.uniform() < balance[0] ? 0 : 1
      // The last function votes everywhere, so that all documents are covered and the class
      // balance is that of the covered ones.
      let last = random.uniform() < 0.7 ? label : 1 - label
      votes.rows.append(
        rates.map { random.uniform() < ($0.vote == label ? $0.right : $0.wrong) ? $0.vote : -1 }
          + [last])
    }
    let compressed = votes.compressed(blockSize: 40_000)
    let fit = try Triplet().fit(
      compressed.patterns, counts: compressed.counts, classBalance: balance)
    for (function, rate) in rates.enumerated() {
      let right = balance[rate.vote] * rate.right
      let truth = right / (right + (1 - balance[rate.vote]) * rate.wrong)
      let found = try #require(precision(fit, function, rate.vote))
      #expect(abs(found - truth) < 0.03, "function \(function): \(found), not \(truth)")
    }
  }

  @Test func findsAFunctionWorseThanChance() throws {
    var accuracies = (0..<10).map { 0.6 + 0.035 * Double($0) }
    accuracies[3] = 0.2
    let (votes, gold) = DenseVotes.independent(
      seed: 9, documents: 10_000, accuracies: accuracies, classes: 2, coverage: 0.4)
    let compressed = votes.compressed(blockSize: 5000)
    let fit = try Triplet().fit(compressed.patterns, counts: compressed.counts)
    let found = try #require(precision(fit, 3, 0))
    #expect(abs(found - 0.2) < 0.05)
    #expect(
      fit.warnings.contains {
        if case .worseThanChance(function: 3, _) = $0 { true } else { false }
      })
    let majority = try MajorityVote().fit(compressed.patterns, counts: compressed.counts)
    let learned = try compressed.metrics(of: fit, gold: gold).accuracy
    #expect(learned > (try compressed.metrics(of: majority, gold: gold).accuracy) + 0.05)
  }

  @Test func beatsMajorityVoteOnCrowds() throws {
    let crowd = Crowd(seed: 1, documents: 2000, workers: 30, votesPerDocument: 5, classes: 4)
    let compressed = crowd.votes.compressed(blockSize: 2000)
    let fit = try Triplet().fit(compressed.patterns, counts: compressed.counts)
    let majority = try MajorityVote().fit(compressed.patterns, counts: compressed.counts)
    let learned = try compressed.metrics(of: fit, gold: crowd.gold)
    let baseline = try compressed.metrics(of: majority, gold: crowd.gold)
    #expect(learned.accuracy > baseline.accuracy + 0.03)
    #expect(learned.logLoss < 0.6 * baseline.logLoss)
  }

  // MARK: - Too little to learn from

  @Test func twoFunctionsGetThePrior() throws {
    let (votes, _) = DenseVotes.independent(
      seed: 3, documents: 300, accuracies: [0.9, 0.6], classes: 2, coverage: 0.7)
    let compressed = votes.compressed()
    let fit = try Triplet().fit(compressed.patterns, counts: compressed.counts)
    for function in 0..<2 {
      for vote in 0..<2 {
        #expect(abs((precision(fit, function, vote) ?? 0) - 0.75) < 1e-9)
      }
    }
    #expect(fit.warnings.contains(.tooFewFunctions(2)))
    #expect(fit.warnings.contains(.votesWithoutTriplets(4, of: 4)))
  }

  @Test func functionsThatNeverMeetGetThePrior() throws {
    let votes = DenseVotes(
      rows: (0..<40).map { row in (0..<4).map { $0 == row % 4 ? $0 % 2 : -1 } },
      functionCount: 4, classCount: 2)
    let compressed = votes.compressed()
    let fit = try Triplet().fit(compressed.patterns, counts: compressed.counts)
    #expect(fit.warnings.contains(.littleOverlap(0)))
    #expect(fit.warnings.contains(.votesWithoutTriplets(4, of: 4)))
    for function in 0..<4 {
      #expect(abs((precision(fit, function, function % 2) ?? 0) - 0.75) < 1e-9)
    }
  }

  /// The prior never speaks against the class that is voted for.
  @Test func aVoteForAVeryCommonClassStillSpeaksForIt() throws {
    let votes = DenseVotes(rows: [[0], [0]], functionCount: 1, classCount: 2).compressed()
    let fit = try Triplet().fit(votes.patterns, counts: votes.counts, classBalance: [0.95, 0.05])
    #expect(fit.posteriors(of: votes.patterns)[0] > 0.95)
  }

  @Test func fewerPartnersGiveAlmostTheSame() throws {
    let accuracies = (0..<40).map { 0.6 + 0.008 * Double($0) }
    let (votes, _) = DenseVotes.independent(
      seed: 13, documents: 6000, accuracies: accuracies, classes: 2, coverage: 0.3)
    let compressed = votes.compressed(blockSize: 6000)
    let few = try Triplet(.init(partners: 12)).fit(
      compressed.patterns, counts: compressed.counts)
    let all = try Triplet(.init(partners: 39)).fit(
      compressed.patterns, counts: compressed.counts)
    #expect(few != all)
    for function in accuracies.indices {
      let one = try #require(precision(few, function, 0))
      let other = try #require(precision(all, function, 0))
      #expect(abs(one - other) < 0.06)
    }
  }

  @Test func rejectsParametersOutsideTheirRange() {
    let votes = DenseVotes(rows: [[0, 1]], functionCount: 2, classCount: 2).compressed()
    let bad: [(Triplet.HyperParameters, FitError)] = [
      (
        .init(priorAccuracy: 1),
        .hyperParameter(name: "priorAccuracy", value: 1, range: "between 0 and 1")
      ),
      (
        .init(priorVotes: -1), .hyperParameter(name: "priorVotes", value: -1, range: "0 or more")
      ),
      (
        .init(highestPrecision: 1),
        .hyperParameter(name: "highestPrecision", value: 1, range: "between 0 and 1")
      ),
      (
        .init(leastCorrelation: 0),
        .hyperParameter(name: "leastCorrelation", value: 0, range: "above 0")
      ),
      (.init(partners: 1), .hyperParameter(name: "partners", value: 1, range: "2 or more")),
    ]
    for (parameters, error) in bad {
      #expect(throws: error) {
        try Triplet(parameters).fit(votes.patterns, counts: votes.counts)
      }
    }
  }
}
