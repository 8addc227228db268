package import HunchText

/// The words and word pairs that some texts have in common, and the texts that each occurs in.
///
/// Words are those of ``HunchText/WordTable`` in composed and folded texts. A pair is two words in a
/// row with one space between them, or none in scripts without spaces: what a keyword rule finds when
/// the two are written the same way. Words without a letter, and words of one ASCII letter, are left
/// out, since nobody would write a rule for them.
///
/// Where gaps are asked for, two words of three bytes or more with one to three words between them
/// are a gram, too, in their order: what a pattern finds.
package struct GramIndex: Sendable {
  /// The most words of a gap.
  package static let longestGap = 3

  /// The words and pairs, most frequent first, of equally frequent ones by their bytes; of a gram with
  /// a gap the first word.
  package let texts: [String]
  /// The second word of a gram with a gap, nil for any other.
  package let seconds: [String?]
  /// By document: where its grams begin, and at last their number; its grams, each once, ascending.
  package private(set) var starts = [0]
  package private(set) var grams: [Int32] = []
  /// By gram: where its documents begin, and at last their number; its documents, ascending.
  package let postingStarts: [Int]
  package private(set) var postings: [Int32]

  /// The number of words and pairs.
  package var count: Int { texts.count }

  /// The grams of a document.
  package func grams(of document: Int) -> ArraySlice<Int32> {
    grams[starts[document]..<starts[document + 1]]
  }

  /// The documents of a gram.
  package func documents(of gram: Int) -> ArraySlice<Int32> {
    postings[postingStarts[gram]..<postingStarts[gram + 1]]
  }

  /// Finds what occurs in enough texts.
  ///
  /// - Parameters:
  ///   - folded: The texts, composed and folded, less than 2 GiB.
  ///   - leastDocuments: Grams of fewer texts are left out.
  ///   - gaps: Whether to look for words with others between them.
  /// - Complexity: O(words · log(words of a text)); memory for what occurs often enough, and 4 MB.
  package init(_ folded: TextBatch, leastDocuments: Int, gaps: Bool = false) {
    let words = WordTable(folded)
    var scan = Scan(folded: folded, words: words, least: leastDocuments, gaps: gaps)
    for document in 0..<folded.count { scan.count(document) }
    var begins = [0]
    var found: [Int32] = []
    for document in 0..<folded.count {
      scan.collect(document, into: &found)
      begins.append(found.count)
    }
    let kept = scan.entries.indices.filter {
      scan.entries[$0].documents >= leastDocuments
    }
    func text(_ range: Range<Int>) -> String {
      String(decoding: folded.bytes[range], as: UTF8.self)
    }
    let names = kept.map { entry in
      (entry, text(scan.entries[entry].range), scan.entries[entry].second.map(text))
    }
    let ordered = names.sorted { one, other in
      let (first, second) = (scan.entries[one.0].documents, scan.entries[other.0].documents)
      if first != second { return first > second }
      if one.1 != other.1 { return one.1.utf8.lexicographicallyPrecedes(other.1.utf8) }
      return (one.2 ?? "").utf8.lexicographicallyPrecedes((other.2 ?? "").utf8)
    }
    var places = [Int32](repeating: -1, count: scan.entries.count)
    for (place, entry) in ordered.enumerated() {
      places[entry.0] = Int32(truncatingIfNeeded: place)
    }
    for document in 0..<folded.count {
      let own = found[begins[document]..<begins[document + 1]]
        .compactMap { places[Int($0)] >= 0 ? places[Int($0)] : nil }
      grams += own.sorted()
      starts.append(grams.count)
    }
    texts = ordered.map(\.1)
    seconds = ordered.map(\.2)
    var next = [Int](repeating: 0, count: ordered.count + 1)
    for gram in grams { next[Int(gram) + 1] += 1 }
    for gram in ordered.indices { next[gram + 1] += next[gram] }
    postingStarts = next
    postings = [Int32](repeating: 0, count: grams.count)
    for document in 0..<folded.count {
      for gram in grams[starts[document]..<starts[document + 1]] {
        postings[next[Int(gram)]] = Int32(truncatingIfNeeded: document)
        next[Int(gram)] += 1
      }
    }
  }
}

extension GramIndex {
  /// A gram where it was first seen, and in how many documents.
  fileprivate struct Entry {
    var range: Range<Int>
    /// The second word of a gram with a gap.
    var second: Range<Int>?
    var documents: Int
  }

