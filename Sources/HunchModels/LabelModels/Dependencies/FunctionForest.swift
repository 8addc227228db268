/// Trees over functions that depend on each other, directed given the class.
///
/// The pairs are those that tell most of each other (Chow and Liu 1968, by mutual information given
/// the class), as many as leave no circle. Roots and order do not change probabilities, since the
/// tables of a tree agree on how often each function votes.
struct FunctionForest: Sendable {
  /// The pair of each edge, an index into the pairs that the forest was built of.
  let pairs: [Int]
  /// The functions that have an edge, parents before their children, tree by tree.
  private(set) var functions: [Int] = []
  /// The place of each function in ``functions``, or -1.
  private(set) var places: [Int32]
  /// The place of each function's parent, or -1 for a root.
  private(set) var parents: [Int32] = []
  /// The edge to the parent, and whether the function comes first in its pair.
  private(set) var edges: [(pair: Int, isFirst: Bool)] = []

  /// Builds the forest of most weight.
  ///
  /// - Parameter weights: The weight of each pair; of equal ones the first is taken.
  init(_ candidates: [FunctionPair], weights: [Double], functionCount: Int) {
    var sets = DisjointSets(count: functionCount)
    let order = candidates.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }
    pairs = order.filter { sets.unite(candidates[$0].first, candidates[$0].second) }.sorted()
    var neighbours = [[(function: Int, pair: Int)]](repeating: [], count: functionCount)
    for pair in pairs {
      let (first, second) = (candidates[pair].first, candidates[pair].second)
      neighbours[first].append((second, pair))
      neighbours[second].append((first, pair))
    }
    places = [Int32](repeating: -1, count: functionCount)
    for root in 0..<functionCount where places[root] < 0 && !neighbours[root].isEmpty {
      var next = functions.count
      places[root] = Int32(next)
      functions.append(root)
      parents.append(-1)
      edges.append((-1, false))
      while next < functions.count {
        let function = functions[next]
        for (other, pair) in neighbours[function] where places[other] < 0 {
          places[other] = Int32(functions.count)
          functions.append(other)
          parents.append(Int32(next))
          edges.append((pair, candidates[pair].first == other))
        }
        next += 1
      }
    }
  }
}

/// The probabilities of votes under a forest.
///
/// The votes that are there are counted, whatever the silent functions did: those are summed over,
/// as in the fire-only model a function without a vote says nothing. So the second of two copies,
/// and the larger of two nested functions, adds nothing where both fire, and counts fully where it
/// fires alone.
struct ForestTables: Sendable {
  let forest: FunctionForest
  let ranges: [Range<Int>]
  let classCount: Int
  /// For each place the probabilities of its outcomes given those of the parent: outcomes of the
  /// parent (one for a root) × own outcomes × classes; outcome 0 is silence.
  private(set) var tables: [[Double]]

  init(_ forest: FunctionForest, ranges: [Range<Int>], classCount: Int) {
    self.forest = forest
    self.ranges = ranges
    self.classCount = classCount
    tables = forest.functions.map { _ in [] }
  }

  /// Learns the tables.
  ///
  /// - Parameter shares: The probability of each vote given each class, outcomes × classes.
  mutating func update(_ cells: JointCounts, _ expected: ExpectedFirings, shares: [Double]) {
    for (place, function) in forest.functions.enumerated() {
      let (pair, isFirst) = forest.edges[place]
      if pair < 0 {
        let own = OutcomeTable(shares, ranges[function], classCount)
        let columns = (0..<classCount).map { own.column($0, total: 1) }
        tables[place] = (0...own.count).flatMap { outcome in columns.map { $0[outcome] } }
      } else {
        let joint = cells.table(pair, expected, shares: shares)
        tables[place] = isFirst ? joint.firstGivenSecond() : joint.secondGivenFirst()
      }
    }
  }

