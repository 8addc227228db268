import Benchmark

/// Every benchmark measures the same: time, CPU, throughput and resident memory. The memory is the
/// process's, input included; each benchmark has a process of its own.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .cpuTotal, .throughput, .peakMemoryResident],
    timeUnits: .microseconds, warmupIterations: 1, maxDuration: .seconds(6), maxIterations: 30)
  InputExport.runIfAsked()
  textBenchmarks()
  matchingBenchmarks()
  voteBenchmarks()
  boundedMemoryBenchmarks()
  classifierBenchmarks()
  importBenchmarks()
  pipelineBenchmarks()
  knowledgeBenchmarks()
}
