import HunchModels
import HunchText

/// End models of one corpus, trained in several ways and scored on documents that none of them saw:
/// those of the test split, or three in ten of the others where there is none.
public struct EndModelScores: Sendable {
  /// A way to train, with its figures.
  public struct Variant: Sendable {
    /// What is different from the default.
    public var name: String
    /// The figures on the test documents.
    public var figures: QualityFigures
  }

  /// The gold labels of the variant that knows some: the first of the valid split.
  public static let goldLabels = 100

  /// The documents that are scored.
  public let documents: Int
  /// The default first.
  public private(set) var variants: [Variant] = []

  private let labels: [String]
  private let test: LabeledCorpus.Split

  /// Trains and scores; nil where no document can be scored.
  ///
  /// - Throws: What fitting and training throw.
  public init?(_ corpus: LabeledCorpus) throws {
    var train = corpus.train
    var test = corpus.test
    if test.texts.isEmpty { (train, test) = Self.parted(train) }
    guard test.hasGold, !train.texts.isEmpty else { return nil }
    documents = test.gold.count { $0 >= 0 }
    labels = corpus.labels
    self.test = test
    let labeled = try Labeled(train, corpus)
    var sample = labeled.trainer()
    let adjustment = try sample.findAdjustment()
    let plain = try labeled.trainer().train()
    func adjusted(_ classifier: TextClassifier, _ change: ScoreAdjustment?) -> TextClassifier {
      change.map { classifier.adjusted(by: $0) } ?? classifier
    }
    try add("default", adjusted(plain, adjustment))
    try add("neither shift nor temperature", plain)
    try add(
      "class shift alone",
      adjusted(plain, adjustment.map { ScoreAdjustment(classShift: $0.classShift) }))
    for penalty in [2e-5, 5e-5, 2e-4, 5e-4] {
      let classifier = try labeled.trainer(penalty: penalty).train()
      try add("λ = \(penalty)", adjusted(classifier, adjustment))
    }
    if let gold = Self.first(Self.goldLabels, of: corpus.valid) {
      var trainer = labeled.trainer()
      trainer.add(gold.labeled(classes: labels.count))
      try add(
        "\(Self.goldLabels) gold labels",
        trainer.train(adjustment: adjustment))
    }
    try add("labels of majority vote", Labeled(train, corpus, .majority).trainer().train())
    if train.hasGold {
      var trainer = TextClassifierTrainer(labels: labels)
      trainer.add(Self.withGold(train).labeled(classes: labels.count))
      try add("*gold labels of all training documents*", trainer.train())
    }
  }

  /// The figures of a variant.
  public func figures(of name: String) -> QualityFigures? {
    variants.first { $0.name == name }?.figures
  }

  private mutating func add(_ name: String, _ classifier: TextClassifier) throws {
    var accumulator = MetricsAccumulator(classCount: labels.count)
    let scored = test.gold.indices.filter { test.gold[$0] >= 0 }
    accumulator.add(
      classifier.probabilities(TextBatch(scored.map { test.texts[$0] })),
      gold: scored.map { test.gold[$0] })
    guard let metrics = accumulator.metrics() else { throw ScoringError.nothingToScore }
    variants.append(Variant(name: name, figures: QualityFigures(metrics)))
  }

  // MARK: - Documents

  /// Seven documents in ten, and the others, by a hash of their places.
  private static func parted(
    _ all: LabeledCorpus.Split
  ) -> (LabeledCorpus.Split, LabeledCorpus.Split) {
    let places = all.texts.indices
    func isLearned(_ place: Int) -> Bool { place &* 2_654_435_761 % 10 < 7 }
    return (all.part(places.filter(isLearned)), all.part(places.filter { !isLearned($0) }))
  }

  private static func withGold(_ split: LabeledCorpus.Split) -> LabeledCorpus.Split {
    split.part(split.gold.indices.filter { split.gold[$0] >= 0 })
  }

  /// The first documents with gold; nil if there are fewer.
  private static func first(_ count: Int, of split: LabeledCorpus.Split) -> LabeledCorpus.Split? {
    let known = withGold(split)
    return known.texts.count < count ? nil : known.part(Array(0..<count))
  }

  /// The covered documents of a split with their probabilistic labels.
  private struct Labeled {
    let labels: [String]
    let texts: TextBatch
    var posteriors: [Float]

    init(
      _ split: LabeledCorpus.Split, _ corpus: LabeledCorpus,
      _ model: LabelModel = .textInformed
    ) throws {
      labels = corpus.labels
      let classes = labels.count
      let votes = DenseVotes(
        rows: split.votes, functionCount: corpus.functionCount, classCount: classes
      ).compressed(blockSize: 4096)
      let fit = try model.algorithm.fit(votes.patterns, counts: votes.counts)
      let covered = votes.ids.indices.filter { votes.patterns.isCovered(votes.ids[$0]) }
      texts = TextBatch(covered.map { split.texts[$0] })
      posteriors = covered.flatMap { document in
        fit.posterior(of: votes.ids[document], in: votes.patterns).map(Float.init)
      }
      let marks = try FunctionFolds(
        CountedVotes(votes.patterns, counts: votes.counts), without: fit.solitary
      ).marks(of: votes.patterns)
      var trainer = TextEvidenceTrainer(labels: labels, semantics: LatentSemantics(split.texts))
      for (place, document) in covered.enumerated() where marks[votes.ids[document]] != 0 {
        var labeled = LabeledTexts(
          TextBatch([split.texts[document]]),
          posteriors: Array(posteriors[place * classes..<(place + 1) * classes]))
        labeled.functionFolds = [marks[votes.ids[document]]]
        trainer.add(labeled)
      }
      guard model.readsTexts else { return }
      let evidence = try trainer.train()
      let logs = evidence.logEvidence(texts)
      for begin in stride(from: 0, to: logs.count, by: classes) {
        var row = posteriors[begin..<begin + classes].map(Double.init)
        TextEvidence.add(logs[begin..<begin + classes], to: &row)
        posteriors.replaceSubrange(begin..<begin + classes, with: row.map(Float.init))
      }
    }

    func trainer(penalty: Double? = nil) -> TextClassifierTrainer {
      var trainer = TextClassifierTrainer(
        labels: labels, configuration: ClassifierConfiguration(penalty: penalty))
      trainer.add(texts, posteriors: posteriors)
      return trainer
    }
  }
}

extension LabeledCorpus.Split {
  /// Some of the documents.
  fileprivate func part(_ places: [Int]) -> Self {
    var part = Self()
    part.texts = places.map { texts[$0] }
    part.gold = places.map { gold[$0] }
    part.votes = places.map { votes[$0] }
    return part
  }

  /// The documents with their gold classes alone.
  fileprivate func labeled(classes: Int) -> LabeledTexts {
    var labeled = LabeledTexts()
    labeled.texts = TextBatch(texts)
    labeled.posteriors = [Float](repeating: 1, count: texts.count * classes)
    labeled.gold = gold.map { Int32($0) }
    return labeled
  }
}
