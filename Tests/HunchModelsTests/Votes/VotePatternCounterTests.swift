import HunchModels
import TestSupport
import Testing

struct VotePatternCounterTests {
  @Test func numbersPatternsByFirstOccurrence() {
    var counter = VotePatternCounter(functionCount: 3, classCount: 3)
    let first = counter.add(
      VoteBlock(documentCount: 4, columns: [[0, -1, 0, 2], [], [1, -1, 1, -1]]))
    let second = counter.add(
      VoteBlock(documentCount: 3, columns: [[], [-1, 1, -1], [1, -1, -1]]))
    #expect(first == [0, 1, 0, 2])
    #expect(second == [3, 4, 1])
    let patterns = counter.patterns()
    #expect(patterns.count == 5)
    #expect(counter.count == 5)
    #expect(patterns.starts == [0, 2, 2, 3, 4, 5])
    #expect(patterns.functions == [0, 2, 0, 2, 1])
    #expect(patterns.votes == [0, 1, 2, 1, 1])
    #expect(patterns.entries(of: 2) == 2..<3)
    #expect(patterns.isCovered(0))
    #expect(!patterns.isCovered(1))
  }

  @Test func holdsNothingWithoutDocumentsOrFunctions() {
    var counter = VotePatternCounter(functionCount: 0, classCount: 2)
    #expect(counter.patterns().count == 0)
    #expect(counter.add(VoteBlock(documentCount: 0, columns: [])) == [])
    #expect(counter.add(VoteBlock(documentCount: 2, columns: [])) == [0, 0])
    #expect(counter.patterns().starts == [0, 0])
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func equalsADictionary(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let (votes, _) = DenseVotes.random(
      documents: random.below(600), functions: random.below(12), classes: 1 + random.below(5),
      seed: seed, coverage: random.uniform())
    let compressed = votes.compressed(blockSize: 1 + random.below(100))
    var known: [[Int]: Int] = [:]
    var rows: [[Int]] = []
    let expected = votes.rows.map { row in
      if let id = known[row] { return id }
      known[row] = rows.count
      rows.append(row)
      return rows.count - 1
    }
    #expect(compressed.ids == expected)
    #expect(compressed.patterns.count == rows.count)
    for (pattern, row) in rows.enumerated() {
      var restored = [Int](repeating: -1, count: votes.functionCount)
      for entry in compressed.patterns.entries(of: pattern) {
        restored[Int(compressed.patterns.functions[entry])] = Int(compressed.patterns.votes[entry])
      }
      #expect(restored == row)
      #expect(compressed.patterns.isCovered(pattern) == row.contains { $0 >= 0 })
    }
  }

  @Test func growsPastItsFirstTable() {
    var counter = VotePatternCounter(functionCount: 1, classCount: 5000)
    let block = VoteBlock(documentCount: 5000, columns: [(0..<5000).map { Int16($0) }])
    #expect(counter.add(block) == (0..<5000).map { Int32($0) })
    #expect(counter.add(block) == (0..<5000).map { Int32($0) })
    #expect(counter.patterns().votes == (0..<5000).map { Int32($0) })
  }
}
