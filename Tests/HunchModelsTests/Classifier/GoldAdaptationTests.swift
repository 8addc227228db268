import Foundation
import HunchModels
import TestSupport
import Testing

/// What gold labels add to the weights of a classifier that has not seen them.
struct GoldAdaptationTests {
  /// Documents of a few features with their classes, and a classifier's wrong idea of them.
  struct Sample {
    var rows = SparseRows(starts: [0], columns: [], values: [], columnCount: 9)
    var logProbabilities: [Double] = []
    var labels: [Int] = []
    var hashes: [UInt64] = []

    /// - Parameter telling: How much the features say of the class.
    init(_ count: Int, seed: UInt64, telling: Double) {
      var random = SplitMix64(seed: seed)
      for _ in 0..<count {
        let label = random.below(3)
        labels.append(label)
        for column in 0..<9 {
          let isOwn = column % 3 == label
          if random.uniform() < 0.3 + (isOwn ? telling : 0) {
            rows.columns.append(Int32(column))
            rows.values.append(Float(0.2 + 0.3 * random.uniform()))
          }
        }
        rows.starts.append(rows.columns.count)
        let scores = (0..<3).map { _ in random.uniform() }
        let sum = log(scores.reduce(0) { $0 + exp($1) })
        logProbabilities += scores.map { $0 - sum }
        hashes.append(random.next())
      }
    }

    func adaptation(_ parallel: Parallelism = .serial) -> GoldAdaptation {
      GoldAdaptation(
        rows: rows, logProbabilities: logProbabilities, labels: labels, hashes: hashes,
        configuration: ClassifierConfiguration(tolerance: 1e-6), parallel: parallel)
    }

    /// The features of a document, none left out.
    func features(_ document: Int) -> [Double] {
      var row = [Double](repeating: 0, count: rows.columnCount)
      for entry in rows.starts[document]..<rows.starts[document + 1] {
        row[Int(rows.columns[entry])] = Double(rows.values[entry])
      }
      return row
    }

