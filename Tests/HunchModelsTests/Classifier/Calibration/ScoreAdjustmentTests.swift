import Foundation
import HunchModels
import HunchText
import TestSupport
import Testing

private func softmax(_ scores: [Double]) -> [Double] {
  let weights = scores.map { exp($0) }
  let sum = weights.reduce(0, +)
  return weights.map { $0 / sum }
}

/// What is done to a classifier's log weights after its training.
struct ScoreAdjustmentTests {
  /// Probabilities after an adjustment, from those before it.
  private static func adjusted(
    _ row: ArraySlice<Float>, _ shift: [Double], _ temperature: Double
  ) -> [Double] {
    softmax(zip(row, shift).map { (log(Double($0)) + $1) / temperature })
  }

  @Test func oddsAreShiftedAndThenTempered() throws {
    let classifier = try SmallCorpus.trainer().train()
    let shift = [0.5, -0.25, -0.25]
    let changed = classifier.adjusted(by: ScoreAdjustment(classShift: shift, temperature: 0.5))
    let batch = TextBatch(SmallCorpus.texts(20, seed: 3).texts)
    let (plain, found) = (classifier.probabilities(batch), changed.probabilities(batch))
    for document in 0..<20 {
      let range = document * 3..<(document + 1) * 3
      let expected = Self.adjusted(plain[range], shift, 0.5)
      for (value, expected) in zip(found[range], expected) {
        #expect(abs(Double(value) - expected) < 1e-5)
      }
    }
    #expect(try TextClassifier(decoding: changed.encoded()).probabilities(batch) == found)
  }

  @Test func twoAdjustmentsAreOne() throws {
    let classifier = try SmallCorpus.trainer().train()
    let first = ScoreAdjustment(classShift: [0.4, 0, -0.4], temperature: 0.6)
    let second = ScoreAdjustment(classShift: [-1, 0.5, 0.5], temperature: 1.5)
    let stepwise = classifier.adjusted(by: first).adjusted(by: second)
    let adjustment = try #require(stepwise.adjustment)
    #expect(abs(adjustment.temperature - 0.9) < 1e-12)
    let batch = TextBatch(SmallCorpus.texts(20, seed: 3).texts)
    let atOnce = classifier.adjusted(by: adjustment).probabilities(batch)
    for (one, other) in zip(stepwise.probabilities(batch), atOnce) {
      #expect(abs(one - other) < 1e-5)
    }
  }

  @Test func aShiftHasMeanZero() {
    let adjustment = ScoreAdjustment(classShift: [3, 0, 0])
    #expect(adjustment.classShift == [2, -1, -1])
    #expect(adjustment.temperature == 1)
  }
}

/// The temperature that unseen documents' probabilistic labels give.
struct UnseenTemperatureTests {
  /// Log probabilities of random documents that are `factor` times as certain as their labels.
  private static func sample(_ factor: Double) -> (logs: [Float], labels: [Float]) {
    var random = SplitMix64(seed: 9)
    var logs: [Float] = []
    var labels: [Float] = []
    for _ in 0..<2000 {
      let scores = (0..<3).map { _ in 4 * random.uniform() }
      labels += softmax(scores).map(Float.init)
      logs += softmax(scores.map { $0 * factor }).map { Float(log($0)) }
    }
    return (logs, labels)
  }

  @Test(arguments: [0.4, 0.8, 1.7])
  func isWhatMakesProbabilitiesAsCertainAsTheLabels(_ factor: Double) {
    let (logs, labels) = Self.sample(factor)
    let found = UnseenTemperature.find(logs, shift: [0, 0, 0], labels: labels)
    #expect(abs(found - factor) < 0.02)
  }

  @Test func aClassifierOfWeakLabelsIsUnsureAndBecomesCertain() throws {
    let (texts, gold) = SmallCorpus.texts(900, seed: 5)
    var trainer = TextClassifierTrainer(labels: SmallCorpus.labels)
    trainer.add(
      TextBatch(texts),
      posteriors: gold.flatMap { label in (0..<3).map { $0 == label ? 0.98 : 0.01 } })
    let adjustment = try #require(try trainer.findAdjustment())
    #expect(adjustment.temperature < 0.9)
  }
}
