/// Pairs of functions with how often they vote together, by votes and class.
struct JointCounts {
  let pairs: [FunctionPair]
  let ranges: [Range<Int>]
  /// Documents by posterior: for each pair outcomes of the first × outcomes of the second × classes.
  private(set) var counts: [[Double]]
  /// For each function the pairs in which it comes first.
  private let pairsByFirst: [[Int]]
  private let classCount: Int
  /// The outcome of each function in the pattern at hand, or -1.
  private var present: [Int32]

  init(_ pairs: [FunctionPair], ranges: [Range<Int>], classCount: Int) {
    self.pairs = pairs
    self.ranges = ranges
    self.classCount = classCount
    var pairsByFirst = [[Int]](repeating: [], count: ranges.count)
    for (index, pair) in pairs.enumerated() { pairsByFirst[pair.first].append(index) }
    self.pairsByFirst = pairsByFirst
    counts = pairs.map { pair in
      [Double](
        repeating: 0, count: ranges[pair.first].count * ranges[pair.second].count * classCount)
    }
    present = [Int32](repeating: -1, count: ranges.count)
  }

  /// Calls a function with each pair that votes together in a pattern, and the cell of its votes.
  mutating func forEachPair(
    _ patterns: VotePatterns, _ pattern: Int, _ outcomes: VoteOutcomes,
    _ body: (inout [[Double]], _ pair: Int, _ cell: Int) -> Void
  ) {
    let entries = patterns.entries(of: pattern)
    for entry in entries {
      present[Int(patterns.functions[entry])] = Int32(outcomes.outcome(of: entry, in: patterns))
    }
    for entry in entries {
      let first = Int(patterns.functions[entry])
      let one = Int(present[first])
      if one < 0 { continue }
      for pair in pairsByFirst[first] {
        let second = pairs[pair].second
        let other = Int(present[second])
        if other < 0 { continue }
        let row = (one - ranges[first].lowerBound) * ranges[second].count
        body(&counts, pair, (row + other - ranges[second].lowerBound) * classCount)
      }
    }
    for entry in entries { present[Int(patterns.functions[entry])] = -1 }
  }

  /// Adds the documents of a pattern with their posterior.
  mutating func add(
    _ patterns: VotePatterns, _ pattern: Int, count: Int, _ posterior: [Double],
    _ outcomes: VoteOutcomes
  ) {
    forEachPair(patterns, pattern, outcomes) { counts, pair, cell in
      for label in posterior.indices {
        counts[pair][cell + label] += Double(count) * posterior[label]
      }
    }
  }

  /// The probabilities of what two functions do together, given each class.
  ///
  /// - Parameters:
  ///   - expected: What the votes say of each function alone.
  ///   - shares: The probabilities that the tables shall have for each function alone: outcomes ×
  ///     classes.
  func table(_ pair: Int, _ expected: ExpectedFirings, shares: [Double]) -> JointTable {
    let (first, second) = (ranges[pairs[pair].first], ranges[pairs[pair].second])
    return JointTable(
      counts: counts[pair], mass: expected.mass,
      firsts: OutcomeTable(expected.firings, first, classCount),
      seconds: OutcomeTable(expected.firings, second, classCount),
      firstShares: OutcomeTable(shares, first, classCount),
      secondShares: OutcomeTable(shares, second, classCount))
  }
}

/// The rows of one function in a table of outcomes × classes.
struct OutcomeTable {
  let count: Int
  private let values: ArraySlice<Double>
  private let classCount: Int

  init(_ values: [Double], _ outcomes: Range<Int>, _ classCount: Int) {
    count = outcomes.count
    self.classCount = classCount
    self.values = values[outcomes.lowerBound * classCount..<outcomes.upperBound * classCount]
  }

  /// The values of one class: what is left of a total for silence, then those of the votes.
  func column(_ label: Int, total: Double) -> [Double] {
    var column = [total]
    for outcome in 0..<count {
      let value = values[values.startIndex + outcome * classCount + label]
      column.append(value)
      column[0] -= value
    }
    column[0] = max(column[0], 1e-9 * total)
    return column
  }
}

/// The probabilities of what two functions do together given each class, silence among it.
///
/// How often each function votes by itself is given, and held near a prior elsewhere. What is learned
/// here is the association of the two: the odds ratios, which do not depend on how often each votes.
/// The counts of a class, smoothed with a few documents of what all classes have in common, which in
/// turn are smoothed towards independence, are scaled to the given shares (iterative proportional
/// fitting, Deming and Stephan 1940), which keeps their odds ratios. So copies with equal shares fire
/// together as often as each alone, whatever the prior did to the shares, and a pair without
/// association is independent exactly.
///
/// Classes share because the posterior of an improbable class has few documents: smoothed towards
/// independence alone, copies would seem independent there, and their second vote would count.
struct JointTable {
  /// The documents of what all classes have in common, for each class.
  private static let sharedDocuments = 10.0
  /// The expected documents towards independence for each cell, over all classes.
  private static let independentDocuments = 1.0

  let rowCount: Int
  let columnCount: Int
  /// Rows × columns × classes; row and column 0 are silence.
  private(set) var probabilities: [Double]
  let classCount: Int

