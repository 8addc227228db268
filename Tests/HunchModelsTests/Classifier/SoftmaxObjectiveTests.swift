import HunchModels
import TestSupport
import Testing

struct SoftmaxObjectiveTests {
  /// A random problem whose features say something of the class.
  static func problem(
    seed: UInt64, rows: Int, columns: Int, classes: Int, parallel: Parallelism = .serial,
    penalty: Double = 1e-2
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
      targets: targets, classCount: classes, penalty: penalty, parallel: parallel)
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

  @Test(arguments: [2, 3, 4, 5, 10])
  func gradientEqualsFiniteDifferences(classes: Int) {
    let objective = Self.problem(seed: 3, rows: 60, columns: 17, classes: classes)
    let parameters = Self.randomParameters(objective, seed: 4)
    let gradient = objective.gradient(at: parameters)
    for row in 0...objective.rows.columnCount {
      for lane in 0..<objective.stride {
        let index = row * objective.stride + lane
        if lane >= classes {
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

  @Test(arguments: [2, 3, 7])
  func reachesTheOptimum(classes: Int) {
    let objective = Self.problem(seed: 8, rows: 300, columns: 40, classes: classes)
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
    let gradient = objective.gradient(at: result.parameters)
    let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(norm < 1e-5)
    // The objective is convex: no step in any direction leads lower.
    var random = SplitMix64(seed: 1)
    for _ in 0..<20 {
      let moved = result.parameters.indices.map { index in
        index % objective.stride < classes
          ? result.parameters[index] + Float(0.02 * (random.uniform() - 0.5)) : 0
      }
      #expect(objective.value(at: moved) > result.objective)
    }
    #expect(abs(objective.value(at: result.parameters) - result.objective) < 1e-12)
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
