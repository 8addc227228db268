import HunchModels
import TestSupport
import Testing

/// How gold labels are dealt out to the folds of cross-validation.
struct GoldSampleTests {
  private func draw(seed: Int) -> (votes: CompressedVotes, gold: [Int], covered: [Int]) {
    let (votes, gold) = DenseVotes.random(
      documents: 400, functions: 6, classes: 3, seed: UInt64(seed))
    let compressed = votes.compressed()
    let known = gold.enumerated().map { $0.offset % 3 == 0 ? $0.element : -1 }
    let covered = known.indices.filter {
      known[$0] >= 0 && compressed.patterns.isCovered(compressed.ids[$0])
    }
    return (compressed, known, covered)
  }

  private func row(_ patterns: VotePatterns, _ pattern: Int) -> [Int32] {
    patterns.entries(of: pattern).flatMap { [patterns.functions[$0], patterns.votes[$0]] }
  }

  @Test(arguments: 0..<4)
  func everyCoveredDocumentIsThereOnce(seed: Int) throws {
    let (votes, gold, covered) = draw(seed: seed)
    let sample = try GoldSample(votes.counted(gold: gold))
    let expected = covered.map { row(votes.patterns, votes.ids[$0]) + [Int32(gold[$0])] }
    let found = sample.documents.map { row(sample.patterns, $0.pattern) + [Int32($0.label)] }
    #expect(
      found.sorted { $0.lexicographicallyPrecedes($1) }
        == expected.sorted { $0.lexicographicallyPrecedes($1) })
  }

  @Test func foldsAreAlike() throws {
    let (votes, gold, _) = draw(seed: 1)
    let sample = try GoldSample(votes.counted(gold: gold))
    for label in 0..<3 {
      let sizes = (0..<GoldSample.folds).map { fold in
        sample.documents.enumerated().count {
          $0.offset % GoldSample.folds == fold && $0.element.label == label
        }
      }
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }
  }

  @Test func theOrderOfTheCorpusDoesNotMatter() throws {
    let (votes, gold) = DenseVotes.random(documents: 300, functions: 5, classes: 2, seed: 7)
    let turned = DenseVotes(rows: votes.rows.reversed(), functionCount: 5, classCount: 2)
    let one = try GoldSample(votes.compressed().counted(gold: gold))
    let other = try GoldSample(turned.compressed().counted(gold: gold.reversed()))
    #expect(one.patterns == other.patterns)
    #expect(one.documents == other.documents)
  }

  @Test func theOrderOfFunctionsDoesNotMatter() throws {
    let (votes, gold) = DenseVotes.random(documents: 300, functions: 5, classes: 2, seed: 7)
    let turned = DenseVotes(
      rows: votes.rows.map { $0.reversed() }, functionCount: 5, classCount: 2)
    let one = try GoldSample(votes.compressed().counted(gold: gold))
    let other = try GoldSample(turned.compressed().counted(gold: gold))
    #expect(one.documents.map(\.label) == other.documents.map(\.label))
    for (first, second) in zip(one.documents, other.documents) {
      let entries = row(other.patterns, second.pattern)
      let back = stride(from: entries.count - 2, through: 0, by: -2).flatMap {
        [4 - entries[$0], entries[$0 + 1]]
      }
      #expect(row(one.patterns, first.pattern) == back)
    }
  }

  @Test func aFoldDoesNotKnowItsOwnLabels() throws {
    let (votes, gold, _) = draw(seed: 2)
    let counted = votes.counted(gold: gold)
    let sample = try GoldSample(counted)
    let all = try GoldVotes(counted)
    var documents = 0
    var correct = [Int](repeating: 0, count: all.correct.count)
    for fold in 0..<GoldSample.folds {
      let outside = sample.gold(outside: fold)
      documents += all.documents - outside.documents
      for place in correct.indices { correct[place] += all.correct[place] - outside.correct[place] }
    }
    #expect(documents == all.documents)
    #expect(correct == all.correct)
    // The posterior of a document is that of a fit with the labels of the other folds.
    let rows = try sample.posteriorsOutOfFold(.mapEM, votes.counted(), given: Evidence()).rows
    let fit = try FireOnlyMAPEM().fit(
      votes.counted(), given: Evidence(gold: sample.gold(outside: 3)))
    let expected = fit.posterior(of: sample.documents[8].pattern, in: sample.patterns)
    #expect(Array(rows[24..<27]) == expected)
  }

  @Test func ofVeryManyAnEvenPartIsTaken() throws {
    let (votes, gold) = DenseVotes.random(documents: 4000, functions: 5, classes: 2, seed: 9)
    let compressed = votes.compressed()
    let all = try GoldSample(compressed.counted(gold: gold))
    let part = try GoldSample(compressed.counted(gold: gold), mostDocuments: 1000)
    #expect(abs(part.documents.count - 1000) < 60)
    for label in 0..<2 {
      let share = Double(part.documents.count { $0.label == label }) / Double(part.documents.count)
      let expected = Double(all.documents.count { $0.label == label }) / Double(all.documents.count)
      #expect(abs(share - expected) < 0.04)
    }
  }
}
