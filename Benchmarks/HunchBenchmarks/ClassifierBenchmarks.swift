import Benchmark
import Dispatch
import HunchModels
import HunchText
import Messages

func classifierBenchmarks() {
  classifier("4 classes", ["world", "sports", "business", "science"]) {
    (Array(Inputs.news.texts.prefix(20_000)), Array(Inputs.news.classes.prefix(20_000)))
  }
  if MessageSet.isPresent {
    classifier("2 classes (sms)", ["ham", "spam"]) {
      (MessageSet.texts(20_000), MessageSet.classes(20_000))
    }
  }
}

private typealias Labeled = (texts: [String], classes: [Int])

/// Measures training and prediction on 20,000 documents.
private func classifier(
  _ name: String, _ labels: [String], _ make: @escaping () throws -> Labeled
) {
  let input = Prepared(make)
  for (threads, parallel) in [("1 thread", Parallelism.serial), ("2 threads", twoThreads)] {
    Benchmark("training, 20,000 documents, \(name), \(threads)") { benchmark in
      let input = try input.value()
      let batches = Inputs.batches(input.texts)
      benchmark.startMeasurement()
      blackHole(
        try trained(batches, input.classes, labels).train(parallel: parallel))
    }
  }
  let prepared = Prepared {
    let input = try input.value()
    // What a prediction costs does not depend on how long the training went on.
    let configuration = ClassifierConfiguration(maximumEvaluations: 10)
    let trainer = trained(Inputs.batches(input.texts), input.classes, labels, configuration)
    return (classifier: try trainer.train(), texts: input.texts)
  }
  Benchmark(
    "prediction, one text, \(name)",
    configuration: .init(scalingFactor: .kilo, maxIterations: 100)
  ) { benchmark in
    let (classifier, texts) = try prepared.value()
    benchmark.startMeasurement()
    for index in benchmark.scaledIterations {
      blackHole(classifier.probabilities(TextBatch([texts[index]])))
    }
  }
  Benchmark(
    "prediction, one text in a session, \(name)",
    configuration: .init(scalingFactor: .kilo, maxIterations: 100)
  ) { benchmark in
    let (classifier, texts) = try prepared.value()
    var session = TextClassifier.Session(classifier)
    benchmark.startMeasurement()
    for index in benchmark.scaledIterations { blackHole(session.classify(texts[index])) }
  }
  Benchmark("prediction, 20,000 texts, \(name)") { benchmark in
    let (classifier, texts) = try prepared.value()
    let batches = Inputs.batches(texts)
    benchmark.startMeasurement()
    for batch in batches { blackHole(classifier.probabilities(batch)) }
  }
}

private let twoThreads = Parallelism(threads: 2) { count, body in
  DispatchQueue.concurrentPerform(iterations: count, execute: body)
}

private func trained(
  _ batches: [TextBatch], _ classes: [Int], _ labels: [String],
  _ configuration: ClassifierConfiguration = ClassifierConfiguration()
) -> TextClassifierTrainer {
  var trainer = TextClassifierTrainer(labels: labels, configuration: configuration)
  var start = 0
  for batch in batches {
    let chunk = Array(classes[start..<start + batch.count])
    trainer.add(batch, posteriors: Inputs.posteriors(chunk, classCount: labels.count))
    start += batch.count
  }
  return trainer
}
