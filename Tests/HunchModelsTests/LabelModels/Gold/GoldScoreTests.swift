import HunchModels
import TestSupport
import Testing

/// What a hundred gold labels bring on the public sets.
@Suite(.enabled(if: Repository.sharedData("trec") != nil, "needs ../shared or HUNCH_SHARED"))
struct GoldScoreTests {
  /// Twelve random choices of labels on each set; scored are the other documents.
  @Test func helpOnAverageAndHarmNowhere() throws {
    let scores = try ["youtube", "sms", "trec", "yoruba"].map { name in
      let corpus = try LabeledCorpus(#require(Repository.sharedData(name)))
      return try #require(try GoldScore(corpus.labeledVotes))
    }
    let gains = scores.map { $0.with.macroF1 - $0.without.macroF1 }
    // Log-loss is what they bring: what they once brought to labels of youtube is found without. A
    // single document of sms is worth .0014.
    for gain in gains { #expect(gain >= -0.0025) }
    // Choice and temperature make posteriors no worse than the priors alone do, and they are never
    // much worse than without gold labels.
    let before = scores.reduce(0) { $0 + $1.priors.logLoss }
    #expect(scores.reduce(0) { $0 + $1.with.logLoss } < before + 0.003)
    for score in scores {
      #expect(score.with.logLoss < score.without.logLoss)
      #expect(score.worstGain > -0.02)
      #expect(score.worstLogLossChange < 0.02)
    }
  }
}

/// What gold labels bring where the default model is not the right one.
@Suite(.enabled(if: Repository.isOptimized, "runs in release builds only"))
struct GoldChoiceTests {
  @Test(arguments: ["crowd-k4", "class-dependent-k3"])
  func theRightModelIsFound(name: String) throws {
    let setting = try #require(SyntheticSetting.named(name))
    let score = try #require(try SyntheticDraws(setting, seeds: 1..<4).goldScore())
    #expect(score.taken["adaptive", default: 0] < 3)
    #expect(score.with.macroF1 > score.priors.macroF1 + 0.02)
  }

  @Test(arguments: ["independent-k2", "dependent-k2", "copies-k2", "unipolar-k4"])
  func theDefaultStaysWhereItIsRight(name: String) throws {
    let setting = try #require(SyntheticSetting.named(name))
    let score = try #require(try SyntheticDraws(setting, seeds: 1..<4).goldScore())
    #expect(score.taken == ["adaptive": 3])
    #expect(score.worstGain > -0.01)
  }
}
