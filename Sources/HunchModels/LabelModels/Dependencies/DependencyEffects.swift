extension DependencyDetection {
  /// The pairs by index, with what their dependence does to the labels of a model.
  ///
  /// - Parameter isKnown: Whether the model takes dependencies into account, so that its posteriors
  ///   change when they are dropped.
  func measured(
    _ votes: CountedVotes, _ rule: any PosteriorRule, isKnown: Bool
  ) throws -> [FunctionDependency] {
    if found.isEmpty { return [] }
    let effects = try effects(votes, rule, isKnown: isKnown)
    return found.enumerated().map { index, found in
      let pair = found.pair
      return FunctionDependency(
        first: pair.first, second: pair.second, kind: found.kind, strength: found.strength,
        overlap: pair.overlap, agreements: pair.agreements,
        documents: sums.documents[pair.first] + sums.documents[pair.second] - pair.overlap,
        changedLabels: Double(effects.changed[index]) / Double(max(1, sums.covered)),
        largestChange: effects.largest[index])
    }
  }

  /// How labels change when the dependence of one pair of functions is taken into account, or
  /// dropped.
  ///
  /// Where both functions vote, the posterior is multiplied by how much more often these votes meet
  /// given each class than independent ones would, or divided by it.
  ///
  /// - Returns: For each pair the documents whose most probable class changes, and the largest
  ///   change of a posterior.
  private func effects(
    _ votes: CountedVotes, _ rule: any PosteriorRule, isKnown: Bool
  ) throws -> (changed: [Int], largest: [Double]) {
    let classCount = votes.classCount
    let pairs = found.map { FunctionPair($0.pair.first, $0.pair.second) }
    var cells = try JointCounts(pairs, ranges: sums.ranges, classCount: classCount)
      .counting(votes, rule, sums.outcomes).together
    var row = [Double](repeating: 0, count: classCount)
    var shares = sums.expected.firings
    for index in shares.indices {
      shares[index] /= max(sums.expected.mass[index % classCount], 1e-9)
    }
    let lifts = pairs.indices.map {
      cells.table($0, sums.expected, shares: shares).logLifts()
    }
    var changed = [Int](repeating: 0, count: pairs.count)
    var largest = [Double](repeating: 0, count: pairs.count)
    var other = row
    try votes.forEachCovered { block, pattern in
      _ = rule.posterior(of: pattern, in: block.patterns, into: &row)
      let label = DecisionRule.mostProbable.label(row)
      cells.forEachPair(block.patterns, pattern, sums.outcomes) { _, pair, cell in
        for label in 0..<classCount {
          let lift = lifts[pair][cell + label]
          other[label] = naturalLog(max(row[label], 1e-300)) + (isKnown ? -lift : lift)
        }
        normalizeLogWeights(&other)
        for label in 0..<classCount {
          largest[pair] = max(largest[pair], abs(other[label] - row[label]))
        }
        if DecisionRule.mostProbable.label(other) != label {
          changed[pair] += block.counts[pattern]
        }
      }
    }
    return (changed, largest)
  }
}