    /// p of each class with weights added, features × classes.
    func probabilities(_ document: Int, _ weights: [Double]) -> [Double] {
      let row = features(document)
      let scores = (0..<3).map { label in
        logProbabilities[document * 3 + label]
          + row.indices.reduce(0) { $0 + row[$1] * weights[$1 * 3 + label] }
      }
      let powers = scores.map { exp($0) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
  }

  /// The oracle: the definition, minimised by Newton's method with the whole Hessian.
  private static func weights(_ sample: Sample, _ documents: [Int], _ strength: Double) -> [Double]
  {
    let count = sample.rows.columnCount * 3
    var weights = [Double](repeating: 0, count: count)
    for _ in 0..<40 {
      var gradient = weights.map { strength * $0 }
      var hessian = (0..<count).map { row in (0..<count).map { $0 == row ? strength : 0 } }
      for document in documents {
        let (x, p) = (sample.features(document), sample.probabilities(document, weights))
        for one in 0..<count where x[one / 3] != 0 {
          let target = sample.labels[document] == one % 3 ? 1.0 : 0
          gradient[one] += x[one / 3] * (p[one % 3] - target)
          for other in 0..<count {
            let curvature = (one % 3 == other % 3 ? p[one % 3] : 0) - p[one % 3] * p[other % 3]
            hessian[one][other] += x[one / 3] * x[other / 3] * curvature
          }
        }
      }
      let step = solved(hessian, gradient)
      for index in 0..<count { weights[index] -= step[index] }
    }
    return weights
  }

  /// Gauss elimination.
  private static func solved(_ matrix: [[Double]], _ values: [Double]) -> [Double] {
    var (a, b) = (matrix, values)
    for pivot in b.indices {
      for row in b.indices where row != pivot {
        let factor = a[row][pivot] / a[pivot][pivot]
        for column in b.indices { a[row][column] -= factor * a[pivot][column] }
        b[row] -= factor * b[pivot]
      }
    }
    return b.indices.map { b[$0] / a[$0][$0] }
  }

  @Test(
    .enabled(if: Repository.isOptimized, "runs in release builds only"), arguments: [0.0, 0.1, 0.4])
  func isTheMeanOverStrengths(telling: Double) throws {
    let sample = Sample(60, seed: 7, telling: telling)
    let found = try sample.adaptation().run()

    let strengths = GoldAdaptation.strengths
    var losses = [Double](repeating: 0, count: strengths.count + 1)
    let none = [Double](repeating: 0, count: 27)
    for fold in 0..<UInt64(5) {
      let known = (0..<60).filter { sample.hashes[$0] % 5 != fold }
      let held = (0..<60).filter { sample.hashes[$0] % 5 == fold }
      for (index, weights) in ([none] + strengths.map { Self.weights(sample, known, $0) })
        .enumerated()
      {
        for document in held {
          losses[index] -= log(sample.probabilities(document, weights)[sample.labels[document]])
        }
      }
    }
    let powers = losses.map { exp(losses[0] - $0) }
    let shares = powers.map { $0 / powers.reduce(0, +) }
    var expected = none
    for (share, strength) in zip(shares.dropFirst(), strengths) {
      for (index, value) in Self.weights(sample, Array(0..<60), strength).enumerated() {
        expected[index] += share * value
      }
    }
    let scale = expected.map { abs($0) }.max() ?? 0
    for (index, value) in expected.enumerated() {
      let error = abs(Double(found.weights[index / 3 * 4 + index % 3]) - value)
      #expect(error < 0.01 * scale + 1e-3, "\(index)")
    }
    #expect(found.learning.documents == 60)
    #expect(abs(try #require(found.learning.logLossBefore) - losses[0] / 60) < 1e-6)
    let best = try #require(losses.min()) / 60
    #expect(try #require(found.learning.logLossAfter) < best + 0.02)
  }

  /// Features that say nothing of the classes are found not to.
  @Test func noiseChangesLittle() throws {
    let sample = Sample(400, seed: 3, telling: 0)
    let found = try sample.adaptation().run()
    let before = try #require(found.learning.logLossBefore)
    #expect(abs(try #require(found.learning.logLossAfter) - before) < 0.02)
    let telling = try Sample(400, seed: 3, telling: 0.4).adaptation().run()
    #expect(
      try #require(telling.learning.logLossAfter) < 0.8 * #require(telling.learning.logLossBefore))
  }

  @Test func fewLabelsMoveLessThanMany() throws {
    func length(_ count: Int) throws -> Float {
      let weights = try Sample(count, seed: 5, telling: 0.3).adaptation().run().weights
      return weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let lengths = try [1, 10, 100].map(length)
    #expect(lengths[0] > 0 && lengths[0] < lengths[1] && lengths[1] < lengths[2])
  }

  /// Then nothing can be held back, and no strength is better than another.
  @Test func equalTextsAreInOneFold() throws {
    var sample = Sample(20, seed: 9, telling: 0.3)
    sample.hashes = sample.hashes.map { _ in 12 }
    let found = try sample.adaptation().run()
    #expect(found.learning == GoldLearning(documents: 20, logLossBefore: nil, logLossAfter: nil))
    #expect(found.weights.contains { $0 != 0 })
    #expect(try Sample(1, seed: 9, telling: 0.3).adaptation().run().learning.logLossAfter == nil)
  }

  /// All are learned from, and a thousand dealt out to folds.
  @Test func moreThanAThousand() throws {
    let sample = Sample(1500, seed: 2, telling: 0.3)
    let found = try sample.adaptation().run()
    #expect(found.learning.documents == 1500)
    let greatest = sample.hashes.sorted()[GoldAdaptation.mostValidated - 1]
    let validated = (0..<1500).filter { sample.hashes[$0] <= greatest }
    let before = validated.reduce(0.0) {
      $0 - sample.logProbabilities[$1 * 3 + sample.labels[$1]]
    }
    #expect(abs(try #require(found.learning.logLossBefore) - before / 1000) < 1e-9)
    #expect(try sample.adaptation(.dispatch(3)).run().weights == found.weights)
  }

  @Test func documentsWithoutFeatures() throws {
    let adaptation = GoldAdaptation(
      rows: SparseRows(starts: [0, 0, 0], columns: [], values: [], columnCount: 0),
      logProbabilities: [-0.1, -2.4, -0.1, -2.4], labels: [0, 1], hashes: [1, 2],
      configuration: ClassifierConfiguration(), parallel: .serial)
    let found = try adaptation.run()
    #expect(found.weights.allSatisfy { $0 == 0 } && found.learning.documents == 2)
  }
}

struct SparseRowsTests {
  @Test func emptyColumnsAreLeftOut() {
    var random = SplitMix64(seed: 6)
    var rows = SparseRows(starts: [0], columns: [], values: [], columnCount: 50)
    for _ in 0..<20 {
      for column in 0..<50 where random.below(30) == 0 {
        rows.columns.append(Int32(column))
        rows.values.append(Float(random.uniform()))
      }
      rows.starts.append(rows.columns.count)
    }
    let (compact, columns) = rows.withoutEmptyColumns()
    #expect(columns == Set(rows.columns).sorted())
    #expect(compact.columnCount == columns.count && columns.count < 50)
    #expect(compact.columns.map { columns[Int($0)] } == rows.columns)
    #expect(compact.starts == rows.starts && compact.values == rows.values)
  }
}
