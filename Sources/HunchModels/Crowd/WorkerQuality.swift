/// What a crowd's answers say of one worker.
///
/// Everything is judged against what the *other* workers' answers say of a document: q_{−j}, the
/// posterior without j's own answer. With g_i = q_{−j,i}(the class that j answered) and the skill a,
/// the share of answers that follow the document while the others are guesses by frequencies r,
///
///     P(answer to i) = a g_i + (1 − a) r_answer                               for a ≥ 0
///     P(answer to i) = |a| Σ_{y ≠ answer} q_{−j,i,y} r_answer / (1 − r_y) + (1 − |a|) r_answer   for a < 0
///
/// The first is the model of D. Hovy et al., "Learning whom to trust with MACE" (2013); the second
/// is for somebody who knows the class and avoids it. a is the value of the largest likelihood, its
/// 95 % interval that of the likelihood ratio, with r chosen anew for each a. Somebody with three
/// answers, or who always answers the class that nearly every document has, gets a wide interval
/// and is accused of nothing.
package struct WorkerQuality: Sendable, Equatable {
  /// What can be said of a worker.
  package enum Verdict: String, Sendable, CaseIterable {
    /// Answers follow the documents.
    case informative
    /// Too few answers to tell.
    case undecided
    /// Answers carry next to no information, and nearly all are of one class.
    case oneClass = "one-class"
    /// Answers carry next to no information.
    case random
    /// Answers are wrong more often than guesses are. They carry information, turned around.
    case adversarial

    /// Whether answers say nothing about the class.
    package var isSpam: Bool { self == .oneClass || self == .random }
  }

  /// The answers that count.
  package let answers: Int
  /// The share of other workers' answers about the same documents that are the same, each document
  /// counting the same; nil where nobody else answered.
  package let agreement: Double?
  /// The agreement-implied accuracy: the mean posterior of the classes answered; nil without
  /// answers.
  package let accuracy: Double?
  /// The 95 % ``Wilson`` interval of ``accuracy``.
  package let accuracyInterval: Interval?
  /// a, from −1 to 1.
  package let skill: Double
  /// The 95 % interval of a.
  package let skillInterval: Interval
  /// The distance of the learned confusion matrix from one with equal rows, from 0 to 1:
  /// Σ_{y<y'} Σ_c (θ_yc − θ_y'c)² / (K (K − 1)), the spammer score of V. C. Raykar and S. Yu,
  /// "Eliminating spammers and ranking annotators for crowdsourced labeling tasks" (2012), divided
  /// so that it is 1 for somebody who is always right.
  package let information: Double
  /// The answers of each class.
  package let answered: [Int]
  package let verdict: Verdict

  /// Below which a the upper end of the interval must lie for a worker to be called a spammer.
  static let spamLimit = 1.0 / 3
  /// With fewer answers about documents that others answered about too, nobody is accused of
  /// anything: the likelihood ratio is not to be relied on then.
  package static let leastAnswers = 10
  /// The share of answers of one class from which on it is always the same.
  static let oneClassShare = 0.95
}

extension CrowdFit {
  /// What the answers say of each worker.
  ///
  /// - Complexity: O(answers × (classes + values of a × rounds of r)).
  package func workers(_ answers: CrowdAnswers) -> [WorkerQuality] {
    let byWorker = AnswersByWorker(answers)
    let logs = expectedLogs()
    let tallies = answers.tallies()
    return (0..<answers.workerCount).map { worker in
      quality(of: worker, answers, byWorker.answers(of: worker), byWorker, logs, tallies)
    }
  }

  private func quality(
    of worker: Int, _ answers: CrowdAnswers, _ own: Range<Int>, _ byWorker: AnswersByWorker,
    _ logs: [Double], _ tallies: [Int32]
  ) -> WorkerQuality {
    var answered = [Int](repeating: 0, count: classCount)
    var (right, agreement, shared) = (0.0, 0.0, 0.0)
    var evidence = SkillEvidence(classCount: classCount)
    var row = [Double](repeating: 0, count: classCount)
    for place in own {
      let (document, label) = (Int(byWorker.documents[place]), Int(byWorker.labels[place]))
      answered[label] += 1
      right += posteriors[document * classCount + label]
      let others = answers.answers(of: document).count - 1
      // Alone on a document, nothing is known of it.
      if others == 0 { continue }
      agreement += Double(tallies[document * classCount + label] - 1) / Double(others)
      shared += 1
      let table = (worker * classCount + label) * classCount
      for each in 0..<classCount {
        row[each] =
          naturalLog(max(posteriors[document * classCount + each], 1e-300)) - logs[table + each]
      }
      normalizeLogWeights(&row)
      evidence.add(answer: label, others: row)
    }
    let skill = evidence.estimate()
    let total = Double(own.count)
    let information = spammerScore(confusion(of: worker))
    return WorkerQuality(
      answers: own.count, agreement: shared > 0 ? agreement / shared : nil,
      accuracy: total > 0 ? min(1, right / total) : nil,
      accuracyInterval: Wilson.interval(successes: right, trials: total),
      skill: skill.value, skillInterval: skill.interval, information: information,
      answered: answered,
      verdict: verdict(
        skill, answered, judged: Int(shared), tellsClassesApart: evidence.showsDependence))
  }

  private func verdict(
    _ skill: (value: Double, interval: Interval), _ answered: [Int], judged: Int,
    tellsClassesApart: Bool
  ) -> WorkerQuality.Verdict {
    let isAccusable = judged >= WorkerQuality.leastAnswers
    if isAccusable, skill.interval.upper < 0 { return .adversarial }
    if isAccusable, skill.interval.upper < WorkerQuality.spamLimit, skill.interval.lower <= 0 {
      // Somebody who takes two classes for each other is often wrong and yet tells a lot.
      if tellsClassesApart { return .informative }
      let most = Double(answered.max() ?? 0) / Double(max(1, answered.reduce(0, +)))
      return most >= WorkerQuality.oneClassShare ? .oneClass : .random
    }
    return skill.interval.lower > 0 ? .informative : .undecided
  }

  private func spammerScore(_ confusion: [Double]) -> Double {
    guard classCount > 1 else { return 0 }
    var sum = 0.0
    for first in 0..<classCount {
      for second in first + 1..<classCount {
        for answer in 0..<classCount {
          let difference =
            confusion[first * classCount + answer] - confusion[second * classCount + answer]
          sum += difference * difference
        }
      }
    }
    return sum / Double(classCount * (classCount - 1))
  }
}

/// The answers of each worker.
struct AnswersByWorker {
  private let starts: [Int]
  let documents: [Int32]
  let labels: [Int16]

  init(_ answers: CrowdAnswers) {
    var starts = [Int](repeating: 0, count: answers.workerCount + 1)
    for worker in answers.workers { starts[Int(worker) + 1] += 1 }
    for worker in 0..<answers.workerCount { starts[worker + 1] += starts[worker] }
    var next = starts
    var documents = [Int32](repeating: 0, count: answers.count)
    var labels = [Int16](repeating: 0, count: answers.count)
    for document in 0..<answers.documentCount {
      for answer in answers.answers(of: document) {
        let worker = Int(answers.workers[answer])
        documents[next[worker]] = Int32(document)
        labels[next[worker]] = answers.labels[answer]
        next[worker] += 1
      }
    }
    (self.starts, self.documents, self.labels) = (starts, documents, labels)
  }

  func answers(of worker: Int) -> Range<Int> { starts[worker]..<starts[worker + 1] }
}