  init(
    counts: [Double], mass: [Double], firsts: OutcomeTable, seconds: OutcomeTable,
    firstShares: OutcomeTable, secondShares: OutcomeTable
  ) {
    rowCount = firsts.count + 1
    columnCount = seconds.count + 1
    classCount = mass.count
    probabilities = [Double](repeating: 0, count: rowCount * columnCount * classCount)
    let cells = rowCount * columnCount
    var observed: [[Double]] = []
    var independent: [[Double]] = []
    var lift = [Double](repeating: Self.independentDocuments, count: cells)
    var base = lift
    for label in mass.indices {
      let total = max(mass[label], 1e-9)
      let rows = firsts.column(label, total: total)
      let columns = seconds.column(label, total: total)
      observed.append(
        Self.completed(counts, label: label, classCount: classCount, rows: rows, columns: columns))
      independent.append(rows.flatMap { row in columns.map { row * $0 / total } })
      for cell in 0..<cells {
        lift[cell] += observed[label][cell]
        base[cell] += independent[label][cell]
      }
    }
    for label in mass.indices {
      var seed = (0..<cells).map { independent[label][$0] * lift[$0] / base[$0] }
      let scale = Self.sharedDocuments / seed.reduce(0, +)
      for cell in 0..<cells { seed[cell] = max(observed[label][cell] + scale * seed[cell], 1e-12) }
      let table = Self.fitted(
        seed, rows: firstShares.column(label, total: 1),
        columns: secondShares.column(label, total: 1))
      for cell in 0..<cells { probabilities[cell * classCount + label] = table[cell] }
    }
  }

  /// The counts of one class with those of silence, which follow from the margins.
  private static func completed(
    _ counts: [Double], label: Int, classCount: Int, rows: [Double], columns: [Double]
  ) -> [Double] {
    var table = [Double](repeating: 0, count: rows.count * columns.count)
    var silence = rows[0]
    for column in 1..<max(1, columns.count) { table[column] = columns[column] }
    for row in 1..<max(1, rows.count) {
      var rest = rows[row]
      for column in 1..<max(1, columns.count) {
        let index = ((row - 1) * (columns.count - 1) + column - 1) * classCount + label
        table[row * columns.count + column] = counts[index]
        table[column] -= counts[index]
        rest -= counts[index]
      }
      table[row * columns.count] = max(0, rest)
    }
    for column in 1..<max(1, columns.count) {
      table[column] = max(0, table[column])
      silence -= table[column]
    }
    table[0] = max(0, silence)
    return table
  }

  /// A table with the association of another and with given margins.
  static func fitted(_ seed: [Double], rows: [Double], columns: [Double]) -> [Double] {
    if rows.count == 2, columns.count == 2 {
      let ratio = seed[0] / seed[1] * (seed[3] / seed[2])
      let both = jointShare(rows[1], columns[1], oddsRatio: ratio)
      return [
        max(1 - rows[1] - columns[1] + both, 1e-12), columns[1] - both, rows[1] - both, both,
      ].map { max($0, 0) }
    }
    var table = seed
    for _ in 0..<50 {
      for (row, share) in rows.enumerated() {
        let cells = row * columns.count..<(row + 1) * columns.count
        let sum = table[cells].reduce(0, +)
        for cell in cells { table[cell] *= share / sum }
      }
      var change = 0.0
      for (column, share) in columns.enumerated() {
        var sum = 0.0
        for row in rows.indices { sum += table[row * columns.count + column] }
        change = max(change, abs(sum - share))
        for row in rows.indices { table[row * columns.count + column] *= share / sum }
      }
      if change < 1e-13 { break }
    }
    return table
  }

  /// The probability that two events with given probabilities and odds ratio meet (Plackett 1965),
  /// in a form without cancellation, which for a ratio of 1 is the product.
  static func jointShare(_ one: Double, _ other: Double, oddsRatio: Double) -> Double {
    let ratio = min(oddsRatio, 1e12)
    let sum = 1 + (one + other) * (ratio - 1)
    let root = max(0, sum * sum - 4 * ratio * (ratio - 1) * one * other).squareRoot()
    return min(2 * ratio * one * other / (sum + root), one, other)
  }

  /// The index in ``probabilities`` of two outcomes, for the first class.
  func index(_ row: Int, _ column: Int) -> Int { (row * columnCount + column) * classCount }

  /// The probabilities of the rows and of the columns, each × classes.
  func margins() -> (rows: [Double], columns: [Double]) {
    var rows = [Double](repeating: 0, count: rowCount * classCount)
    var columns = [Double](repeating: 0, count: columnCount * classCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        for label in 0..<classCount {
          rows[row * classCount + label] += probabilities[index(row, column) + label]
          columns[column * classCount + label] += probabilities[index(row, column) + label]
        }
      }
    }
    return (rows, columns)
  }

  /// The logarithm of how much more often the votes meet than independent ones would, given each
  /// class; rows and columns are those of votes.
  func logLifts() -> [Double] {
    let (rows, columns) = margins()
    var lifts: [Double] = []
    for row in 1..<max(1, rowCount) {
      for column in 1..<max(1, columnCount) {
        for label in 0..<classCount {
          let expected = rows[row * classCount + label] * columns[column * classCount + label]
          let found = probabilities[index(row, column) + label]
          lifts.append(naturalLog(max(found, 1e-300) / max(expected, 1e-300)))
        }
      }
    }
    return lifts
  }
}
