import HunchText
import TestSupport
import Testing

import Foundation
import HunchModels

/// What texts add to posteriors.
@Suite(.enabled(if: Repository.isOptimized, "runs in release builds only"))
struct TextEvidenceTests {
  /// Posteriors that lean to the true class of ``SmallCorpus``, on all but some documents.
  private static func posteriors(_ gold: [Int], lean: Float = 0.7) -> [Float] {
    gold.flatMap { label in (0..<3).map { $0 == label ? lean : (1 - lean) / 2 } }
  }

  private static func evidence(
    _ texts: [String], _ posteriors: [Float], limit: Int = TextEvidenceTrainer.mostDocuments
  ) throws -> TextEvidence {
    var trainer = TextEvidenceTrainer(
      labels: SmallCorpus.labels, semantics: LatentSemantics(texts), limit: limit)
    var labeled = LabeledTexts(TextBatch(texts), posteriors: posteriors)
    labeled.functionFolds = texts.indices.map(Self.mark)
    trainer.add(labeled)
    return try trainer.train()
  }

  /// Documents on which one function of one fold votes.
  private static func mark(_ document: Int) -> UInt8 { 1 << UInt8(document % 2) }

  private static func fold(_ text: String, _ evidence: TextEvidence) -> Int {
    HashedRows(TextBatch([text]), evidence.hasher).fold(of: 0)
  }

  /// t · ln(q / q̄) with the classifier of the document's fold, one document at a time.
  @Test func isTheScaledLogRatioOfTheClassifierOfTheFold() throws {
    let (texts, gold) = SmallCorpus.texts(300, seed: 5)
    let evidence = try Self.evidence(texts, Self.posteriors(gold))
    #expect(evidence.strength > 0.5 && evidence.documents == 300)
    let found = evidence.logEvidence(TextBatch(texts))
    var sums = [Double](repeating: 0, count: 3)
    for (document, text) in texts.enumerated() {
      let classifier = evidence.classifiers[Self.fold(text, evidence)]
      let vector = evidence.semantics.vectors(HashedRows(TextBatch([text]), evidence.hasher))
      var probabilities = (0..<3).map { label in
        (vector + [1]).enumerated().reduce(0.0) {
          $0 + Double($1.element) * Double(classifier.weights[$1.offset * 3 + label])
        }
      }
      normalizeLogWeights(&probabilities)
      for label in 0..<3 {
        let expected =
          evidence.strength * (log(probabilities[label]) - evidence.logShares[label])
        #expect(abs(found[document * 3 + label] - expected) < 1e-4)
        sums[label] += probabilities[label]
      }
    }
    for label in 0..<3 {
      #expect(abs(sums[label] / 300 - exp(evidence.logShares[label])) < 1e-4)
    }
  }

