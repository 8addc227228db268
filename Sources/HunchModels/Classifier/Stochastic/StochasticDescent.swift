/// Stochastic gradient descent on the objective of ``SoftmaxObjective``, with averaged iterates.
///
/// A step costs what the features of its documents cost, however many others there are:
///
/// - weights are w = s·v, so that the penalty's part of a step, w ← (1 − ηλ) w, changes s alone
///   (Bottou 2010, "Large-scale machine learning with stochastic gradient descent");
/// - the average is x̄ = α·v + β·u. A step changes u where it changes v, and else α and β alone
///   (Xu 2011, "Towards optimal one pass large scale learning with averaged SGD");
/// - ‖v‖² is kept up to date, so that the distance from the start and the norm of the whole
///   gradient are known without a pass over the weights.
///
/// The intercepts are not penalised and are kept apart.
package struct StochasticDescent: Sendable {
  let rows: SparseRows
  let targets: [Float]
  let penalty: Double
  let averaging: Averaging
  let batchSize: Int
  let classCount: Int

  /// v and u, features × classes.
  var scaled: [Float]
  var correction: [Float]
  /// s, α, β and ‖v‖².
  var scale = 1.0
  var currentShare = 0.0
  var correctionShare = 1.0
  var squaredNorm = 0.0

  private let startIntercepts: [Double]
  private(set) var intercepts: [Double]
  private(set) var averageIntercepts: [Double]
  private var gradient: SparseGradient
  private var order: [Int32] = []
  private var place = 0
  private var passes = 0

  /// The number of steps taken.
  package private(set) var steps = 0
  /// The greatest distance of an iterate from the start.
  package private(set) var greatestDistance = 0.0
  /// The sum of the squared norms of all gradients.
  package private(set) var gradientSum = 0.0

  /// How iterates are weighted in the average.
  package enum Averaging: Sendable {
    /// All alike.
    case uniform
    /// The t-th by ρ_t = (1 + γ) / (t + γ) with γ = 8, x̄_t = (1 − ρ_t) x̄_{t−1} + ρ_t x_t, which
    /// forgets the first ones (Shamir & Zhang 2013; Ivgi, Hinder & Carmon 2023).
    case polynomialDecay

    /// ρ_t.
    func share(ofStep step: Int) -> Double {
      switch self {
      case .uniform: 1 / Double(step)
      case .polynomialDecay: 9 / Double(step + 8)
      }
    }
  }

  /// Prepares a descent from weights of 0.
  ///
  /// - Parameters:
  ///   - targets: Rows × classes.
  ///   - intercepts: Those at the start.
  package init(
    _ rows: SparseRows, targets: [Float], intercepts: [Float], penalty: Double, batchSize: Int,
    averaging: Averaging
  ) {
    self.rows = rows
    self.targets = targets
    self.penalty = penalty
    self.batchSize = batchSize
    self.averaging = averaging
    classCount = intercepts.count
    startIntercepts = intercepts.map { Double($0) }
    self.intercepts = startIntercepts
    averageIntercepts = startIntercepts
    scaled = [Float](repeating: 0, count: rows.columnCount * classCount)
    correction = scaled
    gradient = SparseGradient(columnCount: rows.columnCount, classCount: classCount)
  }

  /// Takes a step on the next documents.
  ///
  /// - Parameter stepSize: Gets the descent with this step's gradient counted already.
  package mutating func step(_ stepSize: (StochasticDescent) -> Double) {
    if abs(scale) < 1e-2 || abs(scale) > 1e6 || correctionShare < 1e-3 { fold() }
    let documents = nextDocuments()
    gradient.reset()
    for document in documents { addGradient(of: document, share: 1 / Double(documents.count)) }
    let (squares, product) = gradient.products(with: scaled)
    let weightNorm = scale * scale * squaredNorm
    gradientSum +=
      squares + gradient.intercepts.reduce(0) { $0 + $1 * $1 }
      + 2 * penalty * scale * product + penalty * penalty * weightNorm
    let rate = stepSize(self)

    steps += 1
    scale *= 1 - rate * penalty
    if scale == 0 { scale = .leastNormalMagnitude }
    let share = averaging.share(ofStep: steps)
    let factor = rate / scale
    gradient.subtract(
      from: &scaled, times: factor, and: &correction,
      times: -factor * currentShare / correctionShare)
    squaredNorm += factor * factor * squares - 2 * factor * product
    currentShare = (1 - share) * currentShare + share * scale
    correctionShare *= 1 - share
    if steps == 1 {
      // The average is the first iterate; what was before counts for nothing.
      correctionShare = 1
      for index in correction.indices { correction[index] = 0 }
    }
    for label in 0..<classCount {
      intercepts[label] -= rate * gradient.intercepts[label]
      averageIntercepts[label] += share * (intercepts[label] - averageIntercepts[label])
    }
    greatestDistance = max(greatestDistance, distance)
  }

  /// How far the iterate is from the start.
  var distance: Double {
    var squares = scale * scale * max(0, squaredNorm)
    for (value, start) in zip(intercepts, startIntercepts) {
      squares += (value - start) * (value - start)
    }
    return squares.squareRoot()
  }

  /// The iterate, (features + 1) × classes, the last row for the intercepts.
  package var iterate: [Float] {
    scaled.map { Float(scale) * $0 } + intercepts.map { Float($0) }
  }

  /// The average of the iterates, laid out likewise.
  package var average: [Float] {
    zip(scaled, correction).map {
      Float(currentShare * Double($0) + correctionShare * Double($1))
    } + averageIntercepts.map { Float($0) }
  }

  /// Puts the factors into the vectors, and the average into u: as s falls, v grows, and αv + βu
  /// would lose digits.
  private mutating func fold() {
    for index in scaled.indices {
      correction[index] = Float(
        currentShare * Double(scaled[index]) + correctionShare * Double(correction[index]))
      scaled[index] *= Float(scale)
    }
    squaredNorm *= scale * scale
    (scale, currentShare, correctionShare) = (1, 0, 1)
  }

  private mutating func nextDocuments() -> ArraySlice<Int32> {
    if place >= order.count {
      order = VisitingOrder.permutation(rows.rowCount, seed: passes)
      passes += 1
      place = 0
    }
    let end = min(order.count, place + batchSize)
    defer { place = end }
    return order[place..<end]
  }

  private mutating func addGradient(of document: Int32, share: Double) {
    let entries = rows.starts[Int(document)]..<rows.starts[Int(document) + 1]
    var row = scores(entries)
    normalizeLogWeights(&row)
    for label in 0..<classCount {
      row[label] = share * (row[label] - Double(targets[Int(document) * classCount + label]))
    }
    gradient.add(rows, entries, residuals: row)
  }
}

