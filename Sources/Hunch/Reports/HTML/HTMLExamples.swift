import HunchModels
import HunchText

/// A document that a function votes on.
struct HTMLExample: Sendable, Equatable {
  var id: DocumentID
  /// The beginning of the text, white space collapsed; `nil` where texts are not shown.
  var text: String?
  var vote: Int
  /// `nil` where it is unknown.
  var gold: Int?
  /// The label model's most probable class and its probability.
  var label: Int
  var probability: Double
}

/// Draws a few documents of every function in one pass: some that it votes on, and some where the
/// gold label says that it is wrong.
///
/// The draw is uniform: the documents with the smallest hashes of their position. It depends on
/// nothing but the corpus order and the seed. Test documents are left out, so that nobody tunes
/// rules on them.
struct HTMLExampleSampler {
  /// The most examples of each sort.
  static let perFunction = 3
  /// The most Unicode scalars of a text that are shown.
  static let textLength = 320

  private struct Drawn {
    var rank: UInt64
    var example: HTMLExample
  }

  let wantsTexts: Bool
  private let seed: UInt64
  private let isChosen: [Bool]
  private var hits: [[Drawn]]
  private var mistakes: [[Drawn]]

  /// - Parameter functions: The functions to draw for, among so many.
  init(functions: [Int], of functionCount: Int, seed: UInt64, wantsTexts: Bool) {
    var isChosen = [Bool](repeating: false, count: functionCount)
    for function in functions { isChosen[function] = true }
    self.isChosen = isChosen
    self.seed = seed
    self.wantsTexts = wantsTexts
    hits = [[Drawn]](repeating: [], count: functionCount)
    mistakes = hits
  }

  /// Looks at a chunk.
  ///
  /// - Parameter label: The label model's class and its probability for a document of the chunk.
  mutating func add(
    _ chunk: CorpusChunk, _ block: VoteBlock, label: (Int) -> (Int, Double)
  ) {
    let ranks = (0..<chunk.count).map { rank(chunk.firstRow + $0) }
    for (function, column) in block.columns.enumerated() where isChosen[function] {
      for document in column.indices
      where column[document] >= 0 && chunk.splits[document] != .test {
        let isMistake = chunk.gold[document] >= 0 && chunk.gold[document] != column[document]
        let drawn = isMistake ? mistakes[function] : hits[function]
        if drawn.count == Self.perFunction, let last = drawn.last, last.rank <= ranks[document] {
          continue
        }
        let (winner, probability) = label(document)
        let example = HTMLExample(
          id: chunk.ids[document],
          text: wantsTexts ? Self.excerpt(chunk.texts, document) : nil,
          vote: Int(column[document]),
          gold: chunk.gold[document] < 0 ? nil : Int(chunk.gold[document]),
          label: winner, probability: probability)
        let entry = Drawn(rank: ranks[document], example: example)
        if isMistake {
          Self.insert(entry, into: &mistakes[function])
        } else {
          Self.insert(entry, into: &hits[function])
        }
      }
    }
  }

  /// The documents drawn for a function.
  func examples(of function: Int) -> (hits: [HTMLExample], mistakes: [HTMLExample]) {
    (hits[function].map(\.example), mistakes[function].map(\.example))
  }

  private static func insert(_ entry: Drawn, into list: inout [Drawn]) {
    let place = list.firstIndex { entry.rank < $0.rank } ?? list.endIndex
    list.insert(entry, at: place)
    if list.count > perFunction { list.removeLast() }
  }

  /// The finalizer of SplitMix64 over position and seed: equal ranks do not occur.
  private func rank(_ row: Int) -> UInt64 {
    var value = UInt64(truncatingIfNeeded: row) &+ seed &* 0xD1B5_4A32_D192_ED03
    value = (value &+ 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 30)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// The beginning of a document on one line.
  static func excerpt(_ texts: TextBatch, _ document: Int) -> String {
    // A scalar takes up to four bytes; twice as much is read because white space is collapsed.
    let range = texts.range(at: document)
    var end = min(range.upperBound, range.lowerBound + 8 * textLength)
    while end < range.upperBound, texts.bytes[end] & 0xC0 == 0x80 { end -= 1 }
    let text = String(decoding: texts.bytes[range.lowerBound..<end], as: UTF8.self)
    var excerpt = String.UnicodeScalarView()
    var isGap = false
    var length = 0
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        isGap = length > 0
        continue
      }
      if length + (isGap ? 1 : 0) >= textLength { return String(excerpt) + "…" }
      if isGap {
        excerpt.append(" ")
        length += 1
        isGap = false
      }
      excerpt.append(scalar)
      length += 1
    }
    return String(excerpt) + (end < range.upperBound ? "…" : "")
  }
}
