/// Stochastic dual coordinate ascent (Shalev-Shwartz & Zhang 2013, JMLR 14) on the objective of
/// ``SoftmaxObjective``, whose dual is that of maximum entropy (Yu, Huang & Lin 2011):
///
///     D(p) = (1/n) Σ_i H(p_i) − λ/2 ‖W‖²  with  W = (1/λn) Σ_i (q_i − p_i) x_iᵀ
///
/// Every document has a distribution p_i over the classes, which begins at its target q_i, so that
/// W begins at 0. A visit moves p_i towards softmax(W x_i) and changes W by the same document's
/// features only: the penalty needs no work, and there is no step size to tune. At the optimum
/// the two agree. Elsewhere their difference bounds how far W is from the best:
///
///     objective(W) − optimum ≤ objective(W) − D(p) = (1/n) Σ_i KL(p_i ‖ softmax(W x_i))
///
/// The larger λn, the weight of the penalty against one document, the fewer passes it takes: the
/// distance falls by a factor of about exp(−λn / (λn + ‖x‖²/2)) a pass in the worst case.
///
/// The intercepts are weights of a feature that is 1 everywhere. They are penalised as such, but
/// about the values that predict the mean target rather than about 0; what this changes is less
/// than the tolerance.
package struct DualAscent: Sendable {
  let classCount: Int
  let stride: Int
  let columnCount: Int
  /// λn.
  let scale: Double
  /// (features + 1) × stride, the last row for the intercepts; see ``SoftmaxObjective``.
  package internal(set) var weights: [Float]

  /// Sums over documents.
  package struct Sums: Sendable {
    /// Of KL(p ‖ softmax(W x)), in nats.
    package var divergence = 0.0
    /// Of the cross-entropy.
    package var loss = 0.0

    static func += (sums: inout Sums, other: Sums) {
      sums.divergence += other.divergence
      sums.loss += other.loss
    }
  }

  /// Prepares an ascent.
  ///
  /// - Parameters:
  ///   - documents: Their number, n.
  ///   - intercepts: Those that predict the mean target, a value for each class.
  package init(columnCount: Int, documents: Int, penalty: Double, intercepts: [Float]) {
    self.columnCount = columnCount
    classCount = intercepts.count
    stride = SoftmaxObjective.stride(classCount: intercepts.count)
    scale = penalty * Double(documents)
    weights = [Float](repeating: 0, count: (columnCount + 1) * stride)
    for (label, value) in intercepts.enumerated() {
      weights[columnCount * stride + label] = value
    }
  }

  /// ‖W‖² without the intercepts.
  var squaredNorm: Double {
    var sum = 0.0
    for index in 0..<columnCount * stride { sum += Double(weights[index]) * Double(weights[index]) }
    return sum
  }

  /// The sums over rows at the present weights.
  ///
  /// - Complexity: O(entries × classes).
  package func measure(_ rows: WeighedRows, targets: [Float], duals: [Float]) -> Sums {
    var sums = Sums()
    var scores = [Float](repeating: 0, count: stride)
    var visit = Visit(classCount: classCount)
    var features = SparseRows.none
    for row in 0..<rows.rowCount {
      rows.write(row, to: &features)
      score(features, into: &scores)
      visit.begin(scores, targets, duals, at: row * classCount)
      sums += visit.sums
    }
    return sums
  }

  /// Visits each row once.
  ///
  /// - Parameters:
  ///   - targets: Rows × classes, each row summing to 1.
  ///   - duals: The distributions p, laid out like the targets.
  ///   - order: The rows in the order in which they are visited.
  /// - Returns: The sums over the rows, each as it was when it was visited.
  /// - Complexity: O(entries × classes).
  package mutating func visit(
    _ rows: WeighedRows, targets: [Float], duals: inout [Float], order: [Int32]
  ) -> Sums {
    var sums = Sums()
    var scores = [Float](repeating: 0, count: stride)
    var change = [Float](repeating: 0, count: stride)
    var visit = Visit(classCount: classCount)
    var features = SparseRows.none
    for index in order {
      let row = Int(index)
      let begin = row * classCount
      rows.write(row, to: &features)
      score(features, into: &scores)
      visit.begin(scores, targets, duals, at: begin)
      sums += visit.sums
      // Rows have unit length, or none; the intercepts' feature adds 1.
      let squares = features.columns.isEmpty ? 1.0 : 2.0
      visit.move(part: squares / scale)
      for label in 0..<classCount {
        let value = Float(visit.own[label])
        change[label] = Float(Double(duals[begin + label] - value) / scale)
        duals[begin + label] = value
      }
      add(change, times: features)
    }
    return sums
  }

  /// What happens to one document's distribution.
  struct Visit {
    private let classCount: Int
    /// W x.
    private var scores: [Double]
    /// p as it was, and as it is.
    private var before: [Double]
    private(set) var own: [Double]
    /// softmax(W x).
    private var predicted: [Double]
    private(set) var sums = Sums()

    init(classCount: Int) {
      self.classCount = classCount
      scores = [Double](repeating: 0, count: classCount)
      (before, own, predicted) = (scores, scores, scores)
    }

    mutating func begin(_ scores: [Float], _ targets: [Float], _ duals: [Float], at begin: Int) {
      var (along, target, entropy) = (0.0, 0.0, 0.0)
      for label in 0..<classCount {
        let score = Double(scores[label])
        let value = Double(duals[begin + label])
        self.scores[label] = score
        predicted[label] = score
        before[label] = value
        own[label] = value
        along += value * score
        target += Double(targets[begin + label]) * score
        if value > 0 { entropy -= value * naturalLog(value) }
      }
      let logSum = normalizeLogWeights(&predicted)
      sums = Sums(divergence: logSum - along - entropy, loss: logSum - target)
    }

    /// Moves p to where the dual is higher.
    ///
    /// The best p solves p = softmax(W x − s (p − before)) with s = ‖x‖²/λn. A move goes the part
    /// 2 / (2 + s) of the way to the right-hand side, which never leads down since the
    /// cross-entropy's curvature is at most ½. Where s is small that is nearly all of the way;
    /// where it is not, a few moves come closer than one.
    ///
    /// - Parameter part: s.
    mutating func move(part: Double) {
      let step = 2 / (2 + part)
      for label in 0..<classCount { own[label] += step * (predicted[label] - own[label]) }
      let moves = part < 0.2 ? 1 : part < 2 ? 2 : 4
      for _ in 1..<moves {
        for label in 0..<classCount {
          predicted[label] = scores[label] - part * (own[label] - before[label])
        }
        normalizeLogWeights(&predicted)
        for label in 0..<classCount { own[label] += step * (predicted[label] - own[label]) }
      }
    }
  }
}
