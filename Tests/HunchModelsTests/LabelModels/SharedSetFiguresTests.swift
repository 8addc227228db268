import HunchModels
import TestSupport
import Testing

/// What each label model reaches on the covered training documents of the public sets.
@Suite(.enabled(if: Repository.sharedData("trec") != nil, "needs ../shared or HUNCH_SHARED"))
struct SharedSetFiguresTests {
  struct Figures: Sendable, CustomTestStringConvertible {
    var model: String
    var set: String
    var accuracy: Double
    var macroF1: Double
    var logLoss: Double
    var ece: Double
    var testDescription: String { "\(model) on \(set)" }

    init(
      _ model: String, _ set: String, _ accuracy: Double, _ macroF1: Double, _ logLoss: Double,
      _ ece: Double
    ) {
      (self.model, self.set) = (model, set)
      (self.accuracy, self.macroF1, self.logLoss, self.ece) = (accuracy, macroF1, logLoss, ece)
    }
  }

  /// Measured with a reference implementation on dense matrices.
  static let figures = [
    Figures("weighted-majority", "youtube", 0.883, 0.882, 0.316, 0.119),
    Figures("weighted-majority", "sms", 0.969, 0.934, 0.208, 0.108),
    Figures("weighted-majority", "trec", 0.495, 0.424, 1.667, 0.326),
    Figures("weighted-majority", "yoruba", 0.566, 0.568, 1.293, 0.115),
    Figures("adaptive", "youtube", 0.889, 0.888, 0.280, 0.096),
    Figures("adaptive", "sms", 0.970, 0.937, 0.164, 0.033),
    Figures("adaptive", "trec", 0.583, 0.621, 1.192, 0.093),
    Figures("adaptive", "yoruba", 0.646, 0.641, 1.236, 0.105),
    // All functions vote for one class, so these are those of map-em.
    Figures("dawid-skene", "youtube", 0.867, 0.867, 0.355, 0.147),
    Figures("dawid-skene", "sms", 0.969, 0.934, 0.353, 0.238),
    Figures("dawid-skene", "trec", 0.581, 0.545, 1.291, 0.098),
    Figures("dawid-skene", "yoruba", 0.644, 0.638, 1.258, 0.148),
    Figures("triplet", "youtube", 0.889, 0.888, 0.283, 0.097),
    Figures("triplet", "sms", 0.970, 0.937, 0.288, 0.183),
    Figures("triplet", "trec", 0.585, 0.622, 1.185, 0.076),
    Figures("triplet", "yoruba", 0.582, 0.573, 1.367, 0.189),
  ]

  private func metrics(_ name: String, _ setName: String) throws -> ClassificationMetrics {
    let set = try LabeledCorpus(#require(Repository.sharedData(setName)))
    let votes = DenseVotes(
      rows: set.train.votes, functionCount: set.functionCount, classCount: set.labels.count)
    let compressed = votes.compressed(blockSize: 1000)
    let model = try #require(LabelModels.named(name))
    let fit = try model.fit(compressed.patterns, counts: compressed.counts, classBalance: nil)
    #expect(fit.converged)
    return try compressed.metrics(of: fit, gold: set.train.gold)
  }

  @Test(arguments: figures)
  func areAsMeasured(_ expected: Figures) throws {
    let metrics = try metrics(expected.model, expected.set)
    #expect(abs(metrics.accuracy - expected.accuracy) < 0.0015)
    #expect(abs(metrics.macroF1 - expected.macroF1) < 0.0015)
    #expect(abs(metrics.logLoss - expected.logLoss) < 0.0015)
    #expect(abs(metrics.ece - expected.ece) < 0.0015)
  }

  /// Dawid and Skene's model falls to one class on each of these sets if silence is missing.
  @Test(arguments: ["youtube", "sms", "trec", "yoruba"])
  func dawidSkeneDoesNotFallToOneClass(name: String) throws {
    let learned = try metrics("dawid-skene", name)
    let majority = try metrics("majority", name)
    let largest = learned.classes.map(\.predictions).max() ?? 0
    #expect(largest * 10 < learned.documents * 9)
    #expect(learned.macroF1 >= majority.macroF1 - 0.001)
    #expect(learned.logLoss < majority.logLoss)
  }
}
