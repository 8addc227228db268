import Benchmark
import HunchLabeling
import HunchText
import Messages

func matchingBenchmarks() {
  scan("keywords, 246 in 9 functions, 100,000 news items") {
    (try RuleInputs.program(RuleInputs.keywordPack), Inputs.newsBatches)
  }
  scan("patterns, 73, 100,000 messages") {
    (try RuleInputs.program(RuleInputs.patternPack), Inputs.messageBatches)
  }
  if MessageSet.isPresent {
    scan("patterns, 73, 100,000 messages (sms)") {
      (try RuleInputs.program(MessageSet.pack), Inputs.batches(MessageSet.texts(100_000)))
    }
  }
  Benchmark("gazetteer, build from 100,000 names") { benchmark in
    let rows = RuleInputs.names.map { [$0] }
    benchmark.startMeasurement()
    blackHole(try gazetteer(rows))
  }
  scan("gazetteer, 100,000 names, 100,000 news items") {
    (try gazetteer(RuleInputs.names.map { [$0] }), Inputs.newsBatches)
  }
  Benchmark("gazetteer, build from 1,000,000 names") { benchmark in
    let names = NameInputs.names
    benchmark.startMeasurement()
    blackHole(try gazetteer(names.lazy.map { [$0] }))
  }
  scan("gazetteer, 1,000,000 names, 100,000 news items") {
    (try gazetteer(NameInputs.names.lazy.map { [$0] }), NameInputs.batches)
  }
}

private func gazetteer(_ rows: some Sequence<[String]>) throws -> RuleProgram {
  let base = try KnowledgeBase(
    name: "names", source: "names.csv", columns: ["name"], key: "name", rows: rows)
  return try RuleInputs.program(RuleInputs.gazetteerPack, knowledge: ["names": base])
}

/// Measures a compiled program over batches on one thread.
private func scan(
  _ name: String, _ input: @escaping () throws -> (program: RuleProgram, batches: [TextBatch])
) {
  let prepared = Prepared(input)
  Benchmark(name) { benchmark in
    let (program, batches) = try prepared.value()
    let worker = program.makeWorker()
    benchmark.startMeasurement()
    for batch in batches { blackHole(worker.evaluate(DocumentBatch(texts: batch))) }
  }
}
