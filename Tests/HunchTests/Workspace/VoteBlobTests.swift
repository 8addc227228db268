import Hunch
import TestSupport
import Testing

/// Votes as bytes: what goes in comes out, and nothing else is taken for votes.
@Suite struct VoteBlobTests {
  /// A column with about one vote in `gap` documents, for at most `classes` classes.
  private func column(_ random: inout SplitMix64, _ count: Int, gap: Int, classes: Int) -> [Int16] {
    (0..<count).map { _ in
      random.below(gap) == 0 ? Int16(random.below(min(classes, 32_768))) : -1
    }
  }

  private func decoded(_ bytes: [UInt8], _ count: Int) -> [Int16]? {
    guard let column = VoteBlob.decode(bytes, count: count) else { return nil }
    return column.isEmpty ? [Int16](repeating: -1, count: count) : column
  }

  @Test(arguments: 0..<60)
  func columnsComeBackAsTheyWere(_ seed: Int) throws {
    var random = SplitMix64(seed: seed)
    var encodings: Set<UInt8> = []
    for count in [0, 1, 2, 7, 8, 9, 64, 100, 4_095, 4_096, random.below(4_097)] {
      for gap in [1, 2, 3, 8, 33, 500, 5_000] {
        let classes = random.pick([1, 1, 2, 3, 7, 32_767, 32_768])
        let column = column(&random, count, gap: gap, classes: classes)
        let bytes = VoteBlob.encode(column)
        encodings.insert(try #require(bytes.first))
        #expect(decoded(bytes, count) == column)
        // Hardly longer than the plain form, and never read as a column of another length.
        #expect(bytes.count <= 2 + 2 * max(1, count))
        if bytes != [0] { #expect(VoteBlob.decode(bytes, count: max(0, count - 9)) != column) }
      }
    }
    #expect(encodings == [0, 1, 2, 3])
  }

  @Test func theShortestEncodingIsTaken() {
    func length(_ column: [Int16]) -> Int { VoteBlob.encode(column).count }
    let abstaining = [Int16](repeating: -1, count: 4_096)
    #expect(VoteBlob.encode([]) == [0])
    #expect(VoteBlob.encode(abstaining) == [0])
    var one = abstaining
    one[4_095] = 5
    #expect(VoteBlob.encode(one) == [1, 0xFF, 0x0F, 5, 0])
    #expect(length([Int16](repeating: 3, count: 4_096)) == 3 + 512)
    #expect(length((0..<4_096).map { Int16($0 % 2) }) == 1 + 2 * 4_096)
    #expect(VoteBlob.encode([2, 2, -1, 2]) == [2, 2, 0, 0b1011])
    #expect(VoteBlob.encode([0, 1]) == [3, 0, 0, 1, 0])
  }

  @Test func malformedBytesAreRefused() {
    let wrong: [(bytes: [UInt8], count: Int)] = [
      ([], 4), ([4], 4), ([255], 4),
      ([0, 0], 4),  // something after "abstains everywhere"
      ([1, 0, 0, 1], 4), ([1, 0], 4),  // a vote cut short
      ([1, 4, 0, 1, 0], 4),  // behind the last document
      ([1, 0, 0, 255, 255], 4),  // an abstention where only votes stand
      ([1, 0, 0, 0, 0x80], 4),  // a negative class
      ([2, 0, 0], 4), ([2, 0, 0, 1, 0], 4), ([2, 0], 4), ([2], 4),
      ([2, 0, 0, 0b10000], 4),  // a bit behind the last document
      ([2, 255, 255, 1], 4),
      ([3, 0, 0], 2), ([3, 0, 0, 0, 0, 0, 0], 2), ([3], 2),
      ([3, 0xFE, 0xFF, 0, 0], 2),  // -2 is no vote
    ]
    for (bytes, count) in wrong {
      #expect(VoteBlob.decode(bytes, count: count) == nil, "\(bytes) for \(count)")
    }
    #expect(VoteBlob.decode([3, 255, 255, 0, 0], count: 2) == [-1, 0])
  }

  @Test func anyBytesAreReadWithoutATrap() {
    var random = SplitMix64(seed: 9)
    for _ in 0..<20_000 {
      let bytes = (0..<random.below(24)).map { _ in UInt8(random.below(random.pick([5, 256]))) }
      let count = random.below(12)
      if let column = VoteBlob.decode(bytes, count: count) {
        #expect(column.isEmpty || column.count == count)
        #expect(column.allSatisfy { $0 >= -1 })
      }
    }
  }
}
