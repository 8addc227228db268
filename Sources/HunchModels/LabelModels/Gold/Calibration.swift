/// How far posteriors were from gold labels, and the temperature that was found for them.
package struct Calibration: Sendable, Equatable {
  /// T of posteriors p^(1/T), scaled to sum to 1; above 1 they are made less certain. 1 where there
  /// are too few gold labels, or where another does not pay.
  package let temperature: Double

  /// The documents with votes and a gold label that the label model may use.
  package let goldDocuments: Int

  /// The mean of −log p(gold), natural, on gold labels that the fit did not see, without a
  /// temperature; nil where it was not measured.
  package let logLossBefore: Double?

  /// The same with a temperature from the gold labels of the fit, if one was taken.
  package let logLossAfter: Double?

  /// The gold labels from which on a temperature is looked for. With fewer, its error is as large
  /// as what it corrects.
  package static let leastDocuments = 100
}

extension Calibration {
  /// No temperature.
  ///
  /// Without gold labels T is 1: how over-confident a model is cannot be seen from votes alone.
  package init(goldDocuments: Int) {
    self.init(
      temperature: 1, goldDocuments: goldDocuments, logLossBefore: nil, logLossAfter: nil)
  }

  /// Looks for a temperature, and takes it if it makes the cross-validated log-loss smaller by more
  /// than a standard error.
  ///
  /// - Parameters:
  ///   - goldDocuments: How many there are, if `posteriors` are of a part of them.
  ///   - isTempered: Whether a temperature may be taken.
  package init(_ posteriors: GoldPosteriors, goldDocuments: Int, isTempered: Bool = true) {
    let plain = posteriors.losses()
    let calibrated = posteriors.calibratedLosses()
    let gain = PairedDifference(plain, calibrated)
    let pays = isTempered && gain.mean > gain.standardError
    func mean(_ losses: [Double]) -> Double { losses.reduce(0, +) / Double(losses.count) }
    self.init(
      temperature: pays ? posteriors.temperature() : 1, goldDocuments: goldDocuments,
      logLossBefore: mean(plain), logLossAfter: mean(pays ? calibrated : plain))
  }
}

extension FittedLabelModel {
  /// The fit with posteriors of another temperature.
  ///
  /// - Parameter votes: Those that it was fitted on.
  /// - Throws: What going through the votes throws.
  package func tempered(_ temperature: Double, _ votes: CountedVotes) throws -> FittedLabelModel {
    if temperature == 1 { return self }
    var fit = self
    let rule = TemperedRule(base: rule, temperature: temperature)
    fit.rule = rule
    fit.functions = try votes.agreement(with: rule).functions
    fit.warnings = warnings.filter { !$0.isWorseThanChance }
    fit.warnings += FunctionEstimate.warnings(fit.functions, classCount: classCount)
    return fit
  }
}

extension FitWarning {
  fileprivate var isWorseThanChance: Bool {
    if case .worseThanChance = self { true } else { false }
  }
}

/// The mean of paired differences, and its standard error.
package struct PairedDifference: Sendable, Equatable {
  package let mean: Double
  package let standardError: Double

  /// Takes `one` minus `other`, at least two of each.
  package init(_ one: [Double], _ other: [Double]) {
    precondition(one.count == other.count && one.count > 1, "there is something to compare")
    let count = Double(one.count)
    let mean = zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) } / count
    let squares = zip(one, other).reduce(0) { sum, pair in
      let deviation = pair.0 - pair.1 - mean
      return sum + deviation * deviation
    }
    self.mean = mean
    standardError = (squares / (count - 1) / count).squareRoot()
  }
}
