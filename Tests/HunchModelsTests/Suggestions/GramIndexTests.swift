import HunchModels
import HunchText
import TestSupport
import Testing

/// Words and pairs, against strings and sets.
@Suite struct GramIndexTests {
  /// The grams of a text, by splitting it.
  private func grams(_ text: String) -> Set<String> {
    var found: Set<String> = []
    var previous: (word: String, end: String.Index)?
    var index = text.startIndex
    while index < text.endIndex {
      guard text[index].isLetter || text[index].isNumber || text[index] == "_" else {
        index = text.index(after: index)
        continue
      }
      let end =
        text[index...].firstIndex { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? text.endIndex
      let word = String(text[index..<end])
      found.insert(word)
      if let previous, text[previous.end..<index] == " " {
        found.insert("\(previous.word) \(word)")
      }
      previous = (word, end)
      index = end
    }
    return found.filter { $0.utf8.count > 1 && $0.contains { $0.isLetter } }
  }

  @Test(arguments: [1, 2, 5])
  func findsWhatSetsFind(least: Int) {
    var random = SplitMix64(seed: 3)
    let words = ["a", "b", "card", "pin", "12", "x9", "_", "né", "ß", "fee"]
    let gaps = [" ", " ", " ", "  ", ", ", "-"]
    let texts = (0..<200).map { _ in
      (0..<random.below(9)).map { _ in random.pick(words) + random.pick(gaps) }.joined()
    }
    let index = GramIndex(FeatureHasher.folded(TextBatch(texts)), leastDocuments: least)
    let expected = texts.map { grams($0) }
    var counts: [String: Int] = [:]
    for set in expected { for gram in set { counts[gram, default: 0] += 1 } }
    let kept = Set(counts.filter { $0.value >= least }.keys)
    #expect(Set(index.texts) == kept && index.count == kept.count)
    for document in texts.indices {
      #expect(
        Set(index.grams(of: document).map { index.texts[Int($0)] })
          == expected[document].intersection(kept))
    }
    for gram in 0..<index.count {
      #expect(
        index.documents(of: gram).map { Int($0) }
          == texts.indices.filter { expected[$0].contains(index.texts[gram]) })
    }
    // The most frequent first.
    let frequencies = index.texts.map { counts[$0] ?? 0 }
    #expect(frequencies == frequencies.sorted(by: >))
  }

  /// Words in order with one to three others between them, by splitting.
  @Test(arguments: [1, 3])
  func findsWordsWithGaps(least: Int) {
    var random = SplitMix64(seed: 8)
    let words = ["pay", "it", "off", "the", "loan", "x", "123", "né"]
    let texts = (0..<150).map { _ in
      (0..<random.below(8)).map { _ in random.pick(words) + random.pick([" ", ", ", ". "]) }
        .joined()
    }
    let index = GramIndex(
      FeatureHasher.folded(TextBatch(texts)), leastDocuments: least, gaps: true)
    let expected = texts.map { text -> Set<String> in
      let all = text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
      func isLong(_ word: String) -> Bool {
        word.utf8.count >= 3 && word.contains { $0.isLetter }
      }
      var found: Set<String> = []
      for (place, last) in all.enumerated() where isLong(last) {
        for distance in 2...4 where place >= distance && isLong(all[place - distance]) {
          found.insert("\(all[place - distance]) … \(last)")
        }
      }
      return found
    }
    var counts: [String: Int] = [:]
    for set in expected { for gram in set { counts[gram, default: 0] += 1 } }
    let kept = Set(counts.filter { $0.value >= least }.keys)
    func name(_ gram: Int) -> String? { index.seconds[gram].map { "\(index.texts[gram]) … \($0)" } }
    #expect(Set((0..<index.count).compactMap(name)) == kept && kept.count > 5)
    for document in texts.indices {
      #expect(
        Set(index.grams(of: document).compactMap { name(Int($0)) })
          == expected[document].intersection(kept))
    }
    // Without gaps the others are the same.
    let plain = GramIndex(FeatureHasher.folded(TextBatch(texts)), leastDocuments: least)
    #expect(plain.texts == (0..<index.count).filter { name($0) == nil }.map { index.texts[$0] })
    #expect(plain.seconds.allSatisfy { $0 == nil })
  }

  @Test func pairsOfScriptsWithoutSpaces() {
    let index = GramIndex(TextBatch(["東京に", "東京"]), leastDocuments: 2)
    #expect(Set(index.texts) == ["東", "京", "東京"])
  }
}
