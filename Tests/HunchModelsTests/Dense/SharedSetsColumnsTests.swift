import HunchModels
import HunchText
import TestSupport
import Testing

/// Columns of noise, and columns that tell something, on the public sets beside the repository.
@Suite(.enabled(if: Repository.sharedData("trec") != nil, "needs ../shared or HUNCH_SHARED"))
struct SharedSetsColumnsTests {
  /// Test macro-F1 of a classifier trained on the labels of fire-only MAP-EM.
  ///
  /// - Parameter value: The number of a document by its class.
  private func macroF1(
    _ set: LabeledCorpus, _ value: ((Int, inout SplitMix64) -> Double)?
  ) throws -> Double {
    let compressed = DenseVotes(
      rows: set.train.votes, functionCount: set.functionCount, classCount: set.labels.count
    ).compressed(blockSize: 1000)
    let fit = try FireOnlyMAPEM().fit(compressed.patterns, counts: compressed.counts)
    let columns = value.map { _ in DenseColumns(numeric: ["x"]) }
    var random = SplitMix64(seed: 1)
    func values(_ gold: [Int]) -> DenseValues? {
      guard let columns, let value else { return nil }
      var values = DenseValues(columns)
      for label in gold {
        values.append(
          numbers: [value(label, &random)], categories: [], embedding: [Float]?.none)
      }
      return values
    }
    var trainer = TextClassifierTrainer(labels: set.labels, columns: columns)
    let trainValues = values(set.train.gold)
    let covered = compressed.ids.indices.filter {
      compressed.patterns.isCovered(compressed.ids[$0])
    }
    var chosen = columns.map(DenseValues.init)
    if let trainValues { chosen?.append(trainValues, covered) }
    trainer.add(
      TextBatch(covered.map { set.train.texts[$0] }), values: chosen,
      posteriors: covered.flatMap { document in
        fit.posterior(of: compressed.ids[document], in: compressed.patterns).map { Float($0) }
      })
    var accumulator = MetricsAccumulator(classCount: set.labels.count)
    accumulator.add(
      try trainer.train(parallel: .dispatch(2)).probabilities(
        TextBatch(set.test.texts), values: values(set.test.gold)), gold: set.test.gold)
    return try #require(accumulator.metrics()).macroF1
  }

  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"),
    arguments: ["youtube", "sms", "trec", "yoruba"])
  func noiseCostsLittleAndAColumnThatTellsBringsMore(name: String) throws {
    let set = try LabeledCorpus(#require(Repository.sharedData(name)))
    let alone = try macroF1(set, nil)
    let noise = try macroF1(set) { _, random in random.uniform() }
    let telling = try macroF1(set) { label, random in
      Double(label) + random.uniform() + random.uniform() - 1
    }
    #expect(noise > alone - 0.02, "\(alone) without, \(noise) with noise")
    #expect(telling > alone - 0.005, "\(alone) without, \(telling) with the column")
    // One document of sms is worth .004.
    #expect(telling > noise - 0.005, "\(noise) with noise, \(telling) with the column")
  }
}
