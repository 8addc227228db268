import HunchModels
import HunchText
import TestSupport
import Testing

struct ClassifierSessionTests {
  /// Texts of many scripts and lengths, without any pattern.
  static func texts(_ count: Int, seed: UInt64) -> [String] {
    let alphabets = [
      ["winner", "PRIZE", "lunch", "Minister", "naïve", " ", "!", "_x1"],
      ["Привет", "МИР", "ё", "é", " ", "— "], ["你好", "世界", "の", "タ", "。", "ไทย", "한국"],
      ["İ", "ı", "ſ", "\u{212A}", "ẞ", "\u{301}", " "], ["👍🏽", "𐐀", "\u{FEFF}", "\0", "\n", "a"],
    ]
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let alphabet = random.pick(alphabets)
      return (0..<random.below(60)).map { _ in
        random.below(4) == 0 ? random.pick(random.pick(alphabets)) : random.pick(alphabet)
      }.joined(separator: random.below(2) == 0 ? " " : "")
    } + ["", " ", "winner"]
  }

  /// The probabilities as the documentation of the features defines them, one step after the
  /// other with dictionaries.
  static func slowly(_ classifier: TextClassifier, _ text: String) -> [Float] {
    let featurizer = classifier.featurizer
    let hasher = featurizer.hasher
    let folded = FeatureHasher.folded(TextBatch([text]))
    var counts: [Int: Int] = [:]
    var scratch: [UInt32] = []
    hasher.forEachGram(in: folded, words: WordTable(folded), document: 0, scratch: &scratch) {
      bucket, _ in counts[bucket, default: 0] += 1
    }
    var features: [(bucket: Int, column: Int, value: Float)] = []
    for bucket in counts.keys.sorted() {
      guard let column = featurizer.buckets.firstIndex(of: UInt32(bucket)) else { continue }
      let frequency = Float(1 + logarithm(Double(min(511, counts[bucket] ?? 0))))
      features.append((bucket, column, frequency * featurizer.idf[column]))
    }
    let weight = Float(hasher.configuration.characterWeight)
    let squares = [FeatureHasher.Kind.word, .characters].map { kind in
      features.reduce(Float(0)) {
        hasher.kind(ofBucket: $1.bucket) == kind ? $0 + $1.value * $1.value : $0
      }
    }
    let total = (squares[0] > 0 ? 1 : 0) + (squares[1] > 0 ? weight * weight : 0)
    let classCount = classifier.labels.count
    var sums = classifier.intercepts
    for (bucket, column, value) in features where total > 0 {
      let kind = hasher.kind(ofBucket: bucket)
      let square = squares[Int(kind.rawValue)]
      let scale = (kind == .word ? 1 : weight) / (square * total).squareRoot()
      for label in 0..<classCount {
        sums[label] += value * scale * classifier.weights[column * classCount + label]
      }
    }
    let top = Double(sums.max() ?? 0)
    let exponentials = sums.map { exponential(Double($0) - top) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { Float($0 / sum) }
  }

  @Test(arguments: [
    FeatureConfiguration(), FeatureConfiguration(bucketBits: 8),
    FeatureConfiguration(longestWordGram: 1, longestCharacterGram: 0, bucketBits: 9),
    FeatureConfiguration(shortestCharacterGram: 1, longestCharacterGram: 8, characterWeight: 0.5),
  ])
  func aTextAtATimeABatchAndTheDefinitionGiveTheSameBits(features: FeatureConfiguration) throws {
    let classifier = try SmallCorpus.trainer(configuration: .init(features: features)).train()
    let texts = Self.texts(150, seed: 5) + SmallCorpus.texts(50, seed: 6).texts
    let batch = classifier.probabilities(TextBatch(texts))
    var session = TextClassifier.Session(classifier)
    for (index, text) in texts.enumerated() {
      let label = session.classify(text)
      let expected = Array(batch[index * 3..<index * 3 + 3])
      #expect(session.probabilities == expected)
      #expect(label == expected.firstIndex(of: expected.max() ?? 0))
      #expect(classifier.probabilities(TextBatch([text])) == expected)
      #expect(Self.slowly(classifier, text) == expected)
    }
  }

  @Test func bytesThatAreNotUTF8AreReadAsInABatch() throws {
    let classifier = try SmallCorpus.trainer().train()
    var session = TextClassifier.Session(classifier)
    var random = SplitMix64(seed: 7)
    for _ in 0..<200 {
      var bytes = Array(Self.texts(1, seed: random.next())[0].utf8) + Array("claim".utf8)
      for _ in 0..<random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      var batch = TextBatch()
      batch.append(repairing: bytes)
      let label = session.classify(utf8: bytes)
      #expect(session.probabilities == classifier.probabilities(batch))
      #expect(label == session.classify(String(decoding: bytes, as: UTF8.self)))
    }
  }

  @Test func aVeryLongTextGivesTheSameBits() throws {
    let classifier = try SmallCorpus.trainer().train()
    let text = Self.texts(4_000, seed: 8).joined(separator: " ")
    #expect(text.utf8.count > 300_000)
    var session = TextClassifier.Session(classifier)
    for text in ["prize", text, "prize", ""] {
      _ = session.classify(text)
      #expect(session.probabilities == classifier.probabilities(TextBatch([text])))
    }
  }

  /// Whatever was classified once takes no more memory, in any order and with shorter texts between.
  @Test func memoryStaysOnceTextsWereSeen() throws {
    let classifier = try SmallCorpus.trainer().train()
    let texts = Self.texts(400, seed: 9)
    var session = TextClassifier.Session(classifier)
    let fresh = session.memory
    for text in texts { _ = session.classify(text) }
    let memory = session.memory
    #expect(memory > fresh)
    for _ in 0..<3 {
      for text in texts.reversed() {
        _ = session.classify(text)
        _ = session.classify("")
        #expect(session.memory == memory)
      }
      for text in texts { _ = session.classify(String(text.prefix(20))) }
    }
    #expect(session.memory == memory)
    _ = session.classify(texts.joined())
    #expect(session.memory > memory)
  }

  @Test(.enabled(if: Repository.sharedData("sms") != nil, "needs ../shared or HUNCH_SHARED"))
  func realTextsGiveTheSameBits() throws {
    let set = try LabeledCorpus(#require(Repository.sharedData("sms")))
    var trainer = TextClassifierTrainer(
      labels: set.labels, configuration: .init(maximumEvaluations: 5))
    trainer.add(
      TextBatch(set.train.texts),
      posteriors: set.train.gold.flatMap { gold in
        set.labels.indices.map { $0 == gold ? 0.9 : 0.1 }
      })
    let classifier = try trainer.train()
    let batch = classifier.probabilities(TextBatch(set.train.texts))
    var session = TextClassifier.Session(classifier)
    var found: [Float] = []
    for text in set.train.texts {
      _ = session.classify(text)
      found += session.probabilities
    }
    #expect(found == batch)
    for (index, text) in set.train.texts.enumerated().prefix(20) {
      #expect(
        Self.slowly(classifier, text) == Array(batch[index * 2..<index * 2 + 2]))
    }
  }
}
