/// Passes of ``DualAscent`` over documents until the duality gap is small.
package struct DualAscentRun {
  let penalty: Double
  let maximumPasses: Int
  /// The run ends with the pass in which documents were, on the mean, so far from where they
  /// belong, in nats; the gap after that pass is a fraction of it.
  let tolerance: Double

  package init(penalty: Double, maximumPasses: Int, tolerance: Double) {
    self.penalty = penalty
    self.maximumPasses = maximumPasses
    self.tolerance = tolerance
  }

  /// Runs.
  ///
  /// - Parameters:
  ///   - intercepts: Those that predict the mean target.
  ///   - progress: Called after every pass; false ends the run.
  /// - Complexity: O(passes × features of all documents × classes). Memory: 4 bytes for each
  ///   distinct feature and class, beside what `documents` takes.
  package func run(
    _ documents: inout some DocumentPasses, columnCount: Int, intercepts: [Float],
    progress: (TrainingProgress) -> Bool
  ) throws -> TrainingResult {
    let count = Double(documents.documentCount)
    var ascent = DualAscent(
      columnCount: columnCount, documents: documents.documentCount, penalty: penalty,
      intercepts: intercepts)
    var result = TrainingResult(stride: ascent.stride)
    var first = 0.0
    while !result.converged, !result.stopped, result.iterations < maximumPasses {
      result.iterations += 1
      var sums = DualAscent.Sums()
      try documents.forEachGroup(pass: result.iterations) { group in
        sums += ascent.visit(
          group.rows, targets: group.targets, duals: &group.duals, order: group.order)
      }
      let distance = max(0, sums.divergence / count)
      if result.iterations == 1 { first = max(distance, 1e-12) }
      result.relativeGradient = distance / first
      result.converged = distance <= tolerance
      let report = TrainingProgress(
        iteration: result.iterations, maximumIterations: maximumPasses,
        objective: sums.loss / count + penalty / 2 * ascent.squaredNorm,
        relativeGradient: result.relativeGradient, targetGradient: tolerance / first)
      result.stopped = !progress(report)
    }
    if result.stopped { return result }
    var sums = DualAscent.Sums()
    try documents.forEachGroup(pass: 0) { group in
      sums += ascent.measure(group.rows, targets: group.targets, duals: group.duals)
    }
    result.objective = sums.loss / count + penalty / 2 * ascent.squaredNorm
    result.gap = max(0, sums.divergence / count)
    result.weights = ascent.weights
    return result
  }

  /// The intercepts that predict the mean target, for weights of 0.
  ///
  /// - Parameter sums: The sum of each class's targets.
  package static func intercepts(targetSums sums: [Double]) -> [Float] {
    let logs = sums.map { naturalLog($0 + 1e-3) }
    let mean = logs.reduce(0, +) / Double(max(1, logs.count))
    return logs.map { Float($0 - mean) }
  }
}

/// Where a search for weights ended.
package struct TrainingResult: Sendable {
  /// (features + 1) × stride; see ``SoftmaxObjective``.
  package var weights: [Float] = []
  package var stride: Int
  /// The iterations, or passes over the documents.
  package var iterations = 0
  package var objective = 0.0
  /// How far the objective is above its optimum at most, intercepts near their start, where that is
  /// known.
  package var gap = 0.0
  /// See ``TrainingSummary/relativeGradient``.
  package var relativeGradient = 1.0
  package var converged = false
  package var stopped = false
  /// How the step size was found, where there is one.
  package var search: StepSearch?
}
