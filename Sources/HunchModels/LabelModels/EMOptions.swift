/// When the rounds of EM stop, whatever is learned.
package struct EMOptions: Sendable, Equatable {
  /// The change of a posterior below which the rounds stop, above 0.
  package var tolerance = 1e-5

  /// The most rounds, 1 or more.
  package var maximumRounds = 500

  /// The bytes of posteriors that are kept between rounds; of more, those of the round before are
  /// computed again, which gives the same bits.
  package var posteriorMemory = 64 << 20

  /// The defaults where nothing else is said.
  package init(
    tolerance: Double = 1e-5, maximumRounds: Int = 500, posteriorMemory: Int = 64 << 20
  ) {
    self.tolerance = tolerance
    self.maximumRounds = maximumRounds
    self.posteriorMemory = posteriorMemory
  }

  func check() throws(FitError) {
    try HyperParameterCheck.isPositive(tolerance, name: "tolerance")
    try HyperParameterCheck.isPositive(maximumRounds, name: "maximumRounds")
  }
}

/// What EM assumes of votes before it sees them, and when it stops.
package struct EMPrior: Sendable, Equatable {
  /// p₀: the assumed accuracy of a vote, in 0..<1 and above 0.
  package var priorAccuracy: Double

  /// κ: the weight of the prior against what was learned from, 0 or more.
  package var priorStrength: Double

  /// When the rounds stop.
  package var rounds: EMOptions

  /// w_j: how much each function's votes count, 0 or more, one value for each function, such as
  /// 1/3 for each of three copies; nil means 1 for all.
  package var functionWeights: [Double]?

  /// What takes the place of ``priorAccuracy``: for each function or, where a model learns an accuracy for
  /// each class that a function votes for, flat, functions × classes; nil means the same for all.
  package var functionPriorAccuracies: [Double]?

  /// Creates a prior; the defaults were chosen on package sets and rarely need change.
  package init(
    priorAccuracy: Double = 0.75, priorStrength: Double = 1, rounds: EMOptions = EMOptions(),
    functionWeights: [Double]? = nil, functionPriorAccuracies: [Double]? = nil
  ) {
    (self.priorAccuracy, self.priorStrength) = (priorAccuracy, priorStrength)
    (self.rounds, self.functionWeights) = (rounds, functionWeights)
    self.functionPriorAccuracies = functionPriorAccuracies
  }

  /// Checks every value against its range.
  ///
  /// - Parameter accuracies: The number of ``functionPriorAccuracies`` where there are some.
  func check(functionCount: Int, accuracies: Int) throws(FitError) {
    try HyperParameterCheck.isShare(priorAccuracy, name: "priorAccuracy")
    try HyperParameterCheck.isWeight(priorStrength, name: "priorStrength")
    try rounds.check()
    try HyperParameterCheck.areWeights(
      functionWeights, name: "functionWeights", count: functionCount)
    try HyperParameterCheck.areShares(
      functionPriorAccuracies, name: "functionPriorAccuracies", count: accuracies)
  }
}
