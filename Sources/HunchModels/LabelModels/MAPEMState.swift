// Goals, in order: never NaN and no overflow (log space, maximum subtracted); the same bits on
// every run (fixed order of sums); cost per round proportional to the votes that occur, not to
// functions × classes². For the last, tables are kept for the (function, vote) pairs that occur in
// some pattern, called outcomes here: most functions only ever vote for one class.

/// The tables and posteriors of ``FireOnlyMAPEM`` between rounds.
struct MAPEMState {
  let patterns: VotePatterns
  let counts: [Int]
  let balance: [Double]
  let coveredDocuments: Int
  private let strength: Double
  private let outcomes: VoteOutcomes
  private let weights: [Double]
  /// κ n π_y m_jyc, outcomes × classes.
  private let priorCounts: [Double]
  /// w_j log θ_jyc, outcomes × classes.
  private var logTables: [Double]
  private var posteriors: [Double]

  init(
    _ patterns: VotePatterns, counts: [Int], balance: [Double],
    _ hyperParameters: FireOnlyMAPEM.HyperParameters
  ) {
    self.patterns = patterns
    self.counts = counts
    self.balance = balance
    let covered = (0..<patterns.count).reduce(0) {
      $0 + (patterns.isCovered($1) ? counts[$1] : 0)
    }
    coveredDocuments = covered
    outcomes = VoteOutcomes(patterns)
    // Without documents any positive weight gives the tables of the prior.
    strength = covered > 0 ? hyperParameters.priorStrength * Double(covered) : 1
    let functions = outcomes.functions
    weights = functions.map { hyperParameters.functionWeights?[$0] ?? 1 }
    priorCounts = MAPEMPrior(
      outcomes, patterns, counts: counts, balance: balance, hyperParameters
    ).counts(strength: strength)
    logTables = [Double](repeating: 0, count: functions.count * balance.count)
    posteriors = MajorityVote.voteShares(patterns, uncovered: balance)
  }

  /// The M-step.
  mutating func updateTables() {
    let classCount = balance.count
    var expected = [Double](repeating: 0, count: logTables.count)
    var mass = [Double](repeating: 0, count: classCount)
    for pattern in 0..<patterns.count where counts[pattern] > 0 && patterns.isCovered(pattern) {
      let count = Double(counts[pattern])
      let row = pattern * classCount
      for label in 0..<classCount { mass[label] += count * posteriors[row + label] }
      for entry in patterns.entries(of: pattern) {
        let table = outcomes.ofEntries[entry] * classCount
        for label in 0..<classCount {
          expected[table + label] += count * posteriors[row + label]
        }
      }
    }
    // The floor keeps logarithms finite where a class has no mass and the prior no weight.
    let floor = 1e-300
    for outcome in weights.indices {
      for label in 0..<classCount {
        let index = outcome * classCount + label
        let share =
          (expected[index] + priorCounts[index])
          / max(floor, mass[label] + strength * balance[label])
        logTables[index] = weights[outcome] * naturalLog(max(floor, share))
      }
    }
  }

  /// The E-step for patterns that have documents; returns the largest change.
  mutating func updatePosteriors() -> Double {
    let classCount = balance.count
    var row = [Double](repeating: 0, count: classCount)
    var change = 0.0
    for pattern in 0..<patterns.count where counts[pattern] > 0 && patterns.isCovered(pattern) {
      posterior(of: pattern, into: &row)
      for label in 0..<classCount {
        let index = pattern * classCount + label
        change = max(change, abs(row[label] - posteriors[index]))
        posteriors[index] = row[label]
      }
    }
    return change
  }

  /// The posteriors of all patterns under the present tables, and the composite log-likelihood.
  func finalPosteriors() -> (posteriors: [Double], logLikelihood: Double) {
    let classCount = balance.count
    var all = [Double](repeating: 0, count: patterns.count * classCount)
    var row = [Double](repeating: 0, count: classCount)
    var logLikelihood = 0.0
    for pattern in 0..<patterns.count {
      let isCovered = patterns.isCovered(pattern)
      if isCovered {
        logLikelihood += posterior(of: pattern, into: &row) * Double(counts[pattern])
      }
      for label in 0..<classCount {
        all[pattern * classCount + label] = isCovered ? row[label] : balance[label]
      }
    }
    return (all, logLikelihood)
  }

