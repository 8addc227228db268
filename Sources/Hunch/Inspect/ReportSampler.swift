import HunchModels
import HunchText

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
  private let greatestTextRank: UInt64

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
    greatestTextRank = .max / UInt64(documents / Self.textLimit + 1)
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
        if chunk.splits[document] == .train,
          chunk.ids[document].rank(seed: seed) <= greatestTextRank
        {
          sampled.append(document)
        }
      } else if chunk.splits[document] != .test {
        // The largest of uniform values are a uniform draw.
        let rank = Double(chunk.ids[document].rank(seed: seed) >> 11)
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
