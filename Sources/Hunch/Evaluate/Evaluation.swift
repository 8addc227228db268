import HunchModels

/// What an evaluation lists beside its figures.
public struct EvaluationRequest: Sendable, Equatable {
  /// The documents that deserve a look.
  package var worst: WorstRequest?
  /// Whether to sort documents with gold into buckets.
  public var buckets: Bool
  /// How often the classifier should be right where it answers; nil where nobody asks.
  package var precision: PrecisionGoal?
  /// Whether to compare with a classifier of gold labels alone.
  package var comparesGoldOnly = true

  /// Asks for nothing but figures by default.
  package init(
    worst: WorstRequest? = nil, buckets: Bool = false, precision: PrecisionGoal? = nil
  ) {
    (self.worst, self.buckets, self.precision) = (worst, buckets, precision)
  }

  /// The split that is evaluated where one is asked for, or none.
  ///
  /// - Throws: ``HunchError/noGold(split:)`` or ``HunchError/onlyRepairGold(split:)`` where there is
  ///   nothing to score and nothing to list.
  public func split(_ asked: Split?, of votes: CountedDocuments) throws(HunchError) -> Split {
    let table = votes.table
    guard let split = asked ?? votes.evaluatedSplit,
      table.size(of: split).gold > 0 || worst != nil && table.size(of: split).documents > 0
    else {
      let name = asked?.name ?? "train, valid or test"
      throw table.gold(of: asked, isRepair: true).contains { $0 > 0 }
        ? .onlyRepairGold(split: name) : .noGold(split: name)
    }
    return split
  }
}

extension EvaluateReport {
  /// The policy that evaluation follows, in words.
  static let policy =
    "ties go to the class listed first; 'label model, all' is scored on every document (one without "
    + "votes gets the class balance), 'label model, covered' on those with at least one vote"

  /// What is added where labels are chosen for another class balance.
  static let decisionPolicy =
    "; the label model's labels, and so its accuracy and F1, are those of the decision balance, its "
    + "probabilities those of the class balance"

  /// Scores them on a split, without lists.
  ///
  /// - Parameter split: The split; `nil` for ``CountedDocuments/evaluatedSplit``.
  /// - Throws: ``HunchError/noGold(split:)`` when the split has none.
  public init(_ classifier: TrainedClassifier, split: Split?) throws {
    try self.init(classifier, split: split, EvaluationRequest())
  }

  /// Scores the label model and the classifier against the gold labels of a split, and of each
  /// slice of it.
  ///
  /// - Parameters:
  ///   - split: The split; `nil` for ``CountedDocuments/evaluatedSplit``.
  ///   - request: What to say beside the figures. With documents to list the split needs no gold
  ///     labels; without them there are no figures.
  /// - Throws: ``HunchError/noGold(split:)`` when the split has none.
  package init(
    _ classifier: TrainedClassifier, split: Split?, _ request: EvaluationRequest
  ) throws {
    var asked = [try SplitEvaluation(classifier, split, request)]
    // Thresholds are chosen on development labels, where there are others to measure them on.
    if let goal = request.precision, asked[0].split != .valid,
      classifier.votes.table.size(of: .valid).gold > 0
    {
      var development = EvaluationRequest(precision: goal)
      development.comparesGoldOnly = false
      asked.append(try SplitEvaluation(classifier, .valid, development))
    }
    let scored = try Self.scored(classifier, asked)
    self = scored[0].report
    if let goal = request.precision, let evaluated = scored[0].ranked, documents > 0,
      let development = scored.last, let ranked = development.ranked
    {
      precision = PrecisionReport(
        goal, labels: labels, chosenOn: development.split.name, ranked, evaluated: evaluated)
    }
  }

  /// Scores splits in one pass, or in two where a classifier of gold labels alone has to be trained
  /// first: then the first reads what it learns from, with the splits that are not compared with it.
  ///
  /// - Parameter observer: Gets the labels of all documents that it has not seen yet.
  static func scored(
    _ trained: TrainedClassifier, _ evaluations: [SplitEvaluation],
    observer: (any LabelObserver)? = nil
  ) throws -> [SplitEvaluation] {
    if evaluations.isEmpty { return [] }
    var (waiting, done) = (evaluations, [SplitEvaluation]())
    // The classifier of gold labels alone is the same for all.
    if let training = evaluations.compactMap(\.baseline).first {
      let models = ModelStore(workspace: trained.workspace)
      var goldOnly = try training.stored(models)
      if goldOnly == nil {
        var pass = ScoringPass(trained, waiting.filter { $0.baseline == nil }, observer)
        var trainer = training.trainer
        try pass.run(trained.pass, training) { trainer.add($0) }
        goldOnly = try training.train(&trainer, models)
        done = pass.evaluations
        waiting.removeAll { $0.baseline == nil }
      }
      for index in waiting.indices where waiting[index].baseline != nil {
        waiting[index].goldOnly = goldOnly
      }
    }
    var pass = ScoringPass(trained, waiting, observer)
    try pass.run(trained.pass, observing: observer?.missing ?? [])
    done += pass.evaluations
    return evaluations.compactMap { asked in done.first { $0.split == asked.split } }
  }
}
