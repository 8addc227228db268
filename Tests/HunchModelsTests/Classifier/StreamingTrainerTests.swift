import HunchModels
import HunchText
import TestSupport
import Testing

/// Training from a file is training on all documents, in little memory.
struct StreamingTrainerTests {
  private static func posteriors(_ gold: ArraySlice<Int>) -> [Float] {
    gold.flatMap { label in (0..<3).map { Float($0 == label ? 0.8 : 0.1) } }
  }

  private static func trainer(
    _ count: Int, batch: Int, limit: Int, storage: MemoryStorage = MemoryStorage(),
    penalty: Double = 1e-3, isParameterFree: Bool = false,
    _ check: (StreamingClassifierTrainer) -> Void = { _ in }
  ) throws -> StreamingClassifierTrainer {
    let (texts, gold) = SmallCorpus.texts(count, seed: 1)
    var trainer = StreamingClassifierTrainer(
      labels: SmallCorpus.labels, configuration: ClassifierConfiguration(penalty: penalty),
      memoryLimit: limit, storage: storage, isParameterFree: isParameterFree)
    for begin in stride(from: 0, to: count, by: batch) {
      let range = begin..<min(count, begin + batch)
      try trainer.add(
        LabeledTexts(TextBatch(texts[range]), posteriors: posteriors(gold[range])))
      check(trainer)
    }
    return trainer
  }

  @Test func itIsTheOtherTrainerWhileDocumentsFit() throws {
    let storage = MemoryStorage()
    let trainer = try Self.trainer(200, batch: 64, limit: 1 << 30, storage: storage, penalty: 1e-4)
    #expect(!trainer.isStreaming && trainer.method == .quasiNewton && storage.files == 0)
    let (texts, gold) = SmallCorpus.texts(200, seed: 1)
    var other = TextClassifierTrainer(
      labels: SmallCorpus.labels, configuration: ClassifierConfiguration(penalty: 1e-4))
    other.add(TextBatch(texts), posteriors: Self.posteriors(gold[...]))
    #expect(try trainer.train().encoded() == other.train().encoded())
  }

  @Test(arguments: [7, 300])
  func batchesAndThreadsDoNotChangeABit(batch: Int) throws {
    let trainer = try Self.trainer(2_500, batch: batch, limit: 0)
    #expect(trainer.isStreaming && trainer.method == .streamedDualAscent)
    let other = try Self.trainer(2_500, batch: 2_500, limit: 0)
    let classifier = try other.train()
    #expect(classifier.summary.documents == 2_500 && classifier.summary.converged)
    #expect(try trainer.train(parallel: .dispatch(3)).encoded() == classifier.encoded())
    // Where documents go over to the file does not matter either.
    let late = try Self.trainer(2_500, batch: batch, limit: 1_000_000)
    #expect(late.isStreaming)
    #expect(try late.train().encoded() == classifier.encoded())
  }

