import HunchModels
import HunchText
import TestSupport
import Testing

/// Features of texts that are not English.
struct ScriptsTests {
  private func features(_ text: String) -> [UInt32] {
    HashedRows(TextBatch([text]), FeatureHasher(FeatureConfiguration())).packed
  }

  @Test("the two ways to write an accented letter give the same features")
  func composedAndDecomposed() {
    for (one, other) in [
      ("Ṣé o fẹ́ ọ̀nà", "S\u{323}e\u{301} o fe\u{301}\u{323} o\u{300}\u{323}na\u{300}"),
      ("ёлка и йод", "е\u{308}лка и и\u{306}од"), ("café", "cafe\u{301}"),
      ("ガラス", "カ\u{3099}ラス"),
    ] {
      #expect(features(one) == features(other))
      #expect(!features(one).isEmpty)
    }
    // Marks tell words apart.
    #expect(features("ọ̀nà") != features("ona"))
  }

  @Test("case makes no difference in Cyrillic")
  func cyrillic() { #expect(features("МОСКВА Ещё") == features("москва ещё")) }

  /// Two classes, told apart by words of two letters among others, without spaces.
  @Test("a classifier learns from Chinese without spaces")
  func chinese() throws {
    let words = [["足球", "比赛", "球队", "进球"], ["股票", "市场", "银行", "投资"]]
    let others = ["今天", "我们", "他说", "很多", "大家", "非常", "时候", "北京", "上海", "消息"]
    func sample(_ count: Int, seed: UInt64) -> (texts: [String], gold: [Int]) {
      var random = SplitMix64(seed: seed)
      let gold = (0..<count).map { _ in random.below(2) }
      let texts = gold.map { label in
        (0..<8).map { _ in
          random.below(4) == 0 ? random.pick(words[label]) : random.pick(others)
        }.joined() + "。"
      }
      return (texts, gold)
    }
    let training = sample(200, seed: 1)
    var trainer = TextClassifierTrainer(labels: ["sport", "money"])
    trainer.add(
      TextBatch(training.texts),
      posteriors: training.gold.flatMap { $0 == 0 ? [0.9, 0.1] : [0.1, 0.9] })
    let test = sample(300, seed: 2)
    var accumulator = MetricsAccumulator(classCount: 2)
    accumulator.add(
      try trainer.train().probabilities(TextBatch(test.texts)), gold: test.gold)
    // One text in ten has no telling word.
    #expect(try #require(accumulator.metrics()).accuracy > 0.88)
  }
}
