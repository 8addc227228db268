import Foundation
import HunchModels
import HunchText
import TestSupport
import Testing

/// Classifiers that look at more than texts.
struct DenseClassifierTests {
  /// Documents of two classes whose texts tell little: one word in six.
  private struct Sample {
    var texts: [String] = []
    var gold: [Int] = []
    var random: SplitMix64

    init(_ count: Int, seed: UInt64) {
      random = SplitMix64(seed: seed)
      for _ in 0..<count {
        let label = random.below(2)
        gold.append(label)
        texts.append(
          (0..<6).map { _ in
            random.below(6) == 0 ? ["ripe", "sour"][label] : "word\(random.below(30))"
          }.joined(separator: " "))
      }
    }
  }

  /// Test accuracy with columns that some function fills; labels are wrong in one of ten.
  private func accuracy(
    _ columns: DenseColumns?, _ fill: (Int, inout SplitMix64) -> ([Double?], [String?], [Float]?)
  ) throws -> Double {
    var (training, test) = (Sample(1_500, seed: 1), Sample(1_000, seed: 2))
    func values(_ sample: inout Sample) -> DenseValues? {
      guard let columns else { return nil }
      var values = DenseValues(columns)
      for label in sample.gold {
        let (numbers, categories, embedding) = fill(label, &sample.random)
        values.append(numbers: numbers, categories: categories, embedding: embedding)
      }
      return values
    }
    var trainer = TextClassifierTrainer(labels: ["a", "b"], columns: columns)
    let trainingValues = values(&training)
    var noise = SplitMix64(seed: 3)
    trainer.add(
      TextBatch(training.texts), values: trainingValues,
      posteriors: training.gold.flatMap { label -> [Float] in
        let given = noise.below(10) == 0 ? 1 - label : label
        return given == 0 ? [0.9, 0.1] : [0.1, 0.9]
      })
    let classifier = try trainer.train()
    var accumulator = MetricsAccumulator(classCount: 2)
    accumulator.add(
      classifier.probabilities(TextBatch(test.texts), values: values(&test)), gold: test.gold)
    return try #require(accumulator.metrics()).accuracy
  }

  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"))
  func uselessColumnsDoNotHurt() throws {
    let alone = try accuracy(nil) { _, _ in ([], [], nil) }
    let numbers = try accuracy(DenseColumns(numeric: ["x", "y"])) { _, random in
      ([random.uniform(), 1 / max(random.uniform(), 1e-9)], [], nil)
    }
    let categories = try accuracy(DenseColumns(categorical: ["x"])) { _, random in
      ([], ["\(random.below(50))"], nil)
    }
    let embeddings = try accuracy(DenseColumns(embedding: .column("x"))) { _, random in
      ([], [], (0..<16).map { _ in Float(random.uniform()) })
    }
    #expect(numbers > alone - 0.02)
    #expect(categories > alone - 0.02)
    // Sixteen columns of noise at once, with few documents of which one in ten has a wrong label.
    #expect(embeddings > alone - 0.03)
  }

  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"))
  func tellingColumnsHelp() throws {
    let alone = try accuracy(nil) { _, _ in ([], [], nil) }
    let rising = try accuracy(DenseColumns(numeric: ["x"])) { label, random in
      // Skewed, and missing for some.
      ([random.below(10) == 0 ? nil : Double(label + 1) * 1000 * random.uniform()], [], nil)
    }
    let bent = try accuracy(DenseColumns(numeric: ["x"])) { label, random in
      let value = 0.2 + 0.8 * random.uniform()
      return ([label == 0 ? value - 0.6 : (random.below(2) == 0 ? 1 : -1) * value], [], nil)
    }
    let category = try accuracy(DenseColumns(categorical: ["x"])) { label, random in
      ([], [random.below(2) == 0 ? "c\(label)" : "c\(random.below(4))"], nil)
    }
    let embedding = try accuracy(DenseColumns(embedding: .column("x"))) { label, random in
      ([], [], (0..<16).map { Float(random.uniform()) + ($0 == 3 && label == 1 ? 0.5 : 0) })
    }
    for found in [rising, bent, category, embedding] { #expect(found > alone + 0.02) }
  }

  /// A trainer of ``SmallCorpus`` with columns.
  private func trainer(
    batch: Int = 100, limit: Int = TextClassifierTrainer.memoryLimit
  ) -> TextClassifierTrainer {
    let (texts, gold) = SmallCorpus.texts(500, seed: 1)
    let rows = DenseSamples.rows(500, seed: 2)
    var trainer = TextClassifierTrainer(
      labels: SmallCorpus.labels, columns: DenseSamples.columns, memoryLimit: limit)
    for begin in stride(from: 0, to: 500, by: batch) {
      let range = begin..<min(500, begin + batch)
      trainer.add(
        TextBatch(texts[range]), values: DenseSamples.values(rows[range]),
        posteriors: range.flatMap { document in
          (0..<3).map { Float($0 == gold[document] ? 0.8 : 0.1) }
        })
    }
    return trainer
  }

  @Test func sameBytesOnAnyNumberOfThreads() throws {
    let alone = try trainer().train().encoded()
    for threads in [2, 3, 8] {
      #expect(try trainer().train(parallel: .dispatch(threads)).encoded() == alone)
    }
  }

  @Test(arguments: [1, 7, 500])
  func aMemoryLimitDropsTheValuesOfADocumentWithIt(batch: Int) throws {
    let some = trainer(batch: batch, limit: 150_000)
    #expect(some.omittedDocuments > 100 && some.omittedDocuments < 480)
    #expect(try some.train().encoded() == trainer(limit: 150_000).train().encoded())
  }

  @Test("gold labels adapt a classifier that looks at columns by what it says with them")
  func goldLabels() throws {
    let columns = DenseColumns(numeric: ["x"])
    var labeled = LabeledTexts()
    var values = DenseValues(columns)
    for index in 0..<300 {
      let label = index % 2
      labeled.texts.append("word\(index % 7)")
      labeled.posteriors += label == 0 ? [0.7, 0.3] : [0.3, 0.7]
      labeled.gold.append(index % 3 == 0 ? Int32(label) : -1)
      values.append(
        numbers: [Double(label * 10 + index % 5)], categories: [], embedding: [Float]?.none)
    }
    labeled.values = values
    var trainer = TextClassifierTrainer(labels: ["a", "b"], columns: columns)
    trainer.add(labeled)
    let classifier = try trainer.train()
    // The column tells all, which gold labels confirm: the probabilities become more certain.
    let learning = try #require(classifier.goldLearning)
    #expect(learning.documents == 100)
    #expect(try #require(learning.logLossAfter) < 0.5 * #require(learning.logLossBefore))
    let probabilities = classifier.probabilities(labeled.texts, values: values)
    #expect((0..<300).allSatisfy { probabilities[2 * $0 + $0 % 2] > 0.8 })
  }

  @Test func withoutColumnsNothingChanges() throws {
    let (texts, gold) = SmallCorpus.texts(100, seed: 1)
    let posteriors = gold.flatMap { label in (0..<3).map { Float($0 == label ? 0.8 : 0.1) } }
    var (plain, empty) = (
      TextClassifierTrainer(labels: SmallCorpus.labels),
      TextClassifierTrainer(labels: SmallCorpus.labels, columns: DenseColumns())
    )
    plain.add(TextBatch(texts), posteriors: posteriors)
    empty.add(TextBatch(texts), posteriors: posteriors)
    let classifier = try plain.train()
    #expect(classifier.columns == nil)
    #expect(try empty.train().encoded() == classifier.encoded())
  }

  @Test func aFileHoldsAllOfIt() throws {
    let classifier = try trainer().train()
    let bytes = classifier.encoded()
    let copy = try TextClassifier(decoding: bytes)
    #expect(copy.encoded() == bytes)
    #expect(copy.columns == DenseSamples.columns)
    #expect(copy.embeddingLength == 5)
    let (texts, _) = SmallCorpus.texts(50, seed: 6)
    let batch = TextBatch(texts)
    let values = DenseSamples.values(DenseSamples.rows(50, seed: 7))
    #expect(
      copy.probabilities(batch, values: values) == classifier.probabilities(batch, values: values))
    #expect(
      copy.probabilities(batch, values: values) != classifier.probabilities(batch, values: nil))
    // No values, and values of which all are missing.
    var missing = DenseValues(DenseSamples.columns)
    for _ in texts { missing.appendMissing() }
    #expect(
      copy.probabilities(batch, values: missing) == classifier.probabilities(batch, values: nil))
  }

  @Test func endpointsAreKept() throws {
    let columns = DenseColumns(
      embedding: .endpoint(url: "http://localhost:8000/v1/embeddings", model: "small"))
    var values = DenseValues(columns)
    for sign in [Float(1), -1, 1, -1] {
      values.append(numbers: [], categories: [], embedding: [sign, 2, sign])
    }
    var trainer = TextClassifierTrainer(
      labels: ["a", "b"], configuration: ClassifierConfiguration(penalty: 1e-4), columns: columns)
    trainer.add(
      TextBatch(["x", "x", "x", "x"]), values: values, posteriors: [1, 0, 0, 1, 1, 0, 0, 1])
    let classifier = try trainer.train()
    #expect(try TextClassifier(decoding: classifier.encoded()).columns == columns)
    let found = classifier.probabilities(TextBatch(["x", "x", "x", "x"]), values: values)
    #expect(found[0] > 0.9 && found[3] > 0.9)
  }

  @Test func explainsInWords() throws {
    let classifier = try trainer().train()
    var values = DenseValues(DenseSamples.columns)
    values.append(
      numbers: [12.5, nil], categories: ["web", "Atlantis"], embedding: [10, 11, 12, 13, 10])
    let text = "urgent prize"
    let contributions = classifier.explain(text, values: values, top: .max)
    let named = Dictionary(contributions.map { ($0.text, $0) }) { first, _ in first }
    #expect(named["price = 12.5"]?.kind == .numeric)
    #expect(named["age = missing"]?.kind == .numeric)
    #expect(named["channel = web"]?.kind == .categorical)
    #expect(named["town = Atlantis (rare)"]?.kind == .categorical)
    #expect(named["embedding"]?.kind == .embedding)
    // What all features add, beyond the mean class, is what separates the probabilities.
    let probabilities = classifier.probabilities(TextBatch([text]), values: values)
    let without = try TextClassifier(decoding: classifier.encoded())
      .probabilities(TextBatch([""]), values: values)
    let texts = contributions.filter { [.word, .characters].contains($0.kind) }
    let sums = (0..<3).map { label in texts.reduce(0) { $0 + $1.contributions[label] } }
    for label in 1..<3 {
      let odds = log(Double(probabilities[label] / probabilities[0]))
      let others = log(Double(without[label] / without[0]))
      #expect(abs(odds - others - Double(sums[label] - sums[0])) < 1e-3)
    }
  }
}
