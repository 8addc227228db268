import HunchModels

/// A function of many variables that can be minimised.
protocol DifferentiableObjective {
  /// The value and the gradient.
  mutating func evaluate(_ point: [Double]) throws -> (value: Double, gradient: [Double])

  /// Called with each point that a step ends at; returns what the step changed, for the history.
  mutating func accept(_ point: [Double]) throws -> Double
}

/// L-BFGS (Liu and Nocedal 1989) with a diagonal first guess of the curvature and a deterministic
/// line search.
///
/// Near the minimum, values no longer differ in their last bits while gradients still do, so that a
/// step is also taken if the value is as good as before and the slope along the step falls
/// ("approximate Wolfe conditions", Hager and Zhang 2005).
struct QuasiNewton {
  /// The number of steps that are remembered.
  static let memory = 40

  /// The diagonal of the curvature, positive; the scale in which convergence is measured.
  let curvature: [Double]
  /// The search stops where no variable would step by so much, gradient over curvature, or where
  /// ten steps in a row changed nothing by so much: there are directions in which weights go on
  /// without an end that anybody sees.
  let tolerance: Double
  let maximumRounds: Int

  struct Result {
    var point: [Double]
    var history: [Double]
    var converged: Bool
  }

  private struct Correction {
    var step: [Double]
    var change: [Double]
    var scale: Double
  }

  func minimize(
    _ objective: inout some DifferentiableObjective, from start: [Double]
  ) throws -> Result {
    var point = start
    var (value, gradient) = try objective.evaluate(point)
    var corrections: [Correction] = []
    var history: [Double] = []
    while history.count < maximumRounds {
      let isStill = history.count > 10 && history.suffix(10).allSatisfy { $0 < tolerance }
      if isStill || size(gradient) < tolerance {
        return Result(point: point, history: history, converged: true)
      }
      let direction = direction(gradient, corrections)
      guard
        let next = try search(&objective, point, value, gradient, direction)
      else {
        // No step leads down, along the remembered curvature or without it.
        if corrections.isEmpty { break }
        corrections = []
        continue
      }
      history.append(try objective.accept(next.point))
      let step = zip(next.point, point).map { $0 - $1 }
      let change = zip(next.gradient, gradient).map { $0 - $1 }
      let scale = Self.dot(step, change)
      if scale > 1e-300 {
        if corrections.count == Self.memory { corrections.removeFirst() }
        corrections.append(Correction(step: step, change: change, scale: scale))
      }
      (point, value, gradient) = next
    }
    // What is left is rounding, or slow progress along directions that change no label.
    let isStill = (history.last ?? 1) < 1e-5
    return Result(point: point, history: history, converged: isStill || size(gradient) < 1e-6)
  }

  private func size(_ gradient: [Double]) -> Double {
    zip(gradient, curvature).reduce(0) { max($0, abs($1.0) / $1.1) }
  }

  private static func dot(_ one: [Double], _ other: [Double]) -> Double {
    zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The two-loop recursion; no variable moves by more than 2.
  private func direction(_ gradient: [Double], _ corrections: [Correction]) -> [Double] {
    var direction = gradient.map { -$0 }
    var weights: [Double] = []
    for correction in corrections.reversed() {
      let weight = Self.dot(correction.step, direction) / correction.scale
      weights.append(weight)
      for index in direction.indices { direction[index] -= weight * correction.change[index] }
    }
    for index in direction.indices { direction[index] /= curvature[index] }
    for (correction, weight) in zip(corrections, weights.reversed()) {
      let other = Self.dot(correction.change, direction) / correction.scale
      for index in direction.indices {
        direction[index] += (weight - other) * correction.step[index]
      }
    }
    let longest = direction.reduce(0) { max($0, abs($1)) }
    return longest > 2 ? direction.map { $0 * 2 / longest } : direction
  }

  /// The first point along a direction that is good enough, by halving; nil if there is none.
  private func search(
    _ objective: inout some DifferentiableObjective, _ point: [Double], _ value: Double,
    _ gradient: [Double], _ direction: [Double]
  ) throws -> (point: [Double], value: Double, gradient: [Double])? {
    let slope = Self.dot(gradient, direction)
    guard slope < 0 else { return nil }
    var length = 1.0
    for _ in 0..<40 {
      let next = zip(point, direction).map { $0 + length * $1 }
      let (nextValue, nextGradient) = try objective.evaluate(next)
      let isLower = nextValue <= value + 1e-4 * length * slope
      let isLevel =
        nextValue <= value + 1e-12 * abs(value)
        && abs(Self.dot(nextGradient, direction)) <= 0.9 * abs(slope)
      if isLower || isLevel { return (next, nextValue, nextGradient) }
      length /= 2
    }
    return nil
  }
}
