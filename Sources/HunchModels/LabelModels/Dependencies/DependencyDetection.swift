// Conditioning on documents that have a vote makes independent functions repel each other (a
// document without the one vote has another), so only attraction is taken for dependence: φ of up to
// -0.2 was seen between ten independent functions that each know one class. Repulsion counts no
// evidence twice either.

extension FittedLabelModel {
  /// Finds functions that depend on each other given the class, as far as this model knows it.
  ///
  /// For each pair, firing together and agreeing is compared with what independence expects given
  /// the class, with posteriors for the class (G-tests, summed over classes). A pair is reported if
  /// it attracts, passes Benjamini and Hochberg's procedure over all pairs of functions that vote
  /// often enough, improves the likelihood by more than the Bayesian information criterion charges
  /// for its parameters, makes documents that are held out more likely (``HeldOutGain``), and is of
  /// the least strength; or if it is a pair of copies.
  ///
  /// - Parameters:
  ///   - votes: The votes that the model was fitted on.
  ///   - declared: Groups of functions that their user says depend on each other: all pairs of each
  ///     are reported, whatever the votes say.
  ///   - memory: The bytes of the table in which pairs are counted. Changes no result.
  /// - Returns: The pairs by index.
  /// - Throws: ``FitError`` for a declared function that there is not; besides what going through
  ///   the votes throws.
  /// - Complexity: O(Σ e² × classes + functions²) over patterns of e entries, in six passes over the
  ///   votes for up to 2,000 functions of which some 100,000 pairs meet; more take further passes.
  package func detectDependencies(
    in votes: CountedVotes, declared: [[Int]] = [], memory: Int = 64 << 20
  ) throws -> [FunctionDependency] {
    try checkDeclared(declared, functionCount: votes.functionCount)
    guard votes.functionCount > 1 else { return [] }
    let detection = try DependencyDetection(votes, rule, declared: declared, memory: memory)
    return try detection.measured(votes, rule, isKnown: modelsDependencies)
  }
}

/// The pairs of functions that depend on each other.
struct DependencyDetection {
  private typealias Thresholds = DependencyThresholds

  let sums: ClassSums
  private(set) var found: [Found] = []

  struct Found {
    var pair: PairSums
    var kind: FunctionDependency.Kind
    var strength: Double
    var pValue = 1.0
  }

  init(
    _ votes: CountedVotes, _ rule: any PosteriorRule, declared: [[Int]], memory: Int
  ) throws {
    sums = try ClassSums(votes, rule)
    let declared = FunctionPair.all(in: declared)
    var candidates: [Found] = []
    try Self.forEachPair(votes, rule, memory: memory) { pair, overlap in
      overlap >= Thresholds.minimumOverlap || declared.contains(pair)
    } _: { pair in
      let isDeclared = declared.contains(FunctionPair(pair.first, pair.second))
      if let found = candidate(pair, isDeclared: isDeclared) { candidates.append(found) }
    }
    // Functions that vote often enough could have met often enough: their pairs are the tests.
    let testable = sums.documents.count { $0 >= Thresholds.minimumOverlap }
    let tested = candidates.filter { $0.kind == .dependent || $0.kind == .nested }
    let threshold = falseDiscoveryThreshold(
      tested.map(\.pValue), tests: testable * (testable - 1) / 2,
      rate: Thresholds.falseDiscoveryRate)
    found = candidates.filter {
      $0.kind == .copy || $0.kind == .declared || $0.pValue <= (threshold ?? -1)
    }
  }

  /// Takes pairs that were found before, and measures them with other posteriors.
  init(
    _ votes: CountedVotes, _ rule: any PosteriorRule, remeasuring known: [FunctionDependency]
  ) throws {
    sums = try ClassSums(votes, rule)
    var kinds: [FunctionPair: FunctionDependency.Kind] = [:]
    for pair in known { kinds[FunctionPair(pair.first, pair.second)] = pair.kind }
    try Self.forEachPair(votes, rule, memory: 64 << 20) { pair, _ in
      kinds[pair] != nil
    } _: { pair in
      let kind = kinds[FunctionPair(pair.first, pair.second)] ?? .dependent
      found.append(Found(pair: pair, kind: kind, strength: strength(pair)))
    }
  }

  /// Counts pairs, as many functions at a time as fit the memory.
  private static func forEachPair(
    _ votes: CountedVotes, _ rule: any PosteriorRule, memory: Int,
    where isWanted: (FunctionPair, Int) -> Bool, _ body: (PairSums) -> Void
  ) throws {
    let functions = votes.functionCount
    let rows = max(1, memory / (12 * max(1, functions)))
    for begin in stride(from: 0, to: functions, by: rows) {
      let strip = try MeetingPairs(
        votes, begin..<min(functions, begin + rows), where: isWanted)
      try strip.forEachPair(votes, rule, memory: memory, body)
    }
  }

