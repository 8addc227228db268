/// A way to turn votes into probabilistic labels that a user can choose.
///
/// ``auto`` is for everybody; the others are there to compare, and for votes of a special kind:
///
///     let votes = try VoteMatrix(rows: [[0, -1, 1], [0, 0, nil]], classes: 2)
///     let model = try LabelModel.auto.fit(votes)
///     print(model.posteriors(of: votes), model.functions)
public struct LabelModel: Sendable {
  /// The name under which it is chosen and reported.
  public private(set) var name: String

  /// What it does, as the end of a sentence that begins with its name.
  public let summary: String

  /// Whether what the texts say is to join what it makes of the votes, where there are texts; see
  /// ``TextEvidence``.
  public private(set) var readsTexts = false

  /// What learns from the votes.
  package let algorithm: any LabelModelAlgorithm

  /// What ``algorithm`` is compared with on gold labels, see ``GoldFit``; empty where the user has
  /// chosen.
  package private(set) var candidates: [LabelModel] = []

  /// A model of votes alone.
  package init(_ algorithm: any LabelModelAlgorithm, _ summary: String) {
    name = algorithm.name
    self.algorithm = algorithm
    self.summary = summary
  }

  /// Counts each function's vote the same.
  public static let majority = LabelModel(MajorityVote(), "counts each function's vote the same")

  /// Weighs each function's votes by one accuracy.
  public static let weightedMajority = LabelModel(
    WeightedMajority(), "weighs each function's votes by one accuracy, learned by EM")

  /// Learns how often each function votes for a class given the true class.
  public static let mapEM = LabelModel(
    FireOnlyMAPEM(),
    "learns from agreements and conflicts how often each function votes for a class given the "
      + "true class")

  /// ``mapEM``, with a prior and a class balance that pairs and triplets of functions tell. Functions
  /// that never meet another (``Evidence/otherwise``) are judged by what the others must have missed.
  public static let adaptive = LabelModel(
    AdaptiveModel(),
    "map-em with a prior and a class balance that pairs and triplets of functions tell")

  /// ``adaptive``, and what a classifier of the texts learns from the labels of other documents.
  public static let textInformed = {
    var model = LabelModel(
      AdaptiveModel(),
      "adaptive, and what a classifier of the text learns from the labels of other documents")
    (model.name, model.readsTexts) = ("text-informed", true)
    return model
  }()

  /// Confusion matrices for functions that vote for several classes.
  public static let dawidSkene = LabelModel(
    DawidSkene(),
    "learns which classes each function confuses, for crowd workers and models that vote for "
      + "several classes")

  /// Accuracies in closed form.
  public static let triplet = LabelModel(
    Triplet(), "computes accuracies from how functions vary together in threes")

  /// ``mapEM`` with trees over functions that depend on each other.
  public static let correlated = LabelModel(
    CorrelatedMAPEM(),
    "map-em that finds functions that depend on each other and counts once what they say twice")

  /// What `auto` takes: ``textInformed``, or what ``Calibration/leastDocuments`` gold labels choose in
  /// place of its part that learns from votes; see ``GoldFit``.
  public static let auto = {
    var model = textInformed
    model.candidates = [.dawidSkene]
    return model
  }()

  /// All models, the simplest first; ``auto`` is one of them.
  public static let all: [LabelModel] = [
    majority, weightedMajority, mapEM, adaptive, textInformed, dawidSkene, triplet, correlated,
  ]

  /// The model with a name, or ``auto``; nil for an unknown one.
  public static func named(_ name: String) -> LabelModel? {
    name == "auto" ? auto : all.first { $0.name == name }
  }

  /// Learns from votes how to label patterns.
  ///
  /// - Throws: ``FitError``; besides what going through the votes throws.
  package func fit(
    _ votes: CountedVotes, given evidence: Evidence = Evidence()
  ) throws -> FittedLabelModel {
    var evidence = evidence
    try evidence.estimate(votes, for: algorithm)
    return try algorithm.fitBesideKnownVotes(votes, given: evidence)
  }
}

extension Evidence {
  /// Finds the class balance that is to be estimated, unless the model learns one.
  ///
  /// - Complexity: A fit of ``AdaptiveModel`` where one is looked for.
  mutating func estimate(
    _ votes: CountedVotes, for algorithm: any LabelModelAlgorithm
  ) throws {
    if estimatesClassBalance, classBalance == nil, !algorithm.learnsClassBalance {
      var known = Evidence()
      known.otherwise = otherwise
      classBalance = try AdaptiveModel().fit(votes, given: known).classBalance
    }
    estimatesClassBalance = false
  }
}
