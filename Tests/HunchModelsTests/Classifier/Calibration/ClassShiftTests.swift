import Foundation
import HunchModels
import HunchText
import TestSupport
import Testing

/// The shift that makes a classifier's decisions as frequent as those of its labels.
struct ClassShiftTests {
  /// Texts of which one in five is of class 0 and says so in a word of its own or not at all, with
  /// labels that are nearly certain: the classifier leans to the frequent class.
  private static func sample() -> (texts: [String], posteriors: [Float], labels: [Int]) {
    var random = SplitMix64(seed: 4)
    var texts: [String] = []
    var labels: [Int] = []
    for _ in 0..<1500 {
      let label = random.below(5) == 0 ? 0 : 1
      labels.append(label)
      let words = (0..<5).map { _ in
        random.below(3) == 0
          ? "\(["prize", "lunch"][label])\(random.below(60))" : "w\(random.below(200))"
      }
      texts.append(words.joined(separator: " "))
    }
    return (texts, labels.flatMap { $0 == 0 ? [0.9, 0.1] : [0.1, 0.9] }, labels)
  }

  @Test func unseenTextsGetEachClassAsOftenAsTheLabelsDo() throws {
    let (texts, posteriors, labels) = Self.sample()
    var trainer = TextClassifierTrainer(labels: ["rare", "usual"])
    trainer.add(TextBatch(texts[..<1000]), posteriors: Array(posteriors[..<2000]))
    let classifier = try trainer.train()
    let adjustment = try #require(try trainer.findAdjustment())
    #expect(abs(adjustment.classShift.reduce(0, +)) < 1e-9)
    #expect(adjustment.classShift[0] > 0.1)
    func given(_ classifier: TextClassifier) -> Int {
      let probabilities = classifier.probabilities(TextBatch(texts[1000...]))
      return (0..<500).count { probabilities[2 * $0] > probabilities[2 * $0 + 1] }
    }
    let wanted = labels[1000...].count { $0 == 0 }
    #expect(wanted - given(classifier) > 10)
    #expect(abs(given(classifier.adjusted(by: adjustment)) - wanted) < 10)
  }

  @Test func balancedDecisionsStay() throws {
    let (texts, gold) = SmallCorpus.texts(600, seed: 5)
    var trainer = TextClassifierTrainer(labels: SmallCorpus.labels)
    trainer.add(
      TextBatch(texts),
      posteriors: gold.flatMap { label in (0..<3).map { $0 == label ? 0.8 : 0.1 } })
    let adjustment = try #require(try trainer.findAdjustment())
    for value in adjustment.classShift { #expect(abs(value) < 0.15) }
  }

  /// Gold adapts what other documents taught, and has no part in what is found before.
  @Test func goldAndThreadsChangeNothing() throws {
    let (texts, gold) = SmallCorpus.texts(400, seed: 5)
    func adjustment(
      withGold: Bool, parallel: Parallelism = .serial
    ) throws -> ScoreAdjustment? {
      var trainer = TextClassifierTrainer(labels: SmallCorpus.labels)
      var labeled = LabeledTexts(
        TextBatch(texts),
        posteriors: gold.flatMap { label in (0..<3).map { $0 == label ? 0.8 : 0.1 } })
      labeled.ranks = texts.indices.map(VisitingOrder.hash)
      trainer.add(labeled)
      if withGold {
        labeled.gold = gold.map { Int32(($0 + 1) % 3) }
        trainer.add(labeled)
      }
      return try trainer.findAdjustment(parallel: parallel)
    }
    let plain = try #require(try adjustment(withGold: false))
    #expect(try adjustment(withGold: true)?.classShift == plain.classShift)
    #expect(try adjustment(withGold: false, parallel: .dispatch(3)) == plain)
  }

  @Test func fewDocumentsTellNothing() throws {
    let (texts, gold) = SmallCorpus.texts(59, seed: 5)
    var trainer = TextClassifierTrainer(labels: SmallCorpus.labels)
    trainer.add(
      TextBatch(texts),
      posteriors: gold.flatMap { label in (0..<3).map { $0 == label ? 0.8 : 0.1 } })
    #expect(try trainer.findAdjustment() == nil)
  }
}
