/// A label model on gold labels that it was fitted without.
public struct ModelScore: Sendable, Equatable {
  /// The model's name.
  public let labelModel: String

  /// The mean of −log p(gold), natural, cross-validated, after a temperature from the gold labels of
  /// each fit.
  public let logLoss: Double

  /// By how much that is smaller than the log-loss of ``AdaptiveModel``, on the same documents.
  public let gain: Double

  /// The standard error of ``gain``; 0 for ``AdaptiveModel`` itself.
  public let standardError: Double
}

/// A label model fitted with gold labels.
public struct GoldFit: Sendable {
  /// The fit, with its temperature.
  public let model: FittedLabelModel

  /// How the temperature was found.
  public let calibration: Calibration

  /// The models that were compared, the one that is taken first; empty where there was no choice.
  public let choice: [ModelScore]

  /// Whether the model takes declared groups into account.
  public let takesGroups: Bool
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
  ///   - model: The model; nil to choose between ``candidates``. ``AdaptiveModel`` is taken unless
  ///     another has a log-loss that is smaller by more than two standard errors. With one standard
  ///     error, the best of five that are as good as each other would be taken half of the time.
  ///   - votes: What is learned from.
  ///   - gold: Votes with the gold labels that the model may use.
  ///   - declared: Groups of functions that their user says are one; a model that cannot take them
  ///     into account does without.
  ///   - claims: What is known of single votes before any are compared; nil for nothing.
  ///   - known: Functions of which is known what their votes say; nil for none.
  ///   - annotators: Functions that the class balance is not learned from where others tell it.
  ///   - classBalance: The class balance for a model; nil as with ``LabelModel/fit(_:classBalance:)``.
  /// - Throws: ``FitError``; besides what going through the votes throws.
  /// - Complexity: Six fits, or five of each candidate and one.
  public init(
    _ model: (any LabelModel)?, _ votes: CountedVotes, gold: CountedVotes,
    declared: [[Int]] = [], claims: VoteClaims? = nil, known: KnownVotes? = nil,
    annotators: [Int] = [],
    classBalance: (any LabelModel) throws -> [Double]?
  ) throws {
    let labels = try GoldVotes(gold)
    let start: any LabelModel = model ?? AdaptiveModel()
    func grouping(_ model: any LabelModel) -> (any LabelModel)? {
      declared.isEmpty ? nil : model.grouping(declared, functionCount: votes.functionCount)
    }
    func prepared(_ model: any LabelModel) -> any LabelModel {
      let grouped = grouping(model) ?? model
      let claiming = claims.map { grouped.informed(by: $0) } ?? grouped
      let balanced =
        annotators.isEmpty ? claiming : BalanceOfOthers(claiming, leavingOut: annotators)
      return known.map { KnownVotesModel(balanced, $0) } ?? balanced
    }
    func fit(_ model: any LabelModel) throws -> FittedLabelModel {
      let grouped = prepared(model)
      let informed = labels.documents > 0 ? grouped.informed(by: labels) : grouped
      return try informed.fit(votes, classBalance: classBalance(model))
    }
    guard labels.documents >= Calibration.leastDocuments else {
      self.model = try fit(start)
      calibration = Calibration(goldDocuments: labels.documents)
      choice = []
      takesGroups = grouping(start) != nil
      return
    }
    let sample = try GoldSample(gold)
    let searched = try votes.sample(patterns: 20_000)
    func posteriors(_ model: any LabelModel) throws -> GoldPosteriors {
      try sample.posteriorsOutOfFold(
        prepared(model), searched, classBalance: classBalance(model))
    }
    var best = (model: start, posteriors: try posteriors(start))
    var scores: [ModelScore] = []
    if model == nil {
      let losses = best.posteriors.calibratedLosses()
      scores.append(ModelScore(start.name, losses, against: losses))
      for candidate in Self.candidates {
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
    calibration = Calibration(best.posteriors, goldDocuments: labels.documents)
    self.model = try fit(best.model).tempered(calibration.temperature, votes)
    choice = scores
    takesGroups = grouping(best.model) != nil
  }

  /// What ``AdaptiveModel`` is compared with: the models that have priors for gold labels, except
  /// ``DataProgramming``, whose fits may take twenty times as long as those of all others together.
  static let candidates: [any LabelModel] = [
    FireOnlyMAPEM(), Triplet(), WeightedMajority(), DawidSkene(), CorrelatedMAPEM(),
  ]
}

extension ModelScore {
  fileprivate init(_ name: String, _ losses: [Double], against others: [Double]) {
    let difference = PairedDifference(others, losses)
    self.init(
      labelModel: name, logLoss: losses.reduce(0, +) / Double(losses.count),
      gain: difference.mean, standardError: difference.standardError)
  }
}
