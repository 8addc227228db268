import Foundation
import HunchModels
import HunchText
import Synchronization

/// How documents are labeled: by the label model from their votes, and from their texts if it takes
/// these into account.
struct DocumentLabeling: Sendable {
  let model: FittedLabelModel
  /// What the texts say; nil for a model of votes alone.
  let evidence: TextEvidence?
  let threads: Int

  /// Whether posteriors depend on texts.
  var readsTexts: Bool { (evidence?.strength ?? 0) > 0 }

  /// The posteriors of some documents of a chunk.
  ///
  /// - Parameters:
  ///   - chunk: With texts if ``readsTexts``.
  ///   - documents: Those that are asked for; nil means all.
  /// - Complexity: O(documents × functions), the model's work for each distinct pattern, and
  ///   that of ``TextEvidence/logEvidence(_:)`` for the documents with votes that are asked for.
  func posteriors(
    _ chunk: CorpusChunk, _ block: VoteBlock, of documents: [Int]? = nil
  ) -> ChunkPosteriors {
    var posteriors = ChunkPosteriors(block, model)
    guard let evidence, readsTexts, let hasher = evidence.hasher else { return posteriors }
    let informed = (documents ?? Array(0..<chunk.count)).filter { posteriors.isCovered($0) }
    let (logEvidence, rows) = logEvidence(evidence, hasher, chunk.texts, of: informed)
    posteriors.add(logEvidence, to: informed)
    posteriors.features = ChunkFeatures(hasher, informed, rows)
    return posteriors
  }

  /// The same on the calling thread alone, for work that is spread over threads by chunks.
  var onOneThread: DocumentLabeling {
    DocumentLabeling(model: model, evidence: evidence, threads: 1)
  }

  /// On several threads; each document by itself, so that their number changes nothing.
  private func logEvidence(
    _ evidence: TextEvidence, _ hasher: FeatureHasher, _ texts: TextBatch, of documents: [Int]
  ) -> ([Double], HashedRows) {
    let size = max(64, (documents.count + threads - 1) / threads)
    let parts = stride(from: 0, to: documents.count, by: size).map {
      documents[$0..<min($0 + size, documents.count)]
    }
    let empty = (values: [Double](), rows: HashedRows())
    let results = Mutex(
      [(values: [Double], rows: HashedRows)](repeating: empty, count: parts.count))
    Threads.parallelism(parts.count).run(parts.count) { part in
      let rows = HashedRows(texts.batch(of: parts[part]), hasher)
      let values = evidence.logEvidence(rows)
      results.withLock { $0[part] = (values, rows) }
    }
    let found = results.withLock { $0 }
    if found.count == 1 { return found[0] }
    var rows = HashedRows()
    for part in found {
      for text in 0..<part.rows.count { rows.append(text, of: part.rows) }
    }
    return (Array(found.map(\.values).joined()), rows)
  }
}

/// The features of the texts of a chunk, each of which is hashed once, whoever asks.
struct ChunkFeatures: Sendable {
  private let hasher: FeatureHasher
  /// The row of each document that is hashed.
  private var places: [Int: Int] = [:]
  private let rows: HashedRows

  /// - Parameter rows: Those of the documents, in their order.
  init(_ hasher: FeatureHasher, _ documents: [Int], _ rows: HashedRows) {
    (self.hasher, self.rows) = (hasher, rows)
    places.reserveCapacity(documents.count)
    for (row, document) in documents.enumerated() { places[document] = row }
  }

  /// The features of some documents, as a hasher finds them.
  func rows(of documents: [Int], _ texts: TextBatch, by hasher: FeatureHasher) -> HashedRows {
    let isKnown = hasher.configuration == self.hasher.configuration
    let missing = documents.filter { !isKnown || places[$0] == nil }
    let hashed = HashedRows(texts.batch(of: missing), hasher)
    if missing.count == documents.count { return hashed }
    var all = HashedRows()
    var next = 0
    for document in documents {
      if let row = places[document] {
        all.append(row, of: rows)
      } else {
        all.append(next, of: hashed)
        next += 1
      }
    }
    return all
  }
}

/// The distinct vote patterns of one chunk with what a label model makes of them.
struct ChunkPosteriors {
  /// The patterns of the chunk.
  let patterns: VotePatterns
  /// The pattern of each document of the chunk.
  let ids: [Int32]
  /// Patterns × classes.
  private let posteriors: [Double]
  let classCount: Int
  /// The posteriors that texts changed, and for each document where its own begins there, -1 for
  /// none; empty without any.
  private var informed: [Double] = []
  private var places: [Int] = []
  /// The features of the texts that had a say; nil where none had.
  fileprivate(set) var features: ChunkFeatures?

  /// - Complexity: O(documents × functions) plus the model's work for each distinct pattern.
  init(_ block: VoteBlock, _ model: FittedLabelModel) {
    var counter = VotePatternCounter(
      functionCount: block.functionCount, classCount: model.classCount)
    ids = counter.add(block)
    patterns = counter.patterns()
    posteriors = model.posteriors(of: patterns)
    classCount = model.classCount
  }

  /// The features of some documents of the chunk.
  func rows(of documents: [Int], in chunk: CorpusChunk, by hasher: FeatureHasher) -> HashedRows {
    features?.rows(of: documents, chunk.texts, by: hasher)
      ?? HashedRows(chunk.texts.batch(of: documents), hasher)
  }

  /// Whether any function votes on a document of the chunk.
  func isCovered(_ document: Int) -> Bool { patterns.isCovered(Int(ids[document])) }

  /// The posterior of a document of the chunk; the class balance where no function votes.
  func posterior(_ document: Int) -> ArraySlice<Double> {
    if !places.isEmpty, places[document] >= 0 {
      return informed[places[document]..<places[document] + classCount]
    }
    return posteriorOfVotes(document)
  }

  /// The posterior of a document by its votes alone.
  func posteriorOfVotes(_ document: Int) -> ArraySlice<Double> {
    let start = Int(ids[document]) * classCount
    return posteriors[start..<start + classCount]
  }

  /// What the text of a document adds to the log weight of each class, with mean 0; zeros where it
  /// has no say.
  func textWeights(_ document: Int) -> [Double] {
    let weights = zip(posterior(document), posteriorOfVotes(document)).map {
      Foundation.log(max($0, 1e-300)) - Foundation.log(max($1, 1e-300))
    }
    let mean = weights.reduce(0, +) / Double(max(1, weights.count))
    return weights.map { $0 - mean }
  }

  /// Adds evidence to the posteriors of some documents.
  ///
  /// - Parameter evidence: Flat, documents × classes.
  fileprivate mutating func add(_ evidence: [Double], to documents: [Int]) {
    places = [Int](repeating: -1, count: ids.count)
    informed.reserveCapacity(evidence.count)
    for (index, document) in documents.enumerated() {
      var row = Array(posteriorOfVotes(document))
      TextEvidence.add(evidence[index * classCount..<(index + 1) * classCount], to: &row)
      places[document] = informed.count
      informed += row
    }
  }
}

/// Gets a chunk, and where the posterior of each of its documents stands.
typealias LabelObserver = (_ chunk: CorpusChunk, _ posteriors: (Int) -> ChunkPosteriors) -> Void