  fileprivate struct Occurrence {
    var hash: UInt64
    var range: Range<Int>
    var second: Range<Int>?
  }

  /// Two passes over the documents: the first counts in buckets, so that the second has to remember
  /// only what may occur often enough.
  fileprivate struct Scan {
    let folded: TextBatch
    let words: WordTable
    let least: Int
    let gaps: Bool
    private(set) var entries: [Entry] = []
    private var buckets: [UInt16]
    private let mask: UInt64
    private var places: [UInt64: Int32] = [:]
    private var own: [Occurrence] = []

    init(folded: TextBatch, words: WordTable, least: Int, gaps: Bool) {
      self.gaps = gaps
      self.folded = folded
      self.words = words
      self.least = least
      var size = 1 << 10
      while size < 4 * words.starts.count, size < 1 << 21 { size *= 2 }
      buckets = [UInt16](repeating: 0, count: size)
      mask = UInt64(size - 1)
    }

    mutating func count(_ document: Int) {
      read(document)
      for gram in own where buckets[Int(gram.hash & mask)] < .max {
        buckets[Int(gram.hash & mask)] += 1
      }
    }

    mutating func collect(_ document: Int, into found: inout [Int32]) {
      read(document)
      for gram in own where Int(buckets[Int(gram.hash & mask)]) >= min(least, Int(UInt16.max)) {
        if let place = places[gram.hash] {
          entries[Int(place)].documents += 1
          found.append(place)
        } else {
          let place = Int32(truncatingIfNeeded: entries.count)
          places[gram.hash] = place
          entries.append(Entry(range: gram.range, second: gram.second, documents: 1))
          found.append(place)
        }
      }
    }

    /// The grams of a document, each once.
    private mutating func read(_ document: Int) {
      own.removeAll(keepingCapacity: true)
      var previous = -1
      for word in words.words(of: document) {
        let (start, end) = (words.starts[word], words.ends[word])
        if isUsable(start, end) { add(start, end) }
        if previous >= 0 {
          let gap = Int(words.ends[previous])..<Int(start)
          if gap.isEmpty || gap.count == 1 && folded.bytes[gap.lowerBound] == 0x20,
            isUsable(words.starts[previous], end)
          {
            add(words.starts[previous], end)
          }
        }
        previous = word
        if gaps { addGaps(before: word, in: words.words(of: document)) }
      }
      own.sort { ($0.hash, $0.range.lowerBound) < ($1.hash, $1.range.lowerBound) }
      var kept = 0
      for index in own.indices where kept == 0 || own[index].hash != own[kept - 1].hash {
        own[kept] = own[index]
        kept += 1
      }
      own.removeLast(own.count - kept)
    }

    /// Whether a gram has a letter, and more than one ASCII byte.
    private func isUsable(_ start: Int32, _ end: Int32) -> Bool {
      if end - start < 2 { return false }
      for byte in folded.bytes[Int(start)..<Int(end)]
      where byte >= 0x80 || (byte | 0x20) &- 0x61 < 26 {
        return true
      }
      return false
    }

    private mutating func add(_ start: Int32, _ end: Int32) {
      let range = Int(start)..<Int(end)
      own.append(Occurrence(hash: hash(range, 0x9E37_79B9_7F4A_7C15), range: range))
    }

    private func hash(_ range: Range<Int>, _ seed: UInt64) -> UInt64 {
      var hash = seed
      for byte in folded.bytes[range] {
        hash = (hash ^ UInt64(byte)) &* 0x9FB2_1C65_1E98_DF25
        hash ^= hash >> 32
      }
      return hash
    }

    /// The grams with a gap that end in a word.
    private mutating func addGaps(before word: Int, in document: Range<Int>) {
      guard let last = long(word) else { return }
      for distance in 2...GramIndex.longestGap + 1 where word - distance >= document.lowerBound {
        guard let first = long(word - distance) else { continue }
        own.append(
          Occurrence(
            hash: hash(last, hash(first, 0xD1B5_4A32_D192_ED03)), range: first, second: last))
      }
    }

    /// A word of three bytes or more with a letter.
    private func long(_ word: Int) -> Range<Int>? {
      let (start, end) = (words.starts[word], words.ends[word])
      return end - start >= 3 && isUsable(start, end) ? Int(start)..<Int(end) : nil
    }
  }
}
