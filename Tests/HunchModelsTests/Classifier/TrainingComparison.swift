import Foundation
import HunchModels
import HunchText
import Testing

/// The table of `docs/end-model-training.md`: objective gap, test figures and CPU seconds of each
/// way to find the weights. Not a check: it runs where `HUNCH_TRAINING_SETS` names files
/// `NAME.train.tsv` and `NAME.test.tsv` (class, tab, text) up to the dot, separated by commas.
struct TrainingComparison {
  static let paths = ProcessInfo.processInfo.environment["HUNCH_TRAINING_SETS"]?.split(
    separator: ","
  ).map(String.init)

  private struct Part {
    var texts: [String] = []
    var gold: [Int] = []

    init(_ path: String) throws {
      for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
        guard let tab = line.firstIndex(of: "\t"), let label = Int(line[..<tab]) else { continue }
        gold.append(label)
        texts.append(String(line[line.index(after: tab)...]))
      }
    }
  }

  private static func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

  @Test(.enabled(if: paths != nil), arguments: paths ?? [])
  func compare(path: String) throws {
    let (train, test) = (try Part(path + ".train.tsv"), try Part(path + ".test.tsv"))
    let classes = (train.gold.max() ?? 0) + 1
    let penalty = ClassifierConfiguration().penalty(documents: train.texts.count)
    let hasher = FeatureHasher(FeatureConfiguration())
    let rows = HashedRows(TextBatch(train.texts), hasher)
    let testRows = HashedRows(TextBatch(test.texts), hasher)
    var frequencies = [Int32](repeating: 0, count: hasher.bucketCount)
    for feature in rows.packed { frequencies[Int(feature >> 9)] += 1 }
    let featurizer = try #require(
      Featurizer(hasher: hasher, documentFrequencies: frequencies, documents: rows.count))
    let targets = train.gold.flatMap { label in (0..<classes).map { Float($0 == label ? 1 : 0) } }
    let weighed = featurizer.rows(rows)
    let objective = SoftmaxObjective(
      rows: weighed.matrix, targets: targets, classCount: classes, penalty: penalty,
      parallel: .serial)
    let matrix = objective.rows
    let stride = objective.parameterCount / (matrix.columnCount + 1)
    let testMatrix = featurizer.matrix(testRows)
    var exact = SoftmaxMinimizer(
      objective: objective, historySize: 10, maximumEvaluations: 2_000, tolerance: 1e-5)
    let optimum = exact.run().objective

    func show(_ name: String, _ weights: [Float], width: Int, seconds: Double) {
      var padded = [Float](repeating: 0, count: objective.parameterCount)
      for column in 0...matrix.columnCount {
        for label in 0..<classes {
          padded[column * stride + label] = weights[column * width + label]
        }
      }
      var accumulator = MetricsAccumulator(classCount: classes)
      var probabilities: [Float] = []
      for row in 0..<testMatrix.rowCount {
        var scores = (0..<classes).map { padded[matrix.columnCount * stride + $0] }
        for entry in testMatrix.starts[row]..<testMatrix.starts[row + 1] {
          let begin = Int(testMatrix.columns[entry]) * stride
          for label in 0..<classes {
            scores[label] += testMatrix.values[entry] * padded[begin + label]
          }
        }
        let top = scores.max() ?? 0
        let powers = scores.map { exp($0 - top) }
        let sum = powers.reduce(0, +)
        probabilities += powers.map { $0 / sum }
      }
      accumulator.add(probabilities, gold: test.gold)
      let metrics = accumulator.metrics()
      print(
        "|",
        [
          (path as NSString).lastPathComponent, name,
          String(format: "%.1e", objective.value(at: padded) - optimum),
          String(format: "%.3f", metrics?.macroF1 ?? 0),
          String(format: "%.3f", metrics?.logLoss ?? 0), String(format: "%.2f", seconds),
        ].joined(separator: " | "), "|")
    }

    var begin = Self.cpuSeconds()
    var quasiNewton = SoftmaxMinimizer(
      objective: objective, historySize: 10, maximumEvaluations: 300, tolerance: 1e-3)
    let result = quasiNewton.run()
    show(
      "L-BFGS, \(result.iterations)", result.weights, width: stride,
      seconds: Self.cpuSeconds() - begin)

    let sums = (0..<classes).map { label in train.gold.reduce(0.0) { $0 + ($1 == label ? 1 : 0) } }
    let intercepts = DualAscentRun.intercepts(targetSums: sums)
    for passes in [1, 2, 3, 4, 8] {
      begin = Self.cpuSeconds()
      var documents = DocumentsInMemory(weighed, targets: targets)
      let run = try DualAscentRun(penalty: penalty, maximumPasses: passes, tolerance: 1e-12).run(
        &documents, columnCount: matrix.columnCount, intercepts: intercepts
      ) { _ in true }
      show("dual ascent, \(passes)", run.weights, width: stride, seconds: Self.cpuSeconds() - begin)
    }
    begin = Self.cpuSeconds()
    var documents = DocumentsInMemory(weighed, targets: targets)
    let run = try ParameterFreeRun(penalty: penalty).run(
      &documents, columnCount: matrix.columnCount, intercepts: intercepts
    ) { _ in true }
    let search = try #require(run.search)
    show(
      "parameter-free, \(run.iterations) (step \(search.step) of \(search.bracket))", run.weights,
      width: classes, seconds: Self.cpuSeconds() - begin)
  }
}
