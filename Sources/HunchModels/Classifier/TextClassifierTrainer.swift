public import HunchText

/// Collects texts with probabilistic labels and trains a classifier on them.
///
/// For example:
///
///     var trainer = TextClassifierTrainer(labels: ["ham", "spam"])
///     trainer.add(TextBatch(["win a prize", "see you at six"]), posteriors: [0.1, 0.9, 0.8, 0.2])
///     let classifier = try trainer.train()
///
/// Documents may bring numbers, categories and embeddings beside their text; see ``DenseColumns``.
///
/// Texts are not kept. While documents are added, one costs 4 bytes for each distinct n-gram (about
/// 100 to 200 in a sentence) and 4 for each class, plus 24; during training it costs 20 bytes for
/// each distinct n-gram and 8 for each class, plus 64; numbers, categories and embeddings cost what
/// they take and 20 bytes for each feature of a document beside that. The latter is what counts
/// against the memory limit. When documents would need more, some are left out, spread evenly:
/// those kept are the ones with the smallest ranks, hashes of their position where nothing else is said,
/// at least seven in eight of what would fit;
/// documents with a gold class stay as long as one in 64 of the others does. So
/// memory does not grow with the documents, and the same documents give the same classifier,
/// however they are cut into batches. Beside them there are a table of 8 MB and the weights, see
/// ``train(adjustment:parallel:progress:)``. ``StreamingClassifierTrainer`` leaves no documents out.
public struct TextClassifierTrainer: Sendable {
  /// The names of the classes.
  public let labels: [String]

  /// The settings.
  public let configuration: ClassifierConfiguration

  /// What documents bring beside their texts; nil for texts alone.
  public let columns: DenseColumns?

  /// The bytes that documents may take during training, where nothing else is asked for: about
  /// 1,200,000 sentences.
  public static let memoryLimit = 4 << 30

  /// Documents with a gold class are left out only where one in so many of the others stays.
  private static let goldWorth: UInt64 = 64

  private let memoryLimit: Int
  /// Whether weights are found by ``ParameterFreeRun``.
  let isParameterFree: Bool
  /// What hashes texts.
  package let hasher: FeatureHasher
  /// The documents that are kept.
  private(set) var rows = HashedPieces()
  /// The probabilities of their classes, documents × classes.
  private(set) var targets: [Float] = []
  /// How much each document counts.
  private var weights: [Float] = []
  /// The gold class of each document, -1 where none is known.
  private(set) var gold: [Int32] = []
  /// What they bring beside their texts.
  private var dense: DenseValues?
  private var documentFrequencies: [Int32]
  private var invalidDocument: Int?
  /// Documents with a rank up to this one are kept.
  private var greatestRank = UInt64.max
  /// The ranks of the documents that are kept.
  private var ranks: [UInt64] = []

  /// Creates a trainer without documents.
  ///
  /// - Parameters:
  ///   - columns: What documents bring beside their texts; nil or empty for texts alone.
  ///   - memoryLimit: The bytes that documents may take during training.
  ///   - isParameterFree: Whether weights are found by gradient descent that finds its own step size,
  ///     see ``TrainingMethod/parameterFree``; not where there are columns or weights.
  public init(
    labels: [String], configuration: ClassifierConfiguration = ClassifierConfiguration(),
    columns: DenseColumns? = nil, memoryLimit: Int = TextClassifierTrainer.memoryLimit,
    isParameterFree: Bool = false
  ) {
    self.isParameterFree = isParameterFree
    self.labels = labels
    self.columns = columns.flatMap { $0.isEmpty ? nil : $0 }
    dense = self.columns.map(DenseValues.init)
    self.memoryLimit = memoryLimit
    self.configuration = configuration
    // A configuration outside its range is reported by `train`.
    let isValid = configuration.violation == nil
    hasher = FeatureHasher(isValid ? configuration.features : FeatureConfiguration())
    documentFrequencies = [Int32](repeating: 0, count: hasher.bucketCount)
  }

  /// The number of documents added.
  public private(set) var documentCount = 0

  /// The documents added that are left out, because memory is bounded.
  public var omittedDocuments: Int { documentCount - gold.count }

  /// Adds texts with the probabilities of their classes.
  ///
  /// Documents without votes should be left out: their labels say nothing.
  ///
  /// - Parameters:
  ///   - batch: The texts.
  ///   - values: What they bring beside; nil where there are no columns.
  ///   - posteriors: Flat, texts × classes; see ``LabeledTexts/posteriors``.
  public mutating func add(
    _ batch: TextBatch, values: DenseValues? = nil, posteriors: [Float]
  ) {
    var labeled = LabeledTexts(batch, posteriors: posteriors)
    labeled.values = values
    add(labeled)
  }

