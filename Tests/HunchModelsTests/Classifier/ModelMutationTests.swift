import Foundation
import HunchModels
import HunchText
import TestSupport
import Testing

/// Model files that somebody changed and gave a right length and checksum: they are refused, or give
/// probabilities.
@Suite struct ModelMutationTests {
  /// `HUNCH_MUTATIONS` asks for more.
  static let mutations =
    ProcessInfo.processInfo.environment["HUNCH_MUTATIONS"].flatMap(Int.init) ?? 600

  private static let columns = DenseColumns(
    numeric: ["size"], categorical: ["kind"], embedding: .column("vec"))

  private static func values(_ count: Int) -> DenseValues {
    var values = DenseValues(columns)
    for document in 0..<count {
      values.append(
        numbers: [document % 5 == 0 ? nil : Double(document)],
        categories: [["red", "blue", nil][document % 3]],
        embedding: document % 4 == 0 ? nil : [Float(document % 3), 1])
    }
    return values
  }

  /// A classifier with all that a file may have.
  private static func classifier(dense: Bool) throws -> TextClassifier {
    let (texts, gold) = SmallCorpus.texts(40, seed: 2)
    var trainer = TextClassifierTrainer(
      labels: SmallCorpus.labels,
      configuration: .init(
        features: .init(longestCharacterGram: 0, minimumDocumentFrequency: 4, bucketBits: 8)),
      columns: dense ? columns : nil)
    trainer.add(
      TextBatch(texts), values: dense ? values(40) : nil,
      posteriors: gold.flatMap { label in (0..<3).map { $0 == label ? 0.8 : 0.1 } })
    return ModelFileTests.complete(try trainer.train())
  }

  /// Changes some of the bytes behind the first.
  private static func mutate(
    _ bytes: inout [UInt8], from start: Int, _ random: inout SplitMix64
  ) {
    for _ in 0..<random.pick([1, 1, 2, 5]) {
      let place = start + random.below(bytes.count - start)
      switch random.below(5) {
      case 0: bytes[place] ^= 1 << UInt8(random.below(8))
      case 1: bytes[place] = random.pick([0, 1, 0x7F, 0x80, 0xFF])
      case 2:
        // A large count, NaN or infinity.
        let part = random.pick([
          [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0xC0, 0x7F], [0, 0, 0x80, 0xFF], [0, 0, 0, 0, 1],
          [0xFF, 0xFF, 0x7F, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F] as [UInt8],
        ])
        for (offset, byte) in part.enumerated() where place + offset < bytes.count {
          bytes[place + offset] = byte
        }
      case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(9)))
      default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
      }
      if bytes.count <= start { bytes += [UInt8](repeating: 0, count: start + 1 - bytes.count) }
    }
  }

  /// Gives content the header and checksum that belong to it.
  private static func sealed(_ content: [UInt8], like file: [UInt8]) -> [UInt8] {
    let length = UInt64(20 + content.count + 4)
    var bytes = file[..<12] + (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    bytes += content
    let sum = CRC32.checksum(bytes)
    return Array(bytes) + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
  }

  private static func check(_ classifier: TextClassifier, _ what: String) {
    let texts = ["winner of the prize", "", "minister said tomorrow 日本", "you"]
    let values = classifier.columns == columns ? values(4) : nil
    let probabilities = classifier.probabilities(TextBatch(texts), values: values)
    let classes = classifier.labels.count
    for document in texts.indices {
      let row = probabilities[document * classes..<(document + 1) * classes]
      let isSound = row.allSatisfy { (0...1).contains($0) } && abs(row.reduce(0, +) - 1) < 1e-3
      #expect(isSound, "\(what): \(row.prefix(5))")
    }
    let explanation = classifier.explain(texts[0], top: 5)
    #expect(explanation.allSatisfy { $0.contributions.allSatisfy(\.isFinite) }, "\(what)")
    #expect((try? TextClassifier(decoding: classifier.encoded())) != nil, "\(what)")
  }

  @Test(arguments: [false, true]) func models(dense: Bool) throws {
    let file = try Self.classifier(dense: dense).encoded()
    var read = 0
    for seed in 0..<Self.mutations {
      var random = SplitMix64(seed: seed)
      var content = Array(file[20..<file.count - 4])
      Self.mutate(&content, from: 0, &random)
      let bytes = Self.sealed(content, like: file)
      guard let classifier = try? TextClassifier(decoding: bytes) else { continue }
      read += 1
      Self.check(classifier, "seed \(seed)")
    }
    #expect(read > Self.mutations / 50, "mutations reach behind the checks")
  }

  @Test func evidence() throws {
    let (texts, gold) = SmallCorpus.texts(80, seed: 3)
    let semantics = LatentSemantics(texts)
    var trainer = TextEvidenceTrainer(labels: SmallCorpus.labels, semantics: semantics)
    trainer.add(
      LabeledTexts(
        TextBatch(texts),
        posteriors: gold.flatMap { label in (0..<3).map { $0 == label ? 0.8 : 0.1 } }))
    let sound = try trainer.train().encoded()
    var read = 0
    for seed in 0..<min(Self.mutations, 2_000) {
      var random = SplitMix64(seed: seed)
      var bytes = sound
      Self.mutate(&bytes, from: 0, &random)
      guard
        let evidence = try? TextEvidence(decoding: bytes, semantics: semantics, classCount: 3)
      else { continue }
      read += 1
      var row = [0.2, 0.3, 0.5]
      let rows = HashedRows(TextBatch(["winner of the prize"]), evidence.hasher)
      if !evidence.isEmpty { row = evidence.unseenProbabilities(rows) }
      TextEvidence.add(evidence.logEvidence(rows)[...], to: &row)
      #expect(row.allSatisfy { (0...1).contains($0) }, "seed \(seed): \(row)")
    }
    #expect(read > 0)
  }

  @Test func semantics() throws {
    let sound = LatentSemantics(SmallCorpus.texts(80, seed: 3).0).encoded()
    var read = 0
    for seed in 0..<min(Self.mutations, 2_000) {
      var random = SplitMix64(seed: seed)
      var bytes = sound
      Self.mutate(&bytes, from: 0, &random)
      guard let semantics = try? LatentSemantics(decoding: bytes) else { continue }
      read += 1
      let vector = semantics.vectors(
        HashedRows(TextBatch(["winner of the prize"]), semantics.hasher))
      #expect(vector.allSatisfy { abs($0) < 1.001 }, "seed \(seed)")
    }
    #expect(read > 0)
  }
}
