import HunchModels
import HunchText
import TestSupport
import Testing

/// The figures that the defaults must reach on the public sets that lie beside the repository.
@Suite(.enabled(if: Repository.sharedData("trec") != nil, "needs ../shared or HUNCH_SHARED"))
struct SharedSetsTests {
  struct Requirement: Sendable, CustomTestStringConvertible {
    var name: String
    var labelModel: Double
    var classifier: Double
    var testDescription: String { name }
  }

  static let requirements = [
    Requirement(name: "youtube", labelModel: 0.86, classifier: 0.92),
    Requirement(name: "sms", labelModel: 0.93, classifier: 0.90),
    Requirement(name: "trec", labelModel: 0.54, classifier: 0.58),
    Requirement(name: "yoruba", labelModel: 0.63, classifier: 0.44),
  ]

  @Test(arguments: requirements)
  func labelModelReachesItsFigure(required: Requirement) throws {
    let set = try LabeledCorpus(#require(Repository.sharedData(required.name)))
    let (fit, compressed) = try Self.fit(set)
    #expect(fit.converged)
    var accumulator = MetricsAccumulator(classCount: set.labels.count)
    for (document, pattern) in compressed.ids.enumerated()
    where compressed.patterns.isCovered(pattern) {
      accumulator.add(
        fit.posterior(of: pattern, in: compressed.patterns), gold: set.train.gold[document])
    }
    let metrics = try #require(accumulator.metrics())
    #expect(metrics.macroF1 >= required.labelModel)
  }

  @Test(arguments: requirements.filter { $0.name == "youtube" })
  func classifierReachesItsFigureOnTheSmallestSet(required: Requirement) throws {
    try expectClassifier(required)
  }

  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"),
    arguments: requirements.filter { $0.name != "youtube" })
  func classifierReachesItsFigureOnLargerSets(required: Requirement) throws {
    try expectClassifier(required)
  }

  private func expectClassifier(_ required: Requirement) throws {
    let set = try LabeledCorpus(#require(Repository.sharedData(required.name)))
    let (fit, compressed) = try Self.fit(set)
    var trainer = TextClassifierTrainer(labels: set.labels)
    for (document, pattern) in compressed.ids.enumerated()
    where compressed.patterns.isCovered(pattern) {
      trainer.add(
        TextBatch([set.train.texts[document]]),
        posteriors: fit.posterior(of: pattern, in: compressed.patterns).map { Float($0) })
    }
    let classifier = try trainer.train(parallel: .dispatch(2))
    #expect(classifier.summary.converged)
    var accumulator = MetricsAccumulator(classCount: set.labels.count)
    accumulator.add(classifier.probabilities(TextBatch(set.test.texts)), gold: set.test.gold)
    let metrics = try #require(accumulator.metrics())
    #expect(metrics.macroF1 >= required.classifier)
  }

  /// What the default reaches without a gold label, and with the first hundred of the valid split.
  struct Calibrated: Sendable, CustomTestStringConvertible {
    var name: String
    var macroF1: Double
    var ece: Double
    var withGold: Double
    var testDescription: String { name }
  }

  /// The test questions of trec are drawn otherwise than the others (a quarter asks for a definition,
  /// elsewhere one in thirteen), of which the label model is not sure; gold labels tell.
  static let calibrated = [
    Calibrated(name: "youtube", macroF1: 0.94, ece: 0.10, withGold: 0.96),
    Calibrated(name: "sms", macroF1: 0.94, ece: 0.05, withGold: 0.91),
    Calibrated(name: "trec", macroF1: 0.66, ece: 0.16, withGold: 0.72),
    Calibrated(name: "yoruba", macroF1: 0.47, ece: 0.10, withGold: 0.53),
  ]

  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"), arguments: calibrated)
  func endModelIsAccurateAndCalibrated(required: Calibrated) throws {
    let set = try LabeledCorpus(#require(Repository.sharedData(required.name)))
    let scores = try #require(try EndModelScores(set))
    let plain = try #require(scores.figures(of: "neither shift nor temperature"))
    let found = try #require(scores.figures(of: "default"))
    #expect(found.macroF1 >= required.macroF1)
    // Where the shift costs something, it is less than two standard errors on the 500 documents of yoruba.
    #expect(found.macroF1 >= plain.macroF1 - 0.03)
    #expect(found.ece <= required.ece)
    #expect(found.logLoss < plain.logLoss)
    let informed = try #require(
      scores.figures(of: "\(EndModelScores.goldLabels) gold labels"))
    #expect(informed.macroF1 >= required.withGold)
    #expect(informed.logLoss < found.logLoss)
    #expect(informed.ece <= 0.10)
  }

  private static func fit(_ set: LabeledCorpus) throws -> (FittedLabelModel, CompressedVotes) {
    let votes = DenseVotes(
      rows: set.train.votes, functionCount: set.functionCount, classCount: set.labels.count)
    let compressed = votes.compressed(blockSize: 1000)
    return (
      try FireOnlyMAPEM().fit(compressed.patterns, counts: compressed.counts), compressed
    )
  }
}