  /// Adds the logarithm of the probability of some votes given each class.
  ///
  /// - Parameters:
  ///   - votes: The places of functions that vote and their outcomes, from 1; at least one.
  ///   - row: One value for each class.
  func addLogProbability(_ votes: [(place: Int, state: Int)], to row: inout [Double]) {
    var nodes: [Int: Int] = [:]
    var marked: [Int] = []
    for vote in votes {
      if nodes.updateValue(vote.state, forKey: vote.place) == nil { marked.append(vote.place) }
      var parent = Int(forest.parents[vote.place])
      while parent >= 0, nodes[parent] == nil {
        nodes[parent] = -1
        marked.append(parent)
        parent = Int(forest.parents[parent])
      }
    }
    // Children come after their parents, so from last to first each has all its messages.
    marked.sort(by: >)
    var messages: [Int: [Double]] = [:]
    for place in marked {
      let state = nodes[place] ?? -1
      let sum = summed(place, state: state, messages[place])
      let parent = Int(forest.parents[place])
      if parent < 0 {
        for label in 0..<classCount { row[label] += naturalLog(max(sum[label], 1e-300)) }
        continue
      }
      // Probabilities of long chains would underflow; the scale is kept apart.
      let scale = max(sum.max() ?? 1, 1e-300)
      for label in 0..<classCount { row[label] += naturalLog(scale) }
      if var product = messages[parent] {
        for index in product.indices { product[index] *= sum[index] / scale }
        messages[parent] = product
      } else {
        messages[parent] = sum.map { $0 / scale }
      }
    }
  }

  /// For each outcome of the parent and class, the sum over the outcomes of a place of their
  /// probability times what is below.
  ///
  /// - Parameter state: The outcome; -1 for any.
  private func summed(_ place: Int, state: Int, _ below: [Double]?) -> [Double] {
    let states = ranges[forest.functions[place]].count + 1
    let table = tables[place]
    let rows = table.count / (states * classCount)
    var sum = [Double](repeating: 0, count: rows * classCount)
    for row in 0..<rows {
      for own in state < 0 ? 0..<states : state..<state + 1 {
        let cell = (row * states + own) * classCount
        for label in 0..<classCount {
          sum[row * classCount + label] +=
            table[cell + label] * (below.map { $0[own * classCount + label] } ?? 1)
        }
      }
    }
    return sum
  }
}

extension JointTable {
  /// The conditional probabilities: outcomes of the second × outcomes of the first × classes.
  func firstGivenSecond() -> [Double] {
    conditional(given: columnCount, of: rowCount) { index($1, $0) }
  }

  /// The conditional probabilities: outcomes of the first × outcomes of the second × classes.
  func secondGivenFirst() -> [Double] {
    conditional(given: rowCount, of: columnCount) { index($0, $1) }
  }

  private func conditional(given: Int, of own: Int, _ place: (Int, Int) -> Int) -> [Double] {
    var table = [Double](repeating: 0, count: given * own * classCount)
    for condition in 0..<given {
      for label in 0..<classCount {
        var sum = 0.0
        for state in 0..<own { sum += probabilities[place(condition, state) + label] }
        for state in 0..<own {
          table[(condition * own + state) * classCount + label] =
            probabilities[place(condition, state) + label] / max(sum, 1e-300)
        }
      }
    }
    return table
  }

  /// The mutual information of the two functions given the class, in nats, with these weights of
  /// the classes.
  func mutualInformation(_ classWeights: [Double]) -> Double {
    let (rows, columns) = margins()
    var information = 0.0
    for (label, weight) in classWeights.enumerated() {
      for row in 0..<rowCount {
        for column in 0..<columnCount {
          let share = probabilities[index(row, column) + label]
          if share > 0 {
            let expected = rows[row * classCount + label] * columns[column * classCount + label]
            information += weight * share * naturalLog(share / expected)
          }
        }
      }
    }
    return information
  }
}
