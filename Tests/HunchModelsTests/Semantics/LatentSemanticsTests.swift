import HunchModels
import HunchText
import TestSupport
import Testing

/// Vectors of texts that are about the same.
@Suite(.enabled(if: Repository.isOptimized, "runs in release builds only"))
struct LatentSemanticsTests {
  /// Texts of twenty words on one of two subjects, each with 400 words of its own.
  private static func texts(_ count: Int = 1_000) -> [String] {
    var random = SplitMix64(seed: 3)
    return (0..<count).map { _ in
      let subject = ["motor", "bread"][random.below(2)]
      return (0..<20).map { _ in "\(subject)\(random.below(400))" }.joined(separator: " ")
    }
  }

  private static func vectors(_ semantics: LatentSemantics, _ texts: [String]) -> [[Float]] {
    let flat = semantics.vectors(HashedRows(TextBatch(texts), semantics.hasher))
    return texts.indices.map {
      Array(flat[$0 * semantics.dimensions..<($0 + 1) * semantics.dimensions])
    }
  }

  private static func product(_ one: [Float], _ other: [Float]) -> Float {
    zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test func textsWithoutACommonWordAreAlikeWhereTheirWordsMeetElsewhere() {
    let semantics = LatentSemantics(Self.texts())
    #expect(semantics.dimensions == LatentSemantics.mostDimensions)
    // Twenty texts of other words each.
    func vectors(_ subject: String) -> [[Float]] {
      Self.vectors(
        semantics,
        (0..<20).map { text in
          (0..<20).map { "\(subject)\(20 * text + $0)" }.joined(separator: " ")
        })
    }
    let (motors, breads) = (vectors("motor"), vectors("Bread"))
    func mean(_ one: [[Float]], _ other: [[Float]]) -> Float {
      var sum: Float = 0
      for (place, first) in one.enumerated() {
        for (otherPlace, second) in other.enumerated() where otherPlace != place {
          sum += Self.product(first, second)
        }
      }
      return sum / 380
    }
    #expect(mean(motors, motors) > 0.1)
    #expect(mean(breads, breads) > 0.1)
    #expect(abs(mean(motors, breads)) < 0.05)
    for vector in motors { #expect(abs(Self.product(vector, vector) - 1) < 1e-5) }
  }

  @Test func aTextOfUnknownWordsHasNoVector() {
    let semantics = LatentSemantics(Self.texts())
    for text in ["", "zebra", "!!"] {
      #expect(Self.vectors(semantics, [text])[0].allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: [0, 1, 2])
  func aFewTextsTellNothing(_ count: Int) {
    let semantics = LatentSemantics((0..<count).map { "word\($0)" })
    #expect(semantics.dimensions == 0)
    #expect(Self.vectors(semantics, ["word0"]) == [[]])
  }

  @Test func comesBackFromBytes() throws {
    for texts in [Self.texts(300), []] {
      let semantics = LatentSemantics(texts)
      let bytes = semantics.encoded()
      #expect(try LatentSemantics(decoding: bytes) == semantics)
      for end in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 50)) {
        #expect(throws: ModelFileError.self) {
          try LatentSemantics(decoding: Array(bytes[..<end]))
        }
      }
      #expect(throws: ModelFileError.self) { try LatentSemantics(decoding: bytes + [0]) }
    }
  }

  /// Of many texts those with the smallest ranks count, however they come.
  @Test func orderBatchesAndThreadsChangeNothing() {
    // Of one to twenty words.
    let texts = Self.texts(700).enumerated().map {
      $1.split(separator: " ").prefix(1 + $0 % 20).joined(separator: " ")
    }
    let ranks = texts.indices.map(VisitingOrder.hash)
    func learned(
      _ order: [Int], batch: Int, _ parallel: Parallelism, features: Int = .max
    ) -> LatentSemantics {
      var trainer = LatentSemanticsTrainer(limit: 150, featureLimit: features)
      for begin in stride(from: 0, to: order.count, by: batch) {
        let part = order[begin..<min(order.count, begin + batch)]
        trainer.add(
          HashedRows(TextBatch(part.map { texts[$0] }), trainer.hasher),
          ranks: part.map { ranks[$0] })
      }
      return trainer.finish(parallel: parallel)
    }
    let one = learned(Array(texts.indices), batch: 700, .serial)
    let other = learned(texts.indices.reversed(), batch: 64, .dispatch(3))
    #expect(one.encoded() == other.encoded())
    let smallest = texts.indices.sorted { ranks[$0] < ranks[$1] }.prefix(150)
    #expect(one.encoded() == learned(Array(smallest), batch: 150, .serial).encoded())
    // Long texts take the room of many, and short ones fit where long ones do not.
    for features in [300, 1_000, 1_700] {
      let few = learned(Array(texts.indices), batch: 700, .serial, features: features)
      let order = texts.indices.sorted { ranks[$0] > ranks[$1] }
      let other = learned(order, batch: 1, .dispatch(3), features: features)
      #expect(few.encoded() == other.encoded())
      #expect(few.encoded() != one.encoded())
    }
  }
}
