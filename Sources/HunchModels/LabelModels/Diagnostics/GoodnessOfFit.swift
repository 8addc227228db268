/// How well a fitted model explains how often pairs of functions vote together.
///
/// With q_iy the posterior of covered document i, N_y = Σ_i q_iy, and F_jcy the sum of q_iy over
/// the documents on which function j votes c, functions that are independent given the class vote c
/// and d together on
///
///     E = Σ_y a_y F_jcy F_kdy / N_y        covered documents.
///
/// a_y ≤ 1 makes up for documents of class y without any vote, which are not counted: among the
/// others, independent functions avoid each other. With t_j = Σ_c F_jcy / N_y it is the share of
/// documents with a vote that independent functions would leave,
///
///     1 − a = ∏_j (1 − a t_j),
///
/// which has one positive root where documents have more than one vote on average.
///
/// A pair's standardised residual is z = (observed − E) / √V with the variance V = Σ_y E_y (1 −
/// E_y / N_y). If the model is right, z is about 1 on average, or less, since the posteriors were
/// fitted to the same votes.
///
/// It is a necessary condition, not a sufficient one. Functions that are wrong together on the same
/// documents move the posteriors until the model explains them; what agrees with the model says
/// nothing of gold labels.
package struct GoodnessOfFit: Sendable, Equatable {
  /// How often two functions vote in a certain way together.
  package struct Pair: Sendable, Equatable {
    /// The function with the lower index.
    package let first: Int

    /// The class that it votes for.
    package let firstVote: Int

    /// The function with the higher index.
    package let second: Int

    /// The class that it votes for.
    package let secondVote: Int

    /// The documents on which they vote so.
    package let observed: Int

    /// The documents that the model expects.
    package let expected: Double

    /// The standardised residual.
    package let residual: Double
  }

  /// The root of the mean squared residual over the pairs that are expected on at least
  /// ``leastExpected`` documents; nil without such pairs.
  package let rootMeanSquare: Double?

  /// The number of these pairs.
  package let pairs: Int

  /// Those with the largest absolute residuals, the largest first, at most five.
  package let worst: [Pair]

  /// The fewest expected documents of a pair that is looked at: a rule of thumb for residuals to be
  /// nearly normal.
  package static let leastExpected = 5.0

  /// Whether pairs are so far off that posteriors should not be taken at their word.
  package var isPoor: Bool { (rootMeanSquare ?? 0) > Self.poor }

  /// The figure beyond which a fit is poor.
  package static let poor = 3.0
}

extension FittedLabelModel {
  /// Compares how often pairs of functions vote together with what this model expects.
  ///
  /// Pairs that the model takes for dependent, or counts as one, are left out, and so are functions
  /// that it set aside because they never meet another, with their documents.
  ///
  /// - Parameter votes: The votes that the model was fitted on.
  /// - Throws: What going through the votes throws.
  /// - Complexity: O(Σ e² + Σ e × classes) over patterns of e entries, in three passes, plus
  ///   outcomes² × classes; of more than 1,500 outcomes (functions and what they vote) the most
  ///   frequent are taken.
  package func goodnessOfFit(in votes: CountedVotes) throws -> GoodnessOfFit {
    let votes = votes.withoutDocuments(of: solitary)
    return GoodnessOfFit(
      try PairCounts(votes), try ClassSums(votes, rule), without: accountedPairs)
  }

  /// The pairs of functions that the model does not take for independent.
  private var accountedPairs: Set<FunctionPair> {
    var pairs = FunctionPair.all(in: groups)
    if modelsDependencies {
      for pair in dependencies { pairs.insert(FunctionPair(pair.first, pair.second)) }
    }
    return pairs
  }
}

extension GoodnessOfFit {
  /// - Complexity: O(outcomes² × classes).
  init(_ counts: PairCounts, _ sums: ClassSums, without accounted: Set<FunctionPair>) {
    let mass = sums.expected.mass
    let truncation = sums.truncation
    let scales = truncation.indices.map { mass[$0] > 0 ? truncation[$0] / mass[$0] : 0 }
    let rows = (0..<counts.count).map { place in
      let outcome = sums.outcomes.outcome(
        function: Int(counts.functions[place]), vote: Int(counts.votes[place]))
      return outcome * mass.count
    }
    var (squares, pairs) = (0.0, 0)
    var worst: [Pair] = []
    // No more documents are expected of a pair than each of its outcomes has.
    let frequent = (0..<counts.count).filter { counts.documents[$0] >= Self.leastExpected - 0.01 }
    for (place, one) in frequent.enumerated() {
      for other in frequent[(place + 1)...] {
        guard counts.functions[one] != counts.functions[other] else { continue }
        var (expected, variance) = (0.0, 0.0)
        for label in mass.indices {
          let documents =
            scales[label] * sums.expected.firings[rows[one] + label]
            * sums.expected.firings[rows[other] + label]
          expected += documents
          variance += documents * max(0, 1 - documents / max(mass[label], 1e-300))
        }
        guard expected >= Self.leastExpected,
          accounted.isEmpty
            || !accounted.contains(
              FunctionPair(Int(counts.functions[one]), Int(counts.functions[other])))
        else { continue }
        let observed = counts.together[one * counts.count + other]
        // Where the model is certain, a document or two off is no contradiction.
        let residual = (observed - expected) / max(variance, 1).squareRoot()
        squares += residual * residual
        pairs += 1
        if worst.count == Self.listedPairs,
          let last = worst.last, abs(residual) <= abs(last.residual)
        {
          continue
        }
        let pair = Pair(
          first: Int(counts.functions[one]), firstVote: Int(counts.votes[one]),
          second: Int(counts.functions[other]), secondVote: Int(counts.votes[other]),
          observed: Int(observed), expected: expected, residual: residual)
        let place = worst.firstIndex { abs($0.residual) < abs(residual) } ?? worst.count
        worst.insert(pair, at: place)
        if worst.count > Self.listedPairs { worst.removeLast() }
      }
    }
    rootMeanSquare = pairs > 0 ? (squares / Double(pairs)).squareRoot() : nil
    self.pairs = pairs
    self.worst = worst
  }

  private static let listedPairs = 5
}

extension ClassSums {
  /// a_y, see ``GoodnessOfFit``.
  var truncation: [Double] {
    expected.mass.indices.map { label in
      guard expected.mass[label] > 0 else { return 1 }
      let rates = ranges.map { range in
        min(
          1,
          range.reduce(0) { $0 + expected.firings[$1 * expected.mass.count + label] }
            / expected.mass[label])
      }
      return Self.coveredShare(rates)
    }
  }

  /// The positive root a of 1 − a = ∏ (1 − a t), by halving: the right side is convex and begins
  /// steeper than the left one where the rates t sum to more than 1.
  static func coveredShare(_ rates: [Double]) -> Double {
    guard rates.reduce(0, +) > 1 + 1e-9 else { return 0 }
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let silent = rates.reduce(1) { $0 * (1 - middle * $1) }
      if 1 - middle > silent { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
