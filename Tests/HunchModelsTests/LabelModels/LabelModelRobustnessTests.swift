import HunchModels
import TestSupport
import Testing

/// What every label model must do with votes and parameters that are large, odd or repeated.
struct LabelModelRobustnessTests {
  static let models = LabelModelConformanceTests.models

  /// A thousand functions of few votes each, over a thousand classes.
  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"), arguments: models.indices)
  func aThousandFunctionsAndClasses(index: Int) throws {
    var random = SplitMix64(seed: 71)
    var votes = DenseVotes(rows: [], functionCount: 1000, classCount: 1000)
    var gold: [Int] = []
    for _ in 0..<1200 {
      let label = random.below(1000)
      var row = [Int](repeating: -1, count: 1000)
      for _ in 0..<5 {
        row[random.below(1000)] = random.uniform() < 0.75 ? label : random.below(1000)
      }
      votes.rows.append(row)
      gold.append(label)
    }
    let compressed = votes.compressed(blockSize: 1200)
    let fit = try Self.models[index].fit(
      compressed.patterns, counts: compressed.counts, classBalance: nil)
    let metrics = try compressed.metrics(of: fit, gold: gold)
    #expect(metrics.accuracy > 0.75)
    #expect(metrics.logLoss.isFinite)
    for pattern in stride(from: 0, to: compressed.patterns.count, by: 50) {
      let row = fit.posterior(of: pattern, in: compressed.patterns)
      #expect(abs(row.reduce(0, +) - 1) < 1e-9)
    }
  }

  /// A thousand functions that each vote for one of two classes.
  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"), arguments: models.indices)
  func aThousandFunctionsOfOneClassEach(index: Int) throws {
    let (votes, gold) = Self.oneSided(
      seed: 3, documents: 1500, functions: 1000, classes: 2, right: 0.02, wrong: 0.004)
    let fit = try LabelModelConformanceTests.expectSound(Self.models[index], votes)
    #expect(try votes.compressed().metrics(of: fit, gold: gold).accuracy > 0.95)
  }

  /// Functions that each vote for one class, as most rules do.
  private static func oneSided(
    seed: UInt64, documents: Int, functions: Int, classes: Int, right: Double, wrong: Double
  ) -> (votes: DenseVotes, gold: [Int]) {
    var random = SplitMix64(seed: 500 + seed)
    let gold = (0..<documents).map { _ in random.below(classes) }
    let rows = gold.map { label in
      (0..<functions).map { function in
        let vote = function % classes
        return random.uniform() < (vote == label ? right : wrong) ? vote : -1
      }
    }
    return (DenseVotes(rows: rows, functionCount: functions, classCount: classes), gold)
  }

  @Test(arguments: models.indices, [2, 3, 8])
  func functionsOfOneClassEachSayEnough(index: Int, classes: Int) throws {
    let (votes, gold) = Self.oneSided(
      seed: UInt64(classes), documents: 2000, functions: 3 * classes, classes: classes,
      right: 0.35, wrong: 0.05)
    let fit = try LabelModelConformanceTests.expectSound(Self.models[index], votes)
    let compressed = votes.compressed()
    let majority = try MajorityVote().fit(compressed.patterns, counts: compressed.counts)
    let learned = try compressed.metrics(of: fit, gold: gold)
    let baseline = try compressed.metrics(of: majority, gold: gold)
    #expect(learned.accuracy > baseline.accuracy - 0.02)
    #expect(learned.classes.allSatisfy { $0.recall > 0.4 }, "it does not fall to few classes")
  }

