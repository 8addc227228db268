import Benchmark
import Foundation
import HunchModels
import Storage

/// Votes of which nearly every document has a pattern of its own: the resident memory must not grow
/// from the first of these benchmarks to the second. Documents are made on the way, so that they
/// take none.
func boundedMemoryBenchmarks() {
  for documents in [1_000_000, 3_000_000] {
    Benchmark("distinct vote patterns, \(documents / 1_000_000) million × 40") { benchmark in
      benchmark.startMeasurement()
      let votes = try DistinctVotes.table(documents: documents).votes(of: nil)
      blackHole(try LabelingAnalysis(votes))
      var prior = EMPrior()
      prior.rounds.maximumRounds = 3
      blackHole(try FireOnlyMAPEM(prior).fit(votes, given: Evidence()))
    }
  }
}

/// Forty functions that vote for one of two classes on two documents in five.
private enum DistinctVotes {
  static func table(documents: Int) throws -> PatternTable {
    var builder = PatternTableBuilder(
      functionCount: 40, classCount: 2, groups: 1, storage: TemporaryStorage())
    var random = SplitMix64(seed: 9)
    for begin in stride(from: 0, to: documents, by: 4_096) {
      let block = block(min(4_096, documents - begin), &random)
      try builder.add(
        block, groups: [UInt8](repeating: 0, count: block.documentCount),
        gold: [Int16](repeating: -1, count: block.documentCount))
    }
    return try builder.finish()
  }

  private static func block(_ count: Int, _ random: inout SplitMix64) -> VoteBlock {
    let classes = (0..<count).map { _ in Int16(random.below(2)) }
    let columns = (0..<40).map { function in
      classes.map { label -> Int16 in
        if random.unit() >= 0.4 { return -1 }
        return random.unit() < 0.55 + 0.01 * Double(function) ? label : 1 - label
      }
    }
    return VoteBlock(documentCount: count, columns: columns)
  }
}
