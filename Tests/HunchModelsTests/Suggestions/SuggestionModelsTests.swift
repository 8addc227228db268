import HunchModels
import HunchText
import TestSupport
import Testing

/// Which documents and which words are chosen, on planted documents.
@Suite struct SuggestionModelsTests {
  /// Evidence of documents, each with its votes, its gold label and what models say.
  private func evidence(
    _ texts: [String], votes: [[Int16]], gold: [Int], soft: [[Float]], least: Int = 1,
    gaps: Bool = false
  ) -> SuggestionEvidence {
    let functions = votes[0].count
    var counter = VotePatternCounter(functionCount: functions, classCount: soft[0].count)
    let columns = (0..<functions).map { function in votes.map { $0[function] } }
    let patternOf = counter.add(VoteBlock(documentCount: texts.count, columns: columns))
    return SuggestionEvidence(
      classCount: soft[0].count,
      grams: GramIndex(
        FeatureHasher.folded(TextBatch(texts)), leastDocuments: least, gaps: gaps), gold: gold,
      soft: soft.flatMap { $0 }, patternOf: patternOf, patterns: counter.patterns())
  }

  @Test func estimateIsLabelsAndAShareOfWhatModelsSay() {
    var weights = PrecisionEstimate.Weights()
    (weights.prior, weights.soft) = (1, 6)
    let estimate = PrecisionEstimate(
      goldDocuments: 4, goldRight: 3, softDocuments: 12, softSum: 9, share: 0.25, weights: weights)
    // 12 documents count as 6 · 12 / 18 = 4 labels, of which three quarters are right.
    #expect(estimate.trials == 9 && abs(estimate.successes - 6.25) < 1e-12)
    #expect(estimate.softShare == 0.75)
    let interval = Wilson.interval(successes: 6.25, trials: 9)
    #expect(estimate.interval == interval)
  }

  /// 60 documents without a vote: "pin" and "chip" mean class 0, "fee" means class 1, "the" nothing.
  private func planted() -> SuggestionEvidence {
    var texts: [String] = []
    var gold: [Int] = []
    var soft: [[Float]] = []
    for index in 0..<60 {
      let label = index % 3 == 2 ? 1 : 0
      let word = ["pin", "chip", "fee"][index % 3]
      texts.append("the \(word) w\(index)")
      gold.append(index < 12 ? label : -1)
      soft.append(label == 0 ? [0.8, 0.2] : [0.3, 0.7])
    }
    return evidence(
      texts, votes: texts.map { _ in [-1] }, gold: gold, soft: soft, least: 2)
  }

  @Test func wordsThatTellAreFoundAndGrouped() throws {
    let found = FunctionFinder(planted()).find(count: 5)
    let byLabel = Dictionary(grouping: found, by: \.label)
    let words = Set(try #require(byLabel[0]?.first).words)
    #expect(words == ["pin", "chip"] || words == ["the pin", "the chip"])
    #expect(byLabel[1]?.first?.documents == (0..<60).filter { $0 % 3 == 2 })
    #expect(!found.contains { $0.words.contains("the") })
    let first = try #require(byLabel[0]?.first)
    #expect(first.documents == (0..<60).filter { $0 % 3 != 2 })
    #expect(first.estimate.goldDocuments == 8 && first.estimate.goldRight == 8)
    #expect(FunctionFinder(planted()).find(count: 5, wanted: 1).allSatisfy { $0.label == 1 })
  }

  /// "pay … off" means class 0, while "pay" and "off" alone, and the other way round, mean nothing.
  @Test func twoWordsWithAGapAreFoundWhereNeitherTells() throws {
    var texts: [String] = []
    var gold: [Int] = []
    var soft: [[Float]] = []
    for index in 0..<120 {
      let label = index % 4 == 0 ? 0 : 1
      let gap = "w\(index) v\(index)"
      texts.append(
        ["pay \(gap) off", "off \(gap) pay", "pay \(gap) u\(index)", "u\(index) \(gap) off"][
          index % 4])
      gold.append(index < 60 ? label : -1)
      soft.append(label == 0 ? [0.8, 0.2] : [0.2, 0.8])
    }
    func found(gaps: Bool) -> [FunctionFinder.Found] {
      FunctionFinder(
        evidence(
          texts, votes: texts.map { _ in [-1] }, gold: gold, soft: soft, least: 2, gaps: gaps)
      ).find(count: 5, wanted: 0)
    }
    let pattern = try #require(found(gaps: true).first)
    #expect(pattern.words == ["pay"] && pattern.second == "off")
    #expect(pattern.documents == (0..<120).filter { $0 % 4 == 0 })
    #expect(!found(gaps: false).contains { $0.words == ["pay"] })
  }

  @Test func labelsCorrectWhatModelsSay() {
    // The models take all documents for class 0; of ten labelled ones, eight are of class 1.
    let count = 40
    let evidence = evidence(
      (0..<count).map { "w\($0)" }, votes: (0..<count).map { _ in [-1] },
      gold: (0..<count).map { $0 < 8 ? 1 : $0 < 10 ? 0 : -1 },
      soft: (0..<count).map { _ in [0.9, 0.1] })
    let corrected = evidence.corrected(inertia: 10)
    // (8 + 10 · 0.1) / 20 of class 1.
    #expect(abs(Double(corrected.soft(30).last ?? 0) - 0.45) < 1e-5)
    let unlabelled = self.evidence(
      ["a b", "c d"], votes: [[0], [-1]], gold: [-1, -1], soft: [[0.9, 0.1], [0.4, 0.6]])
    #expect(unlabelled.mixed().soft == unlabelled.soft)
    for (one, other) in zip(unlabelled.corrected(inertia: 8).soft, unlabelled.soft) {
      #expect(abs(one - other) < 1e-6)
    }
  }

  @Test func documentsSpreadOverPatterns() {
    // Three patterns of 40, 20 and 1 documents, equally unsure; the first has 3 labels.
    var votes: [[Int16]] = []
    var gold: [Int] = []
    for (count, row) in [(40, [0, 1]), (20, [1, 0]), (1, [0, -1])] as [(Int, [Int16])] {
      for index in 0..<count {
        votes.append(row)
        gold.append(count == 40 && index < 3 ? 0 : -1)
      }
    }
    let evidence = evidence(
      votes.indices.map { "w\($0)" }, votes: votes, gold: gold,
      soft: votes.map { _ in [0.5, 0.5] })
    let chooser = DocumentChooser(evidence, isEligible: gold.map { $0 < 0 })
    let chosen = chooser.choose(.value, count: 6)
    // 37 / 4, 20, 1, then 20 / 2, 37 / 4, 37 / 5 …
    let patterns = chosen.map { Int(evidence.patternOf[$0.document]) }
    #expect(patterns == [1, 1, 0, 0, 1, 0])
    #expect(chosen.allSatisfy { gold[$0.document] < 0 })
    #expect(Set(chosen.map(\.document)).count == 6)
    #expect(chosen[0].bucketDocuments == 20 && chosen[0].bucketLabelled == 0)
    #expect(chosen[2].bucketLabelled == 3)
    let conflicted = chooser.choose(.conflicted, count: 100)
    #expect(conflicted.count == 57)
    #expect(chooser.choose(.uncovered, count: 5).isEmpty)
    #expect(chooser.choose(.value, count: 100).count == 58)
  }
}
