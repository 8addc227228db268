import HunchModels
import TestSupport
import Testing

struct SoftmaxObjectiveTests {
  /// A random problem whose features say something of the class.
  static func problem(
    seed: UInt64, rows: Int, columns: Int, classes: Int, parallel: Parallelism = .serial,
    penalty: Double = 1e-2, hasOffsets: Bool = false
  ) -> SoftmaxObjective {
    var random = SplitMix64(seed: seed)
    var starts = [0]
    var indices: [Int32] = []
    var values: [Float] = []
    var targets: [Float] = []
    for _ in 0..<rows {
      let label = random.below(classes)
      for column in 0..<columns where random.below(5) == 0 || column % classes == label {
        indices.append(Int32(column))
        values.append(Float(0.1 + random.uniform()))
      }
      starts.append(indices.count)
      let raw = (0..<classes).map { Float(random.uniform()) + ($0 == label ? 2 : 0) }
      targets += raw.map { $0 / raw.reduce(0, +) }
    }
    return SoftmaxObjective(
      rows: SparseRows(starts: starts, columns: indices, values: values, columnCount: columns),
      targets: targets,
      offsets: hasOffsets ? targets.indices.map { _ in 2 * random.uniform() - 1 } : nil,
      classCount: classes, penalty: penalty, parallel: parallel)
  }

  static func randomParameters(_ objective: SoftmaxObjective, seed: UInt64) -> [Float] {
    var random = SplitMix64(seed: seed)
    var parameters = [Float](repeating: 0, count: objective.parameterCount)
    for row in 0...objective.rows.columnCount {
      for label in 0..<objective.classCount {
        parameters[row * objective.stride + label] = Float(random.uniform() - 0.5)
      }
    }
    return parameters
  }

  @Test(arguments: [2, 3, 4, 5, 10], [false, true])
  func gradientEqualsFiniteDifferences(classes: Int, hasOffsets: Bool) {
    let objective = Self.problem(
      seed: 3, rows: 60, columns: 17, classes: classes, hasOffsets: hasOffsets)
    let parameters = Self.randomParameters(objective, seed: 4)
    let gradient = objective.gradient(at: parameters)
    for row in 0...objective.rows.columnCount {
      for lane in 0..<objective.stride {
        let index = row * objective.stride + lane
        // With offsets there are no intercepts to move.
        if lane >= classes || hasOffsets && row == objective.rows.columnCount {
          #expect(gradient[index] == 0)
          continue
        }
        var moved = parameters
        moved[index] = parameters[index] + 1e-2
        let above = objective.value(at: moved)
        let upper = moved[index]
        moved[index] = parameters[index] - 1e-2
        let slope = (above - objective.value(at: moved)) / Double(upper - moved[index])
        #expect(abs(slope - Double(gradient[index])) < 2e-5)
      }
    }
  }

  @Test(arguments: [2, 3, 7], [false, true])
  func reachesTheOptimum(classes: Int, hasOffsets: Bool) {
    let objective = Self.problem(
      seed: 8, rows: 300, columns: 40, classes: classes, hasOffsets: hasOffsets)
    var minimizer = SoftmaxMinimizer(
      objective: objective, historySize: 10, maximumEvaluations: 300, tolerance: 1e-5)
    var objectives: [Double] = []
    let result = minimizer.run {
      objectives.append($0.objective)
      return true
    }
    #expect(result.converged)
    #expect(result.iterations == objectives.count)
    for (one, next) in zip(objectives, objectives.dropFirst()) { #expect(next <= one + 1e-7) }
    let gradient = objective.gradient(at: result.weights)
    let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(norm < 1e-5)
    // The objective is convex: no step in any direction leads lower.
    var random = SplitMix64(seed: 1)
    for _ in 0..<20 {
      let moved = result.weights.indices.map { index in
        index % objective.stride < classes
          ? result.weights[index] + Float(0.02 * (random.uniform() - 0.5)) : 0
      }
      #expect(objective.value(at: moved) > result.objective)
    }
    #expect(abs(objective.value(at: result.weights) - result.objective) < 1e-12)
  }

  @Test func manyBlocksGiveTheSameAsOne() {
    let objective = Self.problem(seed: 2, rows: 1500, columns: 300, classes: 3)
    let parallel = Self.problem(
      seed: 2, rows: 1500, columns: 300, classes: 3, parallel: .dispatch(3))
    let parameters = Self.randomParameters(objective, seed: 9)
    #expect(objective.value(at: parameters) == parallel.value(at: parameters))
    #expect(objective.gradient(at: parameters) == parallel.gradient(at: parameters))
    let direct = DirectObjective(objective)
    #expect(abs(direct.value(parameters) - objective.value(at: parameters)) < 1e-5)
  }

  @Test func stopsWhenAsked() {
    let objective = Self.problem(seed: 2, rows: 100, columns: 30, classes: 3)
    var minimizer = SoftmaxMinimizer(
      objective: objective, historySize: 5, maximumEvaluations: 300, tolerance: 1e-9)
    let result = minimizer.run { $0.iteration < 3 }
    #expect(result.stopped)
    #expect(result.iterations == 3)
  }

  @Test func shortHistoriesConvergeToo() {
    let objective = Self.problem(seed: 6, rows: 200, columns: 50, classes: 4, penalty: 1e-3)
    for size in [1, 3, 30] {
      var minimizer = SoftmaxMinimizer(
        objective: objective, historySize: size, maximumEvaluations: 300, tolerance: 1e-4)
      #expect(minimizer.run().converged)
    }
  }
}

/// The objective's loss without blocks, padding or vectors.
private struct DirectObjective {
  let objective: SoftmaxObjective