/// Finds step sizes without being told any.
package enum ParameterFree {
  /// DoG, distance over gradients (Ivgi, Hinder & Carmon 2023, arXiv 2302.12022): the step t is
  ///
  ///     η_t = max_{i ≤ t} ‖x_i − x_0‖ / (Σ_{i ≤ t} ‖g_i‖² + 10⁻⁸)^½
  ///
  /// where the distance is at least r_ε = 10⁻⁶ (1 + ‖x_0‖).
  package static func takeDistanceOverGradientsStep(_ descent: inout StochasticDescent) {
    descent.step { max($0.greatestDistance, 1e-6) / ($0.gradientSum + 1e-8).squareRoot() }
  }

  /// A run with a fixed step size.
  package struct Run: Sendable {
    package let stepSize: Double
    package let descent: StochasticDescent

    package init(stepSize: Double, descent: StochasticDescent) {
      self.stepSize = stepSize
      self.descent = descent
    }

    /// φ(η) = max_t ‖x_t − x_0‖ / (Σ_t ‖g_t‖²)^½. Steps that are too small have φ(η) > η, and
    /// steps that are too large have φ(η) ≤ η; where numbers overflow, the latter holds.
    package var ratio: Double {
      let ratio = descent.greatestDistance / descent.gradientSum.squareRoot()
      return ratio.isFinite ? ratio : 0
    }
    package var isTooSmall: Bool { stepSize <= ratio }
  }

  /// The runs at the ends of a bracket in which φ(η) crosses η.
  package struct Bracket: Sendable {
    package var low: Run
    package var high: Run

    /// The run whose average is the result: that with the larger steps, unless it went much
    /// farther than φ says it had to.
    package var best: Run {
      let farther = low.descent.greatestDistance * high.ratio / low.ratio
      return high.descent.greatestDistance <= farther ? high : low
    }
  }

  /// The end of a search.
  package enum Outcome: Sendable {
    case found(Bracket)
    /// The smallest step size is too large already.
    case smallestIsTooLarge(Run)
    /// The largest step size is too small still.
    case largestIsTooSmall
  }

  /// Root finding by bisection (Carmon & Hinder 2022, "Making SGD Parameter-Free", arXiv
  /// 2205.02160, algorithm 2): halves the bracket at the geometric mean of its ends until these
  /// differ by a factor of 2. In φ the constants are α = 1 and β = 0, as DoG has them; the
  /// paper's bounds with high probability ask for larger ones.
  ///
  /// - Parameter run: Runs stochastic gradient descent with a step size from the start.
  package static func bisect(
    from low: Double, to high: Double, _ run: (Double) -> Run
  ) -> Outcome {
    let highest = run(high)
    if highest.isTooSmall { return .largestIsTooSmall }
    let lowest = run(low)
    if !lowest.isTooSmall { return .smallestIsTooLarge(lowest) }
    var bracket = Bracket(low: lowest, high: highest)
    while bracket.high.stepSize > 2 * bracket.low.stepSize {
      let middle = run((bracket.low.stepSize * bracket.high.stepSize).squareRoot())
      if middle.isTooSmall { bracket.low = middle } else { bracket.high = middle }
    }
    return .found(bracket)
  }

  /// Stochastic gradient descent whose step size is found with a budget of steps (algorithm 1 of
  /// the same paper): for k = 2, 4, 8, … the bracket from η_ε to 2^(2^k) η_ε is searched with runs
  /// of budget / 2k steps, until one is found.
  ///
  /// - Parameters:
  ///   - smallest: η_ε, so small that it cannot be too large.
  ///   - run: Runs a number of steps of a size from the start.
  /// - Returns: The run whose average is the result; nil where the budget does not reach.
  package static func search(
    budget: Int, smallest: Double, _ run: (_ stepSize: Double, _ steps: Int) -> Run
  ) -> Run? {
    var exponent = 2
    while budget / (2 * exponent) > 0, exponent <= 8 {
      let largest = smallest * Double(sign: .plus, exponent: 1 << exponent, significand: 1)
      let steps = budget / (2 * exponent)
      switch bisect(from: smallest, to: largest, { run($0, steps) }) {
      case .found(let bracket): return bracket.best
      case .smallestIsTooLarge(let run): return run
      case .largestIsTooSmall: exponent *= 2
      }
    }
    return nil
  }
}
