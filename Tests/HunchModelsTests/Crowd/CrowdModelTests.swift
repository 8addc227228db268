import HunchModels
import Testing
import TestSupport

/// The crowd's model against the truth of synthetic crowds and against a majority vote.
@Suite struct CrowdModelTests {
  private typealias Crowd = SyntheticCrowd

  private static let spammed: [SyntheticCrowd] = [
    Crowd(
      "two classes, 10 of 30 spam in three ways", balance: [0.5, 0.5],
      workers: Crowd.knowing(20, 0.65...0.92) + [Crowd.Worker](repeating: .guessing, count: 4)
        + [Crowd.Worker](repeating: .always(0), count: 3)
        + [Crowd.Worker](repeating: .knowing(0.2), count: 3)),
    Crowd(
      "a rare class, 10 of 30 spam", balance: [0.85, 0.15],
      workers: Crowd.knowing(20, 0.65...0.92) + [Crowd.Worker](repeating: .guessing, count: 5)
        + [Crowd.Worker](repeating: .always(1), count: 5)),
    Crowd(
      "four classes, 15 of 40 spam", balance: [0.4, 0.3, 0.2, 0.1],
      workers: Crowd.knowing(25, 0.5...0.9) + [Crowd.Worker](repeating: .guessing, count: 8)
        + [Crowd.Worker](repeating: .always(0), count: 7), documents: 600),
    Crowd(
      "three classes, half confuse two", balance: [0.4, 0.3, 0.3],
      workers: Crowd.knowing(15, 0.7...0.9) + [Crowd.Worker](repeating: .confusing, count: 15),
      documents: 600),
  ]

  private static let honest: [SyntheticCrowd] = [
    Crowd("two classes", balance: [0.5, 0.5], workers: Crowd.knowing(30, 0.65...0.92)),
    Crowd("a rare class", balance: [0.85, 0.15], workers: Crowd.knowing(30, 0.65...0.92)),
    Crowd(
      "four classes", balance: [0.4, 0.3, 0.2, 0.1], workers: Crowd.knowing(40, 0.5...0.9),
      documents: 600),
    Crowd(
      "three answers from each of 400", balance: [0.5, 0.3, 0.2],
      workers: Crowd.knowing(400, 0.6...0.95), documents: 400, answersPerDocument: 3),
  ]

  /// The mean gain over a majority vote in accuracy and the worst of ten draws.
  private static func gain(_ crowd: SyntheticCrowd) -> (mean: Double, worst: Double) {
    var gains: [Double] = []
    for seed in 1...10 {
      let (answers, gold) = crowd.draw(seed: UInt64(seed) &* 7919)
      let fit = CrowdModel().fit(answers)
      gains.append(
        Crowd.accuracy(fit.posteriors, gold)
          - Crowd.accuracy(Crowd.majority(answers), gold))
    }
    return (gains.reduce(0, +) / 10, gains.min() ?? 0)
  }

  @Test(.enabled(if: Repository.isOptimized, "runs in release builds only"), arguments: spammed)
  func beatsAMajorityWhereSomeSpam(_ crowd: SyntheticCrowd) {
    let gain = Self.gain(crowd)
    #expect(gain.mean > 0.04, "\(crowd.name): \(gain)")
    #expect(gain.worst > 0.01, "\(crowd.name): \(gain)")
  }

  @Test(arguments: honest) func isNoWorseWhereNobodyDoes(_ crowd: SyntheticCrowd) {
    let gain = Self.gain(crowd)
    #expect(gain.mean > -0.002, "\(crowd.name): \(gain)")
    #expect(gain.worst > -0.02, "\(crowd.name): \(gain)")
  }

  @Test func aWorkerWithOneAnswerIsTakenForTheCrowd() {
    // Nine answer twenty documents alike; the tenth answers one, against them.
    var answers: [CrowdAnswers.Answer] = []
    for document in 0..<20 {
      for worker in 0..<9 {
        answers.append(
          .init(
            document: Int32(document), worker: Int32(worker),
            label: Int16(worker < 8 ? document % 2 : 1 - document % 2)))
      }
    }
    answers.append(.init(document: 0, worker: 9, label: 1))
    let crowd = CrowdAnswers(answers, documentCount: 20, workerCount: 10, classCount: 2)
    let fit = CrowdModel().fit(crowd)
    let (single, often) = (fit.confusion(of: 9), fit.confusion(of: 8))
    #expect(often[0] < 0.3, "eighteen wrong answers outweigh the crowd: \(often)")
    #expect(single[0] > often[0], "one wrong answer does not: \(single)")
    #expect(fit.workers(crowd)[9].verdict == .undecided)
    #expect(fit.posteriors[0] > 0.9)
  }

  @Test func rowsSumToOneAndAgreeWithASlowOracle() {
    let (answers, _) = Self.spammed[2].draw(seed: 5)
    let fit = CrowdModel().fit(answers)
    for document in 0..<answers.documentCount {
      #expect(abs(fit.posteriors[document * 4..<document * 4 + 4].reduce(0, +) - 1) < 1e-9)
    }
    // The crowd's counts, one answer at a time from the final posteriors.
    for worker in [0, 17, 39] {
      var counts = [Double](repeating: 0, count: 16)
      for document in 0..<answers.documentCount {
        for answer in answers.answers(of: document) where answers.workers[answer] == worker {
          for label in 0..<4 {
            counts[label * 4 + Int(answers.labels[answer])] += fit.posteriors[document * 4 + label]
          }
        }
      }
      let confusion = fit.confusion(of: worker)
      for label in 0..<4 {
        let total = counts[label * 4..<label * 4 + 4].reduce(0, +) + fit.priorAnswers
        for answer in 0..<4 {
          let cell = label * 4 + answer
          let expected = (counts[cell] + fit.priorAnswers * fit.crowd[cell]) / total
          #expect(abs(confusion[cell] - expected) < 1e-9)
        }
        #expect(abs(confusion[label * 4..<label * 4 + 4].reduce(0, +) - 1) < 1e-9)
      }
    }
  }

  @Test func theLastOfSeveralAnswersCounts() {
    let answers = CrowdAnswers(
      [
        .init(document: 0, worker: 1, label: 0), .init(document: 0, worker: 0, label: 1),
        .init(document: 0, worker: 1, label: 1), .init(document: 1, worker: 0, label: 0),
        .init(document: 1, worker: 0, label: 0),
      ], documentCount: 2, workerCount: 2, classCount: 2)
    #expect(answers.workers == [0, 1, 0])
    #expect(answers.labels == [1, 1, 0])
    #expect(answers.repeated == 2)
    #expect(answers.tallies() == [0, 2, 1, 0])
  }

  @Test func nothingAtAll() {
    let answers = CrowdAnswers([], documentCount: 0, workerCount: 0, classCount: 3)
    let fit = CrowdModel().fit(answers)
    #expect(fit.posteriors.isEmpty)
    #expect(fit.workers(answers).isEmpty)
    #expect(CrowdBands(fit, answers).logWeights.allSatisfy { $0 == 0 })
  }
}
