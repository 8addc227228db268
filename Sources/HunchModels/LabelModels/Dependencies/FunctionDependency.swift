/// Two labeling functions that tell less together than apart, or that their user says are related.
public struct FunctionDependency: Sendable, Equatable {
  /// How two functions depend on each other; where several kinds hold, the first.
  public enum Kind: String, Sendable, Equatable, CaseIterable {
    /// They fire on nearly the same documents and vote alike there.
    case copy
    /// They vote alike, and one fires nearly only where the other does.
    case nested
    /// They fire together, or agree, more often than the true class explains.
    case dependent
    /// Their user says so.
    case declared
  }

  /// The function with the lower index.
  public let first: Int

  /// The function with the higher index.
  public let second: Int

  /// How they depend on each other.
  public let kind: Kind

  /// The correlation of the two functions given the class: 1 for exact copies, 0 where the class
  /// explains all that they have in common.
  ///
  /// It is the larger of two correlations, each pooled over the classes by posterior, and 0 if both
  /// are negative: that of firing at all (φ), and that of the votes (the covariances of the
  /// indicators of each vote summed over the votes, over the geometric mean of their summed
  /// variances). For functions that vote for one and the same class these are equal.
  public let strength: Double

  /// The number of documents on which both vote.
  public let overlap: Int

  /// The number of documents on which both vote for the same class.
  public let agreements: Int

  /// The number of documents on which at least one votes.
  public let documents: Int

  /// The share of the documents with a vote whose most probable class changes with this dependence:
  /// when it is taken into account, for a model that takes functions for independent, or else when
  /// it is dropped.
  public let changedLabels: Double

  /// The largest change of a posterior probability with this dependence, in the same sense.
  public let largestChange: Double

  /// Both functions, in order.
  public var functions: (Int, Int) { (first, second) }
}

/// What counts as a dependency between labeling functions.
enum DependencyThresholds {
  /// The fewest documents on which both functions of a pair must vote, 1 or more.
  ///
  /// Two functions that fire on one and the same document have a Jaccard index of 1, which says
  /// nothing. With 10 common documents, two unrelated functions that each fire on a tenth of a
  /// corpus reach the Jaccard index of copies less than once in 10⁸ times, and a rule of thumb of
  /// the G-test, an expected count of 5 or more, is mostly kept.
  static let minimumOverlap = 10

  /// The share of false pairs that is accepted among the dependent ones (Benjamini and Hochberg
  /// 1995), above 0.
  static let falseDiscoveryRate = 0.05

  /// The least strength of a dependent pair.
  ///
  /// The classes are not known but estimated, with a prior that keeps posteriors from certainty.
  /// That leaves correlations of up to 0.05 between functions that are independent given the true
  /// class, which any test calls significant if documents are many enough.
  static let minimumStrength = 0.1

  /// The least Jaccard index of the documents of copies.
  static let copyJaccard = 0.8

  /// The least share of common documents on which copies vote alike.
  static let copyAgreement = 0.95

  /// The least strength of copies, unless they never differ.
  ///
  /// Two good functions that vote nearly everywhere agree nearly everywhere because both are right;
  /// given the class they do not, and copies do.
  static let copyStrength = 0.5

  /// The least share of the documents of the rarer function that the other of a nested pair must
  /// give the same class.
  static let nestedShare = 0.97
}

extension [FunctionDependency] {
  /// The groups of functions that copy each other, each ascending, by their first functions.
  ///
  /// A copy of a copy belongs to the group.
  ///
  /// - Parameters:
  ///   - functionCount: The number of labeling functions.
  ///   - declared: Groups of functions that their user says are one; what they share unites them.
  package func copyGroups(functionCount: Int, declared: [[Int]] = []) -> [[Int]] {
    var sets = DisjointSets(count: functionCount)
    for pair in self where pair.kind == .copy { _ = sets.unite(pair.first, pair.second) }
    for group in declared {
      for function in group.dropFirst() { _ = sets.unite(group[0], function) }
    }
    return sets.groups()
  }

  /// The weight of each function so that a group of copies counts as one: 1 over its size.
  ///
  /// - Parameters:
  ///   - functionCount: The number of labeling functions.
  ///   - declared: Groups of functions that their user says are one.
  package func functionWeights(functionCount: Int, declared: [[Int]] = []) -> [Double] {
    var weights = [Double](repeating: 1, count: functionCount)
    for group in copyGroups(functionCount: functionCount, declared: declared) {
      for function in group { weights[function] = 1 / Double(group.count) }
    }
    return weights
  }
}

/// Checks that declared groups name functions that there are.
func checkDeclared(_ groups: [[Int]], functionCount: Int) throws(FitError) {
  for function in groups.joined() where !(0..<functionCount).contains(function) {
    throw .hyperParameter(
      name: "declared", value: Double(function), range: "0 to \(functionCount - 1)")
  }
}
