/// Dawid and Skene's model of a crowd in which workers share what they have in common, so that
/// somebody with few answers counts as the crowd does, not as those few answers say.
///
/// For worker j, θ_jyc is the probability of answering c about a document of class y. Each row of
/// it comes from a Dirichlet distribution around the crowd's own row:
///
///     θ_jy ~ Dirichlet(s P_y),   P_yc = (Σ_j C_jyc + a_y m_yc) / (Σ_jc C_jyc + a_y),
///     C_jyc = Σ_i q_iy [j answers c about i],   m_yc = p if y = c, else (1 − p) / (K − 1)
///
/// p is the share of all answers that are right by q, from ¾ with 10 pseudo-answers, and
/// a_y = 10 + π_y n / 2 for n answers: rows that differ from each other have to show it, or the fit
/// of few answers to each worker runs off to one class. s, the answers that the crowd counts as
/// beside a worker's own, is the one of a few values that makes the answers most probable; at most 8
/// where most documents have fewer than three answers, since who is better cannot be told from two
/// and s would come out too large. The posterior of the classes is
///
///     q_iy ∝ π_y exp Σ_j E[log θ_jyc],   E[log θ_jyc] = ψ(C_jyc + s P_yc) − ψ(C_jy + s)
///
/// that is, mean-field variational Bayes: what is not known well speaks more quietly. The class
/// balance is learned as in ``DawidSkene``: where half of the documents have three answers or more,
/// π_y = (Σ_i q_iy + κ n / K) / (n + κ n) with κ = 0.1; else it stays equal.
///
/// Sources: Dawid and Skene (1979); H.-C. Kim and Z. Ghahramani, "Bayesian classifier combination"
/// (2012); Q. Liu, J. Peng and A. Ihler, "Variational inference for crowdsourcing" (2012).
package struct CrowdModel: Sendable {
  /// Below which change of a posterior the rounds stop.
  package static let tolerance = 1e-4
  package static let maximumRounds = 200
  static let crowdAnswers = 10.0
  static let crowdShare = 0.5
  static let balanceStrength = 0.1
  static let candidates = [1.0, 2, 4, 8, 16, 32]
  static let mostOfThin = 8.0

  package init() {}

  /// Learns how the workers of a crowd confuse the classes, from all answers.
  ///
  /// - Complexity: O(rounds × (answers + workers × classes) × classes) time, O((documents +
  ///   workers × classes) × classes) memory.
  package func fit(_ answers: CrowdAnswers) -> CrowdFit {
    let classCount = answers.classCount
    let covered = (0..<answers.documentCount).filter { !answers.answers(of: $0).isEmpty }
    let thick = covered.count { answers.answers(of: $0).count >= 3 }
    let learnsBalance = 2 * thick >= covered.count && !covered.isEmpty
    var fit = CrowdFit(answers)
    var change = Double.infinity
    var row = [Double](repeating: 0, count: classCount)
    while !covered.isEmpty, change >= Self.tolerance, fit.rounds < Self.maximumRounds {
      fit.rounds += 1
      if learnsBalance { fit.learnBalance(covered) }
      fit.count(answers)
      if [2, 5, 10, 20].contains(fit.rounds) {
        fit.choosePrior(Self.candidates.filter { learnsBalance || $0 <= Self.mostOfThin })
      }
      let logs = fit.expectedLogs()
      let logBalance = fit.classBalance.map { naturalLog($0) }
      change = 0
      for document in covered {
        for label in 0..<classCount { row[label] = logBalance[label] }
        for answer in answers.answers(of: document) {
          let table = answers.table(answer)
          for label in 0..<classCount { row[label] += logs[table + label] }
        }
        normalizeLogWeights(&row)
        change = max(change, row.replace(in: &fit.posteriors, at: document * classCount))
      }
    }
    fit.converged = change < Self.tolerance
    fit.count(answers)
    return fit
  }
}

