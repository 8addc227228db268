/// How a step size was found.
public struct StepSearch: Sendable, Equatable {
  /// The ends of the bracket [η_lo, η_hi] in which φ(η) crosses η, within a factor of 2; the same
  /// where the smallest step was too large already.
  public let bracket: ClosedRange<Double>

  /// The step size whose weights were taken: one of the ends.
  public let step: Double

  /// The passes over the documents that each run had, in the order of the attempts: a bracket that
  /// did not reach is widened, and its runs get half the budget.
  public let budgets: [Int]
}

/// Stochastic gradient descent that finds its step size by itself, within a budget of passes.
///
/// Root finding by bisection (Carmon & Hinder 2022, "Making SGD Parameter-Free", arXiv 2205.02160,
/// algorithms 1 and 2). A run with a fixed step size η from weights of 0 has
///
///     φ(η) = max_t ‖x_t − x_0‖ / (Σ_t ‖g_t‖²)^½.
///
/// Steps that are too small have φ(η) > η, and steps that are too large φ(η) ≤ η. For k = 2, 4, 8
/// the bracket from η_ε to 2^(2^k) η_ε is halved at the geometric mean of its ends until these differ
/// by a factor of 2, with runs of budget / 2k passes. The result is the mean iterate of the run with
/// the larger steps, unless it went much farther than φ says it had to. In φ the constants are α = 1
/// and β = 0; the paper's bounds with high probability ask for larger ones.
package struct ParameterFreeRun {
  /// The passes that all runs of an attempt may take together: runs of 8, 4 and 2 passes.
  package static let budget = 32

  /// η_ε, so small that it cannot be too large.
  package static let smallestStep = 1e-4

  /// λ, see ``ClassifierConfiguration/penalty``.
  let penalty: Double

  package init(penalty: Double) { self.penalty = penalty }

  /// A run with a fixed step size.
  package struct Attempt: Sendable {
    package let step: Double
    package let descent: StochasticDescent

    package init(step: Double, descent: StochasticDescent) {
      (self.step, self.descent) = (step, descent)
    }

    /// φ(η); where numbers overflow, the step is too large.
    package var ratio: Double {
      let ratio = descent.greatestDistance / descent.gradientSum.squareRoot()
      return ratio.isFinite ? ratio : 0
    }
    package var isTooSmall: Bool { step <= ratio }
  }

  /// The attempts at the ends of a bracket.
  package struct Bracket: Sendable {
    package var low: Attempt
    package var high: Attempt

    package var best: Attempt {
      let farther = low.descent.greatestDistance * high.ratio / low.ratio
      return high.descent.greatestDistance <= farther ? high : low
    }
  }

  /// Halves a bracket until its ends differ by a factor of 2.
  ///
  /// - Parameter attempt: Runs gradient descent with a step size from the start.
  /// - Returns: The bracket; both ends are the smallest step where that is too large already. Nil
  ///   where the largest step is too small still.
  package static func bisect(
    from low: Double, to high: Double, _ attempt: (Double) throws -> Attempt
  ) rethrows -> Bracket? {
    let highest = try attempt(high)
    if highest.isTooSmall { return nil }
    let lowest = try attempt(low)
    var bracket = Bracket(low: lowest, high: lowest.isTooSmall ? highest : lowest)
    while bracket.high.step > 2 * bracket.low.step {
      let middle = try attempt((bracket.low.step * bracket.high.step).squareRoot())
      if middle.isTooSmall { bracket.low = middle } else { bracket.high = middle }
    }
    return bracket
  }

  /// Searches, and gives the weights that were found.
  ///
  /// - Parameters:
  ///   - intercepts: Those that predict the mean target.
  ///   - progress: Called after every pass; false ends the run.
  /// - Throws: What reading documents throws.
  /// - Complexity: O(passes × features of all documents × classes), with 32 to 96 passes. Memory: 24
  ///   bytes for each distinct feature and class, beside what `documents` takes.
  package func run(
    _ documents: inout some DocumentPasses, columnCount: Int, intercepts: [Float],
    progress: (TrainingProgress) -> Bool
  ) throws -> TrainingResult {
    let start = StochasticDescent(
      columnCount: columnCount, intercepts: intercepts, penalty: penalty)
    var result = TrainingResult(stride: intercepts.count)
    var budgets: [Int] = []
    do {
      for exponent in [2, 4, 8] where result.search == nil {
        let passes = Self.budget / (2 * exponent)
        budgets.append(passes)
        let largest =
          Self.smallestStep * Double(sign: .plus, exponent: 1 << exponent, significand: 1)
        let bracket = try Self.bisect(from: Self.smallestStep, to: largest) { step in
          let descent = try descend(start, &documents, step, passes) {
            result.iterations += 1
            let report = TrainingProgress(
              iteration: result.iterations, maximumIterations: Self.budget * budgets.count,
              objective: 0, relativeGradient: 1, targetGradient: 1)
            if !progress(report) { throw Stopped() }
          }
          return Attempt(step: step, descent: descent)
        }
        guard let bracket else { continue }
        let best = bracket.best
        result.weights = best.descent.average
        result.search = StepSearch(
          bracket: bracket.low.step...bracket.high.step, step: best.step, budgets: budgets)
      }
    } catch is Stopped {
      result.stopped = true
      return result
    }
    // Only where gradients are zero from the start is every step too small.
    if result.search == nil {
      result.weights = start.iterate
      return result
    }
    result.converged = true
    let (objective, norm) = try measure(&documents, result.weights, columnCount)
    result.objective = objective
    result.relativeGradient =
      norm / max(1e-300, try measure(&documents, start.iterate, columnCount).norm)
    return result
  }

  private struct Stopped: Error {}

  /// Descends with a fixed step size.
  private func descend(
    _ start: StochasticDescent, _ documents: inout some DocumentPasses, _ step: Double,
    _ passes: Int, _ report: () throws -> Void
  ) throws -> StochasticDescent {
    var descent = start
    for pass in 1...passes {
      try documents.forEachGroup(pass: pass) { group in
        for document in group.order where descent.gradientSum.isFinite {
          descent.step(on: Int(document), of: group.rows, targets: group.targets, step)
        }
      }
      try report()
    }
    return descent
  }

  /// The objective at some weights, and the norm of its gradient.
  private func measure(
    _ documents: inout some DocumentPasses, _ weights: [Float], _ columnCount: Int
  ) throws -> (objective: Double, norm: Double) {
    let classes = weights.count / (columnCount + 1)
    let share = 1 / Double(documents.documentCount)
    var loss = 0.0
    var gradient = weights.map { penalty * Double($0) }
    for label in 0..<classes { gradient[columnCount * classes + label] = 0 }
    var features = SparseRows.none
    try documents.forEachGroup(pass: 0) { group in
      for document in 0..<group.rows.rowCount {
        group.rows.write(document, to: &features)
        var row = (0..<classes).map { Double(weights[columnCount * classes + $0]) }
        for entry in features.columns.indices {
          let begin = Int(features.columns[entry]) * classes
          for label in 0..<classes {
            row[label] += Double(features.values[entry] * weights[begin + label])
          }
        }
        let scores = row
        let sum = normalizeLogWeights(&row)
        for label in 0..<classes {
          let target = Double(group.targets[document * classes + label])
          loss -= share * target * (scores[label] - sum)
          row[label] = share * (row[label] - target)
          gradient[columnCount * classes + label] += row[label]
        }
        for entry in features.columns.indices {
          let begin = Int(features.columns[entry]) * classes
          for label in 0..<classes {
            gradient[begin + label] += Double(features.values[entry]) * row[label]
          }
        }
      }
    }
    let squares = weights.dropLast(classes).reduce(0) { $0 + Double($1) * Double($1) }
    return (
      loss + penalty / 2 * squares, gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    )
  }
}
