import Benchmark
import Foundation
import Hunch
import HunchLabeling
import Messages

func importBenchmarks() {
  let csv = Prepared { try TemporaryProject.csv(Inputs.news) }
  Benchmark("import, CSV of 100,000 rows") { benchmark in
    let csv = try csv.value()
    let database = csv.folder.appendingPathComponent("imported.sqlite").path
    try? FileManager.default.removeItem(atPath: database)
    benchmark.startMeasurement()
    blackHole(
      try Importer(ImportRequest(files: [csv.path], database: database, text: "text")).run())
  }
}

func pipelineBenchmarks() {
  pipeline("29 rules and 2 heuristics", RuleInputs.projectPack) { Inputs.news }
  if MessageSet.isPresent {
    pipeline("73 patterns (sms)", MessageSet.pack) {
      (MessageSet.texts(100_000), MessageSet.classes(100_000))
    }
  }
}

/// Measures what a gazetteer of a million names in a file costs a run, first cold, then compiled.
func knowledgeBenchmarks() {
  let project = Prepared {
    try TemporaryProject(
      RuleInputs.gazetteerPack, (["nothing named"], [0]), names: NameInputs.names)
  }
  Benchmark("gazetteer, 1,000,000 names, compiled from CSV") { benchmark in
    let project = try project.value()
    project.forget()
    benchmark.startMeasurement()
    try project.open()
  }
  Benchmark("gazetteer, 1,000,000 names, from the cache") { benchmark in
    let project = try project.value()
    try project.open()
    benchmark.startMeasurement()
    try project.open()
  }
}

/// Measures applying all rules to 100,000 documents in SQLite, first cold, then unchanged.
private func pipeline(
  _ name: String, _ pack: RulePack, _ make: @escaping () throws -> (texts: [String], classes: [Int])
) {
  let project = Prepared { try TemporaryProject(pack, try make()) }
  Benchmark("apply, 100,000 documents, \(name), cold") { benchmark in
    let project = try project.value()
    project.forget()
    benchmark.startMeasurement()
    blackHole(try project.apply())
  }
  Benchmark("apply, 100,000 documents, \(name), unchanged") { benchmark in
    let project = try project.value()
    _ = try project.apply()
    benchmark.startMeasurement()
    blackHole(try project.apply())
  }
}
