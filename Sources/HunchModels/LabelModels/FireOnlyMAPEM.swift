/// How often each function fires for each class, learned from agreement and held near a prior.
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
package struct FireOnlyMAPEM: LabelModelAlgorithm {
  package let name = "map-em"

  package let hyperParameters: EMPrior

  package init(_ hyperParameters: EMPrior = EMPrior()) {
    self.hyperParameters = hyperParameters
  }

  /// Learns how often each function fires for each class.
  ///
  /// Each round is one pass over the votes. The change of the posteriors is taken against those of
  /// the round before, which are kept where they are few and computed again from the round's
  /// tables where not; both give the same bits.
  ///
  /// - Throws: ``FitError`` for a bad class balance or bad hyper-parameters.
  /// - Complexity: O(rounds × (entries + outcomes + patterns) × classes) time and O(outcomes ×
  ///   classes + functions × classes) memory, where outcomes are the (function, vote) pairs that
  ///   occur.
  package func fit(_ votes: CountedVotes, given evidence: Evidence) throws -> FittedLabelModel {
    let hyperParameters = try self.hyperParameters.informed(
      by: evidence, functionCount: votes.functionCount)
    try hyperParameters.check(
      functionCount: votes.functionCount, accuracies: votes.functionCount * votes.classCount)
    let balance = try checkedClassBalance(evidence.classBalance, classCount: votes.classCount)
    let firings = try VoteFirings(votes)
    return try MAPEMState(firings, balance: balance, hyperParameters)
      .fit(votes, firings, name: name, hyperParameters.rounds).with(\.groups, evidence.groups)
  }
}

extension EMPrior {
  /// The same with weights that count each group once and, in the prior, the accuracies of votes whose
  /// gold labels are known.
  func informed(by evidence: Evidence, functionCount: Int) throws(FitError) -> Self {
    var informed = informed(by: evidence.gold)
    informed.functionWeights = try evidence.functionWeights(
      functionWeights, functionCount: functionCount)
    return informed
  }

  /// The same with the accuracies of votes whose gold labels are known in the prior.
  package func informed(by gold: GoldVotes?) -> Self {
    guard let gold else { return self }
    var informed = self
    informed.functionPriorAccuracies = gold.votes.indices.map { place in
      gold.accuracy(place, prior: functionPriorAccuracies?[place] ?? priorAccuracy)
    }
    return informed
  }
}
