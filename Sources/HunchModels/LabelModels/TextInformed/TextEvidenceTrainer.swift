/// Learns ``TextEvidence`` from texts and the label model's posteriors.
///
/// Of many documents those with the smallest ranks are taken, so that the cost does not grow with the
/// corpus.
package struct TextEvidenceTrainer: Sendable {
  /// The most documents that are taken.
  package static let mostDocuments = 10_000

  private let labels: [String]
  private let semantics: LatentSemantics
  private var chosen: SmallestRanks
  /// Documents × dimensions.
  private var vectors: [Float] = []
  /// Documents × classes.
  private var targets: [Float] = []
  /// By document the fold of its text, and the folds of the functions that vote on it.
  private var folds: [Int] = []
  private var marks: [UInt8] = []
  private var documentCount = 0

  /// Creates a trainer without documents.
  ///
  /// - Parameter limit: The most documents that are taken.
  package init(
    labels: [String], semantics: LatentSemantics, limit: Int = TextEvidenceTrainer.mostDocuments
  ) {
    (self.labels, self.semantics) = (labels, semantics)
    chosen = SmallestRanks(limit: limit)
  }

  /// What hashes texts.
  package var hasher: FeatureHasher { semantics.hasher }

  /// Whether documents are left out already, so that not all that are added are hashed.
  package var isThinnedOut: Bool { chosen.greatest < .max }

  /// Adds texts with the label model's posteriors. Documents without votes should be left out.
  ///
  /// - Precondition: There is a probability for each text and class.
  /// - Complexity: O(words × dimensions) for each text that is taken.
  package mutating func add(_ labeled: LabeledTexts) {
    let count = labeled.count
    let classes = labels.count
    precondition(
      labeled.posteriors.count == count * classes, "there is a probability for each class")
    let taken = (0..<count).filter { rank(of: $0, labeled) <= chosen.greatest }
    defer { documentCount += count }
    guard !taken.isEmpty else { return }
    let rows = labeled.rows(of: taken, by: hasher)
    vectors += semantics.vectors(rows)
    for (row, document) in taken.enumerated() {
      chosen.append(rank(of: document, labeled))
      targets += labeled.posteriors[document * classes..<(document + 1) * classes]
      folds.append(rows.fold(of: row))
      if !labeled.functionFolds.isEmpty { marks.append(labeled.functionFolds[document]) }
    }
    if chosen.isFull { cut() }
  }

  private func rank(of document: Int, _ labeled: LabeledTexts) -> UInt64 {
    labeled.ranks.isEmpty ? VisitingOrder.hash(documentCount + document) : labeled.ranks[document]
  }

  /// Puts documents into the order of their ranks, and drops those that are too many.
  private mutating func cut() {
    let order = chosen.cut()
    vectors = vectors.picked(order, width: semantics.dimensions)
    targets = targets.picked(order, width: labels.count)
    folds = order.map { folds[$0] }
    if !marks.isEmpty { marks = order.map { marks[$0] } }
  }

  /// Trains a classifier for each fold on the other folds.
  ///
  /// The result is the same, bit for bit, for any number of threads. With too few documents, or
  /// texts without a word in common, the evidence has the strength 0.
  ///
  /// - Throws: ``TrainingError/stopped(iterations:)`` when `progress` returned false.
  /// - Complexity: That of ``VectorClassifier`` five times.
  package func train(
    parallel: Parallelism = .serial,
    progress: @Sendable (TrainingProgress) -> Bool = { _ in true }
  ) throws(TrainingError) -> TextEvidence {
    var ordered = self
    ordered.cut()
    return try ordered.trainInOrder(parallel, progress)
  }

  private func trainInOrder(
    _ parallel: Parallelism, _ progress: @Sendable (TrainingProgress) -> Bool
  ) throws(TrainingError) -> TextEvidence {
    guard labels.count > 1, semantics.dimensions > 0, UnseenFolds.areEnough(folds) else {
      return TextEvidence(
        semantics: semantics, classifiers: [], logShares: [], adjustment: nil,
        documents: folds.count, explained: 0, strength: 0)
    }
    // First by documents, then by functions.
    let functionFolds = marks.isEmpty ? 0 : FunctionFolds.count
    let results = parallel.map(UnseenFolds.count + functionFolds) { fold in
      Result { () throws(TrainingError) -> HeldOut? in
        let bit = fold - UnseenFolds.count
        let isSeen =
          bit < 0 ? folds.map { $0 != fold } : marks.map { $0 & (1 << UInt8(bit)) == 0 }
        let learned = isSeen.count { $0 }
        if bit >= 0, learned < UnseenFolds.fewestDocuments || learned == isSeen.count {
          return nil
        }
        return try HeldOut(isSeen, vectors, targets, classCount: labels.count, progress)
      }
    }
    var (held, carried): ([HeldOut], [HeldOut]) = ([], [])
    for (fold, result) in results.enumerated() {
      guard let one = try result.get() else { continue }
      if fold < UnseenFolds.count { held.append(one) } else { carried.append(one) }
    }
    // Functions that all vote on nearly all documents cannot be left out, but documents can.
    // What counts has to carry over from each part to what it lacks.
    let strengths = (carried.isEmpty ? held : carried).map {
      Judged($0, targets: targets).strength
    }
    let strength = strengths.min() ?? 0
    let scores = UnseenScores(
      UnseenFolds.interleaved(
        held.map { $0.logProbabilities.map(Float.init) }, folds, classCount: labels.count),
      targets: targets, classCount: labels.count)
    return TextEvidence(
      semantics: semantics, classifiers: held.map(\.classifier), logShares: scores.logShares,
      adjustment: scores.adjustment(asCertainAs: informed(scores, strength)),
      documents: folds.count, explained: scores.explained, strength: strength)
  }

  /// The labels with what the texts add to them, as a classifier learns from them; flat,
  /// documents × classes.
  private func informed(_ scores: UnseenScores, _ strength: Double) -> [Float] {
    let classes = labels.count
    var informed = targets
    for begin in stride(from: 0, to: informed.count, by: classes) {
      var row = informed[begin..<begin + classes].map(Double.init)
      let evidence = scores.logShares.indices.map {
        strength * (Double(scores.logProbabilities[begin + $0]) - scores.logShares[$0])
      }
      TextEvidence.add(evidence[...], to: &row)
      for label in 0..<classes { informed[begin + label] = Float(row[label]) }
    }
    return informed
  }

  /// A classifier of some documents, and what it says of the others.
  private struct HeldOut: Sendable {
    let classifier: VectorClassifier
    /// The documents that it has not seen, and what it says of them, flat, documents × classes.
    private(set) var unseen: [Int] = []
    private(set) var logProbabilities: [Double] = []
    /// The mean probabilities of the documents that it has seen.
    private(set) var shares: [Double]

    init(
      _ isSeen: [Bool], _ vectors: [Float], _ targets: [Float], classCount: Int,
      _ progress: (TrainingProgress) -> Bool
    ) throws(TrainingError) {
      let width = vectors.count / isSeen.count
      let seen = isSeen.indices.filter { isSeen[$0] }
      classifier = try VectorClassifier(
        vectors.picked(seen, width: width), targets: targets.picked(seen, width: classCount),
        classCount: classCount, progress: progress)
      shares = [Double](repeating: 0, count: classCount)
      for (index, value) in classifier.logProbabilities(vectors).enumerated() {
        if isSeen[index / classCount] {
          shares[index % classCount] += exponential(value)
        } else {
          logProbabilities.append(value)
        }
      }
      unseen = isSeen.indices.filter { !isSeen[$0] }
      for label in 0..<classCount {
        shares[label] = max(shares[label] / Double(seen.count), 1e-9)
      }
    }
  }

  /// What a classifier says of documents that it has not seen, beside their labels.
  private struct Judged {
    /// ln (q / q̄) and labels, flat, documents × classes.
    private var evidence: [Double]
    private var labels: [Double] = []
    /// The logarithms of the labels' shares.
    private var logShares: [Double]

    init(_ held: HeldOut, targets: [Float]) {
      let classes = held.shares.count
      let logMeans = held.shares.map { naturalLog($0) }
      evidence = held.logProbabilities.enumerated().map { $1 - logMeans[$0 % classes] }
      var sums = [Double](repeating: 0, count: classes)
      for document in held.unseen {
        for label in 0..<classes {
          let target = Double(targets[document * classes + label])
          labels.append(target)
          sums[label] += target
        }
      }
      let count = Double(held.unseen.count)
      logShares = sums.map { naturalLog(max($0 / count, 1e-6)) }
    }

    /// How much more likely the labels become with a little more of the evidence: the derivative by t
    /// of Σᵢ Σᵧ labelsᵢᵧ · ln softmaxᵧ(ln shares + t · evidenceᵢ), which falls as t grows.
    private func gain(at t: Double) -> Double {
      let classes = logShares.count
      var gain = 0.0
      var row = logShares
      for begin in stride(from: 0, to: labels.count, by: classes) {
        for label in 0..<classes { row[label] = logShares[label] + t * evidence[begin + label] }
        normalizeLogWeights(&row)
        for label in 0..<classes {
          gain += (labels[begin + label] - row[label]) * evidence[begin + label]
        }
      }
      return gain
    }

    /// The t from 0 to 1 that makes the labels most likely, to a thousandth.
    var strength: Double {
      if gain(at: 0) <= 0 { return 0 }
      if gain(at: 1) >= 0 { return 1 }
      var (low, high) = (0.0, 1.0)
      while high - low > 1e-3 {
        let middle = (low + high) / 2
        if gain(at: middle) > 0 { low = middle } else { high = middle }
      }
      return low
    }
  }
}

extension Array {
  /// Some of the rows of a matrix that lie one after the other.
  fileprivate func picked(_ rows: [Int], width: Int) -> [Element] {
    var picked: [Element] = []
    picked.reserveCapacity(rows.count * width)
    for row in rows { picked += self[row * width..<(row + 1) * width] }
    return picked
  }
}
