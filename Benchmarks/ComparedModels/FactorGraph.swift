import HunchModels

/// The factors of ``DataProgramming`` and where their weights stand.
///
/// Given the class y, the functions of a group have the joint distribution
///
///     P(λ | y) ∝ exp( Σ_j ψ_{j,λ_j} + Σ_j α_j [λ_j = y] + Σ_(j,k) β_jk [λ_j = λ_k ≠ ∅]
///                     + Σ_(j,k) γ_jk [∅ ≠ λ_j ≠ λ_k ≠ ∅] )
///
/// with a propensity ψ for each function and vote, an accuracy α for each function, and for each
/// pair that depends on each other an agreement β and a disagreement γ. Groups are small enough to
/// write down all their states. Their pairs are a tree of the strongest: five copies are tied by
/// four pairs, and the six others would only pull at the same weights.
struct FactorGraph: Sendable {
  /// The most states of a group: twelve functions that each know one class.
  static let mostStates = 4096

  /// Functions whose states are counted together.
  struct Group: Sendable {
    /// The functions, and for each the distance of its outcomes in the numbers of states.
    var functions: [Int]
    var strides: [Int]
    var stateCount: Int
    /// The classes that some function of the group votes for, ascending. All others are alike to
    /// it, so tables have a column for each of these and one for the others.
    var labels: [Int] = []
    /// Where the states begin among those of all groups, and the cells: states × columns.
    var offset = 0
    var cellOffset = 0
    /// The weights in the exponent of each state, whatever the class, one state after the other.
    var factors: [Int] = []
    var factorStarts = [0]
    /// The accuracies in the exponent of each state, each for the class that is voted for.
    var accuracies: [(weight: Int, label: Int)] = []
    var accuracyStarts = [0]
  }

  /// Two functions with an agreement factor; its weight is followed by that of disagreement.
  struct Pair: Sendable {
    let dependency: FunctionDependency
    let weight: Int
  }

  let outcomes: VoteOutcomes
  let ranges: [Range<Int>]
  let groups: [Group]
  let pairs: [Pair]
  /// All dependencies within groups, those without a factor among them.
  let tied: [FunctionDependency]
  /// The group of each function and its place there; -1 without votes.
  let groupOf: [Int]
  let placeOf: [Int]
  let stateCount: Int
  let cellCount: Int
  /// Propensities by outcome, accuracies by function, pairs.
  let weightCount: Int

  init(
    _ outcomes: VoteOutcomes, functionCount: Int,
    _ dependencies: [FunctionDependency]
  ) {
    self.outcomes = outcomes
    let ranges = outcomes.ranges(functionCount: functionCount)
    self.ranges = ranges
    let (members, kept) = Self.members(ranges, dependencies)
    var groupOf = [Int](repeating: -1, count: functionCount)
    var placeOf = groupOf
    var groups: [Group] = []
    var (offset, cellOffset) = (0, 0)
    for functions in members {
      var group = Group(
        functions: functions, strides: [], stateCount: 1, offset: offset, cellOffset: cellOffset)
      let votes = functions.flatMap { ranges[$0].map { Int(outcomes.votes[$0]) } }
      group.labels = Set(votes).sorted()
      for (place, function) in functions.enumerated() {
        (groupOf[function], placeOf[function]) = (groups.count, place)
        group.strides.append(group.stateCount)
        group.stateCount *= ranges[function].count + 1
      }
      offset += group.stateCount
      cellOffset += group.stateCount * group.columns
      groups.append(group)
    }
    let first = outcomes.count + functionCount
    pairs = kept.enumerated().map { Pair(dependency: $1, weight: first + 2 * $0) }
    for index in groups.indices {
      let own = pairs.filter { groupOf[$0.dependency.first] == index }
      groups[index].addFactors(outcomes, ranges, own)
    }
    tied = dependencies.filter {
      groupOf[$0.first] >= 0 && groupOf[$0.first] == groupOf[$0.second]
    }
    self.groups = groups
    self.groupOf = groupOf
    self.placeOf = placeOf
    stateCount = offset
    cellCount = cellOffset
    weightCount = first + 2 * pairs.count
  }