  /// Adds texts with what is known of their classes.
  ///
  /// A row of probabilities that is not a distribution is reported by
  /// ``train(adjustment:parallel:progress:)``.
  ///
  /// - Precondition: There is a probability for each text and class, and a weight and a gold class
  ///   for each text if there are any; and where there are columns, a row of values for each text.
  /// - Complexity: O(bytes × lengths of n-grams).
  public mutating func add(_ labeled: LabeledTexts) {
    let count = labeled.count
    precondition(
      labeled.posteriors.count == count * labels.count,
      "there is a probability for each class")
    precondition(
      [0, count].contains(labeled.weights.count)
        && [0, count].contains(labeled.gold.count) && [0, count].contains(labeled.ranks.count),
      "there is a weight, a gold class and a rank for each text, or none")
    precondition(
      columns == labeled.values?.columns && labeled.values?.count ?? count == count,
      "there are values for each text")
    var kept: [Int] = []
    for document in 0..<count {
      let number = documentCount + document
      let label = labeled.gold.isEmpty ? -1 : labeled.gold[document]
      // A gold class is worth more than many others.
      let place = labeled.ranks.isEmpty ? VisitingOrder.hash(number) : labeled.ranks[document]
      let rank = place / (label >= 0 ? Self.goldWorth : 1)
      if rank > greatestRank { continue }
      kept.append(document)
      ranks.append(rank)
      if let values = labeled.values { dense?.append(values, CollectionOfOne(document)) }
      weights.append(labeled.weights.isEmpty ? 1 : labeled.weights[document])
      gold.append(label)
      if label >= 0 {
        targets.append(contentsOf: labels.indices.map { $0 == Int(label) ? 1 : 0 })
      } else {
        let begin = document * labels.count
        addTarget(labeled.posteriors[begin..<begin + labels.count], number: number)
      }
    }
    documentCount += count
    let added = labeled.rows(of: kept, by: hasher)
    for feature in added.packed {
      documentFrequencies[Int(feature >> FeatureHasher.countBits)] += 1
    }
    rows.append(added)
    while trainingBytes > memoryLimit, rows.count > 1 { thinOut() }
  }

  /// Whether documents are left out already, so that not all that are added are hashed.
  package var isThinnedOut: Bool { greatestRank < .max }

  /// What the documents take during training: their features as they are now and as a matrix by
  /// rows and by columns, and their targets twice.
  var trainingBytes: Int {
    20 * rows.features + rows.count * (8 * labels.count + 64) + denseBytes
  }

  private var denseBytes: Int {
    guard let dense else { return 0 }
    let entries = DenseFeatures.entries(
      dense.columns, embeddingLength: dense.embeddingLength ?? 0)
    return dense.bytes + 20 * entries * dense.count
  }

  /// Hands over all documents but some with a gold class: those with the smallest ranks. How often
  /// features occur stays.
  ///
  /// - Parameter most: How many stay.
  mutating func takeDocuments(
    leavingGold most: Int
  ) -> (rows: HashedPieces, targets: [Float], ranks: [UInt64]) {
    guard gold.contains(where: { $0 >= 0 }) else {
      defer { (rows, targets, weights, gold, ranks) = (HashedPieces(), [], [], [], []) }
      return (rows, targets, ranks)
    }
    // One document after the other, so that it does not matter how they came.
    var staying: [(rank: UInt64, document: Int)] = []
    var leaving: [Int] = []
    for document in gold.indices {
      guard gold[document] >= 0 else {
        leaving.append(document)
        continue
      }
      let place = staying.firstIndex { $0.rank > ranks[document] } ?? staying.count
      staying.insert((ranks[document], document), at: place)
      if staying.count > most, let last = staying.popLast() { leaving.append(last.document) }
    }
    let taken = (
      rows: rows.picked(leaving), targets: targets(of: leaving), ranks: leaving.map { ranks[$0] }
    )
    var isKept = [Bool](repeating: true, count: gold.count)
    for document in leaving { isKept[document] = false }
    keep(isKept)
    return taken
  }

  /// Drops all documents but some.
  mutating func keep(_ isKept: [Bool]) {
    let kept = isKept.indices.filter { isKept[$0] }
    rows = rows.picked(kept)
    permute(kept)
  }

