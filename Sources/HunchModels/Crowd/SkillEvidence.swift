/// The answers of one worker with what others say of the documents; see ``WorkerQuality``.
struct SkillEvidence {
  private let classCount: Int
  private var answers: [Int] = []
  /// q_{−j}, answers × classes.
  private var others: [Double] = []

  init(classCount: Int) { self.classCount = classCount }

  mutating func add(answer: Int, others row: [Double]) {
    answers.append(answer)
    others += row
  }

  /// Values of a that are tried.
  private static let grid = (-10...10).map { Double($0) / 10 }
  private static let rounds = 12
  /// Half of the 95 % quantile of χ² with one degree of freedom.
  private static let drop = 1.920_729_410_347_062
  private static let least = 1e-12

  /// a with its interval; −1...1 where there is nothing to tell it from.
  func estimate() -> (value: Double, interval: Interval) {
    if answers.isEmpty || classCount < 2 { return (0, Interval(lower: -1, upper: 1)) }
    let profile = Self.grid.map(logLikelihood)
    var best = 0
    for place in profile.indices where profile[place] > profile[best] { best = place }
    // A parabola through the best value and its neighbours.
    var (value, top) = (Self.grid[best], profile[best])
    if best > 0, best < profile.count - 1 {
      let (low, high) = (profile[best - 1], profile[best + 1])
      let curve = low - 2 * top + high
      if curve < 0 {
        let step = (low - high) / (2 * curve)
        value += 0.1 * step
        top -= (low - high) * step / 4
      }
    }
    func end(_ places: some Sequence<Int>, _ last: Double) -> Double {
      var (inside, level) = (value, top)
      for place in places {
        if profile[place] < top - Self.drop {
          let share = (level - (top - Self.drop)) / (level - profile[place])
          return inside + share * (Self.grid[place] - inside)
        }
        (inside, level) = (Self.grid[place], profile[place])
      }
      return last
    }
    let lower = end((0...best).reversed().drop { Self.grid[$0] >= value }, -1)
    let upper = end((best..<Self.grid.count).drop { Self.grid[$0] <= value }, 1)
    return (value, Interval(lower: min(lower, value), upper: max(upper, value)))
  }

  /// The likelihood of a with the most probable frequencies of guesses.
  private func logLikelihood(_ skill: Double) -> Double {
    var guesses = frequencies()
    let follows = abs(skill)
    var sum = 0.0
    for round in 0...Self.rounds {
      var expected = [Double](repeating: 0.01, count: classCount)
      sum = 0
      for (place, answer) in answers.enumerated() {
        let guessed = (1 - follows) * guesses[answer]
        let total = max(Self.least, guessed + follows * followed(place, answer, skill, guesses))
        sum += naturalLog(total)
        expected[answer] += guessed / total
      }
      if round == Self.rounds || follows == 0 || follows == 1 && skill > 0 { break }
      guesses = normalized(expected)
    }
    return sum
  }

  /// The probability of an answer of somebody who goes by the document.
  private func followed(
    _ place: Int, _ answer: Int, _ skill: Double, _ guesses: [Double]
  ) -> Double {
    if skill >= 0 { return others[place * classCount + answer] }
    var sum = 0.0
    for label in 0..<classCount where label != answer {
      let rest = 1 - guesses[label]
      sum +=
        others[place * classCount + label]
        * (rest > 1e-6 ? guesses[answer] / rest : 1 / Double(classCount - 1))
    }
    return sum
  }

  private func frequencies() -> [Double] {
    var counts = [Double](repeating: 0.01, count: classCount)
    for answer in answers { counts[answer] += 1 }
    return normalized(counts)
  }

  /// Whether answers depend on the class in any way: the likelihood ratio of a confusion matrix
  /// with free rows against one with equal rows exceeds what chance brings in one case of a
  /// thousand, and by the fitted matrix one answer in six or more would tell. Two classes have no
  /// way but the one that the skill measures.
  var showsDependence: Bool {
    if classCount < 3 { return false }
    let shares = frequencies()
    var rows = [Double]()
    for _ in 0..<classCount { rows += shares }
    var free = 0.0
    for _ in 0..<20 {
      // Half a pseudo-answer by the worker's own frequencies keeps rows without documents equal.
      var counts = (0..<classCount * classCount).map { 0.5 * shares[$0 % classCount] }
      free = 0
      for (place, answer) in answers.enumerated() {
        var total = 0.0
        for label in 0..<classCount {
          total += others[place * classCount + label] * rows[label * classCount + answer]
        }
        free += naturalLog(max(Self.least, total))
        for label in 0..<classCount {
          counts[label * classCount + answer] +=
            others[place * classCount + label] * rows[label * classCount + answer]
            / max(Self.least, total)
        }
      }
      for label in 0..<classCount {
        let total = counts[label * classCount..<(label + 1) * classCount].reduce(0, +)
        for answer in 0..<classCount {
          rows[label * classCount + answer] = counts[label * classCount + answer] / total
        }
      }
    }
    let equal = answers.reduce(0.0) { $0 + naturalLog(max(Self.least, shares[$1])) }
    let freedom = Double((classCount - 1) * (classCount - 1))
    // Wilson and Hilferty's approximation of the 99.9 % quantile of χ².
    let spread = 2 / (9 * freedom)
    let root = 1 - spread + 3.090_232 * spread.squareRoot()
    let gain = 2 * (free - equal)
    return gain > freedom * root * root * root && gain > 0.1 * Double(answers.count)
  }
}
