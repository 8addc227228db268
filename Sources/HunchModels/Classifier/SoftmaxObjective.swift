// Goals, in order: the same bits for any number of threads (rows, columns and parameters are cut
// into blocks that depend on the data alone, and sums over blocks are added in their order); memory
// that lets ten pairs of L-BFGS vectors fit beside the data (parameters, and whatever has their
// size, are 32-bit); speed (the matrix is stored by rows for scores and by columns for gradients,
// so that neither pass scatters writes).

/// The regularised cross-entropy of multinomial logistic regression on probabilistic labels:
///
///     Σ_i w_i (−Σ_k q_ik log softmax(W x_i + b)_k) / Σ_i w_i + λ/2 ‖W‖²
///
/// with a weight w_i for each document, 1 where nobody says otherwise.
/// The expectation over the labels' distribution makes it noise-aware (Ratner et al. 2016). The
/// intercepts b are not penalised. Parameters are one flat array, (features + 1) × `stride`, whose
/// last row holds the intercepts; `stride` is the number of classes rounded up to whole vectors,
/// and the lanes beyond the classes stay 0.
///
/// Scores may have offsets o_i beside: log softmax(W x_i + o_i), and then no intercepts.
package struct SoftmaxObjective: Sendable {
  package let rows: SparseRows
  let columns: SparseRows
  /// Rows × stride: the probabilities of the labels times the row's weight.
  let targets: [Float]
  /// The weight of each row, and their sum.
  let weights: [Float]
  let totalWeight: Double
  package let classCount: Int
  package let stride: Int
  package var penalty: Double
  let parallel: Parallelism
  /// What is added to the scores that the parameters give, rows × stride; nil for nothing. With it
  /// there are no intercepts.
  let offsets: [Double]?

  let rowBounds: [Int]
  let columnBounds: [Int]
  let parameterBounds: [Int]

  /// Rows in a block.
  private static let rowBlock = 256
  /// A block of columns ends after this many entries or this many columns.
  private static let entryBlock = 16384
  private static let columnBlock = 2048
  /// Parameters in a block.
  private static let parameterBlock = 4096

  /// Prepares the objective.
  ///
  /// - Parameters:
  ///   - targets: Flat, rows × classes, each row summing to 1.
  ///   - weights: How much each row counts; nil for 1.
  ///   - offsets: What is added to each score, flat, rows × classes. With offsets there are no
  ///     intercepts.
  package init(
    rows: SparseRows, targets: [Float], weights: [Float]? = nil, offsets: [Double]? = nil,
    classCount: Int, penalty: Double, parallel: Parallelism
  ) {
    precondition(
      offsets == nil || offsets?.count == targets.count, "there is an offset for each score")
    precondition(targets.count == rows.rowCount * classCount, "there is a target for each row")
    precondition(
      weights == nil || weights?.count == rows.rowCount, "there is a weight for each row")
    let weights = weights ?? [Float](repeating: 1, count: rows.rowCount)
    self.weights = weights
    totalWeight = weights.reduce(0) { $0 + Double($1) }
    self.rows = rows
    self.classCount = classCount
    self.penalty = penalty
    self.parallel = parallel
    stride = Self.stride(classCount: classCount)
    columns = rows.transposed()
    var padded = [Float](repeating: 0, count: rows.rowCount * stride)
    for row in 0..<rows.rowCount {
      for label in 0..<classCount {
        padded[row * stride + label] = weights[row] * targets[row * classCount + label]
      }
    }
    self.targets = padded
    let stride = self.stride
    self.offsets = offsets.map { offsets in
      var padded = [Double](repeating: 0, count: rows.rowCount * stride)
      for (index, value) in offsets.enumerated() {
        padded[index / classCount * stride + index % classCount] = value
      }
      return padded
    }
    rowBounds = Parallelism.bounds(count: rows.rowCount, blockSize: Self.rowBlock)
    columnBounds = Self.columnBounds(columns)
    parameterBounds = Parallelism.bounds(
      count: (rows.columnCount + 1) * stride, blockSize: Self.parameterBlock)
  }

  /// The number of parameters of a feature: the number of classes rounded up to whole vectors.
  static func stride(classCount: Int) -> Int {
    classCount <= 2 ? 2 : (classCount + 3) / 4 * 4
  }

  /// The target probability of a class for a row, times the row's weight.
  package func target(_ row: Int, _ label: Int) -> Float { targets[row * stride + label] }

  /// The number of parameters, unused lanes included.
  package var parameterCount: Int { (rows.columnCount + 1) * stride }

  /// The number of parameters that are penalised; the intercepts follow them.
  var penalizedCount: Int { rows.columnCount * stride }

  /// Zero weights, and where there are no offsets the intercepts that predict the mean target.
  package func start() -> [Float] {
    var parameters = [Float](repeating: 0, count: parameterCount)
    if offsets != nil { return parameters }
    var sums = [Double](repeating: 1e-3, count: classCount)
    for row in 0..<rows.rowCount {
      for label in 0..<classCount { sums[label] += Double(targets[row * stride + label]) }
    }
    let logs = sums.map { naturalLog($0) }
    let mean = logs.reduce(0, +) / Double(classCount)
    for label in 0..<classCount {
      parameters[penalizedCount + label] = Float(logs[label] - mean)
    }
    return parameters
  }

  /// The score of each class for each row, rows × stride, with the offsets.
  func offsetScores(_ parameters: [Float]) -> [Double] {
    let scores = scores(parameters)
    guard let offsets else { return scores.map { Double($0) } }
    return zip(scores, offsets).map { Double($0) + $1 }
  }

  /// The objective at `scores + step · change` of parameters whose penalty there is given, with
  /// its first and second derivative along the step.
  func alongLine(
    _ scores: [Double], _ change: [Float], step: Double, penaltyTerms: LinePenalty
  ) -> (value: Double, slope: Double, curvature: Double) {
    let sums = lossTerms(scores, change, step: step)
    return (
      sums[0] / totalWeight + penaltyTerms.value(at: step),
      sums[1] / totalWeight + penaltyTerms.slope(at: step),
      sums[2] / totalWeight + penaltyTerms.curvature
    )
  }

  /// The penalty along a direction from some parameters.
  func penaltyAlongLine(_ parameters: [Float], _ direction: [Float]) -> LinePenalty {
    let sums = dots(
      [(parameters, parameters), (parameters, direction), (direction, direction)],
      count: penalizedCount)
    return LinePenalty(
      penalty: penalty, squaredNorm: sums[0], product: sums[1], squaredStep: sums[2])
  }

  /// The objective at some parameters.
  package func value(at parameters: [Float]) -> Double {
    let scores = offsetScores(parameters)
    let zero = [Float](repeating: 0, count: scores.count)
    let norm = dots([(parameters, parameters)], count: penalizedCount)[0]
    return lossTerms(scores, zero, step: 0)[0] / totalWeight + penalty / 2 * norm
  }

  /// The gradient at some parameters, in their layout.
  package func gradient(at parameters: [Float]) -> [Float] {
    gradient(residuals: residuals(offsetScores(parameters)), parameters)
  }

  private static func columnBounds(_ columns: SparseRows) -> [Int] {
    var bounds = [0]
    var begin = 0
    for column in 0..<columns.rowCount {
      let entries = columns.starts[column + 1] - columns.starts[begin]
      if entries >= entryBlock || column + 1 - begin >= columnBlock {
        begin = column + 1
        bounds.append(begin)
      }
    }
    if begin < columns.rowCount { bounds.append(columns.rowCount) }
    return bounds
  }
}

/// The penalty λ/2 ‖w + t d‖² as a function of t.
struct LinePenalty {
  var penalty: Double
  var squaredNorm: Double
  var product: Double
  var squaredStep: Double

  func value(at step: Double) -> Double {
    penalty / 2 * (squaredNorm + 2 * step * product + step * step * squaredStep)
  }
  func slope(at step: Double) -> Double { penalty * (product + step * squaredStep) }
  var curvature: Double { penalty * squaredStep }
}
