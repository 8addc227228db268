import HunchModels
import HunchText
import Testing

struct FeatureHasherTests {
  private func grams(_ text: String, _ configuration: FeatureConfiguration) -> [String] {
    let hasher = FeatureHasher(configuration)
    let batch = CaseFolding.folded(TextBatch([text]))
    let words = WordTable(batch)
    var scratch: [UInt32] = []
    var result: [String] = []
    hasher.forEachGram(in: batch, words: words, document: 0, scratch: &scratch) { bucket, gram in
      #expect(bucket >= 0 && bucket < hasher.bucketCount)
      #expect(hasher.kind(ofBucket: bucket) == gram.kind)
      switch gram.kind {
      case .word:
        result.append(
          (gram.word..<gram.word + gram.length).map {
            String(
              decoding: batch.bytes[Int(words.starts[$0])..<Int(words.ends[$0])], as: UTF8.self)
          }.joined(separator: "+"))
      case .characters:
        var scalars: [UInt32] = []
        let range = Int(words.starts[gram.word])..<Int(words.ends[gram.word])
        FeatureHasher.padded(batch.bytes, range, into: &scalars)
        let text = scalars[gram.offset..<gram.offset + gram.length].compactMap {
          Unicode.Scalar($0).map { String(Character($0)) }
        }
        result.append("<" + text.joined() + ">")
      }
    }
    return result
  }

  @Test func listsWordsPairsAndCharacters() {
    let configuration = FeatureConfiguration(shortestCharacterGram: 3, longestCharacterGram: 4)
    #expect(
      grams("Ab, CD!", configuration) == [
        "ab", "< ab>", "< ab >", "<ab >", "cd", "ab+cd", "< cd>", "< cd >", "<cd >",
      ])
    let words = FeatureConfiguration(longestWordGram: 1, longestCharacterGram: 0)
    #expect(grams("one two one", words) == ["one", "two", "one"])
    #expect(grams("", configuration) == [])
    #expect(grams(" .!? ", configuration) == [])
  }

  @Test func countsRepeatedGramsOncePerText() {
    let hasher = FeatureHasher(FeatureConfiguration(longestCharacterGram: 0))
    let rows = HashedRows(TextBatch(["go go go", "", "GO"]), hasher)
    #expect(rows.count == 3)
    #expect(rows.starts == [0, 2, 2, 3])
    #expect(rows.packed.map { $0 & 511 }.sorted() == [1, 2, 3])
    #expect(rows.packed[0..<2].contains { $0 >> 9 == rows.packed[2] >> 9 })
  }

  @Test func countsStopAtTheirLimit() {
    let hasher = FeatureHasher(FeatureConfiguration(longestWordGram: 1, longestCharacterGram: 0))
    let rows = HashedRows(
      TextBatch([[String](repeating: "a", count: 700).joined(separator: " ")]), hasher)
    #expect(rows.packed.map { $0 & 511 } == [511])
  }

  @Test func differentGramsRarelyShareABucket() {
    let hasher = FeatureHasher(
      FeatureConfiguration(longestWordGram: 1, longestCharacterGram: 0, bucketBits: 20))
    let rows = HashedRows(TextBatch((0..<20_000).map { "w\($0)" }), hasher)
    let distinct = Set(rows.packed.map { $0 >> 9 }).count
    // 20,000 balls in 2^20 boxes leave 19,810 boxes with a ball, give or take 14.
    #expect(abs(distinct - 19_810) < 80)
  }

  @Test func batchesDoNotMatter() {
    let hasher = FeatureHasher(FeatureConfiguration())
    let texts = ["Ein Satz über Züge", "", "二つの文 です", "x", "a b c d e f g"]
    let together = HashedRows(TextBatch(texts), hasher)
    var apart = HashedRows()
    for text in texts { apart.append(0, of: HashedRows(TextBatch([text]), hasher)) }
    #expect(together.starts == apart.starts)
    #expect(together.packed == apart.packed)
  }
}
