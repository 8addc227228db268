import HunchModels
import HunchText

/// A document without votes.
struct UncoveredDocument: Sendable {
  var id: DocumentID
  var split: Split
  /// The beginning of the text as it stands; `nil` where texts are not shown.
  var source: String?
}

/// Collects, in one pass over the corpus, the documents that a report shows.
struct ReportSampler {
  /// The most documents without votes.
  private static let uncoveredLimit = 12
  /// The texts on which the classifier's strongest words are looked for.
  private static let textLimit = 5000

  private(set) var examples: ExampleSampler
  private(set) var pairs: PairExamples
  private var drawnUncovered: Largest<UncoveredDocument>
  /// An even part of the covered training documents.
  private(set) var texts = TextBatch()
  private let wantsTexts: Bool
  private let seed: UInt64
  private let stride: Int
  private var covered = 0

  /// - Parameters:
  ///   - documents: How many the corpus has.
  ///   - pairs: The functions of which pairs are looked at.
  init(
    _ examples: ExampleSampler, pairs: [Int], functionCount: Int, documents: Int, seed: UInt64,
    wantsTexts: Bool
  ) {
    self.examples = examples
    self.pairs = PairExamples(pairs, functionCount: functionCount)
    drawnUncovered = Largest(limit: Self.uncoveredLimit)
    self.wantsTexts = wantsTexts
    self.seed = seed
    stride = documents / Self.textLimit + 1
  }

  /// Looks at a chunk with its texts.
  mutating func add(
    _ chunk: CorpusChunk, _ block: VoteBlock, _ posteriors: ChunkPosteriors,
    label: (Int) -> ExampleDocument.Label
  ) {
    examples.add(chunk, block, label: label)
    pairs.add(chunk, block)
    var sampled: [Int] = []
    for document in 0..<chunk.count {
      if posteriors.isCovered(document) {
        if chunk.splits[document] == .train {
          if covered.isMultiple(of: stride) { sampled.append(document) }
          covered += 1
        }
      } else if chunk.splits[document] != .test {
        // The largest of uniform values are a uniform draw.
        let rank = Double(ExampleSampler.rank(chunk.firstRow + document, seed: seed) >> 11)
        if drawnUncovered.wants(rank) {
          drawnUncovered.add(
            rank,
            UncoveredDocument(
              id: chunk.ids[document], split: chunk.splits[document],
              source: wantsTexts ? Passage.source(chunk.texts, document) : nil))
        }
      }
    }
    for document in sampled { texts.append(chunk.texts.text(at: document)) }
  }

  /// Some documents without votes, drawn uniformly; none of the test split.
  var uncovered: [UncoveredDocument] { drawnUncovered.sorted().map(\.element) }
}

/// The first documents on which two functions agree, and on which they differ, for each pair of
/// some functions.
struct PairExamples: Sendable {
  /// The most documents of each sort for a pair.
  private static let limit = 3

  struct Pair: Sendable {
    var agreeing: [DocumentID] = []
    var differing: [DocumentID] = []
  }

  private let functions: [Int]
  private var pairs: [Pair]

  init(_ functions: [Int], functionCount: Int) {
    self.functions = functions
    pairs = [Pair](repeating: Pair(), count: functions.count * functions.count)
  }

  /// Looks at a chunk; test documents are passed over.
  ///
  /// - Complexity: O(votes × functions).
  mutating func add(_ chunk: CorpusChunk, _ block: VoteBlock) {
    let columns = functions.map { block.columns[$0] }
    for (first, column) in columns.enumerated() {
      let documents = column.indices.filter { column[$0] >= 0 && chunk.splits[$0] != .test }
      for (second, other) in columns.enumerated().dropFirst(first + 1) where !other.isEmpty {
        let place = first * functions.count + second
        if isFull(pairs[place]) { continue }
        for document in documents where other[document] >= 0 {
          take(chunk.ids[document], agree: column[document] == other[document], place)
          if isFull(pairs[place]) { break }
        }
      }
    }
  }

  private func isFull(_ pair: Pair) -> Bool {
    pair.agreeing.count == Self.limit && pair.differing.count == Self.limit
  }

  private mutating func take(_ id: DocumentID, agree: Bool, _ place: Int) {
    if agree {
      if pairs[place].agreeing.count < Self.limit { pairs[place].agreeing.append(id) }
    } else if pairs[place].differing.count < Self.limit {
      pairs[place].differing.append(id)
    }
  }

  /// The examples of two functions, the first of which stands before the second.
  func pair(_ first: Int, _ second: Int) -> Pair {
    guard let one = functions.firstIndex(of: first), let other = functions.firstIndex(of: second)
    else { return Pair() }
    return pairs[one * functions.count + other]
  }
}
