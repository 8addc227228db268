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

  @Test func goldCorrectsWeakLabels() throws {
    let weak = try Self.trainer(gold: 0).train()
    let informed = try Self.trainer(gold: 100).train()
    #expect(Self.accuracy(weak) < 0.75)
    #expect(Self.accuracy(informed) > Self.accuracy(weak) + 0.15)
    #expect(weak.goldLearning == nil && informed.adjustment == nil)
    let learning = try #require(informed.goldLearning)
    #expect(learning.documents == 100)
    #expect(try #require(learning.logLossAfter) < 0.7 * #require(learning.logLossBefore))
    #expect(informed.summary.documents == 300)
  }

  /// The slow way: a classifier of the other documents, and what gold says of it, on all features.
  @Test func isTheSumOfItsSteps() throws {
    let trainer = Self.trainer(gold: 60)
    let before = ScoreAdjustment(classShift: [0.2, -0.1, -0.1], temperature: 0.7)
    let found = try trainer.train(adjustment: before)

    let first = try trainer.trainBeforeGold().adjusted(by: before)
    let (texts, labels) = SmallCorpus.texts(400, seed: 21)
    let batch = TextBatch(texts[..<60])
    let rows = HashedRows(batch, first.featurizer.hasher)
    let result = try GoldAdaptation(
      rows: first.featurizer.matrix(rows),
      logProbabilities: first.probabilities(batch).map { naturalLog(Double($0)) },
      labels: Array(labels[..<60]), hashes: (0..<60).map { rows.hash(of: $0) },
      configuration: first.configuration, parallel: .serial
    ).run()
    let weights = first.weights.indices.map {
      first.weights[$0] + result.weights[$0 / 3 * 4 + $0 % 3]
    }
    let expected = first.taught(by: result.learning, weights: weights)

    let others = TextBatch(SmallCorpus.texts(50, seed: 23).texts)
    for (one, other) in zip(found.probabilities(others), expected.probabilities(others)) {
      #expect(abs(one - other) < 1e-3)
    }
    #expect(found.adjustment == expected.adjustment)
    #expect(found.summary == expected.summary)
  }

  /// Of documents beyond the memory limit, those with a gold class stay.
  @Test(arguments: [9, 500]) func aMemoryLimitKeepsGold(batch: Int) throws {
    let (texts, gold) = SmallCorpus.texts(2_000, seed: 21)
    func classifier(batch: Int) throws -> (TextClassifier, omitted: Int) {
      var trainer = TextClassifierTrainer(labels: SmallCorpus.labels, memoryLimit: 400_000)
      for begin in stride(from: 0, to: 2_000, by: batch) {
        let range = begin..<min(2_000, begin + batch)
        var labeled = LabeledTexts(
          TextBatch(texts[range]),
          posteriors: range.flatMap { document in
            (0..<3).map { Float($0 == gold[document] ? 0.8 : 0.1) }
          })
        labeled.gold = range.map { $0 % 25 == 0 ? Int32(gold[$0]) : -1 }
        trainer.add(labeled)
      }
      return (try trainer.train(), trainer.omittedDocuments)
    }
    let (found, omitted) = try classifier(batch: batch)
    #expect(found.goldLearning?.documents == 80)
    #expect(omitted > 1_000 && found.summary.documents == 1_920 - omitted)
    #expect(try found.encoded() == classifier(batch: 123).0.encoded())
  }

  @Test(arguments: [2, 3, 7]) func threadsDoNotChangeABit(threads: Int) throws {
    let trainer = Self.trainer(gold: 80)
    #expect(try trainer.train(parallel: .dispatch(threads)).encoded() == trainer.train().encoded())
  }

  @Test func stops() throws {
    let trainer = Self.trainer(gold: 80)
    var calls = 0
    let first = try trainer.trainBeforeGold()
    #expect(throws: TrainingError.self) {
      try trainer.train { _ in
        calls += 1
        return calls < first.summary.iterations + 20
      }
    }
    #expect(calls == first.summary.iterations + 20)
  }

  @Test func weightsOfOneChangeNothing() throws {
    #expect(
      try Self.trainer(gold: 30, weights: true).train().encoded()
        == Self.trainer(gold: 30).train().encoded())
  }

  /// Fewer than 60 others are too few to begin with.
  @Test(arguments: [341, 400]) func mostlyGoldIsTrainedOnAsItIs(gold: Int) throws {
    let trainer = Self.trainer(gold: gold)
    let classifier = try trainer.train(
      adjustment: ScoreAdjustment(classShift: [0.2, -0.1, -0.1], temperature: 0.7))
    #expect(classifier.goldLearning == nil && classifier.adjustment == nil)
    #expect(classifier.summary.documents == 400)
    #expect(Self.accuracy(classifier) > 0.9)
    let others = try Self.trainer(gold: 340).train()
    #expect(others.goldLearning?.documents == 340 && others.summary.documents == 60)
  }
}

extension TextClassifierTrainer {
  /// Trains on the documents without a gold class, with the features of all.
  fileprivate func trainBeforeGold() throws -> TextClassifier {
    var trainer = self
    trainer.sortByRank()
    let isUsed = trainer.documentsBeforeGold ?? []
    let features = try trainer.takeFeatures().keeping(isUsed)
    return try trainer.train(on: isUsed, features, parallel: .serial) { _ in true }
  }
}
