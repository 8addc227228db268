import HunchModels
import TestSupport
import Testing

/// Classes of very unequal shares, with and without a function that votes where no other does.
@Suite(.enabled(if: Repository.isOptimized, "runs in release builds only"))
struct UnevenClassesTests {
  struct Setting: Sendable, CustomTestStringConvertible {
    var balance: [Double]
    /// How far the votes for each class are right beyond chance: 1 if always, 0 if as often as the
    /// class is frequent.
    var knowledge: [Double]
    /// Of each function, as a multiple of its class's share.
    var coverage: Double
    /// The class of the documents without a vote; nil where they have none.
    var otherwise: Int?
    var testDescription: String {
      "\(balance.count) classes, \(balance.min() ?? 0)…, "
        + (otherwise.map { "else \($0)" } ?? "no else")
    }

    func draw(seed: UInt64) -> (votes: DenseVotes, gold: [Int]) {
      let functions = balance.indices.flatMap { label in
        knowledge.map {
          SyntheticFunction.unipolar(
            for: label, accuracy: balance[label] + (1 - balance[label]) * $0,
            coverage: coverage * balance[label], balance: balance)
        }
      }
      let setting = SyntheticSetting(
        "uneven", "", balance: balance, functions: functions, documents: 6000)
      let (votes, gold) = setting.draw(seed: seed)
      guard let otherwise else { return (votes, gold) }
      let rows = votes.rows.map { row in row + [row.allSatisfy { $0 < 0 } ? otherwise : -1] }
      return (
        DenseVotes(
          rows: rows, functionCount: functions.count + 1, classCount: votes.classCount), gold
      )
    }
  }

  static let settings: [Setting] = [
    [0.88, 0.12], [0.99, 0.01], [0.6, 0.3, 0.1], [0.6, 0.2, 0.15, 0.05],
    [0.5, 0.2, 0.15, 0.1, 0.04, 0.01], [0.91] + [Double](repeating: 0.01, count: 9),
    [0.55] + [Double](repeating: 0.05, count: 9),
  ].flatMap { balance in
    [nil, 0].map {
      Setting(balance: balance, knowledge: [0.5, 0.7, 0.9], coverage: 0.3, otherwise: $0)
    }
  }

  @Test(arguments: settings, [false, true])
  func theDefaultBeatsMajorityVoteAndEqualShares(_ setting: Setting, isTold: Bool) throws {
    var figures: [String: [QualityFigures]] = [:]
    for seed in 1..<3 as Range<UInt64> {
      let (votes, gold) = setting.draw(seed: seed)
      let labeled = LabeledVotes(votes, gold: gold)
      var evidence = Evidence()
      if isTold, setting.otherwise != nil { evidence.otherwise = [votes.functionCount - 1] }
      for model in ["majority", "map-em", "adaptive"] {
        let fit = try #require(LabelModel.named(model)).fit(
          CountedVotes(labeled.patterns, counts: labeled.counts), given: evidence)
        figures[model, default: []].append(try labeled.score(fit, readsTexts: false))
      }
    }
    func mean(_ model: String) throws -> QualityFigures {
      try #require(QualityFigures.mean(figures[model] ?? []))
    }
    let (majority, equal) = (try mean("majority"), try mean("map-em"))
    let learned = try mean("adaptive")
    #expect(learned.macroF1 >= majority.macroF1 - QualityTests.tolerance)
    // Where votes are nearly always right: none is taken to be so in more than .98 of all cases.
    #expect(learned.logLoss < max(min(majority.logLoss, equal.logLoss), 0.05))
  }
}
