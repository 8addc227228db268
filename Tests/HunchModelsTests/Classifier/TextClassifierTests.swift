import HunchModels
import HunchText
import TestSupport
import Testing

/// Texts that are easy to tell apart, for the tests of classifier and file.
enum SmallCorpus {
  static let labels = ["ham", "spam", "news"]

  static func texts(_ count: Int, seed: UInt64) -> (texts: [String], gold: [Int]) {
    let words = [
      ["meeting", "tomorrow", "thanks", "lunch", "see", "you"],
      ["winner", "prize", "claim", "cash", "urgent", "call"],
      ["minister", "election", "market", "report", "police", "said"],
    ]
    let common = ["the", "a", "and", "is", "of", "to", "naïve", "日本"]
    var random = SplitMix64(seed: seed)
    var texts: [String] = []
    var gold: [Int] = []
    for _ in 0..<count {
      let label = random.below(3)
      gold.append(label)
      texts.append(
        (0..<3 + random.below(6)).map { _ in
          random.below(2) == 0
            ? words[label][random.below(6)] : common[random.below(common.count)]
        }.joined(separator: " "))
    }
    return (texts, gold)
  }

  static func trainer(
    _ count: Int = 200, configuration: ClassifierConfiguration = ClassifierConfiguration()
  ) -> TextClassifierTrainer {
    let (texts, gold) = texts(count, seed: 1)
    var trainer = TextClassifierTrainer(labels: labels, configuration: configuration)
    for begin in stride(from: 0, to: count, by: 64) {
      let range = begin..<min(count, begin + 64)
      let posteriors = range.flatMap { document in
        (0..<3).map { Float($0 == gold[document] ? 0.8 : 0.1) }
      }
      trainer.add(TextBatch(texts[range]), posteriors: posteriors)
    }
    return trainer
  }
}

struct TextClassifierTests {
  /// Documents beyond the memory limit are left out, and it does not matter how they came.
  @Test(arguments: [1, 7, 64, 500])
  func aMemoryLimitLeavesOutDocumentsEvenly(batch: Int) throws {
    let count = 2_000
    let (texts, gold) = SmallCorpus.texts(count, seed: 1)
    func trainer(batch: Int, limit: Int) -> TextClassifierTrainer {
      var trainer = TextClassifierTrainer(labels: SmallCorpus.labels, memoryLimit: limit)
      for begin in stride(from: 0, to: count, by: batch) {
        let range = begin..<min(count, begin + batch)
        trainer.add(
          TextBatch(texts[range]),
          posteriors: range.flatMap { document in
            (0..<3).map { Float($0 == gold[document] ? 0.8 : 0.1) }
          })
      }
      return trainer
    }
    let all = trainer(batch: 100, limit: TextClassifierTrainer.memoryLimit)
    #expect(all.documentCount == count && all.omittedDocuments == 0)
    // A document takes about 1,000 bytes.
    let some = trainer(batch: batch, limit: 400_000)
    #expect(some.documentCount == count)
    #expect(some.omittedDocuments > count / 4 && some.omittedDocuments < count * 9 / 10)
    let classifier = try some.train()
    #expect(classifier.summary.documents == count - some.omittedDocuments)
    #expect(try classifier.encoded() == trainer(batch: 100, limit: 400_000).train().encoded())
    let (others, truth) = SmallCorpus.texts(300, seed: 2)
    var accumulator = MetricsAccumulator(classCount: 3)
    accumulator.add(classifier.probabilities(TextBatch(others)), gold: truth)
    #expect((accumulator.metrics()?.accuracy ?? 0) > 0.85)
    // However small the limit is, something is left to learn from.
    #expect(trainer(batch: batch, limit: 0).omittedDocuments == count - 1)
  }

  @Test func learnsToTellClassesApart() throws {
    let classifier = try SmallCorpus.trainer().train()
    let (texts, gold) = SmallCorpus.texts(300, seed: 2)
    let probabilities = classifier.probabilities(TextBatch(texts))
    #expect(probabilities.count == 900)
    for document in 0..<300 {
      let sum = probabilities[document * 3..<document * 3 + 3].reduce(0, +)
      #expect(abs(sum - 1) < 1e-5)
    }
    var accumulator = MetricsAccumulator(classCount: 3)
    accumulator.add(probabilities, gold: gold)
    #expect((accumulator.metrics()?.accuracy ?? 0) > 0.85)
    #expect(classifier.labels == SmallCorpus.labels)
    #expect(classifier.summary.documents == 200)
    #expect(classifier.summary.converged)
    #expect(classifier.summary.features > 50)
    #expect(classifier.summary.iterations > 3)
  }

  @Test(arguments: [1, 2, 7])
  func threadsDoNotChangeABit(threads: Int) throws {
    let serial = try SmallCorpus.trainer(600).train()
    let parallel = try SmallCorpus.trainer(600).train(parallel: .dispatch(threads))
    #expect(serial.encoded() == parallel.encoded())
  }

