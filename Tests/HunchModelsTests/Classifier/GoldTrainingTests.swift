import HunchModels
import HunchText
import TestSupport
import Testing

/// Gold labels among the documents that a classifier learns from.
struct GoldTrainingTests {
  /// Weak labels that take news for ham, and gold labels of some of the documents.
  private static func trainer(gold goldCount: Int, weights: Bool = false) -> TextClassifierTrainer {
    let (texts, gold) = SmallCorpus.texts(400, seed: 21)
    var trainer = TextClassifierTrainer(labels: SmallCorpus.labels)
    for begin in stride(from: 0, to: 400, by: 50) {
      var labeled = LabeledTexts()
      labeled.texts = TextBatch(texts[begin..<begin + 50])
      for document in begin..<begin + 50 {
        let weak = gold[document] == 2 ? 0 : gold[document]
        labeled.posteriors += (0..<3).map { $0 == weak ? 0.8 : 0.1 }
        labeled.gold.append(document < goldCount ? Int32(gold[document]) : -1)
        if weights { labeled.weights.append(1) }
      }
      trainer.add(labeled)
    }
    return trainer
  }

  private static func accuracy(_ classifier: TextClassifier) -> Double {
    let (texts, gold) = SmallCorpus.texts(300, seed: 22)
    let probabilities = classifier.probabilities(TextBatch(texts))
    let right = gold.indices.count { document in
      let row = probabilities[document * 3..<(document + 1) * 3]
      return DecisionRule.mostProbable.label(row.map(Double.init)) == gold[document]
    }
    return Double(right) / 300
  }

  @Test func goldTakesThePlaceOfWeakLabels() throws {
    let weak = try Self.trainer(gold: 0).train()
    let informed = try Self.trainer(gold: 100).train()
    #expect(Self.accuracy(weak) < 0.75)
    #expect(Self.accuracy(informed) > Self.accuracy(weak) + 0.08)
    #expect(weak.adjustment == nil)
    #expect(informed.adjustment?.goldDocuments == 100)
    #expect(informed.summary.documents == 400)
  }

  /// The slow way: the first classifier, what gold says of it, and a training from the start with all.
  @Test func isTheSumOfItsSteps() throws {
    let trainer = Self.trainer(gold: 60)
    let before = ScoreAdjustment(classShift: [0.2, -0.1, -0.1], temperature: 0.7)
    let found = try trainer.train(adjustment: before)

    let first = try trainer.train(
      on: (0..<400).map { $0 >= 60 }, parallel: .serial, progress: { _ in true }
    ).adjusted(by: before)
    var gold = GoldAdjustment(classCount: 3)
    let (texts, labels) = SmallCorpus.texts(400, seed: 21)
    for document in 0..<60 {
      let row = first.probabilities(TextBatch([texts[document]]))
      gold.add(row.map { naturalLog(Double($0)) }, gold: labels[document])
    }
    let change = try #require(gold.find())
    let all = try trainer.train(on: nil, parallel: .serial, progress: { _ in true })
    let expected = all.adjusted(by: before).adjusted(by: change)

    let batch = TextBatch(SmallCorpus.texts(50, seed: 23).texts)
    for (one, other) in zip(found.probabilities(batch), expected.probabilities(batch)) {
      #expect(abs(one - other) < 5e-3)
    }
    let difference =
      try #require(found.adjustment).temperature
      - (try #require(expected.adjustment).temperature)
    #expect(abs(difference) < 1e-4)
  }

  @Test func weightsOfOneChangeNothing() throws {
    #expect(
      try Self.trainer(gold: 30, weights: true).train().encoded()
        == Self.trainer(gold: 30).train().encoded())
  }

  @Test func onlyGoldIsTrainedOnAsItIs() throws {
    let classifier = try Self.trainer(gold: 400).train()
    #expect(classifier.adjustment == nil)
    #expect(Self.accuracy(classifier) > 0.9)
  }
}