/// What ``CrowdModel`` learned.
package struct CrowdFit: Sendable, Equatable {
  /// The share of each class.
  package internal(set) var classBalance: [Double]
  /// The probabilities of the classes, documents × classes; equal where nobody answered.
  package internal(set) var posteriors: [Double]
  /// s: the answers that the crowd counts as beside those of a worker.
  package internal(set) var priorAnswers = 4.0
  /// P_yc, classes × classes.
  package internal(set) var crowd: [Double]
  /// The rounds it took.
  package internal(set) var rounds = 0
  /// Whether it settled before the rounds ran out.
  package internal(set) var converged = true
  /// C_jyc with the class answered before the true one: workers × answers × classes.
  private(set) var counts: [Double]

  let workerCount: Int

  package var classCount: Int { classBalance.count }

  init(_ answers: CrowdAnswers) {
    let classCount = answers.classCount
    workerCount = answers.workerCount
    let equal = 1 / Double(classCount)
    classBalance = [Double](repeating: equal, count: classCount)
    crowd = [Double](repeating: equal, count: classCount * classCount)
    counts = [Double](repeating: 0, count: answers.workerCount * classCount * classCount)
    posteriors = [Double](repeating: equal, count: answers.documentCount * classCount)
    let tallies = answers.tallies()
    for document in 0..<answers.documentCount {
      let total = Double(answers.answers(of: document).count)
      if total == 0 { continue }
      for label in document * classCount..<(document + 1) * classCount {
        posteriors[label] = Double(tallies[label]) / total
      }
    }
  }

  /// The learned confusion matrix of a worker, flat, true classes × answers: what is expected of
  /// further answers; each row sums to 1.
  package func confusion(of worker: Int) -> [Double] {
    (0..<classCount * classCount).map { cell in
      let (label, answer) = (cell / classCount, cell % classCount)
      let total = (0..<classCount).reduce(0) { $0 + count(worker, answer: $1, label: label) }
      return (count(worker, answer: answer, label: label) + priorAnswers * crowd[cell])
        / (total + priorAnswers)
    }
  }

  func count(_ worker: Int, answer: Int, label: Int) -> Double {
    counts[(worker * classCount + answer) * classCount + label]
  }

  mutating func learnBalance(_ covered: [Int]) {
    var mass = [Double](repeating: 0, count: classCount)
    for document in covered {
      for label in 0..<classCount { mass[label] += posteriors[document * classCount + label] }
    }
    let prior = CrowdModel.balanceStrength * Double(covered.count)
    classBalance = mass.map {
      ($0 + prior / Double(classCount)) / (Double(covered.count) + prior)
    }
  }

  /// C_jyc and P_yc.
  mutating func count(_ answers: CrowdAnswers) {
    for cell in counts.indices { counts[cell] = 0 }
    var right = 0.75 * CrowdModel.crowdAnswers
    for document in 0..<answers.documentCount {
      for answer in answers.answers(of: document) {
        let table = answers.table(answer)
        for label in 0..<classCount {
          counts[table + label] += posteriors[document * classCount + label]
        }
        right += posteriors[document * classCount + Int(answers.labels[answer])]
      }
    }
    let others = Double(max(1, classCount - 1))
    let accuracy = right / (CrowdModel.crowdAnswers + Double(answers.count))
    var totals = classBalance.map {
      CrowdModel.crowdAnswers + CrowdModel.crowdShare * $0 * Double(answers.count)
    }
    for label in 0..<classCount {
      for answer in 0..<classCount {
        crowd[label * classCount + answer] =
          totals[label] * (label == answer ? accuracy : (1 - accuracy) / others)
      }
    }
    for worker in 0..<workerCount {
      for answer in 0..<classCount {
        for label in 0..<classCount {
          let count = count(worker, answer: answer, label: label)
          crowd[label * classCount + answer] += count
          totals[label] += count
        }
      }
    }
    for cell in crowd.indices { crowd[cell] /= totals[cell / classCount] }
  }

  /// Takes the s with which the expected answers are most probable (Dirichlet-multinomial).
  mutating func choosePrior(_ candidates: [Double]) {
    var best = (priorAnswers, -Double.infinity)
    for candidate in candidates {
      var sum = 0.0
      let base = crowd.map { logGamma(candidate * $0) }
      let total = logGamma(candidate)
      for worker in 0..<workerCount {
        for label in 0..<classCount {
          var answers = 0.0
          for answer in 0..<classCount {
            let count = count(worker, answer: answer, label: label)
            if count < 1e-9 { continue }
            let cell = label * classCount + answer
            answers += count
            sum += logGamma(candidate * crowd[cell] + count) - base[cell]
          }
          if answers > 0 { sum += total - logGamma(candidate + answers) }
        }
      }
      if sum > best.1 { best = (candidate, sum) }
    }
    priorAnswers = best.0
  }

  /// E[log θ_jyc], workers × answers × classes.
  func expectedLogs() -> [Double] {
    var logs = counts
    for worker in 0..<workerCount {
      for label in 0..<classCount {
        var total = priorAnswers
        for answer in 0..<classCount { total += count(worker, answer: answer, label: label) }
        let base = digamma(total)
        for answer in 0..<classCount {
          let cell = (worker * classCount + answer) * classCount + label
          logs[cell] =
            digamma(counts[cell] + priorAnswers * crowd[label * classCount + answer]) - base
        }
      }
    }
    return logs
  }
}
