import HunchModels

/// What ``DataProgramming`` minimises: the negative logarithm of the marginal likelihood and the
/// prior, for each covered document.
struct FactorObjective: DifferentiableObjective {
  private let votes: CountedVotes
  private let graph: FactorGraph
  private let balance: [Double]
  private let documents: Double
  /// For each group the sums of the class balance over the classes of its columns.
  private let columnBalances: [[Double]]
  /// Prior documents of each outcome, and of silence of each function, by columns of its group.
  private let priorFirings: [[Double]]
  private let priorSilence: [[Double]]
  /// What holds the weights of pairs near 0, for each document.
  private let pairPenalty: Double

  /// How votes were labeled at the last point, and at the last one that was accepted.
  private(set) var rule: FactorRule
  private var accepted: FactorRule

  /// - Parameters:
  ///   - means: The prior probabilities of votes given the class, outcomes × classes.
  ///   - strength: κ, the weight of the prior against the documents.
  init(
    _ votes: CountedVotes, _ graph: FactorGraph, balance: [Double], documents: Int,
    means: [Double], strength: Double
  ) {
    self.votes = votes
    self.graph = graph
    self.balance = balance
    self.documents = Double(documents)
    columnBalances = graph.groups.map { $0.summed(balance) }
    // Copies tell of their accuracy once; each alone with a full prior, the prior would outweigh it.
    var ties = [Double](repeating: 1, count: graph.ranges.count)
    for pair in graph.tied {
      ties[pair.first] += pair.strength * pair.strength
      ties[pair.second] += pair.strength * pair.strength
    }
    var firings: [[Double]] = []
    var silence = graph.ranges.map { _ in [Double]() }
    for (outcome, function) in graph.outcomes.functions.enumerated() {
      let function = Int(function)
      let group = graph.groupOf[function]
      let weight = strength / ties[function]
      if silence[function].isEmpty { silence[function] = columnBalances[group].map { weight * $0 } }
      let documents = graph.groups[group].summed(
        balance.indices.map { weight * balance[$0] * means[outcome * balance.count + $0] })
      for column in documents.indices {
        silence[function][column] = max(0, silence[function][column] - documents[column])
      }
      firings.append(documents)
    }
    (priorFirings, priorSilence) = (firings, silence)
    pairPenalty = 1 / Double(documents)
    rule = FactorRule(
      graph: graph, logBalance: balance.map { naturalLog($0) },
      logTables: [Double](repeating: 0, count: graph.cellCount))
    accepted = rule
  }

  mutating func accept(_ point: [Double]) throws -> Double {
    // The point is the last that was evaluated, so the rule is its own.
    var change = 0.0
    var row = balance
    var before = balance
    var states: [(group: Int, state: Int)] = []
    try votes.forEachBlock { block in
      for pattern in block.coveredPatterns {
        graph.states(of: pattern, in: block.patterns, into: &states)
        _ = rule.posterior(of: states, into: &row)
        _ = accepted.posterior(of: states, into: &before)
        for label in row.indices { change = max(change, abs(row[label] - before[label])) }
      }
    }
    accepted = rule
    return change
  }

  mutating func evaluate(_ point: [Double]) throws -> (value: Double, gradient: [Double]) {
    var exact = [Double](repeating: 0, count: graph.cellCount)
    var summed = exact
    for group in graph.groups {
      for column in 0..<group.columns {
        let probabilities = graph.probabilities(group, group.label(column), point)
        var sums = probabilities
        graph.sumOverSilent(group, &sums)
        for state in sums.indices {
          exact[group.cell(state) + column] = probabilities[state]
          summed[group.cell(state) + column] = max(sums[state], 1e-300)
        }
      }
    }
    rule.logTables = summed.map { naturalLog($0) }
    let counts = try counted()
    var value = counts.logLikelihood
    // Derivatives by the summed and by the exact probabilities.
    var pulls = counts.expected
    var exactPulls = [Double](repeating: 0, count: pulls.count)
    for index in pulls.indices { pulls[index] /= summed[index] }
    value += addSilence(counts.documents, exact, summed, &exactPulls, &pulls)
    value += addPrior(summed, &pulls)
    var gradient = [Double](repeating: 0, count: point.count)
    for group in graph.groups {
      for column in 0..<group.columns {
        func values(_ cells: [Double]) -> [Double] {
          (0..<group.stateCount).map { cells[group.cell($0) + column] }
        }
        var pull = values(pulls)
        graph.spreadOverSilent(group, &pull)
        let (own, probabilities) = (values(exactPulls), values(exact))
        for state in pull.indices {
          pull[state] = (pull[state] + own[state]) * probabilities[state]
        }
        graph.addGradient(
          group, group.label(column), pull: pull, probabilities: probabilities, to: &gradient)
      }
    }
    for pair in graph.pairs {
      for weight in [pair.weight, pair.weight + 1] {
        value -= 0.5 * pairPenalty * point[weight] * point[weight]
        gradient[weight] -= pairPenalty * point[weight]
      }
    }
    return (-value, gradient.map { -$0 })
  }