  /// Functions that vote, in groups; of the dependencies the strongest are kept while groups stay
  /// small.
  private static func members(
    _ ranges: [Range<Int>], _ dependencies: [FunctionDependency]
  ) -> (groups: [[Int]], pairs: [FunctionDependency]) {
    var kept: [FunctionDependency] = []
    var sets = DisjointSets(count: ranges.count)
    var sizes = ranges.map { $0.count + 1 }
    let order = dependencies.indices.sorted {
      (dependencies[$1].strength, $0) < (dependencies[$0].strength, $1)
    }
    for index in order {
      let pair = dependencies[index]
      if ranges[pair.first].isEmpty || ranges[pair.second].isEmpty { continue }
      let (one, other) = (sets.root(of: pair.first), sets.root(of: pair.second))
      let (size, overflow) = sizes[one].multipliedReportingOverflow(by: sizes[other])
      guard one != other, !overflow, size <= mostStates else { continue }
      _ = sets.unite(one, other)
      sizes[sets.root(of: one)] = size
      kept.append(pair)
    }
    let groups = sets.groups()
    let grouped = Set(groups.joined())
    let alone = ranges.indices.filter { !grouped.contains($0) && !ranges[$0].isEmpty }
    return ((groups + alone.map { [$0] }).sorted { $0[0] < $1[0] }, kept)
  }

  /// The groups that vote in a pattern with what their functions vote, silent ones as 0.
  func states(
    of pattern: Int, in patterns: VotePatterns, into found: inout [(group: Int, state: Int)]
  ) {
    found.removeAll(keepingCapacity: true)
    for entry in patterns.entries(of: pattern) {
      let outcome = outcomes.outcome(of: entry, in: patterns)
      if outcome < 0 { continue }
      let function = Int(patterns.functions[entry])
      let group = groupOf[function]
      let part =
        groups[group].strides[placeOf[function]] * (outcome - ranges[function].lowerBound + 1)
      if groups[group].functions.count > 1,
        let place = found.firstIndex(where: { $0.group == group })
      {
        found[place].state += part
      } else {
        found.append((group, part))
      }
    }
  }

  /// The probabilities of all states of a group given a class; -1 stands for any class that the
  /// group does not vote for.
  func probabilities(_ group: Group, _ label: Int, _ weights: [Double]) -> [Double] {
    var row = [Double](repeating: 0, count: group.stateCount)
    for state in row.indices {
      var sum = 0.0
      for factor in group.factorStarts[state]..<group.factorStarts[state + 1] {
        sum += weights[group.factors[factor]]
      }
      for place in group.accuracyStarts[state]..<group.accuracyStarts[state + 1]
      where group.accuracies[place].label == label {
        sum += weights[group.accuracies[place].weight]
      }
      row[state] = sum
    }
    normalizeLogWeights(&row)
    return row
  }

  /// Adds to a gradient what a group's states ask for.
  ///
  /// - Parameters:
  ///   - label: The class; -1 for the sum over classes that the group does not vote for.
  ///   - pull: The derivative by the logarithm of each state's probability, given the class.
  func addGradient(
    _ group: Group, _ label: Int, pull: [Double], probabilities: [Double],
    to gradient: inout [Double]
  ) {
    let total = pull.reduce(0, +)
    for state in 1..<max(1, group.stateCount) {
      let value = pull[state] - total * probabilities[state]
      for factor in group.factorStarts[state]..<group.factorStarts[state + 1] {
        gradient[group.factors[factor]] += value
      }
      for place in group.accuracyStarts[state]..<group.accuracyStarts[state + 1]
      where group.accuracies[place].label == label {
        gradient[group.accuracies[place].weight] += value
      }
    }
  }

  /// Replaces the probability of each state by that of its votes, whatever the functions do that
  /// are silent in it: outcome 0 gets the sum over all outcomes.
  func sumOverSilent(_ group: Group, _ row: inout [Double]) {
    for place in group.functions.indices {
      let count = ranges[group.functions[place]].count
      for state in row.indices where state / group.strides[place] % (count + 1) == 0 {
        for own in 1..<count + 1 {
          row[state] += row[state + own * group.strides[place]]
        }
      }
    }
  }

