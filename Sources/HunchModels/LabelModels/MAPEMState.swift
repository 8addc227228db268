// Goals, in order: never NaN and no overflow (log space, maximum subtracted); the same bits on
// every run (fixed order of sums); cost per round proportional to the votes that occur, not to
// functions × classes². For the last, tables are kept for the (function, vote) pairs that occur in
// some pattern, called outcomes here: most functions only ever vote for one class.

/// The tables of ``FireOnlyMAPEM`` between rounds.
struct MAPEMState: EMModel {
  let balance: [Double]
  private(set) var rule: FireTables

  private let prior: MAPEMPrior
  private let weights: [Double]

  init(
    _ firings: VoteFirings, balance: [Double], _ hyperParameters: EMPrior
  ) {
    self.balance = balance
    let outcomes = VoteOutcomes(firings, classCount: balance.count)
    weights = outcomes.functions.map { hyperParameters.functionWeights?[Int($0)] ?? 1 }
    prior = MAPEMPrior(firings, outcomes, balance: balance, hyperParameters)
    rule = FireTables(outcomes, balance: balance)
  }

  func emptySums() -> ExpectedFirings {
    ExpectedFirings(rule.outcomes, classCount: balance.count)
  }

  mutating func maximize(_ expected: ExpectedFirings) {
    let prior = prior
    rule.learn(weights) { prior.rate($0, $1, expected) }
  }
}

/// How often a function votes for a class in documents of each class, as far as that is learned.
struct FireTables: PosteriorRule {
  var outcomes: VoteOutcomes
  var logBalance: [Double]
  /// w_j log θ_jyc, outcomes × classes.
  var logTables: [Double]

  init(_ outcomes: VoteOutcomes, balance: [Double]) {
    self.outcomes = outcomes
    logBalance = balance.map { naturalLog($0) }
    logTables = [Double](repeating: 0, count: outcomes.count * balance.count)
  }

  var parameters: [Double] { logTables }

  /// Learns the tables from w_j of each outcome's function and θ_jyc.
  @inline(__always)
  mutating func learn(_ weights: [Double], _ rate: (_ outcome: Int, _ label: Int) -> Double) {
    let classCount = logBalance.count
    for outcome in weights.indices {
      for label in 0..<classCount {
        logTables[outcome * classCount + label] =
          weights[outcome] * naturalLog(rate(outcome, label))
      }
    }
  }

  func logEvidence(function: Int, vote: Int) -> [Double]? {
    let outcome = outcomes.outcome(function: function, vote: vote)
    if outcome < 0 { return nil }
    let classCount = logBalance.count
    let row = logTables[outcome * classCount..<(outcome + 1) * classCount]
    let mean = row.reduce(0, +) / Double(classCount)
    return row.map { $0 - mean }
  }
}

/// The sums of an M-step.
package struct ExpectedFirings: EMSums {
  package let outcomes: VoteOutcomes
  /// Σ_i q_iy [λ_ij = c], outcomes × classes.
  package var firings: [Double]
  /// Σ_i q_iy.
  package var mass: [Double]

  package init(_ outcomes: VoteOutcomes, classCount: Int) {
    self.outcomes = outcomes
    firings = [Double](repeating: 0, count: outcomes.count * classCount)
    mass = [Double](repeating: 0, count: classCount)
  }

  package mutating func clear() {
    for index in firings.indices { firings[index] = 0 }
    for label in mass.indices { mass[label] = 0 }
  }
}

/// How many documents each function gives each class.
package struct VoteFirings {
  /// Functions × classes; -1 for a vote that occurs in no pattern.
  package private(set) var documents: [Int]
  /// Documents with a vote, and patterns with a vote and documents.
  package private(set) var covered = 0
  package private(set) var patterns = 0

  package init(_ votes: CountedVotes) throws {
    let classCount = votes.classCount
    documents = [Int](repeating: -1, count: votes.functionCount * classCount)
    try votes.forEachBlock { block in
      for pattern in 0..<block.patterns.count where block.patterns.isCovered(pattern) {
        let count = block.counts[pattern]
        covered += count
        patterns += count > 0 ? 1 : 0
        for entry in block.patterns.entries(of: pattern) {
          let cell =
            Int(block.patterns.functions[entry]) * classCount + Int(block.patterns.votes[entry])
          documents[cell] = max(0, documents[cell]) + count
        }
      }
    }
  }
}

