import HunchModels
import TestSupport
import Testing

/// Stochastic gradient descent does what its formulas say, and finds its steps by itself.
struct StochasticDescentTests {
  /// The same with every number where one expects it: all weights change in each step.
  private struct Dense {
    let rows: [[Double]]
    let targets: [[Double]]
    let penalty: Double
    /// Features × classes, the last row for the intercepts.
    var weights: [[Double]]
    var average: [[Double]]
    var start: [[Double]]
    var steps = 0
    var gradientSum = 0.0
    var greatestDistance = 0.0

    init(_ objective: SoftmaxObjective, penalty: Double, intercepts: [Float]) {
      let matrix = objective.rows
      rows = (0..<matrix.rowCount).map { row in
        var values = [Double](repeating: 0, count: matrix.columnCount) + [1]
        for entry in matrix.starts[row]..<matrix.starts[row + 1] {
          values[Int(matrix.columns[entry])] = Double(matrix.values[entry])
        }
        return values
      }
      targets = (0..<matrix.rowCount).map { row in
        (0..<objective.classCount).map { Double(objective.target(row, $0)) }
      }
      self.penalty = penalty
      let zero = [Double](repeating: 0, count: objective.classCount)
      weights =
        [[Double]](repeating: zero, count: matrix.columnCount) + [intercepts.map(Double.init)]
      (average, start) = (weights, weights)
    }

    mutating func step(_ document: Int, rate: Double) {
      let classes = weights[0].count
      var gradient = weights.map { $0.map { $0 * penalty } }
      gradient[gradient.count - 1] = [Double](repeating: 0, count: classes)
      var scores = (0..<classes).map { label in
        zip(rows[document], weights).reduce(0) { $0 + $1.0 * $1.1[label] }
      }
      let sum = scores.reduce(0) { $0 + exp($1) }
      scores = scores.map { exp($0) / sum }
      for (feature, value) in rows[document].enumerated() {
        for label in 0..<classes {
          gradient[feature][label] += value * (scores[label] - targets[document][label])
        }
      }
      gradientSum += gradient.joined().reduce(0) { $0 + $1 * $1 }
      steps += 1
      var squares = 0.0
      for feature in weights.indices {
        for label in 0..<classes {
          weights[feature][label] -= rate * gradient[feature][label]
          average[feature][label] +=
            (weights[feature][label] - average[feature][label]) / Double(steps)
          let moved = weights[feature][label] - start[feature][label]
          squares += moved * moved
        }
      }
      greatestDistance = max(greatestDistance, squares.squareRoot())
    }

    /// e to a power, by its series.
    private func exp(_ value: Double) -> Double {
      let part = value / 1024
      var power = 1 + part + part * part / 2 + part * part * part / 6
      for _ in 0..<10 { power *= power }
      return power
    }
  }

  private static let intercepts: [Float] = [0.3, -0.2, -0.1]

  private static func descent(
    _ objective: SoftmaxObjective, penalty: Double = 1e-2
  ) -> StochasticDescent {
    StochasticDescent(
      columnCount: objective.rows.columnCount, intercepts: intercepts, penalty: penalty)
  }

  private typealias Problem = (rows: WeighedRows, objective: SoftmaxObjective, targets: [Float])

  private static func problem(seed: UInt64, rows: Int, columns: Int) -> Problem {
    WeighedSamples.problem(rows: rows, columns: columns, classes: 3, penalty: 1e-2, seed: seed)
  }

  /// 3,000 steps: long enough for the factors to be folded into the vectors some times.
  @Test(arguments: [0.1, 0.5])
  func lazyStepsAreThoseOfDenseVectors(rate: Double) {
    let (rows, objective, targets) = Self.problem(seed: 5, rows: 40, columns: 10)
    var lazy = Self.descent(objective)
    var dense = Dense(objective, penalty: 1e-2, intercepts: Self.intercepts)
    for pass in 0..<75 {
      for document in VisitingOrder.permutation(40, seed: pass) {
        lazy.step(on: Int(document), of: rows, targets: targets, rate)
        dense.step(Int(document), rate: rate)
      }
    }
    #expect(lazy.steps == 3_000)
    for (one, other) in zip(lazy.iterate, dense.weights.joined()) {
      #expect(abs(Double(one) - other) < 1e-3)
    }
    for (one, other) in zip(lazy.average, dense.average.joined()) {
      #expect(abs(Double(one) - other) < 1e-3)
    }
    #expect(abs(lazy.gradientSum / dense.gradientSum - 1) < 1e-3)
    #expect(abs(lazy.greatestDistance / dense.greatestDistance - 1) < 1e-3)
  }

