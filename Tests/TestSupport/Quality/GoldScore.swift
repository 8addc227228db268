import HunchModels

/// What a hundred gold labels bring: the default model without and with them, scored on the other
/// documents.
public struct GoldScore: Sendable, Codable, Equatable {
  /// The gold labels that the model gets.
  public static let labels = 100

  /// The random choices of labels that figures are means over.
  public static let draws = 12

  /// Without gold labels.
  public var without: QualityFigures
  /// With gold labels in the priors of the functions alone.
  public var priors: QualityFigures
  /// With gold labels in priors, choice of the model, and temperature.
  public var with: QualityFigures
  /// The smallest gain in macro-F1 of a draw.
  public var worstGain: Double
  /// The largest change of the log-loss in a draw.
  public var worstLogLossChange: Double
  /// How often each model was taken.
  public var taken: [String: Int]
  /// How often another temperature than 1 was taken.
  public var temperatures: Int

  /// Scores one random choice of labels.
  ///
  /// - Returns: nil with fewer than 50 documents left to score on.
  /// - Throws: ``ScoringError``, and what fitting throws.
  public init?(_ votes: LabeledVotes, seed: Int) throws {
    guard votes.scored.count >= Self.labels + 50 else { return nil }
    var random = SplitMix64(seed: seed)
    var order = votes.scored
    for index in 0..<Self.labels {
      order.swapAt(index, index + random.below(order.count - index))
    }
    let known = LabeledVotes(votes, scoring: Array(order.prefix(Self.labels)))
    let others = LabeledVotes(votes, scoring: Array(order.dropFirst(Self.labels)))
    func figures(_ fit: FittedLabelModel) throws -> QualityFigures {
      try others.score(fit, readsTexts: true)
    }
    without = try others.score(.textInformed).figures
    priors = try figures(
      AdaptiveModel().fit(votes.counted, given: Evidence(gold: GoldVotes(known.counted))))
    let fit = try GoldFit(
      .auto, votes.counted, gold: known.counted, given: Evidence(), areTextsToJoin: true)
    with = try figures(fit.model)
    worstGain = with.macroF1 - without.macroF1
    worstLogLossChange = with.logLoss - without.logLoss
    taken = [fit.model.name: 1]
    temperatures = fit.calibration.temperature == 1 ? 0 : 1
  }

  /// The means over some choices of labels; nil without any.
  public init?(mean scores: [GoldScore]) {
    guard let without = QualityFigures.mean(scores.map(\.without)),
      let priors = QualityFigures.mean(scores.map(\.priors)),
      let with = QualityFigures.mean(scores.map(\.with))
    else { return nil }
    (self.without, self.priors, self.with) = (without, priors, with)
    worstGain = scores.map(\.worstGain).min() ?? 0
    worstLogLossChange = scores.map(\.worstLogLossChange).max() ?? 0
    taken = [:]
    for score in scores { taken.merge(score.taken, uniquingKeysWith: +) }
    temperatures = scores.reduce(0) { $0 + $1.temperatures }
  }

  /// Scores ``draws`` choices of labels.
  public init?(_ votes: LabeledVotes) throws {
    self.init(mean: try (0..<Self.draws).compactMap { try GoldScore(votes, seed: $0) })
  }
}

extension SyntheticDraws {
  /// What a hundred gold labels bring, with one choice of labels for each draw.
  public func goldScore() throws -> GoldScore? {
    GoldScore(mean: try draws.enumerated().compactMap { try GoldScore($1, seed: $0) })
  }
}
