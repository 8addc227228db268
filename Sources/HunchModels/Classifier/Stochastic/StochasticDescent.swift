/// Stochastic gradient descent on the objective of ``SoftmaxObjective``, with the mean of its iterates.
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
  let penalty: Double
  let columnCount: Int
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
  private var features = SparseRows.none

  /// The number of steps taken.
  package private(set) var steps = 0
  /// The greatest distance of an iterate from the start.
  package private(set) var greatestDistance = 0.0
  /// The sum of the squared norms of all gradients.
  package private(set) var gradientSum = 0.0

  /// Prepares a descent from weights of 0.
  ///
  /// - Parameter intercepts: Those at the start.
  package init(columnCount: Int, intercepts: [Float], penalty: Double) {
    self.penalty = penalty
    self.columnCount = columnCount
    classCount = intercepts.count
    startIntercepts = intercepts.map { Double($0) }
    self.intercepts = startIntercepts
    averageIntercepts = startIntercepts
    scaled = [Float](repeating: 0, count: columnCount * classCount)
    correction = scaled
    gradient = SparseGradient(columnCount: columnCount, classCount: classCount)
  }

  /// Takes a step on a document.
  ///
  /// - Parameters:
  ///   - targets: Rows × classes.
  ///   - rate: The size of the step.
  package mutating func step(
    on document: Int, of rows: WeighedRows, targets: [Float], _ rate: Double
  ) {
    if abs(scale) < 1e-2 || abs(scale) > 1e6 || correctionShare < 1e-3 { fold() }
    gradient.reset()
    rows.write(document, to: &features)
    var row = scores(features)
    normalizeLogWeights(&row)
    for label in 0..<classCount { row[label] -= Double(targets[document * classCount + label]) }
    gradient.add(features, residuals: row)
    let (squares, product) = gradient.products(with: scaled)
    let weightNorm = scale * scale * squaredNorm
    gradientSum +=
      squares + gradient.intercepts.reduce(0) { $0 + $1 * $1 }
      + 2 * penalty * scale * product + penalty * penalty * weightNorm

    steps += 1
    scale *= 1 - rate * penalty
    if scale == 0 { scale = .leastNormalMagnitude }
    let share = 1 / Double(steps)
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
}