  // MARK: - Finding the step

  private static func attempt(_ problem: Problem, _ size: Double) -> ParameterFreeRun.Attempt {
    var descent = descent(problem.objective)
    for pass in 0..<2 {
      for document in VisitingOrder.permutation(problem.rows.rowCount, seed: pass) {
        descent.step(on: Int(document), of: problem.rows, targets: problem.targets, size)
      }
    }
    return ParameterFreeRun.Attempt(step: size, descent: descent)
  }

  @Test func bisectionEndsWithABracketThatPhiCrosses() throws {
    let problem = Self.problem(seed: 6, rows: 200, columns: 30)
    var sizes: [Double] = []
    let found = ParameterFreeRun.bisect(from: 1e-4, to: 1e-4 * 65_536) { size in
      sizes.append(size)
      return Self.attempt(problem, size)
    }
    let bracket = try #require(found)
    #expect(bracket.low.ratio >= bracket.low.step)
    #expect(bracket.high.ratio < bracket.high.step)
    #expect(bracket.high.step <= 2.0001 * bracket.low.step)
    // Both ends, and four halvings of sixteen doublings.
    #expect(sizes.count == 6)
    #expect(abs(sizes[2] / (1e-4 * 256) - 1) < 1e-9)
    #expect([bracket.low.step, bracket.high.step].contains(bracket.best.step))
  }

  @Test func bracketsWithoutARootAreToldApart() throws {
    let problem = Self.problem(seed: 6, rows: 200, columns: 30)
    let small = ParameterFreeRun.bisect(from: 1e-6, to: 1e-5) { Self.attempt(problem, $0) }
    #expect(small.map(\.low.step) == nil, "the largest step is too small")
    let large = ParameterFreeRun.bisect(from: 100, to: 1000) { Self.attempt(problem, $0) }
    let bracket = try #require(large)
    #expect(bracket.low.step == 100 && bracket.high.step == 100 && bracket.best.step == 100)
  }

  @Test func comesNearTheOptimumAndSaysHowFar() throws {
    let (rows, objective, targets) = Self.problem(seed: 7, rows: 400, columns: 30)
    var minimizer = SoftmaxMinimizer(
      objective: objective, historySize: 10, maximumEvaluations: 300, tolerance: 1e-5)
    let optimum = minimizer.run().objective
    func value(_ parameters: [Float]) -> Double {
      var padded = [Float](repeating: 0, count: objective.parameterCount)
      for index in parameters.indices {
        padded[index / 3 * objective.stride + index % 3] = parameters[index]
      }
      return objective.value(at: padded)
    }
    var documents = DocumentsInMemory(rows, targets: targets)
    var passes: [Int] = []
    let result = try ParameterFreeRun(penalty: 1e-2).run(
      &documents, columnCount: rows.columnCount, intercepts: Self.intercepts
    ) { progress in
      passes.append(progress.iteration)
      return true
    }
    let untrained = value(Self.descent(objective).iterate) - optimum
    #expect(value(result.weights) - optimum < 0.1 * untrained)
    #expect(abs(result.objective - value(result.weights)) < 1e-5)
    #expect(result.converged && result.relativeGradient < 0.3)
    #expect(passes == Array(1...result.iterations))
    let search = try #require(result.search)
    #expect(search.bracket.upperBound <= 2.0001 * search.bracket.lowerBound)
    #expect([search.bracket.lowerBound, search.bracket.upperBound].contains(search.step))
    #expect(search.budgets == Array([8, 4, 2].prefix(search.budgets.count)))
    let stopped = try ParameterFreeRun(penalty: 1e-2).run(
      &documents, columnCount: rows.columnCount, intercepts: Self.intercepts
    ) { $0.iteration < 3 }
    #expect(stopped.stopped && stopped.iterations == 3)
  }
}
