import Benchmark
import HunchText

func textBenchmarks() {
  Benchmark("folding, 100,000 news items") { benchmark in
    let batches = Inputs.newsBatches
    benchmark.startMeasurement()
    for batch in batches { blackHole(CaseFolding.folded(batch)) }
  }
  Benchmark("words, 100,000 news items") { benchmark in
    let batches = Inputs.newsBatches
    benchmark.startMeasurement()
    for batch in batches { blackHole(WordTable(batch)) }
  }
}
