// Trains the classifier on a file of `end_model/corpora.py` and prints what it took, a line each.
//
//     hunch-training FOLDER/headlines [--limit MEGABYTES] [--thin] [--penalty 1e-4] [--threads 1]
//
// Beyond the limit all documents are learned from, read from a temporary file; with --thin, some
// are left out.

import Foundation
import HunchModels
import HunchText
import Storage

/// What was used since the last call.
struct Meter {
  private var wall = ContinuousClock.now
  private var cpu = Meter.cpuSeconds

  private static var cpuSeconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

  mutating func show(_ step: String) {
    let (seconds, attoseconds) = wall.duration(to: .now).components
    let line = String(
      format: "%.2f s CPU, %.2f s", Self.cpuSeconds - cpu,
      Double(seconds) + Double(attoseconds) * 1e-18)
    print("\(step): \(line)")
    (wall, cpu) = (.now, Self.cpuSeconds)
  }
}

func value(_ name: String) -> String? {
  let arguments = CommandLine.arguments
  guard let place = arguments.firstIndex(of: name), place + 1 < arguments.count else { return nil }
  return arguments[place + 1]
}

/// Calls `body` with batches of lines: class, tab, text.
func read(_ path: String, _ body: (TextBatch, [Int]) throws -> Void) throws {
  let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  var (batch, classes) = (TextBatch(), [Int]())
  for line in bytes.split(separator: UInt8(ascii: "\n")) {
    classes.append(Int(line[line.startIndex] &- UInt8(ascii: "0")))
    batch.append(repairing: line.dropFirst(2))
    if batch.count == 4_096 {
      try body(batch, classes)
      (batch, classes) = (TextBatch(), [])
    }
  }
  try body(batch, classes)
}

func run(_ stem: String) throws {
  let labels = (0..<(Int(value("--classes") ?? "") ?? 4)).map(String.init)
  var configuration = ClassifierConfiguration()
  configuration.penalty = Double(value("--penalty") ?? "") ?? configuration.penalty
  let limit = (Int(value("--limit") ?? "") ?? 4_096) << 20
  let threads = Int(value("--threads") ?? "") ?? 1
  let parallel =
    threads == 1
    ? Parallelism.serial
    : Parallelism(threads: threads) { count, body in
      DispatchQueue.concurrentPerform(iterations: count, execute: body)
    }
  var thinned = TextClassifierTrainer(
    labels: labels, configuration: configuration, memoryLimit: limit)
  var streaming = StreamingClassifierTrainer(
    labels: labels, configuration: configuration, memoryLimit: limit, storage: TemporaryStorage())
  let isThinned = CommandLine.arguments.contains("--thin")

  var meter = Meter()
  try read(stem + ".train.tsv") { batch, classes in
    var posteriors = [Float](repeating: 0, count: classes.count * labels.count)
    for (document, label) in classes.enumerated() {
      posteriors[document * labels.count + label] = 1
    }
    if isThinned {
      thinned.add(batch, posteriors: posteriors)
    } else {
      try streaming.add(LabeledTexts(batch, posteriors: posteriors))
    }
  }
  meter.show("read and hashed")
  let classifier =
    isThinned
    ? try thinned.train(parallel: parallel) : try streaming.train(parallel: parallel)
  meter.show("trained by \((isThinned ? thinned.method : streaming.method).rawValue)")
  print(classifier.summary)

  var accumulator = MetricsAccumulator(classCount: labels.count)
  try read(stem + ".test.tsv") { accumulator.add(classifier.probabilities($0), gold: $1) }
  if let metrics = accumulator.metrics() {
    print(
      "accuracy \(metrics.accuracy), macro-F1 \(metrics.macroF1), log-loss \(metrics.logLoss)")
  }
}

guard CommandLine.arguments.count > 1 else {
  print("usage: hunch-training STEM [--limit MB] [--thin] [--penalty P] [--threads N]")
  exit(2)
}
try run(CommandLine.arguments[1])
