public import HunchModels

/// How well a model does in a synthetic setting, as means over its draws.
public struct SyntheticScore: Sendable, Equatable, Codable {
  /// How well it labels the covered documents.
  public var figures: QualityFigures
  /// The mean absolute difference of agreement-implied and true accuracy over the functions that
  /// vote; nil for an oracle, which infers none.
  public var accuracyError: Double?

  /// Creates a score.
  public init(figures: QualityFigures, accuracyError: Double? = nil) {
    self.figures = figures
    self.accuracyError = accuracyError
  }
}

/// The draws of a synthetic setting.
public struct SyntheticDraws: Sendable {
  /// The seeds that figures are means over.
  public static let seeds: Range<UInt64> = 1..<6

  /// What was drawn from.
  public let setting: SyntheticSetting

  /// The votes of each draw.
  public let draws: [LabeledVotes]

  /// Draws from a setting.
  public init(_ setting: SyntheticSetting, seeds: Range<UInt64> = seeds) {
    self.setting = setting
    draws = seeds.map { setting.labeledVotes(seed: $0) }
  }

  /// Fits a model to each draw and scores it.
  ///
  /// - Throws: ``ScoringError``, and what the model throws.
  public func score(_ model: LabelModel) throws -> SyntheticScore { try score(model.algorithm) }

  /// The same for what learns from votes in a model.
  package func score(_ model: any LabelModelAlgorithm) throws -> SyntheticScore {
    var figures: [QualityFigures] = []
    var error = 0.0
    for votes in draws {
      let (scored, fit) = try votes.score(model)
      figures.append(scored)
      error += accuracyError(of: fit) / Double(draws.count)
    }
    guard let mean = QualityFigures.mean(figures) else { throw ScoringError.nothingToScore }
    return SyntheticScore(figures: mean, accuracyError: error)
  }

  /// Scores Bayes' rule with the true parameters on the same draws.
  ///
  /// - Throws: ``ScoringError``.
  public func score(oracleKnowing knowledge: SyntheticOracle.Knowledge) throws -> SyntheticScore {
    let oracle = SyntheticOracle(setting, knowing: knowledge)
    let figures = try draws.map { votes in
      try votes.score { oracle.posterior(of: $0, in: votes.patterns, into: &$1) }
    }
    guard let mean = QualityFigures.mean(figures) else { throw ScoringError.nothingToScore }
    return SyntheticScore(figures: mean)
  }

  private func accuracyError(of fit: FittedLabelModel) -> Double {
    let errors = zip(fit.functions, setting.accuracies).compactMap { estimate, accuracy in
      estimate.accuracy.map { abs($0 - accuracy) }
    }
    return errors.isEmpty ? 0 : errors.reduce(0, +) / Double(errors.count)
  }
}
