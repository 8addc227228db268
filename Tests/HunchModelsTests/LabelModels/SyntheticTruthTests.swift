import HunchModels
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

  static func error(classes: Int, strength: Double, seed: UInt64) throws -> Double {
    let accuracies = (0..<10).map { 0.6 + 0.035 * Double($0) }
    let (votes, _) = draw(
      seed: seed, documents: 10_000, accuracies: accuracies, classes: classes, coverage: 0.4)
    let compressed = votes.compressed(blockSize: 5000)
    let fit = try FireOnlyMAPEM(.init(priorStrength: strength))
      .fit(compressed.patterns, counts: compressed.counts)
    let errors = zip(fit.functions, accuracies).map { abs(($0.accuracy ?? 0) - $1) }
    return errors.reduce(0, +) / 10
  }

  @Test(arguments: [2, 4]) func report(classes: Int) throws {
    for strength in [1.0, 0.3, 0.1, 0.01] {
      let mean = try (0..<3).map {
        try Self.error(classes: classes, strength: strength, seed: $0)
      }.reduce(0, +) / 3
      print("SYNTH", classes, strength, mean)
    }
  }
}
