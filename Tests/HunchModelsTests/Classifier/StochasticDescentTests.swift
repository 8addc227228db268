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

    mutating func step(
      _ documents: ArraySlice<Int32>, share: (Int) -> Double, rate: (Dense) -> Double
    ) {
      let classes = weights[0].count
      var gradient = weights.map { $0.map { $0 * penalty } }
      gradient[gradient.count - 1] = [Double](repeating: 0, count: classes)
      for document in documents.map({ Int($0) }) {
        var scores = (0..<classes).map { label in
          zip(rows[document], weights).reduce(0) { $0 + $1.0 * $1.1[label] }
        }
        let sum = scores.reduce(0) { $0 + exp($1) }
        scores = scores.map { exp($0) / sum }
        for (feature, value) in rows[document].enumerated() {
          for label in 0..<classes {
            gradient[feature][label] +=
              value * (scores[label] - targets[document][label]) / Double(documents.count)
          }
        }
      }
      gradientSum += gradient.joined().reduce(0) { $0 + $1 * $1 }
      let size = rate(self)
      steps += 1
      var squares = 0.0
      for feature in weights.indices {
        for label in 0..<classes {
          weights[feature][label] -= size * gradient[feature][label]
          average[feature][label] +=
            share(steps) * (weights[feature][label] - average[feature][label])
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
    _ objective: SoftmaxObjective, batch: Int, _ averaging: StochasticDescent.Averaging,
    penalty: Double = 1e-2
  ) -> StochasticDescent {
    let targets = (0..<objective.rows.rowCount).flatMap { row in
      (0..<objective.classCount).map { objective.target(row, $0) }
    }
    return StochasticDescent(
      objective.rows, targets: targets, intercepts: intercepts, penalty: penalty, batchSize: batch,
      averaging: averaging)
  }

  /// 3,000 steps: long enough for the factors to be folded into the vectors some times.
  @Test(arguments: [1, 4], [false, true])
  func lazyStepsAreThoseOfDenseVectors(batch: Int, isDistanceOverGradients: Bool) {
    let objective = SoftmaxObjectiveTests.problem(seed: 5, rows: 40, columns: 9, classes: 3)
    let penalty = 1e-2
    var lazy = Self.descent(
      objective, batch: batch, isDistanceOverGradients ? .polynomialDecay : .uniform)
    var dense = Dense(objective, penalty: penalty, intercepts: Self.intercepts)
    var order: [Int32] = []
    var passes = 0
    for step in 0..<3_000 {
      let place = step % (40 / batch) * batch
      if place == 0 {
        order = VisitingOrder.permutation(40, seed: passes)
        passes += 1
      }
      let documents = order[place..<place + batch]
      if isDistanceOverGradients {
        ParameterFree.takeDistanceOverGradientsStep(&lazy)
        dense.step(documents, share: { 9 / Double($0 + 8) }) {
          max($0.greatestDistance, 1e-6) / ($0.gradientSum + 1e-8).squareRoot()
        }
      } else {
        lazy.step { _ in 0.5 }
        dense.step(documents, share: { 1 / Double($0) }) { _ in 0.5 }
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

  private static func run(_ objective: SoftmaxObjective, _ size: Double, steps: Int)
    -> ParameterFree.Run
  {
    var descent = Self.descent(objective, batch: 1, .uniform)
    for _ in 0..<steps { descent.step { _ in size } }
    return ParameterFree.Run(stepSize: size, descent: descent)
  }

  @Test func bisectionEndsWithABracketThatPhiCrosses() throws {
    let objective = SoftmaxObjectiveTests.problem(seed: 6, rows: 200, columns: 30, classes: 3)
    var sizes: [Double] = []
    let outcome = ParameterFree.bisect(from: 1e-4, to: 1e-4 * 65_536) { size in
      sizes.append(size)
      return Self.run(objective, size, steps: 400)
    }
    guard case .found(let bracket) = outcome else {
      Issue.record("nothing was found: \(outcome)")
      return
    }
    #expect(bracket.low.ratio >= bracket.low.stepSize)
    #expect(bracket.high.ratio < bracket.high.stepSize)
    #expect(bracket.high.stepSize <= 2.0001 * bracket.low.stepSize)
    // Both ends, and four halvings of sixteen doublings.
    #expect(sizes.count == 6)
    #expect(abs(sizes[2] / (1e-4 * 256) - 1) < 1e-9)
    #expect([bracket.low.stepSize, bracket.high.stepSize].contains(bracket.best.stepSize))
  }

  @Test func bracketsWithoutARootAreToldApart() {
    let objective = SoftmaxObjectiveTests.problem(seed: 6, rows: 200, columns: 30, classes: 3)
    let small = ParameterFree.bisect(from: 1e-6, to: 1e-5) { Self.run(objective, $0, steps: 400) }
    guard case .largestIsTooSmall = small else {
      Issue.record("the largest step is too small: \(small)")
      return
    }
    let large = ParameterFree.bisect(from: 100, to: 1000) { Self.run(objective, $0, steps: 400) }
    guard case .smallestIsTooLarge(let run) = large else {
      Issue.record("the smallest step is too large: \(large)")
      return
    }
    #expect(run.stepSize == 100)
  }

  @Test func bothComeNearTheOptimumWithoutATunedStep() throws {
    let objective = SoftmaxObjectiveTests.problem(seed: 7, rows: 400, columns: 30, classes: 3)
    var minimizer = SoftmaxMinimizer(
      objective: objective, historySize: 10, maximumEvaluations: 300, tolerance: 1e-5)
    let optimum = minimizer.run().objective
    func gap(_ parameters: [Float]) -> Double {
      var padded = [Float](repeating: 0, count: objective.parameterCount)
      for index in parameters.indices {
        padded[index / 3 * objective.stride + index % 3] = parameters[index]
      }
      return objective.value(at: padded) - optimum
    }
    let untrained = gap(Self.descent(objective, batch: 1, .uniform).iterate)
    var descent = Self.descent(objective, batch: 1, .polynomialDecay)
    for _ in 0..<400 * 32 { ParameterFree.takeDistanceOverGradientsStep(&descent) }
    #expect(gap(descent.average) < 0.01 * untrained)
    let run = try #require(
      ParameterFree.search(budget: 400 * 64, smallest: 1e-4) { size, steps in
        Self.run(objective, size, steps: steps)
      })
    #expect(gap(run.descent.average) < 0.05 * untrained)
    // A budget that pays for no step finds none.
    #expect(
      ParameterFree.search(budget: 3, smallest: 1e-4) { Self.run(objective, $0, steps: $1) } == nil)
  }
}