  /// The transpose of ``sumOverSilent(_:_:)``: derivatives by sums become derivatives by states.
  func spreadOverSilent(_ group: Group, _ row: inout [Double]) {
    for place in group.functions.indices {
      let count = ranges[group.functions[place]].count
      for state in row.indices where state / group.strides[place] % (count + 1) == 0 {
        for own in 1..<count + 1 {
          row[state + own * group.strides[place]] += row[state]
        }
      }
    }
  }
}

extension FactorGraph.Group {
  /// The columns of tables: the classes that are voted for, then all others.
  var columns: Int { labels.count + 1 }

  /// The class of a column; -1 for the others.
  func label(_ column: Int) -> Int { column < labels.count ? labels[column] : -1 }

  /// The first cell of a state.
  func cell(_ state: Int) -> Int { cellOffset + state * columns }

  /// Sums of values by class over the classes of each column.
  func summed(_ values: [Double]) -> [Double] {
    var sums = labels.map { values[$0] }
    sums.append(
      values.indices.reduce(0) { labels.contains($1) ? $0 : $0 + values[$1] })
    return sums
  }

  /// Lists the weights of each state.
  fileprivate mutating func addFactors(
    _ outcomes: VoteOutcomes, _ ranges: [Range<Int>], _ pairs: [FactorGraph.Pair]
  ) {
    // The outcomes of the functions that vote in the state at hand.
    var present = [Int: Int]()
    for state in 0..<stateCount {
      for (function, stride) in zip(functions, strides) {
        let own = state / stride % (ranges[function].count + 1)
        present[function] = own > 0 ? ranges[function].lowerBound + own - 1 : nil
        guard let outcome = present[function] else { continue }
        factors.append(outcome)
        accuracies.append((outcomes.count + function, Int(outcomes.votes[outcome])))
      }
      for pair in pairs {
        guard let one = present[pair.dependency.first], let other = present[pair.dependency.second]
        else { continue }
        factors.append(outcomes.votes[one] == outcomes.votes[other] ? pair.weight : pair.weight + 1)
      }
      factorStarts.append(factors.count)
      accuracyStarts.append(accuracies.count)
    }
  }
}

/// What ``DataProgramming`` learned: how votes of groups are labeled.
struct FactorRule: PosteriorRule {
  let graph: FactorGraph
  let logBalance: [Double]
  /// The logarithm of the probability of the votes of each state given each class, whatever silent
  /// functions do, by the cells of groups.
  var logTables: [Double]

  var parameters: [Double] { logTables }

  func posterior(of pattern: Int, in patterns: VotePatterns, into row: inout [Double]) -> Double {
    var states: [(group: Int, state: Int)] = []
    graph.states(of: pattern, in: patterns, into: &states)
    return posterior(of: states, into: &row)
  }

  func posterior(of states: [(group: Int, state: Int)], into row: inout [Double]) -> Double {
    for label in row.indices { row[label] = logBalance[label] }
    var common = 0.0
    for (group, state) in states {
      let labels = graph.groups[group].labels
      let cell = graph.groups[group].cell(state)
      let other = logTables[cell + labels.count]
      common += other
      for (column, label) in labels.enumerated() { row[label] += logTables[cell + column] - other }
    }
    return common + normalizeLogWeights(&row)
  }

  /// What the vote says by itself; with votes of other functions of the group it says less.
  func logEvidence(function: Int, vote: Int) -> [Double]? {
    let outcome = graph.outcomes.outcome(function: function, vote: vote)
    if outcome < 0 { return nil }
    let group = graph.groups[graph.groupOf[function]]
    let state =
      group.strides[graph.placeOf[function]] * (outcome - graph.ranges[function].lowerBound + 1)
    let cell = group.cell(state)
    var row = logBalance.map { _ in logTables[cell + group.labels.count] }
    for (column, label) in group.labels.enumerated() { row[label] = logTables[cell + column] }
    let mean = row.reduce(0, +) / Double(row.count)
    return row.map { $0 - mean }
  }
}