  /// A document's own label has no part in the classifier that labels it, nor have those of equal
  /// texts.
  @Test func aDocumentIsNotConfirmedByItsOwnLabel() throws {
    var (texts, gold) = SmallCorpus.texts(200, seed: 6)
    texts[50] = texts[3].uppercased()
    let one = try Self.evidence(texts, Self.posteriors(gold))
    (gold[3], gold[50]) = ((gold[3] + 1) % 3, (gold[3] + 1) % 3)
    let other = try Self.evidence(texts, Self.posteriors(gold))
    let fold = Self.fold(texts[3], one)
    #expect(Self.fold(texts[50], one) == fold)
    for index in 0..<UnseenFolds.count {
      #expect(
        (one.classifiers[index].weights == other.classifiers[index].weights) == (index == fold))
    }
  }

  @Test func textsThatTellNothingAreNotTakenIntoAccount() throws {
    var random = SplitMix64(seed: 8)
    let texts = (0..<400).map { _ in
      (0..<6).map { _ in "w\(random.below(300))" }.joined(separator: " ")
    }
    let gold = (0..<400).map { _ in random.below(3) }
    let evidence = try Self.evidence(texts, Self.posteriors(gold, lean: 0.9))
    #expect(evidence.explained < 0.05)
    #expect(evidence.strength < 0.1)
  }

  /// What a classifier knows of the words of functions that it has learned from may be wrong where
  /// others vote.
  @Test func whatDoesNotCarryOverToOtherFunctionsDoesNotCount() throws {
    let (known, gold) = SmallCorpus.texts(3_000, seed: 5)
    let posteriors = Self.posteriors(gold, lean: 0.9)
    // The same three words stand for other classes in documents of another fold. Equal texts would all
    // be left out at once.
    let own = gold.enumerated().map { "fold\($0 % 2) word\(($1 + $0 % 2) % 3) \($0)" }
    let repeated = try Self.evidence(own, posteriors)
    #expect(repeated.explained > 0.2 && repeated.strength == 0)
    #expect(try Self.evidence(known, posteriors).strength > 0.8)
  }

  /// Where every function votes on every document, what carries over to other documents counts.
  @Test func whereNoFunctionCanBeLeftOutDocumentsAre() throws {
    let (texts, gold) = SmallCorpus.texts(600, seed: 5)
    var labeled = LabeledTexts(TextBatch(texts), posteriors: Self.posteriors(gold, lean: 0.9))
    labeled.functionFolds = texts.map { _ in 0b11 }
    var trainer = TextEvidenceTrainer(
      labels: SmallCorpus.labels, semantics: LatentSemantics(texts))
    trainer.add(labeled)
    #expect(try trainer.train().strength > 0.8)
  }

  @Test func functionsOfOneClassAreDealtToDifferentFolds() throws {
    // Two functions vote for class 0, the first more often; two for class 1, equally often.
    let votes = try VoteMatrix(
      rows: [
        [0, nil, nil, nil], [0, nil, 1, nil], [nil, 0, nil, 1], [0, nil, nil, nil],
        [nil, nil, nil, nil],
      ], classes: 2)
    func marks(without left: [Bool] = []) throws -> [UInt8] {
      let marks = try FunctionFolds(votes.counted, without: left).marks(of: votes.patterns)
      return votes.ids.map { marks[Int($0)] }
    }
    #expect(try marks() == [0b001, 0b011, 0b010, 0b001, 0])
    // Without the most frequent one the next takes its place, and a document is left without any.
    #expect(try marks(without: [true, false, false, false]) == [0, 0b010, 0b011, 0, 0])
  }

  @Test(arguments: [0, 1, 59])
  func aFewDocumentsAreNotTakenIntoAccount(count: Int) throws {
    let (texts, gold) = SmallCorpus.texts(count, seed: 5)
    let evidence = try Self.evidence(texts, Self.posteriors(gold))
    #expect(evidence.strength == 0 && evidence.documents == count)
    #expect(evidence.logEvidence(TextBatch(texts)).isEmpty)
  }

  /// Equal texts are all in one fold, so that there is nothing to learn from in another.
  @Test func equalTextsAreNotTakenIntoAccount() throws {
    let evidence = try Self.evidence(
      [String](repeating: "the same", count: 100), [Float](repeating: 1 / 3, count: 300))
    #expect(evidence.strength == 0)
  }

  /// Labels of rare classes do not die out: on documents whose votes say nothing the shares stay.
  @Test func rareClassesStay() throws {
    let (texts, all) = SmallCorpus.texts(3000, seed: 9)
    // Class 2 is kept on one document in ten.
    let kept = all.indices.filter { all[$0] != 2 || $0 % 10 == 0 }
    let gold = kept.map { all[$0] }
    let share = Double(gold.count { $0 == 2 }) / Double(gold.count)
    let posteriors = Self.posteriors(gold, lean: 0.8)
    let evidence = try Self.evidence(kept.map { texts[$0] }, posteriors)
    let logs = evidence.logEvidence(TextBatch(kept.map { texts[$0] }))
    var labeled = 0
    var right = (before: 0, after: 0)
    for (document, label) in gold.enumerated() {
      var row = (0..<3).map { Double(posteriors[document * 3 + $0]) }
      if document % 4 == 0 { row = [1 / 3, 1 / 3, 1 / 3] }
      right.before += DecisionRule.mostProbable.label(row) == label ? 1 : 0
      TextEvidence.add(logs[document * 3..<document * 3 + 3], to: &row)
      #expect(abs(row.reduce(0, +) - 1) < 1e-9)
      right.after += DecisionRule.mostProbable.label(row) == label ? 1 : 0
      labeled += DecisionRule.mostProbable.label(row) == 2 ? 1 : 0
    }
    #expect(right.after > right.before)
    #expect(Double(labeled) / Double(gold.count) > 0.7 * share)
  }

  @Test func comesBackFromBytes() throws {
    let (texts, gold) = SmallCorpus.texts(120, seed: 5)
    for evidence in [
      try Self.evidence(texts, Self.posteriors(gold)), try Self.evidence([], []),
    ] {
      let bytes = evidence.encoded()
      func decode(_ bytes: [UInt8], classes: Int = 3) throws -> TextEvidence {
        try TextEvidence(decoding: bytes, semantics: evidence.semantics, classCount: classes)
      }
      let decoded = try decode(bytes)
      #expect(decoded.strength == evidence.strength && decoded.explained == evidence.explained)
      #expect(decoded.documents == evidence.documents)
      #expect(decoded.adjustment == evidence.adjustment)
      #expect(
        decoded.logEvidence(TextBatch(texts)) == evidence.logEvidence(TextBatch(texts)))
      for end in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 50)) {
        #expect(throws: ModelFileError.self) { try decode(Array(bytes[..<end])) }
      }
      #expect(throws: ModelFileError.self) { try decode(bytes + [0]) }
      if !evidence.isEmpty {
        #expect(throws: ModelFileError.self) { try decode(bytes, classes: 2) }
      }
    }
  }

  @Test func threadsAndBatchesChangeNothing() throws {
    let (texts, gold) = SmallCorpus.texts(900, seed: 5)
    let posteriors = Self.posteriors(gold)
    var trainer = TextEvidenceTrainer(
      labels: SmallCorpus.labels, semantics: LatentSemantics(texts), limit: 300)
    for begin in stride(from: 0, to: 900, by: 64) {
      let range = begin..<min(900, begin + 64)
      var labeled = LabeledTexts(
        TextBatch(texts[range]),
        posteriors: Array(posteriors[range.lowerBound * 3..<range.upperBound * 3]))
      labeled.functionFolds = range.map(Self.mark)
      trainer.add(labeled)
    }
    let one = try trainer.train(parallel: .dispatch(3))
    let other = try Self.evidence(texts, posteriors, limit: 300)
    #expect(one.documents == 300)
    #expect(one.encoded() == other.encoded())
  }

  @Test func stopsWhereItIsAskedTo() throws {
    let (texts, gold) = SmallCorpus.texts(120, seed: 5)
    var trainer = TextEvidenceTrainer(
      labels: SmallCorpus.labels, semantics: LatentSemantics(texts))
    trainer.add(LabeledTexts(TextBatch(texts), posteriors: Self.posteriors(gold)))
    #expect(throws: TrainingError.self) { try trainer.train { _ in false } }
  }
}