  private struct Counts {
    /// Documents of each state, all as shares of the covered ones.
    var documents: [Double]
    /// The same by posterior, by cells.
    var expected: [Double]
    var logLikelihood = 0.0
  }

  private func counted() throws -> Counts {
    var counts = Counts(
      documents: [Double](repeating: 0, count: graph.stateCount),
      expected: [Double](repeating: 0, count: graph.cellCount))
    var row = balance
    var states: [(group: Int, state: Int)] = []
    try votes.forEachBlock { block in
      for pattern in block.coveredPatterns {
        graph.states(of: pattern, in: block.patterns, into: &states)
        let share = Double(block.counts[pattern]) / documents
        counts.logLikelihood += share * rule.posterior(of: states, into: &row)
        for (group, state) in states {
          let labels = graph.groups[group].labels
          let cell = graph.groups[group].cell(state)
          counts.documents[graph.groups[group].offset + state] += share
          var rest = 1.0
          for (column, label) in labels.enumerated() {
            counts.expected[cell + column] += share * row[label]
            rest -= row[label]
          }
          counts.expected[cell + labels.count] += share * max(0, rest)
        }
      }
    }
    for group in graph.groups {
      let voting = counts.documents[group.offset..<group.offset + group.stateCount].reduce(0, +)
      counts.documents[group.offset] = max(0, 1 - voting)
    }
    return counts
  }

  /// Silence says how often functions vote beside those that do, on average over the classes, and
  /// nothing of the class.
  private func addSilence(
    _ documents: [Double], _ exact: [Double], _ summed: [Double], _ exactPulls: inout [Double],
    _ pulls: inout [Double]
  ) -> Double {
    var value = 0.0
    for (group, balance) in zip(graph.groups, columnBalances) {
      for state in 0..<group.stateCount where documents[group.offset + state] > 0 {
        let share = documents[group.offset + state]
        let cell = group.cell(state)
        var (own, all) = (0.0, 0.0)
        for (column, weight) in balance.enumerated() {
          own += weight * exact[cell + column]
          all += weight * summed[cell + column]
        }
        own = max(own, 1e-300)
        value += share * (naturalLog(own) - naturalLog(all))
        for (column, weight) in balance.enumerated() {
          exactPulls[cell + column] += share * weight / own
          pulls[cell + column] -= share * weight / all
        }
      }
    }
    return value
  }

  /// Prior documents: each function votes by itself as often, and as often rightly, as assumed.
  private func addPrior(_ summed: [Double], _ pulls: inout [Double]) -> Double {
    var value = 0.0
    for group in graph.groups {
      for (place, function) in group.functions.enumerated() {
        let range = graph.ranges[function]
        for column in 0..<group.columns {
          var silence = 1.0
          var cells: [Int] = []
          for outcome in range {
            let cell =
              group.cell(group.strides[place] * (outcome - range.lowerBound + 1)) + column
            let prior = priorFirings[outcome][column]
            value += prior * naturalLog(summed[cell])
            pulls[cell] += prior / summed[cell]
            silence -= summed[cell]
            cells.append(cell)
          }
          silence = max(silence, 1e-12)
          let prior = priorSilence[function][column]
          value += prior * naturalLog(silence)
          for cell in cells { pulls[cell] -= prior / silence }
        }
      }
    }
    return value
  }
}