  private func targets(of documents: [Int]) -> [Float] {
    documents.flatMap { targets[$0 * labels.count..<($0 + 1) * labels.count] }
  }

  /// Leaves some of the documents, in the order given, but for their features.
  private mutating func permute(_ documents: [Int]) {
    targets = targets(of: documents)
    weights = documents.map { weights[$0] }
    gold = documents.map { gold[$0] }
    ranks = documents.map { ranks[$0] }
    if let all = dense {
      var values = DenseValues(all.columns)
      values.append(all, documents)
      dense = values
    }
  }

  /// How ``train(adjustment:parallel:progress:)`` will find the weights.
  public var method: TrainingMethod {
    documentsBeforeGold.map { isUsed in method(zip(weights, isUsed).filter(\.1).map(\.0)) }
      ?? method(weights)
  }

  /// Dual ascent from λn = 1 on, where every document counts the same and has the same length.
  private func method(_ weights: [Float]) -> TrainingMethod {
    let isEven = columns == nil && weights.allSatisfy { $0 == 1 }
    if isEven, isParameterFree { return .parameterFree }
    let penalty = configuration.penalty(documents: weights.count)
    return isEven && penalty * Double(weights.count) >= 1 ? .dualAscent : .quasiNewton
  }

  /// Drops an eighth of the documents.
  private mutating func thinOut() {
    greatestRank = greatestRank / 8 * 7
    let isKept = ranks.map { $0 <= greatestRank }
    for document in isKept.indices where !isKept[document] {
      for feature in rows[document] {
        documentFrequencies[Int(feature >> FeatureHasher.countBits)] -= 1
      }
    }
    keep(isKept)
  }

  /// The features of documents as a classifier sees them.
  package struct Features {
    var featurizer: Featurizer
    var dense: DenseFeatures?
    package var rows: WeighedRows
    /// What documents bring beside their texts, of the columns of `dense`.
    var values: DenseValues?

    /// All features with their values.
    package var matrix: SparseRows {
      guard dense != nil else { return rows.matrix }
      var matrix = SparseRows(starts: [0], columns: [], values: [], columnCount: columnCount)
      for row in 0..<rows.rowCount { append(row, to: &matrix) }
      return matrix
    }

    var columnCount: Int { rows.columnCount + (dense?.featureCount ?? 0) }

    /// Adds the features of a document to a matrix.
    func append(_ row: Int, to matrix: inout SparseRows) {
      rows.append(row, to: &matrix)
      dense?.append(row, of: values, after: rows.columnCount, to: &matrix)
    }

    /// The features of some of the documents.
    ///
    /// - Parameter isKept: For each whether it stays.
    package func keeping(_ isKept: [Bool]) -> Features {
      var kept = self
      kept.rows = rows.keeping(isKept)
      if let values {
        kept.values = DenseValues(values.columns)
        kept.values?.append(values, isKept.indices.filter { isKept[$0] })
      }
      return kept
    }
  }

  /// Puts the documents into the order of their ranks, so that nothing depends on the order in which they
  /// came. None are added after that.
  package mutating func sortByRank() {
    let order = ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    rows.reorder(order)
    permute(order)
  }

  /// The features of the documents that are kept, which are forgotten.
  ///
  /// - Parameter classifier: What sees them; nil for one that is to be trained on them.
  package mutating func takeFeatures(
    for classifier: TextClassifier? = nil
  ) throws(TrainingError) -> Features {
    let featurizer =
      if let classifier { classifier.featurizer } else {
        try checkedFeaturizer(documents: rows.count)
      }
    defer { rows = HashedPieces() }
    return Features(
      featurizer: featurizer, dense: dense.map { classifier?.dense ?? DenseFeatures($0) },
      rows: featurizer.rows(rows), values: dense)
  }

