/// Minimises a ``SoftmaxObjective`` by L-BFGS.
///
/// Scores are linear in the parameters, so the scores of a direction are computed once and the
/// line search then works on rows × classes numbers without touching the matrix: it can afford to
/// be nearly exact (Newton's method inside a bracket), and an iteration costs one pass by rows and
/// one by columns. The objective is convex, so there is nothing to tune.
package struct SoftmaxMinimizer {
  /// Targets and residuals have 32 bits. A gradient that is no larger than their rounding error, as
  /// where all targets are what the start predicts, leads nowhere, but far: intercepts that grow
  /// all alike change no probability, and nothing holds them back.
  private static let noise = Double(Float.ulpOfOne)

  /// The part of the objective by which rounding alone changes it.
  private static let rounding = 1e-14

  private let objective: SoftmaxObjective
  private let maximumEvaluations: Int
  private let tolerance: Double

  private var memory: LimitedMemory
  private var parameters: [Float] = []
  private var scores: [Double] = []
  private var gradient: [Float] = []
  private var direction: [Float] = []
  /// The parameters to begin with, if not those of the objective.
  private let warmStart: [Float]?

  /// Prepares a run.
  ///
  /// - Parameter warmStart: Where to begin; nil for the objective's start. Where the run ends does
  ///   not depend on it, as far as the tolerance goes.
  package init(
    objective: SoftmaxObjective, historySize: Int, maximumEvaluations: Int, tolerance: Double,
    from warmStart: [Float]? = nil
  ) {
    self.warmStart = warmStart
    self.objective = objective
    self.maximumEvaluations = maximumEvaluations
    self.tolerance = tolerance
    memory = LimitedMemory(
      capacity: historySize, bounds: objective.parameterBounds, parallel: objective.parallel)
    move(to: objective.start())
  }

  /// Runs until the norm of the gradient is `tolerance` times that at the start, the evaluations
  /// are used up, no step leads down any more, or `progress` returns false.
  package mutating func run(
    progress: (TrainingProgress) -> Bool = { _ in true }
  ) -> TrainingResult {
    let startNorm = norm(gradient)
    if let warmStart { move(to: warmStart) }
    var result = TrainingResult(stride: objective.stride)
    if startNorm > 0 { result.relativeGradient = norm(gradient) / startNorm }
    result.converged = hasConverged(result.relativeGradient, startNorm)
    direction = combination([gradient], [-1])
    while !result.converged, !result.stopped, result.iterations < maximumEvaluations {
      guard let value = step(isFirst: result.iterations == 0) else { break }
      result.iterations += 1
      result.relativeGradient = norm(gradient) / startNorm
      result.converged = hasConverged(result.relativeGradient, startNorm)
      let report = TrainingProgress(
        iteration: result.iterations, maximumIterations: maximumEvaluations, objective: value,
        relativeGradient: result.relativeGradient, targetGradient: tolerance)
      result.stopped = !progress(report)
    }
    result.objective = objective.value(at: parameters)
    result.weights = parameters
    return result
  }

  private func hasConverged(_ relativeGradient: Double, _ startNorm: Double) -> Bool {
    relativeGradient <= tolerance || relativeGradient * startNorm <= Self.noise
  }

  private mutating func move(to parameters: [Float]) {
    self.parameters = parameters
    scores = objective.offsetScores(parameters)
    gradient = objective.gradient(residuals: objective.residuals(scores), parameters)
  }

  /// Goes along the direction and chooses the next one; returns the objective, or nil if the
  /// direction does not lead down, or out of the range of numbers.
  private mutating func step(isFirst: Bool) -> Double? {
    if !(product(gradient, direction) < 0) {
      memory.reset()
      direction = combination([gradient], [-1])
    }
    let change = objective.scores(direction)
    guard let (length, value) = lineSearch(change, isFirst: isFirst) else { return nil }
    objective.advance(&scores, by: change, step: length)
    let found = combination([parameters, direction], [1, Float(length)])
    let next = objective.gradient(residuals: objective.residuals(scores), found)
    guard product(next, next).isFinite else { return nil }
    parameters = found
    direction = memory.direction(
      step: combination([direction], [Float(length)]),
      change: combination([next, gradient], [1, -1]), gradient: next)
    gradient = next
    return value
  }

  /// The length of a step at whose end the slope is at most a tenth of that at its beginning, and
  /// the objective there; nil if nothing lower is found.
  private func lineSearch(
    _ change: [Float], isFirst: Bool
  ) -> (length: Double, value: Double)? {
    let penalty = objective.penaltyAlongLine(parameters, direction)
    let start = objective.alongLine(scores, change, step: 0, penaltyTerms: penalty)
    guard start.slope < 0 else { return nil }
    var low = 0.0
    var high = Double.infinity
    var length = isFirst && start.curvature > 0 ? -start.slope / start.curvature : 1
    var best: (length: Double, value: Double)?
    for _ in 0..<25 {
      let here = objective.alongLine(scores, change, step: length, penaltyTerms: penalty)
      if here.value < start.value - Self.rounding * abs(start.value),
        here.value < best?.value ?? .infinity
      {
        best = (length, here.value)
      }
      if abs(here.slope) <= 0.1 * -start.slope, best != nil { break }
      if here.slope < 0 { low = length } else { high = length }
      let newton = length - here.slope / here.curvature
      if here.curvature > 0, newton > low, newton < high {
        length = min(newton, max(10 * length, 1))
      } else {
        length = high.isFinite ? (low + high) / 2 : 2 * length
      }
    }
    return best
  }

  private func product(_ first: [Float], _ second: [Float]) -> Double {
    objective.dots([(first, second)], count: first.count)[0]
  }

  private func norm(_ vector: [Float]) -> Double { product(vector, vector).squareRoot() }

  private func combination(_ vectors: [[Float]], _ weights: [Float]) -> [Float] {
    LimitedMemory.combination(
      of: vectors, weights, objective.parameterBounds, objective.parallel)
  }
}
