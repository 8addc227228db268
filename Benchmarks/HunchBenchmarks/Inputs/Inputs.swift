import Foundation
import HunchLabeling
import HunchModels
import HunchText

/// What the benchmarks work on; everything is made when first asked for, before measuring begins.
enum Inputs {
  /// The documents of a batch, as the engine cuts them.
  static let chunkSize = 4_096

  static let vocabulary = Vocabulary(count: 20_000, seed: 1)

  /// 100,000 texts of about 175 bytes with their classes; one in five holds a known name.
  static let news = texts(count: 100_000, words: 24, seed: 2, names: RuleInputs.names)
  /// 100,000 texts of about 80 bytes with their classes.
  static let messages = texts(count: 100_000, words: 14, seed: 3)

  private static func texts(
    count: Int, words: Int, seed: UInt64, names: [String] = []
  ) -> (texts: [String], classes: [Int]) {
    var generator = TextGenerator(vocabulary, seed: seed)
    let classes = (0..<count).map { ($0 &* 7 &+ $0 / 11) % TextGenerator.classCount }
    return (classes.map { generator.text(class: $0, words: words, names: names) }, classes)
  }

  /// Texts as the engine hands them to the rules.
  static func batches(_ texts: [String]) -> [TextBatch] {
    stride(from: 0, to: texts.count, by: chunkSize).map { start in
      TextBatch(texts[start..<min(start + chunkSize, texts.count)])
    }
  }

  static let newsBatches = batches(news.texts)
  static let messageBatches = batches(messages.texts)

  /// Posteriors that put most of the mass on the class of each text.
  static func posteriors(_ classes: [Int], classCount: Int) -> [Float] {
    let rest = 0.3 / Float(classCount - 1)
    return classes.flatMap { label in
      (0..<classCount).map { $0 == label ? 0.7 : rest }
    }
  }

  /// A million documents × 73 functions, of which about one and a half vote on a document.
  static let votes: [VoteBlock] = {
    var random = SplitMix64(seed: 5)
    // How often each function votes on documents of its class; elsewhere a sixth of that.
    let rates = (0..<73).map { _ in 0.002 + 0.12 * random.unit() * random.unit() }
    return (0..<245).map { block in
      let count = block < 244 ? chunkSize : 1_000_000 - 244 * chunkSize
      let classes = (0..<count).map { _ in random.below(4) }
      let columns = (0..<73).map { function in
        classes.map { label -> Int16 in
          let rate = label == function % 4 ? rates[function] : rates[function] / 6
          return random.unit() < rate ? Int16(function % 4) : -1
        }
      }
      return VoteBlock(documentCount: count, columns: columns)
    }
  }()

  /// The votes of a pack's patterns on repeated messages.
  static func votes(of pack: RulePack, on texts: [String]) throws -> [VoteBlock] {
    let worker = try RuleInputs.program(pack).makeWorker()
    return batches(texts).map { batch in
      VoteBlock(
        documentCount: batch.count,
        columns: worker.evaluate(DocumentBatch(texts: batch)).columns.map { column in
          (0..<batch.count).map { column[$0] }
        })
    }
  }

  /// The distinct patterns of some blocks with their numbers of documents.
  static func count(
    _ blocks: [VoteBlock], functionCount: Int, classCount: Int
  ) -> (patterns: VotePatterns, counts: [Int]) {
    var counter = VotePatternCounter(functionCount: functionCount, classCount: classCount)
    var counts: [Int] = []
    for block in blocks {
      for pattern in counter.add(block) {
        let index = Int(pattern)
        while counts.count <= index { counts.append(0) }
        counts[index] += 1
      }
    }
    return (counter.patterns(), counts)
  }
}
