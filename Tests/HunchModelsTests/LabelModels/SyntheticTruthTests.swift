import HunchModels
import TestSupport
import Testing

/// Votes drawn from the model that is assumed: the truth is known exactly.
struct SyntheticTruthTests {
  /// Independent functions with known accuracies; errors are spread evenly over other classes.
  static func draw(
    seed: UInt64, documents: Int, accuracies: [Double], classes: Int, coverage: Double
  ) -> (votes: DenseVotes, gold: [Int]) {
    var random = SplitMix64(seed: seed)
    let gold = (0..<documents).map { _ in random.below(classes) }
    let rows = gold.map { label in
      accuracies.map { accuracy in
        guard random.uniform() < coverage else { return -1 }
        if random.uniform() < accuracy { return label }
        return (label + 1 + random.below(classes - 1)) % classes
      }
    }
    return (
      DenseVotes(rows: rows, functionCount: accuracies.count, classCount: classes), gold
    )
  }

  /// The mean absolute error of the accuracies over ten functions (0.6, 0.635, … 0.915) of
  /// coverage 0.4 on 10,000 documents, and over three seeds.
  static func error(classes: Int, strength: Double) throws -> Double {
    let accuracies = (0..<10).map { 0.6 + 0.035 * Double($0) }
    var sum = 0.0
    for seed in 0..<3 as Range<UInt64> {
      let (votes, _) = draw(
        seed: seed, documents: 10_000, accuracies: accuracies, classes: classes, coverage: 0.4)
      let compressed = votes.compressed(blockSize: 5000)
      let fit = try FireOnlyMAPEM(.init(priorStrength: strength))
        .fit(compressed.patterns, counts: compressed.counts)
      for (estimate, accuracy) in zip(fit.functions, accuracies) {
        sum += abs((estimate.accuracy ?? 0) - accuracy) / 30
      }
    }
    return sum
  }

  @Test func recoversAccuraciesOfSeveralClasses() throws {
    #expect(try Self.error(classes: 4, strength: 1) < 0.02)
  }

  /// With two classes the default prior, which grows with the documents on purpose, keeps the
  /// estimates 0.026 from the truth on average, not within the 0.02 that is aimed at; with less
  /// weight, right where functions are independent as they are here, they come within 0.015.
  @Test func recoversAccuraciesOfTwoClasses() throws {
    #expect(try Self.error(classes: 2, strength: 1) < 0.03)
    #expect(try Self.error(classes: 2, strength: 0.3) < 0.015)
    #expect(try Self.error(classes: 2, strength: 0.1) < 0.01)
  }

  @Test func labelsAsWellAsTheTrueAccuraciesWould() throws {
    let accuracies = (0..<10).map { 0.6 + 0.035 * Double($0) }
    let (votes, gold) = Self.draw(
      seed: 7, documents: 10_000, accuracies: accuracies, classes: 2, coverage: 0.4)
    let compressed = votes.compressed(blockSize: 5000)
    let fit = try FireOnlyMAPEM().fit(compressed.patterns, counts: compressed.counts)
    var learned = 0
    var ideal = 0
    for (document, row) in votes.rows.enumerated() where row.contains(where: { $0 >= 0 }) {
      let posterior = fit.posterior(of: compressed.ids[document], in: compressed.patterns)
      learned += (posterior[1] > posterior[0] ? 1 : 0) == gold[document] ? 1 : 0
      let score = zip(row, accuracies).reduce(0.0) { sum, vote in
        vote.0 < 0
          ? sum : sum + (vote.0 == 1 ? 1 : -1) * logarithm(vote.1 / (1 - vote.1))
      }
      ideal += (score > 0 ? 1 : 0) == gold[document] ? 1 : 0
    }
    #expect(Double(learned) > 0.985 * Double(ideal))
  }
}
