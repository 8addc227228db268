import HunchModels
import TestSupport
import Testing

/// What `docs/quality.md` tells in figures, as far as it must never get worse.
@Suite(.enabled(if: Repository.isOptimized, "runs in release builds only"))
struct QualityTests {
  /// How much lower than that of majority vote the macro-F1 of the default model may be.
  static let tolerance = 0.005

  /// The settings from which something can be learned.
  static let fairSettings = SyntheticSetting.all.filter { $0.meanAdvantage > 0 }

  @Test func onlyOneSettingMisleadsOnAverage() {
    let unfair = SyntheticSetting.all.map(\.name).filter { name in
      !Self.fairSettings.contains { $0.name == name }
    }
    #expect(unfair == ["mostly-wrong-k2"])
  }

  @Test(arguments: fairSettings.map(\.name))
  func theDefaultIsNotWorseThanMajorityVote(name: String) throws {
    let draws = SyntheticDraws(try #require(SyntheticSetting.named(name)))
    let model = LabelModel.auto.algorithm
    let learned = try draws.score(model).figures.macroF1
    let difference = learned - (try draws.score(MajorityVote()).figures.macroF1)
    #expect(difference >= -Self.tolerance)
  }

  @Test(arguments: LabelModel.compared.map(\.name), ["class-dependent-k3", "unipolar-k2"])
  func everyModelGivesProbabilities(model: String, setting: String) throws {
    let model = try #require(LabelModel.algorithm(model))
    let draws = SyntheticDraws(try #require(SyntheticSetting.named(setting)), seeds: 1..<3)
    // Scoring throws for anything but probabilities.
    let score = try draws.score(model)
    #expect(try #require(score.accuracyError) < 0.5)
    #expect(score.figures.documents == (try draws.score(MajorityVote()).figures.documents))
    for figure in [score.figures.macroF1, score.figures.logLoss, score.figures.brier] {
      #expect(figure.isFinite)
    }
  }
}
