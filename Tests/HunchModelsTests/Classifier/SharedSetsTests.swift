import HunchModels
import HunchText
import Testing

/// The figures that the defaults must reach on the public sets that lie beside the repository.
@Suite(.enabled(if: SharedData.isPresent, "needs ../shared or HUNCH_SHARED"))
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
  func defaultsReachTheRequiredFigures(required: Requirement) throws {
    let set = try SharedSet(required.name)
    let classes = set.labels.count
    let votes = DenseVotes(
      rows: set.train.votes, functionCount: set.train.votes.first?.count ?? 0, classCount: classes)
    let compressed = votes.compressed(blockSize: 1000)
    let fit = try FireOnlyMAPEM().fit(compressed.patterns, counts: compressed.counts)
    #expect(fit.converged)

    var labelModel = MetricsAccumulator(classCount: classes)
    var trainer = TextClassifierTrainer(labels: set.labels)
    for (document, pattern) in compressed.ids.enumerated()
    where compressed.patterns.isCovered(pattern) {
      let posterior = fit.posterior(of: pattern)
      labelModel.add(posterior, gold: set.train.gold[document])
      trainer.add(
        TextBatch([set.train.texts[document]]), posteriors: posterior.map { Float($0) })
    }
    let covered = try #require(labelModel.metrics())
    #expect(covered.macroF1 >= required.labelModel)

    let classifier = try trainer.train(parallel: .dispatch(2))
    #expect(classifier.summary.converged)
    var accumulator = MetricsAccumulator(classCount: classes)
    accumulator.add(classifier.probabilities(TextBatch(set.test.texts)), gold: set.test.gold)
    let test = try #require(accumulator.metrics())
    #expect(test.macroF1 >= required.classifier)
  }
}
