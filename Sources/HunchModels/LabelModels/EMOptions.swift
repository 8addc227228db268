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

  /// Checks the values against their ranges.
  func check() throws(FitError) {
    try HyperParameterCheck.isPositive(tolerance, name: "tolerance")
    try HyperParameterCheck.isPositive(maximumRounds, name: "maximumRounds")
  }
}
