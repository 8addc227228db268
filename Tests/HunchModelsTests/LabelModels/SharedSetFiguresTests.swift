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
    Figures("text-informed", "youtube", 0.931, 0.929, 0.214, 0.032),
    Figures("text-informed", "sms", 0.971, 0.938, 0.111, 0.013),
    Figures("text-informed", "trec", 0.607, 0.638, 1.139, 0.067),
    Figures("text-informed", "yoruba", 0.638, 0.626, 1.190, 0.046),
    Figures("adaptive", "youtube", 0.933, 0.932, 0.293, 0.105),
    Figures("adaptive", "sms", 0.970, 0.937, 0.144, 0.010),
    Figures("adaptive", "trec", 0.585, 0.623, 1.186, 0.106),
    Figures("adaptive", "yoruba", 0.652, 0.649, 1.230, 0.077),
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

  private func votes(_ set: String) throws -> LabeledVotes {
    try LabeledCorpus(#require(Repository.sharedData(set))).labeledVotes
  }

  private func score(_ name: String, _ set: String) throws -> QualityFigures {
    let (figures, fit) = try votes(set).score(#require(LabelModel.named(name)))
    #expect(fit.converged)
    return figures
  }

  @Test(arguments: figures)
  func areAsMeasured(_ expected: Figures) throws {
    let figures = try score(expected.model, expected.set)
    #expect(abs(figures.accuracy - expected.accuracy) < 0.0015)
    #expect(abs(figures.macroF1 - expected.macroF1) < 0.0015)
    #expect(abs(figures.logLoss - expected.logLoss) < 0.0015)
    #expect(abs(figures.ece - expected.ece) < 0.0015)
  }

  /// The best of Snorkel, FlyingSquid, Dawid and Skene's model and majority vote on each set by macro-F1,
  /// to .003, and by log-loss. On the first three sets those that have seen the gold class balance are
  /// among them; on yoruba that brings Snorkel from .613 and 1.565 to .526 and 1.189.
  @Test(arguments: [
    ("youtube", 0.88, 0.396), ("sms", 0.934, 0.260), ("trec", 0.56, 1.773),
    ("yoruba", 0.624, 1.565),
  ])
  func theDefaultIsAboveEveryPeer(set: String, macroF1: Double, logLoss: Double) throws {
    let figures = try score("auto", set)
    #expect(figures.macroF1 >= macroF1 - 0.003)
    #expect(figures.logLoss < logLoss)
    #expect(figures.ece <= 0.1)
    #expect(figures.macroF1 >= (try score("majority", set).macroF1) - 0.005)
  }

  /// Dawid and Skene's model falls to one class on each of these sets if silence is missing.
  @Test(arguments: ["youtube", "sms", "trec", "yoruba"])
  func dawidSkeneDoesNotFallToOneClass(name: String) throws {
    let set = try LabeledCorpus(#require(Repository.sharedData(name)))
    let compressed = DenseVotes(
      rows: set.train.votes, functionCount: set.functionCount, classCount: set.labels.count
    ).compressed()
    func metrics(_ model: any LabelModelAlgorithm) throws -> ClassificationMetrics {
      let fit = try model.fit(compressed.patterns, counts: compressed.counts)
      return try compressed.metrics(of: fit, gold: set.train.gold)
    }
    let learned = try metrics(DawidSkene())
    let majority = try metrics(MajorityVote())
    let largest = learned.classes.map(\.predictions).max() ?? 0
    #expect(largest * 10 < learned.documents * 9)
    #expect(learned.macroF1 >= majority.macroF1 - 0.001)
    #expect(learned.logLoss < majority.logLoss)
  }
}