/// The (function, vote) pairs that occur in some pattern.
package struct VoteOutcomes: Sendable {
  /// The function of each outcome, ascending.
  package let functions: [Int32]
  /// The vote of each outcome, ascending within a function.
  package let votes: [Int32]
  /// The outcome of each function and vote, functions × classes, -1 where there is none.
  private let places: [Int32]
  private let classCount: Int

  package var count: Int { functions.count }

  package init(_ firings: VoteFirings, classCount: Int) {
    var places = [Int32](repeating: -1, count: firings.documents.count)
    var functions: [Int32] = []
    var votes: [Int32] = []
    for (cell, documents) in firings.documents.enumerated() where documents >= 0 {
      places[cell] = Int32(functions.count)
      functions.append(Int32(cell / classCount))
      votes.append(Int32(cell % classCount))
    }
    self.functions = functions
    self.votes = votes
    self.places = places
    self.classCount = classCount
  }

  @inline(__always)
  package func outcome(function: Int, vote: Int) -> Int {
    Int(places[function * classCount + vote])
  }

  @inline(__always)
  package func outcome(of entry: Int, in patterns: VotePatterns) -> Int {
    outcome(function: Int(patterns.functions[entry]), vote: Int(patterns.votes[entry]))
  }
}

/// The prior tables m_jyc of ``FireOnlyMAPEM``, as two numbers for each outcome and a scale for
/// each function and class.
package struct MAPEMPrior {
  /// The prior's weight: κ n.
  package let strength: Double
  private let outcomes: VoteOutcomes
  private let balance: [Double]
  /// m_jyc before scaling, for y = c and for other classes.
  private var same: [Double] = []
  private var other: [Double] = []
  /// Functions × classes.
  private var scales: [Double]

  package init(
    _ firings: VoteFirings, _ outcomes: VoteOutcomes, balance: [Double],
    _ hyperParameters: EMPrior
  ) {
    self.outcomes = outcomes
    self.balance = balance
    let covered = Double(firings.covered)
    // Without documents any positive weight gives the tables of the prior.
    strength = firings.covered > 0 ? hyperParameters.priorStrength * covered : 1
    let classCount = balance.count
    var rowSums = [Double](repeating: 0, count: firings.documents.count)
    for (outcome, function) in outcomes.functions.enumerated() {
      let vote = Int(outcomes.votes[outcome])
      let row = Int(function) * classCount
      let accuracy =
        hyperParameters.functionPriorAccuracies?[row + vote] ?? hyperParameters.priorAccuracy
      // A vote that occurs only where there are no documents gets the limit of a vanishing share:
      // the prior's ratio between classes, whatever the share.
      let documents = firings.documents[row + vote]
      let share = documents > 0 ? Double(documents) / covered : 1e-9
      same.append(share * accuracy / balance[vote])
      other.append(share * (1 - accuracy) / (1 - balance[vote]))
      for label in 0..<classCount {
        rowSums[row + label] += label == vote ? same[outcome] : other[outcome]
      }
    }
    scales = rowSums.map { $0 > 0.999 ? 0.999 / $0 : 1 }
  }

  /// θ_jyc, given the sums of an M-step.
  package func rate(_ outcome: Int, _ label: Int, _ expected: ExpectedFirings) -> Double {
    // The floor keeps logarithms finite where a class has no mass and the prior no weight.
    let floor = 1e-300
    let firings = expected.firings[outcome * balance.count + label] + count(outcome, label)
    return max(floor, firings / max(floor, expected.mass[label] + strength * balance[label]))
  }

  /// κ n π_y m_jyc.
  private func count(_ outcome: Int, _ label: Int) -> Double {
    let mean = label == Int(outcomes.votes[outcome]) ? same[outcome] : other[outcome]
    let scale = scales[Int(outcomes.functions[outcome]) * balance.count + label]
    return strength * balance[label] * (mean * scale)
  }
}
