import HunchModels
import TestSupport
import Testing

/// Dual coordinate ascent finds the optimum of L-BFGS and knows how near it is.
struct DualAscentTests {
  private static func intercepts(_ objective: SoftmaxObjective) -> [Float] {
    let start = objective.start()
    return (0..<objective.classCount).map {
      start[objective.rows.columnCount * objective.stride + $0]
    }
  }

  /// The weights are those that the documents' distributions stand for, whatever was visited.
  @Test(arguments: [2, 3, 7])
  func weightsFollowFromTheDistributions(classes: Int) {
    let penalty = 1e-2
    let (rows, objective, targets) = WeighedSamples.problem(
      rows: 90, classes: classes, penalty: penalty)
    let matrix = objective.rows
    var ascent = DualAscent(
      columnCount: 40, documents: 90, penalty: penalty, intercepts: Self.intercepts(objective))
    var duals = targets
    for pass in 1...3 {
      _ = ascent.visit(
        rows, targets: targets, duals: &duals, order: VisitingOrder.permutation(90, seed: pass))
    }
    var expected = [Double](repeating: 0, count: 41 * objective.stride)
    for label in 0..<classes {
      expected[40 * objective.stride + label] = Double(Self.intercepts(objective)[label])
    }
    for row in 0..<90 {
      for label in 0..<classes {
        let index = row * classes + label
        #expect(duals[index] >= 0)
        let change = Double(targets[index] - duals[index]) / (penalty * 90)
        expected[40 * objective.stride + label] += change
        for entry in matrix.starts[row]..<matrix.starts[row + 1] {
          expected[Int(matrix.columns[entry]) * objective.stride + label] +=
            change * Double(matrix.values[entry])
        }
      }
      let sum = duals[row * classes..<(row + 1) * classes].reduce(0, +)
      #expect(abs(sum - 1) < 1e-5)
    }
    for (one, other) in zip(ascent.weights, expected) { #expect(abs(Double(one) - other) < 1e-4) }
  }

  /// From λn = 0.03, where one document has the say, to 30.
  @Test(arguments: [1e-4, 1e-3, 1e-2, 1e-1], [2, 3, 7])
  func reachesTheOptimumOfQuasiNewton(penalty: Double, classes: Int) throws {
    let (rows, objective, targets) = WeighedSamples.problem(
      rows: 300, classes: classes, penalty: penalty)
    var minimizer = SoftmaxMinimizer(
      objective: objective, historySize: 10, maximumEvaluations: 2_000, tolerance: 1e-5)
    let optimum = minimizer.run().objective
    var documents = DocumentsInMemory(rows, targets: targets)
    #expect(
      zip(DualAscentRun.intercepts(targetSums: documents.targetSums), Self.intercepts(objective))
        .allSatisfy { abs($0 - $1) < 1e-5 })
    var distances: [Double] = []
    let run = DualAscentRun(penalty: penalty, maximumPasses: 2_000, tolerance: 5e-6)
    let result = try run.run(
      &documents, columnCount: 40,
      intercepts: DualAscentRun.intercepts(targetSums: documents.targetSums)
    ) {
      distances.append($0.relativeGradient)
      return true
    }
    #expect(result.converged && result.iterations == distances.count)
    #expect(distances.last == result.relativeGradient)
    let above = objective.value(at: result.weights) - optimum
    #expect(abs(result.objective - objective.value(at: result.weights)) < 1e-6)
    // The intercepts' own penalty, about their start, is not in the objective.
    let moved = zip(result.weights.suffix(objective.stride), Self.intercepts(objective)).reduce(0) {
      $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
    }
    let price = penalty / 2 * moved
    #expect(above < 2e-5 + 2 * price)
    #expect(above <= result.gap + 2 * price + 1e-6)
  }

  @Test func stopsWhereItIsTold() throws {
    let (rows, _, targets) = WeighedSamples.problem(rows: 300, classes: 3, penalty: 1e-4)
    var documents = DocumentsInMemory(rows, targets: targets)
    let run = DualAscentRun(penalty: 1e-4, maximumPasses: 2, tolerance: 1e-9)
    let result = try run.run(&documents, columnCount: 40, intercepts: [0, 0, 0]) { _ in true }
    #expect(!result.converged && !result.stopped && result.iterations == 2)
    let stopped = try run.run(&documents, columnCount: 40, intercepts: [0, 0, 0]) { _ in false }
    #expect(stopped.stopped && stopped.iterations == 1)
  }

  @Test(arguments: [0, 1, 1_023, 1_024, 40_000])
  func ordersAreCompleteAndDiffer(count: Int) {
    for order in [VisitingOrder.permutation(count, seed: 1), VisitingOrder.local(count, seed: 1)] {
      #expect(order.sorted() == (0..<count).map { Int32($0) })
    }
    if count > 1 {
      #expect(VisitingOrder.local(count, seed: 1) != VisitingOrder.local(count, seed: 2))
      #expect(VisitingOrder.local(count, seed: 1) == VisitingOrder.local(count, seed: 1))
    }
  }
}
