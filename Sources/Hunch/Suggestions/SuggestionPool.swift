import HunchModels
import HunchText

/// The documents that suggestions are made from, with what is known of them, in bounded memory.
///
/// All documents with repair gold, and of the others an even part where there are too many. Documents
/// of the test split are never among them, and gold labels that measure are not looked at.
struct SuggestionPool {
  /// The most documents beside those with repair gold.
  static let mostDocuments = 50_000
  /// The bytes of a document in which words are looked for.
  static let mostBytes = 4096

  /// What the pool is for.
  enum Purpose: Equatable {
    /// Documents to label: those without any gold label, of one split or of train and valid.
    case documents(Split?)
    /// Texts to find words in, and words with gaps: those that are learned from.
    case functions(gaps: Bool)
  }

  let ids: [DocumentID]
  let splits: [Split]
  /// Whether a document may be asked for or, for functions, is one that is learned from.
  let isEligible: [Bool]
  let evidence: SuggestionEvidence
  /// One document in so many was taken, by a hash of the id.
  let stride: Int
  /// The beginnings of the texts where they were asked for, else empty.
  let excerpts: [String]
  /// Whether there is a classifier; without one, documents without a vote have the class balance.
  let hasClassifier: Bool

  /// Reads the documents of a project.
  ///
  /// - Parameter excerptLength: The most characters of an excerpt; `nil` for no excerpts.
  init(_ fitted: FittedLabels, _ purpose: Purpose, excerptLength: Int? = nil) throws {
    let pass = fitted.pass
    let roles = fitted.table.roles
    let readsAll = fitted.table.size(of: .train).documents == 0
    let models = try SuggestionModels(fitted)
    hasClassifier = models.hasClassifier
    let total = pass.layout.reduce(0) { $0 + $1.documents }
    let stride = max(1, (total + Self.mostDocuments - 1) / Self.mostDocuments)
    let greatestRank = UInt64.max / UInt64(stride)
    let labels = fitted.project.labels.count
    var counter = VotePatternCounter(
      functionCount: fitted.catalog.functions.count, classCount: labels)
    var texts = TextBatch()
    var (gold, soft, patternOf) = ([Int](), [Float](), [Int32]())
    var (ids, splits, eligible, excerpts) = ([DocumentID](), [Split](), [Bool](), [String]())
    @Sendable func mayBeTaken(_ document: Int, _ chunk: CorpusChunk) -> Bool {
      let split = chunk.splits[document]
      if split == .test { return false }
      switch purpose {
      case .documents(let asked): return chunk.gold[document] < 0 && (asked ?? split) == split
      case .functions(_):
        return !roles.isRepair(document, in: chunk) && (readsAll || split == .train)
      }
    }
    let progress = fitted.options.progress
    progress.begin("read", unit: "documents", total: total)
    defer { progress.end() }
    try pass.run(models.needs) { chunk, block in
      let taken = (0..<chunk.count).filter { document in
        roles.isRepair(document, in: chunk) && chunk.splits[document] != .test
          || chunk.ids[document].rank <= greatestRank && mayBeTaken(document, chunk)
      }
      let soft = try models.soft(chunk, block, of: taken) { roles.isRepair($0, in: chunk) }
      return (chunk: chunk, block: block, taken: taken, soft: soft)
    } take: { chunk, block, taken, added in
      let own = counter.add(block)
      soft += added
      for document in taken {
        ids.append(chunk.ids[document])
        splits.append(chunk.splits[document])
        eligible.append(mayBeTaken(document, chunk))
        gold.append(roles.isRepair(document, in: chunk) ? Int(chunk.gold[document]) : -1)
        patternOf.append(own[document])
        texts.append(
          repairing: chunk.texts.bytes[chunk.texts.range(at: document)].beginning(Self.mostBytes))
        if let excerptLength {
          excerpts.append(Excerpt.beginning(of: chunk.texts, document, length: excerptLength))
        }
      }
      progress.advance(chunk.count)
    }
    (self.ids, self.splits, self.stride, self.excerpts) = (ids, splits, stride, excerpts)
    isEligible = eligible
    let grams = GramIndex(
      FeatureHasher.folded(texts), leastDocuments: max(3, gold.count / 4000),
      gaps: purpose == .functions(gaps: true))
    evidence = SuggestionEvidence(
      classCount: labels, grams: grams, gold: gold, soft: soft, patternOf: patternOf,
      patterns: counter.patterns())
  }
}

/// What the models of a project say of documents.
struct SuggestionModels: Sendable {
  private let labeling: DocumentLabeling
  private let trained: TrainedClassifier?
  private let classBalance: [Double]

  /// Whether anything could be learned.
  var hasClassifier: Bool { trained != nil }

  /// What a pass reads for them.
  var needs: PassNeeds { PassNeeds.texts.union(trained?.values.needs() ?? .votes) }

  /// Trains what is not trained yet. Without a vote on any document there is nothing to train.
  init(_ labels: FittedLabels) throws {
    classBalance = labels.fit.model.classBalance
    labeling = labels.labeling
    trained = labels.fit.covered > 0 ? try TrainedClassifier(labels) : nil
  }

  /// The label model's posteriors of documents with a vote and the classifier's probabilities of the
  /// others, flat, documents × classes. Documents that the classifier has learned from get the
  /// probabilities of classifiers that have not seen their labels, where there are some.
  func soft(
    _ chunk: CorpusChunk, _ block: VoteBlock, of documents: [Int], isLearned: (Int) -> Bool
  ) throws -> [Float] {
    let posteriors = labeling.posteriors(chunk, block, of: documents)
    let open = documents.filter { !posteriors.isCovered($0) }
    var predicted = try probabilities(chunk, of: open)
    if let evidence = labeling.evidence, !evidence.isEmpty {
      let learned = open.indices.filter { isLearned(open[$0]) }
      let unseen = evidence.unseenProbabilities(
        chunk.rows(of: learned.map { open[$0] }, by: evidence.hasher))
      let classes = classBalance.count
      for (row, place) in learned.enumerated() {
        for label in 0..<classes {
          predicted[place * classes + label] = Float(unseen[row * classes + label])
        }
      }
    }
    var place = 0
    var soft: [Float] = []
    soft.reserveCapacity(documents.count * classBalance.count)
    for document in documents {
      if posteriors.isCovered(document) {
        soft += posteriors.posterior(document).lazy.map(Float.init)
      } else {
        soft += predicted[place..<place + classBalance.count]
        place += classBalance.count
      }
    }
    return soft
  }

  /// The classifier's probabilities; the class balance without a classifier.
  private func probabilities(_ chunk: CorpusChunk, of documents: [Int]) throws -> [Float] {
    guard let trained else {
      return documents.flatMap { _ in classBalance.map(Float.init) }
    }
    return trained.classifier.probabilities(
      chunk.texts.batch(of: documents), values: try trained.values.values(chunk, of: documents))
  }
}