  /// Trains a classifier on some of the documents, with the features of all.
  ///
  /// - Parameters:
  ///   - isUsed: For each document that is kept whether it takes part; nil for all.
  ///   - features: Those of the documents that take part.
  package func train(
    on isUsed: [Bool]?, _ features: Features, parallel: Parallelism,
    progress: (TrainingProgress) -> Bool
  ) throws(TrainingError) -> TextClassifier {
    let featurizer = features.featurizer
    var targets = self.targets
    var weights = self.weights
    if let isUsed {
      let used = isUsed.indices.filter { isUsed[$0] }
      (targets, weights) = (self.targets(of: used), used.map { weights[$0] })
    }
    let method = method(weights)
    if method != .quasiNewton {
      var documents = DocumentsInMemory(features.rows, targets: targets)
      do {
        return try trainByPasses(
          &documents, featurizer, method: method, omitted: omittedDocuments,
          progress: progress)
      } catch let error as TrainingError {
        throw error
      } catch {
        preconditionFailure("documents in memory can be read")
      }
    }
    let matrix = features.matrix
    let objective = SoftmaxObjective(
      rows: matrix, targets: targets, weights: weights, classCount: labels.count,
      penalty: configuration.penalty(documents: matrix.rowCount), parallel: parallel)
    var minimizer = SoftmaxMinimizer(
      objective: objective, historySize: configuration.historySize,
      maximumEvaluations: configuration.maximumEvaluations, tolerance: configuration.tolerance)
    let result = minimizer.run(progress: progress)
    return try classifier(
      featurizer, features.dense, result, documents: matrix.rowCount, omitted: omittedDocuments,
      method: .quasiNewton)
  }

  /// The features, once everything that training needs is found to be there.
  func checkedFeaturizer(documents: Int) throws(TrainingError) -> Featurizer {
    if let name = configuration.violation { throw .invalidConfiguration(name: name) }
    guard labels.count > 1 else { throw .tooFewClasses(labels.count) }
    guard documents > 0 else { throw .noDocuments }
    if let invalidDocument { throw .invalidPosterior(document: invalidDocument) }
    guard
      let featurizer = Featurizer(
        hasher: hasher, documentFrequencies: documentFrequencies, documents: documents)
    else { throw .invalidConfiguration(name: "features") }
    return featurizer
  }

  /// Trains a classifier by passes over documents.
  ///
  /// - Parameters:
  ///   - method: What the summary says of where they are.
  ///   - omitted: The documents that were left out.
  func trainByPasses(
    _ documents: inout some DocumentPasses, _ featurizer: Featurizer, method: TrainingMethod,
    omitted: Int, progress: (TrainingProgress) -> Bool
  ) throws -> TextClassifier {
    let columnCount = featurizer.buckets.count
    let intercepts = DualAscentRun.intercepts(targetSums: documents.targetSums)
    let penalty = configuration.penalty(documents: documents.documentCount)
    // A twentieth in nats ends it where L-BFGS ends: see docs/end-model-training.md.
    let result =
      isParameterFree
      ? try ParameterFreeRun(penalty: penalty).run(
        &documents, columnCount: columnCount, intercepts: intercepts, progress: progress)
      : try DualAscentRun(
        penalty: penalty, maximumPasses: configuration.maximumEvaluations,
        tolerance: configuration.tolerance / 20
      ).run(&documents, columnCount: columnCount, intercepts: intercepts, progress: progress)
    return try classifier(
      featurizer, nil, result, documents: documents.documentCount, omitted: omitted,
      method: method)
  }

  private func classifier(
    _ featurizer: Featurizer, _ dense: DenseFeatures?, _ result: TrainingResult, documents: Int,
    omitted: Int, method: TrainingMethod
  ) throws(TrainingError) -> TextClassifier {
    if result.stopped { throw .stopped(iterations: result.iterations) }
    let (parameters, stride) = (result.weights, result.stride)
    let summary = TrainingSummary(
      documents: documents, omitted: omitted, method: method,
      features: parameters.count / stride - 1, iterations: result.iterations,
      objective: result.objective, relativeGradient: result.relativeGradient,
      converged: result.converged, stepSearch: result.search)
    guard parameters.allSatisfy(\.isFinite), summary.isFinite else { throw .notFinite }
    var weights: [Float] = []
    weights.reserveCapacity((summary.features + 1) * labels.count)
    for column in 0...summary.features {
      weights += parameters[column * stride..<column * stride + labels.count]
    }
    let intercepts = Array(weights.suffix(labels.count))
    weights.removeLast(labels.count)
    var configuration = configuration
    configuration.penalty = configuration.penalty(documents: documents)
    return TextClassifier(
      labels: labels, configuration: configuration, featurizer: featurizer, dense: dense,
      weights: weights, intercepts: intercepts, summary: summary)
  }

  private mutating func addTarget(_ posterior: ArraySlice<Float>, number: Int) {
    let isValid = posterior.allSatisfy { $0 >= 0 && $0.isFinite }
    let sum = isValid ? posterior.reduce(0, +) : 0
    if !(sum > 0 && sum.isFinite), invalidDocument == nil { invalidDocument = number }
    for value in posterior { targets.append(sum > 0 ? value / sum : 0) }
  }
}
