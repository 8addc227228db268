import HunchModels
import Testing
import TestSupport

/// Who is called a spammer, and who is not.
@Suite struct WorkerQualityTests {
  private func verdicts(
    _ crowd: SyntheticCrowd, draws: Int = 5
  ) -> [[WorkerQuality.Verdict: Int]] {
    var counts = [[WorkerQuality.Verdict: Int]](repeating: [:], count: crowd.workers.count)
    for seed in 1...draws {
      let (answers, _) = crowd.draw(seed: UInt64(seed) &* 104_729)
      for (worker, quality) in CrowdModel().fit(answers).workers(answers).enumerated() {
        counts[worker][quality.verdict, default: 0] += 1
      }
    }
    return counts
  }

  @Test func plantedSpammersAreFoundAndOthersAreNot() {
    let crowd = SyntheticCrowd(
      "spam", balance: [0.5, 0.5],
      workers: SyntheticCrowd.knowing(20, 0.7...0.95)
        + [SyntheticCrowd.Worker](repeating: .guessing, count: 4)
        + [SyntheticCrowd.Worker](repeating: .always(0), count: 3)
        + [SyntheticCrowd.Worker](repeating: .knowing(0.2), count: 3), documents: 600)
    let counts = verdicts(crowd)
    func sum(_ workers: Range<Int>, _ verdict: WorkerQuality.Verdict) -> Int {
      workers.reduce(0) { $0 + (counts[$1][verdict] ?? 0) }
    }
    // The least accurate one is right on 70 %: a skill of .4, near the limit.
    #expect(sum(0..<20, .random) + sum(0..<20, .oneClass) + sum(0..<20, .adversarial) <= 2)
    #expect(sum(8..<20, .random) + sum(8..<20, .oneClass) + sum(8..<20, .adversarial) == 0)
    #expect(sum(0..<20, .informative) >= 95)
    #expect(sum(20..<24, .random) >= 14)
    #expect(sum(24..<27, .oneClass) == 15)
    #expect(sum(27..<30, .adversarial) == 15)
  }

  @Test func whoConfusesTwoClassesIsNoSpammer() {
    let crowd = SyntheticCrowd(
      "confusion", balance: [0.4, 0.3, 0.3],
      workers: SyntheticCrowd.knowing(15, 0.7...0.9)
        + [SyntheticCrowd.Worker](repeating: .confusing, count: 15), documents: 600)
    for counts in verdicts(crowd) { #expect(counts == [.informative: 5]) }
  }

  @Test func fewAnswersAccuseNobody() {
    let crowd = SyntheticCrowd(
      "three answers each", balance: [0.5, 0.5],
      workers: SyntheticCrowd.knowing(300, 0.65...0.95)
        + [SyntheticCrowd.Worker](repeating: .guessing, count: 100), documents: 400,
      answersPerDocument: 3)
    for counts in verdicts(crowd, draws: 2) {
      #expect(Set(counts.keys).isSubset(of: [.undecided, .informative]))
    }
  }

  @Test func oneClassIsNoAccusationWhereAllDocumentsAreOfIt() {
    // Everybody is right; the documents of the first worker are all of class 0.
    var answers: [CrowdAnswers.Answer] = []
    for document in 0..<200 {
      for worker in 0..<6 where worker > 0 || document < 40 {
        answers.append(
          .init(
            document: Int32(document), worker: Int32(worker),
            label: document < 100 ? 0 : 1))
      }
    }
    let crowd = CrowdAnswers(answers, documentCount: 200, workerCount: 6, classCount: 2)
    let workers = CrowdModel().fit(crowd).workers(crowd)
    #expect(!workers[0].verdict.isSpam)
    #expect(workers[0].agreement == 1)
    #expect(workers[1].verdict == .informative)
    #expect(workers[1].information > 0.8)
  }

  @Test func agreementIsTheMeanShareOfOthersWhoSayTheSame() {
    let crowd = CrowdAnswers(
      [
        .init(document: 0, worker: 0, label: 0), .init(document: 0, worker: 1, label: 0),
        .init(document: 0, worker: 2, label: 1), .init(document: 1, worker: 0, label: 1),
        .init(document: 1, worker: 1, label: 1), .init(document: 2, worker: 0, label: 1),
      ], documentCount: 3, workerCount: 3, classCount: 2)
    let workers = CrowdModel().fit(crowd).workers(crowd)
    #expect(workers.map(\.agreement) == [0.75, 0.75, 0])
    #expect(workers.map(\.answers) == [3, 2, 1])
    #expect(workers[0].answered == [1, 2])
  }
}