  /// The log tables by function and vote, each row shifted to mean 0.
  func evidence() -> [[Double]] {
    let classCount = balance.count
    var tables = [[Double]](
      repeating: [Double](repeating: 0, count: classCount * classCount),
      count: patterns.functionCount)
    for (outcome, function) in outcomes.functions.enumerated() {
      let row = logTables[outcome * classCount..<(outcome + 1) * classCount]
      let mean = row.reduce(0, +) / Double(classCount)
      let vote = outcomes.votes[outcome]
      for (label, value) in row.enumerated() {
        tables[function][vote * classCount + label] = value - mean
      }
    }
    return tables
  }

  /// Writes a pattern's posterior and returns the logarithm of its (composite) probability.
  @discardableResult
  private func posterior(of pattern: Int, into row: inout [Double]) -> Double {
    let classCount = balance.count
    for label in 0..<classCount { row[label] = naturalLog(balance[label]) }
    for entry in patterns.entries(of: pattern) {
      let table = outcomes.ofEntries[entry] * classCount
      for label in 0..<classCount { row[label] += logTables[table + label] }
    }
    return normalizeLogWeights(&row)
  }
}

/// The (function, vote) pairs that occur in some pattern.
struct VoteOutcomes {
  /// The outcome of each entry of the patterns.
  let ofEntries: [Int]
  /// The function of each outcome, ascending.
  let functions: [Int]
  /// The vote of each outcome, ascending within a function.
  let votes: [Int]

  init(_ patterns: VotePatterns) {
    let classCount = patterns.classCount
    var place = [Int](repeating: -1, count: patterns.functionCount * classCount)
    let cells = patterns.functions.indices.map {
      Int(patterns.functions[$0]) * classCount + Int(patterns.votes[$0])
    }
    for cell in cells { place[cell] = 0 }
    let occurring = place.indices.filter { place[$0] >= 0 }
    for (outcome, cell) in occurring.enumerated() { place[cell] = outcome }
    ofEntries = cells.map { place[$0] }
    functions = occurring.map { $0 / classCount }
    votes = occurring.map { $0 % classCount }
  }
}

/// The prior tables m_jyc of ``FireOnlyMAPEM``.
private struct MAPEMPrior {
  /// m_jyc, outcomes × classes.
  private var means: [Double]
  private let balance: [Double]

  init(
    _ outcomes: VoteOutcomes, _ patterns: VotePatterns, counts: [Int], balance: [Double],
    _ hyperParameters: FireOnlyMAPEM.HyperParameters
  ) {
    self.balance = balance
    let classCount = balance.count
    var firing = [Double](repeating: 0, count: outcomes.functions.count)
    var covered = 0.0
    for pattern in 0..<patterns.count where patterns.isCovered(pattern) {
      covered += Double(counts[pattern])
      for entry in patterns.entries(of: pattern) {
        firing[outcomes.ofEntries[entry]] += Double(counts[pattern])
      }
    }
    means = [Double](repeating: 0, count: firing.count * classCount)
    var rowSums = [Double](repeating: 0, count: patterns.functionCount * classCount)
    for (outcome, function) in outcomes.functions.enumerated() {
      let vote = outcomes.votes[outcome]
      let accuracy =
        hyperParameters.functionPriorAccuracies?[function * classCount + vote]
        ?? hyperParameters.priorAccuracy
      // A vote that occurs only where there are no documents gets the limit of a vanishing share:
      // the prior's ratio between classes, whatever the share.
      let share = firing[outcome] > 0 ? firing[outcome] / covered : 1e-9
      for label in 0..<classCount {
        let mean =
          label == vote
          ? share * accuracy / balance[vote] : share * (1 - accuracy) / (1 - balance[vote])
        means[outcome * classCount + label] = mean
        rowSums[function * classCount + label] += mean
      }
    }
    for (outcome, function) in outcomes.functions.enumerated() {
      for label in 0..<classCount where rowSums[function * classCount + label] > 0.999 {
        means[outcome * classCount + label] *= 0.999 / rowSums[function * classCount + label]
      }
    }
  }

  /// κ n π_y m_jyc.
  func counts(strength: Double) -> [Double] {
    means.indices.map { strength * balance[$0 % balance.count] * means[$0] }
  }
}
