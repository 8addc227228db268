import Benchmark
import HunchModels
import Messages

func voteBenchmarks() {
  votes("1,000,000 × 73", functions: 73, classes: 4) { Inputs.votes }
  if MessageSet.isPresent {
    let functions = MessageSet.pack.functions.count
    // The same 100,000 documents ten times over.
    votes("1,000,000 × 73 (sms)", functions: functions, classes: 2) {
      let blocks = try Inputs.votes(of: MessageSet.pack, on: MessageSet.texts(100_000))
      return (0..<10).flatMap { _ in blocks }
    }
    let blocks = Prepared {
      try Inputs.votes(of: MessageSet.pack, on: MessageSet.texts(100_000))
    }
    Benchmark("label model from votes, 100,000 × 73 (sms)") { benchmark in
      let blocks = try blocks.value()
      benchmark.startMeasurement()
      let (patterns, counts) = Inputs.count(blocks, functionCount: functions, classCount: 2)
      blackHole(
        try FireOnlyMAPEM().fit(
          CountedVotes(patterns, counts: counts), given: Evidence()))
    }
    Benchmark("report from votes, 100,000 × 73 (sms)") { benchmark in
      let blocks = try blocks.value()
      benchmark.startMeasurement()
      let (patterns, counts) = Inputs.count(blocks, functionCount: functions, classCount: 2)
      blackHole(try LabelingAnalysis(CountedVotes(patterns, counts: counts)))
    }
  }
}

/// Measures counting, analysis and fit, each by itself.
private func votes(
  _ name: String, functions: Int, classes: Int, _ make: @escaping () throws -> [VoteBlock]
) {
  let blocks = Prepared(make)
  Benchmark("vote patterns, \(name)") { benchmark in
    let blocks = try blocks.value()
    benchmark.startMeasurement()
    blackHole(Inputs.count(blocks, functionCount: functions, classCount: classes))
  }
  let counted = Prepared {
    Inputs.count(try blocks.value(), functionCount: functions, classCount: classes)
  }
  Benchmark("analysis, patterns of \(name)") { benchmark in
    let (patterns, counts) = try counted.value()
    // Gold labels for a third of the documents.
    let gold = (0..<patterns.count * classes).map { counts[$0 / classes] / (3 * classes) }
    let votes = CountedVotes(patterns, counts: counts, goldCounts: gold)
    benchmark.startMeasurement()
    blackHole(try LabelingAnalysis(votes, hasGold: true))
    blackHole(try LabelingAnalysis.conflicts(votes))
  }
  Benchmark("map-em, patterns of \(name)") { benchmark in
    let (patterns, counts) = try counted.value()
    benchmark.startMeasurement()
    blackHole(
      try FireOnlyMAPEM().fit(
        CountedVotes(patterns, counts: counts), given: Evidence()))
  }
}
