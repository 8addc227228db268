/// A label model on gold labels that it was fitted without.
package struct ModelScore: Encodable, Sendable, Equatable {
  package let labelModel: String

  /// The mean of −log p(gold), natural, cross-validated, after a temperature from the gold labels of
  /// each fit.
  package let logLoss: Double

  /// By how much that is smaller than the log-loss of ``AdaptiveModel``, on the same documents.
  package let gain: Double

  /// The standard error of ``gain``; 0 for ``AdaptiveModel`` itself.
  package let standardError: Double
}

/// A label model fitted with gold labels.
package struct GoldFit: Sendable {
  /// The fit, with its temperature.
  package let model: FittedLabelModel

  /// How the temperature was found.
  package let calibration: Calibration

  /// The models that were compared, the one that is taken first; empty where there was no choice.
  package let choice: [ModelScore]

  /// The label model that was fitted, the one that gold labels chose where they did.
  package let taken: LabelModel
}

extension GoldFit {
  /// Fits a label model with what gold labels tell: in the priors of its functions, in the choice
  /// of the model, and in the temperature of its posteriors.
  ///
  /// Choice and temperature take ``Calibration/leastDocuments`` gold labels. Both are found by
  /// cross-validation: five times a model is fitted with the labels of four fifths and scored on
  /// the last one. The documents' votes are the same each time, since a label model learns from
  /// votes without labels anyway. With more than 20,000 vote patterns the fits of the
  /// cross-validation see a sample of them.
  ///
  /// - Parameters:
  ///   - model: The model. Where it has ``LabelModel/candidates``, one of them is taken instead if its
  ///     log-loss is smaller by more than two standard errors. With one, a model that is no
  ///     better would be taken in one of six cases.
  ///   - votes: What is learned from.
  ///   - gold: Votes with the gold labels that the model may use.
  ///   - evidence: What is known beside gold labels and votes.
  ///   - areTextsToJoin: Whether texts join the votes afterwards. Then there is no temperature: their
  ///   weight is learned beside votes as they are, and what made votes alone more likely made both
  ///   together less likely in all of 17 cases.
  /// - Throws: ``FitError``; besides what going through the votes throws.
  /// - Complexity: Six fits, or five of each candidate and one.
  package init(
    _ model: LabelModel, _ votes: CountedVotes, gold: CountedVotes, given evidence: Evidence,
    areTextsToJoin: Bool = false
  ) throws {
    let labels = try GoldVotes(gold)
    func prepared(_ model: LabelModel) throws -> Evidence {
      var evidence = evidence
      try evidence.estimate(votes, for: model.algorithm)
      return evidence
    }
    func fit(_ model: LabelModel) throws -> FittedLabelModel {
      var evidence = try prepared(model)
      if labels.documents > 0 { evidence.gold = labels }
      return try model.fit(votes, given: evidence)
    }
    guard labels.documents >= Calibration.leastDocuments else {
      self.model = try fit(model)
      calibration = Calibration(goldDocuments: labels.documents)
      (choice, taken) = ([], model)
      return
    }
    let sample = try GoldSample(gold)
    let searched = try votes.sample(patterns: 20_000)
    func posteriors(_ model: LabelModel) throws -> GoldPosteriors {
      try sample.posteriorsOutOfFold(model, searched, given: prepared(model))
    }
    var best = (model: model, posteriors: try posteriors(model))
    var scores: [ModelScore] = []
    if !model.candidates.isEmpty {
      let losses = best.posteriors.calibratedLosses()
      scores.append(ModelScore(model.algorithm.name, losses, against: losses))
      for candidate in model.candidates {
        let found = try posteriors(candidate)
        let score = ModelScore(candidate.name, found.calibratedLosses(), against: losses)
        if score.gain > 2 * score.standardError, score.gain > scores[0].gain {
          best = (candidate, found)
          scores.insert(score, at: 0)
        } else {
          scores.append(score)
        }
      }
    }
    calibration = Calibration(
      best.posteriors, goldDocuments: labels.documents, isTempered: !areTextsToJoin)
    self.model = try fit(best.model).tempered(calibration.temperature, votes)
    (choice, taken) = (scores, best.model)
  }
}

extension ModelScore {
  fileprivate init(_ name: String, _ losses: [Double], against others: [Double]) {
    let difference = PairedDifference(others, losses)
    self.init(
      labelModel: name, logLoss: losses.reduce(0, +) / Double(losses.count),
      gain: difference.mean, standardError: difference.standardError)
  }
}
