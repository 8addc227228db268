import Hunch
import HunchText
import TestSupport
import Testing

struct StableHashTests {
  private func texts(_ count: Int) -> [String] {
    var random = SplitMix64(seed: 4)
    return (0..<count).map { number in
      String(
        decoding: (0..<random.below(50)).map { _ in UInt8(97 + random.below(3)) }, as: UTF8.self)
        + String(number)
    }
  }

  @Test func differentTextsHaveDifferentHashesSpreadEvenly() {
    // Texts of up to three words of eight bytes that differ in one byte or in their order.
    var texts = [""]
    for length in 1...48 {
      for place in 0..<length {
        var bytes = [UInt8](repeating: 97, count: length)
        bytes[place] = 98
        texts.append(String(decoding: bytes, as: UTF8.self))
      }
      texts.append(String(repeating: "a", count: length))
    }
    texts += self.texts(20_000)
    let hashes = texts.map { StableHash.hash($0) }
    #expect(Set(hashes).count == texts.count)
    #expect(Set(hashes.map { UInt64(truncatingIfNeeded: $0) }).count == texts.count)
    #expect(Set(hashes.map { UInt64(truncatingIfNeeded: $0 >> 64) }).count == texts.count)
    for shift in [0, 60, 64, 124] {
      var counts = [Int](repeating: 0, count: 16)
      for hash in hashes { counts[Int(hash >> UInt128(shift) & 15)] += 1 }
      #expect(counts.allSatisfy { abs($0 - texts.count / 16) < 200 }, "bits from \(shift)")
    }
  }

  @Test func theSumDependsOnTheTextsAlone() {
    let texts = texts(500)
    let sum = StableHash.sum(TextBatch(texts))
    #expect(sum == texts.reduce(0) { $0 &+ StableHash.hash($1) })
    #expect(sum == StableHash.sum(TextBatch(texts.reversed())))
    #expect(
      sum == StableHash.sum(TextBatch(texts[..<123])) &+ StableHash.sum(TextBatch(texts[123...])))
    #expect(sum != StableHash.sum(TextBatch(texts.dropLast())))
    #expect(StableHash.sum(TextBatch()) == 0)
  }
}
