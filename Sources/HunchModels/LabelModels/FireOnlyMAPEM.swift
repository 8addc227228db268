/// The default label model: how often each function fires for each class, learned from agreement
/// and held near a prior.
///
/// For function j, vote c and true class y, θ_jyc is the probability that j votes c on a document
/// of class y. Only the functions that fire enter the posterior; silence says nothing. With q_iy
/// the posterior of covered document i, n the number of covered documents and f_jc the share of
/// them on which j votes c:
///
///     prior  m_jyc = f_jc p₀ / π_c          if y = c
///                  = f_jc (1 − p₀)/(1 − π_c) otherwise
///     M      θ_jyc = (Σ_i q_iy [λ_ij = c] + κ n π_y m_jyc) / (Σ_i q_iy + κ n π_y)
///     E      q_iy ∝ π_y ∏_{j fired} θ_{j,y,λ_ij}^{w_j}
///
/// where the m_jyc of one function and class are scaled down if they sum to more than 0.999. It
/// starts from the vote shares and stops when no posterior changes by the tolerance.
///
/// This is Dawid and Skene's EM (1979) with an informative prior and a composite likelihood. The
/// prior's weight grows with n on purpose: the error to be held in check is that functions are not
/// independent, and more documents do not cure that. Because silence is left out, a round need
/// not increase the likelihood. The class balance is fixed: learned freely it runs off to one
/// class when functions are one-sided. It works with one or two functions, whose accuracies are
/// then the prior's.
///
/// Weak spot: it is under-confident where one class dominates.
public struct FireOnlyMAPEM: LabelModel {
  /// What the model assumes before it sees votes, and when it stops.
  public struct HyperParameters: Sendable, Equatable {
    /// p₀: the assumed accuracy of a vote, in 0..<1 and above 0.
    public var priorAccuracy: Double

    /// κ: the weight of the prior against the documents, 0 or more.
    public var priorStrength: Double

    /// The change of a posterior below which the rounds stop, above 0.
    public var tolerance: Double

    /// The most rounds, 1 or more.
    public var maximumRounds: Int

    /// w_j: how much each function's votes count, 0 or more, one value for each function, such as
    /// 1/3 for each of three copies; nil means 1 for all.
    public var functionWeights: [Double]?

    /// p₀ for each function and class it votes for, flat, functions × classes, replacing
    /// `priorAccuracy`; nil means the same for all.
    public var functionPriorAccuracies: [Double]?

    /// Creates hyper-parameters; the defaults were chosen on public sets and rarely need change.
    public init(
      priorAccuracy: Double = 0.75, priorStrength: Double = 1, tolerance: Double = 1e-5,
      maximumRounds: Int = 500, functionWeights: [Double]? = nil,
      functionPriorAccuracies: [Double]? = nil
    ) {
      self.priorAccuracy = priorAccuracy
      self.priorStrength = priorStrength
      self.tolerance = tolerance
      self.maximumRounds = maximumRounds
      self.functionWeights = functionWeights
      self.functionPriorAccuracies = functionPriorAccuracies
    }
  }

  /// "map-em".
  public let name = "map-em"

  /// The model's hyper-parameters.
  public let hyperParameters: HyperParameters

  /// The bytes of posteriors that a fit may keep between rounds; not a hyper-parameter, since it
  /// changes no result.
  package let posteriorMemory: Int

  /// Creates the model.
  public init(_ hyperParameters: HyperParameters = HyperParameters()) {
    self.init(hyperParameters, posteriorMemory: defaultPosteriorMemory)
  }

  /// Creates the model with another bound of its memory.
  package init(_ hyperParameters: HyperParameters, posteriorMemory: Int) {
    self.hyperParameters = hyperParameters
    self.posteriorMemory = posteriorMemory
  }

  /// Learns how often each function fires for each class.
  ///
  /// Each round is one pass over the votes. The change of the posteriors is taken against those of
  /// the round before, which are kept where they are few and computed again from the round's
  /// tables where not; both give the same bits.
  ///
  /// - Throws: ``FitError`` for a bad class balance, bad counts or bad hyper-parameters.
  /// - Complexity: O(rounds × (entries + outcomes + patterns) × classes) time and O(outcomes ×
  ///   classes + functions × classes) memory, where outcomes are the (function, vote) pairs that
  ///   occur.
  public func fit(_ votes: CountedVotes, classBalance: [Double]?) throws -> FittedLabelModel {
    try hyperParameters.check(
      functionCount: votes.functionCount, classCount: votes.classCount)
    let balance = try checkedClassBalance(classBalance, classCount: votes.classCount)
    let firings = try VoteFirings(votes)
    return try MAPEMState(firings, balance: balance, hyperParameters).fit(
      votes, firings, name: name, tolerance: hyperParameters.tolerance,
      maximumRounds: hyperParameters.maximumRounds, posteriorMemory: posteriorMemory)
  }
}

extension FireOnlyMAPEM: GoldInformed {
  func with(_ gold: GoldVotes) -> any LabelModel {
    FireOnlyMAPEM(hyperParameters.informed(by: gold), posteriorMemory: posteriorMemory)
  }
}

extension FireOnlyMAPEM.HyperParameters {
  /// The same with the accuracies of votes whose gold labels are known in the prior.
  func informed(by gold: GoldVotes) -> Self {
    var informed = self
    informed.functionPriorAccuracies = gold.votes.indices.map { place in
      gold.accuracy(place, prior: functionPriorAccuracies?[place] ?? priorAccuracy)
    }
    return informed
  }

  /// Checks every value against its range.
  func check(functionCount: Int, classCount: Int) throws(FitError) {
    try HyperParameterCheck.isShare(priorAccuracy, name: "priorAccuracy")
    try HyperParameterCheck.isWeight(priorStrength, name: "priorStrength")
    try HyperParameterCheck.isPositive(tolerance, name: "tolerance")
    try HyperParameterCheck.isPositive(maximumRounds, name: "maximumRounds")
    try HyperParameterCheck.areWeights(
      functionWeights, name: "functionWeights", count: functionCount)
    try HyperParameterCheck.areShares(
      functionPriorAccuracies, name: "functionPriorAccuracies",
      count: functionCount * classCount)
  }
}
