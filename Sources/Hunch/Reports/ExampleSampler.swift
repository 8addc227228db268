import HunchModels
import HunchText

/// A document that a function votes on.
struct ExampleDocument: Sendable {
  /// A class and its probability.
  struct Label: Sendable {
    var label: Int
    var probability: Double
  }

  var id: DocumentID
  var split: Split
  /// The beginning of the text as it stands; `nil` where texts are not shown.
  var source: String?
  var vote: Int
  /// The votes of the other functions, ascending by function.
  var others: [(function: Int, vote: Int)]
  /// `nil` where it is unknown.
  var gold: Int?
  /// What the label model says.
  var label: Label
}

/// Some of a function's documents.
struct FunctionExamples<Document: Sendable>: Sendable {
  /// Documents on which nothing says that it is wrong.
  var hits: [Document] = []
  /// Documents on which gold says that it is wrong.
  var mistakes: [Document] = []
  /// Documents without gold to which the label model gives another label.
  var overruled: [Document] = []

  func map<Other>(_ transform: (Document) -> Other) -> FunctionExamples<Other> {
    .init(
      hits: hits.map(transform), mistakes: mistakes.map(transform),
      overruled: overruled.map(transform))
  }
}

/// Draws a few documents of some functions in one pass.
///
/// The draw is uniform: the documents with the smallest hashes of their position. It depends on
/// nothing but the corpus order and the seed. Unless asked for, test documents are left out, so
/// that nobody tunes rules on them.
struct ExampleSampler {
  private struct Drawn {
    var rank: UInt64
    var document: ExampleDocument
  }

  private enum Sort: Int, CaseIterable {
    case hit, mistake, overruled
  }

  /// The most documents of each sort.
  private let limit: Int
  private let seed: UInt64
  private let splits: Set<Split>
  private let wantsTexts: Bool
  private let isChosen: [Bool]
  /// For each function and sort the documents drawn so far, by rank.
  private var drawn: [[[Drawn]]]

  /// - Parameters:
  ///   - functions: The functions to draw for, among so many.
  ///   - limit: The most documents of each sort.
  init(
    functions: [Int], of functionCount: Int, limit: Int, seed: UInt64,
    splits: Set<Split> = [.train, .valid], wantsTexts: Bool
  ) {
    var isChosen = [Bool](repeating: false, count: functionCount)
    for function in functions { isChosen[function] = true }
    self.isChosen = isChosen
    self.limit = limit
    self.seed = seed
    self.splits = splits
    self.wantsTexts = wantsTexts
    drawn = Array(
      repeating: Array(repeating: [], count: Sort.allCases.count), count: functionCount)
  }

  /// Looks at a chunk.
  ///
  /// - Parameter label: What the label model says of a document of the chunk.
  mutating func add(
    _ chunk: CorpusChunk, _ block: VoteBlock, label: (Int) -> ExampleDocument.Label
  ) {
    var labels = [ExampleDocument.Label?](repeating: nil, count: chunk.count)
    for (function, column) in block.columns.enumerated() where isChosen[function] {
      for document in column.indices
      where column[document] >= 0 && splits.contains(chunk.splits[document]) {
        let known = labels[document] ?? label(document)
        labels[document] = known
        let vote = Int(column[document])
        let gold = Int(chunk.gold[document])
        let sort =
          gold >= 0
          ? (gold == vote ? Sort.hit : .mistake) : known.label == vote ? .hit : .overruled
        let rank = chunk.ids[document].rank(seed: seed)
        let list = drawn[function][sort.rawValue]
        if list.count == limit, let last = list.last, last.rank <= rank { continue }
        let example = ExampleDocument(
          id: chunk.ids[document], split: chunk.splits[document],
          source: wantsTexts ? Passage.source(chunk.texts, document) : nil, vote: vote,
          others: block.columns.enumerated().compactMap { other, votes in
            other != function && !votes.isEmpty && votes[document] >= 0
              ? (other, Int(votes[document])) : nil
          }, gold: gold < 0 ? nil : gold, label: known)
        insert(Drawn(rank: rank, document: example), function, sort)
      }
    }
  }

  /// The documents drawn for a function.
  func examples(of function: Int) -> FunctionExamples<ExampleDocument> {
    func documents(_ sort: Sort) -> [ExampleDocument] {
      drawn[function][sort.rawValue].map(\.document)
    }
    return FunctionExamples(
      hits: documents(.hit), mistakes: documents(.mistake), overruled: documents(.overruled))
  }

  private mutating func insert(_ entry: Drawn, _ function: Int, _ sort: Sort) {
    var list = drawn[function][sort.rawValue]
    drawn[function][sort.rawValue] = []
    list.insert(entry, at: list.firstIndex { entry.rank < $0.rank } ?? list.endIndex)
    if list.count > limit { list.removeLast() }
    drawn[function][sort.rawValue] = list
  }
}