  @Test func twoClassesDoNotChangeABitEither() throws {
    func train(_ parallel: Parallelism) throws -> [UInt8] {
      let (texts, gold) = SmallCorpus.texts(400, seed: 4)
      var trainer = TextClassifierTrainer(labels: ["a", "b"])
      trainer.add(
        TextBatch(texts), posteriors: gold.flatMap { $0 == 0 ? [0.9, 0.1] : [0.2, 0.8] })
      return try trainer.train(parallel: parallel).encoded()
    }
    let serial = try train(.serial)
    for threads in [2, 7] { #expect(try train(.dispatch(threads)) == serial) }
  }

  @Test func predictsTheSameInAnyBatch() throws {
    let classifier = try SmallCorpus.trainer().train()
    let (texts, _) = SmallCorpus.texts(20, seed: 3)
    let together = classifier.probabilities(TextBatch(texts))
    #expect(together == texts.flatMap { classifier.probabilities(TextBatch([$0])) })
    #expect(classifier.probabilities(TextBatch()) == [])
  }

  @Test func unknownTextGetsTheInterceptsProbabilities() throws {
    let classifier = try SmallCorpus.trainer().train()
    let unknown = classifier.probabilities(TextBatch(["", "ξξξ", "?!"]))
    #expect(unknown[0..<3] == unknown[3..<6])
    #expect(unknown[0..<3] == unknown[6..<9])
  }

  @Test func textsWithoutFeaturesTrainTheIntercepts() throws {
    var trainer = TextClassifierTrainer(labels: ["a", "b"])
    trainer.add(TextBatch(["", "", "one", "…"]), posteriors: [3, 1, 3, 1, 3, 1, 3, 1])
    let classifier = try trainer.train()
    #expect(classifier.summary.features == 0)
    let probabilities = classifier.probabilities(TextBatch(["x"]))
    #expect(abs(probabilities[0] - 0.75) < 1e-3)
  }

  @Test func reportsProgressAndStops() throws {
    var iterations: [Int] = []
    _ = try SmallCorpus.trainer().train {
      iterations.append($0.iteration)
      return true
    }
    #expect(iterations == Array(1...iterations.count))
    #expect(throws: TrainingError.stopped(iterations: 2)) {
      try SmallCorpus.trainer().train { $0.iteration < 2 }
    }
  }

  @Test func rejectsWhatItCannotTrainOn() {
    func expect(_ error: TrainingError, _ trainer: TextClassifierTrainer) {
      #expect(throws: error) { try trainer.train() }
      #expect(!error.description.isEmpty)
    }
    expect(.tooFewClasses(1), TextClassifierTrainer(labels: ["a"]))
    expect(.noDocuments, TextClassifierTrainer(labels: ["a", "b"]))
    for bad: [Float] in [[0, 0], [.nan, 1], [-1, 2], [.infinity, 1]] {
      var trainer = TextClassifierTrainer(labels: ["a", "b"])
      trainer.add(TextBatch(["x", "y"]), posteriors: [0.5, 0.5] + bad)
      expect(.invalidPosterior(document: 1), trainer)
    }
    expect(
      .invalidConfiguration(name: "penalty"),
      TextClassifierTrainer(labels: ["a", "b"], configuration: .init(penalty: 0)))
    expect(
      .invalidConfiguration(name: "features.bucketBits"),
      TextClassifierTrainer(
        labels: ["a", "b"], configuration: .init(features: .init(bucketBits: 60))))
  }

  @Test func explainsByReadableGrams() throws {
    let classifier = try SmallCorpus.trainer().train()
    let all = classifier.explain("Claim your PRIZE, winner winner", top: 1000)
    #expect(all.contains { $0.text == "prize" && $0.kind == .word })
    #expect(all.contains { $0.text == " winn" && $0.kind == .characters })
    let top = classifier.explain("Claim your PRIZE, winner winner", top: 3)
    #expect(top == Array(all.prefix(3)))
    for one in all {
      #expect(one.contributions.count == 3)
      #expect(abs(one.contributions.reduce(0, +)) < 1e-4)
    }
    #expect((top.first?.contributions[1] ?? 0) > 0)
    #expect(classifier.explain("", top: 5) == [])
    #expect(classifier.explain("prize", top: -1) == [])
  }

  /// In few buckets many n-grams meet; the oracle looks at every pair of texts and buckets.
  @Test func saysWhichGramsShareAWeight() throws {
    let classifier = try SmallCorpus.trainer(
      configuration: .init(features: .init(bucketBits: 8))
    ).train()
    let text = "urgent meeting of the minister, claim the prize"
    let found = classifier.explain(text, top: 10_000)
    let words = text.split { $0 == " " || $0 == "," }.map(String.init)
    let grams = words + zip(words, words.dropFirst()).map { "\($0) \($1)" }
    let kinds = found.filter { $0.kind == .word }
    let named = kinds.flatMap { [$0.text] + $0.sharesWith }
    #expect(Set(named).count == named.count && Set(named).isSubset(of: grams))
    #expect(found.contains { !$0.sharesWith.isEmpty })
    for one in found {
      for other in one.sharesWith where one.kind == .word && !other.contains(" ") {
        // Alone, both move the scores to the same side for every class: it is one weight.
        let (first, second) = (
          classifier.explain(one.text, top: 999), classifier.explain(other, top: 999)
        )
        let mine = first.first { $0.text == one.text }
        let its = second.first { $0.text == other }
        for label in 0..<3 {
          #expect((mine?.contributions[label] ?? 0) * (its?.contributions[label] ?? 0) >= 0)
        }
      }
    }
    let roomy = try SmallCorpus.trainer().train()
    #expect(roomy.explain(text, top: 10_000).allSatisfy { $0.sharesWith.isEmpty })
  }

  @Test func contributionsAddUpToTheScores() throws {
    let classifier = try SmallCorpus.trainer().train()
    let text = "urgent meeting of the minister"
    var sums = [Float](repeating: 0, count: 3)
    for one in classifier.explain(text, top: 10_000) {
      for label in 0..<3 { sums[label] += one.contributions[label] }
    }
    let base = classifier.probabilities(TextBatch([""])).map { logarithm(Double($0)) }
    let scores = (0..<3).map { exponential(base[$0] + Double(sums[$0])) }
    let found = classifier.probabilities(TextBatch([text]))
    for label in 0..<3 {
      #expect(abs(scores[label] / scores.reduce(0, +) - Double(found[label])) < 1e-4)
    }
  }
}