  /// Without a step size to be told: in memory, and the same bits from a file however documents come.
  @Test func parameterFreeInMemoryAndFromAFile() throws {
    func train(_ batch: Int, limit: Int, threads: Int = 1) throws -> TextClassifier {
      let trainer = try Self.trainer(1_500, batch: batch, limit: limit, isParameterFree: true)
      #expect(trainer.method == (limit == 0 ? .streamedParameterFree : .parameterFree))
      return try trainer.train(parallel: .dispatch(threads))
    }
    let memory = try train(300, limit: 1 << 30)
    let file = try train(7, limit: 0)
    #expect(try train(1_500, limit: 0, threads: 3).encoded() == file.encoded())
    let exact = try Self.trainer(1_500, batch: 300, limit: 1 << 30).train()
    let (texts, gold) = SmallCorpus.texts(300, seed: 2)
    func accuracy(_ classifier: TextClassifier) -> Double {
      var accumulator = MetricsAccumulator(classCount: 3)
      accumulator.add(classifier.probabilities(TextBatch(texts)), gold: gold)
      return accumulator.metrics()?.accuracy ?? 0
    }
    for classifier in [memory, file] {
      let summary = classifier.summary
      let search = try #require(summary.stepSearch)
      #expect(summary.converged && search.bracket.contains(search.step))
      #expect(summary.objective < exact.summary.objective + 0.05)
      #expect(accuracy(classifier) > accuracy(exact) - 0.02)
      let again = try TextClassifier(decoding: classifier.encoded())
      #expect(again.summary == summary && again.encoded() == classifier.encoded())
      // A file that claims an impossible search is refused, not believed.
      #expect(throws: (any Error).self) {
        try TextClassifier(decoding: Array(classifier.encoded().dropLast()))
      }
    }
  }

  /// Documents of which the first of every `step` have a gold class, and weak labels take news for
  /// ham.
  private static func withGold(
    _ count: Int, step: Int, batch: Int, limit: Int
  ) throws -> StreamingClassifierTrainer {
    let (texts, gold) = SmallCorpus.texts(count, seed: 1)
    var trainer = StreamingClassifierTrainer(
      labels: SmallCorpus.labels, configuration: ClassifierConfiguration(penalty: 1e-3),
      memoryLimit: limit, storage: MemoryStorage())
    for begin in stride(from: 0, to: count, by: batch) {
      let range = begin..<min(count, begin + batch)
      var labeled = LabeledTexts(
        TextBatch(texts[range]), posteriors: posteriors(gold[range].map { $0 == 2 ? 0 : $0 }[...]))
      labeled.gold = range.map { $0 % step == 0 ? Int32(gold[$0]) : -1 }
      try trainer.add(labeled)
    }
    return trainer
  }

  @Test(arguments: [7, 300])
  func goldAdaptsWhatWasTrainedFromAFile(batch: Int) throws {
    let streamed = try Self.withGold(2_000, step: 10, batch: batch, limit: 0)
    #expect(streamed.isStreaming)
    let classifier = try streamed.train()
    #expect(classifier.goldLearning?.documents == 200 && classifier.summary.documents == 1_800)
    let inMemory = try Self.withGold(2_000, step: 10, batch: 2_000, limit: 1 << 30).train()
    let others = TextBatch(SmallCorpus.texts(100, seed: 2).texts)
    for (one, other) in zip(classifier.probabilities(others), inMemory.probabilities(others)) {
      #expect(abs(one - other) < 0.01)
    }
    let other = try Self.withGold(2_000, step: 10, batch: 450, limit: 0)
    #expect(try other.train(parallel: .dispatch(3)).encoded() == classifier.encoded())
  }

  /// A thousand stay in memory, the others are labels like others; and all may have a gold class.
  @Test func muchGoldIsLearnedFromInTheFile() throws {
    let most = try Self.withGold(2_400, step: 2, batch: 500, limit: 0).train()
    #expect(most.goldLearning?.documents == 1_000 && most.summary.documents == 1_400)
    for batch in [70, 2_400] {
      #expect(
        try Self.withGold(2_400, step: 2, batch: batch, limit: 0).train().encoded()
          == most.encoded())
    }
    let all = try Self.withGold(2_400, step: 1, batch: 500, limit: 0).train()
    #expect(all.goldLearning?.documents == 1_000 && all.summary.documents == 1_400)
    let few = try Self.withGold(400, step: 1, batch: 100, limit: 0).train()
    #expect(few.goldLearning == nil && few.summary.documents == 400)
  }

  @Test func findsTheOptimumThatDocumentsInMemoryHave() throws {
    let streamed = try Self.trainer(3_000, batch: 500, limit: 0).train()
    let (texts, gold) = SmallCorpus.texts(3_000, seed: 1)
    func kept(_ penalty: Double) -> TextClassifierTrainer {
      var trainer = TextClassifierTrainer(
        labels: SmallCorpus.labels, configuration: ClassifierConfiguration(penalty: penalty))
      trainer.add(TextBatch(texts), posteriors: Self.posteriors(gold[...]))
      return trainer
    }
    #expect(kept(1e-3).method == .dualAscent && kept(1e-4).method == .quasiNewton)
    let inMemory = try kept(1e-3).train()
    #expect(abs(streamed.summary.objective - inMemory.summary.objective) < 1e-5)
    #expect(streamed.summary.features == inMemory.summary.features)
    let weak = try Self.trainer(3_000, batch: 500, limit: 0, penalty: 1e-4).train()
    let quasiNewton = try kept(1e-4).train()
    #expect(abs(weak.summary.objective - quasiNewton.summary.objective) < 2e-5)
    let (others, truth) = SmallCorpus.texts(300, seed: 2)
    for classifier in [streamed, weak] {
      var accumulator = MetricsAccumulator(classCount: 3)
      accumulator.add(classifier.probabilities(TextBatch(others)), gold: truth)
      #expect((accumulator.metrics()?.accuracy ?? 0) > 0.85)
    }
  }

  @Test func memoryDoesNotGrowWithDocuments() throws {
    var most = 0
    let limit = 500_000
    _ = try Self.trainer(6_000, batch: 50, limit: limit) { most = max(most, $0.keptBytes) }
    // The limit while documents are kept, or else a piece; a document takes about 1,000 bytes.
    #expect(most > limit / 2 && most < limit + 60_000)

    let hasher = FeatureHasher(FeatureConfiguration())
    let (texts, gold) = SmallCorpus.texts(40_000, seed: 3)
    var documents = try SpilledDocuments(
      storage: MemoryStorage(), classCount: 3, memoryLimit: limit)
    var frequencies = [Int32](repeating: 0, count: hasher.bucketCount)
    let rows = HashedRows(TextBatch(texts), hasher)
    for feature in rows.packed { frequencies[Int(feature >> 9)] += 1 }
    let ranks = gold.indices.map { VisitingOrder.hash($0) }
    try documents.append(rows, targets: Self.posteriors(gold[...])[...], ranks: ranks[...])
    let featurizer = try #require(
      Featurizer(hasher: hasher, documentFrequencies: frequencies, documents: 40_000))
    var matrix = try documents.weighted(featurizer)
    #expect(matrix.documentCount == 40_000)
    let expected = (0..<3).map { label in
      gold.reduce(0) { $0 + ($1 == label ? 0.8 : 0.1) }
    }
    #expect(zip(matrix.targetSums, expected).allSatisfy { abs($0 - $1) < 0.01 })
    for pass in 1...2 {
      var (groups, seen, entries) = (0, 0, 0)
      try matrix.forEachGroup(pass: pass) { group in
        groups += 1
        seen += group.rows.rowCount
        entries += group.rows.featureCount
        #expect(group.rows.featureCount <= SpilledMatrix.groupPieces * (1 << 16 + 200))
        #expect(group.order.sorted() == (0..<group.rows.rowCount).map { Int32($0) })
        // What a pass writes, the next one reads.
        let first = pass == 1
        #expect(group.duals.elementsEqual(group.targets) { first ? $0 == $1 : $0 == 1 - $1 })
        group.duals = group.targets.map { 1 - $0 }
      }
      #expect(groups > 1 && seen == 40_000)
      #expect(entries == featurizer.matrix(rows).columns.count)
    }
  }

  @Test func saysWhatIsWrong() throws {
    #expect(throws: MemoryStorage.Full.self) {
      _ = try Self.trainer(3_000, batch: 100, limit: 0, storage: MemoryStorage(room: 100_000))
    }
    // There is room for the features, 4 bytes each, and not for as many again once they are weighed.
    let (texts, _) = SmallCorpus.texts(3_000, seed: 1)
    let rows = HashedRows(TextBatch(texts), FeatureHasher(FeatureConfiguration()))
    let room = 4 * rows.packed.count + 3_000 * 30
    let trainer = try Self.trainer(
      3_000, batch: 100, limit: 0, storage: MemoryStorage(room: room))
    #expect(throws: MemoryStorage.Full.self) { _ = try trainer.train() }
    #expect(throws: TrainingError.noDocuments) {
      _ = try StreamingClassifierTrainer(labels: ["a", "b"], storage: MemoryStorage()).train()
    }
    var invalid = StreamingClassifierTrainer(
      labels: ["a", "b"], memoryLimit: 0, storage: MemoryStorage())
    try invalid.add(LabeledTexts(TextBatch(["one", "two"]), posteriors: [1, 0, -1, 0]))
    #expect(throws: TrainingError.invalidPosterior(document: 1)) { _ = try invalid.train() }
    #expect(throws: TrainingError.stopped(iterations: 1)) {
      _ = try Self.trainer(500, batch: 100, limit: 0).train { _ in false }
    }
  }

  @Test(.enabled(if: Repository.sharedData("trec") != nil, "needs ../shared or HUNCH_SHARED"))
  func aRealSetEndsWhereQuasiNewtonEnds() throws {
    let set = try LabeledCorpus(#require(Repository.sharedData("trec")))
    let posteriors = set.train.gold.flatMap { gold in
      set.labels.indices.map { Float($0 == gold ? 1 : 0) }
    }
    var kept = TextClassifierTrainer(labels: set.labels)
    kept.add(TextBatch(set.train.texts), posteriors: posteriors)
    #expect(kept.method == .quasiNewton)
    var streaming = StreamingClassifierTrainer(
      labels: set.labels, memoryLimit: 0, storage: MemoryStorage())
    try streaming.add(LabeledTexts(TextBatch(set.train.texts), posteriors: posteriors))
    let (one, other) = (try kept.train(), try streaming.train())
    #expect(other.summary.objective - one.summary.objective < 2e-5)
    let (first, second) = (
      one.probabilities(TextBatch(set.test.texts)), other.probabilities(TextBatch(set.test.texts))
    )
    #expect(zip(first, second).allSatisfy { abs($0 - $1) < 0.02 })
  }
}