  init(_ objective: SoftmaxObjective) { self.objective = objective }

  func value(_ parameters: [Float]) -> Double {
    let (rows, classes, stride) = (objective.rows, objective.classCount, objective.stride)
    var loss = 0.0
    for row in 0..<rows.rowCount {
      var scores = (0..<classes).map { Double(parameters[rows.columnCount * stride + $0]) }
      for entry in rows.starts[row]..<rows.starts[row + 1] {
        for label in 0..<classes {
          scores[label] +=
            Double(rows.values[entry])
            * Double(parameters[Int(rows.columns[entry]) * stride + label])
        }
      }
      let logSum = logarithm(scores.reduce(0) { $0 + exponential($1) })
      for label in 0..<classes {
        loss += Double(objective.target(row, label)) * (logSum - scores[label])
      }
    }
    let norm = parameters.prefix(rows.columnCount * stride).reduce(0.0) {
      $0 + Double($1) * Double($1)
    }
    return loss / Double(rows.rowCount) + objective.penalty / 2 * norm
  }
}

extension SoftmaxObjectiveTests {
  /// A row of weight 3 counts as much as three rows; one of weight 0.5 as half a row.
  @Test func weightsStandForRepetition() {
    let plain = Self.problem(seed: 5, rows: 30, columns: 11, classes: 3)
    let times = (0..<30).map { [2, 1, 6][$0 % 3] }
    let targets = (0..<30).map { row in (0..<3).map { plain.target(row, $0) } }
    func objective(_ chosen: [Int], weights: [Float]?) -> SoftmaxObjective {
      var starts = [0]
      var columns: [Int32] = []
      var values: [Float] = []
      for row in chosen {
        let range = plain.rows.starts[row]..<plain.rows.starts[row + 1]
        columns += plain.rows.columns[range]
        values += plain.rows.values[range]
        starts.append(columns.count)
      }
      return SoftmaxObjective(
        rows: SparseRows(starts: starts, columns: columns, values: values, columnCount: 11),
        targets: chosen.flatMap { targets[$0] }, weights: weights, classCount: 3, penalty: 1e-2,
        parallel: .serial)
    }
    let repeated = objective(
      (0..<30).flatMap { [Int](repeating: $0, count: times[$0]) }, weights: nil)
    let weighted = objective(Array(0..<30), weights: times.map { Float($0) / 2 })
    let parameters = Self.randomParameters(plain, seed: 8)
    #expect(abs(repeated.value(at: parameters) - weighted.value(at: parameters)) < 1e-6)
    for (one, other) in zip(repeated.gradient(at: parameters), weighted.gradient(at: parameters)) {
      #expect(abs(one - other) < 1e-6)
    }
    func minimum(_ objective: SoftmaxObjective) -> TrainingResult {
      var minimizer = SoftmaxMinimizer(
        objective: objective, historySize: 10, maximumEvaluations: 200, tolerance: 1e-5)
      return minimizer.run()
    }
    let (first, second) = (minimum(repeated), minimum(weighted))
    #expect(first.converged && second.converged)
    #expect(abs(first.objective - second.objective) < 1e-6)
  }

  @Test func aWarmStartEndsWhereAColdOneDoes() {
    let objective = Self.problem(seed: 6, rows: 200, columns: 15, classes: 4)
    func run(from start: [Float]?) -> TrainingResult {
      var minimizer = SoftmaxMinimizer(
        objective: objective, historySize: 10, maximumEvaluations: 200, tolerance: 1e-4,
        from: start)
      return minimizer.run()
    }
    let cold = run(from: nil)
    let near = run(from: cold.weights.map { $0 * 0.98 })
    #expect(cold.converged && near.converged)
    #expect(near.iterations < cold.iterations)
    #expect(abs(near.objective - cold.objective) < 1e-6)
    #expect(run(from: cold.weights).iterations == 0)
  }
}
