import Foundation
import HunchModels

/// How documents are labeled: by the label model from their votes, and from their texts if it takes
/// these into account.
struct DocumentLabeling: Sendable {
  let model: FittedLabelModel
  /// What the texts say; nil for a model of votes alone.
  let evidence: TextEvidence?

  /// Whether posteriors depend on texts.
  var readsTexts: Bool { (evidence?.strength ?? 0) > 0 }

  /// What a pass reads for the posteriors of all documents.
  var needs: PassNeeds { readsTexts ? .texts : .votes }

  /// The posteriors of some documents of a chunk.
  ///
  /// - Parameters:
  ///   - chunk: With texts, or features, if ``readsTexts``.
  ///   - documents: Those that are asked for; nil means all.
  /// - Complexity: O(documents × functions), the model's work for each distinct pattern, and
  ///   that of ``TextEvidence/logEvidence(_:)`` for the documents with votes that are asked for.
  func posteriors(
    _ chunk: CorpusChunk, _ block: VoteBlock, of documents: [Int]? = nil
  ) -> ChunkPosteriors {
    var posteriors = ChunkPosteriors(block, model)
    guard let evidence, readsTexts else { return posteriors }
    let hasher = evidence.hasher
    let informed = (documents ?? Array(0..<chunk.count)).filter { posteriors.isCovered($0) }
    let rows = chunk.rows(of: informed, by: hasher)
    posteriors.add(evidence.logEvidence(rows), to: informed)
    posteriors.features = ChunkFeatures(hasher, informed, rows)
    return posteriors
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

/// Gets the labels of documents while others read them.
protocol LabelObserver: AnyObject {
  /// The splits whose documents it has not seen yet.
  var missing: Set<Split> { get set }

  /// Looks at some documents of the next chunk.
  func add(_ chunk: CorpusChunk, _ documents: [Int], _ posteriors: ChunkPosteriors)
}
