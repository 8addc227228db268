import HunchModels
import HunchText
import TestSupport
import Testing

/// Training ends in numbers, whatever it learns from.
@Suite struct TrainingNumbersTests {
  private func probabilities(
    _ posteriors: [[Float]], texts: [String], values: DenseValues? = nil
  ) throws -> [Float] {
    var trainer = TextClassifierTrainer(
      labels: posteriors[0].indices.map { "c\($0)" }, columns: values?.columns)
    trainer.add(TextBatch(texts), values: values, posteriors: posteriors.flatMap(\.self))
    let classifier = try trainer.train()
    #expect(classifier.summary.objective.isFinite && classifier.summary.relativeGradient.isFinite)
    let copy = try TextClassifier(decoding: classifier.encoded())
    return copy.probabilities(TextBatch(texts), values: values)
  }

  /// Labels that say nothing teach nothing, however their shares are rounded.
  @Test(arguments: 2...12) func equalPosteriors(classes: Int) throws {
    let share = 1 / Float(classes)
    for documents in [1, 3, 10, 70] {
      let texts = (0..<documents).map { ["x", "x £5", "£5"][$0 % 3] }
      let rows = texts.indices.map { document in
        (0..<classes).map { ($0 + document) % classes == 0 ? share.nextUp : share }
      }
      let found = try probabilities(rows, texts: texts)
      #expect(found.allSatisfy { abs($0 - share) < 1e-4 }, "\(documents) documents: \(found)")
    }
  }

  /// The same labels for all are what the start predicts.
  @Test func equalLabels() throws {
    let texts = (0..<20).map { "w\($0 % 3) common" }
    let found = try probabilities(texts.map { _ in [0.2, 0.7, 0.1] }, texts: texts)
    for (index, value) in found.enumerated() {
      #expect(abs(value - [0.2, 0.7, 0.1][index % 3]) < 1e-3)
    }
  }

  /// The largest and the smallest numbers tell classes apart as others do.
  @Test(arguments: [Float.greatestFiniteMagnitude, 3e38, 1, 1e-38, .leastNonzeroMagnitude])
  func embeddingsOfAnySize(size: Float) throws {
    var values = DenseValues(DenseColumns(embedding: .column("vec")))
    for document in 0..<40 {
      values.append(numbers: [], categories: [], embedding: [document % 2 == 0 ? size : -size, 1])
    }
    let texts = [String](repeating: "same", count: 40)
    let rows: [[Float]] = texts.indices.map { $0 % 2 == 0 ? [0.95, 0.05] : [0.05, 0.95] }
    let found = try probabilities(rows, texts: texts, values: values)
    #expect(found.allSatisfy { (0...1).contains($0) })
    // Numbers that are all but nothing may count for nothing.
    if size > 1e-30 { #expect(found[0] > 0.7 && found[2] < 0.3) }
  }

  /// What is met later may be of another size than all that was learned from.
  @Test func embeddingsOutOfProportion() throws {
    let columns = DenseColumns(embedding: .column("vec"))
    var (near, far) = (DenseValues(columns), DenseValues(columns))
    for document in 0..<40 {
      near.append(numbers: [], categories: [], embedding: [document % 2 == 0 ? 1 : -1])
    }
    for value in [3e38, -3e38, Float.greatestFiniteMagnitude] {
      far.append(numbers: [], categories: [], embedding: [value])
    }
    var trainer = TextClassifierTrainer(labels: ["a", "b"], columns: columns)
    trainer.add(
      TextBatch([String](repeating: "same", count: 40)), values: near,
      posteriors: (0..<40).flatMap { $0 % 2 == 0 ? [0.9, 0.1] : [0.1, 0.9] })
    let found = try trainer.train().probabilities(TextBatch(["x", "y", "z"]), values: far)
    #expect(found[0] > 0.99 && found[2] < 0.01 && found[4] > 0.99)
  }

  @Test func numbersOfAnySize() throws {
    var values = DenseValues(DenseColumns(numeric: ["n"]))
    let numbers = [
      0, -1, 1, 5, 0x1p-1070, .leastNonzeroMagnitude, -1e308, 1e308, Double.greatestFiniteMagnitude,
    ]
    for document in 0..<60 {
      values.append(
        numbers: [numbers[document % numbers.count]], categories: [],
        embedding: [Float]?.none)
    }
    let texts = (0..<60).map { "w\($0 % 7)" }
    let rows: [[Float]] = texts.indices.map { $0 % 2 == 0 ? [1, 0, 0] : [0, 0, 1] }
    let found = try probabilities(rows, texts: texts, values: values)
    #expect(found.allSatisfy { (0...1).contains($0) })
  }

  /// The weights of a file stand before two bytes and the checksum.
  @Test(arguments: [Float.nan, .infinity, -.infinity, 3e38])
  func aFileOfNoNumbers(value: Float) throws {
    var bytes = try ModelFileTests.small().encoded()
    let place = bytes.count - 4 - 2 - 4
    for offset in 0..<4 {
      bytes[place + offset] = UInt8(truncatingIfNeeded: value.bitPattern >> (8 * offset))
    }
    let sum = CRC32.checksum(bytes.dropLast(4))
    for offset in 0..<4 {
      bytes[bytes.count - 4 + offset] = UInt8(truncatingIfNeeded: sum >> (8 * offset))
    }
    #expect {
      _ = try TextClassifier(decoding: bytes)
    } throws: {
      if case .invalidContent = $0 as? ModelFileError { true } else { false }
    }
  }
}
