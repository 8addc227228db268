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
    var trainer = TextEvidenceTrainer(labels: ["rare", "usual"])
    trainer.add(LabeledTexts(TextBatch(texts), posteriors: posteriors))
    let evidence = try trainer.train()
    let adjustment = try #require(evidence.adjustment)
    #expect(abs(adjustment.classShift.reduce(0, +)) < 1e-9)
    #expect(adjustment.classShift[0] > 0.1)
    // One document at a time, by the classifier of its fold.
    var given = (before: 0, after: 0)
    for text in texts {
      let rows = HashedRows(TextBatch([text]), evidence.classifiers[0].featurizer.hasher)
      let classifier = evidence.classifiers[rows.fold(of: 0)]
      let plain = classifier.probabilities(TextBatch([text]))
      let shifted = classifier.adjusted(by: adjustment).probabilities(TextBatch([text]))
      given.before += plain[0] > plain[1] ? 1 : 0
      given.after += shifted[0] > shifted[1] ? 1 : 0
    }
    let wanted = labels.count { $0 == 0 }
    #expect(abs(given.after - wanted) < 15)
    #expect(wanted - given.before > 30)
  }

  @Test func balancedDecisionsStay() throws {
    let (texts, gold) = SmallCorpus.texts(600, seed: 5)
    var trainer = TextEvidenceTrainer(labels: SmallCorpus.labels)
    trainer.add(
      LabeledTexts(
        TextBatch(texts),
        posteriors: gold.flatMap { label in (0..<3).map { $0 == label ? 0.8 : 0.1 } }))
    let evidence = try trainer.train()
    for value in try #require(evidence.adjustment).classShift { #expect(abs(value) < 0.15) }
  }
}