  @Test(arguments: models.indices, 0..<3 as Range<UInt64>)
  func patternsWithoutDocumentsChangeNothing(index: Int, seed: UInt64) throws {
    let (votes, _) = DenseVotes.random(documents: 200, functions: 5, classes: 3, seed: seed)
    let (other, _) = DenseVotes.random(documents: 200, functions: 5, classes: 3, seed: 100 + seed)
    var both = votes
    both.rows += other.rows
    let (plain, joined) = (votes.compressed(), both.compressed())
    var counts = [Int](repeating: 0, count: joined.patterns.count)
    for id in joined.ids.prefix(200) { counts[id] += 1 }
    #expect(joined.patterns.count > plain.patterns.count)
    let model = Self.models[index]
    let fit = try model.fit(plain.patterns, counts: plain.counts, classBalance: nil)
    let wide = try model.fit(joined.patterns, counts: counts, classBalance: nil)
    let posteriors = wide.posteriors(of: joined.patterns)
    for (place, value) in fit.posteriors(of: plain.patterns).enumerated() {
      #expect(abs(value - posteriors[place]) < 1e-9)
    }
    #expect(posteriors.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  /// Models whose prior does not grow with the votes by default, without the part that does not.
  static let withoutFixedPrior: [String: any LabelModelAlgorithm] = [
    "dawid-skene": DawidSkene(.init(priorVotes: 0)),
    "triplet": Triplet(.init(priorVotes: 0)),
  ]

  private func fits(
    _ model: any LabelModelAlgorithm, seed: UInt64, times factor: Int
  ) throws -> [Double] {
    let (votes, _) = DenseVotes.random(documents: 300, functions: 7, classes: 3, seed: seed)
    let compressed = votes.compressed()
    return try model.fit(
      compressed.patterns, counts: compressed.counts.map { $0 * factor }, classBalance: nil
    ).posteriors(of: compressed.patterns)
  }

  /// Models that promise to learn the same from the same documents several times over.
  static let repeatable: [any LabelModelAlgorithm] =
    [MajorityVote(), WeightedMajority(), FireOnlyMAPEM()]
    + withoutFixedPrior.sorted { $0.key < $1.key }.map(\.value)

  /// The prior's weight grows with the votes, so the same documents several times over change
  /// nothing.
  @Test(arguments: repeatable.indices, 0..<3 as Range<UInt64>)
  func repeatedDocumentsChangeNothing(index: Int, seed: UInt64) throws {
    let once = try fits(Self.repeatable[index], seed: seed, times: 1)
    for factor in [3, 1_000_000_000] {
      let often = try fits(Self.repeatable[index], seed: seed, times: factor)
      #expect(zip(once, often).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  /// Where part of the prior does not grow with the votes it vanishes beside many.
  @Test(arguments: withoutFixedPrior.keys.sorted())
  func fixedPriorsVanishBesideManyDocuments(name: String) throws {
    let model = try #require(LabelModel.algorithm(name))
    let free = try #require(Self.withoutFixedPrior[name])
    let expected = try fits(free, seed: 1, times: 1)
    func distance(_ factor: Int) throws -> Double {
      zip(expected, try fits(model, seed: 1, times: factor)).reduce(0) {
        max($0, abs($1.0 - $1.1))
      }
    }
    let (one, ten) = (try distance(1), try distance(10))
    #expect(one > ten && ten > 0)
    #expect(try distance(1_000_000) < 1e-3)
  }

  /// Weights of functions from nothing to a thousand million.
  @Test(arguments: ["map-em", "weighted-majority", "dawid-skene"], [2, 5])
  func extremeFunctionWeights(name: String, classes: Int) throws {
    let (votes, _) = DenseVotes.random(
      documents: 200, functions: 6, classes: classes, seed: 12, coverage: 0.6)
    for weights in [
      [0, 0, 0, 0, 0, 0], [1e9, 1e-9, 1, 0, 1e3, 1], [1e9, 1e9, 1e9, 1e9, 1e9, 1e9],
    ] {
      let models: [String: any LabelModelAlgorithm] = [
        "map-em": FireOnlyMAPEM(.init(functionWeights: weights)),
        "weighted-majority": WeightedMajority(.init(priorAccuracy: 0.8, functionWeights: weights)),
        "dawid-skene": DawidSkene(.init(fireOnly: .init(functionWeights: weights))),
      ]
      let model = try #require(models[name])
      let fit = try LabelModelConformanceTests.expectSound(model, votes)
      guard weights[0] == 0 else { continue }
      let compressed = votes.compressed()
      for pattern in 0..<compressed.patterns.count {
        for (value, share) in zip(
          fit.posterior(of: pattern, in: compressed.patterns), fit.classBalance)
        {
          #expect(abs(value - share) < 1e-12)
        }
      }
    }
  }

  /// All functions always agree, or always contradict each other.
  @Test(arguments: models.indices)
  func copiesAndContraries(index: Int) throws {
    let model = Self.models[index]
    let copies = DenseVotes(
      rows: (0..<200).map { [Int](repeating: $0 % 3, count: 6) }, functionCount: 6, classCount: 3)
    let fit = try LabelModelConformanceTests.expectSound(model, copies)
    let compressed = copies.compressed()
    // A model that counts copies once has one vote to go by.
    let least = fit.dependencies.isEmpty ? 0.9 : 0.7
    for (document, id) in compressed.ids.enumerated() {
      let row = fit.posterior(of: id, in: compressed.patterns)
      #expect(row[document % 3] > least)
    }
    let contraries = DenseVotes(
      rows: (0..<200).map { document in (0..<4).map { (document + $0) % 2 } }, functionCount: 4,
      classCount: 2)
    _ = try LabelModelConformanceTests.expectSound(model, contraries)
  }

  @Test(arguments: models.indices)
  func unequalBalances(index: Int) throws {
    let (votes, _) = DenseVotes.random(documents: 300, functions: 6, classes: 3, seed: 14)
    for balance in [[1 - 2e-300, 1e-300, 1e-300], [0.998, 0.001, 0.001], [1e-6, 0.5, 0.499999]] {
      _ = try LabelModelConformanceTests.expectSound(Self.models[index], votes, balance: balance)
    }
  }
}
