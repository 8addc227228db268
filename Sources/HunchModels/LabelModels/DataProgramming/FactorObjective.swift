/// What ``DataProgramming`` minimises: the negative logarithm of the marginal likelihood and the
/// prior, for each covered document.
struct FactorObjective: DifferentiableObjective {
  private let votes: CountedVotes
  private let graph: FactorGraph
  private let balance: [Double]
  private let documents: Double
  /// Prior documents of each outcome and class, and of silence of each function and class.
  private let priorFirings: [Double]
  private let priorSilence: [Double]
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
    let classCount = balance.count
    // Copies tell of their accuracy once; each alone with a full prior, the prior would outweigh it.
    var strengths = [Double](repeating: strength, count: graph.ranges.count)
    var ties = [Double](repeating: 1, count: graph.ranges.count)
    for pair in graph.tied {
      ties[pair.first] += pair.strength * pair.strength
      ties[pair.second] += pair.strength * pair.strength
    }
    for function in ties.indices { strengths[function] /= ties[function] }
    priorFirings = means.indices.map {
      strengths[Int(graph.outcomes.functions[$0 / classCount])] * balance[$0 % classCount]
        * means[$0]
    }
    var silence = strengths.flatMap { strength in balance.map { strength * $0 } }
    for (outcome, function) in graph.outcomes.functions.enumerated() {
      for label in 0..<classCount {
        silence[Int(function) * classCount + label] -= priorFirings[outcome * classCount + label]
      }
    }
    priorSilence = silence.map { max(0, $0) }
    pairPenalty = 1 / Double(documents)
    rule = FactorRule(
      graph: graph, logBalance: balance.map { naturalLog($0) },
      logTables: [Double](repeating: 0, count: graph.stateCount * classCount))
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
    let classCount = balance.count
    var exact = [Double](repeating: 0, count: graph.stateCount * classCount)
    var summed = exact
    for group in graph.groups {
      // All classes that the group does not vote for have the same probabilities.
      fill(group, -1, 0..<classCount, point, &exact, &summed)
      for label in group.labels { fill(group, label, label..<label + 1, point, &exact, &summed) }
    }
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
      addGradient(group, exact, pulls, exactPulls, to: &gradient)
    }
    for pair in graph.pairs {
      for weight in [pair.weight, pair.weight + 1] {
        value -= 0.5 * pairPenalty * point[weight] * point[weight]
        gradient[weight] -= pairPenalty * point[weight]
      }
    }
    return (-value, gradient.map { -$0 })
  }

  /// Writes the probabilities of a group's states given one class for some classes.
  private mutating func fill(
    _ group: FactorGraph.Group, _ label: Int, _ labels: Range<Int>, _ point: [Double],
    _ exact: inout [Double], _ summed: inout [Double]
  ) {
    let probabilities = graph.probabilities(group, label, point)
    var sums = probabilities
    graph.sumOverSilent(group, &sums)
    for state in sums.indices {
      let sum = max(sums[state], 1e-300)
      let log = naturalLog(sum)
      let place = (group.offset + state) * balance.count
      for label in labels {
        exact[place + label] = probabilities[state]
        summed[place + label] = sum
        rule.logTables[place + label] = log
      }
    }
  }

  private func addGradient(
    _ group: FactorGraph.Group, _ exact: [Double], _ pulls: [Double], _ exactPulls: [Double],
    to gradient: inout [Double]
  ) {
    let classCount = balance.count
    func add(_ label: Int, _ pull: [Double], _ own: [Double], like other: Int) {
      var pull = pull
      graph.spreadOverSilent(group, &pull)
      let probabilities = (0..<group.stateCount).map {
        exact[(group.offset + $0) * classCount + other]
      }
      for state in pull.indices { pull[state] = (pull[state] + own[state]) * probabilities[state] }
      graph.addGradient(group, label, pull: pull, probabilities: probabilities, to: &gradient)
    }
    let others = (0..<classCount).filter { !group.labels.contains($0) }
    var pull = [Double](repeating: 0, count: group.stateCount)
    var own = pull
    for state in pull.indices {
      let place = (group.offset + state) * classCount
      for label in others {
        pull[state] += pulls[place + label]
        own[state] += exactPulls[place + label]
      }
    }
    if let other = others.first { add(-1, pull, own, like: other) }
    for label in group.labels {
      for state in pull.indices {
        let place = (group.offset + state) * classCount + label
        pull[state] = pulls[place]
        own[state] = exactPulls[place]
      }
      add(label, pull, own, like: label)
    }
  }

  private struct Counts {
    /// Documents of each state, all as shares of the covered ones.
    var documents: [Double]
    /// The same by class and posterior: states × classes.
    var expected: [Double]
    var logLikelihood = 0.0
  }

  private func counted() throws -> Counts {
    let classCount = balance.count
    var counts = Counts(
      documents: [Double](repeating: 0, count: graph.stateCount),
      expected: [Double](repeating: 0, count: graph.stateCount * classCount))
    var row = balance
    var states: [(group: Int, state: Int)] = []
    try votes.forEachBlock { block in
      for pattern in block.coveredPatterns {
        graph.states(of: pattern, in: block.patterns, into: &states)
        let share = Double(block.counts[pattern]) / documents
        counts.logLikelihood += share * rule.posterior(of: states, into: &row)
        for (group, state) in states {
          let place = graph.groups[group].offset + state
          counts.documents[place] += share
          for label in row.indices {
            counts.expected[place * classCount + label] += share * row[label]
          }
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
    let classCount = balance.count
    var value = 0.0
    for (state, share) in documents.enumerated() where share > 0 {
      let place = state * classCount
      var (own, all) = (0.0, 0.0)
      for label in balance.indices {
        own += balance[label] * exact[place + label]
        all += balance[label] * summed[place + label]
      }
      own = max(own, 1e-300)
      value += share * (naturalLog(own) - naturalLog(all))
      for label in balance.indices {
        exactPulls[place + label] += share * balance[label] / own
        pulls[place + label] -= share * balance[label] / all
      }
    }
    return value
  }

  /// Prior documents: each function votes by itself as often, and as often rightly, as assumed.
  private func addPrior(_ summed: [Double], _ pulls: inout [Double]) -> Double {
    let classCount = balance.count
    var value = 0.0
    for group in graph.groups {
      for (place, function) in group.functions.enumerated() {
        let range = graph.ranges[function]
        for label in balance.indices {
          var silence = 1.0
          var cells: [Int] = []
          for outcome in range {
            let state = group.offset + group.strides[place] * (outcome - range.lowerBound + 1)
            let cell = state * classCount + label
            let prior = priorFirings[outcome * classCount + label]
            value += prior * naturalLog(summed[cell])
            pulls[cell] += prior / summed[cell]
            silence -= summed[cell]
            cells.append(cell)
          }
          silence = max(silence, 1e-12)
          let prior = priorSilence[function * classCount + label]
          value += prior * naturalLog(silence)
          for cell in cells { pulls[cell] -= prior / silence }
        }
      }
    }
    return value
  }
}