  /// A pair with its kind if it passes all but the correction for the number of pairs.
  private func candidate(_ pair: PairSums, isDeclared: Bool) -> Found? {
    let strength = strength(pair)
    if isCopy(pair, strength) { return Found(pair: pair, kind: .copy, strength: strength) }
    if isDeclared { return Found(pair: pair, kind: .declared, strength: strength) }
    guard strength > 0 else { return nil }
    let (test, gain) = test(pair)
    guard test.statistic > Double(test.degrees) * naturalLog(Double(max(2, sums.covered))),
      gain.value > 0
    else { return nil }
    let smaller = min(sums.documents[pair.first], sums.documents[pair.second])
    let isNested = Double(pair.agreements) >= Thresholds.nestedShare * Double(smaller)
    if !isNested && strength < Thresholds.minimumStrength { return nil }
    return Found(
      pair: pair, kind: isNested ? .nested : .dependent, strength: strength, pValue: test.pValue)
  }

  private func isCopy(_ pair: PairSums, _ strength: Double) -> Bool {
    let (overlap, union) = (Double(pair.overlap), Double(union(pair)))
    guard pair.overlap >= Thresholds.minimumOverlap, overlap >= Thresholds.copyJaccard * union,
      Double(pair.agreements) >= Thresholds.copyAgreement * overlap
    else { return false }
    return strength >= Thresholds.copyStrength || Double(pair.agreements) == union
  }

  private func union(_ pair: PairSums) -> Int {
    sums.documents[pair.first] + sums.documents[pair.second] - pair.overlap
  }

  /// See ``FunctionDependency/strength``.
  private func strength(_ pair: PairSums) -> Double {
    let (first, second) = (sums.firing(pair.first), sums.firing(pair.second))
    let agreement = expectedAgreement(pair)
    var firing = (covariance: 0.0, scale: 0.0)
    var voting = firing
    for (label, total) in sums.expected.mass.enumerated() where total > 0 {
      let (one, other) = (first[label], second[label])
      firing.covariance += pair.expected[2 * label] - one * other / total
      firing.scale +=
        (max(0, one * (1 - one / total)) * max(0, other * (1 - other / total))).squareRoot()
      voting.covariance += pair.expected[2 * label + 1] - agreement[label]
      voting.scale += (variance(pair.first, label) * variance(pair.second, label)).squareRoot()
    }
    func correlation(_ sums: (covariance: Double, scale: Double)) -> Double {
      sums.scale > 1e-9 ? sums.covariance / sums.scale : 0
    }
    // Copies that vote everywhere have no variance, and nothing but their agreement to show.
    if pair.agreements == union(pair), voting.scale <= 1e-9 { return 1 }
    return min(1, max(0, correlation(firing), correlation(voting)))
  }

  /// The summed variance of the indicators of a function's votes in a class, in documents.
  private func variance(_ function: Int, _ label: Int) -> Double {
    let total = sums.expected.mass[label]
    return sums.ranges[function].reduce(0) { sum, outcome in
      let documents = sums.expected.firings[outcome * sums.expected.mass.count + label]
      return sum + max(0, documents * (1 - documents / total))
    }
  }

  /// The documents of each class on which independent functions would vote alike.
  private func expectedAgreement(_ pair: PairSums) -> [Double] {
    let classCount = sums.expected.mass.count
    var agreement = [Double](repeating: 0, count: classCount)
    for one in sums.ranges[pair.first] {
      let other = sums.outcomes.outcome(
        function: pair.second, vote: Int(sums.outcomes.votes[one]))
      if other < 0 { continue }
      for (label, total) in sums.expected.mass.enumerated() where total > 0 {
        agreement[label] +=
          sums.expected.firings[one * classCount + label]
          * sums.expected.firings[other * classCount + label] / total
      }
    }
    return agreement
  }

  /// Firing together in each class, and voting alike where they do.
  private func test(_ pair: PairSums) -> (test: GTest, gain: HeldOutGain) {
    let (first, second) = (sums.firing(pair.first), sums.firing(pair.second))
    let agreement = expectedAgreement(pair)
    var test = GTest()
    var gain = HeldOutGain()
    // A class in which a function hardly votes has nothing to say, and would cost a parameter.
    for (label, total) in sums.expected.mass.enumerated()
    where first[label] >= 1 && second[label] >= 1 {
      let both = pair.expected[2 * label]
      let alike = pair.expected[2 * label + 1]
      let share = agreement[label] / (first[label] * second[label] / total)
      test.addTable(total: total, first: first[label], second: second[label], both: both)
      test.addShare(total: both, successes: alike, expected: share)
      gain.addTable(total: total, first: first[label], second: second[label], both: both)
      gain.addShare(total: both, successes: alike, expected: share)
    }
    return (test, gain)
  }
}

/// Two functions, the lower index first.
struct FunctionPair: Hashable {
  let first: Int
  let second: Int

  init(_ first: Int, _ second: Int) {
    self.first = first
    self.second = second
  }

  /// The pairs of functions that are in one group.
  static func all(in groups: [[Int]]) -> Set<FunctionPair> {
    var pairs: Set<FunctionPair> = []
    for group in groups {
      for first in group {
        for second in group where first < second { pairs.insert(FunctionPair(first, second)) }
      }
    }
    return pairs
  }
}
